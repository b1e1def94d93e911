//! What a transaction waits for, and what happens when it does not come.

use std::time::Duration;

use super::bench::{Bench, add, config};
use crate::Why;

#[test]
fn a_subtract_waits_for_the_engine_and_the_others_queue() {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.engine.silent = true;
    let first = bench.send("Context=1{Subtract=rtp/1}");
    let second = bench.send("Context=1{AuditValue=*{Audit{}}}");
    assert_eq!(bench.reply_to(first), None);
    assert_eq!(bench.mg.snapshot().transactions, 2);
    bench.answer_late();
    let sent = bench.sent.clone();
    let reply = bench.reply_to(first).expect("the engine has answered");
    assert!(reply.contains("SA{nt/dur"), "{reply}");
    bench.sent = sent;
    assert_eq!(bench.reply_to(second), Some("C=1{AV=C{rtp/2}}".to_owned()));
}

#[test]
fn an_engine_that_never_answers_costs_the_statistics_and_not_the_reply() {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{},{}}}", add(40_000), add(40_002)));
    bench.engine.silent = true;
    let id = bench.send("Context=1{Subtract=rtp/1}");
    bench.pass(Duration::from_millis(2_999));
    assert_eq!(bench.mg.snapshot().transactions, 1);
    bench.pass(Duration::from_millis(1));
    let reply = bench.reply_to(id).expect("patience is over");
    assert!(reply.contains("rtp/ps=0"), "{reply}");
    let snapshot = bench.mg.snapshot();
    assert_eq!(snapshot.counters.engine_timeouts, 1);
    assert_eq!(
        snapshot.ports.owned, 2,
        "the engine may still use the port pair"
    );
    bench.answer_late();
    assert_eq!(bench.mg.snapshot().ports.owned, 1);
}

#[test]
fn a_slow_transaction_is_pending() {
    let mut bench = Bench::usual();
    bench.ask(&format!("Context=${{{}}}", add(40_000)));
    bench.engine.silent = true;
    bench.send("Context=1{Subtract=rtp/1}");
    bench.pass(Duration::from_secs(1));
    assert!(bench.mg.snapshot().transport.pendings_sent > 0);
}

#[test]
fn an_add_waits_until_its_port_pair_is_bound() {
    let mut bench = Bench::usual();
    bench.binding_stalls = true;
    let id = bench.send("Context=${Add=${Media{Local{\nm=audio 20050 RTP/AVP 8\n}}}}");
    assert_eq!(bench.reply_to(id), None);
    let waits = bench.mg.poll_timeout().map(|(_, why)| why);
    assert!(waits.is_some_and(|why| matches!(why, Why::Transport(_) | Why::Waiting)));
    bench.binding_stalls = false;
    bench.pump();
    let reply = bench.reply_to(id).expect("it is bound");
    assert!(reply.contains("m=audio 20050"), "{reply}");
}

#[test]
fn an_add_whose_port_pair_is_never_bound_is_refused() {
    let mut config = config();
    config.ports_ahead = 0;
    let mut bench = Bench::registered(config);
    bench.binding_stalls = true;
    let before = bench.members();
    let id = bench.send(&format!("Context=${{{}}}", add(40_000)));
    bench.pass(Duration::from_secs(3));
    let reply = bench.reply_to(id).expect("patience is over");
    assert!(reply.starts_with("C=${A=${ER=510{"), "{reply}");
    assert_eq!(bench.mg.snapshot().counters.bind_timeouts, 1);
    assert_eq!(bench.members(), before);
}

#[test]
fn without_any_pair_bound_ahead_one_is_bound_when_it_is_needed() {
    let mut config = config();
    config.ports_ahead = 0;
    let mut bench = Bench::registered(config);
    let reply = bench.ask(&format!("Context=${{{}}}", add(40_000)));
    assert!(reply.contains("m=audio 20000"), "{reply}");
}

#[test]
fn a_full_queue_refuses() {
    let mut config = config();
    config.limits.queued_transactions = 2;
    let mut bench = Bench::registered(config);
    bench.ask(&format!("Context=${{{}}}", add(40_000)));
    bench.engine.silent = true;
    bench.send("Context=1{Subtract=rtp/1}");
    bench.send("Context=${Add=$}");
    bench.send("Context=${Add=$}");
    let reply = bench.ask("Context=${Add=$}");
    assert!(reply.starts_with("ER=510{"), "{reply}");
    assert_eq!(bench.mg.snapshot().counters.queue_full, 1);
    bench.answer_late();
    assert_eq!(bench.members().len(), 2);
}

#[test]
fn reports_that_nobody_waits_for_are_counted() {
    let mut bench = Bench::usual();
    bench
        .mg
        .handle_bound(mg_contract::RtpPort(9), crate::Bound::Ready, bench.now);
    let report = mg_contract::Report::Statistics {
        ticket: mg_contract::Ticket(77),
        statistics: Default::default(),
    };
    bench.mg.handle_media(report, bench.now);
    assert_eq!(bench.mg.snapshot().counters.stray_reports, 2);
}

#[test]
fn patience_begins_anew_with_each_termination() {
    let mut config = config();
    config.ports_ahead = 0;
    let mut bench = Bench::registered(config);
    bench.binding_stalls = true;
    let id = bench.send("Context=${Add=[$,$]{Media{Local{\nm=audio $ RTP/AVP 8\n}}}}");
    for _ in 0..2 {
        bench.pass(Duration::from_secs(2));
        let port = bench.mg.poll_bind().expect("a port pair is wanted");
        bench.mg.handle_bound(port, crate::Bound::Ready, bench.now);
        bench.pump();
    }
    let reply = bench.reply_to(id).expect("both are bound");
    assert!(reply.contains("A=rtp/2{M"), "{reply}");
}
