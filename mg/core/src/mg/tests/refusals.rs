//! Every code that a command is refused with, and that a refused command changes nothing
//! (H.248.8, H.248.1 8).

use super::bench::{Bench, add};

/// Terminations 1 and 2 in Context 1, Termination 3 in Context 2; every port pair is bound.
fn two_rooms() -> Bench {
    let mut config = super::bench::config();
    config.ports_ahead = 50;
    let mut bench = Bench::registered(config);
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.ask(&format!("Context=${{{}}}", add(40_004)));
    bench
}

fn check(rows: &[(&str, &str)]) {
    let mut bench = two_rooms();
    for (actions, code) in rows {
        let before = bench.state();
        let reply = bench.ask(actions);
        assert!(
            reply.contains(&format!("ER={code}{{")),
            "{actions}: {code} wanted, {reply}"
        );
        assert_eq!(bench.state(), before, "{actions}");
    }
}

#[test]
fn names_and_places() {
    check(&[
        ("Context=1{Add=ROOT}", "410"),
        ("Context=1{Move=ROOT}", "410"),
        ("Context=1{Subtract=ROOT}", "410"),
        ("Context=1{Modify=ROOT}", "410"),
        ("Context=1{AuditValue=ROOT{Audit{}}}", "410"),
        ("Context=*{Modify=ROOT}", "410"),
        ("Context=1{Move=$}", "410"),
        ("Context=1{Modify=$}", "410"),
        ("Context=1{Subtract=rtp/$}", "410"),
        ("Context=1{AuditValue=${Audit{}}}", "410"),
        ("Context=${Modify=rtp/1}", "410"),
        ("Context=${Subtract=rtp/1}", "410"),
        ("Context=77{Add=$}", "411"),
        ("Context=-{Add=$}", "421"),
        ("Context=*{Add=$}", "421"),
        ("Context=-{Subtract=rtp/1}", "421"),
        ("Context=1{Add=rtp/99}", "430"),
        ("Context=1{Move=rtp/99}", "430"),
        ("Context=1{Modify=rtp/99}", "430"),
        ("Context=1{Subtract=rtp/99}", "430"),
        ("Context=*{Subtract=rtp/99}", "430"),
        ("Context=1{AuditValue=rtp/99{Audit{}}}", "430"),
        ("Context=1{Add=rtp/*}", "431"),
        ("Context=1{Move=tdm/*}", "431"),
        ("Context=1{Subtract=tdm/*}", "431"),
        ("Context=-{AuditValue=*{Audit{}}}", "431"),
        ("Context=1{Add=tdm/$}", "431"),
        ("Context=1{Add=rtp/1}", "433"),
        ("Context=1{Add=rtp/3}", "433"),
        ("Context=1{Modify=rtp/3}", "435"),
        ("Context=1{Subtract=rtp/3}", "435"),
        ("Context=-{AuditValue=rtp/3{Audit{}}}", "435"),
        ("Context=1{AuditCapability=rtp/1{Audit{DigitMap}}}", "447"),
        ("Context=-{AuditCapability=ROOT{Audit{Packages}}}", "447"),
        ("Context=1{AuditCapability=rtp/3{Audit{Media}}}", "435"),
    ]);
}

#[test]
fn notify_is_for_the_other_way() {
    check(&[("Context=1{Notify=rtp/1{ObservedEvents=1{g/cause}}}", "443")]);
}

#[test]
fn descriptors_packages_and_items() {
    check(&[
        ("Context=1{Modify=rtp/1{Modem[V90]{mdp/x=1}}}", "444"),
        ("Context=1{Modify=rtp/1{Mux=H221{rtp/1,rtp/2}}}", "444"),
        ("Context=1{Modify=rtp/1{DigitMap=dm{(1[xx)}}}", "442"),
        ("Context=1{Modify=rtp/1{DigitMap=dm}}", "520"),
        ("Context=1{Modify=rtp/1{EventBuffer{nosuch/x}}}", "440"),
        ("Context=1{Modify=rtp/1{EventBuffer{dd/nosuch}}}", "451"),
        ("Context=-{Modify=ROOT{EventBuffer{it/ito}}}", "447"),
        ("Context=1{Modify=rtp/1{Events=1{dd/ce}}}", "457"),
        ("Context=1{Modify=rtp/1{Events=1{nosuch/x}}}", "440"),
        ("Context=1{Modify=rtp/1{Events=1{g/nosuch}}}", "451"),
        (
            "Context=1{Modify=rtp/1{Events=1{nt/qualert{th=100}}}}",
            "454",
        ),
        ("Context=1{Modify=rtp/1{Events=1{g/cause{x=1}}}}", "446"),
        (
            "Context=1{Modify=rtp/1{Events=1{g/cause{Embed{Signals{g/x}}}}}}",
            "452",
        ),
        ("Context=1{Modify=rtp/1{Signals{nosuch/x}}}", "440"),
        ("Context=1{Modify=rtp/1{Signals{nt/nosuch}}}", "452"),
        (
            "Context=1{Modify=rtp/1{Media{LocalControl{nosuch/x=1}}}}",
            "440",
        ),
        (
            "Context=1{Modify=rtp/1{Media{LocalControl{nt/nosuch=1}}}}",
            "450",
        ),
        (
            "Context=1{Modify=rtp/1{Media{LocalControl{nt/jit=soon}}}}",
            "449",
        ),
        (
            "Context=1{Modify=rtp/1{Media{TerminationState{nt/jit=20}}}}",
            "455",
        ),
        (
            "Context=1{Modify=rtp/1{Media{TerminationState{nt/x=20}}}}",
            "450",
        ),
        (
            "Context=1{Modify=rtp/1{Media{TerminationState{nosuch/x=20}}}}",
            "440",
        ),
        (
            "Context=-{Modify=ROOT{Media{TerminationState{Buffer=LockStep}}}}",
            "501",
        ),
        (
            "Context=-{Modify=ROOT{Media{TerminationState{ServiceStates=Test}}}}",
            "501",
        ),
        (
            "Context=1{AuditValue=rtp/1{Audit{Statistics{nt/nosuch}}}}",
            "532",
        ),
        (
            "Context=1{AuditValue=rtp/1{Audit{Statistics{nosuch/x}}}}",
            "440",
        ),
        (
            "Context=1{Subtract=rtp/1{Audit{Statistics{nt/nosuch}}}}",
            "532",
        ),
        ("Context=-{Modify=ROOT{Signals{cg/dt}}}", "447"),
        (
            "Context=-{Modify=ROOT{Media{LocalControl{Mode=SendOnly}}}}",
            "447",
        ),
        ("Context=-{Modify=ROOT{Events=1{nt/netfail}}}", "440"),
    ]);
}

#[test]
fn root_properties() {
    let write =
        |parms: &str| format!("Context=-{{Modify=ROOT{{Media{{TerminationState{{{parms}}}}}}}}}");
    check(&[
        (&write("root/maxNumberOfContexts=5"), "534"),
        (&write("root/MGProvisionalResponseTimerValue=5"), "449"),
        (&write("root/nosuch=5"), "450"),
        (&write("nosuch/x=5"), "440"),
        (&write("root/normalMGExecutionTime=soon"), "449"),
        (&write("seg/MGCMaxPDUSize=511"), "449"),
        (&write("seg/MGMaxPDUSize=65532"), "449"),
        (&write("seg/MGSegmentationTimerValue=9"), "449"),
        (&write("seg/MGCSegmentationTimerValue=600001"), "449"),
        (&write("seg/nosuch=5"), "450"),
    ]);
}

#[test]
fn session_descriptions() {
    let local = |sdp: &str| format!("Context=1{{Modify=rtp/1{{Media{{Local{{\n{sdp}\n}}}}}}}}");
    let remote = |sdp: &str| format!("Context=1{{Modify=rtp/1{{Media{{Remote{{\n{sdp}\n}}}}}}}}");
    check(&[
        (&local("nonsense"), "474"),
        (&local("v=0\nc=IN IP4 $"), "474"),
        (&local("m=audio $ RTP/AVP 0\nm=audio $ RTP/AVP 8"), "474"),
        (&local("m=audio $ RTP/AVP 18"), "515"),
        (&local("m=image $ udptl t38"), "515"),
        (&local("m=audio $ UDP/TLS/RTP/SAVPF 8"), "515"),
        (&local("m=audio $ RTP/SAVP 8\na=crypto:1 X inline:$"), "515"),
        (&local("m=audio 0 RTP/AVP 8"), "515"),
        (&local("c=IN IP4 192.0.2.99\nm=audio $ RTP/AVP 8"), "510"),
        (&local("m=audio 20002 RTP/AVP 8"), "510"),
        (&local("m=audio 50000 RTP/AVP 8"), "510"),
        (&remote("c=IN IP4 198.51.100.1\nm=audio 0 RTP/AVP 8"), "515"),
        (
            &remote("c=IN IP4 198.51.100.1\nm=audio 4000 RTP/AVP 18"),
            "515",
        ),
        (&remote("c=IN IP4 $\nm=audio 4000 RTP/AVP 8"), "449"),
        (&remote("m=audio 4000 RTP/AVP 8"), "449"),
        (
            &remote("c=IN IP6 2001:db8::1\nm=audio 4000 RTP/AVP 8"),
            "449",
        ),
    ]);
}

#[test]
fn remotes_that_are_no_single_far_end() {
    let modify = |more: &str, to: &str, port: u16, attribute: &str| {
        format!(
            "Context=1{{Modify=rtp/1{{Media{{{more}Remote{{\nc=IN IP4 {to}\n\
             m=audio {port} RTP/AVP 8{attribute}\n}}}}}}}}"
        )
    };
    for to in ["255.255.255.255", "224.0.0.1", "239.1.2.3"] {
        check(&[(&modify("", to, 4_000, ""), "449")]);
    }
    let own = "192.0.2.10";
    let moved = "Local{\nm=audio 20050 RTP/AVP 8\n},";
    check(&[
        (&modify("", own, 20_000, ""), "449"),
        (&modify("", own, 20_001, ""), "449"),
        (&modify("", own, 19_999, ""), "449"),
        (&modify("", own, 4_000, "\na=rtcp:20001"), "449"),
        (&modify(moved, own, 20_050, ""), "449"),
    ]);
}

#[test]
fn a_port_pair_that_the_far_end_is_at_is_not_taken() {
    let mut bench = two_rooms();
    let modify = |descriptor: &str| {
        format!(
            "Context=1{{Modify=rtp/1{{Media{{{descriptor}{{\nc=IN IP4 192.0.2.10\n\
             m=audio 20050 RTP/AVP 8\n}}}}}}}}"
        )
    };
    let reply = bench.ask(&modify("Remote"));
    assert!(!reply.contains("ER="), "it is not its own: {reply}");
    let reply = bench.ask(&modify("Local"));
    assert!(reply.contains("ER=449{"), "{reply}");
}

#[test]
fn contexts() {
    check(&[
        ("Context=1{Priority=16,Modify=rtp/1}", "449"),
        ("Context=1{Topology{rtp/1,rtp/1,Oneway}}", "421"),
        ("Context=1{Topology{rtp/1,rtp/3,Bothway}}", "435"),
        ("Context=1{ContextAudit{nosuch/x}}", "440"),
        ("Context=1{ContextAudit{nt/x}}", "450"),
        ("Context=-{ContextAudit{Priority}}", "421"),
        ("Context=1{ContextAudit{Priority=16}}", "449"),
    ]);
}

#[test]
fn a_command_that_fails_late_has_changed_nothing_before() {
    check(&[
        (
            "Context=2{Move=rtp/1{Media{LocalControl{Mode=Inactive}},Events=1{dd/nosuch}}}",
            "451",
        ),
        (
            "Context=1{Modify=rtp/1{Media{Stream=1{LocalControl{Mode=Inactive}},\
             Stream=2{Local{\nm=audio $ RTP/AVP 18\n}}}}}",
            "515",
        ),
        (
            "Context=${Add=${Media{Stream=1{Local{\nm=audio $ RTP/AVP 8\n}},\
             Stream=2{Local{\nm=audio $ RTP/AVP 18\n}}}}}",
            "515",
        ),
    ]);
}

#[test]
fn too_many_items_of_a_reply_are_refused_before_anything_is_done() {
    let mut config = super::bench::config();
    config.limits.reply_items = 3;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$,Add=$}");
    let reply = bench.ask("Context=1{AuditValue=*{Audit{}},Subtract=*}");
    assert!(
        reply.starts_with("C=1{AV=C{rtp/1,rtp/2},ER=533{"),
        "{reply}"
    );
    assert_eq!(bench.members()[0].1.len(), 2);
}

#[test]
fn a_list_of_wildcards_is_refused_before_it_has_been_matched_to_its_end() {
    let mut config = super::bench::config();
    config.limits.reply_items = 10;
    config.limits.wildcard_looks = 12;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$,Add=$,Add=$}");
    let reply = bench.ask(&format!("Context=1{{AuditValue=[{}*]}}", "*,".repeat(999)));
    assert!(reply.starts_with("C=1{ER=533{"), "{reply}");
    let reply = bench.ask(&format!(
        "Context=*{{{}Subtract=*}}",
        "O-AuditValue=x*,".repeat(4)
    ));
    let refused = "C=*{AV=x*{ER=431{";
    assert_eq!(reply.matches(refused).count(), 4, "{reply}");
    assert!(
        reply.ends_with("S=*{ER=510{\"Insufficient resources: too many wildcards\"}}}"),
        "{reply}"
    );
    assert_eq!(bench.members()[0].1.len(), 3);
}

#[test]
fn a_context_to_be_made_that_nothing_is_put_in() {
    check(&[
        ("Context=${Priority=3}", "410"),
        ("Context=${ContextAudit{Priority}}", "410"),
    ]);
}

#[test]
fn more_events_than_a_termination_holds() {
    let armed = |count| {
        format!(
            "Context=1{{Modify=rtp/1{{Events=1{{{}g/sc}}}}}}",
            "g/sc,".repeat(count)
        )
    };
    check(&[(&armed(64), "510")]);
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    assert_eq!(bench.ask(&armed(63)), "C=1{MF=rtp/1}");
}

#[test]
fn more_items_to_audit_than_there_are() {
    let asked = |count| {
        format!(
            "Context=1{{AuditValue=*{{Audit{{{}Media}}}}}}",
            "Packages,".repeat(count)
        )
    };
    check(&[(&asked(64), "510")]);
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    let once = bench.ask(&asked(63));
    assert_eq!(
        once,
        "C=1{AV=rtp/1{PG{g-2,nt-1,rtp-1,dg-2,dd-1,cg-2,cd-1,ct-1,an-1},M{TS{SI=IV,BF=OFF}}}}"
    );
}

#[test]
fn what_stands_twice() {
    let stream = "Stream=1{LocalControl{Mode=SendOnly}}";
    let twice = format!("Context=1{{Modify=rtp/1{{Media{{{stream},{stream}}}}}}}");
    check(&[
        ("Context=1{Modify=rtp/1{Signals{},Signals{}}}", "448"),
        (
            "Context=1{Modify=rtp/1{Events=1{g/cause},Events=2{g/cause}}}",
            "448",
        ),
        (&twice, "448"),
        (
            "Context=1{Modify=rtp/1{Media{LocalControl{nt/jit=20,nt/jit=40}}}}",
            "456",
        ),
        (
            "Context=-{Modify=ROOT{Media{TerminationState{root/normalMGExecutionTime=100,\
             root/normalMGExecutionTime=200}}}}",
            "456",
        ),
    ]);
}

#[test]
fn what_replies_hold_is_bounded_whoever_asks_optionally() {
    let mut config = super::bench::config();
    config.limits.reply_parts = 2_000;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$,Add=$}");
    let whole = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Media,Events,Signals}}}");
    assert!(!whole.contains("ER="), "{whole}");
    for command in ["O-AuditCapability", "O-W-AuditCapability"] {
        let asked = format!("{command}=*{{Audit{{Media,Events,Signals}}}},").repeat(20);
        let reply = bench.ask(&format!("Context=*{{{asked}Subtract=*}}"));
        assert_eq!(reply.matches("ER=533{").count(), 1, "{reply}");
        assert!(reply.len() < 8 * whole.len(), "{reply}");
        assert_eq!(bench.members()[0].1.len(), 2);
    }
}

#[test]
fn what_is_said_of_contexts_is_bounded() {
    let mut config = super::bench::config();
    config.limits.reply_parts = 100;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Topology{*,*,Isolate},Add=$,Add=$,Add=$,Add=$,Add=$}");
    bench.ask("Context=1{Topology{*,*,Isolate}}");
    let actions = vec!["Context=1{ContextAudit{Topology}}"; 20].join(",");
    let reply = bench.ask(&actions);
    assert_eq!(reply.matches("TP{").count(), 9, "{reply}");
    assert!(reply.contains("ER=533{"), "{reply}");
}
