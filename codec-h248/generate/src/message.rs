//! Messages.

use super::Generator;

/// Codes of H.248.8 that are often sent.
const CODES: &[u32] = &[
    400, 401, 402, 403, 406, 410, 411, 412, 421, 422, 430, 431, 432, 434, 441, 442, 443, 444, 445,
    447, 448, 449, 450, 500, 501, 502, 505, 510, 512, 515, 517, 533, 581,
];

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
        self.word("0x");
        self.hex(8);
        self.colon();
        self.rule("SequenceNum");
        self.word("0x");
        self.hex(8);
        self.colon();
        self.rule("AuthData");
        self.word("0x");
        let octets = self.chance.usize(12..=32);
        self.hex(octets * 2);
    }

    fn plain_message(&mut self) {
        self.rule("message");
        self.token("MegacopToken", "MEGACO", "!");
        self.slash();
        self.this_version(self.version.into());
        self.separator();
        self.m_id();
        self.separator();
        self.message_body();
    }

    /// `Version` that is this one.
    pub(crate) fn this_version(&mut self, version: u32) {
        self.rule("Version");
        self.decimal(version, 2);
    }

    fn message_body(&mut self) {
        self.rule("messageBody");
        if self.once_in(25) {
            self.error_descriptor();
        } else {
            self.transaction_list();
        }
    }

    /// One transaction or two; a batch of them now and then.
    fn transaction_list(&mut self) {
        self.rule("transactionList");
        let count = match self.chance.u8(0..40) {
            0 => self.chance.usize(4..24),
            1..=28 => 1,
            _ => self.chance.usize(2..4),
        };
        for _ in 0..count {
            self.transaction();
        }
    }

    pub(crate) fn error_descriptor(&mut self) {
        self.rule("errorDescriptor");
        self.key("ErrorToken", "Error", "ER");
        self.rule("ErrorCode");
        let code = match self.chance.u8(0..8) {
            // Those of H.248.8 have three digits and begin at 400.
            0 => self.chance.u32(400..=699),
            _ => self.pick(CODES),
        };
        self.decimal(code, 4);
        self.open();
        if self.coin() {
            self.quoted_string();
        }
        self.close();
    }
}
