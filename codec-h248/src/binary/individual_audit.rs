//! Parts of descriptors in an audit (H.248.1 Annex A.2 `IndAuditParameter`, version 2).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter},
    digit_map,
    events::{optional_request_id, write_request_id},
    individual_media,
    media::write_stream_id,
    package_item::{self, ItemKind},
    packages,
};
use crate::{
    Expected, PackageItem,
    descriptor::{AuditItem, IndividualEventSpec, Signal, StreamId},
};

/// `IndAuditParameter`, a whole element.
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<AuditItem<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "indAudMediaDescriptor", individual_media::read)
            .map(AuditItem::IndividualMedia),
        Some(1) => r.mandatory(1, "indAudEventsDescriptor", events),
        Some(2) => r
            .mandatory(2, "indAudEventBufferDescriptor", event_spec)
            .map(AuditItem::IndividualEventBuffer),
        Some(3) => r.mandatory(3, "indAudSignalsDescriptor", signals),
        Some(4) => r.mandatory(4, "indAudDigitMapDescriptor", |r| {
            r.mandatory(0, "digitMapName", digit_map::name)
                .map(AuditItem::IndividualDigitMap)
        }),
        Some(5) => r
            .mandatory(5, "indAudStatisticsDescriptor", statistic)
            .map(AuditItem::IndividualStatistic),
        Some(6) => r
            .mandatory(6, "indAudPackagesDescriptor", packages::read_item)
            .map(AuditItem::IndividualPackage),
        Some(_) | None => Err(r.wrong(Expected::Rule("IndAuditParameter"))),
    }
}

/// `IndAudEventsDescriptor`. Text has no place for its stream.
fn events<'a>(r: &mut BerReader<'a>) -> Result<AuditItem<'a>, BerError> {
    let id = optional_request_id(r, 0, "requestID")?;
    let (name, _) = package_item::read(r, 1, "pkgdName", ItemKind::Event)?;
    r.optional_unsigned::<u16>(2, "streamID")?;
    r.extensions(2)?;
    Ok(AuditItem::IndividualEvents(id, name))
}

/// `IndAudEventBufferDescriptor`
fn event_spec<'a>(r: &mut BerReader<'a>) -> Result<IndividualEventSpec<'a>, BerError> {
    let (name, _) = package_item::read(r, 0, "eventName", ItemKind::Event)?;
    let stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    r.extensions(1)?;
    Ok(IndividualEventSpec {
        name,
        stream,
        parameter: None,
    })
}

/// `IndAudSignalsDescriptor`
fn signals<'a>(r: &mut BerReader<'a>) -> Result<AuditItem<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "signal", signal)
            .map(AuditItem::IndividualSignal),
        Some(1) => r.mandatory(1, "seqSigList", |r| {
            let id = r.unsigned(0, "id")?;
            let signal = r.optional(1, "signalList", signal)?;
            Ok(AuditItem::IndividualSignalList(id, signal))
        }),
        Some(_) | None => Err(r.wrong(Expected::Rule("IndAudSignalsDescriptor"))),
    }
}

/// `IndAudSignal`
fn signal<'a>(r: &mut BerReader<'a>) -> Result<Signal<'a>, BerError> {
    let (name, _) = package_item::read(r, 0, "signalName", ItemKind::Signal)?;
    let mut signal = Signal::new(name);
    signal.stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    signal.request_id = optional_request_id(r, 2, "signalRequestID")?;
    r.extensions(2)?;
    Ok(signal)
}

/// `IndAudStatisticsDescriptor`
pub(super) fn statistic<'a>(r: &mut BerReader<'a>) -> Result<PackageItem<'a>, BerError> {
    package_item::read(r, 0, "statName", ItemKind::Statistic).map(|(name, _)| name)
}

/// `IndAuditParameter`, a whole element.
pub(super) fn write(w: &mut BerWriter<'_>, item: &AuditItem<'_>) {
    match item {
        AuditItem::IndividualMedia(media) => w.constructed(0, "indAudMediaDescriptor", |w| {
            individual_media::write(w, media);
        }),
        AuditItem::IndividualEvents(id, name) => w.constructed(1, "indAudEventsDescriptor", |w| {
            w.extensions();
            package_item::write(w, 1, ItemKind::Event, name);
            if let Some(id) = id {
                write_request_id(w, 0, *id);
            }
        }),
        AuditItem::IndividualEventBuffer(spec) => {
            w.constructed(2, "indAudEventBufferDescriptor", |w| {
                write_event_spec(w, spec);
            });
        }
        AuditItem::IndividualSignal(signal) => w.constructed(3, "indAudSignalsDescriptor", |w| {
            w.constructed(0, "signal", |w| write_signal(w, signal));
        }),
        AuditItem::IndividualSignalList(id, signal) => {
            w.constructed(3, "indAudSignalsDescriptor", |w| {
                w.constructed(1, "seqSigList", |w| {
                    if let Some(signal) = signal {
                        w.constructed(1, "signalList", |w| write_signal(w, signal));
                    }
                    w.unsigned(0, *id);
                });
            });
        }
        AuditItem::IndividualDigitMap(name) => {
            w.constructed(4, "indAudDigitMapDescriptor", |w| {
                digit_map::write_name(w, name);
            });
        }
        AuditItem::IndividualStatistic(name) => {
            w.constructed(5, "indAudStatisticsDescriptor", |w| {
                package_item::write(w, 0, ItemKind::Statistic, name);
            });
        }
        AuditItem::IndividualPackage(package) => {
            w.constructed(6, "indAudPackagesDescriptor", |w| {
                packages::write_item(w, package);
            });
        }
        AuditItem::IndividualSignalsEmpty => w.fail(Unsayable::TextOnly("audit of no signal")),
        AuditItem::Mux
        | AuditItem::Modem
        | AuditItem::Media
        | AuditItem::Events
        | AuditItem::Signals
        | AuditItem::EventBuffer
        | AuditItem::DigitMap
        | AuditItem::Statistics
        | AuditItem::Packages
        | AuditItem::ObservedEvents => {}
    }
}

/// `IndAudEventBufferDescriptor`
fn write_event_spec(w: &mut BerWriter<'_>, spec: &IndividualEventSpec<'_>) {
    w.extensions();
    if spec.parameter.is_some() {
        w.fail(Unsayable::TextOnly("audit of an event's parameter"));
    }
    write_stream_id(w, 1, spec.stream);
    package_item::write(w, 0, ItemKind::Event, &spec.name);
}

/// `IndAudSignal`
fn write_signal(w: &mut BerWriter<'_>, signal: &Signal<'_>) {
    w.extensions();
    let asked = Signal {
        stream: signal.stream,
        request_id: signal.request_id,
        ..Signal::new(signal.name.clone())
    };
    if asked != *signal {
        w.fail(Unsayable::TextOnly("audit of a signal's parameters"));
    }
    if let Some(id) = signal.request_id {
        w.since(3, "signalRequestID");
        write_request_id(w, 2, id);
    }
    write_stream_id(w, 1, signal.stream);
    package_item::write(w, 0, ItemKind::Signal, &signal.name);
}
