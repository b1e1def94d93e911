//! G.711 as the phones speak it. It shares no table with the gateway, so that an error in one of
//! them cannot hide in the other.

use std::sync::LazyLock;

/// A codec that phones speak.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Codec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
}

/// The payload type that RFC 3551 6 gives the codec.
pub fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcmu => 0,
        Codec::Pcma => 8,
    }
}

/// The codec of a payload type.
pub fn of_payload_type(number: u8) -> Option<Codec> {
    [Codec::Pcmu, Codec::Pcma]
        .into_iter()
        .find(|&codec| payload_type(codec) == number)
}

/// The encoding name in SDP.
pub fn name(codec: Codec) -> &'static str {
    match codec {
        Codec::Pcmu => "PCMU",
        Codec::Pcma => "PCMA",
    }
}

/// The 16-bit sample that an octet stands for.
pub fn decode(codec: Codec, octet: u8) -> i16 {
    law(codec).values[usize::from(octet)]
}

/// The octet whose value is nearest to a 16-bit sample.
pub fn encode(codec: Codec, sample: i16) -> u8 {
    let ascending = &law(codec).ascending;
    let above = ascending.partition_point(|&(value, _)| value < sample);
    let distance = |place: usize| {
        let (value, octet) = ascending[place.min(ascending.len() - 1)];
        (i32::from(value).abs_diff(i32::from(sample)), octet)
    };
    let (below, above) = (distance(above.saturating_sub(1)), distance(above));
    if below.0 <= above.0 { below.1 } else { above.1 }
}

struct Law {
    values: [i16; 256],
    ascending: Vec<(i16, u8)>,
}

impl Law {
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

fn law(codec: Codec) -> &'static Law {
    static MU: LazyLock<Law> = LazyLock::new(|| Law::new(mu_value));
    static A: LazyLock<Law> = LazyLock::new(|| Law::new(a_value));
    match codec {
        Codec::Pcmu => &MU,
        Codec::Pcma => &A,
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
            assert_eq!(decode(Codec::Pcmu, octet), value, "{octet:#x}");
        }
        let a = [
            (0xaa, 32_256),
            (0x2a, -32_256),
            (0xd5, 8),
            (0x55, -8),
            (0x80, 5_504),
        ];
        for (octet, value) in a {
            assert_eq!(decode(Codec::Pcma, octet), value, "{octet:#x}");
        }
    }

    #[test]
    fn every_value_survives_a_round_trip() {
        for codec in [Codec::Pcmu, Codec::Pcma] {
            for octet in 0..=u8::MAX {
                let value = decode(codec, octet);
                assert_eq!(decode(codec, encode(codec, value)), value);
            }
            assert!(decode(codec, encode(codec, i16::MIN)) < -32_000);
            assert!(decode(codec, encode(codec, i16::MAX)) > 32_000);
        }
    }
}
