//! Audits of all Contexts, and selection of Contexts (H.248.1 7.2.9).

use super::bench::Bench;

/// Contexts 1 (priority 7, emergency), 2 (priority 1) and 3 (priority 7, IEPS).
fn three() -> Bench {
    let mut bench = Bench::usual();
    bench.ask("Context=${Priority=7,Emergency,Add=$}");
    bench.ask("Context=${Priority=1,Add=$}");
    bench.ask("Context=${Priority=7,IEPSCall=ON,Add=$}");
    bench
}

#[test]
fn each_context_answers_an_audit_of_all() {
    let mut bench = three();
    let reply = bench.ask("Context=*{ContextAudit{Priority,Emergency,IEPSCall}}");
    assert_eq!(
        reply,
        "C=1{PR=7,EG,IEPS=OFF},C=2{PR=1,EGO,IEPS=OFF},C=3{PR=7,EGO,IEPS=ON}"
    );
}

#[test]
fn contexts_are_selected_by_what_is_said_of_them() {
    let mut bench = three();
    for (asked, expected) in [
        ("Priority=7", "C=1,C=3"),
        ("Priority=7,Priority", "C=1{PR=7},C=3{PR=7}"),
        ("Priority=7,EmergencyValue=EmergencyOff", "C=3"),
        ("Priority=7,EmergencyValue=Emergency,ANDLgc", "C=1"),
        ("Priority=1,IEPSCall=ON,ORLgc", "C=2,C=3"),
        ("Priority=0", "C=*"),
        ("ContextAttr{ContextList={1,3}}", "C=*{CT{CLT={1,3}}}"),
        ("ContextAttr{ContextList={*}}", "C=*{CT{CLT={1,2,3}}}"),
        (
            "Priority=7,ContextAttr{ContextAttr{ContextList={2,3}}},IEPSCall",
            "C=3{IEPS=ON}",
        ),
    ] {
        let reply = bench.ask(&format!("Context=*{{ContextAudit{{{asked}}}}}"));
        assert_eq!(reply, expected, "{asked}");
    }
}

#[test]
fn commands_are_about_the_contexts_that_are_selected() {
    let mut bench = three();
    let reply = bench.ask("Context=*{ContextAudit{Priority=7},AuditValue=*{Audit{}}}");
    assert_eq!(reply, "C=1{AV=C{rtp/1}},C=3{AV=C{rtp/3}}");
    let reply = bench.ask("Context=*{ContextAttr{ContextList={2,3}},AuditValue=*{Audit{}}}");
    assert_eq!(reply, "C=2{AV=C{rtp/2}},C=3{AV=C{rtp/3}}");
    let reply = bench.ask("Context=*{ContextAudit{Priority=7},AuditValue=ROOT{Audit{}}}");
    assert_eq!(reply, "C=1{AV=ROOT},C=3{AV=ROOT}");
    let reply = bench.ask("Context=*{ContextAudit{Priority=0},AuditValue=*{Audit{}}}");
    assert!(reply.contains("ER=431{"), "{reply}");
    let reply = bench.ask("Context=*{ContextAudit{Priority=7},AuditValue=rtp/2{Audit{}}}");
    assert!(reply.contains("AV=rtp/2{ER=435{"), "{reply}");
    bench.ask("Context=*{ContextAudit{Priority=7},Subtract=*{Audit{}}}");
    assert_eq!(bench.members(), [(2, vec!["rtp/2".to_owned()])]);
}

#[test]
fn one_context_is_asked_whether_it_is_meant() {
    let mut bench = three();
    let reply = bench.ask("Context=1{ContextAudit{Priority=7,Emergency}}");
    assert_eq!(reply, "C=1{EG}");
    let reply = bench.ask("Context=2{ContextAudit{Priority=7,Emergency}}");
    assert_eq!(reply, "C=2");
}

#[test]
fn what_cannot_be_asked_or_set_is_refused() {
    let mut bench = three();
    let before = bench.state();
    for (action, code) in [
        ("Context=*{Priority=3}", 421),
        ("Context=1{Priority=16}", 449),
        ("Context=1{Priority=3,ContextAttr{nosuch/x=1}}", 440),
        ("Context=1{Priority=3,ContextAttr{nt/x=1}}", 450),
        ("Context=1{ContextAttr{ContextList={1}}}", 421),
        ("Context=1{ContextAudit{nosuch/x}}", 440),
        ("Context=*{ContextAudit{root/x}}", 450),
        ("Context=*{ContextAudit{ContextAttr{nosuch/x=1}}}", 440),
        ("Context=*{ContextAudit{Priority=99}}", 449),
        ("Context=*{ContextAudit{Priority=1,ANDLgc,ORLgc}}", 449),
        ("Context=*{ContextAttr{ContextList={1,9}},Subtract=*}", 411),
        ("Context=-{ContextAudit{Priority}}", 421),
        ("Context=-{EmergencyOff,AuditValue=ROOT{Audit{}}}", 421),
    ] {
        let reply = bench.ask(action);
        assert!(reply.contains(&format!("ER={code}{{")), "{action}: {reply}");
        assert_eq!(bench.state(), before, "{action}");
    }
}
