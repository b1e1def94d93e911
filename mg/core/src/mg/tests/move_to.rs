//! Move (H.248.1 7.2.4).

use std::time::Duration;

use mg_contract::{Command, StreamStatistics};

use super::bench::{Bench, add};

/// Terminations 1 and 2 in Context 1, Termination 3 in Context 2.
fn two_rooms() -> Bench {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.ask(&format!("Context=${{{}}}", add(40_004)));
    bench.engine.log.clear();
    bench
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn a_moved_termination_keeps_its_stream_and_its_port_pair() {
    let mut bench = two_rooms();
    let (stream, before) = bench.stream("rtp/2");
    assert_eq!(bench.ask("Context=2{Move=rtp/2}"), "C=2{MV=rtp/2}");
    let (after_stream, after) = bench.stream("rtp/2");
    assert_eq!(after_stream, stream);
    assert_eq!(after.port, before.port);
    assert_eq!(after.settings, before.settings);
    assert_eq!(after.group, bench.stream("rtp/3").1.group);
    let group = after.group;
    assert_eq!(bench.engine.log, [Command::Move { stream, group }]);
    assert_eq!(
        bench.members(),
        [(1, names(&["rtp/1"])), (2, names(&["rtp/2", "rtp/3"]))]
    );
}

#[test]
fn the_last_one_out_ends_the_context() {
    let mut bench = two_rooms();
    bench.ask("Context=1{Move=rtp/3}");
    assert_eq!(bench.members(), [(1, names(&["rtp/1", "rtp/2", "rtp/3"]))]);
    let reply = bench.ask("Context=2{Move=rtp/1}");
    assert!(reply.starts_with("C=2{ER=411{"), "{reply}");
}

#[test]
fn moves_of_one_choose_action_meet_in_a_new_context() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=${Move=rtp/1,Move=rtp/3}"),
        "C=3{MV=rtp/1,MV=rtp/3}"
    );
    assert_eq!(
        bench.members(),
        [(1, names(&["rtp/2"])), (3, names(&["rtp/1", "rtp/3"]))]
    );
    assert_eq!(bench.stream("rtp/1").1.group, bench.stream("rtp/3").1.group);
}

#[test]
fn a_move_to_where_it_is_changes_nothing_and_succeeds() {
    let mut bench = two_rooms();
    let before = bench.state();
    assert_eq!(bench.ask("Context=1{Move=rtp/1}"), "C=1{MV=rtp/1}");
    assert_eq!(bench.state(), before);
}

#[test]
fn a_move_can_set_the_mode_in_the_same_step() {
    let mut bench = two_rooms();
    let mode = "Media{Stream=1{LocalControl{Mode=SendOnly}}}";
    assert_eq!(
        bench.ask(&format!("Context=2{{Move=rtp/2{{{mode}}}}}")),
        "C=2{MV=rtp/2}"
    );
    let settings = bench.stream("rtp/2").1.settings;
    assert!(settings.listens && !settings.contributes);
}

#[test]
fn statistics_are_those_before_the_move_and_go_on_counting() {
    let mut bench = two_rooms();
    bench.pass(Duration::from_millis(1_500));
    bench.engine.statistics = StreamStatistics {
        packets_sent: 75,
        packets_received: 70,
        octets_sent: 12_000,
        octets_received: 11_200,
        packets_lost: 5,
        jitter: 3,
        delay: 40,
    };
    let reply = bench.ask("Context=2{Move=rtp/2{Audit{Statistics}}}");
    let statistics = "SA{nt/dur=1500,nt/os=12000,nt/or=11200,rtp/ps=75,rtp/pr=70,rtp/pl=6.666,\
                      rtp/jit=3,rtp/delay=40}";
    assert_eq!(reply, format!("C=2{{MV=rtp/2{{{statistics}}}}}"));
    let first = &bench.engine.log[0];
    assert!(
        matches!(first, Command::Audit { .. }),
        "{first:?} comes first"
    );
    bench.pass(Duration::from_millis(500));
    let reply = bench.ask("Context=2{AuditValue=rtp/2{Audit{Statistics}}}");
    assert!(reply.contains("nt/dur=2000"), "{reply}");
}

#[test]
fn a_wildcard_moves_everybody() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=2{Move=rtp/*}"),
        "C=2{MV=rtp/1,MV=rtp/2,MV=rtp/3}"
    );
    assert_eq!(bench.members(), [(2, names(&["rtp/1", "rtp/2", "rtp/3"]))]);
}

#[test]
fn a_list_of_terminations_is_like_one_move_for_each() {
    let mut bench = two_rooms();
    assert_eq!(
        bench.ask("Context=2{Move=[rtp/1,rtp/2]}"),
        "C=2{MV=rtp/1,MV=rtp/2}"
    );
    assert_eq!(bench.members().len(), 1);
}

#[test]
fn a_second_move_that_fails_leaves_the_first_one_done() {
    let mut bench = two_rooms();
    let reply = bench.ask("Context=${Move=rtp/1,Move=rtp/99,Move=rtp/2}");
    assert!(
        reply.starts_with("C=3{MV=rtp/1,MV=rtp/99{ER=430{"),
        "{reply}"
    );
    assert!(!reply.contains("rtp/2"), "{reply}");
    assert_eq!(bench.members()[2], (3, names(&["rtp/1"])));
}

#[test]
fn the_null_context_neither_gives_nor_takes() {
    let mut bench = two_rooms();
    let before = bench.state();
    for context in ["-", "*"] {
        let reply = bench.ask(&format!("Context={context}{{Move=rtp/1}}"));
        assert!(reply.contains("ER=421"), "{reply}");
    }
    assert_eq!(bench.state(), before);
}
