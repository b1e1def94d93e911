//! What can be said of a message without decoding it: the header, and what its transactions are.
//!
//! A message that breaks off is looked at as far as it goes.

use super::{BinaryProfile, ber::BerReader, message, mid};
use crate::{
    AuthenticationHeader, Limits, MId, Peek, PeekedTransaction, TransactionId, TransactionKind,
    peek::{PeekedEncoding, PeekedTransactions},
};

/// Headers name nothing that is agreed on.
pub(super) static NOTHING_AGREED: BinaryProfile = BinaryProfile::NOTHING;

const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// The identifier of the first element, everything from its contents on, and how long these are,
/// where the header says it.
#[inline(always)]
fn header(octets: &[u8]) -> Option<(u8, &[u8], Option<usize>)> {
    match octets {
        [identifier, length @ 0..=0x7f, contents @ ..]
        | [identifier, 0x81, length, contents @ ..]
            if identifier & 0x1f != 0x1f =>
        {
            Some((*identifier, contents, Some(usize::from(*length))))
        }
        _ => long_header(octets),
    }
}

fn long_header(octets: &[u8]) -> Option<(u8, &[u8], Option<usize>)> {
    if let [identifier, 0x82, high, low, contents @ ..] = octets
        && identifier & 0x1f != 0x1f
    {
        let length = u16::from_be_bytes([*high, *low]);
        return Some((*identifier, contents, Some(usize::from(length))));
    }
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
    Some((identifier, contents, length))
}

fn long_length(rest: &[u8], octets: usize) -> Option<(&[u8], Option<usize>)> {
    let (digits, contents) = rest.split_at_checked(octets)?;
    let length = digits.iter().try_fold(0_usize, |length, &digit| {
        Some(length.checked_mul(256)? | usize::from(digit))
    })?;
    Some((contents, Some(length)))
}

/// The contents of the first element, as far as they go, if it has this identifier; of those that
/// end at an end of contents, everything from their first octet on.
#[inline]
fn inside(octets: &[u8], identifier: u8) -> Option<&[u8]> {
    let (found, contents, length) = header(octets)?;
    let length = length.map_or(contents.len(), |length| length.min(contents.len()));
    (found == identifier).then(|| &contents[..length])
}

/// The contents of the first element, where all of it is there, if it has this identifier.
pub(super) fn whole(octets: &[u8], identifier: u8) -> Option<&[u8]> {
    let (found, contents, length) = header(octets)?;
    let length = match length {
        Some(length) => length,
        None => contents.len() - behind_indefinite(contents)?.len() - END_OF_CONTENTS.len(),
    };
    let contents = contents.get(..length)?;
    (found == identifier).then_some(contents)
}

/// The value of the first element, where all of it is there, if it has this identifier; and what
/// stands behind it.
#[inline]
fn value_and_behind(octets: &[u8], identifier: u8) -> Option<(u32, &[u8])> {
    let (found, contents, length) = header(octets)?;
    let (contents, behind) = contents.split_at_checked(length?)?;
    (found == identifier).then_some(())?;
    Some((number(contents)?, behind))
}

/// What stands behind the first element; nothing where it does not end.
#[inline]
fn behind(octets: &[u8]) -> Option<&[u8]> {
    match header(octets)? {
        (_, contents, Some(length)) => contents.get(length..),
        (_, contents, None) => behind_indefinite(contents),
    }
}

fn behind_indefinite(mut rest: &[u8]) -> Option<&[u8]> {
    let mut open = 1;
    while open > 0 {
        if let Some(behind) = rest.strip_prefix(&END_OF_CONTENTS) {
            rest = behind;
            open -= 1;
            continue;
        }
        rest = match header(rest)? {
            (_, contents, Some(length)) => contents.get(length..)?,
            (_, contents, None) => {
                open += 1;
                contents
            }
        };
    }
    Some(rest)
}

/// As much of the header as can be read, and where the transactions begin. All is put where it stays:
/// what is written word by word and then moved in larger pieces is waited for, which takes longer
/// than reading it.
#[inline(never)]
pub(super) fn look<'a>(octets: &'a [u8], peek: &mut Peek<'a>) -> Option<()> {
    let mut message = inside(octets, 0x30)?;
    if message.first() == Some(&0xa0) {
        peek.authentication = authentication(inside(message, 0xa0)?);
        message = behind(message)?;
    }
    let version = inside(message, 0xa1)?;
    let (number, mid) = value_and_behind(version, 0x80)?;
    peek.version = u8::try_from(number).ok();
    sender(inside(mid, 0xa1)?, &mut peek.mid)?;
    let body = inside(behind(mid)?, 0xa2)?;
    peek.walk.encoding = PeekedEncoding::Binary;
    match header(body)? {
        (0xa1, contents, Some(length)) if length <= contents.len() => {
            peek.walk.rest = &contents[..length];
            peek.body = Some(peek.walk.rest);
        }
        _ => {
            peek.body = whole(body, 0xa1).or_else(|| whole(body, 0xa0));
            peek.walk.rest = inside(body, 0xa1)?;
        }
    }
    Some(())
}

fn authentication(octets: &[u8]) -> Option<AuthenticationHeader> {
    let mut reader = BerReader::new(octets, &Limits::default(), &NOTHING_AGREED);
    message::authentication(&mut reader).ok()
}

fn sender<'a>(octets: &'a [u8], place: &mut Option<MId<'a>>) -> Option<()> {
    let mut reader = BerReader::new(octets, &Limits::default(), &NOTHING_AGREED);
    let read = mid::read_into(&mut reader, place.insert(mid::NOBODY)).ok();
    if read.is_none() {
        *place = None;
    }
    read
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
        rest = behind(rest)?;
    }
    let (kind, transaction) = loop {
        let (kind, identifier) = match rest.first()? {
            0xa0 => (TransactionKind::Request, 0xa0),
            0xa1 => (TransactionKind::Pending, 0xa1),
            0xa2 => (TransactionKind::Reply, 0xa2),
            0xa3 => (TransactionKind::ResponseAck, 0xa3),
            0xa4 => (TransactionKind::SegmentReply, 0xa4),
            _ => return None,
        };
        let transaction = inside(rest, identifier)?;
        if kind != TransactionKind::ResponseAck {
            break (kind, transaction);
        }
        // One that acknowledges nothing names no transaction.
        if !transaction.is_empty() && !transaction.starts_with(&END_OF_CONTENTS) {
            break (kind, inside(transaction, 0x30)?);
        }
        rest = behind(rest)?;
    };
    let (id, _) = value_and_behind(transaction, 0x80)?;
    let id = TransactionId(id);
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

    fn peek(octets: &[u8]) -> Peek<'_> {
        crate::binary::peek(octets)
    }

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

    #[test]
    fn the_body_is_the_transactions_without_what_is_around_them() {
        assert_eq!(peek(MESSAGE).body, Some(&MESSAGE[22..]));
        for length in 0..MESSAGE.len() {
            assert_eq!(peek(&MESSAGE[..length]).body, None, "{length}");
        }
        let open = [
            &[0x30, 0x80, 0xa1, 0x80][..],
            &MESSAGE[4..18],
            &[0xa2, 0x80, 0xa1, 0x80],
            &MESSAGE[22..],
            &[0; 8],
        ]
        .concat();
        assert_eq!(peek(&open).body, Some(&MESSAGE[22..]));
        assert_eq!(peek(&open[..open.len() - 7]).body, None);
        let error = [0xa2, 7, 0xa0, 5, 0x80, 3, 0, 1, 0x96];
        let length = 14 + u8::try_from(error.len()).unwrap();
        let error = [
            &[0x30, length + 2, 0xa1, length][..],
            &MESSAGE[4..18],
            &error,
        ]
        .concat();
        assert_eq!(peek(&error).body, Some(&[0x80, 3, 0, 1, 0x96][..]));
    }

    #[test]
    fn every_form_of_an_element_is_walked() {
        let behind = |octets: &[u8]| super::behind(octets).map(<[u8]>::len);
        assert_eq!(behind(&[0xa1, 0x81, 1, 7, 9]), Some(1));
        assert_eq!(behind(&[0xa1, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 1, 7]), Some(0));
        assert_eq!(behind(&[0xbf, 0x81, 0x01, 1, 7, 9]), Some(1));
        assert_eq!(
            behind(&[0xa1, 0x80, 0xa2, 0x80, 0, 0, 4, 2, 0, 0, 0, 0, 9, 9]),
            Some(2)
        );
        for broken in [
            &[][..],
            &[0xa1],
            &[0xbf, 0x81],
            &[0xa1, 0x82, 1],
            &[0xa1, 0x89, 1, 0, 0, 0, 0, 0, 0, 0, 0],
            &[0xa1, 2, 7],
            &[0xa1, 0x80, 4, 0],
            &[0xa1, 0x80, 4, 3, 0],
        ] {
            assert_eq!(behind(broken), None, "{broken:02x?}");
        }
    }

    #[test]
    fn a_header_may_stand_behind_an_authentication_header_of_any_form() {
        let header = [0xa0, 0x80, 0x80, 0, 0, 0];
        let octets = [&[0x30, 0x80][..], &header, &MESSAGE[2..]].concat();
        assert_eq!(peek(&octets).version, Some(3));
        assert_eq!(ids(&octets), ids(MESSAGE));
        assert_eq!(peek(&[0x30, 9, 0xa1, 7, 0x80, 1, 0x80]).version, None);
        assert_eq!(peek(&[0x30, 9, 0xa1, 7, 0x80, 2, 1, 0]).version, None);
        assert_eq!(
            peek(&[0x30, 9, 0xa1, 7, 0x80, 5, 1, 0, 0, 0, 0]).version,
            None
        );
    }

    #[test]
    fn an_acknowledgement_of_nothing_hides_nothing() {
        // Version 1 of the device `r{`, a ResponseAck of no range, a Pending 32767.
        let octets = [
            0x30, 0x18, 0xa1, 0x16, 0x80, 0x01, 0x01, 0xa1, 0x04, 0x84, 0x02, 0x72, 0x13, 0xa2,
            0x0b, 0xa1, 0x09, 0xa3, 0x00, 0xa1, 0x05, 0x80, 0x03, 0x00, 0x7f, 0xff,
        ];
        let seen: Vec<_> = peek(&octets).transactions().collect();
        assert_eq!(seen.len(), 1);
        assert_eq!(
            (seen[0].kind, seen[0].id),
            (TransactionKind::Pending, TransactionId(32_767))
        );
    }
}
