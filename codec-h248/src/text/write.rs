//! The writer: the same calls write the pretty and the compact form.

use std::fmt;

use super::{
    EmptySignals, KeywordCase, Style, TextProfile,
    form::Form,
    gather::Gathered,
    lex::is_safe,
    token::{COMPACT_EQUAL, PRETTY_EQUAL, Spelled, Token},
};
use crate::{
    ContextId, Name, TransactionId,
    descriptor::{ErrorCode, RequestId},
};

/// Spaces of one level of indentation.
const INDENT: usize = 4;
/// Levels of indentation that are written at once.
const LEVELS: usize = 7;
/// A line end and so many levels.
const LINE: [u8; 1 + INDENT * LEVELS] = {
    let mut line = [b' '; 1 + INDENT * LEVELS];
    line[0] = b'\n';
    line
};

/// What stands before the next item of the innermost block.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Lead {
    /// The brace that opens the block: no item has been written.
    Brace = b'{',
    /// The comma between items.
    Comma = b',',
}

/// Writes one message.
pub(super) struct Writer<'o, F> {
    out: Gathered<'o>,
    form: F,
    empty_signals: EmptySignals,
    version: u8,
    depth: usize,
    lead: Lead,
}

impl<'o, F: Form> Writer<'o, F> {
    #[inline]
    pub(super) fn new(form: F, version: u8, profile: &TextProfile, out: &'o mut Vec<u8>) -> Self {
        Self {
            out: Gathered::new(out),
            form,
            empty_signals: profile.empty_signals,
            version: profile.version.unwrap_or(version),
            depth: 0,
            lead: Lead::Comma,
        }
    }

    /// What follows stands within so many blocks.
    pub(super) fn within(&mut self, blocks: usize) {
        self.depth = blocks;
    }

    /// Appends what was written last.
    #[inline]
    pub(super) fn finish(&mut self) {
        self.out.finish();
    }

    /// The version whose grammar is written.
    pub(super) fn version(&self) -> u8 {
        self.version
    }

    /// Whether the bare keyword stops all signals.
    pub(super) fn stops_signals_bare(&self) -> bool {
        match self.empty_signals {
            EmptySignals::OfVersion => self.version >= 3,
            EmptySignals::Braces => false,
            EmptySignals::Bare => true,
        }
    }

    /// Writes the one or the other, by style: eight octets at most.
    #[inline]
    pub(super) fn either(&mut self, pretty: &'static str, compact: &'static str) {
        let text = match self.form.style() {
            Style::Pretty => pretty,
            Style::Compact => compact,
        };
        let mut chunk = [0; 8];
        chunk[..text.len()].copy_from_slice(text.as_bytes());
        self.out.chunk(chunk, text.len());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.octets(text.as_bytes());
    }

    pub(super) fn octets(&mut self, octets: &[u8]) {
        self.out.octets(octets);
    }

    /// One octet of punctuation.
    #[inline]
    pub(super) fn sign(&mut self, octet: u8) {
        self.out.chunk([octet], 1);
    }

    #[inline]
    pub(super) fn token(&mut self, token: Token) {
        if self.form.short() {
            self.spelled(token.short(), 0);
        } else {
            self.spelled(token.long(), 0);
        }
    }

    /// The long spelling in every style.
    pub(super) fn long(&mut self, token: Token) {
        self.spelled(token.long(), 0);
    }

    /// A spelling, and so many octets of the room behind it.
    #[inline]
    fn spelled<const ROOM: usize>(&mut self, spelled: &Spelled<ROOM>, more: usize) {
        let mut octets = spelled.octets;
        match self.form.case() {
            KeywordCase::AsPrinted => {}
            KeywordCase::Upper => octets.make_ascii_uppercase(),
            KeywordCase::Lower => octets.make_ascii_lowercase(),
        }
        self.out.chunk(octets, spelled.length + more);
    }

    /// What stands between transactions.
    pub(super) fn end_of_transaction(&mut self) {
        self.either("\n", "");
    }

    /// The keyword of a value, by the table that the reader uses.
    pub(super) fn choice<T: Copy + PartialEq>(&mut self, values: &[(Token, T)], value: T) {
        self.named(values, &value);
    }

    /// The keyword of a value, if the table has it.
    pub(super) fn named<T: PartialEq>(&mut self, values: &[(Token, T)], value: &T) -> bool {
        let known = values.iter().find(|(_, candidate)| candidate == value);
        if let Some((token, _)) = known {
            self.token(*token);
        }
        known.is_some()
    }

    /// What is rare enough to be formatted.
    pub(super) fn display(&mut self, value: impl fmt::Display) {
        self.out.display(value);
    }

    /// Two hexadecimal digits for each octet.
    pub(super) fn hex(&mut self, octets: &[u8]) {
        self.out.hex(octets);
    }

    #[inline]
    pub(super) fn number(&mut self, number: impl Into<u32>) {
        self.out.number(number.into());
    }

    /// A number in eight digits.
    pub(super) fn eight_digits(&mut self, number: u32) {
        self.out.eight_digits(number);
    }

    #[inline]
    pub(super) fn equal(&mut self) {
        self.either(PRETTY_EQUAL, COMPACT_EQUAL);
    }

    /// A keyword and `=`.
    #[inline]
    pub(super) fn key(&mut self, token: Token) {
        match (self.form.short(), self.form.style()) {
            (true, Style::Compact) => self.spelled(token.short(), COMPACT_EQUAL.len()),
            (false, Style::Pretty) => self.spelled(token.long(), PRETTY_EQUAL.len()),
            (true, Style::Pretty) | (false, Style::Compact) => {
                self.token(token);
                self.equal();
            }
        }
    }

    /// A keyword, `=` and a value.
    #[inline]
    pub(super) fn pair(&mut self, token: Token, value: impl Put) {
        self.key(token);
        value.put(self);
    }

    /// A comma within a line.
    pub(super) fn comma(&mut self) {
        self.either(", ", ",");
    }

    /// Text in double quotes.
    pub(super) fn quoted(&mut self, text: &str) {
        self.sign(b'"');
        self.text(text);
        self.sign(b'"');
    }

    /// Opens a block. Each of its items begins with [`Self::item`], which writes the brace.
    #[inline]
    pub(super) fn open(&mut self) {
        self.lead = Lead::Brace;
        self.deeper();
    }

    /// Begins an item of the open block.
    #[inline]
    pub(super) fn item(&mut self) {
        self.lead();
        self.lead = Lead::Comma;
        self.line();
    }

    /// Closes the block.
    #[inline]
    pub(super) fn close(&mut self) {
        if self.lead == Lead::Brace {
            self.lead();
            self.lead = Lead::Comma;
        }
        self.shallower();
        self.line();
        self.sign(b'}');
    }

    /// Closes a block that is not written at all where it got no item.
    #[inline]
    pub(super) fn close_if_any(&mut self) {
        if self.lead == Lead::Brace {
            self.lead = Lead::Comma;
            self.shallower();
        } else {
            self.close();
        }
    }

    /// A block of these items.
    pub(super) fn block<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.open();
        for item in items {
            self.item();
            write(self, item);
        }
        self.close();
    }

    /// A block of these items, or nothing where there are none.
    pub(super) fn block_if_any<T>(&mut self, items: &[T], write: impl FnMut(&mut Self, &T)) {
        if !items.is_empty() {
            self.block(items, write);
        }
    }

    /// Items with commas between them, on one line.
    pub(super) fn run<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.comma();
            }
            write(self, item);
        }
    }

    /// `{ a, b }` on one line.
    pub(super) fn braces<T>(&mut self, items: &[T], write: impl FnMut(&mut Self, &T)) {
        self.either("{ ", "{");
        self.run(items, write);
        self.either(" }", "}");
    }

    /// Keeps what follows apart from a word that was written last.
    pub(super) fn apart(&mut self) {
        if self.out.last().is_some_and(is_safe) {
            self.sign(b'\n');
        }
    }

    /// Only a style with lines asks for the depth.
    #[inline]
    fn deeper(&mut self) {
        if self.form.style() == Style::Pretty {
            self.depth += 1;
        }
    }

    #[inline]
    fn shallower(&mut self) {
        if self.form.style() == Style::Pretty {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    #[inline]
    fn lead(&mut self) {
        match (self.form.style(), self.lead) {
            (Style::Pretty, Lead::Brace) => self.out.chunk(*b" {", 2),
            (_, lead) => self.sign(lead as u8),
        }
    }

    /// A new line where the style has lines.
    #[inline]
    fn line(&mut self) {
        match self.form.style() {
            Style::Pretty => {
                self.out.chunk(LINE, 1 + INDENT * self.depth.min(LEVELS));
                for _ in LEVELS..self.depth {
                    self.out.chunk([b' '; INDENT], INDENT);
                }
            }
            Style::Compact => {}
        }
    }
}

/// What has one short spelling.
pub(super) trait Put {
    fn put(&self, w: &mut Writer<'_, impl Form>);
}

impl<T: Put> Put for &T {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        (*self).put(w);
    }
}

impl Put for u8 {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.number(*self);
    }
}

impl Put for u16 {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.number(*self);
    }
}

impl Put for u32 {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.number(*self);
    }
}

impl Put for TransactionId {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.number(self.0);
    }
}

impl Put for ErrorCode {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.number(self.0);
    }
}

impl Put for RequestId {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        match self {
            Self::All => w.sign(b'*'),
            Self::Id(id) => w.number(*id),
        }
    }
}

impl Put for ContextId {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        match self {
            Self::Null => w.sign(b'-'),
            Self::Choose => w.sign(b'$'),
            Self::All => w.sign(b'*'),
            Self::Id(id) => w.number(*id),
        }
    }
}

impl Put for Name<'_> {
    fn put(&self, w: &mut Writer<'_, impl Form>) {
        w.text(self.as_str());
    }
}
