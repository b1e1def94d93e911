//! Segments of replies, and their acknowledgements (H.248.1 8.2.2, version 3).

use std::time::Instant;

use codec_h248::{SegmentReply, Transaction, TransactionId};

use super::Association;
use crate::{
    Event, Route,
    outbox::Outbox,
    reply,
    transactions::{Asker, Piece, SegmentAnswer, SegmentNews},
};

impl Association {
    /// Takes a segment of a reply. It is acknowledged even when it comes late, because the peer sends
    /// it until it is.
    pub(super) fn handle_segment(
        &mut self,
        id: TransactionId,
        piece: Piece<'_>,
        Asker { from, manner }: Asker,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        let segment = piece.segment;
        if manner.version < reply::SEGMENTS_SINCE {
            // Its acknowledgement has no form there.
            outbox.counters.foreign += 1;
            return;
        }
        let agreed = (&outbox.config, &self.terms);
        match self.requests.handle_segment(id, piece, agreed, now) {
            SegmentAnswer::More => outbox.counters.segments_received += 1,
            SegmentAnswer::Whole(gathered) => {
                outbox.counters.segments_received += 1;
                self.replied(id, gathered, Asker { from, manner }, outbox, now);
            }
            SegmentAnswer::Late => outbox.counters.late_replies += 1,
            SegmentAnswer::GivenUp => {
                outbox.counters.segments_missed += 1;
                outbox.counters.timeouts += 1;
                outbox.emit(self.peer, Event::TimedOut { id });
            }
            SegmentAnswer::Foreign => {
                outbox.counters.foreign += 1;
                return;
            }
        }
        let ack = Transaction::SegmentReply(SegmentReply { id, segment });
        outbox.send(&ack, manner, from);
    }

    /// Takes the acknowledgement of a segment of ours.
    pub(super) fn handle_segment_ack(
        &mut self,
        ack: SegmentReply,
        from: Route,
        outbox: &mut Outbox,
        now: Instant,
    ) {
        if !self.is_home(from) {
            outbox.counters.from_elsewhere += 1;
            return;
        }
        let agreed = (&outbox.config, &self.terms);
        match self
            .inbound
            .handle_segment_ack(ack.id, ack.segment, agreed, now)
        {
            SegmentNews::None => outbox.counters.foreign += 1,
            SegmentNews::Again => outbox.counters.late_acks += 1,
            SegmentNews::One => {}
            SegmentNews::All => outbox.counters.replies_acknowledged += 1,
        }
    }
}
