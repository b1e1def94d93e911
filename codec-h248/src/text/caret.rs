//! An error under the octets that it is about.

use std::fmt;

use super::lex::is_safe;
use crate::{DecodeError, shown::acts_on_screens};

/// Octets of a line that are shown before and behind the place.
const WINDOW: usize = 60;

/// Shows an error in text: what was expected, what was found and where, the line, and a caret
/// under the octets that make no sense.
///
/// ```
/// use codec_h248::{Caret, Limits, decode};
///
/// let octets = b"!/1 mg1 T=7{C=4{MF=rtp/1{Foo}}}";
/// let error = decode(octets, &Limits::default()).unwrap_err();
/// let shown = Caret::new(&error, octets).to_string();
/// assert_eq!(
///     shown,
///     "line 1, octet 25: expected ammParameter, found Foo (Descriptor, transaction 7, Context 4)\n\
///      \x20   !/1 mg1 T=7{C=4{MF=rtp/1{Foo}}}\n\
///      \x20                            ^^^"
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Caret<'e> {
    error: &'e DecodeError,
    octets: &'e [u8],
}

impl<'e> Caret<'e> {
    /// The error of reading these octets.
    pub fn new(error: &'e DecodeError, octets: &'e [u8]) -> Self {
        Self { error, octets }
    }

    /// Where the error begins, within the octets.
    fn start(&self) -> usize {
        self.error.span.start.min(self.octets.len())
    }

    fn end(&self) -> usize {
        self.error.span.end.clamp(self.start(), self.octets.len())
    }

    /// The number of the line and the octets of it that are shown.
    fn line(&self) -> (usize, std::ops::Range<usize>) {
        let (before, behind) = self.octets.split_at(self.start());
        let number = 1 + before.iter().filter(|&&octet| octet == b'\n').count();
        let ends = |octet: &u8| matches!(octet, b'\r' | b'\n');
        let first = before.iter().rposition(ends).map_or(0, |at| at + 1);
        let length = behind.iter().position(ends).unwrap_or(behind.len());
        let from = first.max(self.start().saturating_sub(WINDOW));
        let to = (self.start() + length).min(self.start() + WINDOW);
        (number, from..to)
    }

    fn write_found(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.octets.get(self.start()) {
            None => f.write_str("found the end"),
            Some(&octet) if is_safe(octet) => {
                let word = &self.octets[self.start()..self.end()];
                let shown = &word[..word.len().min(WINDOW)];
                write!(f, "found {}", String::from_utf8_lossy(shown))
            }
            Some(octet) => write!(f, "found '{}'", octet.escape_ascii()),
        }
    }

    fn write_head(&self, f: &mut fmt::Formatter<'_>, line: usize) -> fmt::Result {
        let error = self.error;
        write!(
            f,
            "line {line}, octet {}: {}, ",
            self.start(),
            error.expected
        )?;
        self.write_found(f)?;
        write!(f, " ({:?}", error.level)?;
        if let Some(id) = error.transaction {
            write!(f, ", transaction {id}")?;
        }
        if let Some(context) = error.context {
            write!(f, ", Context {context}")?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Caret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, shown) = self.line();
        self.write_head(f, number)?;
        f.write_str("\n    ")?;
        let text = String::from_utf8_lossy(&self.octets[shown.clone()]);
        let plain = |c: char| if acts_on_screens(c) { ' ' } else { c };
        text.chars().try_for_each(|c| write!(f, "{}", plain(c)))?;
        let before = String::from_utf8_lossy(&self.octets[shown.start..self.start()]);
        let width = self.end().min(shown.end).saturating_sub(self.start());
        let (lead, carets) = (before.chars().count(), width.max(1));
        write!(f, "\n    {:lead$}{:^<carets$}", "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, decode};

    fn shown(text: &str) -> String {
        let error = decode(text.as_bytes(), &Limits::default()).expect_err(text);
        Caret::new(&error, text.as_bytes()).to_string()
    }

    #[test]
    fn the_line_of_the_error_is_shown_and_no_other() {
        let found = shown("MEGACO/1 mg\nTransaction = 1 {\n  Context = x {\n");
        assert_eq!(
            found,
            "line 3, octet 42: expected ContextID, found x (Action, transaction 1)\n    \
             \x20 Context = x {\n                ^"
        );
    }

    #[test]
    fn the_end_and_what_cannot_be_printed_have_a_place_too() {
        assert!(shown("!/1 mg T=1{").contains("found the end"));
        assert!(shown("!/1 mg T=1{\u{1}}").contains("found '\\x01'"));
        assert!(shown("\u{7}").ends_with('^'));
        assert!(!shown("!/1 mg T=1{} ;\u{202e}\n{").contains('\u{202e}'));
    }

    #[test]
    fn of_a_long_line_only_what_is_near_is_shown() {
        let long = format!("!/1 mg T=1{{C=1{{{}Q=a}}}}", "S=a,".repeat(1_000));
        assert!(shown(&long).lines().all(|line| line.len() < 150));
    }
}
