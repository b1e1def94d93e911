//! Lines of SDP to what is used of them; everything else is passed over (RFC 4566 5).

use std::net::IpAddr;

use super::{Codec, Crypto, Format};

/// Octets of a description. 16 KiB: a large offer of a browser has a quarter of that.
const OCTETS_MAX: usize = 16_384;
/// Media sections of a description.
const SECTIONS_MAX: usize = 32;

/// Lines of keys that are kept of a section, and octets of one; more and longer ones are passed over.
const KEYS_MAX: usize = 16;
const KEY_OCTETS_MAX: usize = 256;

/// A description as it stands.
#[derive(Debug, Default)]
pub(super) struct Session<'a> {
    /// `c=` before the first `m=`.
    pub(super) connection: Option<Result<IpAddr, &'static str>>,
    /// The first `t=`.
    pub(super) timing: Option<&'a str>,
    /// The direction for sections that name none.
    pub(super) direction: Option<Direction>,
    /// The `m=` sections.
    pub(super) sections: Vec<Section<'a>>,
}

/// One `m=` with its attributes.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// `audio`, `video`, …
    pub(super) kind: &'a str,
    /// The port; 0 for a stream that is switched off.
    pub(super) port: u16,
    /// `RTP/AVP`, …
    pub(super) transport: &'a str,
    /// The formats as they are spelled, with their separating spaces.
    pub(super) formats: &'a str,
    /// The section's own `c=`.
    pub(super) connection: Option<Result<IpAddr, &'static str>>,
    /// `a=ptime`
    pub(super) ptime_ms: Option<u32>,
    /// `a=maxptime`
    pub(super) maxptime_ms: Option<u32>,
    /// `a=rtcp`
    pub(super) rtcp: Option<&'a str>,
    /// `a=rtcp-mux`
    pub(super) rtcp_mux: bool,
    /// `a=sendrecv` and its kin.
    pub(super) direction: Option<Direction>,
    rtpmaps: Vec<(u8, Option<Codec>)>,
    parameters: Vec<(u8, &'a str)>,
    keys: Vec<&'a str>,
}

/// Which way a stream flows, seen from who describes it (RFC 4566 6).
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Direction {
    /// Both ways.
    SendRecv,
    /// Out only.
    SendOnly,
    /// In only.
    RecvOnly,
    /// Neither way.
    Inactive,
}

impl<'a> Session<'a> {
    /// Reads a description.
    pub(super) fn parse(text: &'a str) -> Result<Self, &'static str> {
        if text.len() > OCTETS_MAX {
            return Err("it is longer than 16384 octets");
        }
        let mut session = Self::default();
        // Gateways indent lines and put empty ones between them.
        let lines = text.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            let Some((kind, value)) = line.split_once('=') else {
                return Err("a line is not of the form x=value");
            };
            session.take(kind, value)?;
        }
        Ok(session)
    }

    fn take(&mut self, kind: &'a str, value: &'a str) -> Result<(), &'static str> {
        match (kind, self.sections.last_mut()) {
            ("m", _) => self.take_section(value),
            ("v", _) if value != "0" => Err("v= is not 0"),
            ("c", None) => {
                self.connection = Some(connection(value));
                Ok(())
            }
            ("c", Some(section)) => {
                // Some write one c= for each address of a section; the first one counts.
                section.connection = section.connection.or(Some(connection(value)));
                Ok(())
            }
            ("t", None) => {
                self.timing = self.timing.or(Some(value));
                Ok(())
            }
            ("a", None) => {
                self.direction = Direction::from_attribute(value).or(self.direction);
                Ok(())
            }
            ("a", Some(section)) => section.take_attribute(value),
            _ => Ok(()),
        }
    }

    fn take_section(&mut self, value: &'a str) -> Result<(), &'static str> {
        if self.sections.len() == SECTIONS_MAX {
            return Err("it has more than 32 m=");
        }
        self.sections.push(Section::parse(value)?);
        Ok(())
    }
}

impl<'a> Section<'a> {
    fn parse(value: &'a str) -> Result<Self, &'static str> {
        const SHAPE: &str = "m= is not of the form media port transport formats";
        let mut parts = value.splitn(4, ' ');
        let (Some(kind), Some(port), Some(transport), Some(formats)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SHAPE);
        };
        let port = port.split('/').next().unwrap_or(port);
        Ok(Self {
            kind,
            port: port.parse().map_err(|_| "the port of m= is not a number")?,
            transport,
            formats,
            connection: None,
            ptime_ms: None,
            maxptime_ms: None,
            rtcp: None,
            rtcp_mux: false,
            direction: None,
            rtpmaps: Vec::new(),
            parameters: Vec::new(),
            keys: Vec::new(),
        })
    }

    fn take_attribute(&mut self, value: &'a str) -> Result<(), &'static str> {
        if let Some(map) = value.strip_prefix("rtpmap:") {
            let (number, name) = map
                .split_once(' ')
                .ok_or("a=rtpmap is not of the form payload-type name/rate")?;
            let number = number
                .parse()
                .map_err(|_| "the payload type of a=rtpmap is not a number")?;
            self.rtpmaps.push((number, Codec::from_rtpmap(name.trim())));
        } else if let Some(ptime) = value.strip_prefix("ptime:") {
            let ptime = ptime
                .trim()
                .parse()
                .ok()
                .filter(|ms| (1..=1_000).contains(ms));
            self.ptime_ms = Some(ptime.ok_or("a=ptime is not 1 to 1000 ms")?);
        } else if let Some(fmtp) = value.strip_prefix("fmtp:") {
            let (number, parameters) = fmtp.trim().split_once(' ').unwrap_or((fmtp, ""));
            // Formats of other media are words.
            let number = number.parse();
            self.parameters
                .extend(number.ok().map(|number| (number, parameters.trim())));
        } else if let Some(maxptime) = value.strip_prefix("maxptime:") {
            let maxptime = maxptime.trim().parse();
            self.maxptime_ms = maxptime.ok().filter(|ms| (1..=1_000).contains(ms));
        } else if let Some(rtcp) = value.strip_prefix("rtcp:") {
            self.rtcp = Some(rtcp.trim());
        } else if value == "rtcp-mux" {
            self.rtcp_mux = true;
        } else if let Some(key) = value.strip_prefix("crypto:") {
            let is_kept = key.len() <= KEY_OCTETS_MAX && self.keys.len() < KEYS_MAX;
            self.keys.extend(is_kept.then_some(key.trim()));
        } else if let Some(direction) = Direction::from_attribute(value) {
            self.direction = Some(direction);
        }
        Ok(())
    }

    /// Whether the platform knows a codec of it.
    pub(super) fn has_codec(&self) -> bool {
        self.known_formats()
            .iter()
            .any(|format| format.codec.is_audio())
    }

    /// The keys, where the transport has any.
    pub(super) fn keys(&self) -> Vec<Crypto> {
        let keys = self.keys.iter().map(|key| Crypto((*key).to_owned()));
        match self.transport {
            "RTP/SAVP" => keys.collect(),
            _ => Vec::new(),
        }
    }

    /// The formats that the platform knows, each once, in the order written.
    pub(super) fn known_formats(&self) -> Vec<Format> {
        let mut known: Vec<Format> = Vec::new();
        for text in self.formats.split(' ') {
            let Some(format) = text.parse().ok().and_then(|number| self.format(number)) else {
                continue;
            };
            if !known.contains(&format) {
                known.push(format);
            }
        }
        known
    }

    fn format(&self, payload_type: u8) -> Option<Format> {
        let mapped = self
            .rtpmaps
            .iter()
            .find(|(number, _)| *number == payload_type);
        let codec = match (mapped, payload_type) {
            (Some((_, codec)), 0..=127) => (*codec)?,
            (None, number) => Codec::of_old(number)?,
            (Some(_), _) => return None,
        };
        let mut parameters = self.parameters.iter();
        let said = parameters.find(|(number, _)| *number == payload_type);
        Some(Format {
            payload_type,
            codec,
            parameters: said.map(|(_, text)| (*text).to_owned()),
        })
    }
}

impl Direction {
    fn from_attribute(value: &str) -> Option<Self> {
        match value {
            "sendrecv" => Some(Self::SendRecv),
            "sendonly" => Some(Self::SendOnly),
            "recvonly" => Some(Self::RecvOnly),
            "inactive" => Some(Self::Inactive),
            _ => None,
        }
    }
}

fn connection(value: &str) -> Result<IpAddr, &'static str> {
    let mut parts = value.split(' ');
    let (Some("IN"), Some(kind), Some(address), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err("c= is not of the form IN IP4 address");
    };
    let address: IpAddr = address
        .parse()
        .map_err(|_| "the address of c= is not a single IP address")?;
    match (kind, address) {
        ("IP4", IpAddr::V4(_)) | ("IP6", IpAddr::V6(_)) => {}
        _ => return Err("the address of c= is not of the type it says"),
    }
    if !may_be_spoken_to(address) {
        return Err("the address of c= is not that of a host");
    }
    Ok(address)
}

/// Whether it is one host's address, or the 0.0.0.0 of a party on hold, to which nothing is sent
/// (RFC 3264 8.4).
fn may_be_spoken_to(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !address.is_broadcast() && !address.is_multicast(),
        IpAddr::V6(address) => !address.is_unspecified() && !address.is_multicast(),
    }
}
