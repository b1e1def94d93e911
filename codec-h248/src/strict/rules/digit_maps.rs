//! The body of a digit map (H.248.1 7.1.14, Annex B.2 `digitMap`).

use super::{Concern, table::*};
use crate::{descriptor::DigitMapValue, strict::walk::Walk};

pub(super) struct DigitMaps;

impl Concern for DigitMaps {
    fn digit_map(&self, walk: &mut Walk<'_>, value: &DigitMapValue<'_>) {
        if value.body.contains(['*', '#']) {
            walk.departs(&DIGIT_MAP_LETTER, "* or # in a digit map");
        }
        if let Err(Fault { at, expected }) = check(&value.body) {
            let found = match value.body.get(at..).and_then(|rest| rest.chars().next()) {
                Some(found) => format!("{found:?}"),
                None => "the end".into(),
            };
            let what = format!("{found} after {at} octets, where {expected} is wanted");
            walk.departs(&DIGIT_MAP, what);
        }
    }
}

/// Where a body stops being a digit map, and what is wanted there.
#[derive(Debug, Eq, PartialEq)]
struct Fault {
    at: usize,
    expected: &'static str,
}

/// Whether the body is `digitMap`, but for `*` and `#`, which are taken for letters.
fn check(body: &str) -> Result<(), Fault> {
    let mut reader = Reader {
        octets: body.as_bytes(),
        at: 0,
    };
    reader.spaces();
    if reader.takes(b'(') {
        reader.strings()?;
    } else {
        reader.string()?;
    }
    reader.spaces();
    match reader.next() {
        None => Ok(()),
        Some(_) => reader.wants("the end"),
    }
}

/// Reads a body from its beginning.
struct Reader<'b> {
    octets: &'b [u8],
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<u8> {
        self.octets.get(self.at).copied()
    }

    fn wants(&self, expected: &'static str) -> Result<(), Fault> {
        let at = self.at;
        Err(Fault { at, expected })
    }

    fn takes(&mut self, sign: u8) -> bool {
        let found = self.next() == Some(sign);
        self.at += usize::from(found);
        found
    }

    fn takes_if(&mut self, legal: impl Fn(u8) -> bool) -> bool {
        let found = self.next().is_some_and(legal);
        self.at += usize::from(found);
        found
    }

    fn spaces(&mut self) {
        while self.takes_if(|octet| matches!(octet, b' ' | b'\t' | b'\r' | b'\n')) {}
    }

    /// `digitStringList` behind its parenthesis, and the closing one.
    fn strings(&mut self) -> Result<(), Fault> {
        loop {
            self.spaces();
            self.string()?;
            self.spaces();
            if self.takes(b')') {
                return Ok(());
            }
            if !self.takes(b'|') {
                return self.wants("| or )");
            }
        }
    }

    /// `digitString`
    fn string(&mut self) -> Result<(), Fault> {
        if !self.element()? {
            return self.wants("digitMapLetter, x or [");
        }
        while self.element()? {}
        Ok(())
    }

    /// `digitStringElement`, where one follows.
    fn element(&mut self) -> Result<bool, Fault> {
        let before = self.at;
        if !self.takes_if(|octet| is_letter(octet) || matches!(octet, b'x' | b'X')) {
            self.spaces();
            if !self.takes(b'[') {
                self.at = before;
                return Ok(false);
            }
            self.range()?;
        }
        self.takes(b'.');
        Ok(true)
    }

    /// `digitMapRange` behind its bracket.
    fn range(&mut self) -> Result<(), Fault> {
        self.spaces();
        loop {
            if self.takes_if(|octet| octet.is_ascii_digit()) {
                if self.takes(b'-') && !self.takes_if(|octet| octet.is_ascii_digit()) {
                    return self.wants("a digit");
                }
            } else if !self.takes_if(is_letter) {
                break;
            }
        }
        self.spaces();
        if !self.takes(b']') {
            return self.wants("digitLetter or ]");
        }
        self.spaces();
        Ok(())
    }
}

/// Whether the octet is `digitMapLetter`, or stands for one although it is not.
fn is_letter(octet: u8) -> bool {
    matches!(octet.to_ascii_uppercase(), b'0'..=b'9' | b'A'..=b'L' | b'S' | b'T' | b'Z' | b'*' | b'#')
}

#[cfg(test)]
mod tests {
    use super::{Fault, check};

    #[test]
    fn bodies_of_the_grammar_are_legal() {
        for body in [
            "0",
            "x.",
            "(0|[1-9]xxx|Exx|9011x.)",
            "( 0 |\n [1-7A0-2B]\t.|xS8L.|T1Zx )",
            "[ ]x",
            "1 [2] . [345]\n6",
            "abcdefghijk",
        ] {
            assert_eq!(check(body), Ok(()), "{body}");
        }
    }

    #[test]
    fn what_is_no_digit_map_is_told_where_it_ends() {
        for (body, at, expected) in [
            ("", 0, "digitMapLetter, x or ["),
            ("()", 1, "digitMapLetter, x or ["),
            ("(1|)", 3, "digitMapLetter, x or ["),
            ("(1", 2, "| or )"),
            ("(1 2)", 3, "| or )"),
            ("1|2", 1, "the end"),
            ("(1)2", 3, "the end"),
            ("1 2", 2, "the end"),
            ("x..", 2, "the end"),
            ("[12", 3, "digitLetter or ]"),
            ("[1-A]", 3, "a digit"),
            ("[A-D]", 2, "digitLetter or ]"),
            ("[x]", 1, "digitLetter or ]"),
            ("[1 2]", 3, "digitLetter or ]"),
            (".", 0, "digitMapLetter, x or ["),
            ("1M", 1, "the end"),
        ] {
            assert_eq!(check(body), Err(Fault { at, expected }), "{body}");
        }
    }
}
