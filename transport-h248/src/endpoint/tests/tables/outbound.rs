//! Requests of ours.

use super::*;
use crate::transactions::testing::{OutboundRow as Row, names};

names! {
    /// What happens to a request of ours.
    Column {
        Request = "our request",
        RepetitionTimer = "repetition timer",
        ProvisionalTimer = "provisional timer",
        TMax = "T-MAX",
        Pending = "Pending",
        PendingElsewhere = "Pending from elsewhere",
        Reply = "Reply",
        ReplyMarked = "Reply, ImmAckRequired",
        ReplySegment = "Reply, segment",
        ReplyLastSegment = "Reply, last segment",
        AskTimer = "ask timer",
        SegmentTimer = "segmentation timer",
        ReplyElsewhere = "Reply from elsewhere",
        Cancel = "cancel",
        PeerRestarts = "peer restarts",
        LongTimer = "LONG-TIMER",
        ConnectionEnds = "connection ends",
        Disconnect = "disconnect",
    }
}

pub(super) fn machine() -> Machine {
    Machine {
        rows: names(Row::ALL, Row::name),
        columns: names(Column::ALL, Column::name),
        cells: walk(Row::ALL, Column::ALL, outbound_cell),
    }
}

fn outbound_cell(row: Row, column: Column) -> Option<String> {
    let mut walk = Walk::new(config(column));
    walk.enter_outbound(row);
    assert_eq!(walk.outbound_row(), row);
    walk.emissions();
    walk.meet_outbound(column)?;
    let emissions = walk.emissions();
    Some(cell(walk.outbound_row().name(), &emissions))
}

/// Where a request is given up, no repetition comes before that.
fn config(column: Column) -> Config {
    let never = Duration::from_secs(600);
    let mut config = Config::default();
    if column == Column::TMax {
        config.delay_min = never;
        config.delay_max = never;
        config.provisional_timer = never;
    }
    if column == Column::SegmentTimer {
        // A copy of the request would leave too late.
        config.t_max = ms(1);
    }
    config
}

impl Walk {
    /// Brings the request into a state.
    fn enter_outbound(&mut self, row: Row) {
        self.bench.endpoint.set_terms(self.peer, |terms| {
            terms.peer_pending_limit = (row == Row::PendingLast).then_some(1);
        });
        let way: &[Column] = match row {
            Row::Unknown => &[],
            Row::Sent => &[Column::Request],
            Row::Pending | Row::PendingLast => &[Column::Request, Column::Pending],
            Row::Gathering => &[Column::Request, Column::ReplySegment],
            Row::Missing => &[Column::Request, Column::ReplyLastSegment],
            Row::Finished => &[Column::Request, Column::Reply],
        };
        for column in way {
            self.meet_outbound(*column).expect("the way can be gone");
        }
    }

    /// Lets something happen; `None` where it cannot.
    fn meet_outbound(&mut self, column: Column) -> Option<()> {
        match column {
            Column::Request => {
                let free = self.outbound_row() == Row::Unknown;
                let id = free.then(|| self.bench.request(self.peer))?;
                assert_eq!(id, ID.0);
            }
            Column::RepetitionTimer => self.wake_for(Why::Repeat)?,
            Column::ProvisionalTimer => self.wake_for(Why::Provisional)?,
            Column::TMax => self.wake_for(Why::TMax)?,
            Column::Pending => self.bench.receive(&pending()),
            Column::PendingElsewhere => self.bench.receive_from(&pending(), ELSEWHERE),
            Column::Reply => self.bench.receive(&answer(ID.0)),
            Column::ReplyMarked => self
                .bench
                .receive(&said("Reply=7{ImmAckRequired,Context=-")),
            Column::ReplySegment => self.bench.receive(&said("Reply=7/1{Context=-")),
            Column::ReplyLastSegment => self.bench.receive(&said("Reply=7/2/END{Context=-")),
            Column::AskTimer => self.wake_for(Why::Missing)?,
            Column::SegmentTimer => self.wake_for(Why::SegmentWait)?,
            Column::ReplyElsewhere => self.bench.receive_from(&answer(ID.0), ELSEWHERE),
            Column::Cancel => self.bench.endpoint.cancel(self.peer, ID, self.bench.now),
            Column::PeerRestarts => self.bench.endpoint.forget_requests(self.peer),
            Column::LongTimer => self.wake_for(Why::LongTimer)?,
            Column::ConnectionEnds => {
                self.bench
                    .endpoint
                    .handle_closed(route(THEIRS), self.bench.now);
            }
            Column::Disconnect => self.bench.endpoint.disconnect(self.peer),
        }
        Some(())
    }

    fn outbound_row(&self) -> Row {
        let Some(association) = self.association() else {
            return Row::Unknown;
        };
        let (_, requests) = association.tables();
        let row = requests.row(ID, &association.terms);
        assert_eq!(
            row == Row::Unknown,
            requests.is_empty(),
            "something is left"
        );
        row
    }
}

fn pending() -> String {
    format!("MEGACO/2 them Pending={}{{}}", ID.0)
}

/// A reply that begins like that.
fn said(reply: &str) -> String {
    format!("MEGACO/3 them {reply}{{AuditValue=ROOT}}}}")
}
