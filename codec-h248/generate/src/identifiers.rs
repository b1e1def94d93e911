//! Names of entities, Contexts and Terminations.

use super::Generator;

impl Generator {
    pub(crate) fn m_id(&mut self) {
        self.rule("mId");
        match self.chance.u8(0..8) {
            0..=1 => {
                self.domain_address();
                self.maybe_port();
            }
            2..=4 => {
                self.domain_name();
                self.maybe_port();
            }
            5 => self.mtp_address(),
            _ => {
                self.rule("deviceName");
                self.rule("pathNAME");
                let name = self.pick(&["gw/rack1/mg7", "mg1", "mgc/1@x.example", "gateway_tt"]);
                self.word(name);
            }
        }
    }

    fn maybe_port(&mut self) {
        if self.coin() {
            self.put(":");
            self.port_number();
        }
    }

    pub(crate) fn port_number(&mut self) {
        self.rule("portNumber");
        self.uint16();
    }

    fn domain_name(&mut self) {
        self.rule("domainName");
        let name = self.pick(&["mg1.example.net", "a", "9-x.y", "mgc.example"]);
        self.put("<");
        self.word(name);
        self.put(">");
    }

    fn domain_address(&mut self) {
        self.rule("domainAddress");
        self.put("[");
        if self.coin() {
            self.rule("IPv4address");
            self.rule("V4hex");
            self.rule("DOT");
            let address = self.pick(&["192.0.2.1", "198.51.100.255", "0.0.0.0"]);
            self.put(address);
        } else {
            self.rule("IPv6address");
            let (rules, address): (&[&'static str], &str) = self.pick(&[
                (&["hexpart", "hexseq", "hex4"][..], "2001:db8::7"),
                (
                    &["hexpart", "hexseq", "hex4"][..],
                    "2001:0db8:0:0:1:2:3:ffff",
                ),
                (&["hexpart"][..], "::"),
                (&["hexpart", "hexseq", "hex4"][..], "::1"),
                (
                    &["hexpart", "hexseq", "hex4", "IPv4address"][..],
                    "::ffff:192.0.2.9",
                ),
            ]);
            for rule in rules {
                self.rule(rule);
            }
            self.word(address);
        }
        self.put("]");
    }

    fn mtp_address(&mut self) {
        self.rule("mtpAddress");
        self.token("MTPToken", "MTP", "MTP");
        self.open();
        let digits = self.pick(&[4, 6, 8]);
        self.hex(digits);
        self.lwsp();
        self.put("}");
    }

    pub(crate) fn context_id(&mut self) {
        self.rule("ContextID");
        match self.chance.u8(0..8) {
            0 => self.put("-"),
            1 => self.put("$"),
            2 => self.put("*"),
            _ => {
                self.rule("UINT32");
                let id = self.chance.u32(1..0xffff_fffe);
                self.number(id);
            }
        }
    }

    /// A name that a gateway with four kinds of Terminations knows, without wildcards.
    fn known_path(&mut self) {
        let kind = self.pick(&["tdm", "rtp", "line", "card1"]);
        self.word(kind);
        for _ in 0..self.chance.usize(1..=2) {
            let number = self.chance.u32(1..=255);
            self.put("/");
            self.number(number);
        }
    }

    pub(crate) fn termination_id(&mut self) {
        self.rule("TerminationID");
        match self.chance.u8(0..16) {
            0 => self.word("ROOT"),
            1 => self.put("$"),
            2 => self.put("*"),
            3 => {
                self.rule("pathNAME");
                let path =
                    self.pick(&["rtp/*", "rtp/$", "tdm/1/*", "tdm/2/$", "line/*", "card1/*"]);
                self.word(path);
            }
            _ => {
                self.rule("pathNAME");
                self.known_path();
            }
        }
    }

    /// A name of some other gateway.
    fn foreign_path(&mut self) {
        self.rule("TerminationID");
        self.rule("pathNAME");
        self.rule("pathDomainName");
        self.traits.text_only = true;
        let path = self.pick(&[
            "*trunk1/3@gw1.example",
            "trunk_a/$/7",
            "DS/*/4",
            "a*b$",
            "x@*.y",
        ]);
        self.word(path);
    }

    /// One Termination that is not ROOT, and no wildcard.
    pub(crate) fn one_termination(&mut self) {
        self.rule("TerminationID");
        self.rule("pathNAME");
        self.known_path();
    }

    pub(crate) fn term_id_list(&mut self) {
        self.rule("termIDList");
        if self.since(3) && self.once_in(5) {
            self.open_square();
            self.list(2, 3, Self::one_termination);
            self.close_square();
        } else if self.once_in(60) {
            self.foreign_path();
        } else {
            self.termination_id();
        }
    }

    /// As [`Self::term_id_list`], without ROOT.
    pub(crate) fn term_id_list_but_root(&mut self) {
        self.rule("termIDList");
        match self.chance.u8(0..8) {
            0 => self.put("$"),
            1 => self.put("*"),
            2 if self.since(3) => {
                self.open_square();
                self.list(2, 3, Self::one_termination);
                self.close_square();
            }
            _ => self.one_termination(),
        }
    }

    pub(crate) fn termination_id_list(&mut self) {
        self.rule("terminationIDList");
        self.braces(|g| g.list(1, 3, Self::one_termination));
    }
}
