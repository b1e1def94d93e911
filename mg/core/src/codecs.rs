//! Which codecs a gateway speaks.

use std::{fmt, str::FromStr};

use mg_contract::{AudioCodec, Opus, Rate};

/// Bits of a second that Opus takes at least, and at most for one voice.
pub(crate) const OPUS_BITS: (u32, u32) = (6_000, 128_000);

/// A codec, whatever its parameters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CodecKind {
    /// G.711 A-law.
    Pcma,
    /// G.711 µ-law.
    Pcmu,
    /// G.722.
    G722,
    /// Opus.
    Opus,
    /// 16 bits a sample at 8, 16 or 48 kHz.
    L16,
}

impl CodecKind {
    /// All of them, in the order of preference of who has none: what every peer takes comes first.
    pub const ALL: [Self; 5] = [Self::Pcma, Self::Pcmu, Self::G722, Self::Opus, Self::L16];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcma => "pcma",
            Self::Pcmu => "pcmu",
            Self::G722 => "g722",
            Self::Opus => "opus",
            Self::L16 => "l16",
        }
    }

    /// Which one a codec of the engine is.
    pub(crate) const fn of(codec: AudioCodec) -> Self {
        match codec {
            AudioCodec::Pcmu => Self::Pcmu,
            AudioCodec::Pcma => Self::Pcma,
            AudioCodec::G722 => Self::G722,
            AudioCodec::L16(_) => Self::L16,
            AudioCodec::Opus(_) => Self::Opus,
        }
    }

    /// The codecs of the engine that it stands for, the best sound first.
    pub(crate) fn codecs(self) -> Vec<AudioCodec> {
        match self {
            Self::Pcma => vec![AudioCodec::Pcma],
            Self::Pcmu => vec![AudioCodec::Pcmu],
            Self::G722 => vec![AudioCodec::G722],
            Self::Opus => vec![AudioCodec::Opus(Opus::default())],
            Self::L16 => Rate::ALL.into_iter().rev().map(AudioCodec::L16).collect(),
        }
    }
}

impl fmt::Display for CodecKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is no name of a codec.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("\"{0}\" is none of pcma, pcmu, g722, opus and l16")]
pub struct UnknownCodec(String);

impl FromStr for CodecKind {
    type Err = UnknownCodec;

    fn from_str(text: &str) -> Result<Self, UnknownCodec> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCodec(text.to_owned()))
    }
}

/// The codecs that a gateway speaks. Others are not understood.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Codecs {
    /// They, in the order in which they are taken where a controller leaves the choice.
    pub kinds: Vec<CodecKind>,
    /// Bits of a second that Opus is sent with, 6,000 to 128,000; less where the far end asks for less.
    pub opus_bit_rate: u32,
}

impl Default for Codecs {
    fn default() -> Self {
        Self {
            kinds: CodecKind::ALL.to_vec(),
            opus_bit_rate: Opus::default().bit_rate,
        }
    }
}

impl Codecs {
    /// Whether the gateway speaks it.
    pub(crate) fn has(&self, codec: AudioCodec) -> bool {
        self.kinds.contains(&CodecKind::of(codec))
    }

    /// All that it speaks, in the order of preference.
    pub(crate) fn all(&self) -> impl Iterator<Item = AudioCodec> {
        self.kinds.iter().flat_map(|kind| kind.codecs())
    }
}

/// Whether two are one codec in SDP, whatever the parameters of each.
pub(crate) fn alike(one: AudioCodec, other: AudioCodec) -> bool {
    match (one, other) {
        (AudioCodec::Opus(_), AudioCodec::Opus(_)) => true,
        _ => one == other,
    }
}
