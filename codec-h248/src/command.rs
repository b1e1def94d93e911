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
pub struct CommandRequest<'a> {
    /// `O-`: its failure does not end the transaction (H.248.1 8).
    pub optional: bool,
    /// `W-`: one reply for all matches of a wildcard (H.248.1 6.2.2).
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
pub enum Command<'a> {
    /// H.248.1 7.2.1.
    Add(AmmRequest<'a>),
    /// H.248.1 7.2.4.
    Move(AmmRequest<'a>),
    /// H.248.1 7.2.2.
    Modify(AmmRequest<'a>),
    /// H.248.1 7.2.3.
    Subtract(SubtractRequest<'a>),
    /// H.248.1 7.2.5.
    AuditValue(AuditRequest<'a>),
    /// H.248.1 7.2.6.
    AuditCapability(AuditRequest<'a>),
    /// H.248.1 7.2.7.
    Notify(NotifyRequest<'a>),
    /// H.248.1 7.2.8.
    ServiceChange(ServiceChangeRequest<'a>),
}

/// What Add, Move and Modify carry.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct AmmRequest<'a> {
    /// The Terminations; more than one only in version 3.
    pub terminations: Vec<TerminationId<'a>>,
    /// Descriptors, processed in the order written.
    pub descriptors: Vec<AmmDescriptor<'a>>,
}

/// What Subtract carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct SubtractRequest<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What to return; absent means Statistics, empty means nothing.
    pub audit: Option<AuditDescriptor<'a>>,
}

/// What AuditValue and AuditCapability carry.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct AuditRequest<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What to return.
    pub audit: AuditDescriptor<'a>,
}

/// What Notify carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct NotifyRequest<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What was observed.
    pub observed_events: ObservedEventsDescriptor<'a>,
    /// A fault that goes with it, such as 518.
    pub error: Option<ErrorDescriptor<'a>>,
}

/// What ServiceChange carries.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ServiceChangeRequest<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What changes.
    pub services: Box<ServiceChangeDescriptor<'a>>,
}

/// The reply to a command.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum CommandReply<'a> {
    /// To Add.
    Add(AmmsReply<'a>),
    /// To Move.
    Move(AmmsReply<'a>),
    /// To Modify.
    Modify(AmmsReply<'a>),
    /// To Subtract.
    Subtract(AmmsReply<'a>),
    /// To AuditValue.
    AuditValue(AuditReply<'a>),
    /// To AuditCapability.
    AuditCapability(AuditReply<'a>),
    /// To Notify.
    Notify(NotifyReply<'a>),
    /// To ServiceChange.
    ServiceChange(ServiceChangeReply<'a>),
}

/// The reply to Add, Move, Modify or Subtract.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct AmmsReply<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What is returned; an error is one of them.
    pub descriptors: Vec<AuditReturn<'a>>,
}

/// The reply to an audit.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum AuditReply<'a> {
    /// `AuditValue=Context{a,b}`: only names were asked for.
    Context(Vec<TerminationId<'a>>),
    /// `AuditValue=Context{Error=…}`.
    ContextError(ErrorDescriptor<'a>),
    /// What is returned about one Termination, or about a wildcard's union.
    Termination(AmmsReply<'a>),
}

/// The reply to Notify.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct NotifyReply<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// Why it was refused.
    pub error: Option<ErrorDescriptor<'a>>,
}

/// The reply to ServiceChange.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct ServiceChangeReply<'a> {
    /// The Terminations.
    pub terminations: Vec<TerminationId<'a>>,
    /// What came of it.
    pub result: ServiceChangeResult<'a>,
}

/// What came of a ServiceChange.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ServiceChangeResult<'a> {
    /// Accepted, nothing to say.
    Accepted,
    /// Accepted, with parameters.
    Services(ServiceChangeReplyDescriptor<'a>),
    /// Refused.
    Error(ErrorDescriptor<'a>),
}
