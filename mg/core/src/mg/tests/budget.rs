//! What one message may cost, however it is spread over its transactions.

use std::time::Duration;

use codec_h248::Transaction;

use super::bench::*;

/// What the gateway has replied since the last time, in compact text.
fn replies(bench: &mut Bench) -> Vec<String> {
    let sent = std::mem::take(&mut bench.sent);
    let all = sent.iter().flat_map(transactions);
    let replies = all.filter_map(|transaction| {
        let Transaction::Reply(reply) = transaction else {
            return None;
        };
        Some(compact(reply))
    });
    replies.collect()
}

#[test]
fn transactions_of_one_message_share_what_they_may_cost() {
    let mut config = config();
    config.limits.reply_items = 10;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$,Add=$,Add=$,Add=$}");
    replies(&mut bench);
    let audit = "Context=1{AuditValue=*{Audit{}}}";
    let all = (901..=905).map(|id| format!(" Transaction={id}{{{audit}}}"));
    let all: String = all.collect();
    bench.receive(&format!("MEGACO/3 [192.0.2.1]:2944{all}"));
    let first = replies(&mut bench);
    // Two have taken most of it: the program sees to its other duties before the next.
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first.iter().all(|one| !one.contains("ER=")), "{first:?}");
    bench.pass(Duration::ZERO);
    let others = replies(&mut bench);
    assert_eq!(others.len(), 3, "{others:?}");
    assert!(
        others.iter().all(|one| one.contains("ER=533{")),
        "{others:?}"
    );
    let next = bench.ask(audit);
    assert!(!next.contains("ER="), "{next}");
}

#[test]
fn what_a_wildcard_says_to_many_at_length_is_refused_before_anything_is_done() {
    let mut config = config();
    config.limits.wildcard_looks = 100;
    let mut bench = Bench::registered(config);
    bench.ask("Context=${Add=$,Add=$,Add=$}");
    let reply = bench.ask("Context=1{Modify=*{Media{LocalControl{Mode=Inactive}}}}");
    assert!(!reply.contains("ER="), "{reply}");
    let before = bench.state();
    let long = "a=note:this goes on and on\n".repeat(240);
    let reply = bench.ask(&format!(
        "Context=1{{Modify=*{{Media{{Remote{{\nv=0\n{long}}}}}}}}}"
    ));
    assert!(reply.contains("ER=510{"), "{reply}");
    assert_eq!(bench.state(), before);
}

#[test]
fn the_link_takes_an_audit_of_everything_that_may_exist() {
    let few = crate::Limits {
        terminations: 10,
        ..crate::Limits::default()
    };
    let usual = transport_h248::Limits::default();
    assert_eq!(few.of_link().segmented_octets, usual.segmented_octets);
    let many = crate::Limits::default().of_link();
    assert!(many.segmented_octets > 200_000 * 200, "{many:?}");
    assert!(many.segmented_octets < many.kept_octets_per_peer);
    assert!(many.kept_octets_per_peer < many.kept_octets);
}
