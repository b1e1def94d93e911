//! Requests of the peer.

use codec_h248::{ActionReply, list};

use super::*;
use crate::{
    Limits,
    transactions::testing::{InboundRow as Row, names},
};

/// Octets that the peer takes.
const PDU_MAX: usize = 500;

names! {
    /// What happens to a request of a peer.
    Column {
        Request = "request",
        RequestTableFull = "request, table full",
        RequestAllFull = "request, all full",
        RequestElsewhere = "request from elsewhere",
        Reply = "our reply",
        LongReply = "our reply, too long",
        Quiet = "quiet time",
        PendingTimer = "Pending timer",
        SegmentTimer = "segment timer",
        LastSegmentTimer = "segment timer, last",
        SegmentReply = "SegmentReply",
        SegmentReplies = "SegmentReply of the rest",
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
    let mut walk = Walk::new(config(row, column));
    walk.enter_inbound(row);
    assert_eq!(walk.inbound_row(), row);
    walk.emissions();
    walk.meet_inbound(column)?;
    let emissions = walk.emissions();
    Some(cell(walk.inbound_row().name(), &emissions))
}

/// Where segments are repeated once and no more, or LONG-TIMER is met before that.
fn config(row: Row, column: Column) -> Config {
    let default = Config::default();
    let repeated = matches!(row, Row::InSegments | Row::InSegmentsBefore);
    if row == Row::Silent || column == Column::LastSegmentTimer {
        let segment_wait = default.first_delay + default.delay_min;
        return Config {
            segment_wait,
            ..default
        };
    }
    if repeated && column == Column::LongTimer {
        let long_timer = default.first_delay - ms(1);
        return Config {
            long_timer,
            ..default
        };
    }
    default
}

impl Walk {
    /// Brings the request into a state.
    fn enter_inbound(&mut self, row: Row) {
        let last = matches!(row, Row::ToldLast | Row::ToldLastBefore);
        self.bench.endpoint.set_terms(self.peer, |terms| {
            terms.pending_limit = last.then_some(1);
            terms.pdu_max = Some(PDU_MAX);
        });
        let way: &[Column] = match row {
            Row::Unknown => &[],
            Row::Executing => &[Column::Request],
            Row::Told | Row::ToldLast => &[Column::Request, Column::PendingTimer],
            Row::ToldBefore | Row::ToldLastBefore => {
                &[Column::Request, Column::PendingTimer, Column::Quiet]
            }
            Row::Replied => &[Column::Request, Column::Reply],
            Row::InSegments => &[Column::Request, Column::LongReply],
            Row::InSegmentsBefore => &[Column::Request, Column::LongReply, Column::Quiet],
            Row::Silent => &[Column::Request, Column::LongReply, Column::LastSegmentTimer],
            Row::Refused => &[Column::RequestTableFull],
            Row::Acknowledged => &[Column::Request, Column::Reply, Column::Ack],
            Row::RefusalAcknowledged => &[Column::RequestTableFull, Column::Ack],
        };
        for column in way {
            self.meet_inbound(*column).expect("the way can be gone");
        }
        if row == Row::Silent {
            self.bench.wait(Config::default().delay_min);
        }
        // What is met next finds room, unless it is met without.
        self.config().limits = Limits::default();
    }

    /// Lets something happen; `None` where it cannot.
    fn meet_inbound(&mut self, column: Column) -> Option<()> {
        match column {
            Column::Request => self.bench.receive(&ask()),
            Column::RequestTableFull => {
                self.config().limits.executing_per_peer = 0;
                self.bench.receive(&ask());
            }
            Column::RequestAllFull => {
                self.config().limits.executing_per_peer = 0;
                self.config().limits.refusals_per_peer = 0;
                self.bench.receive(&ask());
            }
            Column::RequestElsewhere => self.bench.receive_from(&ask(), ELSEWHERE),
            Column::Reply => self.bench.reply(self.peer, ID.0),
            Column::LongReply => self.reply_in_two(),
            Column::Quiet => {
                let row = self.inbound_row();
                let told = matches!(row, Row::Told | Row::ToldLast);
                let config = Config::default();
                let quiet = told.then_some(config.pending_after);
                let segments = (row == Row::InSegments).then_some(config.delay_min);
                self.bench.wait(quiet.or(segments)?);
            }
            Column::SegmentTimer => self.wake_for(Why::Segments)?,
            Column::LastSegmentTimer => {
                self.wake_for(Why::Segments)?;
                assert_eq!(self.inbound_row(), Row::Silent);
            }
            Column::SegmentReply => self.bench.receive("MEGACO/3 them Segment=7/1"),
            Column::SegmentReplies => {
                self.bench
                    .receive("MEGACO/3 them Segment=7/1 Segment=7/2/END");
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

    /// Answers with two actions that do not share a message.
    fn reply_in_two(&mut self) {
        let text = "x".repeat(PDU_MAX / 3);
        let error = ErrorDescriptor::about(ErrorCode::NOT_IMPLEMENTED, text);
        let action = |context| ActionReply {
            context: ContextId::Id(context),
            properties: List::new(),
            commands: List::new(),
            error: Some(error.clone()),
        };
        let result = TransactionResult::Actions(list![action(1), action(2)]);
        self.bench
            .endpoint
            .reply(self.peer, ID, result, self.bench.now);
    }

    fn inbound_row(&self) -> Row {
        let Some(association) = self.association() else {
            return Row::Unknown;
        };
        let (inbound, _) = association.tables();
        let config = &self.bench.endpoint.outbox.config;
        let row = inbound.row(ID, (config, &association.terms), self.bench.now);
        assert_eq!(row == Row::Unknown, inbound.is_empty(), "something is left");
        row
    }
}

/// The request, in a version in which its reply may come in segments.
fn ask() -> String {
    format!(
        "MEGACO/3 them Transaction={}{{Context=-{{AuditValue=ROOT{{Audit{{}}}}}}}}",
        ID.0
    )
}

fn acknowledge(id: u32) -> String {
    format!("MEGACO/2 them TransactionResponseAck{{{id}}}")
}
