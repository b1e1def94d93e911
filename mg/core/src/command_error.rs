//! Every way to refuse a command, with its code of H.248.8.

use std::borrow::Cow;

use codec_h248::{
    ContextId, Name, PackageItem, TerminationId,
    descriptor::{ErrorCode, ErrorDescriptor, StreamId},
};
use mg_contract::RtpPort;
use thiserror::Error;

use crate::{digit_map, gateway::sdp::SdpError};

/// Why a command is refused. The text says what it is about; the code's phrase stands before it.
#[derive(Clone, Debug, Eq, PartialEq, Error)]
pub(crate) enum CommandError {
    /// A Termination that this command, or this Context, does not take.
    #[error("{0}")]
    IncorrectIdentifier(TerminationId<'static>),
    /// An action that asks for nothing.
    #[error("nothing is asked for")]
    EmptyAction,
    /// What an action says of its Context in a version that does not have it.
    #[error("{0}")]
    NewerAction(Cow<'static, str>),
    /// The same of a command.
    #[error("{0}")]
    NewerCommand(Cow<'static, str>),
    /// A command in the CHOOSE Context before one was made.
    #[error("Context {0}")]
    NoContextMade(ContextId),
    /// The Context does not exist, or ended with an earlier command.
    #[error("{0}")]
    UnknownContext(ContextId),
    /// As many Contexts as allowed exist.
    #[error("all in use")]
    NoContext,
    /// What cannot be done in, or to, this Context.
    #[error("Context {0}")]
    IllegalAction(ContextId),
    /// Triples of a Topology descriptor that contradict each other, or speak of nobody.
    #[error("Topology: {0}")]
    Topology(&'static str),
    /// A direction of a Topology descriptor that its Terminations cannot have.
    #[error("{0}")]
    TopologyDirection(&'static str),
    /// More is said of who hears whom than allowed.
    #[error("too much Topology")]
    TooMuchTopology,
    /// No such Termination.
    #[error("{0}")]
    UnknownTermination(TerminationId<'static>),
    /// Nothing matches the wildcard.
    #[error("{0}")]
    NoMatch(TerminationId<'static>),
    /// CHOOSE cannot be satisfied.
    #[error("{0}")]
    NoTermination(TerminationId<'static>),
    /// Add of a Termination that is in a Context.
    #[error("{0}")]
    AlreadyInContext(TerminationId<'static>),
    /// The Context has as many Terminations as allowed.
    #[error("Context {0}")]
    ContextFull(ContextId),
    /// The Termination is in another Context.
    #[error("{0}")]
    NotInContext(TerminationId<'static>),
    /// The Termination is out of service.
    #[error("{0}")]
    OutOfService(TerminationId<'static>),
    /// The Termination leaves gracefully, and takes part in nothing new.
    #[error("{0}")]
    Leaving(TerminationId<'static>),
    /// A command that the gateway does not take.
    #[error("{0}")]
    UnknownCommand(&'static str),
    /// A descriptor that is not supported.
    #[error("{0}")]
    UnknownDescriptor(&'static str),
    /// A descriptor that this command does not take.
    #[error("{0}")]
    IllegalDescriptor(&'static str),
    /// A descriptor stands twice.
    #[error("{0}")]
    DescriptorTwice(&'static str),
    /// A stream stands twice in a Media descriptor.
    #[error("Stream {}", .0.0)]
    StreamTwice(StreamId),
    /// The Termination has no such package.
    #[error("{} on this Termination (in {})", .0.package, .0)]
    UnknownPackage(PackageItem<'static>),
    /// The gateway has no such package.
    #[error("{} in this gateway (in {})", .0.package, .0)]
    NoSuchPackage(PackageItem<'static>),
    /// The package has no such property.
    #[error("{0}")]
    NoSuchProperty(PackageItem<'static>),
    /// The property belongs to another descriptor.
    #[error("{0}")]
    IllegalProperty(PackageItem<'static>),
    /// The property stands twice.
    #[error("{0}")]
    PropertyTwice(PackageItem<'static>),
    /// The property cannot be written.
    #[error("{0}")]
    ReadOnly(PackageItem<'static>),
    /// A value that the property cannot have.
    #[error("{0}")]
    PropertyValue(PackageItem<'static>),
    /// A value that a parameter of the base protocol cannot have.
    #[error("{0}")]
    ParameterValue(&'static str),
    /// The package has no such event.
    #[error("{0}")]
    NoSuchEvent(PackageItem<'static>),
    /// A parameter that the event does not have.
    #[error("{0}")]
    EventParameter(PackageItem<'static>),
    /// The package has no such signal.
    #[error("{0}")]
    NoSuchSignal(PackageItem<'static>),
    /// A value that the parameter of an event or a signal cannot have.
    #[error("{0}")]
    PackageParameterValue(PackageItem<'static>),
    /// An event or a signal without a parameter that it needs.
    #[error("{0} in {1}")]
    MissingParameter(&'static str, PackageItem<'static>),
    /// A parameter that the signal does not have.
    #[error("{0}")]
    SignalParameter(PackageItem<'static>),
    /// What cannot stand in a Signals or Events descriptor, or not there.
    #[error("{0}")]
    SupervisionSyntax(&'static str),
    /// What cannot be asked for together.
    #[error("{0}")]
    ConflictingValues(&'static str),
    /// An announcement that there is not.
    #[error("{0}")]
    NoSuchAnnouncement(String),
    /// A digit map that cannot be read.
    #[error("{0}")]
    DigitMapSyntax(digit_map::Fault),
    /// No digit map of that name.
    #[error("{0}")]
    UnknownDigitMap(Name<'static>),
    /// More digit maps than allowed.
    #[error("too many digit maps")]
    NoDigitMapSpace,
    /// The line's hook is in another state than asked for.
    #[error("{0}")]
    UnexpectedHookState(PackageItem<'static>),
    /// A parameter of the base protocol that is not supported.
    #[error("{0}")]
    UnknownParameter(String),
    /// The controller has ordered the whole gateway out of service.
    #[error("out of service")]
    GatewayOut,
    /// The processor is too busy.
    #[error("too busy")]
    Busy,
    /// What the command cannot do without.
    #[error("{0}")]
    InformationMissing(&'static str),
    /// The package has no such statistic.
    #[error("{0}")]
    NoSuchStatistic(PackageItem<'static>),
    /// The statistic is not one of a stream.
    #[error("{0}")]
    StatisticOnStream(PackageItem<'static>),
    /// The Termination has no such part.
    #[error("{0}")]
    NothingSuch(String),
    /// Nothing of that name can be audited.
    #[error("{0}")]
    AuditedNotFound(PackageItem<'static>),
    /// A legal request that is not built.
    #[error("{0}")]
    NotImplemented(&'static str),
    /// A session description cannot be read.
    #[error("{0}")]
    InvalidSdp(SdpError),
    /// No format, or no media, that the gateway knows.
    #[error("no format in common")]
    UnsupportedMedia,
    /// A Local that names an address on which the gateway does not receive.
    #[error("not an address of this gateway")]
    ForeignAddress,
    /// A Remote whose address is not that of one far end, or is left to choose.
    #[error("Remote address or port")]
    RemoteAddress,
    /// No port pair is free, or none was bound in time.
    #[error("no RTP port pair is free")]
    NoPort,
    /// The port pair that is asked for is held, or cannot be bound.
    #[error("RTP port {}", .0.0)]
    PortUnavailable(RtpPort),
    /// The Termination has as many streams as allowed.
    #[error("too many streams")]
    TooManyStreams,
    /// More events are to be armed than allowed.
    #[error("too many events")]
    TooManyEvents,
    /// More signals are to be played than allowed.
    #[error("too many signals")]
    TooManySignals,
    /// More is asked for in one Audit descriptor than allowed.
    #[error("too many items to audit")]
    TooManyAuditItems,
    /// The transaction's reply would have more items than allowed.
    #[error("too many items")]
    ReplyTooLarge,
    /// The transaction's wildcards would be compared with more Terminations than allowed.
    #[error("too many wildcards")]
    TooManyWildcards,
}

impl CommandError {
    /// The code of H.248.8. There is no wildcard arm: whoever adds a variant looks up its code.
    pub(crate) fn code(&self) -> ErrorCode {
        match self {
            Self::IncorrectIdentifier(_) | Self::NoContextMade(_) => {
                ErrorCode::INCORRECT_IDENTIFIER
            }
            Self::EmptyAction | Self::NewerAction(_) => ErrorCode::SYNTAX_ACTION,
            Self::UnknownContext(_) => ErrorCode::UNKNOWN_CONTEXT,
            Self::NoContext => ErrorCode::NO_CONTEXT,
            Self::IllegalAction(_) | Self::Topology(_) => ErrorCode::ILLEGAL_ACTION,
            Self::TopologyDirection(_) => ErrorCode::TOPOLOGY_NOT_SUPPORTED,
            Self::UnknownTermination(_) => ErrorCode::UNKNOWN_TERMINATION,
            Self::NoMatch(_) => ErrorCode::NO_MATCH,
            Self::NoTermination(_) => ErrorCode::NO_TERMINATION,
            Self::AlreadyInContext(_) => ErrorCode::ALREADY_IN_CONTEXT,
            Self::ContextFull(_) => ErrorCode::CONTEXT_FULL,
            Self::NotInContext(_) => ErrorCode::NOT_IN_CONTEXT,
            Self::OutOfService(_) | Self::GatewayOut => ErrorCode::NOT_READY,
            Self::Leaving(_) => ErrorCode::SERVICE_CHANGING,
            Self::UnknownCommand(_) => ErrorCode::UNKNOWN_COMMAND,
            Self::UnknownDescriptor(_) => ErrorCode::UNKNOWN_DESCRIPTOR,
            Self::IllegalDescriptor(_) => ErrorCode::ILLEGAL_DESCRIPTOR,
            Self::DescriptorTwice(_) | Self::StreamTwice(_) => ErrorCode::DESCRIPTOR_TWICE,
            Self::UnknownPackage(_) | Self::NoSuchPackage(_) => ErrorCode::UNKNOWN_PACKAGE,
            Self::NoSuchProperty(_) => ErrorCode::NO_SUCH_PROPERTY,
            Self::IllegalProperty(_) => ErrorCode::ILLEGAL_PROPERTY,
            Self::PropertyTwice(_) => ErrorCode::PROPERTY_TWICE,
            Self::ReadOnly(_) => ErrorCode::READ_ONLY,
            Self::PropertyValue(_) | Self::ParameterValue(_) | Self::RemoteAddress => {
                ErrorCode::UNKNOWN_VALUE
            }
            Self::NoSuchEvent(_) => ErrorCode::NO_SUCH_EVENT,
            Self::EventParameter(_) | Self::SignalParameter(_) | Self::UnknownParameter(_) => {
                ErrorCode::UNKNOWN_PARAMETER
            }
            Self::PackageParameterValue(_) => ErrorCode::NO_SUCH_PARAMETER_VALUE,
            Self::MissingParameter(..) => ErrorCode::MISSING_PARAMETER,
            Self::SupervisionSyntax(_) | Self::DigitMapSyntax(_) | Self::NewerCommand(_) => {
                ErrorCode::SYNTAX_COMMAND
            }
            Self::ConflictingValues(_) => ErrorCode::CONFLICTING_VALUES,
            Self::NoSuchAnnouncement(_) => ErrorCode::NO_SUCH_ANNOUNCEMENT,
            Self::UnknownDigitMap(_) => ErrorCode::UNKNOWN_DIGIT_MAP,
            Self::NoDigitMapSpace => ErrorCode::NO_DIGIT_MAP_SPACE,
            Self::UnexpectedHookState(_) => ErrorCode::UNEXPECTED_HOOK_STATE,
            Self::NoSuchSignal(_) => ErrorCode::NO_SUCH_SIGNAL,
            Self::InformationMissing(_) => ErrorCode::INFORMATION_MISSING,
            Self::NoSuchStatistic(_) => ErrorCode::NO_SUCH_STATISTIC,
            Self::StatisticOnStream(_) => ErrorCode::STATISTIC_ON_STREAM,
            Self::AuditedNotFound(_) | Self::NothingSuch(_) => ErrorCode::AUDITED_NOT_FOUND,
            Self::NotImplemented(_) => ErrorCode::NOT_IMPLEMENTED,
            Self::InvalidSdp(_) => ErrorCode::INVALID_SDP,
            Self::UnsupportedMedia => ErrorCode::UNSUPPORTED_MEDIA,
            Self::ReplyTooLarge => ErrorCode::REPLY_TOO_LARGE,
            Self::ForeignAddress
            | Self::NoPort
            | Self::PortUnavailable(_)
            | Self::TooManyEvents
            | Self::TooManySignals
            | Self::TooManyAuditItems
            | Self::TooManyWildcards
            | Self::TooMuchTopology
            | Self::Busy
            | Self::TooManyStreams => ErrorCode::INSUFFICIENT_RESOURCES,
        }
    }

    /// The error descriptor for the peer.
    pub(crate) fn descriptor(&self) -> ErrorDescriptor<'static> {
        ErrorDescriptor::about(self.code(), self)
    }
}

/// Why a command cannot be planned to its end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Stop {
    /// It is refused.
    Refused(CommandError),
    /// It has to wait until this port pair, or any, is bound; then it is planned again.
    Bind(Option<RtpPort>),
}

impl From<CommandError> for Stop {
    fn from(error: CommandError) -> Self {
        Self::Refused(error)
    }
}
