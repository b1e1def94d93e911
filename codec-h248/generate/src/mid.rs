//! Names of entities (H.248.1 Annex B.2 `mId`).

use super::{Generator, identifiers::May};

/// The longest `domainName`.
const LONGEST_DOMAIN: usize = 64;

impl Generator {
    pub(crate) fn m_id(&mut self) {
        self.rule("mId");
        match self.chance.u8(0..10) {
            0..=3 => {
                self.domain_address();
                self.maybe_port();
            }
            4..=6 => {
                self.domain_name();
                self.maybe_port();
            }
            7 => self.mtp_address(),
            _ => self.device_name(),
        }
    }

    fn maybe_port(&mut self) {
        if self.coin() {
            self.colon();
            self.port_number();
        }
    }

    pub(crate) fn port_number(&mut self) {
        self.rule("portNumber");
        self.uint16();
    }

    fn device_name(&mut self) {
        self.rule("deviceName");
        let may = if self.once_in(10) {
            May::EVERYTHING
        } else {
            May::NAMES
        };
        let name = self.path_name(may);
        self.word(&name);
    }

    fn domain_name(&mut self) {
        self.rule("domainName");
        let length = match self.chance.u8(0..12) {
            0 => 1,
            1 => LONGEST_DOMAIN,
            _ => self.chance.usize(2..24),
        };
        let mut name = String::new();
        while name.len() < length {
            let inside = !name.is_empty() && !name.ends_with('.');
            let octet = match self.chance.u8(0..10) {
                0 | 1 if inside => b'.',
                2 if inside => b'-',
                _ => self.letter_or_digit(),
            };
            name.push(char::from(octet));
        }
        self.put("<");
        self.put(&name);
        self.put(">");
    }

    fn domain_address(&mut self) {
        self.rule("domainAddress");
        self.put("[");
        if self.coin() {
            self.ipv4_address();
        } else {
            self.ipv6_address();
        }
        self.put("]");
    }

    fn ipv4_address(&mut self) {
        self.rule("IPv4address");
        for place in 0..4 {
            if place > 0 {
                self.rule("DOT");
                self.put(".");
            }
            self.rule("V4hex");
            let octet = self.chance.u8(..);
            self.decimal(octet.into(), 3);
        }
    }

    fn ipv6_address(&mut self) {
        self.rule("IPv6address");
        let tail = self.once_in(4);
        let groups = if tail { 6 } else { 8 };
        self.hexpart(groups, tail);
        if tail {
            self.put(":");
            self.ipv4_address();
        }
    }

    /// `hexpart` of so many groups, some of them perhaps left out. What stands before an IPv4
    /// address ends in a group.
    fn hexpart(&mut self, groups: usize, tail: bool) {
        self.rule("hexpart");
        if self.coin() {
            return self.hexseq(groups);
        }
        let before = self.chance.usize(0..groups - 1);
        let behind = self.chance.usize(usize::from(tail)..groups - before);
        if before > 0 {
            self.hexseq(before);
        }
        self.put("::");
        if behind > 0 {
            self.hexseq(behind);
        }
    }

    fn hexseq(&mut self, groups: usize) {
        self.rule("hexseq");
        for place in 0..groups {
            if place > 0 {
                self.put(":");
            }
            self.rule("hex4");
            let digits = self.chance.usize(1..=4);
            self.hex(digits);
        }
    }

    fn mtp_address(&mut self) {
        self.rule("mtpAddress");
        self.token("MTPToken", "MTP", "MTP");
        self.open();
        let octets = self.chance.usize(2..=4);
        self.hex(octets * 2);
        self.lwsp();
        self.put("}");
    }
}
