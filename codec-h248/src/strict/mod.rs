//! What of a message departs from the standard, although it decodes.
//!
//! Reading is liberal: it takes what real peers send. What a message says beyond the standard is
//! told here, each departure by the rule that it breaks: what is newer than the version in the
//! header, what stands twice or beside what excludes it, names and numbers out of their range, what
//! a ServiceChange, a topology, a digit map may not say, values that do not fit their package.
//! [`RULES`] lists the rules. How a message was spelled is no part of the model: a reader tells of
//! that. What text cannot say at all is told by [`Message::validate`].
//!
//! An unknown package, or the Modem descriptor that version 3 deprecates, is no departure.

mod descriptors;
mod message;
mod newer;
mod place;
mod reading;
mod rules;
#[cfg(test)]
mod tests;
mod walk;

use std::{borrow::Cow, fmt};

use self::walk::Walk;
pub use self::{
    newer::{newer_in_action, newer_in_command},
    place::{Place, Within},
    reading::decode_strict,
    rules::{RULES, Rule},
};
use crate::{Message, package::PackageRegistry};

/// One thing of a message that the standard forbids.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Departure {
    /// The rule of H.248.1 Annex B.2 that it belongs to.
    pub rule: &'static str,
    /// Where that is laid down, such as `H.248.1 7.1.9`.
    pub clause: &'static str,
    /// Whether only the text encoding forbids it: a message that came as binary may have it.
    pub text_only: bool,
    /// What is there, and what the rule wants.
    pub what: Cow<'static, str>,
    /// Where.
    pub place: Place,
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            rule,
            clause,
            what,
            place,
            ..
        } = self;
        write!(f, "{place}: {what} ({rule}, {clause})")
    }
}

/// The departures of a message, in the order of their places, in time that grows as its length.
/// Items of packages that `packages` does not know are not looked into.
///
/// ```
/// use codec_h248::{Limits, decode, package::PackageRegistry, strict::departures};
///
/// let octets = b"MEGACO/2 [192.0.2.1] Transaction=7{Context=4{Add=ROOT{Signals{cg/*}}}}";
/// let message = decode(octets, &Limits::default())?;
/// let found: Vec<_> = departures(&message, &PackageRegistry::standard())
///     .iter()
///     .map(ToString::to_string)
///     .collect();
/// assert_eq!(
///     found,
///     [
///         "transaction 7, Context 4, Add ROOT: ROOT in a command about members of a Context \
///          (TerminationID, H.248.1 6.2.5)",
///         "transaction 7, Context 4, Add ROOT, Signals, cg/*: the signal cg/* \
///          (signalName, H.248.1 Annex B.2)",
///     ]
/// );
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
pub fn departures(message: &Message<'_>, packages: &PackageRegistry) -> Vec<Departure> {
    let found = found(message, packages).into_iter();
    found.map(|(_, departure)| departure).collect()
}

/// The departures of a message, each with its rule.
fn found(message: &Message<'_>, packages: &PackageRegistry) -> Vec<(&'static Rule, Departure)> {
    let mut walk = Walk::new(message.version, packages);
    self::message::message(&mut walk, message);
    walk.found()
}
