//! Commands.

use super::{
    Generator,
    chance::Part,
    identifiers::May,
    place::{Command, Context, Place},
};

impl Generator {
    /// A Context that is to be made needs an Add or a Move; a topology that speaks of CHOOSE, an
    /// Add of it.
    pub(crate) fn command_request_list(&mut self) {
        self.rule("commandRequestList");
        let owed: Option<Part> = if self.place.owes_choose {
            Some(|g| {
                g.key("AddToken", "Add", "A");
                g.chosen_termination();
                g.amm_parameters();
            })
        } else if self.place.context == Context::Choose {
            Some(Self::add_or_move)
        } else {
            None
        };
        let mut commands: Vec<Part> = vec![Self::command_request; self.few(1, 8)];
        if let Some(owed) = owed {
            commands.pop();
            commands.push(owed);
        }
        self.chance.shuffle(&mut commands);
        self.each(commands, |g, command| {
            if g.once_in(8) {
                g.word("O-");
            }
            if g.once_in(8) {
                g.word("W-");
            }
            g.command(command);
        });
    }

    /// One command, to which nothing applies of what was before.
    pub(crate) fn command(&mut self, write: Part) {
        self.rule(if self.place.reply {
            "commandReplys"
        } else {
            "commandRequest"
        });
        self.place = Place {
            command: Command::Other,
            root: false,
            wildcard: false,
            ..self.place
        };
        write(self);
    }

    fn command_request(&mut self) {
        let members = match self.place.context {
            Context::Null => [Self::modify as Part; 3],
            Context::All => [Self::modify, Self::modify, Self::subtract_request],
            Context::Choose | Context::Known => {
                [Self::add_or_move, Self::modify, Self::subtract_request]
            }
        };
        match self.chance.u8(0..12) {
            0..=3 => members[0](self),
            4..=5 => members[1](self),
            6 => members[2](self),
            7..=8 => self.audit_request(),
            9 => self.notify_request(),
            _ => self.service_change_request(),
        }
    }

    fn add_or_move(&mut self) {
        if self.coin() {
            self.key("AddToken", "Add", "A");
            self.term_id_list(May::NEW_MEMBERS);
        } else {
            self.key("MoveToken", "Move", "MV");
            self.term_id_list(May::MEMBERS);
        }
        self.amm_parameters();
    }

    fn modify(&mut self) {
        self.key("ModifyToken", "Modify", "MF");
        self.term_id_list(May::ANY);
        self.amm_parameters();
    }

    /// What stands in the braces of `ammRequest`. ROOT has neither signals nor streams.
    fn amm_parameters(&mut self) {
        self.rule("ammRequest");
        if self.once_in(6) {
            return;
        }
        let mut parts: Vec<Part> = vec![
            Self::media_descriptor,
            Self::events_descriptor,
            Self::digit_map_descriptor,
            Self::event_buffer_descriptor,
            Self::audit_descriptor,
        ];
        if !self.place.root {
            parts.push(Self::signals_descriptor);
            parts.push(Self::mux_descriptor);
        }
        if !self.since(3) || self.once_in(8) {
            parts.push(Self::modem_descriptor);
        }
        if self.since(3) {
            parts.push(Self::statistics_descriptor);
        }
        let parts = self.some(1, parts);
        self.open();
        self.each(parts, |g, part| {
            g.rule("ammParameter");
            part(g);
        });
        self.close();
    }

    fn subtract_request(&mut self) {
        self.rule("subtractRequest");
        self.key("SubtractToken", "Subtract", "S");
        self.term_id_list(May::MEMBERS);
        if self.coin() {
            self.braces(Self::audit_descriptor);
        }
    }

    fn audit_request(&mut self) {
        self.rule("auditRequest");
        self.value_or_capability();
        self.equal();
        self.term_id_list(May::ANY);
        self.braces(Self::audit_descriptor);
    }

    /// The keyword of an audit.
    pub(crate) fn value_or_capability(&mut self) {
        if self.coin() {
            self.token("AuditValueToken", "AuditValue", "AV");
        } else {
            self.place.command = Command::AuditCapability;
            self.token("AuditCapToken", "AuditCapability", "AC");
        }
    }

    fn notify_request(&mut self) {
        self.rule("notifyRequest");
        self.key("NotifyToken", "Notify", "N");
        self.place.command = Command::Notify;
        self.term_id_list(May::NAMES_AND_ROOT);
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
        self.term_id_list(May::ANY);
        self.braces(Self::service_change_descriptor);
    }
}
