//! Octets of a file: what they are, read no further than is sensible.

use std::{
    borrow::Cow,
    fs::OpenOptions,
    io::{self, Read},
    path::Path,
};

/// Octets that an input may have; a message has far fewer.
const MOST: u64 = 4 << 20;

/// In which encoding a message is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Encoding {
    /// H.248.1 Annex B.
    Text,
    /// H.248.1 Annex A: BER.
    Binary,
}

/// The octets of a message, whose encoding is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found<'i> {
    /// How they are to be read.
    pub encoding: Encoding,
    /// The octets, where they were hexadecimal made from that.
    pub octets: Cow<'i, [u8]>,
}

/// All octets of a file; `-` is standard input.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    if path == Path::new("-") {
        return read_from(io::stdin().lock());
    }
    read_file(path)
}

/// All octets of a file, whatever its name.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read_from(OpenOptions::new().read(true).open(path)?)
}

/// All octets of anything that is not too long for a message.
pub fn read_from(from: impl Read) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    from.take(MOST + 1).read_to_end(&mut octets)?;
    if octets.len() as u64 > MOST {
        let what = format!("more than {MOST} octets");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(octets)
}

/// Says what the octets are: BER, BER in hexadecimal digits, or text. What is said to be binary may
/// be in hexadecimal digits too.
pub fn recognise(octets: &[u8], said: Option<Encoding>) -> Found<'_> {
    let raw = |encoding| Found {
        encoding,
        octets: Cow::Borrowed(octets),
    };
    let from_hex = || {
        from_hex(octets).map(|octets| Found {
            encoding: Encoding::Binary,
            octets: Cow::Owned(octets),
        })
    };
    match said {
        Some(Encoding::Text) => raw(Encoding::Text),
        Some(Encoding::Binary) => from_hex().unwrap_or_else(|| raw(Encoding::Binary)),
        None if octets.first() == Some(&SEQUENCE) => raw(Encoding::Binary),
        None => from_hex()
            .filter(|found| found.octets.first() == Some(&SEQUENCE))
            .unwrap_or_else(|| raw(Encoding::Text)),
    }
}

/// The tag of SEQUENCE, with which every binary message begins; no text does.
const SEQUENCE: u8 = 0x30;

/// The octets of hexadecimal digits with white space anywhere between octets and digits; nothing
/// where there is anything else.
fn from_hex(text: &[u8]) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for octet in text.iter().filter(|octet| !octet.is_ascii_whitespace()) {
        let digit = u8::try_from(char::from(*octet).to_digit(16)?).ok()?;
        match high.take() {
            None => high = Some(digit),
            Some(high) => octets.push(high << 4 | digit),
        }
    }
    (high.is_none() && !octets.is_empty()).then_some(octets)
}

/// The JSON documents of an input, one after another; an input that is none is one all the same,
/// and reading it says why.
pub fn documents(octets: &[u8]) -> Vec<&[u8]> {
    let mut stream =
        serde_json::Deserializer::from_slice(octets).into_iter::<serde::de::IgnoredAny>();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(Ok(_)) = stream.next() {
        let to = stream.byte_offset();
        found.push(&octets[from..to]);
        from = to;
    }
    let rest = &octets[from..];
    if found.is_empty() || !rest.trim_ascii().is_empty() {
        found.push(rest);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(octets: &[u8], said: Option<Encoding>) -> (Encoding, Vec<u8>) {
        let Found { encoding, octets } = recognise(octets, said);
        (encoding, octets.into_owned())
    }

    #[test]
    fn an_encoding_is_known_by_its_first_octets() {
        use Encoding::{Binary, Text};
        assert_eq!(
            found(b"30 0\nA0B\n", None),
            (Binary, vec![0x30, 0x0a, 0x0b])
        );
        assert_eq!(found(&[0x30, 0x80], None), (Binary, vec![0x30, 0x80]));
        for text in [&b"!/1 a"[..], b"", b"31 00", b"300", b"30 0g"] {
            assert_eq!(found(text, None), (Text, text.to_vec()));
        }
    }

    #[test]
    fn what_is_said_to_be_of_an_encoding_is_taken_as_that() {
        use Encoding::{Binary, Text};
        assert_eq!(found(b"3000", Some(Text)), (Text, b"3000".to_vec()));
        assert_eq!(found(b"31 00", Some(Binary)), (Binary, vec![0x31, 0]));
        assert_eq!(found(b"!/1", Some(Binary)), (Binary, b"!/1".to_vec()));
    }

    #[test]
    fn documents_are_told_apart_and_what_is_none_is_kept() {
        assert_eq!(documents(b"{} {\"a\":1}\n"), [&b"{}"[..], b" {\"a\":1}"]);
        assert_eq!(documents(b"{} {"), [&b"{}"[..], b" {"]);
        assert_eq!(documents(b""), [b""]);
    }
}
