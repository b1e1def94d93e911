//! The writer: the same calls write the pretty and the compact form.

use std::{fmt, io::Write};

use super::{
    EmptySignals, KeywordCase, KeywordForm, Style, TextProfile,
    lex::is_safe,
    token::{Spelled, Token},
};
use crate::{
    ContextId, Name, TransactionId,
    descriptor::{ErrorCode, RequestId},
};

/// Spaces of one level of indentation.
const INDENT: &[u8] = b"    ";

/// How keywords are spelled.
#[derive(Clone, Copy)]
struct Keywords {
    short: bool,
    case: KeywordCase,
}

impl Keywords {
    fn of(profile: &TextProfile) -> Self {
        let short = match profile.keywords {
            KeywordForm::OfStyle => profile.style == Style::Compact,
            KeywordForm::Long => false,
            KeywordForm::Short => true,
        };
        Self {
            short,
            case: profile.case,
        }
    }
}

/// Writes one message.
pub(super) struct Writer<'o> {
    out: &'o mut Vec<u8>,
    style: Style,
    keywords: Keywords,
    empty_signals: EmptySignals,
    version: u8,
    depth: usize,
    /// Whether the innermost open block has no item yet.
    fresh: bool,
    /// Whether a block is to be opened by its first item.
    unopened: bool,
}

impl<'o> Writer<'o> {
    pub(super) fn new(version: u8, profile: &TextProfile, out: &'o mut Vec<u8>) -> Self {
        Self {
            out,
            style: profile.style,
            keywords: Keywords::of(profile),
            empty_signals: profile.empty_signals,
            version: profile.version.unwrap_or(version),
            depth: 0,
            fresh: true,
            unopened: false,
        }
    }

    /// A writer of what stands within a transaction.
    pub(super) fn within(version: u8, profile: &TextProfile, out: &'o mut Vec<u8>) -> Self {
        Self {
            depth: 1,
            ..Self::new(version, profile, out)
        }
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

    /// Writes the one or the other, by style.
    pub(super) fn either(&mut self, pretty: &str, compact: &str) {
        match self.style {
            Style::Pretty => self.text(pretty),
            Style::Compact => self.text(compact),
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.octets(text.as_bytes());
    }

    pub(super) fn octets(&mut self, octets: &[u8]) {
        self.out.extend_from_slice(octets);
    }

    /// One octet of punctuation.
    pub(super) fn sign(&mut self, octet: u8) {
        self.out.push(octet);
    }

    pub(super) fn token(&mut self, token: Token) {
        if self.keywords.short {
            self.spelled(token.short());
        } else {
            self.spelled(token.long());
        }
    }

    /// The long spelling in every style.
    pub(super) fn long(&mut self, token: Token) {
        self.spelled(token.long());
    }

    #[inline]
    fn spelled<const ROOM: usize>(&mut self, spelled: &Spelled<ROOM>) {
        let start = self.out.len();
        self.out.extend_from_slice(&spelled.octets);
        self.out.truncate(start + spelled.length);
        match self.keywords.case {
            KeywordCase::AsPrinted => {}
            KeywordCase::Upper => self.out[start..].make_ascii_uppercase(),
            KeywordCase::Lower => self.out[start..].make_ascii_lowercase(),
        }
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
        write!(self.out, "{value}").expect("a Vec takes every octet");
    }

    pub(super) fn number(&mut self, number: impl Into<u32>) {
        let mut digits = itoa::Buffer::new();
        self.text(digits.format(number.into()));
    }

    /// A number in eight digits.
    pub(super) fn eight_digits(&mut self, number: u32) {
        let mut digits = [b'0'; 8];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        self.octets(&digits);
    }

    pub(super) fn equal(&mut self) {
        match self.style {
            Style::Pretty => self.text(" = "),
            Style::Compact => self.sign(b'='),
        }
    }

    /// A keyword and `=`.
    pub(super) fn key(&mut self, token: Token) {
        self.token(token);
        self.equal();
    }

    /// A keyword, `=` and a value.
    pub(super) fn pair(&mut self, token: Token, value: impl Put) {
        self.key(token);
        value.put(self);
    }

    /// A comma within a line.
    pub(super) fn comma(&mut self) {
        match self.style {
            Style::Pretty => self.text(", "),
            Style::Compact => self.sign(b','),
        }
    }

    /// Text in double quotes.
    pub(super) fn quoted(&mut self, text: &str) {
        self.sign(b'"');
        self.text(text);
        self.sign(b'"');
    }

    /// Opens a block. Each of its items begins with [`Self::item`].
    pub(super) fn open(&mut self) {
        match self.style {
            Style::Pretty => self.text(" {"),
            Style::Compact => self.sign(b'{'),
        }
        self.depth += 1;
        self.fresh = true;
    }

    /// Opens a block that is not written at all where it gets no item.
    pub(super) fn open_if_any(&mut self) {
        self.unopened = true;
    }

    /// Begins an item of the open block.
    pub(super) fn item(&mut self) {
        if self.unopened {
            self.unopened = false;
            self.open();
        }
        if !self.fresh {
            self.sign(b',');
        }
        self.fresh = false;
        self.line();
    }

    /// Closes the block.
    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.fresh = false;
        self.line();
        self.sign(b'}');
    }

    /// Closes the block of [`Self::open_if_any`].
    pub(super) fn close_if_any(&mut self) {
        if self.unopened {
            self.unopened = false;
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
        if self.out.last().is_some_and(|&octet| is_safe(octet)) {
            self.text("\n");
        }
    }

    /// A new line where the style has lines.
    fn line(&mut self) {
        match self.style {
            Style::Pretty => {
                self.text("\n");
                for _ in 0..self.depth {
                    self.out.extend_from_slice(INDENT);
                }
            }
            Style::Compact => {}
        }
    }
}

/// What has one short spelling.
pub(super) trait Put {
    fn put(&self, w: &mut Writer<'_>);
}

impl<T: Put> Put for &T {
    fn put(&self, w: &mut Writer<'_>) {
        (*self).put(w);
    }
}

impl Put for u8 {
    fn put(&self, w: &mut Writer<'_>) {
        w.number(*self);
    }
}

impl Put for u16 {
    fn put(&self, w: &mut Writer<'_>) {
        w.number(*self);
    }
}

impl Put for u32 {
    fn put(&self, w: &mut Writer<'_>) {
        w.number(*self);
    }
}

impl Put for TransactionId {
    fn put(&self, w: &mut Writer<'_>) {
        w.number(self.0);
    }
}

impl Put for ErrorCode {
    fn put(&self, w: &mut Writer<'_>) {
        w.number(self.0);
    }
}

impl Put for RequestId {
    fn put(&self, w: &mut Writer<'_>) {
        match self {
            Self::All => w.sign(b'*'),
            Self::Id(id) => w.number(*id),
        }
    }
}

impl Put for ContextId {
    fn put(&self, w: &mut Writer<'_>) {
        match self {
            Self::Null => w.sign(b'-'),
            Self::Choose => w.sign(b'$'),
            Self::All => w.sign(b'*'),
            Self::Id(id) => w.number(*id),
        }
    }
}

impl Put for Name<'_> {
    fn put(&self, w: &mut Writer<'_>) {
        w.text(self.as_str());
    }
}
