//! Modify (H.248.1 7.2.2).

use std::time::Duration;

use mg_contract::{Command, RtpPort, StreamStatistics};

use super::bench::{Bench, add};

fn room() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.engine.log.clear();
    bench
}

#[test]
fn a_new_mode_reaches_the_engine_and_nothing_else_changes() {
    let mut bench = room();
    let (stream, before) = bench.stream("rtp/1");
    let reply = bench.ask("Context=1{Modify=rtp/1{Media{Stream=1{LocalControl{Mode=Inactive}}}}}");
    assert_eq!(reply, "C=1{MF=rtp/1}");
    let (after_stream, after) = bench.stream("rtp/1");
    assert_eq!((after_stream, after.port), (stream, before.port));
    assert_eq!(after.settings.send, before.settings.send);
    assert!(!after.settings.listens && !after.settings.contributes);
}

#[test]
fn a_local_control_without_mode_returns_to_inactive() {
    let mut bench = room();
    bench.ask("Context=1{Modify=rtp/1{Media{LocalControl{nt/jit=40}}}}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    assert!(reply.contains("O{MO=IN,nt/jit=40}"), "{reply}");
    bench.ask("Context=1{Modify=rtp/1{Media{LocalControl{Mode=SendOnly}}}}");
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media}}}");
    assert!(reply.contains("O{MO=SO,nt/jit=60}"), "{reply}");
}

#[test]
fn a_property_that_is_left_open_is_chosen_and_returned() {
    let mut bench = room();
    let reply = bench.ask("Context=1{Modify=rtp/1{Media{LocalControl{Mode=SendOnly,nt/jit=$}}}}");
    assert_eq!(reply, "C=1{MF=rtp/1{M{ST=1{O{nt/jit=60}}}}}");
}

#[test]
fn a_wildcard_modifies_each_member_and_answers_each() {
    let mut bench = room();
    let mode = "Media{LocalControl{Mode=Inactive}}";
    let reply = bench.ask(&format!("Context=1{{Modify=*{{{mode}}}}}"));
    assert_eq!(reply, "C=1{MF=rtp/1,MF=rtp/2}");
    let reply = bench.ask(&format!("Context=1{{W-Modify=*{{{mode}}}}}"));
    assert_eq!(reply, "C=1{MF=*}");
    bench.ask("Context=${Add=$}");
    let reply = bench.ask(&format!("Context=*{{Modify=rtp/*{{{mode}}}}}"));
    assert_eq!(reply, "C=1{MF=rtp/1,MF=rtp/2},C=2{MF=rtp/3}");
}

#[test]
fn a_new_remote_is_sent_to_and_replaces_the_old_one_whole() {
    let mut bench = room();
    let remote = "v=0\nc=IN IP4 198.51.100.9\nm=audio 50000 RTP/AVP 8 0";
    let reply = bench.ask(&format!(
        "Context=1{{Modify=rtp/1{{Media{{Remote{{\n{remote}\n}}}}}}}}"
    ));
    let chosen = "|v=0|o=- 50000 1 IN IP4 198.51.100.9|s=-|c=IN IP4 198.51.100.9|t=0 0|\
                  m=audio 50000 RTP/AVP 8|";
    assert_eq!(
        reply,
        format!("C=1{{MF=rtp/1{{M{{ST=1{{R{{{chosen}}}}}}}}}}}")
    );
    let send = bench
        .stream("rtp/1")
        .1
        .settings
        .send
        .expect("the far end is known");
    assert_eq!(send.to.to_string(), "198.51.100.9:50000");
    assert!(
        bench.stream("rtp/1").1.settings.contributes,
        "LocalControl is kept"
    );
}

#[test]
fn a_new_local_keeps_the_port_pair() {
    let mut bench = room();
    let local = "c=IN IP4 $\nm=audio $ RTP/AVP 0";
    let reply = bench.ask(&format!(
        "Context=1{{Modify=rtp/1{{Media{{Local{{\n{local}\n}}}}}}}}"
    ));
    assert!(reply.contains("m=audio 20000 RTP/AVP 0|"), "{reply}");
    assert!(matches!(bench.engine.log[..], [Command::Modify { .. }]));
}

#[test]
fn empty_descriptions_give_the_port_pair_back_and_keep_the_counts() {
    let mut bench = room();
    bench.engine.statistics = StreamStatistics {
        packets_sent: 10,
        ..StreamStatistics::default()
    };
    let reply = bench.ask("Context=1{Modify=rtp/1{Media{Stream=1{Local{},Remote{}}}}}");
    assert_eq!(reply, "C=1{MF=rtp/1}");
    assert_eq!(bench.engine.streams.len(), 1);
    assert_eq!(bench.mg.snapshot().ports.owned, 1);
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Media,Statistics}}}");
    assert!(
        reply.contains("L{},R{}") && reply.contains("rtp/ps=10"),
        "{reply}"
    );
}

#[test]
fn another_port_pair_can_be_asked_for() {
    let mut bench = room();
    bench.engine.statistics.packets_received = 4;
    let local = "c=IN IP4 $\nm=audio 20080 RTP/AVP 8";
    let reply = bench.ask(&format!(
        "Context=1{{Modify=rtp/1{{Media{{Local{{\n{local}\n}}}}}}}}"
    ));
    assert!(reply.contains("m=audio 20080 RTP/AVP 8|"), "{reply}");
    assert_eq!(bench.stream("rtp/1").1.port, Some(RtpPort(20_080)));
    assert_eq!(bench.mg.snapshot().ports.owned, 2);
    let reply = bench.ask("Context=1{AuditValue=rtp/1{Audit{Statistics}}}");
    assert!(
        reply.contains("rtp/pr=8"),
        "four of each port pair: {reply}"
    );
}

#[test]
fn a_stream_can_be_added_later() {
    let mut bench = room();
    let stream = "Stream=2{LocalControl{Mode=SendReceive},Local{\nm=audio $ RTP/AVP 8\n}}";
    bench.ask(&format!("Context=1{{Modify=rtp/1{{Media{{{stream}}}}}}}"));
    let streams = &bench.mg.snapshot().contexts[0].terminations[0].streams;
    assert_eq!(streams.len(), 2);
}

#[test]
fn root_keeps_its_events_and_execution_times() {
    let mut bench = room();
    let reply = bench.ask(
        "Context=-{Modify=ROOT{Media{TerminationState{root/normalMGExecutionTime=2000}},\
         Events=2222{g/cause}}}",
    );
    assert_eq!(reply, "C=-{MF=ROOT}");
    let reply = bench.ask("Context=-{AuditValue=ROOT{Audit{Media,Events,Statistics}}}");
    assert!(reply.contains("root/normalMGExecutionTime=2000"), "{reply}");
    assert!(reply.contains("E=2222{g/cause},SA}"), "{reply}");
}

#[test]
fn an_audit_in_a_modify_returns_what_is_asked() {
    let mut bench = room();
    bench.pass(Duration::from_secs(1));
    let reply = bench.ask("Context=1{Modify=rtp/1{Audit{Statistics{nt/dur}}}}");
    assert_eq!(reply, "C=1{MF=rtp/1{SA{nt/dur=1000}}}");
}
