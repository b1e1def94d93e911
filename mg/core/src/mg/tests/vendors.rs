//! Packages of vendors: accepted by their types, kept and returned (H.248.1 12).

use codec_h248::{
    descriptor::SignalType,
    package::{
        Access, ItemDefinition, ItemDetails, PackageDefinition, ParameterDefinition, PropertyPlace,
        ValueForm, ValueType,
    },
};

use super::desk::Desk;
use crate::Config;

fn item(name: &'static str, id: u16, details: ItemDetails) -> ItemDefinition {
    ItemDefinition {
        name: name.into(),
        id,
        details,
    }
}

fn property(name: &'static str, id: u16, place: PropertyPlace, access: Access) -> ItemDefinition {
    let form = ValueForm {
        bounds: Some((0, 9)),
        ..ValueForm::one(ValueType::Integer)
    };
    let details = ItemDetails::Property {
        form,
        place,
        access,
    };
    item(name, id, details)
}

fn with_vendor() -> Desk {
    let level = ParameterDefinition {
        name: "level".into(),
        id: 1,
        form: ValueForm::one(ValueType::Integer),
    };
    let (state, stream) = (PropertyPlace::TerminationState, PropertyPlace::LocalControl);
    let items = vec![
        property("agc", 1, stream, Access::ReadWrite),
        property("led", 2, state, Access::ReadWrite),
        property("temp", 3, state, Access::ReadOnly),
        item(
            "low",
            1,
            ItemDetails::Event {
                requested: vec![level.clone()].into(),
                observed: Vec::new().into(),
            },
        ),
        item(
            "click",
            2,
            ItemDetails::Signal {
                default_type: SignalType::Brief,
                parameters: Vec::new().into(),
            },
        ),
        item(
            "chime",
            1,
            ItemDetails::Signal {
                default_type: SignalType::TimeOut,
                parameters: vec![level].into(),
            },
        ),
    ];
    Desk::with(Config {
        packages: vec![PackageDefinition {
            name: "acme".into(),
            id: 0x8001,
            version: 3,
            extends: None,
            items: items.into(),
        }],
        ..super::bench::config()
    })
}

#[test]
fn a_package_of_a_vendor_is_published_and_its_items_are_kept() {
    let mut desk = with_vendor();
    assert!(desk.audit("Packages").ends_with(",acme-3}"));
    desk.modify(
        "Media{TerminationState{acme/led=2},Stream=1{LocalControl{Mode=SendReceive,acme/agc=7}}},\
         Events=7{acme/low{level=3}},Signals{acme/chime{level=1,Duration=100}}",
    );
    let kept = desk.audit("Media,Events,Signals");
    for part in [
        "acme/led=2",
        "acme/agc=7",
        "E=7{acme/low{level=3}}",
        "SG{acme/chime{",
    ] {
        assert!(kept.contains(part), "{part} in {kept}");
    }
    assert_eq!(desk.playing(), []);
    desk.modify("Media{Stream=1{LocalControl{Mode=SendReceive}}}");
    assert!(!desk.audit("Media").contains("acme/agc"), "replaced whole");
}

#[test]
fn its_time_is_kept_and_its_end_told() {
    let mut desk = with_vendor();
    desk.modify("Events=7{g/sc},Signals{acme/chime{Duration=100,NotifyCompletion={TimeOut}}}");
    desk.pass(999);
    desk.expect(&[]);
    desk.pass(1);
    desk.expect(&["7 g/sc SigID=\"acme/chime\" Meth=TO"]);
}

#[test]
fn one_of_unknown_length_lets_time_go_on() {
    let mut desk = with_vendor();
    let click = "acme/click{NC={TO}}";
    desk.modify(&format!(
        "Events=7{{g/sc{{EM{{SG{{{click}}}}}}}}},Signals{{{click}}}"
    ));
    desk.pass(1_000);
    assert_eq!(desk.notified().len(), 50);
}

#[test]
fn what_does_not_fit_is_refused_as_of_any_package() {
    let mut desk = with_vendor();
    for (wrong, code) in [
        ("Media{TerminationState{acme/temp=1}}", 534),
        ("Media{TerminationState{acme/agc=1}}", 455),
        ("Media{TerminationState{acme/led=10}}", 449),
        ("Media{TerminationState{acme/led=$}}", 449),
        ("Media{TerminationState{acme/nosuch=1}}", 450),
        ("Media{TerminationState{acme/led=1,ACME/LED=2}}", 456),
        ("Events=7{acme/nosuch}", 451),
        ("Events=7{acme/low{nosuch=1}}", 446),
        ("Events=7{acme/low{level=high}}", 454),
        ("Signals{acme/nosuch}", 452),
        ("Signals{acmelab/chime}", 440),
    ] {
        let reply = desk.ask(wrong);
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
}
