//! Audits of descriptors and of parts of them.

use super::{Generator, command::AUDIT_RETURN_ITEMS, items};

impl Generator {
    pub(crate) fn audit_descriptor(&mut self) {
        self.rule("auditDescriptor");
        self.token("AuditToken", "Audit", "AT");
        self.open();
        match self.chance.u8(0..6) {
            0 => {}
            1..=3 => self.audit_items(),
            _ if self.since(2) => {
                self.rule("auditItem");
                self.rule("indAudterminationAudit");
                self.ind_aud_parameter();
            }
            _ => self.audit_items(),
        }
        self.close();
    }

    /// Whole descriptors, in an audit of capabilities.
    pub(crate) fn capability_audit(&mut self) {
        self.rule("auditDescriptor");
        self.token("AuditToken", "Audit", "AT");
        self.open();
        self.rule("auditItem");
        self.some_of(
            0,
            &[
                |g| g.token("MediaToken", "Media", "M"),
                |g| g.token("EventsToken", "Events", "E"),
                |g| g.token("SignalsToken", "Signals", "SG"),
                |g| g.token("StatsToken", "Statistics", "SA"),
            ],
        );
        self.close();
    }

    fn audit_items(&mut self) {
        self.rule("auditItem");
        let mut parts: Vec<fn(&mut Self)> = vec![
            |g| g.token("EventsToken", "Events", "E"),
            |g| g.token("SignalsToken", "Signals", "SG"),
            |g| g.token("EventBufferToken", "EventBuffer", "EB"),
        ];
        parts.extend(AUDIT_RETURN_ITEMS);
        self.some_of(1, &parts);
    }

    /// One whole descriptor, as ServiceChange may name it.
    pub(crate) fn plain_audit_item(&mut self) {
        self.rule("auditItem");
        self.some_of(1, &[|g: &mut Self| g.token("MediaToken", "Media", "M")]);
    }

    fn ind_aud_parameter(&mut self) {
        self.rule("indAudauditReturnParameter");
        match self.chance.u8(0..7) {
            0 | 1 => self.ind_aud_media(),
            2 => self.ind_aud_events(),
            3 => self.ind_aud_signals(),
            4 => {
                self.rule("indAuddigitMapDescriptor");
                self.key("DigitMapToken", "DigitMap", "DM");
                self.digit_map_name();
            }
            5 => self.ind_aud_event_buffer(),
            _ if self.coin() => self.ind_aud_statistics(),
            _ => {
                self.rule("indAudpackagesDescriptor");
                self.token("PackagesToken", "Packages", "PG");
                self.braces(|g| g.packages_item("rtp"));
            }
        }
    }

    fn ind_aud_statistics(&mut self) {
        self.rule("indAudstatisticsDescriptor");
        self.token("StatsToken", "Statistics", "SA");
        self.braces(|g| {
            let name = g.pick(items::STATISTICS);
            g.pkgd_name(name);
        });
    }

    fn ind_aud_media(&mut self) {
        self.rule("indAudmediaDescriptor");
        self.token("MediaToken", "Media", "M");
        self.open();
        self.rule("indAudmediaParm");
        match self.chance.u8(0..3) {
            0 => self.ind_aud_termination_state(),
            1 => self.ind_aud_stream_parm(),
            _ => {
                self.rule("indAudstreamDescriptor");
                self.key("StreamToken", "Stream", "ST");
                self.rule("StreamID");
                self.uint16();
                self.braces(Self::ind_aud_stream_parm);
            }
        }
        self.close();
    }

    fn ind_aud_stream_parm(&mut self) {
        self.rule("indAudstreamParm");
        match self.chance.u8(0..6) {
            0 if self.since(3) => self.ind_aud_statistics(),
            1 if self.since(3) => {
                self.rule("indAudlocalDescriptor");
                self.traits.text_only = true;
                self.octets("LocalToken", "Local", "L");
            }
            2 if self.since(3) => {
                self.rule("indAudremoteDescriptor");
                self.traits.text_only = true;
                self.octets("RemoteToken", "Remote", "R");
            }
            _ => {
                self.rule("indAudlocalControlDescriptor");
                self.token("LocalControlToken", "LocalControl", "O");
                self.braces(Self::ind_aud_local_parm);
            }
        }
    }

    fn ind_aud_local_parm(&mut self) {
        self.rule("indAudlocalParm");
        match self.chance.u8(0..6) {
            0 => self.token("ModeToken", "Mode", "MO"),
            1 => self.token("ReservedValueToken", "ReservedValue", "RV"),
            2 => self.token("ReservedGroupToken", "ReservedGroup", "RG"),
            3 if self.since(3) => self.property_parm(items::LOCAL),
            4 if self.since(3) => {
                self.key("ModeToken", "Mode", "MO");
                self.stream_modes();
            }
            _ => self.pkgd_name("nt/jit"),
        }
    }

    fn ind_aud_termination_state(&mut self) {
        self.rule("indAudterminationStateDescriptor");
        self.token("TerminationStateToken", "TerminationState", "TS");
        self.open();
        self.rule("indAudterminationStateParm");
        match self.chance.u8(0..5) {
            0 => self.token("ServiceStatesToken", "ServiceStates", "SI"),
            1 => self.token("BufferToken", "Buffer", "BF"),
            2 if self.since(3) => {
                self.key("ServiceStatesToken", "ServiceStates", "SI");
                self.service_states_value();
            }
            3 if self.since(3) => self.property_parm(items::STATE),
            _ => self.pkgd_name("root/maxNumberOfContexts"),
        }
        self.close();
    }

    fn ind_aud_event_buffer(&mut self) {
        self.rule("indAudeventBufferDescriptor");
        self.token("EventBufferToken", "EventBuffer", "EB");
        self.open();
        self.rule("indAudeventSpec");
        self.pkgd_name("al/fl");
        if self.coin() {
            self.rule("indAudeventSpecParameter");
            self.open();
            if self.coin() {
                self.event_stream();
            } else {
                self.rule("eventParameterName");
                self.traits.text_only = true;
                self.word("mindur");
            }
            self.close();
        }
        self.close();
    }

    fn ind_aud_events(&mut self) {
        self.rule("indAudeventsDescriptor");
        self.token("EventsToken", "Events", "E");
        if !self.since(3) || self.coin() {
            self.equal();
            self.request_id();
        }
        self.braces(|g| {
            g.rule("indAudrequestedEvent");
            g.pkgd_name("al/on");
        });
    }

    fn ind_aud_signals(&mut self) {
        self.rule("indAudsignalsDescriptor");
        self.token("SignalsToken", "Signals", "SG");
        self.open();
        match self.chance.u8(0..4) {
            0 => self.traits.text_only = true,
            1 => {
                self.rule("indAudsignalParm");
                self.rule("indAudsignalList");
                self.key("SignalListToken", "SignalList", "SL");
                self.rule("signalListId");
                self.uint16();
                if self.coin() {
                    self.rule("indAudsignalListParm");
                    self.braces(Self::ind_aud_signal_request);
                }
            }
            _ => {
                self.rule("indAudsignalParm");
                self.ind_aud_signal_request();
            }
        }
        self.close();
    }

    fn ind_aud_signal_request(&mut self) {
        self.rule("indAudsignalRequest");
        self.rule("signalName");
        self.pkgd_name("cg/dt");
        if !self.since(3) || self.coin() {
            return;
        }
        self.open();
        self.rule("indAudsignalRequestParm");
        if self.coin() {
            self.rule("sigStream");
            self.key("StreamToken", "Stream", "ST");
            self.rule("StreamID");
            self.uint16();
        } else {
            self.rule("sigRequestID");
            self.key("RequestIDToken", "SPARequestID", "SPARQ");
            self.request_id();
        }
        self.close();
    }
}
