//! Session descriptions: an offer is read, the gateway's Local and Remote are written and read,
//! and an answer is made (RFC 4566, RFC 3264, H.248.1 7.1.8).

mod answer;
mod format;
mod offer;
mod parse;

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr},
};

pub(crate) use answer::answer;
pub(crate) use offer::Offer;
pub(crate) use parse::Direction;

use self::{
    format::{Codec, Crypto, Format},
    parse::{Section, Session},
};

/// Why a stream is of no use: what is understood.
const NO_CODEC: &str = "no codec of m=audio is known; PCMU, PCMA, G722, L16 and opus are";

/// One audio stream over RTP: where it is received, and as what.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Audio {
    /// Where it is received.
    address: IpAddr,
    /// The RTP port.
    port: u16,
    /// At least one codec, in order of preference, and the telephone events and comfort noise beside.
    formats: Vec<Format>,
    /// Milliseconds of audio in a packet.
    ptime_ms: Option<u32>,
    /// The most of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maxptime_ms: Option<u32>,
    /// What `a=rtcp` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rtcp: Option<String>,
    /// Whether RTCP may share the port of RTP (RFC 5761).
    #[serde(default)]
    rtcp_mux: bool,
    /// Keys of SRTP, which it is protected by where there are any (RFC 4568).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    crypto: Vec<Crypto>,
}

impl Audio {
    /// Reads the Local that a gateway returned.
    pub(crate) fn from_local(octets: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(octets).map_err(|_| "its Local is not text")?;
        let session = Session::parse(text)?;
        let section = session.sections.first().ok_or("its Local has no m=")?;
        if section.port == 0 {
            return Err("its Local has no port");
        }
        let audio = Self::from_section(&session, section)?;
        if audio.address.is_unspecified() {
            return Err("its Local has no address");
        }
        Ok(audio)
    }

    fn from_section(session: &Session<'_>, section: &Section<'_>) -> Result<Self, &'static str> {
        let connection = section.connection.or(session.connection);
        let formats = section.known_formats();
        if !section.has_codec() {
            return Err(NO_CODEC);
        }
        Ok(Self {
            address: connection.ok_or("c= is missing")??,
            port: section.port,
            formats,
            ptime_ms: section.ptime_ms,
            maxptime_ms: section.maxptime_ms,
            rtcp: section.rtcp.map(str::to_owned),
            rtcp_mux: section.rtcp_mux,
            crypto: section.keys(),
        })
    }

    /// What nobody receives.
    fn of_nobody() -> Self {
        Self {
            address: Ipv4Addr::UNSPECIFIED.into(),
            port: 0,
            formats: vec![Format {
                payload_type: 0,
                codec: Codec::Pcmu,
                parameters: None,
            }],
            ptime_ms: None,
            maxptime_ms: None,
            rtcp: None,
            rtcp_mux: false,
            crypto: Vec::new(),
        }
    }

    /// Its codec of the highest rate.
    fn best(&self) -> Option<Format> {
        let audio = self.formats.iter().filter(|format| format.codec.is_audio());
        let best = audio.max_by_key(|format| format.codec.rate())?;
        Some(Format {
            parameters: None,
            ..best.clone()
        })
    }

    /// Whether anybody receives it.
    pub(crate) fn is_somewhere(&self) -> bool {
        self.port != 0
    }

    /// Whether it is received in a codec, and with a protection, that the other end has as well.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        let speaks = |codec| other.formats.iter().any(|format| format.codec == codec);
        let mut codecs = self.formats.iter().map(|format| format.codec);
        let common = codecs.any(|codec| codec.is_audio() && speaks(codec));
        common && self.crypto.is_empty() == other.crypto.is_empty()
    }

    /// The RTP port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The stream as Local or Remote, fully specified.
    pub(crate) fn description(&self) -> String {
        let address = self.address.to_string();
        let mut text = self.head(&address, &self.port.to_string());
        self.write_formats(&mut text, |format| {
            format.codec.static_payload_type() != Some(format.payload_type)
        });
        self.write_ptime(&mut text, self.ptime_ms);
        if let Some(rtcp) = &self.rtcp {
            let _ = write!(text, "a=rtcp:{rtcp}\r\n");
        }
        self.write_transport(&mut text);
        text
    }

    /// The stream as Local with address, port and keys for the gateway to choose. How it likes to
    /// receive a codec is its own to say.
    pub(crate) fn choose(&self) -> String {
        let mut ours = self.clone();
        for format in &mut ours.formats {
            format.parameters = None;
        }
        let keys = self.crypto.iter().filter_map(Crypto::choose).map(Crypto);
        ours.crypto = keys.collect();
        let mut text = ours.head("$", "$");
        ours.write_formats(&mut text, |format| {
            format.codec.static_payload_type() != Some(format.payload_type)
        });
        if let Some(ptime) = self.ptime_ms {
            let _ = write!(text, "a=ptime:{ptime}\r\n");
        }
        ours.write_transport(&mut text);
        text
    }

    fn head(&self, address: &str, port: &str) -> String {
        let kind = self.address_type();
        let mut text = format!("v=0\r\nc=IN {kind} {address}\r\n");
        self.write_media(&mut text, port);
        text
    }

    fn write_media(&self, text: &mut String, port: &str) {
        let _ = write!(text, "m=audio {port} {}", self.transport());
        for format in &self.formats {
            let _ = write!(text, " {}", format.payload_type);
        }
        text.push_str("\r\n");
    }

    /// `a=rtpmap` where it is wanted, and `a=fmtp`.
    fn write_formats(&self, text: &mut String, is_wanted: impl Fn(&Format) -> bool) {
        for format in &self.formats {
            let number = format.payload_type;
            if is_wanted(format) {
                let name = format.codec.rtpmap();
                let _ = write!(text, "a=rtpmap:{number} {name}\r\n");
            }
            if let Some(parameters) = &format.parameters {
                let _ = write!(text, "a=fmtp:{number} {parameters}\r\n");
            }
        }
    }

    fn write_ptime(&self, text: &mut String, ptime_ms: Option<u32>) {
        for (name, said) in [("ptime", ptime_ms), ("maxptime", self.maxptime_ms)] {
            if let Some(said) = said {
                let _ = write!(text, "a={name}:{said}\r\n");
            }
        }
    }

    /// Which ports are shared, and the keys.
    fn write_transport(&self, text: &mut String) {
        if self.rtcp_mux {
            text.push_str("a=rtcp-mux\r\n");
        }
        for Crypto(crypto) in &self.crypto {
            let _ = write!(text, "a=crypto:{crypto}\r\n");
        }
    }

    fn transport(&self) -> &'static str {
        if self.crypto.is_empty() {
            "RTP/AVP"
        } else {
            "RTP/SAVP"
        }
    }

    fn address_type(&self) -> &'static str {
        match self.address {
            IpAddr::V4(_) => "IP4",
            IpAddr::V6(_) => "IP6",
        }
    }
}

#[cfg(test)]
mod tests;
