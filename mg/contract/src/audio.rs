//! What sound there is on the network: codecs, their rates, and how long a packet is.

use std::time::Duration;

/// How often a second sound is sampled.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Rate {
    /// 8 kHz.
    Narrow,
    /// 16 kHz.
    Wide,
    /// 48 kHz.
    Full,
}

impl Rate {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Narrow, Self::Wide, Self::Full];

    /// Samples of a second.
    pub const fn hz(self) -> u32 {
        match self {
            Self::Narrow => 8_000,
            Self::Wide => 16_000,
            Self::Full => 48_000,
        }
    }

    /// Samples of 20 ms.
    pub const fn frame(self) -> usize {
        self.hz() as usize / 50
    }
}

/// The audio codecs of the engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum AudioCodec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
    /// G.722 at 64 kbit/s.
    G722,
    /// 16 bits a sample, mono (RFC 3551 4.5.11).
    L16(Rate),
    /// Opus (RFC 7587).
    Opus(Opus),
}

impl AudioCodec {
    /// The rate of the sound.
    pub const fn rate(self) -> Rate {
        match self {
            Self::Pcmu | Self::Pcma => Rate::Narrow,
            Self::G722 => Rate::Wide,
            Self::L16(rate) | Self::Opus(Opus { rate, .. }) => rate,
        }
    }

    /// RTP time stamp units of a second: for G.722 half its sampling rate (RFC 3551 4.5.2), for Opus
    /// always 48,000 (RFC 7587 4.1).
    pub const fn clock_rate(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma | Self::G722 => 8_000,
            Self::L16(rate) => rate.hz(),
            Self::Opus(_) => 48_000,
        }
    }

    /// The encoding name in SDP.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
            Self::G722 => "G722",
            Self::L16(_) => "L16",
            Self::Opus(_) => "opus",
        }
    }
}

/// How Opus is sent, by the far end's parameters (RFC 7587 6.1). What is received needs none.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Opus {
    /// The rate of the sound that is worth sending (`maxplaybackrate`).
    pub rate: Rate,
    /// Whether packets help to restore the one before (`useinbandfec`).
    pub fec: bool,
    /// Whether silence may go unsent (`usedtx`).
    pub dtx: bool,
    /// Bits of a second (`maxaveragebitrate`).
    pub bit_rate: u32,
}

impl Default for Opus {
    fn default() -> Self {
        Self {
            rate: Rate::Full,
            fec: false,
            dtx: false,
            bit_rate: 32_000,
        }
    }
}

/// How much sound one packet holds (`ptime`).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum PacketTime {
    /// 10 ms.
    Ms10,
    /// 20 ms.
    #[default]
    Ms20,
    /// 40 ms.
    Ms40,
    /// 60 ms.
    Ms60,
}

impl PacketTime {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Ms10, Self::Ms20, Self::Ms40, Self::Ms60];

    /// Milliseconds.
    pub const fn millis(self) -> u32 {
        match self {
            Self::Ms10 => 10,
            Self::Ms20 => 20,
            Self::Ms40 => 40,
            Self::Ms60 => 60,
        }
    }

    /// The same as a time.
    pub const fn duration(self) -> Duration {
        Duration::from_millis(self.millis() as u64)
    }
}
