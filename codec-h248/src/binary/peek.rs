//! What can be said of a message without decoding it: the header, and what its transactions are.
//!
//! A message that breaks off is looked at as far as it goes.

use std::sync::LazyLock;

use super::{BinaryProfile, ber::BerReader, mid};
use crate::{
    Limits, MId, Peek, PeekedTransaction, TransactionId, TransactionKind,
    peek::{PeekedEncoding, PeekedTransactions},
};

/// Headers name nothing that is agreed on.
pub(super) static NOTHING_AGREED: LazyLock<BinaryProfile> = LazyLock::new(BinaryProfile::default);

const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// An element, as far as it goes.
struct Element<'a> {
    identifier: u8,
    /// From the contents on to the end of what is there.
    contents: &'a [u8],
    /// Octets of contents, where the header says it.
    length: Option<usize>,
}

impl<'a> Element<'a> {
    fn first_of(octets: &'a [u8]) -> Option<Self> {
        let (&identifier, mut rest) = octets.split_first()?;
        if identifier & 0x1f == 0x1f {
            let last = rest.iter().position(|octet| octet & 0x80 == 0)?;
            rest = &rest[last + 1..];
        }
        let (&length, rest) = rest.split_first()?;
        let (contents, length) = match length {
            0..0x80 => (rest, Some(usize::from(length))),
            0x80 => (rest, None),
            _ => long_length(rest, usize::from(length & 0x7f))?,
        };
        Some(Self {
            identifier,
            contents,
            length,
        })
    }

    /// The contents; of those that end at an end of contents, everything from their first octet on.
    fn inside(&self) -> &'a [u8] {
        let length = self.length.unwrap_or(usize::MAX);
        &self.contents[..length.min(self.contents.len())]
    }

    /// The contents of a value, where all of it is there.
    fn value(&self) -> Option<&'a [u8]> {
        self.contents.get(..self.length?)
    }

    /// What stands behind it; nothing where it does not end.
    fn behind(&self) -> Option<&'a [u8]> {
        let Some(length) = self.length else {
            return behind_indefinite(self.contents);
        };
        self.contents.get(length..)
    }
}

fn long_length(rest: &[u8], octets: usize) -> Option<(&[u8], Option<usize>)> {
    let (digits, contents) = rest.split_at_checked(octets)?;
    let length = digits.iter().try_fold(0_usize, |length, &digit| {
        Some(length.checked_mul(256)? | usize::from(digit))
    })?;
    Some((contents, Some(length)))
}

fn behind_indefinite(mut rest: &[u8]) -> Option<&[u8]> {
    let mut open = 1;
    while open > 0 {
        if let Some(behind) = rest.strip_prefix(&END_OF_CONTENTS) {
            rest = behind;
            open -= 1;
            continue;
        }
        let element = Element::first_of(rest)?;
        rest = match element.length {
            Some(length) => element.contents.get(length..)?,
            None => {
                open += 1;
                element.contents
            }
        };
    }
    Some(rest)
}

/// The element that `octets` begin with, if it has this identifier.
fn expect(octets: &[u8], identifier: u8) -> Option<Element<'_>> {
    Element::first_of(octets).filter(|element| element.identifier == identifier)
}

/// As much of the header as can be read, and where the transactions begin.
pub(super) fn peek(octets: &[u8]) -> Peek<'_> {
    let mut peek = Peek::default();
    let _ = look(octets, &mut peek);
    peek
}

fn look<'a>(octets: &'a [u8], peek: &mut Peek<'a>) -> Option<()> {
    let mut inside = expect(octets, 0x30)?.inside();
    if let Some(authentication) = expect(inside, 0xa0) {
        inside = authentication.behind()?;
    }
    let version = expect(expect(inside, 0xa1)?.inside(), 0x80)?;
    peek.version = u8::try_from(number(version.value()?)?).ok();
    let mid = expect(version.behind()?, 0xa1)?;
    peek.mid = Some(sender(mid.inside())?);
    let transactions = expect(expect(mid.behind()?, 0xa2)?.inside(), 0xa1)?;
    peek.body = PeekedTransactions {
        encoding: PeekedEncoding::Binary,
        rest: transactions.inside(),
        within: false,
    };
    Some(())
}

fn sender(octets: &[u8]) -> Option<MId<'_>> {
    let mut reader = BerReader::new(octets, &Limits::default(), &NOTHING_AGREED);
    mid::read(&mut reader).ok()
}

/// An INTEGER that is not negative.
fn number(contents: &[u8]) -> Option<u32> {
    if contents.is_empty() || contents[0] & 0x80 != 0 {
        return None;
    }
    contents.iter().try_fold(0_u32, |number, &octet| {
        Some(number.checked_mul(256)? | u32::from(octet))
    })
}

/// The transaction that comes first, which is taken off `seen`; nothing where none can be told.
pub(crate) fn next_transaction(seen: &mut PeekedTransactions<'_>) -> Option<PeekedTransaction> {
    let mut rest = std::mem::take(&mut seen.rest);
    if seen.within {
        rest = Element::first_of(rest)?.behind()?;
    }
    let element = Element::first_of(rest)?;
    let mut inside = element.inside();
    let kind = match element.identifier {
        0xa0 => TransactionKind::Request,
        0xa1 => TransactionKind::Pending,
        0xa2 => TransactionKind::Reply,
        0xa3 => {
            inside = expect(inside, 0x30)?.inside();
            TransactionKind::ResponseAck
        }
        0xa4 => TransactionKind::SegmentReply,
        _ => return None,
    };
    let id = TransactionId(number(expect(inside, 0x80)?.value()?)?);
    seen.rest = rest;
    seen.within = true;
    Some(PeekedTransaction { kind, id })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two transactions in a message of mg1: Pending of 3001, and acknowledgements from 7 on.
    const MESSAGE: &[u8] = &[
        0x30, 0x27, 0xa1, 0x25, 0x80, 0x01, 0x03, 0xa1, 0x09, 0xa2, 0x07, 0x80, 0x05, b'm', b'g',
        b'1', b'.', b'x', 0xa2, 0x15, 0xa1, 0x13, 0xa1, 0x04, 0x80, 0x02, 0x0b, 0xb9, 0xa3, 0x0b,
        0x30, 0x03, 0x80, 0x01, 0x07, 0x30, 0x04, 0x80, 0x02, 0x00, 0xff,
    ];

    fn ids(octets: &[u8]) -> Vec<(TransactionKind, u32)> {
        let seen = peek(octets).transactions();
        seen.map(|seen| (seen.kind, seen.id.0)).collect()
    }

    #[test]
    fn header_and_transactions_are_told() {
        let seen = peek(MESSAGE);
        assert_eq!(seen.version, Some(3));
        assert_eq!(seen.mid.unwrap().to_string(), "<mg1.x>");
        let expected = [
            (TransactionKind::Pending, 3001),
            (TransactionKind::ResponseAck, 7),
        ];
        assert_eq!(ids(MESSAGE), expected);
    }

    #[test]
    fn a_message_that_breaks_off_is_looked_at_as_far_as_it_goes() {
        for length in 0..MESSAGE.len() {
            let found = ids(&MESSAGE[..length]).len();
            let expected = usize::from(length >= 28) + usize::from(length >= 35);
            assert_eq!(found, expected, "{length}");
        }
        assert_eq!(peek(&MESSAGE[..18]).mid.unwrap().to_string(), "<mg1.x>");
        assert_eq!(peek(&MESSAGE[..17]).mid, None);
        assert_eq!(peek(&MESSAGE[..7]).version, Some(3));
    }
}
