//! Session descriptions of Local and Remote, with `$` where the gateway chooses (H.248.1 7.1.8).

mod crypto;
mod read;
mod write;

use std::{fmt, net::IpAddr};

pub(crate) use crypto::Crypto;
pub(crate) use read::read;
pub(crate) use write::write;

/// One session description with exactly one media line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Description {
    /// `o=`, whole.
    pub(crate) origin: Option<String>,
    /// `s=`.
    pub(crate) name: Option<String>,
    /// `c=`, of the session or of the media line, which wins.
    pub(crate) connection: Option<Connection>,
    /// `t=`.
    pub(crate) time: Option<String>,
    /// `m=`.
    pub(crate) media: MediaLine,
    /// `a=`, in the order written.
    pub(crate) attributes: Vec<Attribute>,
}

impl Description {
    /// Fills in the lines that RFC 4566 does not do without, which a controller may leave out or open.
    pub(crate) fn complete(&mut self) {
        let open = |line: &Option<String>| line.as_ref().is_none_or(|line| line.contains('$'));
        if open(&self.origin)
            && let Some(connection) = self.connection
        {
            self.origin = Some(format!("- {} 1 {connection}", self.media.port));
        }
        if open(&self.name) {
            self.name = Some("-".to_owned());
        }
        if open(&self.time) {
            self.time = Some("0 0".to_owned());
        }
    }
}

impl Description {
    /// What stands behind the name of an attribute that has no form of its own here.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find_map(|attribute| match attribute {
                Attribute::Other(text) => {
                    let (found, value) = text.split_once(':').unwrap_or((text, ""));
                    (found.trim_end() == name).then(|| value.trim())
                }
                Attribute::Rtpmap { .. }
                | Attribute::Fmtp { .. }
                | Attribute::Rtcp { .. }
                | Attribute::Crypto(_) => None,
            })
    }
}

/// Where media is received.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Connection {
    /// `$`.
    Choose,
    /// An address.
    Address(IpAddr),
}

/// `m=kind port protocol formats`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct MediaLine {
    /// `audio`, `image`, …
    pub(crate) kind: String,
    /// The port.
    pub(crate) port: Port,
    /// `RTP/AVP`, …
    pub(crate) protocol: String,
    /// The formats, in the order of preference.
    pub(crate) formats: Vec<Format>,
}

/// A media line's port.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Port {
    /// `$`.
    Choose,
    /// A number.
    Number(u16),
}

/// A media line's format.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Format {
    /// `$`.
    Choose,
    /// An RTP payload type.
    PayloadType(u8),
    /// A word that is no payload type, such as `t38`.
    Word(String),
}

/// An attribute line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Attribute {
    /// `rtpmap:payload encoding/rate[/channels]`
    Rtpmap {
        /// The payload type.
        payload_type: u8,
        /// The encoding's name as it is spelled.
        encoding: String,
        /// Clock rate and channels, as they are spelled.
        rate: String,
    },
    /// `fmtp:payload parameters`
    Fmtp {
        /// The payload type.
        payload_type: u8,
        /// The parameters.
        parameters: String,
    },
    /// `rtcp:port …` (RFC 3605)
    Rtcp {
        /// The port.
        port: u16,
        /// What follows the port.
        rest: String,
    },
    /// `crypto:…`, understood whole (RFC 4568).
    Crypto(Crypto),
    /// Any other attribute, whole.
    Other(String),
}

/// Why a session description cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum SdpError {
    /// It is not UTF-8.
    NotText,
    /// A line does not begin with a letter and `=`.
    Line,
    /// `v=` is not 0.
    Version,
    /// `c=` is not a network type, an address type and an address.
    Connection,
    /// `m=` is not a kind, a port, a protocol and formats.
    Media,
    /// An RTP format is not 0 to 127.
    PayloadType,
    /// `a=rtpmap` or `a=fmtp` does not name a payload type.
    Attribute,
    /// A description has no media line.
    NoMedia,
    /// A description has two media lines.
    TwoMedia,
    /// More octets, descriptions, formats or attributes than are taken.
    TooMany,
}

impl fmt::Display for SdpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotText => "not UTF-8",
            Self::Line => "a line without a type",
            Self::Version => "v= other than 0",
            Self::Connection => "c=",
            Self::Media => "m=",
            Self::PayloadType => "payload type in m=",
            Self::Attribute => "payload type in a=",
            Self::NoMedia => "no m=",
            Self::TwoMedia => "two m= in one description",
            Self::TooMany => "too long",
        })
    }
}
