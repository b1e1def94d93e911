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
        property(
            "mode",
            4,
            PropertyPlace::ContextAttribute,
            Access::ReadWrite,
        ),
        property(
            "tariff",
            5,
            PropertyPlace::ContextAttribute,
            Access::ReadWrite,
        ),
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
fn a_property_that_nobody_has_set_is_not_there() {
    let mut desk = with_vendor();
    let asked = "Media{Stream=1{LocalControl{acme/agc}}}";
    let unset = desk.audit(asked);
    assert!(unset.contains("ER=532{"), "{unset}");
    desk.modify("Media{Stream=1{LocalControl{Mode=SendReceive,acme/agc=7}}}");
    assert_eq!(desk.audit(asked), "M{ST=1{O{acme/agc=7}}}");
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

#[test]
fn properties_of_contexts_are_kept_replaced_whole_and_select() {
    let mut desk = with_vendor();
    let bench = &mut desk.bench;
    let asked = "ContextAudit{ContextAttr{acme/mode,acme/tariff}}";
    let reply = bench.ask(&format!(
        "Context=${{ContextAttr{{acme/mode=3,acme/tariff=4}},{asked},Add=$}}"
    ));
    assert_eq!(reply, "C=2{CT{acme/mode=3,acme/tariff=4},A=rtp/2}");
    let reply = bench.ask(&format!("Context=2{{ContextAttr{{acme/mode=5}},{asked}}}"));
    assert_eq!(reply, "C=2{CT{acme/mode=5}}");
    let reply = bench.ask(&format!("Context=1{{{asked}}}"));
    assert_eq!(reply, "C=1", "nobody has set it");
    let reply = bench.ask("Context=*{ContextAudit{ContextAttr{acme/mode=5}}}");
    assert_eq!(reply, "C=2");
    for (wrong, code) in [
        ("acme/mode=10", 449),
        ("acme/mode=1,ACME/MODE=2", 456),
        ("acme/led=1", 455),
        ("acme/nosuch=1", 450),
        ("nt/jit=1", 450),
        ("nosuch/x=1", 440),
    ] {
        let reply = bench.ask(&format!("Context=2{{ContextAttr{{{wrong}}}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
}
