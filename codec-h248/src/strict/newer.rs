//! What of a request is newer than its version, asked of one part after the other.

use super::{Departure, message, walk::Walk};
use crate::{ActionRequest, Command, package::PackageRegistry};

/// No item of a package is newer than a version of the protocol.
static PACKAGES: PackageRegistry = PackageRegistry::standard();

/// The first thing of a command that `version` does not have in either encoding.
///
/// ```
/// use codec_h248::{AmmRequest, Command, List, TerminationId, strict::newer_in_command};
///
/// let ids = ["rtp/1", "rtp/2"].map(TerminationId::from_name);
/// let add = Command::Add(AmmRequest { terminations: ids.into(), descriptors: List::new() });
/// assert!(newer_in_command(3, &add).is_none());
/// let newer = newer_in_command(2, &add).expect("a list");
/// assert_eq!(
///     newer.to_string(),
///     "Add rtp/1 and 1 more: a list of Terminations in a message of version 2, which version 3 \
///      brought (termIDList, H.248.1 Annex B.2)"
/// );
/// ```
pub fn newer_in_command(version: u8, command: &Command<'_>) -> Option<Departure> {
    let mut walk = Walk::for_newer(version, &PACKAGES);
    message::command(&mut walk, command);
    walk.first()
}

/// The same of what an action says of its Context, without its commands.
pub fn newer_in_action(version: u8, action: &ActionRequest<'_>) -> Option<Departure> {
    let mut walk = Walk::for_newer(version, &PACKAGES);
    walk.action(action.context, |walk| message::of_context(walk, action));
    walk.first()
}
