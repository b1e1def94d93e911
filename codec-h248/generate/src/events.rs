//! Events, their buffer, digit maps and what was observed.

use super::{Generator, items, items::Parameter};

impl Generator {
    pub(crate) fn request_id(&mut self) {
        self.rule("RequestID");
        self.uint32();
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
        if self.once_in(6) {
            return;
        }
        self.equal();
        self.request_id();
        self.open();
        self.requested(2, Self::event_parameters);
        self.close();
    }

    /// Different events with what `parameters` writes of each.
    fn requested(&mut self, most: usize, parameters: fn(&mut Self, &[Parameter])) {
        let mut events = items::EVENTS.to_vec();
        self.chance.shuffle(&mut events);
        events.truncate(self.chance.usize(1..=most));
        for (place, (name, known)) in events.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.rule("requestedEvent");
            self.pkgd_name(name);
            if self.coin() {
                self.open();
                parameters(self, known);
                self.close();
            }
        }
    }

    fn event_parameters(&mut self, known: &[Parameter]) {
        self.rule("eventParameter");
        let embeds = self.depth > 0 && self.once_in(3);
        if embeds {
            self.depth -= 1;
            self.embed();
        }
        if !embeds || self.coin() {
            if embeds {
                self.comma();
            }
            self.plain_event_parameter(known, !embeds);
        }
    }

    /// One parameter that embeds nothing, but perhaps by a regulated notification.
    fn plain_event_parameter(&mut self, known: &[Parameter], may_keep: bool) {
        match self.chance.u8(0..8) {
            0 if may_keep => self.token("KeepActiveToken", "KeepActive", "KA"),
            1 => self.event_dm(),
            2 if self.since(3) => self.notify_behaviour(),
            3 if self.since(3) => {
                self.token("ResetEventsDescriptorToken", "ResetEventsDescriptor", "RSE");
            }
            4..=6 if !known.is_empty() => {
                self.rule("eventOther");
                let parameter = self.pick(known);
                self.parameter("eventParameterName", parameter);
            }
            _ => self.event_stream(),
        }
    }

    fn notify_behaviour(&mut self) {
        self.rule("notifyBehaviour");
        match self.chance.u8(0..3) {
            0 => self.token("NeverNotifyToken", "NeverNotify", "NBNN"),
            1 => self.token("NotifyImmediateToken", "ImmediateNotify", "NBIN"),
            _ => {
                self.rule("notifyRegulated");
                self.token("NotifyRegulatedToken", "RegulatedNotify", "NBRN");
                if self.depth > 0 && self.coin() {
                    self.depth -= 1;
                    self.braces(Self::embed);
                }
            }
        }
    }

    /// `embedWithSig` or `embedNoSig`
    fn embed(&mut self) {
        let signals = self.coin();
        self.rule(if signals {
            "embedWithSig"
        } else {
            "embedNoSig"
        });
        self.token("EmbedToken", "Embed", "EM");
        self.open();
        if signals {
            self.signals_descriptor();
        }
        if !signals || self.coin() {
            if signals {
                self.comma();
            }
            self.embed_first();
        }
        self.close();
    }

    fn embed_first(&mut self) {
        self.rule("embedFirst");
        self.token("EventsToken", "Events", "E");
        if self.once_in(5) {
            return;
        }
        self.equal();
        self.request_id();
        self.open();
        self.rule("secondRequestedEvent");
        self.requested(2, Self::second_event_parameters);
        self.close();
    }

    fn second_event_parameters(&mut self, known: &[Parameter]) {
        self.rule("secondEventParameter");
        if self.once_in(4) {
            self.rule("embedSig");
            self.token("EmbedToken", "Embed", "EM");
            self.braces(Self::signals_descriptor);
        } else {
            let depth = std::mem::take(&mut self.depth);
            self.plain_event_parameter(known, true);
            self.depth = depth;
        }
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

    pub(crate) fn digit_map_name(&mut self) {
        self.rule("digitMapName");
        self.rule("NAME");
        let name = self.pick(&["dialplan1", "dialplan2", "dialplan3", "dialplan9"]);
        self.word(name);
    }

    pub(crate) fn digit_map_descriptor(&mut self) {
        self.rule("digitMapDescriptor");
        self.key("DigitMapToken", "DigitMap", "DM");
        let named = self.coin();
        if named {
            self.digit_map_name();
        }
        if !named || self.coin() {
            self.braces(Self::digit_map_value);
        }
    }

    fn digit_map_value(&mut self) {
        self.rule("digitMapValue");
        let timers: &[(&str, bool)] =
            &[("T", true), ("S", true), ("L", true), ("Z", self.since(2))];
        for (letter, has) in timers {
            if *has && self.once_in(3) {
                self.word(letter);
                self.put(":");
                self.rule("Timer");
                let seconds = self.chance.u32(0..=99);
                self.number(seconds);
                self.comma();
            }
        }
        for rule in [
            "digitMap",
            "digitStringList",
            "digitString",
            "digitStringElement",
            "digitPosition",
            "digitMapRange",
            "digitLetter",
            "digitMapLetter",
            "DOT",
        ] {
            self.rule(rule);
        }
        let map = self.pick(&[
            "(xxxx|Exx)",
            "(0|00|[1-7]xxx|8xxxxxxx|Fxxxxxxx|Exx|91xxxxxxxxxx|9011x.)",
            "x.",
            "[2-9]xx",
            "(0S|1L2|Z3)",
        ]);
        self.put(map);
    }

    pub(crate) fn event_buffer_descriptor(&mut self) {
        self.rule("eventBufferDescriptor");
        self.token("EventBufferToken", "EventBuffer", "EB");
        if self.once_in(6) {
            return;
        }
        let mut events = items::EVENTS.to_vec();
        self.chance.shuffle(&mut events);
        events.truncate(self.chance.usize(1..=2));
        self.open();
        for (place, (name, known)) in events.into_iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.rule("eventSpec");
            self.pkgd_name(name);
            if self.coin() {
                self.rule("eventSpecParameter");
                self.braces(|g| g.stream_or_other("eventParameterName", known));
            }
        }
        self.close();
    }

    /// `eventStream`, `eventOther`, or both.
    fn stream_or_other(&mut self, name_rule: &'static str, known: &[Parameter]) {
        let other = !known.is_empty() && self.coin();
        if other {
            self.rule("eventOther");
            let parameter = self.pick(known);
            self.parameter(name_rule, parameter);
        }
        if !other || self.coin() {
            if other {
                self.comma();
            }
            self.event_stream();
        }
    }

    pub(crate) fn observed_events_descriptor(&mut self) {
        self.rule("observedEventsDescriptor");
        self.key("ObservedEventsToken", "ObservedEvents", "OE");
        self.request_id();
        self.braces(|g| g.list(1, 2, Self::observed_event));
    }

    fn observed_event(&mut self) {
        self.rule("observedEvent");
        if self.coin() {
            self.time_stamp();
            self.lwsp();
            self.put(":");
            self.lwsp();
        }
        let (name, known) = self.pick(items::OBSERVED);
        self.pkgd_name(name);
        if known.is_empty() || self.once_in(4) {
            return;
        }
        self.open();
        for (place, (name, of)) in known.iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            self.rule("observedEventParameter");
            self.rule("eventOther");
            self.rule("eventParameterName");
            self.word(name);
            self.equal();
            self.rule("parmValue");
            self.rule("alternativeValue");
            self.value(*of);
        }
        self.close();
    }

    pub(crate) fn time_stamp(&mut self) {
        self.rule("TimeStamp");
        self.rule("Date");
        self.rule("Time");
        let (day, hour) = (self.chance.u32(10..29), self.chance.u32(10..24));
        self.put(&format!("202601{day}T{hour}590012"));
    }
}
