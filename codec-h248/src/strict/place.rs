//! Where in a message a departure is.

use std::{fmt, ops::Range};

use crate::{ContextId, TransactionId};

/// Where a departure is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// Octets of the message, counted from 0, as a reader gives them.
    Octets(Range<usize>),
    /// A part of the message by what it belongs to.
    Within(Within),
}

/// A part of a message, from the outside inwards; nothing of it for the message as a whole.
///
/// ```
/// use codec_h248::{ContextId, TransactionId, strict::Within};
///
/// let place = Within {
///     transaction: Some(TransactionId(7)),
///     context: Some(ContextId::Id(4)),
///     command: Some("Add rtp/1".into()),
///     descriptor: Some("Media".into()),
/// };
/// assert_eq!(place.to_string(), "transaction 7, Context 4, Add rtp/1, Media");
/// assert_eq!(Within::default().to_string(), "message");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Within {
    /// The transaction, be it a request or what answers one.
    pub transaction: Option<TransactionId>,
    /// The Context of the action.
    pub context: Option<ContextId>,
    /// The command and its first Termination.
    pub command: Option<String>,
    /// The descriptor and what it holds, such as `Media, Stream 1, LocalControl`.
    pub descriptor: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Octets(octets) => write!(f, "octet {}", octets.start),
            Self::Within(within) => within.fmt(f),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.transaction.map(|id| format!("transaction {id}")),
            self.context.map(|id| format!("Context {id}")),
            self.command.clone(),
            self.descriptor.clone(),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            return f.write_str("message");
        }
        f.write_str(&parts.join(", "))
    }
}
