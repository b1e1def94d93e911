use std::time::Duration;

use codec_h248::EmptySignals;

use super::*;
use crate::{Address, Encoding, transactions::testing::InboundRow};

const ID: TransactionId = TransactionId(7);

fn asker() -> Asker {
    Asker {
        from: "192.0.2.1:2944".parse::<Address>().unwrap().into(),
        manner: Manner {
            version: 2,
            encoding: Encoding::Text,
            octets: 65_507,
            empty_signals: EmptySignals::OfVersion,
        },
    }
}

/// A table with its surroundings.
struct Bench {
    table: Inbound,
    config: Config,
    counters: Counters,
    random: fastrand::Rng,
    start: Instant,
    now: Instant,
}

impl Bench {
    fn new(limits: Limits) -> Self {
        let now = Instant::now();
        Self {
            table: Inbound::default(),
            config: Config {
                limits,
                ..Config::default()
            },
            counters: Counters::default(),
            random: fastrand::Rng::with_seed(1),
            start: now,
            now,
        }
    }

    fn request(&mut self, id: u32) -> Verdict {
        let Self {
            config, counters, ..
        } = self;
        let terms = Terms::of(config);
        self.table.handle_request(
            TransactionId(id),
            asker(),
            true,
            (config, &terms),
            counters,
            self.now,
        )
    }

    fn reply(&mut self, id: u32) {
        let forget_at = self.now + self.config.long_timer;
        let octets = Bytes::from(format!("reply {id}"));
        self.table
            .replied(TransactionId(id), Kept::Whole(octets), forget_at);
    }

    fn refuse(&mut self, id: u32) {
        let forget_at = self.now + self.config.long_timer;
        let octets = Bytes::from_static(b"refusal");
        self.table.refused(TransactionId(id), octets, forget_at);
    }

    fn ack(&mut self, first: u32, last: u32) -> u64 {
        self.table.handle_ack(AckRange {
            first: TransactionId(first),
            last: TransactionId(last),
        })
    }

    fn after(&mut self, wait: Duration) -> Option<(TransactionId, Asker)> {
        self.now += wait;
        let terms = Terms::of(&self.config);
        let owed = self
            .table
            .handle_timeout((&self.config, &terms), &mut self.random, self.now)?;
        match owed {
            Owed::Pending(id, asker) => Some((id, asker)),
            Owed::Abandon(id) => panic!("{id} is given up without a limit"),
            Owed::Segments(parts, _) => panic!("{parts:?}, but no reply has segments"),
        }
    }

    fn due(&self) -> Option<(Duration, Why)> {
        let (at, why) = self.table.poll_timeout()?;
        Some((at - self.now, why))
    }
}

impl Inbound {
    /// Where a request stands.
    pub(crate) fn row(
        &self,
        id: TransactionId,
        (config, terms): (&Config, &Terms),
        now: Instant,
    ) -> InboundRow {
        match self.states.get(&id) {
            None => InboundRow::Unknown,
            Some(State::Executing(executing)) => {
                let told = |sent| now < sent + terms.pending_after;
                match (executing.pending_sent.map(told), executing.may_tell(terms)) {
                    (None, _) => InboundRow::Executing,
                    (Some(true), true) => InboundRow::Told,
                    (Some(false), true) => InboundRow::ToldBefore,
                    (Some(true), false) => InboundRow::ToldLast,
                    (Some(false), false) => InboundRow::ToldLastBefore,
                }
            }
            Some(State::Replied { kind, reply }) => match kind {
                Kind::Executed => reply.row(config, now),
                Kind::Refused => InboundRow::Refused,
            },
            Some(State::Acknowledged { kind }) => match kind {
                Kind::Executed => InboundRow::Acknowledged,
                Kind::Refused => InboundRow::RefusalAcknowledged,
            },
        }
    }

    /// Whether it is as it was made.
    pub(crate) fn is_empty(&self) -> bool {
        let counts = (self.executing, self.refusals, self.kept_octets);
        let tables = self.states.is_empty() && self.unacknowledged.is_empty();
        tables && self.timers.is_empty() && counts == (0, 0, 0)
    }
}

/// A bench on which [`ID`] executes.
fn executing() -> Bench {
    let mut bench = Bench::new(Limits::default());
    bench.request(ID.0);
    bench
}

#[test]
fn an_executing_request_is_owed_pendings_until_its_reply() {
    let mut bench = executing();
    let config = bench.config.clone();
    assert_eq!(bench.table.asker(ID), Some((asker(), false)));
    assert_eq!(bench.due(), Some((config.pending_after, Why::Pending)));
    assert_eq!(bench.after(config.pending_after), Some((ID, asker())));
    assert_eq!(bench.table.asker(ID), Some((asker(), true)));
    assert_eq!(bench.due(), Some((config.pending_again, Why::Pending)));
    assert_eq!(bench.after(config.pending_again), Some((ID, asker())));
    bench.reply(ID.0);
    assert_eq!(bench.due(), Some((config.long_timer, Why::LongTimer)));
    assert_eq!(
        bench.start + config.pending_after + config.pending_again,
        bench.now
    );
}

#[test]
fn a_repeat_while_executing_gets_a_pending_at_once_and_restarts_its_timer() {
    let mut bench = executing();
    bench.after(Duration::from_millis(400));
    assert_eq!(bench.request(ID.0), Verdict::SendPending);
    assert_eq!(
        bench.due(),
        Some((bench.config.pending_again, Why::Pending))
    );
    assert_eq!(bench.table.asker(ID), Some((asker(), true)));
}

#[test]
fn a_storm_of_repeats_gets_no_more_pendings_than_its_peer_can_need() {
    let mut bench = executing();
    let mut sent = 0;
    for _ in 0..10_000 {
        sent += u32::from(bench.after(Duration::from_millis(1)).is_some());
        sent += u32::from(bench.request(ID.0) == Verdict::SendPending);
    }
    assert_eq!(sent, 20, "one in each half of a second");
    assert!(
        bench
            .due()
            .is_some_and(|(wait, _)| wait <= bench.config.pending_again)
    );
}

#[test]
fn a_range_acknowledges_what_is_replied_in_it_and_a_wide_one_costs_no_more() {
    let mut bench = Bench::new(Limits::default());
    for id in [3, 9, 4_000_000_000] {
        bench.request(id);
        bench.reply(id);
    }
    bench.request(5);
    assert_eq!(bench.ack(9, 3), 0);
    assert_eq!(bench.ack(1, 9), 2);
    for _ in 0..100_000 {
        bench.ack(0, u32::MAX);
    }
    assert_eq!(bench.ack(0, u32::MAX), 0);
    assert!(bench.table.unacknowledged.is_empty());
    bench.reply(5);
    assert_eq!(bench.ack(0, u32::MAX), 1);
}

#[test]
fn too_many_executing_requests_are_refused_and_a_repeat_meets_the_same_refusal() {
    let mut bench = Bench::new(Limits {
        executing_per_peer: 2,
        ..Limits::default()
    });
    bench.request(1);
    bench.request(2);
    assert_eq!(bench.request(3), Verdict::Refuse);
    bench.refuse(3);
    bench.reply(1);
    let refusal = Bytes::from_static(b"refusal");
    assert_eq!(bench.request(3), Verdict::Repeat(vec![refusal]));
    assert_eq!(bench.request(4), Verdict::Execute);
}

#[test]
fn a_full_table_refuses_what_is_new_and_forgets_nothing_before_its_time() {
    let mut bench = Bench::new(Limits {
        kept_per_peer: 3,
        ..Limits::default()
    });
    for id in 1..=3 {
        assert_eq!(bench.request(id), Verdict::Execute);
        bench.reply(id);
    }
    bench.ack(2, 3);
    assert_eq!(bench.request(4), Verdict::Refuse);
    assert_eq!(
        bench.request(1),
        Verdict::Repeat(vec![Bytes::from("reply 1")])
    );
    assert_eq!(bench.request(2), Verdict::Ignore);
    bench.after(bench.config.long_timer);
    assert_eq!(bench.request(4), Verdict::Execute);
}

#[test]
fn kept_octets_are_bounded_too() {
    let mut bench = Bench::new(Limits {
        kept_octets_per_peer: 14,
        ..Limits::default()
    });
    for id in 1..=2 {
        assert_eq!(bench.request(id), Verdict::Execute);
        bench.reply(id);
    }
    assert_eq!(bench.request(3), Verdict::Refuse);
    bench.ack(1, 1);
    assert_eq!(bench.request(4), Verdict::Execute);
}

#[test]
fn where_no_refusal_finds_room_a_request_is_dropped_until_one_is_forgotten() {
    let mut bench = Bench::new(Limits {
        executing_per_peer: 0,
        refusals_per_peer: 1,
        ..Limits::default()
    });
    assert_eq!(bench.request(1), Verdict::Refuse);
    bench.refuse(1);
    assert_eq!(bench.request(2), Verdict::Drop);
    bench.ack(1, 1);
    assert_eq!(bench.request(2), Verdict::Drop);
    bench.after(bench.config.long_timer);
    assert!(bench.table.states.is_empty());
    assert_eq!(bench.request(2), Verdict::Refuse);
}
