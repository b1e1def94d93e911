//! Messages of a test as reports show them.

use std::fmt::Write as _;

use codec_h248::{Limits, Message, binary, binary::BinaryProfile, decode};

/// The tag of SEQUENCE, with which every binary message begins; no text does.
const SEQUENCE: u8 = 0x30;
/// Octets of one line of a dump.
const DUMPED: usize = 16;

/// Reads messages in either encoding.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    agreed: BinaryProfile,
}

impl Decoder {
    /// A message, or in words why it is none.
    ///
    /// # Errors
    ///
    /// It does not decode.
    pub(super) fn message<'a>(&'a self, octets: &'a [u8]) -> Result<Message<'a>, String> {
        let limits = Limits::default();
        if is_binary(octets) {
            let message = binary::decode(octets, &limits, &self.agreed);
            return message.map_err(|error| error.to_string());
        }
        decode(octets, &limits).map_err(|error| error.to_string())
    }
}

/// A message as it came: text as text, all else as a dump of its octets.
pub(super) fn raw(octets: &[u8]) -> String {
    let printable = |text: &&str| {
        let mut signs = text.chars();
        signs.all(|sign| !sign.is_control() || ['\r', '\n', '\t'].contains(&sign))
    };
    match std::str::from_utf8(octets).ok().filter(printable) {
        Some(text) if !is_binary(octets) => text.replace("\r\n", "\n"),
        Some(_) | None => dump(octets),
    }
}

fn is_binary(octets: &[u8]) -> bool {
    octets.first() == Some(&SEQUENCE)
}

fn dump(octets: &[u8]) -> String {
    let mut text = String::new();
    for (at, line) in octets.chunks(DUMPED).enumerate() {
        let _never_fails = write!(text, "{:04x} ", at * DUMPED);
        for octet in line {
            let _never_fails = write!(text, " {octet:02x}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_are_read() {
        let decoder = Decoder::default();
        let text = b"!/3 <mg> T=7{C=-{AV=ROOT{AT{}}}}";
        let message = decoder.message(text).unwrap();
        let mut ber = Vec::new();
        binary::encode(&message, &decoder.agreed, &mut ber).unwrap();
        assert_eq!(decoder.message(&ber).unwrap(), message);
        assert!(raw(&ber).starts_with("0000  30 "), "{}", raw(&ber));
        assert_eq!(raw(text).as_bytes(), text);
    }

    #[test]
    fn what_is_no_message_is_said_to_be_none() {
        let decoder = Decoder::default();
        for octets in [&b"HELLO/1 x"[..], &[0x30, 0x80], &[0, 255], b""] {
            assert!(decoder.message(octets).is_err(), "{octets:?}");
        }
        assert_eq!(raw(&[0, 255]), "0000  00 ff\n");
    }
}
