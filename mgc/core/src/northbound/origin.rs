//! Who asks, and how a repeated request is told from a new one.

use super::{Accepted, Done, Refusal};

/// Where a request comes from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// The caller's name; callers do not share keys.
    pub caller: String,
    /// The name of the request itself, for those who look for its traces.
    pub request_id: Option<String>,
    /// The caller's key, under which the request is carried out once.
    pub key: Option<Key>,
}

/// A key of the caller's choice (the header `Idempotency-Key`). For 24 h the same request under the
/// same key is the same operation. One that came to `failed` has done nothing, so that the same
/// key tries again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    /// The key; the shell bounds it.
    pub text: String,
    /// A digest of all that the request says.
    pub fingerprint: String,
}

/// A request that was taken, now or before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Taken {
    /// The operation.
    pub accepted: Accepted,
    /// How it ended, where it was asked for before and has ended: no [`super::Completion`] comes.
    pub outcome: Option<Result<Done, Refusal>>,
}
