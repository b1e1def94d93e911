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

fn statistic(name: &'static str, id: u16, value_type: ValueType) -> ItemDefinition {
    let form = ValueForm::one(value_type);
    item(name, id, ItemDetails::Statistic { form })
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
        statistic("alerts", 1, ValueType::Double),
        statistic("alarmed", 2, ValueType::Boolean),
        statistic("last", 3, ValueType::String),
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
        packages: vec![
            package("acme", 0x8001, None, items),
            package("acmenet", 0x8002, Some("nt"), Vec::new()),
            package("acmelab", 0x8003, Some("acme"), Vec::new()),
        ],
        ..super::bench::config()
    })
}

fn package(
    name: &'static str,
    id: u16,
    base: Option<&'static str>,
    items: Vec<ItemDefinition>,
) -> PackageDefinition {
    PackageDefinition {
        name: name.into(),
        id,
        version: 3,
        extends: base.map(Into::into),
        items: items.into(),
    }
}

#[test]
fn a_package_of_a_vendor_is_published_and_its_items_are_kept() {
    let mut desk = with_vendor();
    assert!(
        desk.audit("Packages")
            .ends_with(",acme-3,acmenet-3,acmelab-3}")
    );
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
fn a_property_of_the_termination_that_nobody_has_set_is_not_there() {
    let mut desk = with_vendor();
    let asked = "Media{TerminationState{acme/led}}";
    let unset = desk.audit(asked);
    assert!(unset.contains("ER=532{"), "{unset}");
    desk.modify("Media{TerminationState{acme/led=2}}");
    assert_eq!(desk.audit(asked), "M{TS{acme/led=2}}");
}

#[test]
fn properties_of_root_are_kept_until_they_are_written_again() {
    let mut desk = with_vendor();
    let bench = &mut desk.bench;
    let asked = "Context=-{AuditValue=ROOT{Audit{Media{TerminationState{acme/led}}}}}";
    assert!(bench.ask(asked).contains("ER=532{"));
    let write = |what| format!("Context=-{{Modify=ROOT{{Media{{TerminationState{{{what}}}}}}}}}");
    assert_eq!(bench.ask(&write("acme/led=2,nb/notreg=50")), "C=-{MF=ROOT}");
    assert_eq!(bench.ask(&write("nb/notreg=60")), "C=-{MF=ROOT}");
    assert_eq!(bench.ask(asked), "C=-{AV=ROOT{M{TS{acme/led=2}}}}");
    bench.ask(&write("ACME/led=3"));
    let all = bench.ask("Context=-{AuditValue=ROOT{Audit{Media}}}");
    assert!(all.contains("nb/notreg=60,"), "{all}");
    assert!(all.contains("/led=3}") && !all.contains("led=2"), "{all}");
    for (wrong, code) in [
        ("acme/temp=1", 534),
        ("acme/agc=1", 455),
        ("acme/led=10", 449),
        ("acme/nosuch=1", 450),
        ("acme/led=1,ACME/LED=2", 456),
        ("acmelos/led=1", 440),
        ("acme/led=4,nb/notreg=101", 449),
    ] {
        let reply = bench.ask(&write(wrong));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
    assert!(bench.ask(asked).contains("/led=3}"), "nothing has changed");
}

const ALL: &str = "acme/alerts=0,acme/alarmed=off,acme/last";

#[test]
fn statistics_are_returned_and_those_that_are_not_wanted_are_not() {
    let mut desk = with_vendor();
    let kept = desk.audit("Statistics");
    assert!(kept.ends_with(&format!("rtp/delay=0,{ALL}}}")), "{kept}");
    assert_eq!(desk.audit("Statistics{acme/alerts}"), "SA{acme/alerts=0}");
    let inherited = desk.audit("Statistics{acmelab/alerts},Statistics{acmenet/os}");
    assert_eq!(inherited, "SA{nt/os=0,acme/alerts=0}");
    desk.modify("Statistics{acme/alarmed,rtp/ps}");
    assert_eq!(desk.audit("Statistics"), "SA{rtp/ps=0,acme/alarmed=off}");
    desk.modify("Statistics{acmelab/last},Media{Stream=1{Statistics{acme/alerts}}}");
    let by_stream = "SA{acme/last},M{ST=1{SA{acme/alerts=0}}}";
    assert_eq!(desk.audit("Statistics"), by_stream);
    let reply = desk.bench.ask("Context=1{Subtract=rtp/1}");
    assert_eq!(reply, format!("C=1{{S=rtp/1{{{by_stream}}}}}"));
    for (wrong, code) in [
        ("Statistics{acme/alerts=4}", 534),
        ("Statistics{acme/nosuch}", 453),
        ("Statistics{acme/alerts,acmelab/alerts}", 456),
        ("Statistics{acmelos/alerts}", 440),
        ("Media{Stream=1{Statistics{acmenet/dur}}}", 460),
    ] {
        let reply = desk.bench.ask(&format!("Context=${{Add=${{{wrong}}}}}"));
        assert!(reply.contains(&format!("ER={code}{{")), "{wrong}: {reply}");
    }
}

#[test]
fn statistics_are_capabilities_of_every_termination_but_root() {
    let mut desk = with_vendor();
    let mut could = |context: &str, id: &str| {
        let asked = format!("Context={context}{{AuditCapability={id}{{Audit{{Statistics}}}}}}");
        desk.bench.ask(&asked)
    };
    let of_rtp = could("1", "rtp/1");
    let all = "rtp/delay,acme/alerts,acme/alarmed,acme/last}}}";
    assert!(of_rtp.ends_with(all), "{of_rtp}");
    assert_eq!(could("-", "ROOT"), "C=-{AC=ROOT{SA}}");
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
        ("Signals{acmelos/chime}", 440),
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
