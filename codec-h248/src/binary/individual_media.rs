//! Parts of Media in an audit (H.248.1 Annex A.2 `IndAudMediaDescriptor`, version 2).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    context_attribute::once,
    individual_audit, individual_description,
    local_control::{self, MODES},
    package_item::{self, ItemKind},
    property,
    termination_state::{SERVICE_STATES, service_state},
};
use crate::{
    Expected, PackageItem, PropertyParm,
    descriptor::{
        IndividualMedia, IndividualStream, IndividualStreams, LocalControlAudit, ServiceState,
        StreamId, StreamMode, TerminationStateAudit,
    },
};

/// `IndAudMediaDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<IndividualMedia<'a>, BerError> {
    let termination_state = r.optional(0, "termStateDescr", termination_state)?;
    let streams = r.optional(1, "streams", streams)?;
    r.extensions(1)?;
    Ok(IndividualMedia {
        termination_state: termination_state.flatten(),
        streams: streams.unwrap_or_default(),
    })
}

/// The streams of `IndAudMediaDescriptor`, a CHOICE.
fn streams<'a>(r: &mut BerReader<'a>) -> Result<IndividualStreams<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "oneStream", stream_parms)
            .map(IndividualStreams::Single),
        Some(1) => r
            .mandatory(1, "multiStream", |r| {
                r.each_sequence("IndAudStreamDescriptor", stream)
            })
            .map(IndividualStreams::Several),
        Some(_) | None => Err(r.wrong(Expected::Rule("oneStream or multiStream"))),
    }
}

/// `IndAudStreamDescriptor`
fn stream<'a>(r: &mut BerReader<'a>) -> Result<(StreamId, IndividualStream<'a>), BerError> {
    let id = StreamId(r.unsigned(0, "streamID")?);
    let parms = r.mandatory(1, "streamParms", stream_parms)?;
    Ok((id, parms))
}

/// `IndAudStreamParms`
fn stream_parms<'a>(r: &mut BerReader<'a>) -> Result<IndividualStream<'a>, BerError> {
    let local_control = r.optional(0, "localControlDescriptor", local_control)?;
    let local = r.optional(1, "localDescriptor", individual_description::read)?;
    let remote = r.optional(2, "remoteDescriptor", individual_description::read)?;
    let statistic = r.optional(3, "statisticsDescriptor", individual_audit::statistic)?;
    r.extensions(3)?;
    Ok(IndividualStream {
        local_control: local_control.unwrap_or_default(),
        local,
        remote,
        statistic,
    })
}

/// `IndAudLocalControlDescriptor`
fn local_control<'a>(r: &mut BerReader<'a>) -> Result<Vec<LocalControlAudit<'a>>, BerError> {
    let mode = r.optional_value(0, "streamMode", leaf::null)?;
    let reserved_value = r.optional_value(1, "reserveValue", leaf::null)?;
    let reserved_group = r.optional_value(2, "reserveGroup", leaf::null)?;
    let mut parts = Vec::new();
    parts.extend(reserved_value.map(|()| LocalControlAudit::ReservedValue));
    parts.extend(reserved_group.map(|()| LocalControlAudit::ReservedGroup));
    r.optional(3, "propertyParms", |r| {
        properties(r, |part| {
            parts.push(match part {
                Property::Name(name) => LocalControlAudit::Property(name),
                Property::Is(property) => LocalControlAudit::PropertyIs(property),
            });
        })
    })?;
    let selected = r.optional_value(4, "streamModeSel", local_control::mode)?;
    r.extensions(4)?;
    // Of both only what selects is honoured.
    let mode = match (selected, mode) {
        (Some(mode), _) => Some(LocalControlAudit::ModeIs(mode)),
        (None, mode) => mode.map(|()| LocalControlAudit::Mode),
    };
    parts.splice(..0, mode);
    Ok(parts)
}

/// A property that is asked for, or one that selects.
enum Property<'a> {
    Name(PackageItem<'a>),
    Is(PropertyParm<'a>),
}

/// `SEQUENCE OF IndAudPropertyParm`
fn properties<'a>(
    r: &mut BerReader<'a>,
    mut take: impl FnMut(Property<'a>),
) -> Result<(), BerError> {
    r.every(|r| {
        let (name, selector) =
            r.element(Tag::SEQUENCE, "IndAudPropertyParm", property::read_audited)?;
        take(selector.map_or(Property::Name(name), Property::Is));
        Ok(())
    })
}

/// `IndAudTerminationStateDescriptor`; text has one part of it.
fn termination_state<'a>(
    r: &mut BerReader<'a>,
) -> Result<Option<TerminationStateAudit<'a>>, BerError> {
    let start = r.offset();
    let mut parts = Vec::new();
    r.mandatory(0, "propertyParms", |r| {
        properties(r, |part| {
            parts.push(match part {
                Property::Name(name) => TerminationStateAudit::Property(name),
                Property::Is(property) => TerminationStateAudit::PropertyIs(property),
            });
        })
    })?;
    let buffer = r.optional_value(1, "eventBufferControl", leaf::null)?;
    let state = r.optional_value(2, "serviceState", leaf::null)?;
    let selected = r.optional(3, "serviceStateSel", service_state)?;
    r.extensions(3)?;
    parts.extend(buffer.map(|()| TerminationStateAudit::Buffer));
    // Of both only what selects is honoured.
    parts.extend(match selected {
        Some(state) => Some(TerminationStateAudit::ServiceStatesIs(state)),
        None => state.map(|()| TerminationStateAudit::ServiceStates),
    });
    let part = parts.pop();
    if !parts.is_empty() {
        let most = Expected::AtMost(1, "parts of IndAudTerminationStateDescriptor");
        return Err(r.wrong_since(start, most));
    }
    Ok(part)
}

/// `IndAudMediaDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, media: &IndividualMedia<'_>) {
    w.extensions();
    match &media.streams {
        IndividualStreams::Single(stream) if *stream == IndividualStream::default() => {}
        IndividualStreams::Single(stream) => w.constructed(1, "streams", |w| {
            w.constructed(0, "oneStream", |w| write_stream_parms(w, stream));
        }),
        IndividualStreams::Several(streams) => w.constructed(1, "streams", |w| {
            w.constructed(1, "multiStream", |w| {
                w.each_sequence(streams, |w, (id, stream)| {
                    w.constructed(1, "streamParms", |w| write_stream_parms(w, stream));
                    w.unsigned(0, id.0);
                });
            });
        }),
    }
    if let Some(state) = &media.termination_state {
        w.constructed(0, "termStateDescr", |w| write_termination_state(w, state));
    }
}

/// `IndAudStreamParms`
fn write_stream_parms(w: &mut BerWriter<'_>, stream: &IndividualStream<'_>) {
    w.extensions();
    if let Some(name) = &stream.statistic {
        w.since(3, "statisticsDescriptor");
        w.constructed(3, "statisticsDescriptor", |w| {
            package_item::write(w, 0, ItemKind::Statistic, name);
        });
    }
    if let Some(remote) = &stream.remote {
        w.constructed(2, "remoteDescriptor", |w| {
            individual_description::write(w, remote);
        });
    }
    if let Some(local) = &stream.local {
        w.constructed(1, "localDescriptor", |w| {
            individual_description::write(w, local);
        });
    }
    if !stream.local_control.is_empty() {
        w.constructed(0, "localControlDescriptor", |w| {
            write_local_control(w, &stream.local_control);
        });
    }
}

/// The parts of LocalControl but for properties, each at most once.
#[derive(Default)]
struct Parts {
    mode: Option<Option<StreamMode>>,
    reserved_value: Option<()>,
    reserved_group: Option<()>,
    properties: usize,
}

impl Parts {
    fn of(w: &mut BerWriter<'_>, parts: &[LocalControlAudit<'_>]) -> Self {
        let mut found = Self::default();
        for part in parts {
            match part {
                LocalControlAudit::Mode => once(w, &mut found.mode, None, "streamMode"),
                LocalControlAudit::ModeIs(mode) => {
                    once(w, &mut found.mode, Some(*mode), "streamMode");
                }
                LocalControlAudit::ModeIsNot(_) => {
                    w.fail(Unsayable::TextOnly("selection by another streamMode"));
                }
                LocalControlAudit::ReservedValue => {
                    once(w, &mut found.reserved_value, (), "reserveValue");
                }
                LocalControlAudit::ReservedGroup => {
                    once(w, &mut found.reserved_group, (), "reserveGroup");
                }
                LocalControlAudit::Property(_) | LocalControlAudit::PropertyIs(_) => {
                    found.properties += 1;
                }
            }
        }
        found
    }
}

/// `IndAudLocalControlDescriptor`
fn write_local_control(w: &mut BerWriter<'_>, parts: &[LocalControlAudit<'_>]) {
    let found = Parts::of(w, parts);
    w.extensions();
    if let Some(Some(mode)) = found.mode {
        w.since(3, "streamModeSel");
        w.enumerated(4, MODES, mode);
    }
    if found.properties > 0 {
        w.constructed(3, "propertyParms", |w| {
            let mut place = found.properties;
            for part in parts.iter().rev() {
                let (name, selector) = match part {
                    LocalControlAudit::Property(name) => (name, None),
                    LocalControlAudit::PropertyIs(parm) => (&parm.name, Some(parm)),
                    LocalControlAudit::Mode
                    | LocalControlAudit::ModeIs(_)
                    | LocalControlAudit::ModeIsNot(_)
                    | LocalControlAudit::ReservedValue
                    | LocalControlAudit::ReservedGroup => continue,
                };
                place -= 1;
                w.entry(place, |w| write_property(w, name, selector));
            }
        });
    }
    w.null_if(2, found.reserved_group.is_some());
    w.null_if(1, found.reserved_value.is_some());
    w.null_if(0, found.mode == Some(None));
}

/// `IndAudPropertyParm`, a whole element.
fn write_property(
    w: &mut BerWriter<'_>,
    name: &PackageItem<'_>,
    selector: Option<&PropertyParm<'_>>,
) {
    w.element(Tag::SEQUENCE, |w| {
        property::write_audited(w, name, selector);
    });
}

/// `IndAudTerminationStateDescriptor`
fn write_termination_state(w: &mut BerWriter<'_>, part: &TerminationStateAudit<'_>) {
    w.extensions();
    match part {
        TerminationStateAudit::ServiceStatesIs(state) => write_service_state(w, *state),
        TerminationStateAudit::ServiceStatesIsNot(_) => {
            w.fail(Unsayable::TextOnly("selection by another serviceState"));
        }
        TerminationStateAudit::ServiceStates => w.null(2),
        TerminationStateAudit::Buffer => w.null(1),
        TerminationStateAudit::Property(_) | TerminationStateAudit::PropertyIs(_) => {}
    }
    w.constructed(0, "propertyParms", |w| match part {
        TerminationStateAudit::Property(name) => write_property(w, name, None),
        TerminationStateAudit::PropertyIs(parm) => write_property(w, &parm.name, Some(parm)),
        TerminationStateAudit::ServiceStates
        | TerminationStateAudit::ServiceStatesIs(_)
        | TerminationStateAudit::ServiceStatesIsNot(_)
        | TerminationStateAudit::Buffer => {}
    });
}

fn write_service_state(w: &mut BerWriter<'_>, state: ServiceState) {
    w.since(3, "serviceStateSel");
    w.enumerated(3, SERVICE_STATES, state);
}
