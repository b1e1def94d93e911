//! Audits of parts of Media (version 2, wider in version 3).

use super::{Generator, chance::Part, items::Where};

impl Generator {
    /// One part in version 2; since version 3 parts of the one stream there is, or of several
    /// streams, and of the state.
    pub(crate) fn ind_aud_media_descriptor(&mut self) {
        self.rule("indAudmediaDescriptor");
        self.token("MediaToken", "Media", "M");
        self.open();
        let mut parts: Vec<Option<Part>> = if self.coin() {
            vec![None; 3]
        } else {
            self.ind_aud_stream_parms().into_iter().map(Some).collect()
        };
        parts.push(Some(Self::ind_aud_termination_state_descriptor));
        let mut parts = self.some(1, parts);
        if !self.since(3) {
            parts.truncate(1);
        }
        let mut stream = self.chance.u16(1..100);
        self.each(parts, |g, part| {
            g.rule("indAudmediaParm");
            if let Some(part) = part {
                g.rule("indAudstreamParm");
                part(g);
            } else {
                stream += 1;
                g.ind_aud_stream_descriptor(stream);
            }
        });
        self.close();
    }

    /// `indAudstreamParm`, those of the version.
    fn ind_aud_stream_parms(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = vec![Self::ind_aud_local_control_descriptor];
        if self.since(3) {
            parts.extend::<[Part; 3]>([
                Self::ind_aud_statistics_descriptor,
                |g| {
                    g.rule("indAudlocalDescriptor");
                    g.local_token();
                    g.ind_aud_description();
                },
                |g| {
                    g.rule("indAudremoteDescriptor");
                    g.remote_token();
                    g.ind_aud_description();
                },
            ]);
        }
        parts
    }

    /// Binary asks for one property of one description.
    fn ind_aud_description(&mut self) {
        self.text_only();
        self.octet_string();
    }

    fn ind_aud_stream_descriptor(&mut self, stream: u16) {
        self.rule("indAudstreamDescriptor");
        self.key("StreamToken", "Stream", "ST");
        self.rule("StreamID");
        self.this_uint16(stream);
        let parts = self.ind_aud_stream_parms();
        self.braces(|g| {
            g.rule("indAudstreamParm");
            g.one_of(&parts);
        });
    }

    fn ind_aud_local_control_descriptor(&mut self) {
        self.rule("indAudlocalControlDescriptor");
        self.token("LocalControlToken", "LocalControl", "O");
        self.open();
        let mut parts: Vec<Part> = vec![
            Self::ind_aud_mode,
            |g| g.token("ReservedValueToken", "ReservedValue", "RV"),
            |g| g.token("ReservedGroupToken", "ReservedGroup", "RG"),
            |g| {
                let property = g.property(Where::LocalControl);
                g.pkgd_name_or_all(property);
            },
        ];
        if self.since(3) {
            parts.push(|g| g.property_parms(Where::LocalControl, 1));
        }
        let mut parts = self.some(1, parts);
        if !self.since(3) {
            parts.truncate(1);
        }
        self.each(parts, |g, part| {
            g.rule("indAudlocalParm");
            part(g);
        });
        self.close();
    }

    fn ind_aud_mode(&mut self) {
        self.token("ModeToken", "Mode", "MO");
        if self.since(3) && self.coin() {
            self.is_or_is_not();
            self.stream_modes();
        }
    }

    /// `=` or, of what has no order, `#`. Binary has the first alone.
    fn is_or_is_not(&mut self) {
        if self.coin() {
            self.equal();
        } else {
            self.text_only();
            self.rule("INEQUAL");
            self.lwsp();
            self.put("#");
            self.lwsp();
        }
    }

    fn ind_aud_termination_state_descriptor(&mut self) {
        self.rule("indAudterminationStateDescriptor");
        self.token("TerminationStateToken", "TerminationState", "TS");
        self.open();
        self.rule("indAudterminationStateParm");
        match self.chance.u8(0..5) {
            0 => self.token("BufferToken", "Buffer", "BF"),
            1 if self.since(3) => self.property_parms(Where::TerminationState, 1),
            2 => {
                let property = self.property(Where::TerminationState);
                self.pkgd_name_or_all(property);
            }
            _ => {
                self.token("ServiceStatesToken", "ServiceStates", "SI");
                if self.since(3) && self.coin() {
                    self.is_or_is_not();
                    self.service_states_value();
                }
            }
        }
        self.close();
    }
}
