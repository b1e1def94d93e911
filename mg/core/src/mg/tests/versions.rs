//! What a version does not have, in a message of that version (H.248.1 8.2.2, 11.3, Annex B).

use super::bench::{Bench, config};
use crate::Config;

/// What only version 3 has, and the code of the action's reply in an older one.
const OF_VERSION_3: &[(&str, u16)] = &[
    ("Context=1{Modify=[rtp/1,rtp/2]{Events}}", 442),
    ("Context=1{Modify=rtp/1{Statistics{rtp/ps}}}", 442),
    (
        "Context=1{Modify=rtp/1{Media{Stream=1{Statistics{rtp/ps}}}}}",
        442,
    ),
    (
        "Context=1{Modify=rtp/1{Events=7{dd/d1{ResetEventsDescriptor}}}}",
        442,
    ),
    (
        "Context=1{Modify=rtp/1{Signals{cg/dt{SPARequestID=7}}}}",
        442,
    ),
    (
        "Context=1{AuditValue=rtp/1{Audit{Media{Stream=1{LocalControl{Mode=Inactive}}}}}}",
        442,
    ),
    ("Context=1{IEPSCall=ON,Modify=rtp/1}", 422),
    ("Context=1{Topology{rtp/1,rtp/2,OnewayBoth}}", 422),
    ("Context=*{ContextAudit{Priority=5}}", 422),
    ("Context=*{ContextAudit{ContextAttr{ContextList={*}}}}", 422),
];

/// What version 2 has brought.
const OF_VERSION_2: &[(&str, u16)] = &[
    (
        "Context=1{AuditValue=rtp/1{Audit{Statistics{rtp/ps}}}}",
        442,
    ),
    ("Context=1{Topology{rtp/1,rtp/2,Isolate,Stream=1}}", 422),
];

fn bench(strict: bool) -> Bench {
    let mut bench = Bench::registered(Config { strict, ..config() });
    bench.ask("Context=${Add=$,Add=$}");
    bench
}

/// The reply to a transaction in a message of that version.
fn ask(bench: &mut Bench, version: u8, id: u32, actions: &str) -> String {
    bench.receive(&format!(
        "MEGACO/{version} [192.0.2.1]:2944 Transaction={id}{{{actions}}}"
    ));
    let reply = bench.reply_to(id);
    reply.unwrap_or_else(|| panic!("no reply to {actions}"))
}

#[test]
fn a_strict_gateway_refuses_what_the_version_does_not_have_and_changes_nothing() {
    let mut bench = bench(true);
    let mut id = 0;
    let before = bench.state();
    for (versions, all) in [(1..3, OF_VERSION_3), (1..2, OF_VERSION_2)] {
        for (actions, code) in all {
            for version in versions.clone() {
                id += 1;
                let reply = ask(&mut bench, version, id, actions);
                let expected = format!("{{ER={code}{{");
                assert!(reply.contains(&expected), "{version} {actions}: {reply}");
                assert!(reply.contains("brought"), "{actions}: {reply}");
                assert_eq!(bench.state(), before, "{actions}");
            }
        }
    }
}

#[test]
fn the_version_that_has_it_has_it_and_a_lenient_gateway_asks_for_none() {
    for (strict, versions) in [(true, 3..4), (false, 1..4)] {
        for (actions, _) in [OF_VERSION_3, OF_VERSION_2].concat() {
            for version in versions.clone() {
                let reply = ask(&mut bench(strict), version, 1, actions);
                assert!(!reply.contains("ER="), "{version} {actions}: {reply}");
            }
        }
    }
    for (actions, _) in OF_VERSION_2 {
        let reply = ask(&mut bench(true), 2, 1, actions);
        assert!(!reply.contains("ER="), "{actions}: {reply}");
    }
}

#[test]
fn what_comes_before_it_is_carried_out_and_what_comes_behind_is_not() {
    let mut bench = bench(true);
    let actions =
        "Context=1{Modify=rtp/1,O-Modify=[rtp/1,rtp/2],Subtract=rtp/2},Context=1{Subtract=*}";
    let reply = ask(&mut bench, 2, 1, actions);
    assert!(reply.starts_with("C=1{MF=rtp/1,ER=442{"), "{reply}");
    assert_eq!(reply.matches("C=").count(), 1, "{reply}");
    let left = bench.ask("Context=1{AuditValue=*{Audit{}}}");
    assert_eq!(left, "C=1{AV=C{rtp/1,rtp/2}}");
    // What all versions have is taken in each.
    for version in 1..4 {
        let reply = ask(
            &mut bench,
            version,
            10 + u32::from(version),
            "Context=1{Priority=3,Topology{rtp/1,rtp/2,Isolate},Modify=*{Events=7{dd/d1}}}",
        );
        assert_eq!(reply, "C=1{MF=rtp/1,MF=rtp/2}", "version {version}");
    }
}
