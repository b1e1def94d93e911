//! Requests of the peer.

use super::*;
use crate::{
    Limits,
    transactions::testing::{InboundRow as Row, names},
};

names! {
    /// What happens to a request of a peer.
    Column {
        Request = "request",
        RequestTableFull = "request, table full",
        RequestAllFull = "request, all full",
        RequestElsewhere = "request from elsewhere",
        Reply = "our reply",
        Quiet = "quiet time",
        PendingTimer = "Pending timer",
        Ack = "Ack",
        AckElsewhere = "Ack from elsewhere",
        LongTimer = "LONG-TIMER",
        ConnectionEnds = "connection ends",
        Disconnect = "disconnect",
    }
}

pub(super) fn machine() -> Machine {
    Machine {
        rows: names(Row::ALL, Row::name),
        columns: names(Column::ALL, Column::name),
        cells: walk(Row::ALL, Column::ALL, inbound_cell),
    }
}

fn inbound_cell(row: Row, column: Column) -> Option<String> {
    let mut walk = Walk::new(Config::default());
    walk.enter_inbound(row);
    assert_eq!(walk.inbound_row(), row);
    walk.emissions();
    walk.meet_inbound(column)?;
    let emissions = walk.emissions();
    Some(cell(walk.inbound_row().name(), &emissions))
}

impl Walk {
    /// Brings the request into a state.
    fn enter_inbound(&mut self, row: Row) {
        let last = matches!(row, Row::ToldLast | Row::ToldLastBefore);
        self.bench.endpoint.set_terms(self.peer, |terms| {
            terms.pending_limit = last.then_some(1);
        });
        let way: &[Column] = match row {
            Row::Unknown => &[],
            Row::Executing => &[Column::Request],
            Row::Told | Row::ToldLast => &[Column::Request, Column::PendingTimer],
            Row::ToldBefore | Row::ToldLastBefore => {
                &[Column::Request, Column::PendingTimer, Column::Quiet]
            }
            Row::Replied => &[Column::Request, Column::Reply],
            Row::Refused => &[Column::RequestTableFull],
            Row::Acknowledged => &[Column::Request, Column::Reply, Column::Ack],
            Row::RefusalAcknowledged => &[Column::RequestTableFull, Column::Ack],
        };
        for column in way {
            self.meet_inbound(*column).expect("the way can be gone");
        }
        // What is met next finds room, unless it is met without.
        self.config().limits = Limits::default();
    }

    /// Lets something happen; `None` where it cannot.
    fn meet_inbound(&mut self, column: Column) -> Option<()> {
        match column {
            Column::Request => self.bench.receive(&ask(ID.0)),
            Column::RequestTableFull => {
                self.config().limits.executing_per_peer = 0;
                self.bench.receive(&ask(ID.0));
            }
            Column::RequestAllFull => {
                self.config().limits.executing_per_peer = 0;
                self.config().limits.refusals_per_peer = 0;
                self.bench.receive(&ask(ID.0));
            }
            Column::RequestElsewhere => self.bench.receive_from(&ask(ID.0), ELSEWHERE),
            Column::Reply => self.bench.reply(self.peer, ID.0),
            Column::Quiet => {
                let told = matches!(self.inbound_row(), Row::Told | Row::ToldLast);
                let quiet = Config::default().pending_after;
                told.then(|| self.bench.wait(quiet))?;
            }
            Column::PendingTimer => self.wake_for(Why::Pending)?,
            Column::Ack => self.bench.receive(&acknowledge(ID.0)),
            Column::AckElsewhere => self.bench.receive_from(&acknowledge(ID.0), ELSEWHERE),
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

    fn inbound_row(&self) -> Row {
        let Some(association) = self.association() else {
            return Row::Unknown;
        };
        let (inbound, _) = association.tables();
        let row = inbound.row(ID, &association.terms, self.bench.now);
        assert_eq!(row == Row::Unknown, inbound.is_empty(), "something is left");
        row
    }
}

fn acknowledge(id: u32) -> String {
    format!("MEGACO/2 them TransactionResponseAck{{{id}}}")
}
