//! Attributes of a Context, set and audited (H.248.1 6.1.1, 7.2.9).

use bounded_static::ToStatic;

use crate::{ContextId, PackageItem, PropertyParm, TopologyTriple};

/// One attribute of a Context with its value.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ContextProperty<'a> {
    /// Who hears whom; triples apply in order (H.248.1 7.1.18).
    Topology(Vec<TopologyTriple<'a>>),
    /// 0, the lowest, to 15.
    Priority(u16),
    /// `Emergency` or `EmergencyOff`.
    Emergency(bool),
    /// The IEPS call indicator (version 3).
    Ieps(bool),
    /// Package properties of the Context (version 3).
    Properties(Vec<PropertyParm<'a>>),
    /// A list of Contexts (version 3).
    ContextList(Vec<ContextId>),
}

/// What an audit of a Context asks for.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ContextAudit<'a> {
    /// What to return, and which Contexts to select, in the order written.
    pub items: Vec<ContextAuditItem<'a>>,
}

/// One item of a Context audit. The forms with a value select Contexts (version 3).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ContextAuditItem<'a> {
    /// Return the topology.
    Topology,
    /// Return the emergency indicator.
    Emergency,
    /// Return the priority.
    Priority,
    /// Return the IEPS indicator (version 3).
    Ieps,
    /// Return a package's property of the Context (version 3).
    Property(PackageItem<'a>),
    /// `ContextAttr{…}`: return these properties of the Context (version 3).
    Attributes(Vec<Self>),
    /// Select Contexts of this priority.
    SelectPriority(u16),
    /// Select by the emergency indicator.
    SelectEmergency(bool),
    /// Select by the IEPS indicator.
    SelectIeps(bool),
    /// Select by properties.
    SelectProperties(Vec<PropertyParm<'a>>),
    /// Select from a list of Contexts.
    SelectContexts(Vec<ContextId>),
    /// All criteria must hold.
    And,
    /// One criterion must hold.
    Or,
}
