//! The error of the text parsers: where, what was expected, and at which level.

use nom::error::{ContextError, ErrorKind, ParseError};

use super::lex::is_safe;
use crate::{ContextId, DecodeError, Expected, Level, TransactionId};

/// What a text parser gives back: the rest, and what it read before it.
pub(super) type Parsed<'a, T> = nom::IResult<&'a [u8], T, TextError<'a>>;

/// Why a parser stopped.
#[derive(Debug, PartialEq)]
pub(super) struct TextError<'a> {
    /// The input from the place that makes no sense to its end.
    at: &'a [u8],
    expected: Option<Expected>,
    level: Option<Level>,
    transaction: Option<TransactionId>,
    context: Option<ContextId>,
    answerable: bool,
}

impl<'a> ParseError<&'a [u8]> for TextError<'a> {
    fn from_error_kind(at: &'a [u8], _: ErrorKind) -> Self {
        Self {
            at,
            expected: None,
            level: None,
            transaction: None,
            context: None,
            answerable: true,
        }
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

impl<'a> ContextError<&'a [u8]> for TextError<'a> {
    /// Names the rule; the innermost name stays.
    fn add_context(_: &'a [u8], rule: &'static str, mut error: Self) -> Self {
        error.expected.get_or_insert(Expected::Rule(rule));
        error
    }
}

impl TextError<'_> {
    /// Turns the error into an offset of `octets`, of which it is about a part.
    pub(super) fn locate(self, octets: &[u8]) -> DecodeError {
        let start = octets.len().saturating_sub(self.at.len());
        let word = self.at.iter().take_while(|&&octet| is_safe(octet)).count();
        DecodeError {
            expected: self.expected.unwrap_or(Expected::Rule("megacoMessage")),
            span: start..octets.len().min(start + word.max(1)),
            level: self.level.unwrap_or(Level::Message),
            transaction: self.transaction,
            context: self.context,
            path: Vec::new(),
            answerable: self.answerable,
        }
    }
}

/// An error at `at` that wants `expected`.
pub(super) fn wrong(at: &[u8], expected: Expected) -> nom::Err<TextError<'_>> {
    nom::Err::Error(TextError {
        at,
        expected: Some(expected),
        level: None,
        transaction: None,
        context: None,
        answerable: true,
    })
}

/// Fails at `at`, where the grammar wants `rule`.
pub(super) fn fail<'a, T>(at: &'a [u8], rule: &'static str) -> Parsed<'a, T> {
    Err(wrong(at, Expected::Rule(rule)))
}

/// Says which level a result belongs to; the innermost level stays.
pub(super) fn level<T>(level: Level, parsed: Parsed<'_, T>) -> Parsed<'_, T> {
    parsed.map_err(|error| {
        error.map(|mut error| {
            error.level.get_or_insert(level);
            error
        })
    })
}

/// Says which transaction a result belongs to.
pub(super) fn of_transaction<T>(id: TransactionId, parsed: Parsed<'_, T>) -> Parsed<'_, T> {
    parsed.map_err(|error| {
        error.map(|mut error| {
            error.transaction = Some(id);
            error
        })
    })
}

/// Says which Context's action a result belongs to.
pub(super) fn of_context<T>(context: ContextId, parsed: Parsed<'_, T>) -> Parsed<'_, T> {
    parsed.map_err(|error| {
        error.map(|mut error| {
            error.context = Some(context);
            error
        })
    })
}

/// Says that an error of this result is not to be answered.
pub(super) fn unanswered<T>(parsed: Parsed<'_, T>) -> Parsed<'_, T> {
    parsed.map_err(|error| {
        error.map(|mut error| {
            error.answerable = false;
            error
        })
    })
}

/// Makes what was read a part of something larger.
pub(super) fn wrap<'a, T, U>(parsed: Parsed<'a, T>, of: impl FnOnce(T) -> U) -> Parsed<'a, U> {
    parsed.map(|(rest, value)| (rest, of(value)))
}
