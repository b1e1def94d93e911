//! G.711 by the values of the Recommendation.

use crate::codec::{decoded, encode};
use mg_contract::AudioCodec;

fn octet(codec: AudioCodec, sample: i16) -> u8 {
    let mut out = [0];
    encode(codec, &[sample], &mut out);
    out[0]
}

fn sample(codec: AudioCodec, octet: u8) -> i16 {
    decoded(codec)[usize::from(octet)]
}

// Values at the decoder output, G.711 tables 2a and 2b, times 4 for 16 bits.
#[test]
fn mu_law_octets_decode_to_the_values_of_the_recommendation() {
    let pairs = [
        (0x80, 32124),
        (0x8f, 16764),
        (0x9f, 8316),
        (0xaf, 4092),
        (0xbf, 1980),
        (0xcf, 924),
        (0xdf, 396),
        (0xef, 132),
        (0xfe, 8),
        (0xff, 0),
        (0x7f, 0),
        (0x7e, -8),
        (0x00, -32124),
    ];
    for (code, value) in pairs {
        assert_eq!(sample(AudioCodec::Pcmu, code), value, "{code:#04x}");
    }
}

// Values at the decoder output, G.711 tables 1a and 1b, times 8 for 16 bits.
#[test]
fn a_law_octets_decode_to_the_values_of_the_recommendation() {
    let pairs = [
        (0xd5, 8),
        (0x55, -8),
        (0xd4, 24),
        (0xc5, 264),
        (0xf5, 528),
        (0xe5, 1056),
        (0x95, 2112),
        (0x85, 4224),
        (0xb5, 8448),
        (0xa5, 16896),
        (0xaa, 32256),
        (0x2a, -32256),
    ];
    for (code, value) in pairs {
        assert_eq!(sample(AudioCodec::Pcma, code), value, "{code:#04x}");
    }
}

#[test]
fn every_octet_but_negative_zero_survives_decoding_and_encoding() {
    for code in 0..=255 {
        let again = octet(AudioCodec::Pcmu, sample(AudioCodec::Pcmu, code));
        assert_eq!(again, if code == 0x7f { 0xff } else { code });
        assert_eq!(
            octet(AudioCodec::Pcma, sample(AudioCodec::Pcma, code)),
            code
        );
    }
}

#[test]
fn the_error_of_a_round_trip_stays_within_half_an_interval() {
    for value in i16::MIN..=i16::MAX {
        let magnitude = i32::from(value).abs();
        for (codec, smallest, top) in [
            (AudioCodec::Pcmu, 8, 32_636),
            (AudioCodec::Pcma, 16, 32_768),
        ] {
            let error = (i32::from(sample(codec, octet(codec, value))) - i32::from(value)).abs();
            // Sixteen intervals to an octave; beyond the top it is clipped.
            let interval = smallest.max((magnitude + 132) / 16);
            let clipped = (magnitude - top).max(0);
            assert!(
                error <= interval / 2 + 4 + clipped,
                "{codec:?} {value}: off by {error}"
            );
        }
    }
}

#[test]
fn silence_encodes_to_the_idle_octets() {
    assert_eq!(octet(AudioCodec::Pcmu, 0), 0xff);
    assert_eq!(octet(AudioCodec::Pcma, 0), 0xd5);
}

#[test]
fn no_octet_decodes_to_the_mark_of_absence() {
    for codec in [AudioCodec::Pcmu, AudioCodec::Pcma] {
        assert!(decoded(codec).iter().all(|&sample| sample != i16::MIN));
    }
}
