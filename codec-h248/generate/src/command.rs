//! Commands and their replies.

use super::{Generator, items, items::Type};

impl Generator {
    pub(crate) fn command_request_list(&mut self) {
        self.rule("commandRequestList");
        self.list(1, 3, |g| {
            if g.once_in(8) {
                g.word("O-");
            }
            if g.once_in(8) {
                g.word("W-");
            }
            g.command_request();
        });
    }

    fn command_request(&mut self) {
        self.rule("commandRequest");
        match self.chance.u8(0..12) {
            0..=5 => self.amm_request(),
            6 => self.subtract_request(),
            7..=8 => self.audit_request(),
            9 => self.notify_request(),
            _ => self.service_change_request(),
        }
    }

    fn amm_request(&mut self) {
        self.rule("ammRequest");
        match self.chance.u8(0..3) {
            0 => {
                self.key("AddToken", "Add", "A");
                self.term_id_list_but_root();
            }
            1 => {
                self.key("MoveToken", "Move", "MV");
                self.term_id_list_but_root();
            }
            _ => {
                self.key("ModifyToken", "Modify", "MF");
                self.term_id_list();
            }
        }
        if self.once_in(6) {
            return;
        }
        self.rule("ammParameter");
        let mut parts: Vec<fn(&mut Self)> = vec![
            Self::media_descriptor,
            Self::mux_descriptor,
            Self::events_descriptor,
            Self::signals_descriptor,
            Self::digit_map_descriptor,
            Self::event_buffer_descriptor,
            Self::audit_descriptor,
        ];
        if self.since(3) {
            parts.push(Self::statistics_asked);
        } else {
            parts.push(Self::modem_descriptor);
        }
        self.braces(|g| g.some_of(1, &parts));
    }

    fn subtract_request(&mut self) {
        self.rule("subtractRequest");
        self.key("SubtractToken", "Subtract", "S");
        self.term_id_list_but_root();
        if self.coin() {
            self.braces(Self::audit_descriptor);
        }
    }

    fn audit_request(&mut self) {
        self.rule("auditRequest");
        if self.coin() {
            self.key("AuditValueToken", "AuditValue", "AV");
            self.term_id_list();
            self.braces(Self::audit_descriptor);
        } else {
            self.key("AuditCapToken", "AuditCapability", "AC");
            self.term_id_list();
            self.braces(Self::capability_audit);
        }
    }

    fn notify_request(&mut self) {
        self.rule("notifyRequest");
        self.key("NotifyToken", "Notify", "N");
        self.rule("termIDList");
        self.one_termination();
        self.open();
        self.observed_events_descriptor();
        if self.once_in(6) {
            self.comma();
            self.error_descriptor();
        }
        self.close();
    }

    fn service_change_request(&mut self) {
        self.rule("serviceChangeRequest");
        self.key("ServiceChangeToken", "ServiceChange", "SC");
        self.term_id_list();
        self.braces(Self::service_change_descriptor);
    }

    pub(crate) fn command_replys(&mut self) {
        self.rule("commandReplys");
        match self.chance.u8(0..8) {
            0..=2 => self.amms_reply(),
            3..=5 => self.audit_reply(),
            6 => self.notify_reply(),
            _ => self.service_change_reply(),
        }
    }

    fn amms_reply(&mut self) {
        self.rule("ammsReply");
        match self.chance.u8(0..4) {
            0 => self.key("AddToken", "Add", "A"),
            1 => self.key("MoveToken", "Move", "MV"),
            2 => self.key("ModifyToken", "Modify", "MF"),
            _ => self.key("SubtractToken", "Subtract", "S"),
        }
        self.rule("termIDList");
        self.one_termination();
        if self.coin() {
            self.braces(Self::termination_audit);
        }
    }

    fn audit_reply(&mut self) {
        self.rule("auditReply");
        let capability = self.once_in(4);
        if capability {
            self.token("AuditCapToken", "AuditCapability", "AC");
        } else {
            self.token("AuditValueToken", "AuditValue", "AV");
        }
        if self.once_in(4) {
            self.context_termination_audit();
        } else {
            self.rule("auditOther");
            self.equal();
            self.rule("termIDList");
            if self.once_in(4) {
                self.rule("TerminationID");
                self.word("ROOT");
            } else {
                self.one_termination();
            }
            if self.coin() {
                self.braces(Self::termination_audit);
            }
        }
    }

    fn context_termination_audit(&mut self) {
        self.rule("contextTerminationAudit");
        self.equal();
        self.token("CtxToken", "Context", "C");
        if self.once_in(3) {
            self.braces(Self::error_descriptor);
        } else {
            self.termination_id_list();
        }
    }

    fn termination_audit(&mut self) {
        self.rule("terminationAudit");
        self.rule("auditReturnParameter");
        let mut parts: Vec<fn(&mut Self)> = vec![
            Self::media_descriptor,
            Self::mux_descriptor,
            Self::events_descriptor,
            Self::signals_descriptor,
            Self::digit_map_descriptor,
            Self::observed_events_descriptor,
            Self::event_buffer_descriptor,
            Self::statistics_descriptor,
            Self::packages_descriptor,
        ];
        if !self.since(3) {
            parts.push(Self::modem_descriptor);
        }
        match self.chance.u8(0..5) {
            0 => self.error_descriptor(),
            1 => self.audit_return_items(),
            _ => self.some_of(1, &parts),
        }
    }

    fn audit_return_items(&mut self) {
        self.some_of(1, AUDIT_RETURN_ITEMS);
    }

    fn notify_reply(&mut self) {
        self.rule("notifyReply");
        self.key("NotifyToken", "Notify", "N");
        self.rule("termIDList");
        self.one_termination();
        if self.once_in(3) {
            self.braces(Self::error_descriptor);
        }
    }

    fn service_change_reply(&mut self) {
        self.rule("serviceChangeReply");
        self.key("ServiceChangeToken", "ServiceChange", "SC");
        self.rule("termIDList");
        self.one_termination();
        match self.chance.u8(0..3) {
            0 => {}
            1 => self.braces(Self::error_descriptor),
            _ => self.braces(Self::service_change_reply_descriptor),
        }
    }

    pub(crate) fn mux_descriptor(&mut self) {
        self.rule("muxDescriptor");
        self.key("MuxToken", "Mux", "MX");
        self.rule("MuxType");
        match self.chance.u8(0..6) {
            0 => self.token("H221Token", "H221", "H221"),
            1 => self.token("H223Token", "H223", "H223"),
            2 => self.token("H226Token", "H226", "H226"),
            3 => self.token("V76Token", "V76", "V76"),
            4 if self.since(2) => self.token("Nx64kToken", "Nx64Kservice", "N64"),
            _ => {
                self.traits.text_only = true;
                self.extension_parameter();
            }
        }
        self.termination_id_list();
    }

    pub(crate) fn extension_parameter(&mut self) {
        self.rule("extensionParameter");
        let name = self.pick(&["X-abc", "X+def123", "X-1", "X+z"]);
        self.word(name);
    }

    pub(crate) fn modem_descriptor(&mut self) {
        self.rule("modemDescriptor");
        self.token("ModemToken", "Modem", "MD");
        if self.coin() {
            self.equal();
            self.modem_type();
        } else {
            self.open_square();
            self.list(1, 3, Self::modem_type);
            self.close_square();
        }
        if self.once_in(3) {
            self.braces(|g| g.property_parm(&[("id_8001/id_0005", Type::Integer)]));
        }
    }

    fn modem_type(&mut self) {
        self.rule("modemType");
        match self.chance.u8(0..10) {
            0 => self.token("V18Token", "V18", "V18"),
            1 => self.token("V22Token", "V22", "V22"),
            2 => self.token("V22bisToken", "V22b", "V22b"),
            3 => self.token("V32Token", "V32", "V32"),
            4 => self.token("V32bisToken", "V32b", "V32b"),
            5 => self.token("V34Token", "V34", "V34"),
            6 => self.token("V90Token", "V90", "V90"),
            7 => self.token("V91Token", "V91", "V91"),
            8 => self.token("SynchISDNToken", "SynchISDN", "SN"),
            _ => {
                self.traits.text_only = true;
                self.extension_parameter();
            }
        }
    }

    pub(crate) fn statistics_descriptor(&mut self) {
        self.statistics(|g| {
            if g.since(3) && g.once_in(6) {
                g.equal();
                g.open_square();
                g.list(1, 3, |g| g.value(Type::Integer));
                g.close_square();
            } else {
                g.equal();
                g.value(Type::Integer);
            }
        });
    }

    /// Statistics by name, as a request has them.
    pub(crate) fn statistics_asked(&mut self) {
        self.statistics(|_| ());
    }

    fn statistics(&mut self, value: fn(&mut Self)) {
        self.rule("statisticsDescriptor");
        self.token("StatsToken", "Statistics", "SA");
        let mut names = items::STATISTICS.to_vec();
        self.chance.shuffle(&mut names);
        names.truncate(self.chance.usize(1..=4));
        self.open();
        for (place, name) in names.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.rule("statisticsParameter");
            self.pkgd_name(name);
            value(self);
        }
        self.close();
    }

    pub(crate) fn packages_item(&mut self, name: &str) {
        self.rule("packagesItem");
        self.word(name);
        self.put("-");
        self.rule("UINT16");
        let version = self.chance.u32(1..4);
        self.number(version);
    }

    fn packages_descriptor(&mut self) {
        self.rule("packagesDescriptor");
        self.token("PackagesToken", "Packages", "PG");
        let mut names = items::PACKAGES.to_vec();
        self.chance.shuffle(&mut names);
        names.truncate(self.chance.usize(1..=5));
        self.open();
        for (place, name) in names.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.packages_item(name);
        }
        self.close();
    }
}

/// `auditReturnItem`, each of them.
pub(crate) const AUDIT_RETURN_ITEMS: &[fn(&mut Generator)] = &[
    |g| g.bare("MuxToken", "Mux", "MX"),
    |g| g.bare("MediaToken", "Media", "M"),
    |g| g.bare("DigitMapToken", "DigitMap", "DM"),
    |g| g.bare("StatsToken", "Statistics", "SA"),
    |g| g.bare("ObservedEventsToken", "ObservedEvents", "OE"),
    |g| g.bare("PackagesToken", "Packages", "PG"),
    |g| g.bare("ModemToken", "Modem", "MD"),
];

impl Generator {
    fn bare(&mut self, rule: &'static str, long: &str, short: &str) {
        self.rule("auditReturnItem");
        self.token(rule, long, short);
    }
}
