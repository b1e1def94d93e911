//! Every answer to an audit is as the standard wants it: nothing departs from it, text can say all.

use codec_h248::{Limits, TerminationId, decode, package::PackageRegistry, strict::departures};

use super::bench::{Bench, add, config};
use crate::{Line, LineKind};

/// An RTP Termination, an analog line and a channel of a trunk in Context 1; another line in none.
fn all_kinds() -> Bench {
    let mut config = config();
    let line = |name: &'static str, kind| Line::new(TerminationId::from_name(name), kind);
    config.lines = vec![
        line("line/1", LineKind::Analog),
        line("line/2", LineKind::Analog),
        line("trunk/1", LineKind::Trunk),
    ];
    let mut bench = Bench::registered(config);
    bench.ask(&format!(
        "Context=${{{},Add=line/1{{Media{{Stream=1{{LocalControl{{Mode=SendReceive}}}}}},\
         Events=7{{al/*}},Signals{{cg/dt}}}},Add=trunk/1}}",
        add(40_000)
    ));
    bench
}

#[test]
fn answers_to_audits_do_not_depart_from_the_standard() {
    let mut bench = all_kinds();
    let value = "Media,Events,Signals,EventBuffer,DigitMap,Statistics,Packages,ObservedEvents";
    let capability = "Media,Events,Signals,EventBuffer,Statistics,ObservedEvents";
    for (context, name) in [
        ("-", "ROOT"),
        ("-", "line/2"),
        ("1", "line/1"),
        ("1", "trunk/1"),
        ("1", "rtp/1"),
    ] {
        for (command, items) in [("AuditValue", value), ("AuditCapability", capability)] {
            for item in items.split(',').chain([items]) {
                let asked = format!("Context={context}{{{command}={name}{{Audit{{{item}}}}}}}");
                let answer = bench.ask(&asked);
                assert!(!answer.contains("ER="), "{asked}: {answer}");
                let text = format!("!/3 [192.0.2.10] P=1{{{answer}}}");
                let message = decode(text.as_bytes(), &Limits::default()).expect("it reads");
                let found = departures(&message, &PackageRegistry::standard());
                let found: Vec<_> = found.iter().map(ToString::to_string).collect();
                assert!(found.is_empty(), "{asked}: {found:#?}");
                let faults = message.validate();
                assert!(faults.is_empty(), "{asked}: {faults:?}");
            }
        }
    }
}

#[test]
fn what_root_cannot_change_has_one_value() {
    let mut bench = all_kinds();
    let capability = bench.ask("Context=-{AuditCapability=ROOT{Audit{Media}}}");
    for part in [
        "root/maxNumberOfContexts=100000,",
        "root/MGOriginatedPendingLimit=[0:4294967295]",
    ] {
        assert!(capability.contains(part), "{part}: {capability}");
    }
    let value = bench.ask("Context=-{AuditValue=ROOT{Audit{Media}}}");
    assert!(
        value.contains("root/maxNumberOfContexts=100000,"),
        "{value}"
    );
    assert!(!value.contains("PendingLimit"), "none is set: {value}");
    for limit in [
        "root/MGOriginatedPendingLimit",
        "root/MGCOriginatedPendingLimit",
    ] {
        let asked = format!(
            "Context=-{{AuditValue=ROOT{{Audit{{Media{{TerminationState{{{limit}}}}}}}}}}}"
        );
        let unset = bench.ask(&asked);
        assert!(unset.starts_with("C=-{AV=ROOT{ER=532{"), "{unset}");
        bench.ask(&format!(
            "Context=-{{Modify=ROOT{{Media{{TerminationState{{{limit}=7}}}}}}}}"
        ));
        assert_eq!(
            bench.ask(&asked),
            format!("C=-{{AV=ROOT{{M{{TS{{{limit}=7}}}}}}}}")
        );
    }
}
