//! Subtract (H.248.1 7.2.3).

use std::time::Duration;

use mg_contract::{RtpPort, StreamStatistics};

use super::bench::{Bench, add};

/// Terminations 1 and 2 in Context 1, Termination 3 in Context 2.
fn two_rooms() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.ask(&format!("Context=${{{}}}", add(40_004)));
    bench
}

#[test]
fn statistics_are_returned_by_default() {
    let mut bench = two_rooms();
    bench.pass(Duration::from_millis(2_500));
    bench.engine.statistics = StreamStatistics {
        packets_sent: 125,
        octets_sent: 20_000,
        ..StreamStatistics::default()
    };
    let reply = bench.ask("Context=1{Subtract=rtp/1}");
    let statistics = "SA{nt/dur=2500,nt/os=20000,nt/or=0,rtp/ps=125,rtp/pr=0,rtp/pl=0,rtp/jit=0,\
                      rtp/delay=0}";
    assert_eq!(reply, format!("C=1{{S=rtp/1{{{statistics}}}}}"));
    assert_eq!(bench.engine.streams.len(), 2);
}

#[test]
fn an_audit_descriptor_says_what_is_returned_instead() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=1{Subtract=rtp/1{Audit{}}}"),
        "C=1{S=rtp/1}"
    );
    let reply = bench.ask("Context=1{Subtract=rtp/2{Audit{Media}}}");
    assert!(reply.contains("M{TS{") && !reply.contains("SA"), "{reply}");
}

#[test]
fn the_last_one_out_ends_the_context() {
    let mut bench = two_rooms();
    bench.ask("Context=2{Subtract=rtp/3}");
    let reply = bench.ask("Context=2{AuditValue=*{Audit{}}}");
    assert!(reply.starts_with("C=2{ER=411{"), "{reply}");
}

#[test]
fn a_wildcard_empties_one_context_or_all() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=1{Subtract=*{Audit{}}}");
    assert_eq!(reply, "C=1{S=rtp/1,S=rtp/2}");
    bench.ask(&format!("Context=${{{}}}", add(40_006)));
    let reply = bench.ask("Context=*{Subtract=*{Audit{}}}");
    assert_eq!(reply, "C=2{S=rtp/3},C=3{S=rtp/4}");
    let snapshot = bench.mg.snapshot();
    assert_eq!(snapshot.contexts, []);
    assert_eq!(snapshot.ports.owned, 0);
}

#[test]
fn a_wildcarded_response_is_one_reply() {
    let mut bench = two_rooms();
    assert_eq!(bench.ask("Context=1{W-Subtract=*{Audit{}}}"), "C=1{S=*}");
    assert_eq!(bench.ask("Context=*{W-Subtract=*{Audit{}}}"), "C=*{S=*}");
    assert_eq!(bench.members(), []);
}

#[test]
fn subtract_and_add_in_one_transaction_can_keep_the_port_pair() {
    let mut bench = two_rooms();
    let port = bench.stream("rtp/1").1.port;
    assert_eq!(port, Some(RtpPort(20_000)));
    let reply = bench.ask(
        "Context=1{Subtract=rtp/1{Audit{}}},Context=2{Add=${Media{LocalControl{Mode=SendReceive},\
         Local{\nc=IN IP4 $\nm=audio 20000 RTP/AVP 8\n}}}}",
    );
    assert!(reply.starts_with("C=1{S=rtp/1},C=2{A=rtp/4{"), "{reply}");
    assert!(reply.contains("m=audio 20000 RTP/AVP 8"), "{reply}");
    assert_eq!(bench.stream("rtp/4").1.port, port);
}

#[test]
fn a_freed_port_pair_is_the_last_to_be_handed_out_again() {
    let mut bench = two_rooms();
    bench.ask("Context=1{Subtract=rtp/1{Audit{}}}");
    bench.ask(&format!("Context=1{{{}}}", add(40_008)));
    assert_ne!(bench.stream("rtp/4").1.port, Some(RtpPort(20_000)));
}

#[test]
fn two_hundred_rounds_leave_as_many_free_port_pairs_as_there_were() {
    let mut bench = Bench::usual();
    let before = bench.mg.snapshot().ports;
    for _ in 0..200 {
        let reply = bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
        let (context, _) = reply.split_once('{').expect("a reply");
        bench.ask(&format!(
            "{}{{Subtract=*}}",
            context.replace("C=", "Context=")
        ));
    }
    let after = bench.mg.snapshot().ports;
    assert_eq!(after.owned, 0);
    assert!(after.free >= before.free);
    assert_eq!(after.free + after.unbound, before.free + before.unbound);
}

#[test]
fn a_list_that_names_a_termination_twice_fails_the_second_time() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=1{Subtract=[rtp/1,RTP/1]{Audit{}}}");
    assert!(reply.starts_with("C=1{S=rtp/1,S=RTP/1{ER=430{"), "{reply}");
}
