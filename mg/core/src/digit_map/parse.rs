//! The body of a digit map (H.248.1 7.1.14.3, Annex B.2 `digitMap`).

use thiserror::Error;

use super::symbol::{Symbol, Symbols};

/// One string of a map.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Alternative {
    /// What it takes, one after the other.
    pub(super) positions: Vec<Position>,
    /// The timer that it names behind the last of them.
    pub(super) last_timer: Option<Named>,
}

/// One place of a string.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Position {
    /// What it takes.
    pub(super) symbols: Symbols,
    /// Whether the press must be a long one (`Z`).
    pub(super) long: bool,
    /// Whether it takes none or many (`.`).
    pub(super) repeats: bool,
    /// The timer that the string names for the wait before it.
    pub(super) timer: Option<Named>,
}

/// A timer that a string names.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Named {
    Start,
    Short,
    Long,
}

/// Where a body stops being a digit map, and what is wanted there.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Error)]
#[error("{expected} is wanted after {at} octets of the digit map")]
pub(crate) struct Fault {
    at: usize,
    expected: &'static str,
}

/// Reads a body: one string, or several in parentheses.
pub(super) fn body(text: &str) -> Result<Vec<Alternative>, Fault> {
    let mut reader = Reader {
        octets: text.as_bytes(),
        at: 0,
    };
    reader.spaces();
    let alternatives = if reader.takes(b'(') {
        reader.strings()?
    } else {
        vec![reader.string()?]
    };
    reader.spaces();
    match reader.next() {
        None => Ok(alternatives),
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

    fn wants<T>(&self, expected: &'static str) -> Result<T, Fault> {
        let at = self.at;
        Err(Fault { at, expected })
    }

    fn takes(&mut self, sign: u8) -> bool {
        let found = self
            .next()
            .is_some_and(|next| next.eq_ignore_ascii_case(&sign));
        self.at += usize::from(found);
        found
    }

    fn spaces(&mut self) {
        while matches!(self.next(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// `digitStringList` behind its parenthesis, and the closing one.
    fn strings(&mut self) -> Result<Vec<Alternative>, Fault> {
        let mut strings = Vec::new();
        loop {
            self.spaces();
            strings.push(self.string()?);
            self.spaces();
            if self.takes(b')') {
                return Ok(strings);
            }
            if !self.takes(b'|') {
                return self.wants("| or )");
            }
        }
    }

    /// `digitString`
    fn string(&mut self) -> Result<Alternative, Fault> {
        let mut string = Alternative::default();
        loop {
            if let Some(timer) = self.timer() {
                string.last_timer = Some(timer);
                continue;
            }
            let long = self.takes(b'Z');
            let Some(symbols) = self.symbols()? else {
                if long || string.positions.is_empty() {
                    return self.wants("a symbol, x or [");
                }
                return Ok(string);
            };
            string.positions.push(Position {
                symbols,
                long,
                repeats: self.takes(b'.'),
                timer: string.last_timer,
            });
        }
    }

    /// A timer that is named for what follows.
    fn timer(&mut self) -> Option<Named> {
        let named = match self.next()?.to_ascii_uppercase() {
            b'T' => Named::Start,
            b'S' => Named::Short,
            b'L' => Named::Long,
            _ => return None,
        };
        self.at += 1;
        Some(named)
    }

    /// `digitStringElement` without its period, where one follows.
    fn symbols(&mut self) -> Result<Option<Symbols>, Fault> {
        if self.takes(b'x') {
            return Ok(Some(Symbols::DIGITS));
        }
        if let Some(symbol) = self.symbol() {
            return Ok(Some(Symbols::of(symbol)));
        }
        let before = self.at;
        self.spaces();
        if self.takes(b'[') {
            return self.range().map(Some);
        }
        self.at = before;
        Ok(None)
    }

    fn symbol(&mut self) -> Option<Symbol> {
        let symbol = self.next().and_then(Symbol::new)?;
        self.at += 1;
        Some(symbol)
    }

    /// `digitMapRange` behind its bracket.
    fn range(&mut self) -> Result<Symbols, Fault> {
        let mut all = Symbols::default();
        self.spaces();
        while let Some(first) = self.symbol() {
            let mut some = Symbols::of(first);
            if self.takes(b'-') {
                let last = self.next().and_then(Symbol::new);
                let Some(range) = last.and_then(|last| Symbols::range(first, last)) else {
                    return self.wants("a symbol that is not before the first one");
                };
                self.at += 1;
                some = range;
            }
            all = all.with(some);
        }
        self.spaces();
        if !self.takes(b']') {
            return self.wants("a symbol or ]");
        }
        self.spaces();
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, body};

    #[test]
    fn bodies_of_the_grammar_are_read() {
        for (text, strings) in [
            ("0", 1),
            ("x.", 1),
            ("(0|[1-9]xxx|Exx|9011x.)", 4),
            ("( 0 |\n [1-7A0-2B]\t.|xS8.|T1Zx )", 4),
            ("[ ]x", 1),
            ("1 [2] . [345]\n6", 1),
            ("abcdefghijk", 1),
            ("(*xx|#1)", 2),
            ("12S", 1),
            // The grammar has ranges of digits alone; peers write others.
            ("[2-4E-F].", 1),
        ] {
            let read = body(text);
            assert_eq!(read.map(|read| read.len()), Ok(strings), "{text}");
        }
    }

    #[test]
    fn what_is_no_digit_map_is_told_where_it_ends() {
        let symbol = "a symbol, x or [";
        for (text, at, expected) in [
            ("", 0, symbol),
            ("()", 1, symbol),
            ("(1|)", 3, symbol),
            ("1Z", 2, symbol),
            // A timer is not repeated.
            ("1L.", 2, "the end"),
            ("ZZ1", 1, symbol),
            ("S", 1, symbol),
            (".", 0, symbol),
            ("(1", 2, "| or )"),
            ("(1 2)", 3, "| or )"),
            ("1|2", 1, "the end"),
            ("(1)2", 3, "the end"),
            ("x..", 2, "the end"),
            ("1M", 1, "the end"),
            ("[12", 3, "a symbol or ]"),
            ("[x]", 1, "a symbol or ]"),
            ("[1 2]", 3, "a symbol or ]"),
            ("[1-x]", 3, "a symbol that is not before the first one"),
            ("[7-1]", 3, "a symbol that is not before the first one"),
        ] {
            assert_eq!(body(text), Err(Fault { at, expected }), "{text}");
        }
    }
}
