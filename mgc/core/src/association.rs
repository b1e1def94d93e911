//! What a gateway asks of its controller: ServiceChange and Notify (H.248.1 7.2.7, 7.2.8).

use std::net::SocketAddr;

use codec_h248::{
    ActionReply, ActionRequest, AmmRequest, AmmsReply, AuditReply, AuditRequest, Command,
    CommandReply, ContextId, Host, List, MId, NotifyReply, NotifyRequest, ServiceChangeReply,
    ServiceChangeRequest, ServiceChangeResult, TerminationId, TimeStamp, TransactionResult,
    descriptor::{
        AuditReturn, ErrorCode, ErrorDescriptor, ObservedEvent, RequestId, ServiceChangeAddress,
        ServiceChangeMethod, ServiceChangeProfile, ServiceChangeReplyDescriptor,
    },
    list,
};
use transport_h248::{
    Address,
    mutants::{Mutant, seeded},
};

use crate::{
    conference::Observed,
    northbound::{MediaFault, Talking},
    southbound::{self, Held},
};

/// The highest version that the controller speaks.
const VERSION_MAX: u8 = 3;
/// The port of the text encoding, where a ServiceChangeAddress names none (H.248.1 D.1).
const TEXT_PORT: u16 = 2944;

/// What the request is judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing<'a> {
    /// Whether the gateway is registered.
    pub(crate) registered: bool,
    /// Whether one more gateway may register.
    pub(crate) room: bool,
    /// The version of the message.
    pub(crate) version: u8,
    /// Where it came from.
    pub(crate) from: Address,
    /// The time.
    pub(crate) time_stamp: TimeStamp,
    /// The profiles that a gateway may have; any where there are none.
    pub(crate) profiles: &'a [ServiceChangeProfile<'static>],
    /// What the gateway is known to hold.
    pub(crate) held: Held<'a>,
}

/// What a request changes, once it is answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Change {
    /// The gateway is registered.
    Up {
        version: u8,
        address: Address,
        memory: Memory,
    },
    /// The gateway leaves.
    Down,
    /// The gateway wants to register, and is refused.
    Refused(ErrorCode),
    /// The gateway will leave.
    Leaving { delay_s: Option<u32> },
    /// The Terminations of this name, which may be a wildcard, are out of service.
    OutOfService(TerminationId<'static>),
    /// The Terminations of this name, which may be a wildcard, are back in service.
    InService(TerminationId<'static>),
    /// The gateway reports that media failed at this Termination.
    MediaFault(TerminationId<'static>, MediaFault),
    /// What the voice of the party at this Termination does.
    Talking(TerminationId<'static>, Talking),
    /// Something that a Leg may wait for was observed at this Termination, under this request.
    Observed(TerminationId<'static>, u32, Observed),
}

impl Change {
    /// Whether it makes the gateway come or go, rather than something at a gateway.
    pub(crate) fn is_of_gateway(&self) -> bool {
        match self {
            Self::Up { .. } | Self::Down | Self::Leaving { .. } | Self::Refused(_) => true,
            Self::OutOfService(_)
            | Self::InService(_)
            | Self::MediaFault(..)
            | Self::Talking(..)
            | Self::Observed(..) => false,
        }
    }
}

/// What a gateway still holds when it registers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Memory {
    /// Nothing.
    Empty,
    /// Contexts that are of no use any more.
    Stale,
    /// Its Contexts, as they were.
    Kept,
}

/// Carries out a gateway's request: the reply, and what changes.
pub(crate) fn execute(
    actions: List<ActionRequest<'static>>,
    standing: Standing<'_>,
) -> (TransactionResult<'static>, Vec<Change>) {
    if !standing.registered && !actions.iter().all(is_registration) {
        let error = ErrorDescriptor::new(ErrorCode::NOT_REGISTERED);
        return (TransactionResult::Error(error), Vec::new());
    }
    let mut replies = Vec::new();
    let mut changes = Vec::new();
    for action in actions {
        let (reply, failed) = execute_action(action, standing, &mut changes);
        replies.push(reply);
        if failed {
            break;
        }
    }
    (TransactionResult::Actions(replies.into()), changes)
}

fn is_registration(action: &ActionRequest<'static>) -> bool {
    let about_root = |command: &Command<'static>| match command {
        Command::ServiceChange(request) => request.terminations.iter().all(TerminationId::is_root),
        Command::Add(_)
        | Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_) => false,
    };
    let mut commands = action.commands.iter();
    !action.commands.is_empty() && commands.all(|request| about_root(&request.command))
}

fn execute_action(
    action: ActionRequest<'static>,
    standing: Standing<'_>,
    changes: &mut Vec<Change>,
) -> (ActionReply<'static>, bool) {
    let mut reply = ActionReply {
        context: action.context,
        properties: List::new(),
        commands: List::new(),
        error: None,
    };
    if matches!(action.context, ContextId::Choose) {
        // A controller holds no Contexts that could be chosen.
        reply.error = Some(ErrorDescriptor::new(ErrorCode::ILLEGAL_ACTION));
        return (reply, true);
    }
    for request in action.commands {
        let executed = execute_command(action.context, request.command, standing, changes);
        reply.commands.push(executed.reply);
        if executed.failed && !request.optional {
            return (reply, true);
        }
    }
    (reply, false)
}

/// A command's reply, and whether it holds an error descriptor.
struct Executed {
    reply: CommandReply<'static>,
    failed: bool,
}

fn execute_command(
    context: ContextId,
    command: Command<'static>,
    standing: Standing<'_>,
    changes: &mut Vec<Change>,
) -> Executed {
    // A gateway asks no other command than these two of a controller (H.248.1 7.2).
    let reply = match command {
        Command::Notify(request) => return notify(context, request, standing, changes),
        Command::ServiceChange(request) => return service_change(request, standing, changes),
        Command::Add(request) => CommandReply::Add(unknown(request)),
        Command::Move(request) => CommandReply::Move(unknown(request)),
        Command::Modify(request) => CommandReply::Modify(unknown(request)),
        Command::Subtract(request) => CommandReply::Subtract(refuse(request.terminations)),
        Command::AuditValue(request) => CommandReply::AuditValue(unknown_audit(request)),
        Command::AuditCapability(request) => CommandReply::AuditCapability(unknown_audit(request)),
    };
    Executed {
        reply,
        failed: true,
    }
}

fn unknown(request: AmmRequest<'static>) -> AmmsReply<'static> {
    refuse(request.terminations)
}

fn unknown_audit(request: AuditRequest<'static>) -> AuditReply<'static> {
    AuditReply::Termination(refuse(request.terminations))
}

fn refuse(terminations: List<TerminationId<'static>>) -> AmmsReply<'static> {
    let error = ErrorDescriptor::new(ErrorCode::UNKNOWN_COMMAND);
    AmmsReply {
        terminations,
        descriptors: list![AuditReturn::Error(error)],
    }
}

fn notify(
    context: ContextId,
    request: NotifyRequest<'static>,
    standing: Standing<'_>,
    changes: &mut Vec<Change>,
) -> Executed {
    let mut names = request.terminations.iter();
    if let Some(code) = names.find_map(|name| standing.held.lacks(context, name)) {
        return notified(request, Some(code));
    }
    for event in &request.observed_events.events {
        if let (Some(fault), [name]) = (media_fault(event), request.terminations.as_slice()) {
            changes.push(Change::MediaFault(name.clone(), fault));
        }
        if let (Some(talking), [name]) =
            (southbound::talking(event), request.terminations.as_slice())
        {
            changes.push(Change::Talking(name.clone(), talking));
        }
        let observed = southbound::observed(event);
        if let (Some(observed), RequestId::Id(id), [name]) = (
            observed,
            request.observed_events.request_id,
            request.terminations.as_slice(),
        ) {
            changes.push(Change::Observed(name.clone(), id, observed));
        }
    }
    notified(request, None)
}

fn notified(request: NotifyRequest<'static>, refused: Option<ErrorCode>) -> Executed {
    Executed {
        reply: CommandReply::Notify(NotifyReply {
            terminations: request.terminations,
            error: refused.map(ErrorDescriptor::new),
        }),
        failed: refused.is_some(),
    }
}

fn media_fault(event: &ObservedEvent<'_>) -> Option<MediaFault> {
    let known = [
        ("g", "cause", MediaFault::Failure),
        ("nt", "netfail", MediaFault::Network),
        ("nt", "qualert", MediaFault::Quality),
    ];
    let mut known = known.into_iter();
    known
        .find(|(package, item, _)| event.name.is(package, item))
        .map(|(_, _, fault)| fault)
}

fn service_change(
    request: ServiceChangeRequest<'static>,
    standing: Standing<'_>,
    changes: &mut Vec<Change>,
) -> Executed {
    let about_root = request.terminations.iter().any(TerminationId::is_root);
    let judged = if about_root {
        change_of_root(&request, standing)
    } else {
        change_of_terminations(&request)
    };
    let failed = judged.is_err();
    let result = match judged {
        Ok((result, made)) => {
            changes.extend(made);
            result
        }
        Err(code) => {
            changes.extend(about_root.then_some(Change::Refused(code)));
            ServiceChangeResult::Error(ErrorDescriptor::new(code))
        }
    };
    let reply = CommandReply::ServiceChange(ServiceChangeReply {
        terminations: request.terminations,
        result,
    });
    Executed { reply, failed }
}

type Judged = Result<(ServiceChangeResult<'static>, Vec<Change>), ErrorCode>;

fn change_of_root(request: &ServiceChangeRequest<'static>, standing: Standing<'_>) -> Judged {
    let services = &request.services;
    let memory = match &services.method {
        ServiceChangeMethod::Restart if services.reason_code() == Some(COLD_BOOT) => Memory::Empty,
        ServiceChangeMethod::Restart => Memory::Stale,
        ServiceChangeMethod::Disconnected
        | ServiceChangeMethod::Failover
        | ServiceChangeMethod::HandOff => Memory::Kept,
        ServiceChangeMethod::Forced => {
            return Ok((ServiceChangeResult::Accepted, vec![Change::Down]));
        }
        ServiceChangeMethod::Graceful => {
            let leaving = Change::Leaving {
                delay_s: services.delay_s,
            };
            return Ok((ServiceChangeResult::Accepted, vec![leaving]));
        }
        ServiceChangeMethod::Extension(_) => return Err(ErrorCode::NOT_IMPLEMENTED),
    };
    if !standing.registered && !standing.room {
        return Err(ErrorCode::INSUFFICIENT_RESOURCES);
    }
    let profile = profile(services.profile.as_ref(), standing.profiles)?;
    // A gateway that names no version speaks the one of its message (H.248.1 11.3).
    let offered = services.version.unwrap_or(standing.version);
    if offered == 0 {
        return Err(ErrorCode::VERSION_NOT_SUPPORTED);
    }
    let version = offered.min(VERSION_MAX);
    let reply = ServiceChangeReplyDescriptor {
        version: Some(version),
        profile,
        time_stamp: (!seeded(Mutant::N07)).then_some(standing.time_stamp),
        ..ServiceChangeReplyDescriptor::default()
    };
    let up = Change::Up {
        version,
        address: address(services.address.as_ref(), standing.from),
        memory,
    };
    Ok((ServiceChangeResult::Services(reply), vec![up]))
}

/// The profile to be used: the offered one in the version that both have. A gateway without one is
/// taken where none is asked for (H.248.1 11.3, 13).
fn profile(
    offered: Option<&ServiceChangeProfile<'static>>,
    taken: &[ServiceChangeProfile<'static>],
) -> Result<Option<ServiceChangeProfile<'static>>, ErrorCode> {
    if taken.is_empty() {
        // Whatever the gateway says, it is used as H.248.1 has it.
        return Ok(offered.cloned());
    }
    let offered = offered.ok_or(ErrorCode::PROFILE_NOT_SUPPORTED)?;
    let ours = taken.iter().find(|one| one.name == offered.name);
    let ours = ours.ok_or(ErrorCode::PROFILE_NOT_SUPPORTED)?;
    Ok(Some(ServiceChangeProfile {
        name: offered.name.clone(),
        version: ours.version.min(offered.version),
    }))
}

/// The reason of a gateway that holds nothing (H.248.8).
const COLD_BOOT: u16 = 901;

fn change_of_terminations(request: &ServiceChangeRequest<'static>) -> Judged {
    let changes = match &request.services.method {
        ServiceChangeMethod::Forced if seeded(Mutant::N08) => Vec::new(),
        ServiceChangeMethod::Forced => {
            let names = request.terminations.iter().cloned();
            names.map(Change::OutOfService).collect()
        }
        ServiceChangeMethod::Restart => {
            let names = request.terminations.iter().cloned();
            names.map(Change::InService).collect()
        }
        ServiceChangeMethod::Graceful => Vec::new(),
        // These are said of the whole gateway (H.248.1 7.2.8).
        ServiceChangeMethod::Disconnected
        | ServiceChangeMethod::Failover
        | ServiceChangeMethod::HandOff => return Err(ErrorCode::PROTOCOL),
        ServiceChangeMethod::Extension(_) => return Err(ErrorCode::NOT_IMPLEMENTED),
    };
    Ok((ServiceChangeResult::Accepted, changes))
}

/// Where the gateway wants its requests; a name that is no address cannot be resolved here.
fn address(wanted: Option<&ServiceChangeAddress<'static>>, from: Address) -> Address {
    match wanted {
        Some(ServiceChangeAddress::Port(port)) => from.at(SocketAddr::new(from.socket.ip(), *port)),
        Some(ServiceChangeAddress::MId(MId::Address {
            host: Host(ip),
            port,
        })) => from.at(SocketAddr::new(*ip, port.unwrap_or(TEXT_PORT))),
        Some(ServiceChangeAddress::MId(MId::Domain { .. } | MId::Device(_) | MId::Mtp(_)))
        | None => from,
    }
}
