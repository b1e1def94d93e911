//! Signals (H.248.1 Annex A.2 `SignalsDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    events::{optional_request_id, write_request_id},
    media::write_stream_id,
    package_item::{self, ItemKind},
    parameter,
};
use crate::{
    Expected,
    descriptor::{
        NotificationReason, Signal, SignalDirection, SignalList, SignalParm, SignalType,
        SignalsDescriptor, StreamId,
    },
};

/// `SignalType`
const TYPES: &[(u32, SignalType)] = &[
    (0, SignalType::Brief),
    (1, SignalType::OnOff),
    (2, SignalType::TimeOut),
];

/// `SignalDirection`; a public module gives `both` the number 3.
const DIRECTIONS: &[(u32, SignalDirection)] = &[
    (0, SignalDirection::Internal),
    (1, SignalDirection::External),
    (2, SignalDirection::Both),
    (3, SignalDirection::Both),
];

/// The named bits of `NotifyCompletion`, from the first on.
const REASONS: [NotificationReason; 5] = [
    NotificationReason::TimeOut,
    NotificationReason::InterruptByEvent,
    NotificationReason::InterruptByNewSignals,
    NotificationReason::OtherReason,
    NotificationReason::Iteration,
];

/// `SignalsDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<SignalsDescriptor<'a>, BerError> {
    let parms = r.each(signal_request)?;
    Ok(SignalsDescriptor { parms })
}

/// `SignalRequest`, a whole element.
fn signal_request<'a>(r: &mut BerReader<'a>) -> Result<SignalParm<'a>, BerError> {
    match r.alternative() {
        Some(0) => r.mandatory(0, "signal", signal).map(SignalParm::Signal),
        Some(1) => r
            .mandatory(1, "seqSigList", signal_list)
            .map(SignalParm::List),
        Some(_) | None => Err(r.wrong(Expected::Rule("SignalRequest"))),
    }
}

/// `SeqSigList`
fn signal_list<'a>(r: &mut BerReader<'a>) -> Result<SignalList<'a>, BerError> {
    let id = r.unsigned(0, "id")?;
    let signals = r.mandatory(1, "signalList", |r| r.each_sequence("Signal", signal))?;
    Ok(SignalList { id, signals })
}

/// `Signal`
fn signal<'a>(r: &mut BerReader<'a>) -> Result<Signal<'a>, BerError> {
    let (name, item) = package_item::read(r, 0, "signalName", ItemKind::Signal)?;
    let mut signal = Signal::new(name);
    signal.stream = r.optional_unsigned(1, "streamID")?.map(StreamId);
    signal.signal_type =
        r.optional_value(2, "sigType", |r| leaf::enumerated(r, "SignalType", TYPES))?;
    signal.duration_cs = r.optional_unsigned(3, "duration")?;
    signal.notify_completion = r.optional_value(4, "notifyCompletion", reasons)?;
    signal.keep_active = r.optional_value(5, "keepActive", leaf::boolean)? == Some(true);
    signal.parameters = r.mandatory(6, "sigParList", |r| parameter::read_list(r, item))?;
    signal.direction = r.optional_value(7, "direction", |r| {
        leaf::enumerated(r, "SignalDirection", DIRECTIONS)
    })?;
    signal.request_id = optional_request_id(r, 8, "requestID")?;
    signal.intersignal_delay_cs = r.optional_unsigned(9, "intersigDelay")?;
    r.extensions(9)?;
    Ok(signal)
}

/// `NotifyCompletion`
fn reasons(r: &mut BerReader<'_>) -> Result<Vec<NotificationReason>, BerError> {
    let bits = leaf::bits(r)?;
    let places = REASONS.into_iter().enumerate();
    let set = places.filter(|(place, _)| bits >> place & 1 != 0);
    Ok(set.map(|(_, reason)| reason).collect())
}

/// `SignalsDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, signals: &SignalsDescriptor<'_>) {
    w.each(&signals.parms, |w, parm| match parm {
        SignalParm::Signal(signal) => w.constructed(0, "signal", |w| write_signal(w, signal)),
        SignalParm::List(list) => w.constructed(1, "seqSigList", |w| write_list(w, list)),
    });
}

/// `SeqSigList`
fn write_list(w: &mut BerWriter<'_>, list: &SignalList<'_>) {
    w.constructed(1, "signalList", |w| {
        w.each_sequence(&list.signals, write_signal);
    });
    w.unsigned(0, list.id);
}

/// `Signal`
fn write_signal(w: &mut BerWriter<'_>, signal: &Signal<'_>) {
    let found = package_item::find(w, ItemKind::Signal, &signal.name);
    w.extensions();
    write_additions(w, signal);
    w.constructed(6, "sigParList", |w| {
        parameter::write_list(w, found.item, &signal.parameters);
    });
    if signal.keep_active {
        w.boolean(5, true);
    }
    if let Some(reasons) = &signal.notify_completion {
        write_reasons(w, reasons);
    }
    if let Some(duration_cs) = signal.duration_cs {
        w.unsigned(3, duration_cs);
    }
    if let Some(signal_type) = signal.signal_type {
        w.enumerated(2, TYPES, signal_type);
    }
    write_stream_id(w, 1, signal.stream);
    found.write(w, 0);
}

/// The components of `Signal` that version 3 has added.
fn write_additions(w: &mut BerWriter<'_>, signal: &Signal<'_>) {
    if let Some(delay_cs) = signal.intersignal_delay_cs {
        w.since(3, "intersigDelay");
        w.unsigned(9, delay_cs);
    }
    if let Some(id) = signal.request_id {
        w.since(3, "requestID");
        write_request_id(w, 8, id);
    }
    if let Some(direction) = signal.direction {
        w.since(3, "direction");
        w.enumerated(7, DIRECTIONS, direction);
    }
}

/// `NotifyCompletion`
fn write_reasons(w: &mut BerWriter<'_>, reasons: &[NotificationReason]) {
    if reasons.contains(&NotificationReason::Iteration) {
        w.since(3, "onIteration");
    }
    let set = (0..)
        .zip(REASONS)
        .filter(|(_, known)| reasons.contains(known));
    let bits = set.fold(0, |bits, (place, _): (u32, _)| bits | 1 << place);
    w.bits(4, bits);
}
