//! Transactions.

use super::{Generator, place::Place};

impl Generator {
    pub(crate) fn transaction(&mut self) {
        self.place = Place::default();
        match self.chance.u8(0..20) {
            0..=9 => self.transaction_request(),
            10..=16 => self.transaction_reply(),
            17 => self.transaction_pending(),
            18 if self.since(3) => self.segment_reply(),
            _ => self.transaction_response_ack(),
        }
    }

    /// `TransactionID` of a transaction that there is.
    fn transaction_id(&mut self) {
        self.rule("TransactionID");
        let id = match self.chance.u8(0..6) {
            0 => u32::MAX,
            1 => self.chance.u32(1..),
            _ => self.chance.u32(1..100_000),
        };
        self.this_uint32(id);
    }

    fn transaction_request(&mut self) {
        self.rule("transactionRequest");
        self.key("TransToken", "Transaction", "T");
        self.transaction_id();
        self.braces(|g| g.list(1, 4, Self::action_request));
    }

    /// An error may answer a request whose number could not be read: that is reply 0.
    fn transaction_reply(&mut self) {
        self.rule("transactionReply");
        self.place.reply = true;
        let fails = self.once_in(6);
        self.key("ReplyToken", "Reply", "P");
        if fails && self.once_in(4) {
            self.rule("TransactionID");
            self.this_uint32(0);
        } else {
            self.transaction_id();
        }
        if self.since(3) && self.once_in(5) {
            self.segment();
        }
        self.open();
        if self.once_in(4) {
            self.token("ImmAckRequiredToken", "ImmAckRequired", "IA");
            self.comma();
        }
        if fails {
            self.error_descriptor();
        } else {
            self.rule("actionReplyList");
            self.list(1, 4, Self::action_reply);
        }
        self.close();
    }

    /// `/`, a number, perhaps that it is the last.
    fn segment(&mut self) {
        self.slash();
        self.rule("segmentNumber");
        let number = match self.chance.u8(0..6) {
            0 => self.chance.u16(1..),
            _ => self.chance.u16(1..20),
        };
        self.this_uint16(number);
        if self.coin() {
            self.slash();
            self.token("SegmentationCompleteToken", "END", "&");
        }
    }

    fn transaction_pending(&mut self) {
        self.rule("transactionPending");
        self.key("PendingToken", "Pending", "PN");
        self.transaction_id();
        self.braces(|_| ());
    }

    fn segment_reply(&mut self) {
        self.rule("segmentReply");
        self.key("MessageSegmentToken", "Segment", "SM");
        self.transaction_id();
        self.segment();
        if self.coin() {
            self.put("\n");
        }
        self.lwsp();
    }

    fn transaction_response_ack(&mut self) {
        self.rule("transactionResponseAck");
        self.token("ResponseAckToken", "TransactionResponseAck", "K");
        self.braces(|g| g.list(1, 12, Self::transaction_ack));
    }

    /// One number, or a first and a last.
    fn transaction_ack(&mut self) {
        self.rule("transactionAck");
        if self.coin() {
            return self.transaction_id();
        }
        let first = self.chance.u32(1..u32::MAX);
        let last = match self.chance.u8(0..4) {
            0 => u32::MAX,
            1 => first,
            _ => first.saturating_add(self.chance.u32(1..1_000)),
        };
        self.rule("TransactionID");
        self.this_uint32(first);
        self.put("-");
        self.rule("TransactionID");
        self.this_uint32(last);
    }
}
