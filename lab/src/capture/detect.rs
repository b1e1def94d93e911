//! Whether octets are a message, by what stands at their beginning.

use codec_h248::{binary, peek};

use crate::message::Encoding;

/// How octets that begin like a message are to be read. Of `length` octets the first are enough.
pub(super) fn looks(octets: &[u8], length: usize) -> Option<Encoding> {
    match octets.first()? {
        0x30 => binary_begins(octets, length).then_some(Encoding::Binary),
        b'!' | b'M' | b'm' | b'A' | b'a' | b';' | b' ' | b'\t' | b'\r' | b'\n' => {
            text_begins(octets).then_some(Encoding::Text)
        }
        _ => None,
    }
}

/// How octets are to be read which must be a message.
pub(super) fn supposed(octets: &[u8]) -> Encoding {
    if octets.first() == Some(&0x30) {
        Encoding::Binary
    } else {
        Encoding::Text
    }
}

/// Whether more octets may make these look like a message.
pub(super) fn may_begin(octets: &[u8]) -> bool {
    let first = behind_space(octets).first();
    octets.len() < ENOUGH && first.is_none_or(|first| b"0!MmAa;".contains(first))
}

/// Octets by which a message is known, whatever its header is like.
pub(super) const ENOUGH: usize = 96;

/// `MEGACO/n` or `!/n` with something that is no word behind it (H.248.1 B.2), maybe behind space,
/// comments and an authentication header.
fn text_begins(octets: &[u8]) -> bool {
    let octets = behind_space(octets);
    let named = match octets {
        [b'!', b'/', rest @ ..] => rest,
        [b'A' | b'a', ..] => return peek(octets).version.is_some(),
        _ => match octets.split_at_checked(7) {
            Some((name, rest)) if name.eq_ignore_ascii_case(b"MEGACO/") => rest,
            _ => return false,
        },
    };
    let digits = named
        .iter()
        .take(3)
        .take_while(|octet| octet.is_ascii_digit());
    let digits = digits.count();
    let behind = named.get(digits);
    (1..=2).contains(&digits)
        && behind.is_some_and(|octet| octet.is_ascii_whitespace() || *octet == b';')
}

/// What stands behind white space and comments.
pub(super) fn behind_space(mut octets: &[u8]) -> &[u8] {
    loop {
        octets = octets.trim_ascii_start();
        if octets.first() != Some(&b';') {
            return octets;
        }
        let end = memchr::memchr2(b'\r', b'\n', octets);
        octets = &octets[end.unwrap_or(octets.len())..];
    }
}

/// `SEQUENCE { authHeader OPTIONAL, mess SEQUENCE { version, .. } }` (H.248.1 A.2) of that length.
fn binary_begins(octets: &[u8], length: usize) -> bool {
    let Some((header, content)) = ber_length(&octets[1..]) else {
        return false;
    };
    let fits = content.is_none_or(|content| 1 + header + content <= length);
    let inner = octets.get(1 + header);
    fits && matches!(inner, Some(0xa0 | 0xa1)) && binary::peek(octets).version.is_some()
}

/// The octets of a length of BER, and what it says; nothing where it is indefinite.
pub(super) fn ber_length(octets: &[u8]) -> Option<(usize, Option<usize>)> {
    match *octets.first()? {
        short @ 0..0x80 => Some((1, Some(usize::from(short)))),
        0x80 => Some((1, None)),
        long => {
            let digits = octets.get(1..=usize::from(long & 0x7f))?;
            let length = digits.iter().try_fold(0_usize, |length, digit| {
                Some(length.checked_mul(256)? | usize::from(*digit))
            })?;
            Some((1 + digits.len(), Some(length)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(octets: &[u8]) -> Option<Encoding> {
        looks(octets, octets.len())
    }

    #[test]
    fn messages_are_known_by_their_beginning() {
        for text in [
            "!/1 mg1 PN=7{}",
            "MEGACO/3 [192.0.2.1] PN=7{}",
            "megaco/12\n<mg>",
            " ; it begins\r\n\t!/2;\n mg1",
            "AU=0x0000002A:0x00000007:0x00112233445566778899AABB !/1 mg PN=8{}",
            "Authentication = 0x0000002A:0x00000007:0x00112233445566778899AABB !/1 mg PN=8{}",
        ] {
            assert_eq!(seen(text.as_bytes()), Some(Encoding::Text), "{text}");
        }
        let binary = [
            0x30, 0x15, 0xa1, 0x13, 0x80, 1, 1, 0xa1, 4, 0x84, 2, 0x72, 0x13, 0xa2, 8, 0xa1, 6,
            0xa1, 4, 0x80, 2, 0x0f, 0xff,
        ];
        assert_eq!(seen(&binary), Some(Encoding::Binary));
        assert_eq!(seen(&binary[..22]), None, "it is longer");
        assert_eq!(looks(&binary[..9], 23), Some(Encoding::Binary));
    }

    #[test]
    fn other_protocols_are_none() {
        let rtp = [0x80, 0x08, 0x30, 0x39, 0, 0, 0, 1, 2, 3, 4, 5];
        let t38 = [0x21, 0x2f, 0x31, 0xc0, 0x01, 0x80, 0x00, 0x00, 0xff];
        let snmp = [
            0x30, 0x0b, 2, 1, 1, 4, 6, b'p', b'u', b'b', b'l', b'i', b'c',
        ];
        for octets in [
            &rtp[..],
            &t38,
            &snmp,
            b"",
            b";",
            b"MESSAGE sip:a@b SIP/2.0",
            b"ACK sip:a@b SIP/2.0",
            b"AUEP 1200 aaln/1@gw MGCP 1.0",
            b"!/100 mg",
            b"!/ mg",
            b"MEGACO 1.0",
            b"\r\n\r\n",
        ] {
            assert_eq!(seen(octets), None, "{octets:02x?}");
        }
    }

    #[test]
    fn a_beginning_may_become_one() {
        assert!(may_begin(b"MEG"));
        assert!(may_begin(b""));
        assert!(may_begin(b" ;"));
        assert!(!may_begin(b"GET / HTTP"));
        assert!(!may_begin(&[b'M'; ENOUGH]));
    }
}
