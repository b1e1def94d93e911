//! One Context: who is in it, what is said of it, and which streams are mixed (H.248.1 6.1).

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::{PropertyParm, descriptor::StreamId};
use mg_contract::GroupId;

use super::{TerminationKey, topology::Topology};

/// One Context. It exists as long as a Termination is in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// The Terminations, in the order in which they were made.
    pub(crate) members: BTreeSet<TerminationKey>,
    /// What is said of it.
    pub(crate) attributes: Attributes,
    /// Its properties of packages.
    pub(crate) properties: Vec<PropertyParm<'static>>,
    /// Streams with one number are mixed with each other.
    pub(crate) groups: BTreeMap<StreamId, GroupId>,
    /// Who hears whom.
    pub(crate) topology: Topology,
}

/// Attributes of a Context (H.248.1 6.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Attributes {
    /// 0, the lowest, to 15.
    pub(crate) priority: u16,
    /// The emergency indicator.
    pub(crate) emergency: bool,
    /// The IEPS call indicator.
    pub(crate) ieps: bool,
}
