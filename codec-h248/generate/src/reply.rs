//! Replies to commands.

use super::{
    Generator,
    audit::{self, Keyword},
    chance::Part,
    identifiers::May,
};

impl Generator {
    pub(crate) fn command_replys(&mut self) {
        let reply: Part = match self.chance.u8(0..8) {
            0..=2 => Self::amms_reply,
            3..=5 => Self::audit_reply,
            6 => Self::notify_reply,
            _ => Self::service_change_reply,
        };
        self.command(reply);
    }

    fn amms_reply(&mut self) {
        self.rule("ammsReply");
        match self.chance.u8(0..4) {
            0 => {
                self.key("AddToken", "Add", "A");
                if self.once_in(8) {
                    self.chosen_termination();
                    return self.braces(Self::error_descriptor);
                }
                self.term_id_list(May::MEMBERS);
            }
            1 => {
                self.key("MoveToken", "Move", "MV");
                self.term_id_list(May::MEMBERS);
            }
            2 => {
                self.key("ModifyToken", "Modify", "MF");
                self.term_id_list(May::ANY);
            }
            _ => {
                self.key("SubtractToken", "Subtract", "S");
                self.term_id_list(May::MEMBERS);
            }
        }
        if self.coin() {
            self.braces(Self::termination_audit);
        }
    }

    fn audit_reply(&mut self) {
        self.rule("auditReply");
        self.value_or_capability();
        if self.once_in(4) {
            self.context_termination_audit();
        } else {
            self.audit_other();
        }
    }

    fn audit_other(&mut self) {
        self.rule("auditOther");
        self.equal();
        self.term_id_list(May::ANY);
        if !self.once_in(4) {
            self.braces(Self::termination_audit);
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
        let mut parts: Vec<Part> = vec![
            |g| g.or_empty(Self::media_descriptor, audit::MEDIA),
            |g| g.or_empty(Self::digit_map_descriptor, audit::DIGIT_MAP),
            |g| g.or_empty(Self::observed_events_descriptor, audit::OBSERVED_EVENTS),
            |g| g.or_empty(Self::statistics_descriptor, audit::STATISTICS),
            |g| g.or_empty(Self::packages_descriptor, audit::PACKAGES),
            |g| g.or_empty(Self::modem_of_old, audit::MODEM),
            Self::events_descriptor,
            Self::event_buffer_descriptor,
        ];
        if !self.place.root {
            parts.push(Self::signals_descriptor);
            parts.push(|g| g.or_empty(Self::mux_descriptor, audit::MUX));
        }
        let mut parts = self.some(1, parts);
        match self.chance.u8(0..12) {
            0 => parts = vec![Self::error_descriptor],
            1 => parts.push(Self::error_descriptor),
            _ => {}
        }
        self.each(parts, |g, part| {
            g.rule("auditReturnParameter");
            part(g);
        });
    }

    /// A descriptor, or its keyword, which says that it is empty.
    fn or_empty(&mut self, descriptor: Part, keyword: Keyword) {
        if self.once_in(4) {
            self.audit_return_item(keyword);
        } else {
            descriptor(self);
        }
    }

    /// Version 3 has deprecated modems.
    fn modem_of_old(&mut self) {
        if self.since(3) && !self.once_in(4) {
            self.audit_return_item(audit::MODEM);
        } else {
            self.modem_descriptor();
        }
    }

    fn notify_reply(&mut self) {
        self.rule("notifyReply");
        self.key("NotifyToken", "Notify", "N");
        self.term_id_list(May::NAMES_AND_ROOT);
        if self.once_in(3) {
            self.braces(Self::error_descriptor);
        }
    }

    /// Only ROOT is told parameters.
    fn service_change_reply(&mut self) {
        self.rule("serviceChangeReply");
        self.key("ServiceChangeToken", "ServiceChange", "SC");
        self.term_id_list(May::ANY);
        match self.chance.u8(0..3) {
            0 => self.braces(Self::error_descriptor),
            _ if self.place.root => self.braces(Self::service_change_reply_descriptor),
            _ => {}
        }
    }
}
