//! The tables of `docs/transactions.md`, walked cell by cell: an endpoint is brought into the state of
//! the row, meets the event of the column, and must do what the cell says.

mod document;
mod inbound;
mod outbound;

use self::document::{Machine, Table};
use super::*;

const DOCUMENT: &str = include_str!("../../../../docs/transactions.md");

/// The number of the request that is walked with.
const ID: TransactionId = TransactionId(7);

/// An endpoint with one request, ours or the peer's.
struct Walk {
    bench: Bench,
    peer: PeerId,
    /// The first message of each kind, to tell a copy from another.
    first: Vec<(&'static str, Bytes)>,
}

impl Walk {
    /// One that knows its peer, so that nothing but the request is under way.
    fn new(config: Config) -> Self {
        let mut bench = Bench::new(Config {
            ids: ID.0..=ID.0,
            ..config
        });
        let peer = bench.endpoint.connect(address(THEIRS), bench.now);
        bench.receive("MEGACO/1 them TransactionResponseAck{1}");
        Self {
            bench,
            peer,
            first: Vec::new(),
        }
    }

    /// Goes to the endpoint's next timer if that is the one; `None` if it is not.
    fn wake_for(&mut self, wanted: Why) -> Option<()> {
        let (_, why) = self.bench.endpoint.poll_timeout()?;
        (why == wanted).then(|| self.bench.wake()).map(|_| ())
    }

    fn config(&mut self) -> &mut Config {
        &mut self.bench.endpoint.outbox.config
    }

    fn association(&self) -> Option<&Association> {
        self.bench.endpoint.peers.get(self.peer)
    }

    /// What has come out since the last call, in the words of the document.
    fn emissions(&mut self) -> Vec<String> {
        self.bench.wait(Duration::ZERO);
        let sent = self.bench.sent();
        let mut all: Vec<String> = sent.iter().map(|transmit| self.sent(transmit)).collect();
        all.extend(self.bench.events().iter().map(|(_, event)| match event {
            Event::Request { .. } => "report Request".to_owned(),
            Event::Reply { .. } => "report Reply".to_owned(),
            Event::TimedOut { .. } => "report TimedOut".to_owned(),
            Event::Unsent { .. } => "report Unsent".to_owned(),
            Event::CarrierLost => "report CarrierLost".to_owned(),
            Event::MessageError { error } => format!("report {error}"),
        }));
        all
    }

    fn sent(&mut self, transmit: &Transmit) -> String {
        let line = one_line(transmit);
        let (_, said) = line.split_once(": ").unwrap();
        let (kind, detail) = said.split_once(' ').unwrap();
        let kind = match kind {
            "request" => "Request",
            "reply" => "Reply",
            "pending" => return "send Pending".to_owned(),
            "ack" => return "send Ack".to_owned(),
            "segment" => return "send SegmentReply".to_owned(),
            "part" => "Segment",
            _ => return format!("send {said}"),
        };
        if self.first.contains(&(kind, transmit.octets.clone())) {
            return format!("send same {kind}");
        }
        self.first.push((kind, transmit.octets.clone()));
        let code = detail.trim_start_matches(char::is_numeric);
        let code = if kind == "Segment" {
            code.split(' ').next().unwrap_or_default()
        } else {
            code.trim_end_matches(" 501")
        };
        format!("send {kind}{code}")
    }
}

/// How a cell says that a state follows and what comes out.
fn cell(next: &str, emissions: &[String]) -> String {
    if emissions.is_empty() {
        format!("`{next}`")
    } else {
        format!("`{next}`: {}", emissions.join(", "))
    }
}

#[test]
fn the_inbound_machine_does_what_its_table_says() {
    let table = Table::read(DOCUMENT, "Inbound");
    assert_eq!(table.faults(&inbound::machine()), [""; 0]);
}

#[test]
fn the_outbound_machine_does_what_its_table_says() {
    let table = Table::read(DOCUMENT, "Outbound");
    assert_eq!(table.faults(&outbound::machine()), [""; 0]);
}

#[test]
fn any_other_table_has_faults() {
    for (heading, machine) in [
        ("Inbound", inbound::machine()),
        ("Outbound", outbound::machine()),
    ] {
        let table = Table::read(DOCUMENT, heading);
        for other in table.others() {
            assert!(!other.faults(&machine).is_empty(), "{other:?}");
        }
    }
}

#[test]
fn a_machine_with_one_state_more_has_faults() {
    let mut machine = inbound::machine();
    machine.rows.push("forgotten");
    let faults = Table::read(DOCUMENT, "Inbound").faults(&machine);
    let missing = ["row", "meaning"].map(|place| format!("the state forgotten has no {place}"));
    assert_eq!(faults, missing);
}

/// Walks through all cells of a machine.
fn walk<R: Copy, C: Copy>(
    rows: &[R],
    columns: &[C],
    cell: impl Fn(R, C) -> Option<String>,
) -> Vec<Vec<Option<String>>> {
    let row = |&row: &R| columns.iter().map(|&column| cell(row, column)).collect();
    rows.iter().map(row).collect()
}

fn names<N: Copy>(all: &[N], name: fn(N) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|&one| name(one)).collect()
}
