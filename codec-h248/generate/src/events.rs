//! Requested events and the event buffer.

use super::{
    Generator,
    chance::Part,
    items::{Item, Kind, Parameter},
};

/// A parameter of an event.
enum Wanted {
    Part(Part),
    Other(Parameter),
}

/// How an event is asked for.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    First,
    /// Once a first event has happened.
    Second,
}

impl Generator {
    /// `RequestID` of one request; the last number is that of all (H.248.1 Annex A.2).
    pub(crate) fn request_id(&mut self) {
        self.rule("RequestID");
        let id = match self.chance.u8(0..6) {
            0 => 0,
            1 => u32::MAX - 1,
            2 => self.chance.u32(..u32::MAX),
            _ => self.chance.u32(1..100_000),
        };
        self.this_uint32(id);
    }

    /// `RequestID`: any where a gateway tells what it is capable of.
    pub(crate) fn request_id_or_all(&mut self) {
        if self.place.reply && self.in_capability() && self.coin() {
            self.rule("RequestID");
            self.put("*");
        } else {
            self.request_id();
        }
    }

    pub(crate) fn event_stream(&mut self) {
        self.rule("eventStream");
        self.key("StreamToken", "Stream", "ST");
        self.rule("StreamID");
        self.uint16();
    }

    pub(crate) fn events_descriptor(&mut self) {
        self.rule("eventsDescriptor");
        self.token("EventsToken", "Events", "E");
        if self.once_in(8) {
            return;
        }
        self.equal();
        self.request_id_or_all();
        self.open();
        let events = (0..self.few(1, 8))
            .map(|_| self.item(Kind::Event))
            .collect();
        self.each(events, Self::requested_event);
        self.close();
    }

    fn requested_event(&mut self, event: Item) {
        self.rule("requestedEvent");
        self.event_with("eventParameter", event, Stage::First);
    }

    fn second_requested_event(&mut self, event: Item) {
        self.rule("secondRequestedEvent");
        self.event_with("secondEventParameter", event, Stage::Second);
    }

    /// An event and its parameters. Completion of a digit map wants the map.
    fn event_with(&mut self, rule: &'static str, event: Item, stage: Stage) {
        let completes = event.is("dd", "ce");
        let mut wanted = self.general_parameters(stage);
        if completes || self.once_in(6) {
            wanted.push(Wanted::Part(Self::event_dm));
        }
        let named = if completes {
            self.pkgd_name(event);
            true
        } else {
            self.pkgd_name_or_all(event)
        };
        if named {
            let others = event.requested();
            wanted.extend(self.some(0, others).into_iter().map(Wanted::Other));
        }
        if wanted.is_empty() {
            return;
        }
        self.chance.shuffle(&mut wanted);
        self.open();
        self.each(wanted, |g, wanted| {
            g.rule(rule);
            match wanted {
                Wanted::Part(part) => part(g),
                Wanted::Other(parameter) => g.event_other(parameter),
            }
        });
        self.close();
    }

    /// What may be asked of any event, each at most once. Signals that are embedded and the wish
    /// to keep the present ones exclude each other.
    fn general_parameters(&mut self, stage: Stage) -> Vec<Wanted> {
        let mut parts: Vec<Part> = Vec::new();
        match self.chance.u8(0..8) {
            0 => parts.push(|g| g.token("KeepActiveToken", "KeepActive", "KA")),
            1 | 2 if stage == Stage::Second => parts.push(Self::embed_sig),
            1 => parts.push(Self::embed_no_sig),
            2 => parts.push(Self::embed_with_sig),
            _ => {}
        }
        if self.once_in(6) {
            parts.push(Self::event_stream);
        }
        if self.since(3) && self.once_in(6) {
            parts.push(match stage {
                Stage::First => |g| g.notify_behaviour(Stage::First),
                Stage::Second => |g| g.notify_behaviour(Stage::Second),
            });
        }
        if self.since(3) && self.once_in(8) {
            parts.push(|g| {
                g.token("ResetEventsDescriptorToken", "ResetEventsDescriptor", "RSE");
            });
        }
        parts.into_iter().map(Wanted::Part).collect()
    }

    fn notify_behaviour(&mut self, stage: Stage) {
        self.rule("notifyBehaviour");
        match self.chance.u8(0..3) {
            0 => self.token("NeverNotifyToken", "NeverNotify", "NBNN"),
            1 => self.token("NotifyImmediateToken", "ImmediateNotify", "NBIN"),
            _ => self.notify_regulated(stage),
        }
    }

    /// What is embedded here holds no events once it is embedded itself (H.248.1 7.1.9).
    fn notify_regulated(&mut self, stage: Stage) {
        self.rule("notifyRegulated");
        self.token("NotifyRegulatedToken", "RegulatedNotify", "NBRN");
        if self.coin() {
            return;
        }
        self.open();
        match stage {
            Stage::First if self.coin() => self.embed_no_sig(),
            Stage::First => self.embed_with_sig(),
            Stage::Second => {
                self.rule("embedWithSig");
                self.embedded_signals();
            }
        }
        self.close();
    }

    fn embed_with_sig(&mut self) {
        self.rule("embedWithSig");
        if self.coin() {
            return self.embedded_signals();
        }
        self.token("EmbedToken", "Embed", "EM");
        self.open();
        self.signals_descriptor();
        self.comma();
        self.embed_first();
        self.close();
    }

    fn embed_no_sig(&mut self) {
        self.rule("embedNoSig");
        self.token("EmbedToken", "Embed", "EM");
        self.braces(Self::embed_first);
    }

    fn embed_first(&mut self) {
        self.rule("embedFirst");
        self.token("EventsToken", "Events", "E");
        if self.once_in(6) {
            return;
        }
        self.equal();
        self.request_id_or_all();
        self.open();
        let events = (0..self.few(1, 4))
            .map(|_| self.item(Kind::Event))
            .collect();
        self.each(events, Self::second_requested_event);
        self.close();
    }

    fn embed_sig(&mut self) {
        self.rule("embedSig");
        self.embedded_signals();
    }

    fn embedded_signals(&mut self) {
        self.token("EmbedToken", "Embed", "EM");
        self.braces(Self::signals_descriptor);
    }

    fn event_dm(&mut self) {
        self.rule("eventDM");
        self.key("DigitMapToken", "DigitMap", "DM");
        if self.coin() {
            self.digit_map_name();
        } else {
            self.braces(Self::digit_map_value);
        }
    }

    pub(crate) fn event_other(&mut self, parameter: Parameter) {
        self.rule("eventOther");
        self.parameter("eventParameterName", parameter);
    }

    pub(crate) fn event_buffer_descriptor(&mut self) {
        self.rule("eventBufferDescriptor");
        self.token("EventBufferToken", "EventBuffer", "EB");
        if self.once_in(6) {
            return;
        }
        self.open();
        let events = (0..self.few(1, 6))
            .map(|_| self.item(Kind::Event))
            .collect();
        self.each(events, Self::event_spec);
        self.close();
    }

    fn event_spec(&mut self, event: Item) {
        self.rule("eventSpec");
        let mut wanted = Vec::new();
        if self.pkgd_name_or_all(event) {
            let others = event.requested();
            wanted.extend(self.some(0, others).into_iter().map(Wanted::Other));
        }
        if self.once_in(3) {
            wanted.push(Wanted::Part(Self::event_stream));
        }
        if wanted.is_empty() {
            return;
        }
        self.chance.shuffle(&mut wanted);
        self.open();
        self.each(wanted, |g, wanted| {
            g.rule("eventSpecParameter");
            match wanted {
                Wanted::Part(part) => part(g),
                Wanted::Other(parameter) => g.event_other(parameter),
            }
        });
        self.close();
    }
}
