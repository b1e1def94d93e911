//! Media and its parts.

use super::{Generator, chance::Part, items::Where};

impl Generator {
    /// ROOT has a state alone. Streams stand with their numbers, or one without.
    pub(crate) fn media_descriptor(&mut self) {
        self.rule("mediaDescriptor");
        self.token("MediaToken", "Media", "M");
        self.open();
        let root = self.place.root;
        let state_first = root || self.once_in(4);
        if state_first {
            self.media_parm(Self::termination_state_descriptor);
        }
        if root || (state_first && self.coin()) {
            return self.close();
        }
        if state_first {
            self.comma();
        }
        if self.once_in(4) {
            self.rule("mediaParm");
            self.stream_parms();
        } else {
            self.stream_descriptors();
        }
        if !state_first && self.once_in(6) {
            self.comma();
            self.media_parm(Self::termination_state_descriptor);
        }
        self.close();
    }

    fn media_parm(&mut self, part: Part) {
        self.rule("mediaParm");
        part(self);
    }

    fn stream_descriptors(&mut self) {
        let count = self.few(1, 5);
        let mut id = match self.chance.u8(0..8) {
            0 => self.chance.u16(1..65_000),
            _ => 1,
        };
        self.each(vec![(); count], |g, ()| {
            g.rule("mediaParm");
            g.stream_descriptor(id);
            id += g.chance.u16(1..=3);
        });
    }

    fn stream_descriptor(&mut self, id: u16) {
        self.rule("streamDescriptor");
        self.key("StreamToken", "Stream", "ST");
        self.rule("StreamID");
        self.this_uint16(id);
        self.braces(Self::stream_parms);
    }

    fn stream_parms(&mut self) {
        let mut parts: Vec<Part> = vec![
            Self::local_control_descriptor,
            Self::local_descriptor,
            Self::remote_descriptor,
        ];
        if self.since(3) {
            parts.push(Self::statistics_descriptor);
        }
        let parts = self.some(1, parts);
        self.each(parts, |g, part| {
            g.rule("streamParm");
            part(g);
        });
    }

    fn local_descriptor(&mut self) {
        self.rule("localDescriptor");
        self.local_token();
        self.octet_string();
    }

    fn remote_descriptor(&mut self) {
        self.rule("remoteDescriptor");
        self.remote_token();
        self.octet_string();
    }

    pub(crate) fn local_token(&mut self) {
        self.token("LocalToken", "Local", "L");
    }

    pub(crate) fn remote_token(&mut self) {
        self.token("RemoteToken", "Remote", "R");
    }

    fn local_control_descriptor(&mut self) {
        self.rule("localControlDescriptor");
        self.token("LocalControlToken", "LocalControl", "O");
        self.open();
        let parts: Vec<Part> = vec![
            Self::stream_mode,
            |g| {
                g.rule("reservedValueMode");
                g.key("ReservedValueToken", "ReservedValue", "RV");
                g.on_or_off();
            },
            |g| {
                g.rule("reservedGroupMode");
                g.key("ReservedGroupToken", "ReservedGroup", "RG");
                g.on_or_off();
            },
            |g| g.property_parms(Where::LocalControl, 3),
        ];
        let parts = self.some(1, parts);
        self.each(parts, |g, part| {
            g.rule("localParm");
            part(g);
        });
        self.close();
    }

    fn stream_mode(&mut self) {
        self.rule("streamMode");
        self.key("ModeToken", "Mode", "MO");
        self.stream_modes();
    }

    pub(crate) fn stream_modes(&mut self) {
        self.rule("streamModes");
        self.one_of(&[
            |g| g.token("SendonlyToken", "SendOnly", "SO"),
            |g| g.token("RecvonlyToken", "ReceiveOnly", "RC"),
            |g| g.token("SendrecvToken", "SendReceive", "SR"),
            |g| g.token("InactiveToken", "Inactive", "IN"),
            |g| g.token("LoopbackToken", "Loopback", "LB"),
        ]);
    }

    fn termination_state_descriptor(&mut self) {
        self.rule("terminationStateDescriptor");
        self.token("TerminationStateToken", "TerminationState", "TS");
        self.open();
        let parts: Vec<Part> = vec![
            |g| {
                g.rule("serviceStates");
                g.key("ServiceStatesToken", "ServiceStates", "SI");
                g.service_states_value();
            },
            Self::event_buffer_control,
            |g| g.property_parms(Where::TerminationState, 3),
        ];
        let parts = self.some(1, parts);
        self.each(parts, |g, part| {
            g.rule("terminationStateParm");
            part(g);
        });
        self.close();
    }

    pub(crate) fn service_states_value(&mut self) {
        self.rule("serviceStatesValue");
        self.one_of(&[
            |g| g.token("TestToken", "Test", "TE"),
            |g| g.token("OutOfSvcToken", "OutOfService", "OS"),
            |g| g.token("InSvcToken", "InService", "IV"),
        ]);
    }

    fn event_buffer_control(&mut self) {
        self.rule("eventBufferControl");
        self.key("BufferToken", "Buffer", "BF");
        self.rule("eventBufferControlValue");
        if self.coin() {
            self.word("OFF");
        } else {
            self.token("LockStepToken", "LockStep", "SP");
        }
    }
}
