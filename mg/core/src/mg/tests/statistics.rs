//! Which statistics are kept, and where they are returned (H.248.1 7.1.15, version 3).

use std::time::Duration;

use mg_contract::StreamStatistics;

use super::bench::{Bench, add};

fn counting(packets: u64) -> StreamStatistics {
    StreamStatistics {
        packets_sent: packets,
        packets_received: packets,
        octets_sent: packets * 160,
        octets_received: packets * 160,
        ..StreamStatistics::default()
    }
}

fn room() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.engine.statistics = counting(50);
    bench
}

#[test]
fn only_what_is_asked_for_is_kept() {
    let mut bench = room();
    let reply = bench.ask("Context=1{Modify=rtp/1{Statistics{nt/dur,rtp/ps}}}");
    assert_eq!(reply, "C=1{MF=rtp/1}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA{nt/dur=0,rtp/ps=50}}}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics{rtp/ps}}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA{rtp/ps=50}}}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics{rtp/pr}}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA}}");
    assert_eq!(
        bench.ask("Context=1{Subtract=rtp/1}"),
        "C=1{S=rtp/1{SA{nt/dur=0,rtp/ps=50}}}"
    );
}

#[test]
fn an_empty_descriptor_ends_them_and_another_begins_at_zero() {
    let mut bench = room();
    bench.ask("Context=1{Modify=rtp/1{Statistics}}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA}}");
    bench.pass(Duration::from_secs(2));
    let reply = bench.ask("Context=1{Modify=rtp/1{Statistics{nt/dur,rtp/ps},Audit{Statistics}}}");
    assert_eq!(reply, "C=1{MF=rtp/1{SA{nt/dur=0,rtp/ps=0}}}");
    bench.engine.statistics = counting(70);
    bench.pass(Duration::from_secs(1));
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics}}}");
    assert_eq!(reply, "C=1{AV=rtp/1{SA{nt/dur=1000,rtp/ps=20}}}");
    bench.ask("Context=1{Modify=rtp/2{Statistics}}");
    assert_eq!(bench.ask("Context=1{Subtract=rtp/2}"), "C=1{S=rtp/2}");
}

#[test]
fn a_stream_may_have_its_own() {
    let mut bench = room();
    let stream = "Media{Stream=1{Statistics{rtp/ps,nt/or}}}";
    let reply = bench.ask(&format!("Context=1{{Modify=rtp/1{{{stream}}}}}"));
    assert_eq!(reply, "C=1{MF=rtp/1}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics}}}");
    assert!(reply.starts_with("C=1{AV=rtp/1{SA{nt/dur=0,"), "{reply}");
    assert!(
        reply.ends_with("},M{ST=1{SA{nt/or=8000,rtp/ps=50}}}}}"),
        "{reply}"
    );
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    assert!(reply.contains("|},SA{nt/or=8000,rtp/ps=50}}"), "{reply}");
    let asked = "Media{Stream=1{Statistics{rtp/ps}}}";
    let reply = bench.ask(&format!(
        "Context=1{{AuditValue=rtp/1{{Audit{{{asked}}}}}}}"
    ));
    assert_eq!(reply, "C=1{AV=rtp/1{M{ST=1{SA{rtp/ps=50}}}}}");
    bench.ask("Context=1{Modify=rtp/1{Statistics}}");
    let reply = bench.ask("Context=1{Subtract=rtp/1}");
    assert_eq!(reply, "C=1{S=rtp/1{M{ST=1{SA{nt/or=8000,rtp/ps=50}}}}}");
}

#[test]
fn a_move_resets_nothing() {
    let mut bench = room();
    bench.ask("Context=1{Modify=rtp/1{Statistics{rtp/ps}}}");
    let reply = bench.ask("Context=${Move=rtp/1{Audit{Statistics}}}");
    assert_eq!(reply, "C=2{MV=rtp/1{SA{rtp/ps=50}}}");
    let reply = bench.ask("Context=2{AuditValue=rtp/1{Audit{Statistics}}}");
    assert_eq!(reply, "C=2{AV=rtp/1{SA{rtp/ps=50}}}");
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let mut bench = room();
    let before = bench.state();
    for (descriptors, code) in [
        ("Statistics{nt/nosuch}", 453),
        ("Statistics{nosuch/x}", 440),
        ("Statistics{rtp/ps,rtp/ps}", 456),
        ("Statistics{rtp/ps=3}", 534),
        ("Media{Stream=1{Statistics{nt/dur}}}", 460),
        ("Media{Stream=1{Statistics{nt/nosuch}}}", 453),
    ] {
        let reply = bench.ask(&format!("Context=1{{Modify=rtp/1{{{descriptors}}}}}"));
        assert!(
            reply.contains(&format!("ER={code}{{")),
            "{descriptors}: {reply}"
        );
        assert_eq!(bench.state(), before, "{descriptors}");
    }
    let reply = bench.ask("Context=-{Modify=ROOT{Statistics{rtp/ps}}}");
    assert!(reply.contains("ER=447{"), "{reply}");
}
