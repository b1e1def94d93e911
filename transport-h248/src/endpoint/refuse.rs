//! What is said to a transaction that does not decode (H.248.1 8.2.2).
//!
//! Nothing of it is executed, not even an action or command that reads well: where one ends is a
//! guess, and a peer that is told of the error knows that nothing was done. What is itself an
//! answer gets none (`DecodeError::answerable`), so that two programs that do not understand each
//! other do not talk for ever.

use codec_h248::{
    ActionReply, DecodeError, Expected, Level, List, Transaction, TransactionId, TransactionReply,
    TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
    list,
};

/// What is answered.
#[expect(clippy::large_enum_variant, reason = "one is made at a time")]
pub(super) enum Refusal {
    /// An error about the whole message.
    Message(ErrorDescriptor<'static>),
    /// A reply to the transaction that does not decode.
    Transaction(Transaction<'static>),
}

/// Returns the version and body of the answer to an error in a message of `version`, of which `ends` says whether it
/// ends within a transaction; `None` where there must be none.
pub(super) fn answer(
    error: &DecodeError,
    version: Option<u8>,
    ends: bool,
) -> Option<(u8, Refusal)> {
    if !error.answerable {
        return None;
    }
    // Octets without a version are no H.248 text; they may come from anything.
    let version = version?.clamp(1, 3);
    let code = match error.level {
        Level::Message => {
            let descriptor = ErrorDescriptor::about(message_code(error), error);
            return Some((version, Refusal::Message(descriptor)));
        }
        // How much is missing nobody knows: the transaction is none, not a part of it.
        _ if ends => {
            let whole = DecodeError {
                context: None,
                ..error.clone()
            };
            return Some((version, refusal(ErrorCode::SYNTAX_TRANSACTION, &whole)));
        }
        Level::Transaction => ErrorCode::SYNTAX_TRANSACTION,
        Level::Action => code(error, ErrorCode::SYNTAX_ACTION),
        Level::Command | Level::Descriptor => code(error, ErrorCode::SYNTAX_COMMAND),
    };
    Some((version, refusal(code, error)))
}

fn message_code(error: &DecodeError) -> ErrorCode {
    match error.expected {
        Expected::Version(_) => ErrorCode::VERSION_NOT_SUPPORTED,
        Expected::AtMost(_, "transactions") => ErrorCode::TOO_MANY_TRANSACTIONS,
        Expected::Rule(_)
        | Expected::Command
        | Expected::Descriptor
        | Expected::Known(_)
        | Expected::AtMost(..)
        | Expected::Once(_)
        | Expected::End => ErrorCode::SYNTAX_MESSAGE,
    }
}

/// The code of what within an action makes no sense: what is unknown has codes of its own, all else that of the syntax.
fn code(error: &DecodeError, syntax: ErrorCode) -> ErrorCode {
    match error.expected {
        Expected::Command => ErrorCode::UNKNOWN_COMMAND,
        Expected::Descriptor => ErrorCode::UNKNOWN_DESCRIPTOR,
        Expected::Known(_) => ErrorCode::UNKNOWN_VALUE,
        Expected::Rule(_)
        | Expected::Version(_)
        | Expected::AtMost(..)
        | Expected::Once(_)
        | Expected::End => syntax,
    }
}

/// The reply to the transaction that does not decode; 0 where its number cannot be read. The error
/// stands in the action whose Context could be read, else it is about the whole transaction.
fn refusal(code: ErrorCode, error: &DecodeError) -> Refusal {
    let descriptor = ErrorDescriptor::about(code, error);
    let result = match error.context {
        Some(context) => TransactionResult::Actions(list![ActionReply {
            context,
            properties: List::new(),
            commands: List::new(),
            error: Some(descriptor),
        }]),
        None => TransactionResult::Error(descriptor),
    };
    Refusal::Transaction(Transaction::Reply(TransactionReply {
        id: error.transaction.unwrap_or(TransactionId(0)),
        segment: None,
        immediate_ack: false,
        result,
    }))
}
