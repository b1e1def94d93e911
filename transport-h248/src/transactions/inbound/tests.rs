use std::time::Duration;

use super::*;
use crate::{Address, Encoding};

const ID: TransactionId = TransactionId(7);

fn asker() -> Asker {
    Asker {
        from: "192.0.2.1:2944".parse::<Address>().unwrap().into(),
        manner: Manner {
            version: 2,
            encoding: Encoding::Text,
        },
    }
}

/// A table with its surroundings.
struct Bench {
    table: Inbound,
    config: Config,
    counters: Counters,
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
        self.table.replied(TransactionId(id), octets, forget_at);
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
            .handle_timeout((&self.config, &terms), self.now)?;
        match owed {
            Owed::Pending(id, asker) => Some((id, asker)),
            Owed::Abandon(id) => panic!("{id} is given up without a limit"),
        }
    }

    fn due(&self) -> Option<(Duration, Why)> {
        let (at, why) = self.table.poll_timeout()?;
        Some((at - self.now, why))
    }
}

/// The rows of the table in the module's comment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Row {
    Unknown,
    Executing,
    Replied,
    Acknowledged,
}

fn in_row(row: Row) -> Bench {
    let mut bench = Bench::new(Limits::default());
    if row == Row::Unknown {
        return bench;
    }
    bench.request(ID.0);
    if row == Row::Executing {
        return bench;
    }
    bench.reply(ID.0);
    if row == Row::Replied {
        return bench;
    }
    bench.ack(ID.0, ID.0);
    bench
}

fn row_of(bench: &Bench) -> Row {
    match bench.table.states.get(&ID) {
        None => Row::Unknown,
        Some(State::Executing(_)) => Row::Executing,
        Some(State::Replied { .. }) => Row::Replied,
        Some(State::Acknowledged { .. }) => Row::Acknowledged,
    }
}

const ROWS: [Row; 4] = [
    Row::Unknown,
    Row::Executing,
    Row::Replied,
    Row::Acknowledged,
];

#[test]
fn the_column_of_a_request_is_as_written() {
    let cells = [
        (Verdict::Execute, Row::Executing),
        (Verdict::SendPending, Row::Executing),
        (Verdict::Repeat(Bytes::from("reply 7")), Row::Replied),
        (Verdict::Ignore, Row::Acknowledged),
    ];
    for (row, (verdict, next)) in ROWS.into_iter().zip(cells) {
        let mut bench = in_row(row);
        assert_eq!(bench.request(ID.0), verdict, "{row:?}");
        assert_eq!(row_of(&bench), next, "{row:?}");
        let repeated = u64::from(row != Row::Unknown);
        assert_eq!(bench.counters.duplicates, repeated, "{row:?}");
    }
}

#[test]
fn the_column_of_our_reply_is_as_written() {
    let cells = [
        (false, Row::Unknown),
        (true, Row::Replied),
        (false, Row::Replied),
        (false, Row::Acknowledged),
    ];
    for (row, (possible, next)) in ROWS.into_iter().zip(cells) {
        let mut bench = in_row(row);
        assert_eq!(bench.table.asker(ID).is_some(), possible, "{row:?}");
        if possible {
            bench.reply(ID.0);
        }
        assert_eq!(row_of(&bench), next, "{row:?}");
    }
}

#[test]
fn the_column_of_an_ack_is_as_written() {
    let cells = [
        (0, Row::Unknown),
        (0, Row::Executing),
        (1, Row::Acknowledged),
        (0, Row::Acknowledged),
    ];
    for (row, (news, next)) in ROWS.into_iter().zip(cells) {
        let mut bench = in_row(row);
        assert_eq!(bench.ack(ID.0, ID.0), news, "{row:?}");
        assert_eq!(row_of(&bench), next, "{row:?}");
    }
}

#[test]
fn the_column_of_long_timer_is_as_written() {
    let cells = [Row::Unknown, Row::Executing, Row::Unknown, Row::Unknown];
    for (row, next) in ROWS.into_iter().zip(cells) {
        let mut bench = in_row(row);
        bench.after(bench.config.long_timer - Duration::from_millis(1));
        assert_eq!(row_of(&bench), row, "{row:?}");
        bench.after(Duration::from_millis(1));
        assert_eq!(row_of(&bench), next, "{row:?}");
        let drained = next == Row::Unknown;
        assert_eq!(bench.due().is_none(), drained, "{row:?}");
        assert_eq!(bench.table.states.is_empty(), drained, "{row:?}");
        assert_eq!(bench.table.kept_octets, 0, "{row:?}");
    }
}

#[test]
fn an_executing_request_is_owed_pendings_until_its_reply() {
    let mut bench = in_row(Row::Executing);
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
    let mut bench = in_row(Row::Executing);
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
    let mut bench = in_row(Row::Executing);
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
    assert_eq!(bench.request(3), Verdict::Repeat(refusal));
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
    assert_eq!(bench.request(1), Verdict::Repeat(Bytes::from("reply 1")));
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
