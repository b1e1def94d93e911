//! The codecs of the phones, and G.711 as they speak it. It shares no table with the gateway, so
//! that an error in one of them cannot hide in the other.

use std::sync::LazyLock;

/// A codec that phones speak.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Codec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
    /// Opus, mono, 20 ms a packet.
    Opus,
}

impl Codec {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pcmu, Self::Pcma, Self::Opus];

    /// The payload type: of RFC 3551 6 where there is one, else one that phones always take.
    pub fn payload_type(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
            Self::Opus => 111,
        }
    }

    /// The codec of a payload type.
    pub fn of_payload_type(number: u8) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|codec| codec.payload_type() == number)
    }

    /// Name, clock rate and channels in SDP (RFC 3551 6, RFC 7587 7).
    pub fn encoding(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU/8000",
            Self::Pcma => "PCMA/8000",
            Self::Opus => "opus/48000/2",
        }
    }

    /// RTP time stamp units of 20 ms.
    pub fn frame_units(self) -> u32 {
        match self {
            Self::Pcmu | Self::Pcma => 160,
            Self::Opus => 960,
        }
    }

    /// The law, where it is G.711.
    pub fn law(self) -> Option<Law> {
        match self {
            Self::Pcmu => Some(Law::Mu),
            Self::Pcma => Some(Law::A),
            Self::Opus => None,
        }
    }
}

/// A law of G.711.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Law {
    /// µ-law.
    Mu,
    /// A-law.
    A,
}

/// The 16-bit sample that an octet stands for.
pub fn decode(law: Law, octet: u8) -> i16 {
    table(law).values[usize::from(octet)]
}

/// The octet whose value is nearest to a 16-bit sample.
pub fn encode(law: Law, sample: i16) -> u8 {
    let ascending = &table(law).ascending;
    let above = ascending.partition_point(|&(value, _)| value < sample);
    let distance = |place: usize| {
        let (value, octet) = ascending[place.min(ascending.len() - 1)];
        (i32::from(value).abs_diff(i32::from(sample)), octet)
    };
    let (below, above) = (distance(above.saturating_sub(1)), distance(above));
    if below.0 <= above.0 { below.1 } else { above.1 }
}

struct Table {
    values: [i16; 256],
    ascending: Vec<(i16, u8)>,
}

impl Table {
    fn new(value: fn(u8) -> i16) -> Self {
        let mut values = [0; 256];
        for octet in 0..=u8::MAX {
            values[usize::from(octet)] = value(octet);
        }
        let mut ascending: Vec<(i16, u8)> = (0..=u8::MAX).map(|o| (value(o), o)).collect();
        ascending.sort_unstable();
        Self { values, ascending }
    }
}

fn table(law: Law) -> &'static Table {
    static MU: LazyLock<Table> = LazyLock::new(|| Table::new(mu_value));
    static A: LazyLock<Table> = LazyLock::new(|| Table::new(a_value));
    match law {
        Law::Mu => &MU,
        Law::A => &A,
    }
}

/// G.711 table 2: the bits travel inverted; eight segments, each twice as steep, less a bias.
fn mu_value(octet: u8) -> i16 {
    let bits = !octet;
    let (segment, step) = (u32::from(bits >> 4 & 7), i16::from(bits & 15));
    let magnitude = (((2 * step + 33) << segment) - 33) * 4;
    if bits & 0x80 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// G.711 table 1: every second bit travels inverted; the two lowest segments are equally steep.
fn a_value(octet: u8) -> i16 {
    let bits = octet ^ 0x55;
    let (segment, step) = (u32::from(bits >> 4 & 7), i16::from(bits & 15));
    let magnitude = match segment {
        0 => (2 * step + 1) * 8,
        _ => ((2 * step + 33) * 8) << (segment - 1),
    };
    if bits & 0x80 == 0 {
        -magnitude
    } else {
        magnitude
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoder_output_values_are_those_of_the_recommendation() {
        // G.711 tables 2a and 1a in 16-bit scale: top, lowest positive, and idle values.
        let mu = [
            (0x80, 32_124),
            (0x00, -32_124),
            (0xff, 0),
            (0xfe, 8),
            (0xef, 132),
        ];
        for (octet, value) in mu {
            assert_eq!(decode(Law::Mu, octet), value, "{octet:#x}");
        }
        let a = [
            (0xaa, 32_256),
            (0x2a, -32_256),
            (0xd5, 8),
            (0x55, -8),
            (0x80, 5_504),
        ];
        for (octet, value) in a {
            assert_eq!(decode(Law::A, octet), value, "{octet:#x}");
        }
    }

    #[test]
    fn every_value_survives_a_round_trip() {
        for law in [Law::Mu, Law::A] {
            for octet in 0..=u8::MAX {
                let value = decode(law, octet);
                assert_eq!(decode(law, encode(law, value)), value);
            }
            assert!(decode(law, encode(law, i16::MIN)) < -32_000);
            assert!(decode(law, encode(law, i16::MAX)) > 32_000);
        }
    }
}
