//! Attributes of a Context, set and audited (H.248.1 6.1.1, 7.2.9).

use bounded_static::ToStatic;

use crate::{ContextId, PackageItem, PropertyParm, TopologyTriple, unordered::same_entries};

/// One attribute of a Context with its value.
///
/// ```
/// use codec_h248::{ActionRequest, ContextId, ContextProperty, List};
///
/// let mut action = ActionRequest::new(ContextId::Choose, List::new());
/// action.properties.push(ContextProperty::Priority(15));
/// action.properties.push(ContextProperty::Emergency(true));
/// assert_eq!(action.properties.len(), 2);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContextProperty<'a> {
    /// Who hears whom; triples apply in order (H.248.1 7.1.18).
    #[cfg_attr(feature = "serde", serde(rename = "topologyReq"))]
    Topology(Vec<TopologyTriple<'a>>),
    /// 0, the lowest, to 15.
    Priority(u16),
    /// `Emergency` or `EmergencyOff`.
    Emergency(bool),
    /// The IEPS call indicator (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "iepscallind"))]
    Ieps(bool),
    /// Package properties of the Context (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "contextProp"))]
    Properties(Vec<PropertyParm<'a>>),
    /// A list of Contexts (version 3).
    ContextList(Vec<ContextId>),
}

/// What an audit of a Context asks for.
///
/// ```
/// use codec_h248::{ContextAudit, ContextAuditItem};
///
/// let items = vec![ContextAuditItem::Topology, ContextAuditItem::Priority];
/// let audit = ContextAudit { items };
/// assert_eq!(audit.items[0], ContextAuditItem::Topology);
/// ```
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContextAudit<'a> {
    /// What to return, and which Contexts to select, in the order written.
    pub items: Vec<ContextAuditItem<'a>>,
}

impl PartialEq for ContextAudit<'_> {
    /// The order of `items` says nothing.
    fn eq(&self, other: &Self) -> bool {
        same_entries(&self.items, &other.items)
    }
}

impl Eq for ContextAudit<'_> {}

/// One item of a Context audit. The forms with a value select Contexts (version 3).
///
/// ```
/// use codec_h248::ContextAuditItem;
///
/// let urgent_ones = [ContextAuditItem::SelectEmergency(true), ContextAuditItem::Emergency];
/// assert!(matches!(urgent_ones[0], ContextAuditItem::SelectEmergency(true)));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ContextAuditItem<'a> {
    /// Return the topology.
    Topology,
    /// Return the emergency indicator.
    Emergency,
    /// Return the priority.
    Priority,
    /// Return the IEPS indicator (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "iepscallind"))]
    Ieps,
    /// Return a package's property of the Context (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "contextPropAud"))]
    Property(PackageItem<'a>),
    /// `ContextAttr{…}`: return these properties of the Context (version 3).
    #[cfg_attr(feature = "serde", serde(rename = "contextAttr"))]
    Attributes(Vec<Self>),
    /// Select Contexts of this priority.
    #[cfg_attr(feature = "serde", serde(rename = "selectpriority"))]
    SelectPriority(u16),
    /// Select by the emergency indicator.
    #[cfg_attr(feature = "serde", serde(rename = "selectemergency"))]
    SelectEmergency(bool),
    /// Select by the IEPS indicator.
    #[cfg_attr(feature = "serde", serde(rename = "selectiepscallind"))]
    SelectIeps(bool),
    /// Select by properties.
    #[cfg_attr(feature = "serde", serde(rename = "selectContextProp"))]
    SelectProperties(Vec<PropertyParm<'a>>),
    /// Select from a list of Contexts.
    #[cfg_attr(feature = "serde", serde(rename = "selectContextList"))]
    SelectContexts(Vec<ContextId>),
    /// All criteria must hold.
    #[cfg_attr(feature = "serde", serde(rename = "andAUDITSelect"))]
    And,
    /// One criterion must hold.
    #[cfg_attr(feature = "serde", serde(rename = "orAUDITSelect"))]
    Or,
}
