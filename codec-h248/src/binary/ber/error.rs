//! The error of the BER readers: where, what was expected, at which level, and the way there.

use std::ops::Range;

use crate::{ContextId, DecodeError, Expected, Level, Step, TransactionId};

/// Why a reader stopped. It stands apart, so that what readers hand up stays small.
#[derive(Debug)]
pub(in crate::binary) struct BerError(Box<Reason>);

#[derive(Debug)]
struct Reason {
    span: Range<usize>,
    expected: Expected,
    level: Option<Level>,
    transaction: Option<TransactionId>,
    context: Option<ContextId>,
    answerable: bool,
    /// Innermost first.
    path: Vec<Step>,
}

impl BerError {
    #[cold]
    pub(super) fn new(span: Range<usize>, expected: Expected) -> Self {
        Self(Box::new(Reason {
            span,
            expected,
            level: None,
            transaction: None,
            context: None,
            answerable: true,
            path: Vec::new(),
        }))
    }

    /// Says what the place belongs to, from the inside out.
    #[cold]
    pub(super) fn within(mut self, step: Step) -> Self {
        self.0.path.push(step);
        self
    }
}

impl From<BerError> for DecodeError {
    /// The error as the caller of the codec sees it.
    fn from(error: BerError) -> Self {
        let mut reason = error.0;
        reason.path.reverse();
        Self {
            expected: reason.expected,
            span: reason.span,
            level: reason.level.unwrap_or(Level::Message),
            transaction: reason.transaction,
            context: reason.context,
            path: reason.path,
            answerable: reason.answerable,
        }
    }
}

/// Says which level a result belongs to; the innermost level stays.
#[inline]
pub(in crate::binary) fn level<T>(level: Level, read: Result<T, BerError>) -> Result<T, BerError> {
    read.map_err(|mut error| {
        error.0.level.get_or_insert(level);
        error
    })
}

/// Says which transaction a result belongs to.
#[inline]
pub(in crate::binary) fn of_transaction<T>(
    id: TransactionId,
    read: Result<T, BerError>,
) -> Result<T, BerError> {
    read.map_err(|mut error| {
        error.0.transaction = Some(id);
        error
    })
}

/// Says which Context's action a result belongs to.
#[inline]
pub(in crate::binary) fn of_context<T>(
    context: ContextId,
    read: Result<T, BerError>,
) -> Result<T, BerError> {
    read.map_err(|mut error| {
        error.0.context = Some(context);
        error
    })
}

/// Says that an error of this result is not to be answered.
#[inline]
pub(in crate::binary) fn unanswered<T>(read: Result<T, BerError>) -> Result<T, BerError> {
    read.map_err(|mut error| {
        error.0.answerable = false;
        error
    })
}
