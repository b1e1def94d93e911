//! Audits of parts of descriptors (version 2, wider in version 3).

use super::{Generator, chance::Part, items::Kind};

impl Generator {
    /// `indAudauditReturnParameter`. Capabilities are no digit maps and packages.
    pub(crate) fn ind_aud_parameter(&mut self) {
        self.rule("indAudauditReturnParameter");
        let mut parts: Vec<Part> = vec![
            Self::ind_aud_media_descriptor,
            Self::ind_aud_media_descriptor,
            Self::ind_aud_events_descriptor,
            Self::ind_aud_signals_descriptor,
            Self::ind_aud_event_buffer_descriptor,
            Self::ind_aud_statistics_descriptor,
        ];
        if !self.in_capability() {
            parts.push(Self::ind_aud_digit_map_descriptor);
            parts.push(Self::ind_aud_packages_descriptor);
        }
        self.one_of(&parts);
    }

    fn ind_aud_digit_map_descriptor(&mut self) {
        self.rule("indAuddigitMapDescriptor");
        self.key("DigitMapToken", "DigitMap", "DM");
        self.digit_map_name();
    }

    fn ind_aud_packages_descriptor(&mut self) {
        self.rule("indAudpackagesDescriptor");
        self.token("PackagesToken", "Packages", "PG");
        self.braces(|g| {
            let package = g.package();
            g.packages_item(package);
        });
    }

    pub(crate) fn ind_aud_statistics_descriptor(&mut self) {
        self.rule("indAudstatisticsDescriptor");
        self.token("StatsToken", "Statistics", "SA");
        self.braces(|g| {
            let statistic = g.item(Kind::Statistic);
            g.pkgd_name_or_all(statistic);
        });
    }

    fn ind_aud_event_buffer_descriptor(&mut self) {
        self.rule("indAudeventBufferDescriptor");
        self.token("EventBufferToken", "EventBuffer", "EB");
        self.open();
        self.rule("indAudeventSpec");
        let event = self.item(Kind::Event);
        self.pkgd_name_or_all(event);
        if self.coin() {
            self.rule("indAudeventSpecParameter");
            self.open();
            let mut parameters = event.requested();
            parameters.extend(event.observed());
            if parameters.is_empty() || self.coin() {
                self.event_stream();
            } else {
                // Binary asks for a stream alone.
                self.text_only();
                self.rule("eventParameterName");
                let place = self.chance.usize(0..parameters.len());
                self.parameter_name(parameters[place].name);
            }
            self.close();
        }
        self.close();
    }

    fn ind_aud_events_descriptor(&mut self) {
        self.rule("indAudeventsDescriptor");
        self.token("EventsToken", "Events", "E");
        if !self.since(3) || self.coin() {
            self.equal();
            self.request_id();
        }
        self.braces(|g| {
            g.rule("indAudrequestedEvent");
            let event = g.item(Kind::Event);
            g.pkgd_name_or_all(event);
        });
    }

    fn ind_aud_signals_descriptor(&mut self) {
        self.rule("indAudsignalsDescriptor");
        self.token("SignalsToken", "Signals", "SG");
        self.open();
        match self.chance.u8(0..6) {
            // Binary asks for a signal or a list.
            0 => self.text_only(),
            1 | 2 => {
                self.rule("indAudsignalParm");
                self.ind_aud_signal_list();
            }
            _ => {
                self.rule("indAudsignalParm");
                self.ind_aud_signal_request();
            }
        }
        self.close();
    }

    fn ind_aud_signal_list(&mut self) {
        self.rule("indAudsignalList");
        self.key("SignalListToken", "SignalList", "SL");
        self.rule("signalListId");
        self.uint16();
        if self.coin() {
            self.rule("indAudsignalListParm");
            self.braces(Self::ind_aud_signal_request);
        }
    }

    fn ind_aud_signal_request(&mut self) {
        self.rule("indAudsignalRequest");
        self.signal_name();
        if !self.since(3) || self.coin() {
            return;
        }
        self.open();
        let parts = self.some(1, vec![Self::sig_stream as Part, Self::sig_request_id]);
        self.each(parts, |g, part| {
            g.rule("indAudsignalRequestParm");
            part(g);
        });
        self.close();
    }
}
