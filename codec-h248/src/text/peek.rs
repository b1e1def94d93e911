//! What can be said of a message without decoding it: the header, and where transactions begin.

use std::borrow::Cow;

use ascii::AsAsciiStr;

use super::{
    error::{Parsed, Read},
    lex::{
        domain_run, ends, equal, glued_two_digits, glued_uint16, glued_uint32, lwsp, separator,
        word,
    },
    message::{authentication, sender, version},
    reader::Reader,
    token::Token,
    transaction::{ack_range, segment},
};
use crate::{
    Limits, MId, Peek, PeekedTransaction, PeekedTransactions, TransactionId, TransactionKind,
};

/// What begins with each keyword.
const KINDS: &[(Token, TransactionKind)] = &[
    (Token::Transaction, TransactionKind::Request),
    (Token::Reply, TransactionKind::Reply),
    (Token::Pending, TransactionKind::Pending),
    (Token::Segment, TransactionKind::SegmentReply),
    (Token::ResponseAck, TransactionKind::ResponseAck),
];

/// Octets of a domain name.
const MOST_OCTETS: usize = 64;

/// As much of the header as can be read, and where the body begins. All is put where it stays at once,
/// since what is written word by word and then moved in larger pieces is waited for.
#[inline(never)]
pub(super) fn look<'a>(octets: &'a [u8], peek: &mut Peek<'a>) {
    if look_briefly(octets, peek).is_none() {
        let _ = look_thoroughly(octets, peek);
    }
}

/// A header as nearly all are: a version and a domain name. Nothing is put where it is another one.
#[inline(always)]
fn look_briefly<'a>(octets: &'a [u8], peek: &mut Peek<'a>) -> Option<()> {
    let i = lwsp(octets);
    let i = i
        .strip_prefix(b"!/")
        .or_else(|| i.strip_prefix(b"MEGACO/"))?;
    let (i, version) = glued_two_digits(i, "Version").ok()?;
    let (i, ()) = separator(i).ok()?;
    let i = i.strip_prefix(b"<")?;
    let (name, i) = i.split_at(domain_run(i));
    let i = i.strip_prefix(b">")?;
    let (i, port) = match i {
        [b':', digits @ ..] => {
            let (i, port) = glued_uint16(digits, "portNumber").ok()?;
            (i, Some(port))
        }
        _ => (i, None),
    };
    let (body, ()) = separator(i).ok()?;
    let is_name = name.len() <= MOST_OCTETS && name.first()?.is_ascii_alphanumeric();
    let name = name.as_ascii_str().ok().filter(|_| is_name)?;
    peek.version = Some(version);
    let name = Cow::Borrowed(name.as_str());
    peek.mid = Some(MId::Domain { name, port });
    peek.walk.rest = body;
    peek.body = Some(body);
    Some(())
}

#[cold]
fn look_thoroughly<'a>(octets: &'a [u8], peek: &mut Peek<'a>) -> Read<'a, ()> {
    let mut r = Reader::new(octets, &Limits::default());
    r.go_to(lwsp(octets));
    peek.authentication = r.take(authentication)?;
    peek.version = Some(r.take(version)?);
    peek.mid = Some(sender(&mut r)?);
    peek.walk.rest = r.rest();
    peek.body = Some(r.rest());
    Ok(())
}

/// The transaction that comes next; nothing where none can be told.
pub(crate) fn next_transaction(walk: &mut PeekedTransactions<'_>) -> Option<PeekedTransaction> {
    let rest = std::mem::take(&mut walk.rest);
    let i = if walk.within {
        behind_block(rest)?
    } else {
        rest
    };
    let (kind, after) = kind_briefly(i).or_else(|| kind_of_any(i))?;
    let (rest, id) = if kind == TransactionKind::ResponseAck {
        let (_, range) = ack_range(lwsp(after.strip_prefix(b"{")?)).ok()?;
        (after, range.first)
    } else {
        id_before_segment(after).ok()?
    };
    walk.rest = rest;
    walk.within = kind != TransactionKind::SegmentReply;
    Some(PeekedTransaction { kind, id })
}

/// What begins with a keyword of nearly all, as nearly all spell it; and what follows that.
#[inline(always)]
fn kind_briefly(i: &[u8]) -> Option<(TransactionKind, &[u8])> {
    let (kind, rest) = if let Some(rest) = i.strip_prefix(b"Transaction") {
        (TransactionKind::Request, rest)
    } else if let Some(rest) = i.strip_prefix(b"Reply") {
        (TransactionKind::Reply, rest)
    } else if let Some(rest) = i.strip_prefix(b"T") {
        (TransactionKind::Request, rest)
    } else {
        (TransactionKind::Reply, i.strip_prefix(b"P")?)
    };
    ends(rest, 0).then(|| (kind, lwsp(rest)))
}

/// What begins with any keyword of one, and what follows that.
fn kind_of_any(i: &[u8]) -> Option<(TransactionKind, &[u8])> {
    let (after, word) = word(i, "transactionList").ok()?;
    let token = Token::read_first(i, word.len())?;
    let known = KINDS.iter().find(|(keyword, _)| token == *keyword);
    known.map(|&(_, kind)| (kind, after))
}

/// `EQUAL TransactionID`, and what says which segment that is.
#[inline]
fn id_before_segment(i: &[u8]) -> Parsed<'_, TransactionId> {
    let (i, ()) = equal(i)?;
    let (i, id) = glued_uint32(i, "TransactionID")?;
    let (rest, _) = segment(i)?;
    Ok((lwsp(rest), TransactionId(id)))
}

/// What follows the block that `i` begins with; nothing where it does not end.
fn behind_block(i: &[u8]) -> Option<&[u8]> {
    let mut depth = 0_usize;
    let mut at = i;
    // The word before a brace, if a comma or brace stands before it: then it may be a keyword.
    let mut word: Option<&[u8]> = None;
    let mut fresh = false;
    loop {
        let (&octet, rest) = at.split_first()?;
        match octet {
            b'{' => {
                if word.take().is_some_and(holds_octets) {
                    at = lwsp(behind_octets(lwsp(rest))?);
                    continue;
                }
                (depth, fresh) = (depth + 1, true);
            }
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(lwsp(rest));
                }
            }
            b',' => fresh = true,
            b'"' => {
                at = &rest[memchr::memchr(b'"', rest)? + 1..];
                continue;
            }
            _ => {
                at = lwsp(at);
                let length = super::lex::safe_run(at);
                if length > 0 {
                    word = fresh.then_some(&at[..length]);
                    at = lwsp(&at[length..]);
                } else if at.len() > rest.len() {
                    (at, word) = (rest, None);
                }
                fresh = false;
                continue;
            }
        }
        at = lwsp(rest);
    }
}

/// Whether the word is a keyword whose braces hold octets of any kind.
pub(super) fn holds_octets(word: &[u8]) -> bool {
    matches!(Token::read(word), Some(Token::Local | Token::Remote))
}

/// What follows the closing brace, which is the first without a backslash.
pub(super) fn behind_octets(i: &[u8]) -> Option<&[u8]> {
    let closes = |&at: &usize| at == 0 || i[at - 1] != b'\\';
    let end = memchr::memchr_iter(b'}', i).find(closes)?;
    Some(&i[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peek(octets: &[u8]) -> Peek<'_> {
        crate::peek(octets)
    }

    fn ids(text: &str) -> Vec<(TransactionKind, u32)> {
        let seen = peek(text.as_bytes()).transactions();
        seen.map(|seen| (seen.kind, seen.id.0)).collect()
    }

    #[test]
    fn transactions_are_told_apart_whatever_they_hold() {
        use TransactionKind::{Pending, Reply, Request, ResponseAck, SegmentReply};
        let text = "!/3 mg K{3-9,12}T=1{C=1{A=R{M{L{\ns=a{\"\\}\n},R { } }}}} ; T=9{}\n\
                    P=2/1{ER=400{\"}{\"}} T=8{C=1{A=R{M{L ;}\n{ ;}}\nv=0\n}}}}} SM=3/4 PN = 4 { } T=5{garbage < }P=6";
        let expected = [
            (ResponseAck, 3),
            (Request, 1),
            (Reply, 2),
            (Request, 8),
            (SegmentReply, 3),
            (Pending, 4),
            (Request, 5),
            (Reply, 6),
        ];
        assert_eq!(ids(text), expected);
    }

    #[test]
    fn the_body_goes_from_its_first_token_to_the_last_octet() {
        let body = "T=1{C=-{AV=ROOT{AT{}}}} ; of it\nPN=8{}\n";
        let header = "AU=0x0000002A:0x00000007:0x00112233445566778899AABB";
        for before in ["", " ; T=9{}\n", "\r\n\t"] {
            let text = format!("{before}{header}{before} !/1 <mg1.x>{before}\n{body}");
            let seen = peek(text.as_bytes());
            assert_eq!(seen.body, Some(body.as_bytes()), "{text}");
            assert_eq!(seen.authentication.unwrap().sequence_number, 7);
        }
        let error = peek(b"!/1 mg ER=406{} ");
        assert_eq!(error.body, Some(&b"ER=406{} "[..]));
        assert_eq!(error.authentication, None);
    }

    #[test]
    fn a_header_that_breaks_off_has_no_body() {
        let text = "AU=0x0000002A:0x00000007:0x00112233445566778899AABB !/1 mg ";
        assert_eq!(peek(text.as_bytes()).body, Some(&b""[..]));
        for length in 0..text.len() - 1 {
            assert_eq!(peek(&text.as_bytes()[..length]).body, None, "{length}");
        }
        let short = peek(b"AU=0x0000002A:0x00000007:0x0011 !/1 mg PN=8{}");
        assert_eq!((short.authentication, short.body), (None, None));
    }

    #[test]
    fn what_cannot_be_told_ends_the_list() {
        assert_eq!(ids("!/1 mg ER=400{}"), []);
        assert_eq!(ids("!/1 mg T=x{}"), []);
        assert_eq!(ids("!/1 mg T=1{C=1{"), [(TransactionKind::Request, 1)]);
        assert_eq!(ids("!/1"), []);
        assert_eq!(ids("!/1 mg"), []);
    }
}
