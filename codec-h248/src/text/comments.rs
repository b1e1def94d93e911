//! Comments that are read although the grammar does not have them as they are (H.248.1 Annex B.2
//! `COMMENT`).
//!
//! White space is skipped everywhere and comments with it, so that nothing is left of them. Where
//! somebody wants to know, they are looked for in the message once that is read.

use super::{
    lex::safe_run,
    peek::{behind_octets, holds_octets},
    reader::Reader,
};

/// Notes the comments of a message that decodes.
#[cold]
pub(super) fn note(r: &mut Reader<'_>) {
    let mut at = r.octets();
    // The word before a brace, if a comma or brace stands before it: then it may be a keyword.
    let mut word: Option<&[u8]> = None;
    let mut fresh = false;
    loop {
        at = behind_lwsp(r, at);
        let Some((&octet, rest)) = at.split_first() else {
            return;
        };
        let length = safe_run(at);
        if length > 0 {
            word = fresh.then_some(&at[..length]);
            fresh = false;
            at = &at[length..];
            continue;
        }
        let keyword = word.take();
        fresh = matches!(octet, b'{' | b',');
        at = match octet {
            b'"' => behind_quote(rest),
            b'{' if keyword.is_some_and(holds_octets) => {
                fresh = false;
                let inside = behind_lwsp(r, rest);
                behind_octets(inside).unwrap_or_default()
            }
            _ => rest,
        };
    }
}

/// What follows the quote that ends a string.
fn behind_quote(i: &[u8]) -> &[u8] {
    memchr::memchr(b'"', i).map_or(&[], |end| &i[end + 1..])
}

/// What follows `LWSP`, whose comments are looked at.
fn behind_lwsp<'a>(r: &mut Reader<'a>, mut i: &'a [u8]) -> &'a [u8] {
    while let Some((&octet, rest)) = i.split_first() {
        i = match octet {
            b';' => comment(r, i),
            b'\t' | b'\n' | b'\r' | b' ' => rest,
            _ => break,
        };
    }
    i
}

/// Notes what is wrong with the comment that comes first, and goes behind it. Octets 0 that end the
/// message are not of the comment.
fn comment<'a>(r: &mut Reader<'a>, i: &'a [u8]) -> &'a [u8] {
    let end = memchr::memchr2(b'\r', b'\n', i);
    if end.is_none() {
        r.takes(i, "COMMENT", "no line end behind the comment");
    }
    let (text, rest) = i.split_at(end.unwrap_or(i.len()));
    let wrong = text.iter().position(|&octet| !is_of_comment(octet));
    if let Some(at) = wrong
        && i[at..].iter().any(|&octet| octet != 0)
    {
        let what = "an octet in a comment that is none of SafeChar, RestChar, WSP and the quote";
        r.takes(&i[at..], "COMMENT", what);
    }
    rest
}

/// Whether a comment may hold the octet: `SafeChar`, `RestChar`, space and the quote are together
/// what is printed of ASCII.
const fn is_of_comment(octet: u8) -> bool {
    matches!(octet, b'\t' | b' '..=b'~')
}
