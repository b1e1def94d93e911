//! Session descriptions: an offer is read, the gateway's Local and Remote are written and read,
//! and an answer is made (RFC 4566, RFC 3264, H.248.1 7.1.8).

mod answer;
mod offer;
mod parse;

use std::{
    fmt::Write as _,
    net::{IpAddr, Ipv4Addr},
};

pub(crate) use answer::answer;
pub(crate) use offer::Offer;
pub(crate) use parse::Direction;

use self::parse::{Section, Session};

/// A codec that the platform asks gateways for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Codec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
}

impl Codec {
    /// The name as `a=rtpmap` spells it, with the clock rate.
    fn rtpmap(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU/8000",
            Self::Pcma => "PCMA/8000",
        }
    }

    /// The payload type that needs no `a=rtpmap` (RFC 3551 6).
    fn static_payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }

    fn from_rtpmap(text: &str) -> Option<Self> {
        let text = text.strip_suffix("/1").unwrap_or(text);
        [Self::Pcmu, Self::Pcma]
            .into_iter()
            .find(|codec| codec.rtpmap().eq_ignore_ascii_case(text))
    }
}

/// A payload type and what it stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Format {
    /// The payload type, 0 to 127.
    payload_type: u8,
    codec: Codec,
}

/// One audio stream over RTP: where it is received, and as what.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Audio {
    /// Where it is received.
    address: IpAddr,
    /// The RTP port.
    port: u16,
    /// At least one, in order of preference.
    formats: Vec<Format>,
    /// Milliseconds of audio in a packet.
    ptime_ms: Option<u32>,
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
        if formats.is_empty() {
            return Err("no codec of m=audio is known; PCMU and PCMA are");
        }
        Ok(Self {
            address: connection.ok_or("c= is missing")??,
            port: section.port,
            formats,
            ptime_ms: section.ptime_ms,
        })
    }

    /// What nobody receives.
    fn of_nobody() -> Self {
        let codec = Codec::Pcmu;
        Self {
            address: Ipv4Addr::UNSPECIFIED.into(),
            port: 0,
            formats: vec![Format {
                payload_type: codec.static_payload_type(),
                codec,
            }],
            ptime_ms: None,
        }
    }

    /// Whether anybody receives it.
    pub(crate) fn is_somewhere(&self) -> bool {
        self.port != 0
    }

    /// The RTP port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The stream as Local or Remote, fully specified.
    pub(crate) fn description(&self) -> String {
        let address = self.address.to_string();
        self.write(&address, &self.port.to_string())
    }

    /// The stream as Local with address and port for the gateway to choose.
    pub(crate) fn choose(&self) -> String {
        self.write("$", "$")
    }

    fn write(&self, address: &str, port: &str) -> String {
        let mut text = format!("v=0\r\nc=IN {} {address}\r\n", self.address_type());
        let _ = write!(text, "m=audio {port} RTP/AVP");
        for format in &self.formats {
            let _ = write!(text, " {}", format.payload_type);
        }
        text.push_str("\r\n");
        for format in &self.formats {
            if format.payload_type != format.codec.static_payload_type() {
                let name = format.codec.rtpmap();
                let _ = write!(text, "a=rtpmap:{} {name}\r\n", format.payload_type);
            }
        }
        if let Some(ptime) = self.ptime_ms {
            let _ = write!(text, "a=ptime:{ptime}\r\n");
        }
        text
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
