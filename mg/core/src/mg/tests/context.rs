//! Attributes of Contexts, and the shape of transactions (H.248.1 7.2.9, 8).

use super::bench::{Bench, add};

fn room() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench
}

#[test]
fn a_context_audit_returns_default_values() {
    let mut bench = room();
    let reply = bench.ask("Context=1{ContextAudit{Topology,Priority,Emergency}}");
    assert_eq!(reply, "C=1{TP{*,*,BW},PR=0,EGO}");
}

#[test]
fn attributes_are_kept_and_reported_after_setting() {
    let mut bench = room();
    let reply = bench.ask("Context=1{Priority=3,Emergency,ContextAudit{Priority,Emergency}}");
    assert_eq!(reply, "C=1{PR=3,EG}");
    assert_eq!(bench.ask("Context=1{EmergencyOff}"), "C=1");
    bench.ask("Context=${Priority=7,Add=$}");
    let reply = bench.ask("Context=2{ContextAudit{Priority}},Context=1{ContextAudit{Priority}}");
    assert_eq!(reply, "C=2{PR=7},C=1{PR=3}");
}

#[test]
fn a_topology_in_which_everybody_hears_everybody_is_accepted() {
    let mut bench = room();
    let reply = bench.ask("Context=1{Topology{*,*,Bothway,rtp/1,rtp/2,Bothway},Modify=rtp/1}");
    assert_eq!(reply, "C=1{MF=rtp/1}");
    let reply = bench.ask("Context=1{Topology{rtp/1,rtp/9,Bothway},Modify=rtp/1}");
    assert!(reply.starts_with("C=1{ER=430{"), "{reply}");
}

#[test]
fn the_null_context_has_no_attributes() {
    let mut bench = room();
    let reply = bench.ask("Context=-{ContextAudit{Priority}}");
    assert!(reply.starts_with("C=-{ER=421{"), "{reply}");
    let reply = bench.ask("Context=-{Priority=3,AuditValue=ROOT{Audit{}}}");
    assert!(reply.starts_with("C=-{ER=421{"), "{reply}");
}

#[test]
fn actions_and_commands_are_answered_in_their_order() {
    let mut bench = room();
    bench.ask("Context=${Add=$}");
    let reply = bench.ask("Context=2{Modify=rtp/3},Context=1{Modify=rtp/2,Modify=rtp/1}");
    assert_eq!(reply, "C=2{MF=rtp/3},C=1{MF=rtp/2,MF=rtp/1}");
}

#[test]
fn the_first_failure_ends_the_transaction() {
    let mut bench = room();
    let reply =
        bench.ask("Context=1{Modify=rtp/1,Modify=rtp/99,Modify=rtp/2},Context=1{Subtract=*}");
    assert!(
        reply.starts_with("C=1{MF=rtp/1,MF=rtp/99{ER=430{"),
        "{reply}"
    );
    assert!(reply.ends_with("}}}"), "{reply}");
    assert_eq!(bench.members()[0].1.len(), 2);
    let reply = bench.ask("Context=9{Modify=rtp/1},Context=1{Subtract=*}");
    assert!(
        reply.starts_with("C=9{ER=411{") && !reply.contains("C=1"),
        "{reply}"
    );
}

#[test]
fn an_optional_failure_does_not() {
    let mut bench = room();
    let reply = bench.ask("Context=1{O-Modify=rtp/99,Subtract=rtp/1{Audit{}}}");
    assert!(reply.starts_with("C=1{MF=rtp/99{ER=430{"), "{reply}");
    assert!(reply.ends_with("}},S=rtp/1}"), "{reply}");
}

#[test]
fn later_commands_of_a_choose_action_are_about_the_context_that_was_made() {
    let mut bench = Bench::usual();
    let reply = bench.ask("Context=${Add=$,Modify=rtp/1,AuditValue=*{Audit{}}}");
    assert_eq!(reply, "C=1{A=rtp/1,MF=rtp/1,AV=C{rtp/1}}");
}

#[test]
fn an_optional_first_failure_lets_the_context_be_made_by_the_next() {
    let mut bench = Bench::usual();
    let reply = bench.ask("Context=${O-Add=rtp/77,Add=$}");
    assert!(reply.starts_with("C=1{A=rtp/77{ER=430{"), "{reply}");
    assert!(reply.ends_with("}},A=rtp/1}"), "{reply}");
}

#[test]
fn a_failed_choose_action_leaves_no_context_and_says_choose() {
    let mut bench = room();
    let before = bench.state();
    let reply = bench.ask("Context=${Add=nosuch/$}");
    assert!(reply.starts_with("C=${A=nosuch/${ER=431{"), "{reply}");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_context_that_ends_within_an_action_is_unknown_to_its_other_commands() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    let reply = bench.ask("Context=1{Subtract=rtp/1{Audit{}},Add=$}");
    assert!(reply.starts_with("C=1{S=rtp/1,ER=411{"), "{reply}");
    assert_eq!(bench.members(), []);
}
