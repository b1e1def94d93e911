//! Signals (H.248.1 Annex B.2 `signalsDescriptor`).

use super::{
    error::Parsed,
    events::request_id,
    lex::{empty_braces, equal, next_is, uint16},
    media::{stream_id, write_stream_id},
    reading::{Reading, choice, fill, keyword, push},
    token::Token,
    value::{named_parameter, package_item, write_named_parameter, write_package_item},
    write::Writer,
};
use crate::descriptor::{
    NotificationReason, Signal, SignalDirection, SignalList, SignalParm, SignalType,
    SignalsDescriptor,
};

/// `signalType`
const TYPES: &[(Token, SignalType)] = &[
    (Token::OnOff, SignalType::OnOff),
    (Token::TimeOut, SignalType::TimeOut),
    (Token::Brief, SignalType::Brief),
];

/// `direction`
const DIRECTIONS: &[(Token, SignalDirection)] = &[
    (Token::External, SignalDirection::External),
    (Token::Internal, SignalDirection::Internal),
    (Token::Both, SignalDirection::Both),
];

/// `notificationReason`
const REASONS: &[(Token, NotificationReason)] = &[
    (Token::TimeOut, NotificationReason::TimeOut),
    (
        Token::InterruptByEvent,
        NotificationReason::InterruptByEvent,
    ),
    (
        Token::InterruptByNewSignals,
        NotificationReason::InterruptByNewSignals,
    ),
    (Token::OtherReason, NotificationReason::OtherReason),
    (Token::Iteration, NotificationReason::Iteration),
];

/// `signalsDescriptor` behind its keyword. Bare or with empty braces it stops all, in every
/// version.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, SignalsDescriptor<'a>> {
    if let Some((rest, form)) = stopping(i) {
        if form != of_version(reading.version()) {
            let what = "not this version's form of stopping all signals";
            reading.takes(i, "signalsDescriptor", what);
        }
        return Ok((rest, SignalsDescriptor::default()));
    }
    let (rest, parms) = reading.list(i, |i| {
        let (after, token) = keyword(i, "signalParm")?;
        match token {
            Some(Token::SignalList) => {
                let (rest, list) = signal_list(after, reading)?;
                Ok((rest, SignalParm::List(list)))
            }
            _ => {
                let (rest, signal) = signal(i, reading)?;
                Ok((rest, SignalParm::Signal(signal)))
            }
        }
    })?;
    Ok((rest, SignalsDescriptor { parms }))
}

/// How all signals are stopped.
#[derive(Clone, Copy, PartialEq)]
enum Stopping {
    Bare,
    Braces,
}

/// The form of stopping all signals that comes first, and what follows it.
fn stopping(i: &[u8]) -> Option<(&[u8], Stopping)> {
    if !next_is(i, b'{') {
        return Some((i, Stopping::Bare));
    }
    Some((empty_braces(i)?, Stopping::Braces))
}

/// The form that the grammar of a version has.
fn of_version(version: u8) -> Stopping {
    if version >= 3 {
        Stopping::Bare
    } else {
        Stopping::Braces
    }
}

fn signal_list<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, SignalList<'a>> {
    let (i, id) = signal_list_id(i)?;
    let (rest, signals) = reading.list(i, |i| signal(i, reading))?;
    Ok((rest, SignalList { id, signals }))
}

/// `=` and `signalListId`
pub(super) fn signal_list_id(i: &[u8]) -> Parsed<'_, u16> {
    let (i, ()) = equal(i)?;
    uint16(i, "signalListId")
}

/// `signalRequest`
pub(super) fn signal<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Signal<'a>> {
    let (i, name) = package_item(i, reading)?;
    let mut signal = Signal::new(name);
    let (rest, ()) =
        reading.each_if_any(i, "signalRequest", |i| parameter(i, reading, &mut signal))?;
    Ok((rest, signal))
}

/// `sigParameter`
fn parameter<'a>(i: &'a [u8], reading: &Reading<'a>, signal: &mut Signal<'a>) -> Parsed<'a, ()> {
    let (after, token) = keyword(i, "sigParameter")?;
    match token {
        Some(Token::Stream) => fill(&mut signal.stream, i, "sigStream", stream_id(after)),
        Some(Token::SignalType) => {
            let kind = equal(after).and_then(|(i, ())| choice(i, "signalType", TYPES));
            fill(&mut signal.signal_type, i, "sigSignalType", kind)
        }
        Some(Token::Duration) => {
            let duration = equal(after).and_then(|(i, ())| uint16(i, "sigDuration"));
            fill(&mut signal.duration_cs, i, "sigDuration", duration)
        }
        Some(Token::NotifyCompletion) => {
            let reason = |i| choice(i, "notificationReason", REASONS);
            let reasons = equal(after).and_then(|(i, ())| reading.list(i, reason));
            fill(
                &mut signal.notify_completion,
                i,
                "notifyCompletion",
                reasons,
            )
        }
        Some(Token::KeepActive) => {
            if std::mem::replace(&mut signal.keep_active, true) {
                reading.takes(i, "sigParameter", "KeepActive more than once");
            }
            Ok((after, ()))
        }
        Some(Token::Direction) => {
            let direction = equal(after).and_then(|(i, ())| choice(i, "direction", DIRECTIONS));
            fill(&mut signal.direction, i, "sigDirection", direction)
        }
        Some(Token::RequestId) => {
            fill(&mut signal.request_id, i, "sigRequestID", request_id(after))
        }
        Some(Token::Intersignal) => {
            let delay = equal(after).and_then(|(i, ())| uint16(i, "sigIntsigDelay"));
            fill(&mut signal.intersignal_delay_cs, i, "sigIntsigDelay", delay)
        }
        _ => push(&mut signal.parameters, named_parameter(i, reading)),
    }
}

/// `signalsDescriptor`: the form that stops all signals depends on the version.
pub(super) fn write(w: &mut Writer<'_>, signals: &SignalsDescriptor<'_>) {
    w.token(Token::Signals);
    if signals.parms.is_empty() && w.stops_signals_bare() {
        return;
    }
    w.block(&signals.parms, |w, parm| match parm {
        SignalParm::Signal(signal) => write_signal(w, signal),
        SignalParm::List(list) => {
            w.pair(Token::SignalList, list.id);
            w.block(&list.signals, write_signal);
        }
    });
}

/// `signalRequest`
pub(super) fn write_signal(w: &mut Writer<'_>, signal: &Signal<'_>) {
    write_package_item(w, &signal.name);
    w.open_if_any();
    for parameter in &signal.parameters {
        w.item();
        write_named_parameter(w, parameter);
    }
    write_known_parameters(w, signal);
    w.close_if_any();
}

fn write_known_parameters(w: &mut Writer<'_>, signal: &Signal<'_>) {
    if let Some(stream) = signal.stream {
        w.item();
        write_stream_id(w, stream);
    }
    if let Some(kind) = signal.signal_type {
        w.item();
        w.key(Token::SignalType);
        w.choice(TYPES, kind);
    }
    if let Some(duration) = signal.duration_cs {
        w.item();
        w.pair(Token::Duration, duration);
    }
    if let Some(direction) = signal.direction {
        w.item();
        w.key(Token::Direction);
        w.choice(DIRECTIONS, direction);
    }
    if let Some(request_id) = signal.request_id {
        w.item();
        w.pair(Token::RequestId, request_id);
    }
    if let Some(delay) = signal.intersignal_delay_cs {
        w.item();
        w.pair(Token::Intersignal, delay);
    }
    if let Some(reasons) = &signal.notify_completion {
        w.item();
        w.key(Token::NotifyCompletion);
        w.braces(reasons, |w, reason| w.choice(REASONS, *reason));
    }
    if signal.keep_active {
        w.item();
        w.token(Token::KeepActive);
    }
}
