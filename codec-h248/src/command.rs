//! The eight commands and their replies (H.248.1 7.2).

use bounded_static::ToStatic;

use crate::{
    TerminationId,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditReturn, ErrorDescriptor, ObservedEventsDescriptor,
        ServiceChangeDescriptor, ServiceChangeReplyDescriptor,
    },
};

/// A command with its marks.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct CommandRequest<'a> {
    /// `O-`: its failure does not end the transaction (H.248.1 8).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub optional: bool,
    /// `W-`: one reply for all matches of a wildcard (H.248.1 6.2.2).
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "std::ops::Not::not")
    )]
    pub wildcard_return: bool,
    /// The command.
    pub command: Command<'a>,
}

impl<'a> From<Command<'a>> for CommandRequest<'a> {
    /// The command without marks.
    fn from(command: Command<'a>) -> Self {
        Self {
            optional: false,
            wildcard_return: false,
            command,
        }
    }
}

/// A command.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Command<'a> {
    /// H.248.1 7.2.1.
    #[cfg_attr(feature = "serde", serde(rename = "addReq"))]
    Add(AmmRequest<'a>),
    /// H.248.1 7.2.4.
    #[cfg_attr(feature = "serde", serde(rename = "moveReq"))]
    Move(AmmRequest<'a>),
    /// H.248.1 7.2.2.
    #[cfg_attr(feature = "serde", serde(rename = "modReq"))]
    Modify(AmmRequest<'a>),
    /// H.248.1 7.2.3.
    #[cfg_attr(feature = "serde", serde(rename = "subtractReq"))]
    Subtract(SubtractRequest<'a>),
    /// H.248.1 7.2.5.
    #[cfg_attr(feature = "serde", serde(rename = "auditValueRequest"))]
    AuditValue(AuditRequest<'a>),
    /// H.248.1 7.2.6.
    #[cfg_attr(feature = "serde", serde(rename = "auditCapRequest"))]
    AuditCapability(AuditRequest<'a>),
    /// H.248.1 7.2.7.
    #[cfg_attr(feature = "serde", serde(rename = "notifyReq"))]
    Notify(NotifyRequest<'a>),
    /// H.248.1 7.2.8.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeReq"))]
    ServiceChange(ServiceChangeRequest<'a>),
}

/// What Add, Move and Modify carry.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct AmmRequest<'a> {
    /// The Terminations; more than one only in version 3.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// Descriptors, processed in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub descriptors: Vec<AmmDescriptor<'a>>,
}

/// What Subtract carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct SubtractRequest<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What to return; absent means Statistics, empty means nothing.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "auditDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub audit: Option<AuditDescriptor<'a>>,
}

/// What AuditValue and AuditCapability carry.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct AuditRequest<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What to return.
    #[cfg_attr(feature = "serde", serde(rename = "auditDescriptor"))]
    pub audit: AuditDescriptor<'a>,
}

/// What Notify carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct NotifyRequest<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What was observed.
    #[cfg_attr(feature = "serde", serde(rename = "observedEventsDescriptor"))]
    pub observed_events: ObservedEventsDescriptor<'a>,
    /// A fault that goes with it, such as 518.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "errorDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub error: Option<ErrorDescriptor<'a>>,
}

/// What ServiceChange carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct ServiceChangeRequest<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What changes.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeParms"))]
    pub services: Box<ServiceChangeDescriptor<'a>>,
}

/// The reply to a command.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CommandReply<'a> {
    /// To Add.
    #[cfg_attr(feature = "serde", serde(rename = "addReply"))]
    Add(AmmsReply<'a>),
    /// To Move.
    #[cfg_attr(feature = "serde", serde(rename = "moveReply"))]
    Move(AmmsReply<'a>),
    /// To Modify.
    #[cfg_attr(feature = "serde", serde(rename = "modReply"))]
    Modify(AmmsReply<'a>),
    /// To Subtract.
    #[cfg_attr(feature = "serde", serde(rename = "subtractReply"))]
    Subtract(AmmsReply<'a>),
    /// To AuditValue.
    #[cfg_attr(feature = "serde", serde(rename = "auditValueReply"))]
    AuditValue(AuditReply<'a>),
    /// To AuditCapability.
    #[cfg_attr(feature = "serde", serde(rename = "auditCapReply"))]
    AuditCapability(AuditReply<'a>),
    /// To Notify.
    #[cfg_attr(feature = "serde", serde(rename = "notifyReply"))]
    Notify(NotifyReply<'a>),
    /// To ServiceChange.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeReply"))]
    ServiceChange(ServiceChangeReply<'a>),
}

/// The reply to Add, Move, Modify or Subtract.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct AmmsReply<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What is returned; an error is one of them.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "terminationAudit",
            default,
            skip_serializing_if = "Vec::is_empty"
        )
    )]
    pub descriptors: Vec<AuditReturn<'a>>,
}

/// The reply to an audit.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AuditReply<'a> {
    /// `AuditValue=Context{a,b}`: only names were asked for.
    #[cfg_attr(feature = "serde", serde(rename = "contextAuditResult"))]
    Context(Vec<TerminationId<'a>>),
    /// `AuditValue=Context{Error=…}`.
    #[cfg_attr(feature = "serde", serde(rename = "error"))]
    ContextError(ErrorDescriptor<'a>),
    /// What is returned about one Termination, or about a wildcard's union.
    #[cfg_attr(feature = "serde", serde(rename = "auditResult"))]
    Termination(AmmsReply<'a>),
}

/// The reply to Notify.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct NotifyReply<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// Why it was refused.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "errorDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub error: Option<ErrorDescriptor<'a>>,
}

/// The reply to ServiceChange.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
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
pub struct ServiceChangeReply<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: Vec<TerminationId<'a>>,
    /// What came of it.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeResult"))]
    pub result: ServiceChangeResult<'a>,
}

/// What came of a ServiceChange.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ServiceChangeResult<'a> {
    /// Accepted, nothing to say.
    Accepted,
    /// Accepted, with parameters.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeResParms"))]
    Services(ServiceChangeReplyDescriptor<'a>),
    /// Refused.
    #[cfg_attr(feature = "serde", serde(rename = "errorDescriptor"))]
    Error(ErrorDescriptor<'a>),
}
