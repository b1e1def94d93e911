//! Individual audits, selection by values, and AuditCapability (H.248.1 7.1.12, 7.2.5, 7.2.6).

use codec_h248::TerminationId;

use super::bench::{Bench, add, config};
use crate::{Line, LineKind, Service};

/// Termination 1 (SendReceive, nt/jit=40, an event) and 2 (Inactive) in Context 1.
fn room() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!(
        "Context=${{{},Add=${{Media{{Stream=2{{LocalControl{{Mode=Inactive}}}}}}}}}}",
        add(40_000)
    ));
    bench.ask(
        "Context=1{Modify=rtp/1{Media{Stream=1{LocalControl{Mode=SendReceive,nt/jit=40}}},\
         Events=7{g/cause,nt/netfail}}}",
    );
    bench
}

fn audit(bench: &mut Bench, name: &str, asked: &str) -> String {
    let reply = bench.ask(&format!(
        "Context=1{{AuditValue={name}{{Audit{{{asked}}}}}}}"
    ));
    let inner = reply.strip_prefix(&format!("C=1{{AV={name}"));
    let inner = inner.and_then(|inner| inner.strip_suffix('}'));
    inner.unwrap_or(&reply).to_owned()
}

#[test]
fn a_part_of_a_descriptor_comes_back_alone() {
    let mut bench = room();
    for (asked, expected) in [
        (
            "Media{Stream=1{LocalControl{nt/jit}}}",
            "{M{ST=1{O{nt/jit=40}}}}",
        ),
        (
            "Media{Stream=1{LocalControl{rtp/jit,Mode}}}",
            "{M{ST=1{O{MO=SR,nt/jit=40}}}}",
        ),
        (
            "Media{Stream=1{LocalControl{ReservedValue}}}",
            "{M{ST=1{O{RV=OFF}}}}",
        ),
        ("Media{TerminationState{ServiceStates}}", "{M{TS{SI=IV}}}"),
        ("Media{TerminationState{Buffer}}", "{M{TS{BF=OFF}}}"),
        ("Events=7{g/cause}", "{E=7{g/cause}}"),
        ("Events=7{nt/*}", "{E=7{nt/netfail}}"),
        ("Events=8{g/cause}", "{E}"),
        ("Events=7{g/sc}", "{E}"),
        ("Statistics{nt/dur}", "{SA{nt/dur=0}}"),
        ("Signals{cg/dt}", "{SG}"),
        (
            "Packages{nt-1}",
            "{PG{nt-1},M{ST=1{O{nt/jit=40}}},E=7{nt/netfail},SA{nt/dur=0,nt/os=0,nt/or=0}}",
        ),
    ] {
        assert_eq!(audit(&mut bench, "rtp/1", asked), expected, "{asked}");
    }
    let reply = audit(&mut bench, "rtp/2", "Media{Stream=2{LocalControl{nt/jit}}}");
    assert_eq!(
        reply, "{M{ST=2{O{nt/jit=60}}}}",
        "what holds where nobody said it"
    );
}

#[test]
fn parts_that_do_not_exist_are_refused() {
    let mut bench = room();
    for (asked, code) in [
        ("Media{Stream=1{LocalControl{nt/nosuch}}}", 532),
        ("Media{Stream=1{LocalControl{nosuch/x}}}", 440),
        ("Media{Stream=3{LocalControl{Mode}}}", 532),
        ("Media{TerminationState{nosuch/x}}", 440),
        ("Events=7{g/nosuch}", 532),
        ("Events=7{nosuch/x}", 440),
        ("Signals{g/nosuch}", 532),
        ("Statistics{nt/nosuch}", 532),
        ("Packages{nt-9}", 532),
        ("Packages{nosuch-1}", 440),
        ("EventBuffer{g/nosuch}", 532),
        ("DigitMap=nosuch", 532),
    ] {
        let reply = audit(&mut bench, "rtp/1", asked);
        assert!(
            reply.starts_with(&format!("{{ER={code}{{")),
            "{asked}: {reply}"
        );
    }
}

#[test]
fn a_package_that_is_not_there_is_named() {
    let mut bench = room();
    let reply = audit(&mut bench, "rtp/1", "Events=7{al/on}");
    let text = "Unsupported or unknown package: al on this Termination (in al/on)";
    assert_eq!(reply, format!("{{ER=440{{\"{text}\"}}}}"));
}

#[test]
fn root_is_audited_in_part() {
    let mut bench = room();
    let reply = bench.ask(
        "Context=-{AuditValue=ROOT{Audit{Media{TerminationState{root/maxNumberOfContexts}}}}}",
    );
    assert_eq!(
        reply,
        "C=-{AV=ROOT{M{TS{root/maxNumberOfContexts=100000}}}}"
    );
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{Media{TerminationState{root/x}}}}}");
    assert!(reply.contains("ER=532{"), "{reply}");
}

#[test]
fn values_select_terminations() {
    let mut bench = room();
    for (asked, expected) in [
        (
            "Media{Stream=1{LocalControl{Mode=SendReceive}}}",
            "C=1{AV=rtp/1{M{ST=1{O{MO=SR}}}}}",
        ),
        (
            "Media{Stream=2{LocalControl{Mode#SendReceive}}}",
            "C=1{AV=rtp/2{M{ST=2{O{MO=IN}}}}}",
        ),
        (
            "Media{Stream=1{LocalControl{nt/jit>30}}}",
            "C=1{AV=rtp/1{M{ST=1{O{nt/jit=40}}}}}",
        ),
        ("Media{Stream=1{LocalControl{nt/jit=[41:90]}}}", "C=1{AV=*}"),
        (
            "Media{TerminationState{ServiceStates=InService}}",
            "C=1{AV=rtp/1{M{TS{SI=IV}}},AV=rtp/2{M{TS{SI=IV}}}}",
        ),
    ] {
        let reply = bench.ask(&format!("Context=1{{AuditValue=*{{Audit{{{asked}}}}}}}"));
        assert_eq!(reply, expected, "{asked}");
    }
    let both = "Audit{Media{TerminationState{ServiceStates=OutOfService},\
                Stream=1{LocalControl{Mode=SendReceive}}}}";
    let reply = bench.ask(&format!("Context=1{{AuditValue=*{{{both}}}}}"));
    assert_eq!(reply, "C=1{AV=*}");
    let reply = bench.ask(&format!(
        "Context=1{{ContextAudit{{ORLgc}},AuditValue=*{{{both}}}}}"
    ));
    assert_eq!(reply, "C=1{AV=rtp/1{M{TS{SI=IV},ST=1{O{MO=SR}}}}}");
}

#[test]
fn lines_out_of_service_are_found() {
    let mut config = config();
    let line = |name: &'static str, service| Line {
        service,
        ..Line::new(TerminationId::from_name(name), LineKind::Analog)
    };
    config.lines = vec![
        line("line/1", Service::In),
        line(
            "line/2",
            Service::Out {
                reason: 905,
                graceful: None,
            },
        ),
    ];
    let mut bench = Bench::registered(config);
    let asked = "Audit{Media{TerminationState{ServiceStates=OutOfService}}}";
    let reply = bench.ask(&format!("Context=-{{AuditValue=*{{{asked}}}}}"));
    assert_eq!(reply, "C=-{AV=line/2{M{TS{SI=OS}}}}");
}

#[test]
fn capabilities_are_all_values_in_turn() {
    let mut bench = room();
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Media}}}");
    let first = "M{TS{SI=IV,BF=SP},ST=1{O{MO=SR,RV=ON,RG=ON,nt/jit=[0:10000]},";
    assert!(reply.contains(first), "{reply}");
    for (each, count) in [
        ("RTP/AVP 8 0 9 96 97 98 99 101 102 103|", 2),
        ("RTP/SAVP 8 0 9 96 97 98 99 101 102 103|", 2),
        ("a=rtpmap:96 opus/48000/2|", 4),
        ("a=rtpmap:98 L16/16000|", 4),
        ("a=rtpmap:101 telephone-event/8000|a=fmtp:101 0-15|", 4),
        ("a=rtpmap:102 telephone-event/48000|a=fmtp:102 0-15|", 4),
        ("a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:$|", 2),
    ] {
        assert_eq!(reply.matches(each).count(), count, "{each}: {reply}");
    }
    for mode in ["MO=SO", "MO=RC", "MO=IN", "MO=LB", "SI=OS", "SI=TE"] {
        assert!(reply.contains(mode), "{mode}: {reply}");
    }
    let asked = "Media{Stream=1{LocalControl{nt/jit}}}";
    let reply = bench.ask(&format!(
        "Context=1{{AuditCapability=rtp/1{{Audit{{{asked}}}}}}}"
    ));
    assert_eq!(reply, "C=1{AC=rtp/1{M{ST=1{O{nt/jit=[0:10000]}}}}}");
    let asked = "Media{Stream=1{LocalControl{Mode}}}";
    let reply = bench.ask(&format!(
        "Context=1{{AuditCapability=rtp/1{{Audit{{{asked}}}}}}}"
    ));
    assert_eq!(reply.matches("M{ST=1{O{MO=").count(), 5, "{reply}");
}

#[test]
fn capabilities_name_every_event_signal_and_statistic() {
    let mut bench = room();
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Events,EventBuffer}}}");
    assert!(
        reply.starts_with("C=1{AC=rtp/1{E=*{g/cause,g/sc,"),
        "{reply}"
    );
    assert!(reply.contains("EB{g/cause,g/sc,"), "{reply}");
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Events=7{nt/netfail}}}}");
    assert_eq!(reply, "C=1{AC=rtp/1{E=*{nt/netfail,rtp/netfail}}}");
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Statistics}}}");
    let all = "nt/dur,nt/os,nt/or,rtp/ps,rtp/pr,rtp/pl,rtp/jit,rtp/delay";
    assert_eq!(reply, format!("C=1{{AC=rtp/1{{SA{{{all}}}}}}}"));
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{ObservedEvents,Mux,Modem}}}");
    assert_eq!(reply, "C=1{AC=rtp/1{OE=7{g/cause,nt/netfail},MX,MD}}");
    let reply = bench.ask("Context=1{AuditCapability=rtp/1{Audit{Signals}}}");
    assert!(reply.contains("cg/dt"), "{reply}");
    let reply = bench.ask("Context=1{W-AuditCapability=*{Audit{Statistics}}}");
    assert_eq!(reply, format!("C=1{{AC=*{{SA{{{all}}}}}}}"));
}

#[test]
fn root_has_capabilities() {
    let mut bench = room();
    let reply = bench.ask("Context=-{AuditCapability=ROOT{Audit{Media,Events,Signals}}}");
    for part in ["root/normalMGExecutionTime=[", "E=*{", "it/ito", "SG}"] {
        assert!(reply.contains(part), "{part}: {reply}");
    }
}

#[test]
fn capabilities_of_what_has_none_are_refused() {
    let mut bench = room();
    for (action, code) in [
        ("Context=1{AuditCapability=rtp/1{Audit{DigitMap}}}", 447),
        ("Context=1{AuditCapability=rtp/1{Audit{Packages}}}", 447),
        ("Context=1{AuditCapability=rtp/9{Audit{Media}}}", 430),
        ("Context=9{AuditCapability=*{Audit{Media}}}", 411),
        ("Context=1{AuditCapability=${Audit{Media}}}", 410),
        (
            "Context=1{AuditCapability=rtp/1{Audit{Statistics{nt/x}}}}",
            532,
        ),
    ] {
        let reply = bench.ask(action);
        assert!(reply.contains(&format!("ER={code}{{")), "{action}: {reply}");
    }
}
