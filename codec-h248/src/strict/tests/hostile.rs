//! Messages that are made to cost much: what is told of one is not much longer than it is.

use super::{departing, found};
use crate::{
    AmmRequest, Command, Limits, MessageBody, Name, PackageItem, ParmValue, TerminationId,
    Transaction, Value, decode,
    descriptor::{AmmDescriptor, EmbeddedEvents, EventParameter, NamedParameter, RequestedEvent},
    package::PackageRegistry,
    shown::acts_on_screens,
};

#[test]
fn every_entry_of_a_long_list_may_depart() {
    let limits = Limits::default();
    let properties = "a/b=1,".repeat(4_095) + "a/b=1";
    let text = format!("!/3 mg T=1{{C=1{{MF=a{{M{{O{{{properties}}}}}}}}}}}");
    let message = decode(text.as_bytes(), &limits).expect("it is within the limits");
    assert_eq!(found(&message, &PackageRegistry::standard()).len(), 4_095);
}

#[test]
fn long_names_are_told_by_their_beginning() {
    let text = format!(
        "!/1 mg T=1{{C=1{{MF=a{{SG{{a/b{{c=\"{}ü\"}}}}}}}}}}",
        "x".repeat(5_000)
    );
    let value = Value::bare("ü".repeat(5_000));
    let mut message = super::decoded(&text);
    let MessageBody::Transactions(transactions) = &mut message.body else {
        panic!("it has a transaction");
    };
    let Transaction::Request(request) = &mut transactions[0] else {
        panic!("it is a request");
    };
    let Command::Modify(AmmRequest {
        terminations,
        descriptors,
    }) = &mut request.actions[0].commands[0].command
    else {
        panic!("it is a Modify");
    };
    terminations[0] = TerminationId::from_name("ü".repeat(5_000));
    let AmmDescriptor::Signals(signals) = &mut descriptors[0] else {
        panic!("it has Signals");
    };
    let crate::descriptor::SignalParm::Signal(signal) = &mut signals.parms[0] else {
        panic!("it has a signal");
    };
    signal.name = PackageItem::known("nt", "dur");
    signal.parameters.push(NamedParameter {
        name: Name::from("SPA".to_owned() + &"y".repeat(5_000)),
        value: ParmValue::Equal(value),
    });
    let found = found(&message, &PackageRegistry::standard());
    assert!(found.len() >= 4, "{found:#?}");
    for (_, departure) in found {
        assert!(departure.to_string().len() < 600, "{departure}");
    }
}

#[test]
fn events_within_events_within_events_are_not_gone_into() {
    let event = |parameters| RequestedEvent {
        name: PackageItem::known("dd", "ce"),
        parameters,
    };
    let mut innermost = event(Vec::new());
    for _ in 0..1_000 {
        let events = EmbeddedEvents {
            request_id: None,
            events: list![innermost],
        };
        innermost = event(vec![EventParameter::Embed {
            signals: None,
            events: Some(events),
        }]);
    }
    let mut message = super::decoded("!/3 mg T=1{C=1{MF=a{E=1{a/b}}}}");
    let MessageBody::Transactions(transactions) = &mut message.body else {
        panic!("it has a transaction");
    };
    let Transaction::Request(request) = &mut transactions[0] else {
        panic!("it is a request");
    };
    let Command::Modify(modify) = &mut request.actions[0].commands[0].command else {
        panic!("it is a Modify");
    };
    let AmmDescriptor::Events(events) = &mut modify.descriptors[0] else {
        panic!("it has Events");
    };
    events.events = list![innermost];
    assert_eq!(found(&message, &PackageRegistry::standard()).len(), 2);
}

#[test]
fn a_list_of_terminations_is_told_by_its_first() {
    let ids: Vec<_> = (0..4_000).map(|id| format!("t{id}")).collect();
    let text = format!("!/1 mg T=1{{C=1{{MF=[{}]{{SA{{a/b}}}}}}}}", ids.join(","));
    for (_, departure) in departing(&text) {
        let place = departure.place.to_string();
        assert!(place.starts_with("transaction 1, Context 1, Modify t0 and 3999 more"));
    }
}

#[test]
fn what_a_peer_has_written_begins_no_line_where_it_is_told() {
    for text in [
        "!/3 mg T=1{C=1{MF=a{M{O{nt/jit=\"a\n12:00 INFO b\u{9b}31m\"}}}}}",
        "!/3 mg T=1{C=-{SC=ROOT{SV{MT=RS,RE=\"x\ny\u{202e}\"}}}}",
    ] {
        let found = departing(text);
        assert!(!found.is_empty(), "{text}");
        for (_, departure) in found {
            let told = departure.to_string();
            assert!(!told.contains(acts_on_screens), "{told:?}");
        }
    }
}
