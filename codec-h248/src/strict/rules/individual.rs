//! Audits of parts of a descriptor (H.248.1 7.1.12): version 2, and wider in version 3.

use super::{Concern, table::*};
use crate::{
    descriptor::{
        AuditItem, IndividualEventSpec, IndividualMedia, IndividualStream, IndividualStreams,
        LocalControlAudit, Signal, TerminationStateAudit,
    },
    strict::walk::{Walk, shown},
};

pub(super) struct Individual;

impl Concern for Individual {
    fn audit_item(&self, walk: &mut Walk<'_>, item: &AuditItem<'_>) {
        match item {
            AuditItem::Mux
            | AuditItem::Modem
            | AuditItem::Media
            | AuditItem::Events
            | AuditItem::Signals
            | AuditItem::EventBuffer
            | AuditItem::DigitMap
            | AuditItem::Statistics
            | AuditItem::Packages
            | AuditItem::ObservedEvents => return,
            AuditItem::IndividualMedia(media) => walk.at("Media", |walk| parts(walk, media)),
            AuditItem::IndividualEvents(None, _) if walk.version() == 2 => {
                walk.since(3, &INDIVIDUAL_EVENTS, "an event without RequestID");
            }
            AuditItem::IndividualEventBuffer(spec) => event_spec(walk, spec),
            AuditItem::IndividualSignal(signal)
            | AuditItem::IndividualSignalList(_, Some(signal)) => {
                walk.at("Signals", |walk| individual_signal(walk, signal));
            }
            AuditItem::IndividualEvents(..)
            | AuditItem::IndividualSignalsEmpty
            | AuditItem::IndividualSignalList(_, None)
            | AuditItem::IndividualDigitMap(_)
            | AuditItem::IndividualStatistic(_)
            | AuditItem::IndividualPackage(_) => {}
        }
        walk.since(2, &INDIVIDUAL_AUDIT, "a part of a descriptor");
    }
}

/// How many parts of a stream are asked for, LocalControl being one.
fn count(stream: &IndividualStream<'_>) -> usize {
    let parts = [
        !stream.local_control.is_empty(),
        stream.local.is_some(),
        stream.remote.is_some(),
        stream.statistic.is_some(),
    ];
    parts.into_iter().filter(|asked| *asked).count()
}

fn parts(walk: &mut Walk<'_>, media: &IndividualMedia<'_>) {
    let mut of_streams = 0;
    match &media.streams {
        IndividualStreams::Single(stream) => {
            of_streams += count(stream);
            stream_parts(walk, stream);
        }
        IndividualStreams::Several(streams) => {
            of_streams += streams.len();
            for (id, stream) in streams {
                if count(stream) > 1 {
                    let what = format!("several parts of Stream {}", id.0);
                    walk.departs(&INDIVIDUAL_STREAM, what);
                }
                stream_parts(walk, stream);
            }
        }
    }
    if of_streams + usize::from(media.termination_state.is_some()) > 1 {
        later(walk, &INDIVIDUAL_MEDIA, "several parts of Media");
    }
    match &media.termination_state {
        Some(
            TerminationStateAudit::ServiceStatesIs(_)
            | TerminationStateAudit::ServiceStatesIsNot(_)
            | TerminationStateAudit::PropertyIs(_),
        ) => later(walk, &STATE_SELECTOR, "a selection by TerminationState"),
        Some(
            TerminationStateAudit::ServiceStates
            | TerminationStateAudit::Buffer
            | TerminationStateAudit::Property(_),
        )
        | None => {}
    }
}

fn stream_parts(walk: &mut Walk<'_>, stream: &IndividualStream<'_>) {
    if stream.local.is_some() || stream.remote.is_some() {
        later(walk, &INDIVIDUAL_DESCRIPTION, "Local or Remote");
    }
    if stream.statistic.is_some() {
        later(walk, &INDIVIDUAL_STATISTICS, "the statistic of a stream");
    }
    if stream.local_control.len() > 1 {
        later(
            walk,
            &INDIVIDUAL_LOCAL_CONTROL,
            "several parts of LocalControl",
        );
    }
    let selects = |part: &LocalControlAudit<'_>| match part {
        LocalControlAudit::ModeIs(_)
        | LocalControlAudit::ModeIsNot(_)
        | LocalControlAudit::PropertyIs(_) => true,
        LocalControlAudit::Mode
        | LocalControlAudit::ReservedValue
        | LocalControlAudit::ReservedGroup
        | LocalControlAudit::Property(_) => false,
    };
    if stream.local_control.iter().any(selects) {
        later(walk, &LOCAL_CONTROL_SELECTOR, "a selection by LocalControl");
    }
}

/// What version 3 brought to the audits of version 2; version 1 has none of them.
fn later(walk: &mut Walk<'_>, rule: &'static super::Rule, what: &str) {
    if walk.version() == 2 {
        walk.since(3, rule, what);
    }
}

fn event_spec(walk: &mut Walk<'_>, spec: &IndividualEventSpec<'_>) {
    if spec.stream.is_some() && spec.parameter.is_some() {
        walk.at("EventBuffer", |walk| {
            let what = format!("a stream and a parameter of {}", shown(&spec.name));
            walk.departs(&INDIVIDUAL_EVENT_SPEC, what);
        });
    }
}

fn individual_signal(walk: &mut Walk<'_>, signal: &Signal<'_>) {
    if signal.name.item == "*" {
        walk.departs(
            &SIGNAL_WILDCARD,
            format!("the signal {}", shown(&signal.name)),
        );
    }
    let bare = Signal {
        stream: signal.stream,
        request_id: signal.request_id,
        ..Signal::new(signal.name.clone())
    };
    if bare != *signal {
        walk.departs(
            &INDIVIDUAL_SIGNAL,
            "parameters of a signal that is asked for",
        );
    }
    if signal.stream.is_some() {
        later(walk, &INDIVIDUAL_SIGNAL_STREAM, "the stream of a signal");
    }
    if signal.request_id.is_some() {
        later(
            walk,
            &INDIVIDUAL_SIGNAL_REQUEST_ID,
            "the RequestID of a signal",
        );
    }
}
