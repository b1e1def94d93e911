//! Session descriptions (H.248.1 Annex B.2 `octetString`).

use super::Generator;

/// `m=` lines behind the port: transport and formats.
const FORMATS: &[&str] = &[
    "RTP/AVP 0",
    "RTP/AVP 0 8 18 101",
    "RTP/SAVP 96",
    "udptl t38",
    "TCP/MSRP *",
];

/// Further lines of a session.
const SESSION: &[&str] = &[
    "s=-",
    "s=Seminar; with \"quotes\", [brackets] and #",
    "t=0 0",
    "t=2873397496 2873404696",
    "b=AS:64",
    "i=A session, half=full",
];

/// Attributes of media.
const ATTRIBUTES: &[&str] = &[
    "a=ptime:20",
    "a=sendrecv",
    "a=rtpmap:96 opus/48000/2",
    "a=fmtp:101 0-15",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9|2^20|1:4",
    "a=x-path:C:\\media\\new",
];

impl Generator {
    /// The braces and what is within: nothing, or one or more descriptions of sessions.
    pub(crate) fn octet_string(&mut self) {
        self.rule("LBRKT");
        self.lwsp();
        self.put("{");
        self.plain_space();
        self.rule("octetString");
        if !self.once_in(10) {
            if !self.wild() {
                self.put("\n");
            }
            for _ in 0..self.few(1, 3) {
                self.session();
            }
        }
        self.put("}");
        self.rule("RBRKT");
        self.lwsp();
    }

    /// The values of one session's description.
    fn session(&mut self) {
        self.line("v=0");
        if self.coin() {
            let address = self.address();
            let line = format!("o=- {} 1 {address}", self.chance.u32(..));
            self.line(&line);
        }
        if self.coin() {
            let address = self.connection();
            self.line(&address);
        }
        for line in self.some(0, SESSION.to_vec()) {
            self.line(line);
        }
        if self.once_in(8) {
            self.odd_line();
        }
        for _ in 0..self.few(1, 3) {
            self.media_lines();
        }
    }

    fn media_lines(&mut self) {
        let port = if self.may_choose() && self.coin() {
            "$".to_owned()
        } else {
            self.chance.u16(..).to_string()
        };
        let media = self.pick(&["audio", "video", "image", "text"]);
        let formats = match self.chance.u8(0..8) {
            0 if self.may_choose() => "RTP/AVP $",
            _ => self.pick(FORMATS),
        };
        self.line(&format!("m={media} {port} {formats}"));
        if self.once_in(3) {
            let address = self.connection();
            self.line(&address);
        }
        for line in self.some(0, ATTRIBUTES.to_vec()) {
            self.line(line);
        }
    }

    /// `c=`, perhaps with CHOOSE.
    fn connection(&mut self) -> String {
        if self.may_choose() && self.coin() {
            return "c=IN IP4 $".into();
        }
        let address = self.address();
        format!("c={address}")
    }

    fn address(&mut self) -> String {
        if self.once_in(4) {
            let group = self.chance.u16(..);
            return format!("IN IP6 2001:db8::{group:x}");
        }
        let [a, b] = self.chance.u16(..).to_be_bytes();
        format!("IN IP4 198.51.{a}.{b}")
    }

    /// A line of any octets that one may have: the grammar keeps out 0 and a brace without a
    /// backslash before it.
    fn odd_line(&mut self) {
        self.put("i=");
        for _ in 0..self.few(1, 20) {
            let octet = match self.chance.u8(0..8) {
                0 => b'}',
                1 => b'{',
                2 => self.pick(b"\t\\\"; \x01\x7f"),
                3 => {
                    self.traits.eighth_bit = true;
                    self.chance.u8(0x80..)
                }
                _ => self.letter_or_digit(),
            };
            self.octet(octet);
        }
        self.put(self.line_end);
    }

    fn line(&mut self, line: &str) {
        for octet in line.bytes() {
            self.octet(octet);
        }
        self.put(self.line_end);
    }

    /// An octet of a description. A backslash before a brace would be no octet of its own, so that
    /// something stands between.
    fn octet(&mut self, octet: u8) {
        self.rule("nonEscapeChar");
        if octet == b'}' {
            if self.out.ends_with(b"\\") {
                self.out.push(b'.');
            }
            self.traits.escaped_brace = true;
            self.out.push(b'\\');
        }
        self.out.push(octet);
    }
}
