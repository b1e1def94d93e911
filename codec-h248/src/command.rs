//! The eight commands and their replies (H.248.1 7.2).

use bounded_static::ToStatic;

use crate::{
    List, TerminationId,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditReturn, ErrorDescriptor, ObservedEventsDescriptor,
        ServiceChangeDescriptor, ServiceChangeReplyDescriptor,
    },
    unordered::same_entries,
};

/// A command with its marks.
///
/// ```
/// use codec_h248::{AuditRequest, Command, CommandRequest, TerminationId, descriptor::AuditDescriptor, list};
///
/// let terminations = list![TerminationId::ALL];
/// let audit = Command::AuditValue(AuditRequest { terminations, audit: AuditDescriptor::default() });
/// let union = CommandRequest { wildcard_return: true, ..CommandRequest::from(audit) };
/// assert!(!union.optional);
/// ```
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
///
/// ```
/// use codec_h248::{AmmRequest, Command, List, TerminationId, list};
///
/// let terminations = list![TerminationId::CHOOSE];
/// let add = Command::Add(AmmRequest { terminations, descriptors: List::new() });
/// assert!(matches!(add, Command::Add(request) if request.terminations[0].is_choose()));
/// ```
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
///
/// ```
/// use codec_h248::{AmmRequest, TerminationId, descriptor::{AmmDescriptor, SignalsDescriptor}, list};
///
/// let stop_all_signals = AmmRequest {
///     terminations: list![TerminationId::from_name("line/1")],
///     descriptors: list![AmmDescriptor::Signals(SignalsDescriptor::default())],
/// };
/// assert_eq!(stop_all_signals.descriptors.len(), 1);
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// Descriptors, processed in the order written.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "List::is_empty")
    )]
    pub descriptors: List<AmmDescriptor<'a>>,
}

/// What Subtract carries.
///
/// ```
/// use codec_h248::{SubtractRequest, TerminationId, descriptor::AuditDescriptor, list};
///
/// let without_statistics = SubtractRequest {
///     terminations: list![TerminationId::from_name("rtp/1")],
///     audit: Some(AuditDescriptor::default()),
/// };
/// assert!(without_statistics.audit.unwrap().items.is_empty());
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// What to return; absent means Statistics, empty means nothing.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "auditDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub audit: Option<AuditDescriptor<'a>>,
}

/// What AuditValue and AuditCapability carry.
///
/// ```
/// use codec_h248::{AuditRequest, TerminationId, descriptor::{AuditDescriptor, AuditItem}, list};
///
/// let packages = AuditRequest {
///     terminations: list![TerminationId::ROOT],
///     audit: AuditDescriptor { items: vec![AuditItem::Packages] },
/// };
/// assert!(packages.terminations[0].is_root());
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// What to return.
    #[cfg_attr(feature = "serde", serde(rename = "auditDescriptor"))]
    pub audit: AuditDescriptor<'a>,
}

/// What Notify carries.
///
/// ```
/// use codec_h248::{Command, Limits, MessageBody, Transaction, decode};
///
/// let octets = b"!/1 mg1 T=1{C=-{N=line/1{OE=12{al/of}}}}";
/// let message = decode(octets, &Limits::default())?;
/// if let MessageBody::Transactions(transactions) = &message.body
///     && let Transaction::Request(request) = &transactions[0]
///     && let Command::Notify(notify) = &request.actions[0].commands[0].command
/// {
///     assert!(notify.observed_events.events[0].name.is("al", "of"));
/// }
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
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
    pub terminations: List<TerminationId<'a>>,
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
///
/// ```
/// use codec_h248::descriptor::{ServiceChangeDescriptor, ServiceChangeMethod};
/// use codec_h248::{ServiceChangeRequest, TerminationId, Value, list};
///
/// let reason = Value::quoted("901 Cold Boot");
/// let services = ServiceChangeDescriptor::new(ServiceChangeMethod::Restart, reason);
/// let restart = ServiceChangeRequest {
///     terminations: list![TerminationId::ROOT],
///     services: Box::new(services),
/// };
/// assert_eq!(restart.services.reason_code(), Some(901));
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// What changes.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeParms"))]
    pub services: Box<ServiceChangeDescriptor<'a>>,
}

/// The reply to a command.
///
/// ```
/// use codec_h248::{AmmsReply, CommandReply, List, TerminationId, list};
///
/// let terminations = list![TerminationId::from_name("rtp/1")];
/// let moved = CommandReply::Move(AmmsReply { terminations, descriptors: List::new() });
/// assert!(matches!(moved, CommandReply::Move(_)));
/// ```
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
///
/// ```
/// use codec_h248::{AmmsReply, TerminationId, descriptor::{AuditReturn, ErrorCode, ErrorDescriptor}, list};
///
/// let refused = AmmsReply {
///     terminations: list![TerminationId::from_name("rtp/1")],
///     descriptors: list![AuditReturn::Error(ErrorDescriptor::new(ErrorCode::UNKNOWN_TERMINATION))],
/// };
/// assert!(matches!(&refused.descriptors[0], AuditReturn::Error(error) if error.code.0 == 430));
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
pub struct AmmsReply<'a> {
    /// The Terminations.
    #[cfg_attr(feature = "serde", serde(rename = "terminationIdList"))]
    pub terminations: List<TerminationId<'a>>,
    /// What is returned; an error is one of them.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "terminationAudit",
            default,
            skip_serializing_if = "List::is_empty"
        )
    )]
    pub descriptors: List<AuditReturn<'a>>,
}

impl PartialEq for AmmsReply<'_> {
    /// The order of `descriptors` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.terminations == other.terminations
            && same_entries(&self.descriptors, &other.descriptors)
    }
}

impl Eq for AmmsReply<'_> {}

/// The reply to an audit.
///
/// ```
/// use codec_h248::{AuditReply, TerminationId, list};
///
/// let names = AuditReply::Context(list![TerminationId::from_name("rtp/1")]);
/// assert!(matches!(names, AuditReply::Context(terminations) if terminations.len() == 1));
/// ```
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
    Context(List<TerminationId<'a>>),
    /// `AuditValue=Context{Error=…}`.
    #[cfg_attr(feature = "serde", serde(rename = "error"))]
    ContextError(ErrorDescriptor<'a>),
    /// What is returned about one Termination, or about a wildcard's union.
    #[cfg_attr(feature = "serde", serde(rename = "auditResult"))]
    Termination(AmmsReply<'a>),
}

/// The reply to Notify.
///
/// ```
/// use codec_h248::{NotifyReply, TerminationId, list};
///
/// let terminations = list![TerminationId::from_name("line/1")];
/// let taken = NotifyReply { terminations, error: None };
/// assert!(taken.error.is_none());
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// Why it was refused.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "errorDescriptor", skip_serializing_if = "Option::is_none")
    )]
    pub error: Option<ErrorDescriptor<'a>>,
}

/// The reply to ServiceChange.
///
/// ```
/// use codec_h248::{ServiceChangeReply, ServiceChangeResult, TerminationId, list};
///
/// let terminations = list![TerminationId::ROOT];
/// let accepted = ServiceChangeReply { terminations, result: ServiceChangeResult::Accepted };
/// assert_eq!(accepted.result, ServiceChangeResult::Accepted);
/// ```
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
    pub terminations: List<TerminationId<'a>>,
    /// What came of it.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeResult"))]
    pub result: ServiceChangeResult<'a>,
}

/// What came of a ServiceChange.
///
/// ```
/// use codec_h248::{ServiceChangeResult, descriptor::ServiceChangeReplyDescriptor};
///
/// let services = ServiceChangeReplyDescriptor { version: Some(3), ..Default::default() };
/// let result = ServiceChangeResult::Services(services);
/// assert!(matches!(result, ServiceChangeResult::Services(services) if services.mgc_id.is_none()));
/// ```
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
