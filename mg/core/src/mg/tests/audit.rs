//! AuditValue (H.248.1 7.2.5).

use super::bench::{Bench, add};

/// Terminations 1 and 2 in Context 1, Termination 3 in Context 2.
fn two_rooms() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.ask(&format!("Context=${{{}}}", add(40_004)));
    bench
}

#[test]
fn an_empty_audit_returns_names() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=1{AuditValue=rtp/1{Audit{}}}"),
        "C=1{AV=rtp/1}"
    );
    assert_eq!(
        bench.ask("Context=1{AuditValue=*{Audit{}}}"),
        "C=1{AV=C{rtp/1,rtp/2}}"
    );
    let reply = bench.ask("Context=*{AuditValue=rtp/*{Audit{}}}");
    assert_eq!(reply, "C=1{AV=C{rtp/1,rtp/2}},C=2{AV=C{rtp/3}}");
}

#[test]
fn root_in_all_contexts_lists_the_contexts() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=*{AuditValue=ROOT{Audit{}}}");
    assert_eq!(reply, "C=1{AV=ROOT},C=2{AV=ROOT}");
    bench.ask("Context=*{Subtract=*}");
    assert_eq!(
        bench.ask("Context=*{AuditValue=ROOT{Audit{}}}"),
        "C=*{AV=ROOT}"
    );
}

#[test]
fn a_name_in_all_contexts_tells_where_it_is_and_keeps_its_spelling() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=*{AuditValue=RTP/3{Audit{}}}"),
        "C=2{AV=RTP/3}"
    );
}

#[test]
fn media_is_returned_as_it_was_set_and_chosen() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=2{AuditValue=rtp/3{Audit{Media}}}");
    let local = "L{|v=0|o=- 20004 1 IN IP4 192.0.2.10|s=-|c=IN IP4 192.0.2.10|t=0 0|\
                 m=audio 20004 RTP/AVP 8|}";
    let remote = "R{|v=0|o=- 40004 1 IN IP4 198.51.100.1|s=-|c=IN IP4 198.51.100.1|t=0 0|\
                  m=audio 40004 RTP/AVP 8|}";
    let stream = format!("ST=1{{O{{MO=SR,nt/jit=60}},{local},{remote}}}");
    assert_eq!(
        reply,
        format!("C=2{{AV=rtp/3{{M{{TS{{SI=IV,BF=OFF}},{stream}}}}}}}")
    );
}

#[test]
fn empty_descriptors_come_back_as_their_keyword() {
    let mut bench = Bench::usual();
    bench.ask("Context=${Add=$}");
    let reply = bench.ask(
        "Context=1{AuditValue=rtp/1{Audit{Events,Signals,DigitMap,ObservedEvents,EventBuffer}}}",
    );
    assert_eq!(reply, "C=1{AV=rtp/1{E,SG,DM,OE,EB}}");
}

#[test]
fn a_wildcarded_response_is_the_union() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=1{W-AuditValue=*{Audit{Packages}}}");
    assert_eq!(
        reply,
        "C=1{AV=*{PG{g-2,nt-1,rtp-1,dg-2,dd-1,cg-2,cd-1,ct-1,an-1}}}"
    );
    let reply = bench.ask("Context=*{W-AuditValue=rtp/*{Audit{Packages}}}");
    assert_eq!(
        reply,
        "C=*{AV=rtp/*{PG{g-2,nt-1,rtp-1,dg-2,dd-1,cg-2,cd-1,ct-1,an-1}}}"
    );
}

#[test]
fn single_statistics_can_be_asked_for() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics{rtp/ps}}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA{rtp/ps=0}}}");
}

#[test]
fn root_says_its_packages_and_properties() {
    let mut bench = Bench::usual();
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{Packages}}}");
    assert_eq!(
        reply,
        "C=-{AV=ROOT{PG{g-2,root-2,it-1,seg-1,nb-1,chp-1,ocp-1}}}"
    );
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{Media}}}");
    assert!(reply.contains("root/maxNumberOfContexts=100000"), "{reply}");
    let seg = "seg/MGSegmentationTimerValue=4000,seg/MGCSegmentationTimerValue=4000,\
               seg/MGMaxPDUSize=65507,seg/MGCMaxPDUSize=65507";
    assert!(reply.contains(seg), "{reply}");
}

#[test]
fn an_audit_changes_nothing() {
    let mut bench = two_rooms();
    let before = bench.members();
    let streams = bench.engine.streams.clone();
    bench.ask("Context=*{AuditValue=*{Audit{Media,Statistics,Packages,Events}}}");
    assert_eq!(bench.members(), before);
    assert_eq!(bench.engine.streams, streams);
}
