//! Actions: what is asked of, and answered about, one Context (H.248.1 8.1).

use std::fmt;

use bounded_static::ToStatic;

use crate::{
    CommandReply, CommandRequest, ContextAudit, ContextProperty, List, TopologyTriple,
    descriptor::ErrorDescriptor, unordered::same_entries,
};

/// Which Context an action is about (H.248.1 6.1.1).
///
/// ```
/// use codec_h248::ContextId;
///
/// assert_eq!(ContextId::Choose.to_string(), "$");
/// assert_eq!(ContextId::Id(4).to_string(), "4");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, ToStatic)]
pub enum ContextId {
    /// `-`: the null Context, of all Terminations that are in no other.
    Null,
    /// `$`: a Context that the gateway makes.
    Choose,
    /// `*`: every Context but the null Context.
    All,
    /// A Context by its number, 1 to 0xFFFFFFFD.
    Id(u32),
}

impl fmt::Display for ContextId {
    /// Writes the form that the text encoding uses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("-"),
            Self::Choose => f.write_str("$"),
            Self::All => f.write_str("*"),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// What is asked of one Context: properties first, then an audit of it, then commands in order.
///
/// ```
/// use codec_h248::{ActionRequest, Command, ContextId, SubtractRequest, TerminationId, list};
///
/// let terminations = list![TerminationId::from_name("rtp/1")];
/// let subtract = Command::Subtract(SubtractRequest { terminations, audit: None });
/// let action = ActionRequest::new(ContextId::Id(4), list![subtract.into()]);
/// assert!(action.properties.is_empty() && action.audit.is_none());
/// ```
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionRequest<'a> {
    /// The Context.
    #[cfg_attr(feature = "serde", serde(rename = "contextId"))]
    pub context: ContextId,
    /// Properties to set, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "contextRequest",
            default,
            skip_serializing_if = "List::is_empty"
        )
    )]
    pub properties: List<ContextProperty<'a>>,
    /// What to report about the Context itself.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "contextAttrAuditReq",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub audit: Option<ContextAudit<'a>>,
    /// Commands, in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "commandRequests",
            default,
            skip_serializing_if = "List::is_empty"
        )
    )]
    pub commands: List<CommandRequest<'a>>,
}

impl PartialEq for ActionRequest<'_> {
    /// The order of `properties` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context
            && same_entries(&self.properties, &other.properties)
            && self.audit == other.audit
            && self.commands == other.commands
    }
}

impl Eq for ActionRequest<'_> {}

impl<'a> ActionRequest<'a> {
    /// An action of commands alone.
    pub fn new(context: ContextId, commands: List<CommandRequest<'a>>) -> Self {
        Self {
            context,
            properties: List::new(),
            audit: None,
            commands,
        }
    }

    /// The triples of each Topology descriptor, in the order written.
    pub fn topologies(&self) -> impl Iterator<Item = &Vec<TopologyTriple<'a>>> {
        self.properties
            .iter()
            .filter_map(|property| match property {
                ContextProperty::Topology(triples) => Some(triples),
                ContextProperty::Priority(_)
                | ContextProperty::Emergency(_)
                | ContextProperty::Ieps(_)
                | ContextProperty::Properties(_)
                | ContextProperty::ContextList(_) => None,
            })
    }
}

/// What came of one action. Without commands and error it only names a Context (version 3).
///
/// ```
/// use codec_h248::{ActionReply, ContextId, List, descriptor::{ErrorCode, ErrorDescriptor}};
///
/// let refused = ActionReply {
///     context: ContextId::Id(9),
///     properties: List::new(),
///     commands: List::new(),
///     error: Some(ErrorDescriptor::new(ErrorCode::UNKNOWN_CONTEXT)),
/// };
/// assert_eq!(refused.error.unwrap().code, ErrorCode(411));
/// ```
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionReply<'a> {
    /// The Context; never CHOOSE where one was made.
    #[cfg_attr(feature = "serde", serde(rename = "contextId"))]
    pub context: ContextId,
    /// Properties of the Context that were asked for.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "contextReply",
            default,
            skip_serializing_if = "List::is_empty"
        )
    )]
    pub properties: List<ContextProperty<'a>>,
    /// One reply for each command that was tried.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "commandReply",
            default,
            skip_serializing_if = "List::is_empty"
        )
    )]
    pub commands: List<CommandReply<'a>>,
    /// Why the action, or what was left of it, was refused.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "errorDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub error: Option<ErrorDescriptor<'a>>,
}

impl PartialEq for ActionReply<'_> {
    /// The order of `properties` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context
            && same_entries(&self.properties, &other.properties)
            && self.commands == other.commands
            && self.error == other.error
    }
}

impl Eq for ActionReply<'_> {}
