//! Media and its parts.

use super::{Generator, items};

const DESCRIPTIONS: &[&str] = &[
    "v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 0 8\na=ptime:20\n",
    "v=0\no=- 0 0 IN IP4 192.0.2.10\ns=-\nc=IN IP4 192.0.2.10\nt=0 0\nm=audio 40000 RTP/AVP 0\n",
    "v=0\nc=IN IP6 2001:db8::5\nm=audio 50000 RTP/AVP 8\nv=0\nc=IN IP4 $\nm=image $ udptl t38\n",
    "v=0\r\nc=IN IP4 198.51.100.5\r\nm=audio 50000 RTP/AVP 96\r\na=rtpmap:96 opus/48000/2\r\n",
];

impl Generator {
    pub(crate) fn media_descriptor(&mut self) {
        self.rule("mediaDescriptor");
        self.token("MediaToken", "Media", "M");
        self.open();
        self.rule("mediaParm");
        let state = self.once_in(3);
        if state {
            self.termination_state_descriptor();
        }
        if !state || self.coin() {
            if state {
                self.comma();
            }
            if self.once_in(4) {
                self.stream_parms();
            } else {
                let first = self.chance.u32(1..5);
                let count = self.chance.u32(1..=2);
                for id in first..first + count {
                    if id > first {
                        self.comma();
                    }
                    self.stream_descriptor(id);
                }
            }
        }
        self.close();
    }

    fn stream_descriptor(&mut self, id: u32) {
        self.rule("streamDescriptor");
        self.key("StreamToken", "Stream", "ST");
        self.rule("StreamID");
        self.rule("UINT16");
        self.number(id);
        self.braces(Self::stream_parms);
    }

    fn stream_parms(&mut self) {
        self.rule("streamParm");
        let mut parts: Vec<fn(&mut Self)> = vec![
            Self::local_control_descriptor,
            |g| {
                g.rule("localDescriptor");
                g.octets("LocalToken", "Local", "L");
            },
            |g| {
                g.rule("remoteDescriptor");
                g.octets("RemoteToken", "Remote", "R");
            },
        ];
        if self.since(3) {
            parts.push(Self::statistics_descriptor);
        }
        self.some_of(1, &parts);
    }

    /// A keyword with octets of any kind in its braces.
    pub(crate) fn octets(&mut self, rule: &'static str, long: &str, short: &str) {
        self.token(rule, long, short);
        self.rule("LBRKT");
        self.lwsp();
        self.put("{\n");
        self.rule("octetString");
        self.rule("nonEscapeChar");
        match self.chance.u8(0..10) {
            0 => {}
            1 => {
                self.traits.escaped_brace = true;
                self.put("v=0\ns=a {room\\}\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n");
            }
            _ => {
                let description = self.pick(DESCRIPTIONS);
                self.put(description);
            }
        }
        self.put("}");
        self.rule("RBRKT");
        self.lwsp();
    }

    fn local_control_descriptor(&mut self) {
        self.rule("localControlDescriptor");
        self.token("LocalControlToken", "LocalControl", "O");
        self.open();
        self.rule("localParm");
        self.some_of(
            1,
            &[
                |g| {
                    g.rule("streamMode");
                    g.key("ModeToken", "Mode", "MO");
                    g.stream_modes();
                },
                |g| {
                    g.rule("reservedValueMode");
                    g.key("ReservedValueToken", "ReservedValue", "RV");
                    g.on_off();
                },
                |g| {
                    g.rule("reservedGroupMode");
                    g.key("ReservedGroupToken", "ReservedGroup", "RG");
                    g.on_off();
                },
                |g| g.property_parm(items::LOCAL),
            ],
        );
        self.close();
    }

    pub(crate) fn stream_modes(&mut self) {
        self.rule("streamModes");
        match self.chance.u8(0..5) {
            0 => self.token("SendonlyToken", "SendOnly", "SO"),
            1 => self.token("RecvonlyToken", "ReceiveOnly", "RC"),
            2 => self.token("SendrecvToken", "SendReceive", "SR"),
            3 => self.token("InactiveToken", "Inactive", "IN"),
            _ => self.token("LoopbackToken", "Loopback", "LB"),
        }
    }

    fn on_off(&mut self) {
        let value = self.pick(&["ON", "OFF"]);
        self.word(value);
    }

    fn termination_state_descriptor(&mut self) {
        self.rule("terminationStateDescriptor");
        self.token("TerminationStateToken", "TerminationState", "TS");
        self.open();
        self.rule("terminationStateParm");
        self.some_of(
            1,
            &[
                |g| {
                    g.rule("serviceStates");
                    g.key("ServiceStatesToken", "ServiceStates", "SI");
                    g.service_states_value();
                },
                |g| {
                    g.rule("eventBufferControl");
                    g.key("BufferToken", "Buffer", "BF");
                    g.rule("eventBufferControlValue");
                    if g.coin() {
                        g.word("OFF");
                    } else {
                        g.token("LockStepToken", "LockStep", "SP");
                    }
                },
                |g| g.property_parm(items::STATE),
            ],
        );
        self.close();
    }

    pub(crate) fn service_states_value(&mut self) {
        self.rule("serviceStatesValue");
        match self.chance.u8(0..3) {
            0 => self.token("TestToken", "Test", "TE"),
            1 => self.token("OutOfSvcToken", "OutOfService", "OS"),
            _ => self.token("InSvcToken", "InService", "IV"),
        }
    }
}
