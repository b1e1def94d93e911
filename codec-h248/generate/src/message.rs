//! Messages and transactions.

use super::Generator;

impl Generator {
    pub(crate) fn megaco_message(&mut self) {
        self.rule("megacoMessage");
        self.lwsp();
        if self.once_in(10) {
            self.authentication_header();
            self.separator();
        }
        self.plain_message();
    }

    fn authentication_header(&mut self) {
        self.rule("authenticationHeader");
        self.key("AuthToken", "Authentication", "AU");
        self.rule("SecurityParmIndex");
        self.put("0x");
        self.hex(8);
        self.rule("COLON");
        self.put(":");
        self.rule("SequenceNum");
        self.put("0x");
        self.hex(8);
        self.put(":");
        self.rule("AuthData");
        self.put("0x");
        let octets = self.chance.usize(12..=32);
        self.hex(octets * 2);
    }

    fn plain_message(&mut self) {
        self.rule("message");
        self.token("MegacopToken", "MEGACO", "!");
        self.rule("SLASH");
        self.put("/");
        self.rule("Version");
        self.number(self.version.into());
        self.separator();
        self.m_id();
        self.separator();
        self.message_body();
        self.lwsp();
    }

    fn message_body(&mut self) {
        self.rule("messageBody");
        if self.once_in(25) {
            self.error_descriptor();
        } else {
            self.transaction_list();
        }
    }

    fn transaction_list(&mut self) {
        self.rule("transactionList");
        let most = if self.once_in(40) { 12 } else { 2 };
        for _ in 0..self.chance.usize(1..=most) {
            self.depth = self.chance.u8(0..4);
            match self.chance.u8(0..20) {
                0..=9 => self.transaction_request(),
                10..=16 => self.transaction_reply(),
                17 => self.transaction_pending(),
                18 if self.since(3) => self.segment_reply(),
                _ => self.transaction_response_ack(),
            }
        }
    }

    fn transaction_id(&mut self) {
        self.rule("TransactionID");
        self.uint32();
    }

    fn transaction_request(&mut self) {
        self.rule("transactionRequest");
        self.key("TransToken", "Transaction", "T");
        self.transaction_id();
        self.braces(|g| g.list(1, 2, Self::action_request));
    }

    fn transaction_reply(&mut self) {
        self.rule("transactionReply");
        self.key("ReplyToken", "Reply", "P");
        self.transaction_id();
        if self.since(3) && self.once_in(4) {
            self.segment();
        }
        self.open();
        if self.once_in(4) {
            self.token("ImmAckRequiredToken", "ImmAckRequired", "IA");
            self.comma();
        }
        if self.once_in(6) {
            self.error_descriptor();
        } else {
            self.rule("actionReplyList");
            self.list(1, 2, Self::action_reply);
        }
        self.close();
    }

    fn segment(&mut self) {
        self.put("/");
        self.rule("segmentNumber");
        let number = self.chance.u32(1..=65_535);
        self.number(number);
        if self.coin() {
            self.put("/");
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
        self.put("\n");
        self.lwsp();
    }

    fn transaction_response_ack(&mut self) {
        self.rule("transactionResponseAck");
        self.token("ResponseAckToken", "TransactionResponseAck", "K");
        self.braces(|g| {
            g.list(1, 3, |g| {
                g.rule("transactionAck");
                let first = g.chance.u32(1..100_000);
                g.rule("TransactionID");
                g.number(first);
                if g.coin() {
                    g.put("-");
                    let last = g.chance.u32(first + 1..200_000);
                    g.number(last);
                }
            });
        });
    }

    pub(crate) fn error_descriptor(&mut self) {
        self.rule("errorDescriptor");
        self.key("ErrorToken", "Error", "ER");
        self.rule("ErrorCode");
        let code = self.pick(&[400, 403, 406, 411, 430, 434, 443, 449, 500, 501, 510, 533]);
        self.number(code);
        self.open();
        if self.coin() {
            self.quoted_string();
        }
        self.close();
    }
}
