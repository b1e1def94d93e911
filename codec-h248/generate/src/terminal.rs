//! Multiplexes and modems.

use super::{Generator, items::Where};

impl Generator {
    pub(crate) fn mux_descriptor(&mut self) {
        self.rule("muxDescriptor");
        self.key("MuxToken", "Mux", "MX");
        self.rule("MuxType");
        match self.chance.u8(0..24) {
            0 => self.extension_parameter(),
            1..=4 if self.since(2) => self.token("Nx64kToken", "Nx64Kservice", "N64"),
            5..=9 => self.token("H221Token", "H221", "H221"),
            10..=14 => self.token("H223Token", "H223", "H223"),
            15..=19 => self.token("H226Token", "H226", "H226"),
            _ => self.token("V76Token", "V76", "V76"),
        }
        self.termination_id_list();
    }

    /// `X-` or `X+` and up to six letters and digits. Binary has object identifiers and the like
    /// in its place, none of which is such a word.
    pub(crate) fn extension_parameter(&mut self) {
        self.rule("extensionParameter");
        self.text_only();
        let mark = self.pick(&["X-", "X+"]);
        self.word(mark);
        for _ in 0..self.chance.usize(1..=6) {
            let octet = self.letter_or_digit();
            self.out.push(octet);
        }
    }

    pub(crate) fn modem_descriptor(&mut self) {
        self.rule("modemDescriptor");
        self.token("ModemToken", "Modem", "MD");
        if self.coin() {
            self.equal();
            self.modem_type();
        } else {
            self.square_brackets(|g| g.list(1, 6, Self::modem_type));
        }
        if self.once_in(3) {
            self.braces(|g| g.property_parms(Where::Modem, 3));
        }
    }

    fn modem_type(&mut self) {
        self.rule("modemType");
        match self.chance.u8(0..30) {
            0 => self.extension_parameter(),
            1..=3 => self.token("V18Token", "V18", "V18"),
            4..=6 => self.token("V22Token", "V22", "V22"),
            7..=9 => self.token("V22bisToken", "V22b", "V22b"),
            10..=12 => self.token("V32Token", "V32", "V32"),
            13..=15 => self.token("V32bisToken", "V32b", "V32b"),
            16..=18 => self.token("V34Token", "V34", "V34"),
            19..=21 => self.token("V90Token", "V90", "V90"),
            22..=25 => self.token("V91Token", "V91", "V91"),
            _ => self.token("SynchISDNToken", "SynchISDN", "SN"),
        }
    }
}
