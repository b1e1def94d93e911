//! The error of the text parsers: where, what was expected, and at which level.

use nom::error::{ContextError, ErrorKind, ParseError};

use super::lex::is_safe;
use crate::{ContextId, DecodeError, Expected, Level, TransactionId};

/// What the parser of a word gives back: the rest, and what it read before it.
pub(super) type Parsed<'a, T> = nom::IResult<&'a [u8], T, TextError<'a>>;
/// What the reader of a noun gives back; the rest is the reader's.
pub(super) type Read<'a, T> = Result<T, TextError<'a>>;

/// Why a parser stopped. It stands apart, so that what parsers hand up stays small.
#[derive(Debug, PartialEq)]
pub(super) struct TextError<'a>(Box<Reason<'a>>);

#[derive(Debug, PartialEq)]
struct Reason<'a> {
    /// The input from the place that makes no sense to its end.
    at: &'a [u8],
    expected: Option<Expected>,
    level: Option<Level>,
    transaction: Option<TransactionId>,
    context: Option<ContextId>,
    answerable: bool,
}

impl<'a> ParseError<&'a [u8]> for TextError<'a> {
    #[cold]
    fn from_error_kind(at: &'a [u8], _: ErrorKind) -> Self {
        Self::new(at, None)
    }

    fn append(_: &'a [u8], _: ErrorKind, other: Self) -> Self {
        other
    }
}

impl<'a> ContextError<&'a [u8]> for TextError<'a> {
    /// Names the rule; the innermost name stays.
    fn add_context(_: &'a [u8], rule: &'static str, mut error: Self) -> Self {
        error.0.expected.get_or_insert(Expected::Rule(rule));
        error
    }
}

impl<'a> TextError<'a> {
    #[cold]
    fn new(at: &'a [u8], expected: Option<Expected>) -> Self {
        Self(Box::new(Reason {
            at,
            expected,
            level: None,
            transaction: None,
            context: None,
            answerable: true,
        }))
    }

    /// This error, or the other one where that stands behind it.
    pub(super) fn or_further(self, other: Self) -> Self {
        if other.0.at.len() < self.0.at.len() {
            other
        } else {
            self
        }
    }

    /// Turns the error into an offset of `octets`, of which it is about a part.
    pub(super) fn locate(self, octets: &[u8]) -> DecodeError {
        let reason = self.0;
        let start = octets.len().saturating_sub(reason.at.len());
        let word = reason
            .at
            .iter()
            .take_while(|&&octet| is_safe(octet))
            .count();
        DecodeError {
            expected: reason.expected.unwrap_or(Expected::Rule("megacoMessage")),
            span: start..octets.len().min(start + word.max(1)),
            level: reason.level.unwrap_or(Level::Message),
            transaction: reason.transaction,
            context: reason.context,
            path: Vec::new(),
            answerable: reason.answerable,
        }
    }
}

/// The error of a parser, which is never asked to wait for more.
#[cold]
pub(super) fn plain(error: nom::Err<TextError<'_>>) -> TextError<'_> {
    match error {
        nom::Err::Error(error) | nom::Err::Failure(error) => error,
        nom::Err::Incomplete(_) => unreachable!("every parser is complete"),
    }
}

/// An error at `at` that wants `expected`.
#[cold]
pub(super) fn wrong(at: &[u8], expected: Expected) -> TextError<'_> {
    TextError::new(at, Some(expected))
}

/// Fails at `at`, where the grammar wants `rule`.
#[cold]
pub(super) fn fail<'a, T>(at: &'a [u8], rule: &'static str) -> Read<'a, T> {
    Err(wrong(at, Expected::Rule(rule)))
}

/// Fails as the parser of a word.
#[cold]
pub(super) fn fail_word<'a, T>(at: &'a [u8], rule: &'static str) -> Parsed<'a, T> {
    Err(nom::Err::Error(wrong(at, Expected::Rule(rule))))
}

/// Says which level a result belongs to; the innermost level stays.
#[inline]
pub(super) fn level<T>(level: Level, read: Read<'_, T>) -> Read<'_, T> {
    read.map_err(
        #[cold]
        |mut error| {
            error.0.level.get_or_insert(level);
            error
        },
    )
}

/// Says which transaction a result belongs to.
#[inline]
pub(super) fn of_transaction<T>(id: TransactionId, read: Read<'_, T>) -> Read<'_, T> {
    read.map_err(
        #[cold]
        |mut error| {
            error.0.transaction = Some(id);
            error
        },
    )
}

/// Says which Context's action a result belongs to.
#[inline]
pub(super) fn of_context<T>(context: ContextId, read: Read<'_, T>) -> Read<'_, T> {
    read.map_err(
        #[cold]
        |mut error| {
            error.0.context = Some(context);
            error
        },
    )
}

/// Says that an error of this result is not to be answered.
#[inline]
pub(super) fn unanswered<T>(read: Read<'_, T>) -> Read<'_, T> {
    read.map_err(
        #[cold]
        |mut error| {
            error.0.answerable = false;
            error
        },
    )
}
