//! What payload types stand for (RFC 3551 6, RFC 7587 7, RFC 4733 2.4, RFC 3389 4).

/// A codec that the platform asks gateways for, or the telephone events or comfort noise beside one.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) enum Codec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
    /// G.722, whose clock is half its rate.
    G722,
    /// 16 bits a sample, at so many of a second.
    L16(u32),
    /// Opus.
    Opus,
    /// Telephone events with a clock of so many units of a second, which is that of the codec.
    Events(u32),
    /// Comfort noise with a clock of 8 kHz.
    Noise,
}

impl Codec {
    /// The name as `a=rtpmap` spells it, with the clock rate, and the channels where there are two.
    pub(super) fn rtpmap(self) -> String {
        match self {
            Self::Pcmu => "PCMU/8000".to_owned(),
            Self::Pcma => "PCMA/8000".to_owned(),
            Self::G722 => "G722/8000".to_owned(),
            Self::L16(hz) => format!("L16/{hz}"),
            Self::Opus => "opus/48000/2".to_owned(),
            Self::Events(hz) => format!("telephone-event/{hz}"),
            Self::Noise => "CN/8000".to_owned(),
        }
    }

    /// The payload type that needs no `a=rtpmap`.
    pub(super) fn static_payload_type(self) -> Option<u8> {
        match self {
            Self::Pcmu => Some(0),
            Self::Pcma => Some(8),
            Self::G722 => Some(9),
            Self::Noise => Some(13),
            Self::L16(_) | Self::Opus | Self::Events(_) => None,
        }
    }

    /// The one that a payload type has stood for of old.
    pub(super) fn of_old(payload_type: u8) -> Option<Self> {
        [Self::Pcmu, Self::Pcma, Self::G722, Self::Noise]
            .into_iter()
            .find(|codec| codec.static_payload_type() == Some(payload_type))
    }

    pub(super) fn from_rtpmap(text: &str) -> Option<Self> {
        let (name, rate) = text.split_once('/')?;
        let (hz, channels) = rate.split_once('/').unwrap_or((rate, "1"));
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match (hz, channels) {
            ("48000", "1" | "2") if is("opus") => Some(Self::Opus),
            ("8000", "1") if is("PCMU") => Some(Self::Pcmu),
            ("8000", "1") if is("PCMA") => Some(Self::Pcma),
            ("8000", "1") if is("G722") => Some(Self::G722),
            ("8000", "1") if is("CN") => Some(Self::Noise),
            ("8000" | "16000" | "48000", "1") if is("L16") => Some(Self::L16(hz.parse().ok()?)),
            ("8000" | "16000" | "48000", "1") if is("telephone-event") => {
                Some(Self::Events(hz.parse().ok()?))
            }
            _ => None,
        }
    }

    /// So many samples a second it has.
    pub(super) fn rate(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma | Self::Noise => 8_000,
            Self::G722 => 16_000,
            Self::Opus => 48_000,
            Self::L16(hz) | Self::Events(hz) => hz,
        }
    }

    /// Whether it carries sound.
    pub(super) fn is_audio(self) -> bool {
        !matches!(self, Self::Events(_) | Self::Noise)
    }
}

/// A payload type and what it stands for.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Format {
    /// The payload type, 0 to 127.
    pub(super) payload_type: u8,
    pub(super) codec: Codec,
    /// What `a=fmtp` says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) parameters: Option<String>,
}

/// What stands behind `a=crypto:` (RFC 4568). What prints it does not show the key.
#[derive(Clone, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Crypto(pub(super) String);

impl Crypto {
    /// The same with a key that the gateway chooses.
    pub(super) fn choose(&self) -> Option<String> {
        let mut words = self.0.split_ascii_whitespace();
        let (tag, suite) = (words.next()?, words.next()?);
        Some(format!("{tag} {suite} inline:$"))
    }
}

impl std::fmt::Debug for Crypto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Crypto(secret)")
    }
}
