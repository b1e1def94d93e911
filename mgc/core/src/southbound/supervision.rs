//! Signals and events of a Leg's Termination: what is asked, and what is told (H.248.1 7.1.9,
//! 7.1.11, 7.1.14, E.1, E.6, H.248.7).

use codec_h248::{
    ActionRequest, AmmRequest, Command, ContextId, List, Name, PackageItem, ParmValue,
    TerminationId, Value,
    descriptor::{
        AmmDescriptor, DigitMapTimers, DigitMapValue, EventDigitMap, EventParameter,
        EventsDescriptor, NamedParameter, NotificationReason, ObservedEvent, RequestId,
        RequestedEvent, Signal, SignalDirection, SignalParm, SignalType, SignalsDescriptor,
    },
    list,
};

use crate::{
    conference::{Observed, Signals, Supervise},
    northbound::{
        Collect, Digits, DigitsMethod, Play, PlayMethod, Record, Recording, Sound, Voices,
    },
};

/// Sets what is played and what is told.
pub(super) fn modify(
    context: ContextId,
    termination: TerminationId<'static>,
    wanted: &Supervise,
) -> ActionRequest<'static> {
    let events = wanted.events.as_ref();
    let records = wanted.recorded || matches!(wanted.signals, Signals::Record(_));
    let events = events.map(|(request, collect)| events_of(*request, collect.as_ref(), records));
    let kept = wanted.recorded.then(|| Signal {
        keep_active: true,
        ..Signal::new(record_signal())
    });
    let signals = match &wanted.signals {
        Signals::Same => None,
        Signals::Stop => Some(kept.into_iter().collect()),
        Signals::Play(play) => Some(kept.into_iter().chain([signal(play)]).collect()),
        Signals::Record(record) => Some(vec![recording(record)]),
    };
    let signals = signals.map(|all: Vec<Signal<'static>>| SignalsDescriptor {
        parms: all.into_iter().map(SignalParm::Signal).collect(),
    });
    let events = events.map(AmmDescriptor::Events);
    let signals = signals.map(AmmDescriptor::Signals);
    let request = AmmRequest {
        terminations: list![termination],
        descriptors: events.into_iter().chain(signals).collect(),
    };
    ActionRequest::new(context, list![Command::Modify(request).into()])
}

/// The end of signals is always told, so that something can be played later without asking anew
/// for the digits that are being collected.
fn events_of(request: u32, collect: Option<&Collect>, records: bool) -> EventsDescriptor<'static> {
    let plain = |(package, event)| RequestedEvent {
        name: PackageItem::known(package, event),
        parameters: Vec::new(),
    };
    let of_recordings = [("aasrec", "precsucc"), ("aasrec", "audfail")];
    let of_recordings = of_recordings.into_iter().filter(|_| records);
    let mut events: List<_> = [("g", "sc")]
        .into_iter()
        .chain(of_recordings)
        .map(plain)
        .collect();
    events.extend(collect.map(|collect| RequestedEvent {
        name: PackageItem::known("dd", "ce"),
        parameters: vec![EventParameter::DigitMap(EventDigitMap::Value(map(collect)))],
    }));
    EventsDescriptor {
        request_id: Some(RequestId::Id(request)),
        events,
    }
}

fn map(collect: &Collect) -> DigitMapValue<'static> {
    let body = collect.map.replace('*', "E").replace('#', "F");
    let body = if body.contains('|') && !body.starts_with('(') {
        format!("({body})")
    } else {
        body
    };
    DigitMapValue {
        timers: DigitMapTimers {
            start_s: collect.start_s,
            short_s: collect.short_s,
            long_s: collect.long_s,
            duration_ds: None,
        },
        body: body.into(),
    }
}

fn signal(play: &Play) -> Signal<'static> {
    let (name, parameters) = match &play.sound {
        Sound::Announcement { number, cycles } => {
            let cycles = cycles.map(|cycles| parameter("noc".into(), cycles.to_string()));
            let number = parameter("an".into(), number.to_string());
            let parameters = std::iter::once(number).chain(cycles).collect();
            (PackageItem::known("an", "apf"), parameters)
        }
        Sound::Signal {
            package,
            signal,
            parameters,
        } => {
            let parameters = parameters.iter();
            let parameters =
                parameters.map(|(name, value)| parameter(name.clone().into(), value.clone()));
            (item(package, signal), parameters.collect())
        }
        Sound::Tone { package, signal } => (item(package, signal), Vec::new()),
        // Spelt in the gateway's way before it is taken; the gateway would refuse it so.
        Sound::Named { name, .. } => (item("an", name), Vec::new()),
    };
    // In hundredths of a second, and no less than one of them.
    let duration = play.duration_ms.map(|time| time.div_ceil(10));
    let duration = duration.map(|time| u16::try_from(time).unwrap_or(u16::MAX));
    Signal {
        signal_type: duration.map(|_| SignalType::TimeOut),
        duration_cs: duration,
        notify_completion: Some(vec![
            NotificationReason::TimeOut,
            NotificationReason::InterruptByEvent,
            NotificationReason::OtherReason,
        ]),
        parameters,
        ..Signal::new(name)
    }
}

/// The signal that records (H.248.9), whose time is in tenths of a second. What ends other signals does
/// not end it.
fn recording(record: &Record) -> Signal<'static> {
    let direction = match record.voices {
        Voices::Own => SignalDirection::External,
        Voices::Others => SignalDirection::Internal,
        Voices::All => SignalDirection::Both,
    };
    let name = parameter("rid".into(), record.name.clone());
    let limit = record.limit_ms.map(|time| time.div_ceil(100).max(1));
    let limit = limit.map(|tenths| parameter("rlt".into(), tenths.to_string()));
    Signal {
        direction: Some(direction),
        parameters: std::iter::once(name).chain(limit).collect(),
        ..Signal::new(record_signal())
    }
}

fn record_signal() -> PackageItem<'static> {
    PackageItem::known("aasrec", "playrec")
}

/// Whether one of the signals records.
pub(super) fn has_recording(signals: &SignalsDescriptor<'_>) -> bool {
    let mut signals = signals.parms.iter();
    signals.any(|parm| matches!(parm, SignalParm::Signal(one) if one.name.is("aasrec", "playrec")))
}

fn item(package: &str, signal: &str) -> PackageItem<'static> {
    PackageItem {
        package: package.to_owned().into(),
        item: signal.to_owned().into(),
    }
}

fn parameter(name: Name<'static>, value: String) -> NamedParameter<'static> {
    // A bare value has a character at least (Annex B, VALUE).
    let plain = value.bytes().all(|sign| sign.is_ascii_alphanumeric());
    let value = if plain && !value.is_empty() {
        Value::bare(value)
    } else {
        Value::quoted(value)
    };
    NamedParameter {
        name,
        value: ParmValue::Equal(value),
    }
}

/// Reads an event that a Leg may wait for; `None` for any other, and for one that does not say
/// what it must.
pub(crate) fn observed(event: &ObservedEvent<'_>) -> Option<Observed> {
    if event.name.is("aasrec", "audfail") {
        return Some(Observed::Recorded(None));
    }
    if event.name.is("aasrec", "precsucc") {
        let tens: Option<u64> = value_of(event, "rdur").and_then(|time| time.parse().ok());
        let file = value_of(event, "ri")?;
        return Some(Observed::Recorded(Some(Recording {
            file: file.chars().take(NAME_MAX).collect(),
            duration_ms: tens.unwrap_or_default().saturating_mul(10),
        })));
    }
    if event.name.is("g", "sc") {
        let of = value_of(event, "SigID").unwrap_or_default();
        if of.eq_ignore_ascii_case("aasrec/playrec") {
            return None;
        }
        let method = match value_of(event, "Meth")?.to_ascii_uppercase().as_str() {
            "TO" => Some(PlayMethod::TimeOut),
            "EV" => Some(PlayMethod::Event),
            // An iteration ended, and the next begins.
            "PI" => return None,
            _ => None,
        };
        return Some(Observed::Played(method));
    }
    if !event.name.is("dd", "ce") {
        return None;
    }
    let method = match value_of(event, "Meth")?.to_ascii_uppercase().as_str() {
        "UM" => DigitsMethod::Unambiguous,
        "FM" => DigitsMethod::Full,
        _ => DigitsMethod::Partial,
    };
    let dialled = value_of(event, "ds").unwrap_or_default();
    let digits = dialled.chars().filter_map(digit).take(DIGITS_MAX).collect();
    Some(Observed::Collected(Digits { digits, method }))
}

/// A longer name of a file is cut off.
const NAME_MAX: usize = 512;
/// More digits than anybody dials are not kept.
const DIGITS_MAX: usize = 128;

fn digit(symbol: char) -> Option<char> {
    match symbol.to_ascii_uppercase() {
        'E' => Some('*'),
        'F' => Some('#'),
        symbol @ ('0'..='9' | 'A'..='D') => Some(symbol),
        _ => None,
    }
}

pub(super) fn value_of<'e>(event: &'e ObservedEvent<'_>, name: &str) -> Option<&'e str> {
    let mut parameters = event.parameters.iter();
    let found = parameters.find(|one| one.name.is(name))?;
    match &found.value {
        ParmValue::Equal(value) => Some(&value.text),
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..)
        | ParmValue::AllOf(_)
        | ParmValue::OneOf(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_no_word_stands_in_quotes() {
        let quoted = |text: &str| {
            let written = parameter("how".into(), text.to_owned());
            matches!(written.value, ParmValue::Equal(value) if value.quoted)
        };
        assert_eq!(["loud", "very loud", ""].map(quoted), [false, true, true]);
    }
}
