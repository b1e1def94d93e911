//! Signals (H.248.1 Annex B.2 `signalsDescriptor`).

use super::{
    error::Read,
    events::request_id,
    form::Form,
    media::{stream_id, write_stream_id},
    reader::{Reader, fill, push, read_into},
    token::Token,
    value::{
        named_parameter, of_words, package_and_item, package_item, write_named_parameter,
        write_package_item,
    },
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
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, SignalsDescriptor<'a>> {
    let mut signals = SignalsDescriptor::default();
    read_into(r, &mut signals)?;
    Ok(signals)
}

/// `signalsDescriptor` behind its keyword, into an empty one.
pub(super) fn read_into<'a>(
    r: &mut Reader<'a>,
    signals: &mut SignalsDescriptor<'a>,
) -> Read<'a, ()> {
    let at = r.rest();
    if let Some(form) = stopping(r) {
        if form != of_version(r.version()) {
            let what = "not this version's form of stopping all signals";
            r.takes(at, "signalsDescriptor", what);
        }
        return Ok(());
    }
    r.each(|r| signal_parm(r, &mut signals.parms))
}

/// `signalParm`
fn signal_parm<'a>(r: &mut Reader<'a>, list: &mut Vec<SignalParm<'a>>) -> Read<'a, ()> {
    if r.take_keyword(Token::SignalList, "signalParm")? {
        return push(list, signal_list(r).map(SignalParm::List));
    }
    let name = package_and_item(r)?;
    let blank = || Signal::new(of_words(name));
    read_into!(list, SignalParm::Signal, blank(), |signal| parameters(
        r, signal
    ));
    Ok(())
}

/// How all signals are stopped.
#[derive(Clone, Copy, PartialEq)]
enum Stopping {
    Bare,
    Braces,
}

/// Takes the form of stopping all signals, where it comes first.
fn stopping(r: &mut Reader<'_>) -> Option<Stopping> {
    if !r.next_is(b'{') {
        return Some(Stopping::Bare);
    }
    r.empty_braces().then_some(Stopping::Braces)
}

/// The form that the grammar of a version has.
fn of_version(version: u8) -> Stopping {
    if version >= 3 {
        Stopping::Bare
    } else {
        Stopping::Braces
    }
}

fn signal_list<'a>(r: &mut Reader<'a>) -> Read<'a, SignalList<'a>> {
    Ok(SignalList {
        id: r.equal_uint16("signalListId")?,
        signals: r.list(signal)?,
    })
}

/// `signalRequest`
pub(super) fn signal<'a>(r: &mut Reader<'a>) -> Read<'a, Signal<'a>> {
    let mut signal = Signal::new(package_item(r)?);
    parameters(r, &mut signal)?;
    Ok(signal)
}

/// What stands in the braces of `signalRequest`.
fn parameters<'a>(r: &mut Reader<'a>, signal: &mut Signal<'a>) -> Read<'a, ()> {
    r.each_if_any("signalRequest", |r| parameter(r, signal))
}

/// `sigParameter`
fn parameter<'a>(r: &mut Reader<'a>, signal: &mut Signal<'a>) -> Read<'a, ()> {
    let at = r.rest();
    match r.keyword("sigParameter")? {
        Some(Token::Stream) => fill(&mut signal.stream, at, "sigStream", stream_id(r)),
        Some(Token::SignalType) => {
            let kind = r.equal_choice("signalType", TYPES);
            fill(&mut signal.signal_type, at, "sigSignalType", kind)
        }
        Some(Token::Duration) => {
            let duration = r.equal_uint16("sigDuration");
            fill(&mut signal.duration_cs, at, "sigDuration", duration)
        }
        Some(Token::NotifyCompletion) => fill(
            &mut signal.notify_completion,
            at,
            "notifyCompletion",
            reasons(r),
        ),
        Some(Token::KeepActive) => {
            if std::mem::replace(&mut signal.keep_active, true) {
                r.takes(at, "sigParameter", "KeepActive more than once");
            }
            Ok(())
        }
        Some(Token::Direction) => {
            let direction = r.equal_choice("direction", DIRECTIONS);
            fill(&mut signal.direction, at, "sigDirection", direction)
        }
        Some(Token::RequestId) => fill(&mut signal.request_id, at, "sigRequestID", request_id(r)),
        Some(Token::Intersignal) => {
            let delay = r.equal_uint16("sigIntsigDelay");
            fill(
                &mut signal.intersignal_delay_cs,
                at,
                "sigIntsigDelay",
                delay,
            )
        }
        _ => {
            r.go_to(at);
            push(&mut signal.parameters, named_parameter(r))
        }
    }
}

/// `notifyCompletion` behind its keyword.
fn reasons<'a>(r: &mut Reader<'a>) -> Read<'a, Vec<NotificationReason>> {
    r.equal()?;
    r.list(|r| r.choice("notificationReason", REASONS))
}

/// `signalsDescriptor`: the form that stops all signals depends on the version.
pub(super) fn write(w: &mut Writer<'_, impl Form>, signals: &SignalsDescriptor<'_>) {
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
pub(super) fn write_signal(w: &mut Writer<'_, impl Form>, signal: &Signal<'_>) {
    write_package_item(w, &signal.name);
    w.open();
    for parameter in &signal.parameters {
        w.item();
        write_named_parameter(w, parameter);
    }
    write_known_parameters(w, signal);
    w.close_if_any();
}

fn write_known_parameters(w: &mut Writer<'_, impl Form>, signal: &Signal<'_>) {
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
