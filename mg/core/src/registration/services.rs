//! The ServiceChange of a gateway, and what a controller answers to it (H.248.1 7.2.8).

use codec_h248::{
    ActionRequest, Command, CommandReply, ContextId, List, MId, NotifyRequest,
    ServiceChangeRequest, ServiceChangeResult, TerminationId, TransactionResult,
    descriptor::{
        ErrorCode, ErrorDescriptor, ObservedEventsDescriptor, ServiceChangeAddress,
        ServiceChangeDescriptor, ServiceChangeProfile,
    },
    list,
};
use transport_h248::mutants::{Mutant, seeded};

/// What a controller says to a registration.
pub(super) enum Answer {
    Accepted {
        version: Option<u8>,
        address: Option<ServiceChangeAddress<'static>>,
        profile: Option<ServiceChangeProfile<'static>>,
    },
    Redirected(MId<'static>),
    Refused(Option<ErrorDescriptor<'static>>),
}

/// A ServiceChange of ROOT.
pub(super) fn on_root(services: ServiceChangeDescriptor<'static>) -> List<ActionRequest<'static>> {
    of_root(Command::ServiceChange(ServiceChangeRequest {
        terminations: list![TerminationId::ROOT],
        services: Box::new(services),
    }))
}

/// A Notify of ROOT.
pub(crate) fn notify(
    observed_events: ObservedEventsDescriptor<'static>,
) -> List<ActionRequest<'static>> {
    of_root(Command::Notify(NotifyRequest {
        terminations: list![TerminationId::ROOT],
        observed_events,
        error: None,
    }))
}

fn of_root(command: Command<'static>) -> List<ActionRequest<'static>> {
    list![ActionRequest::new(ContextId::Null, list![command.into()])]
}

/// Whether the controller does not know us: it has restarted, and wants a registration first (505).
pub(super) fn is_unknown(result: &TransactionResult<'static>) -> bool {
    let is = |error: &ErrorDescriptor<'_>| error.code == ErrorCode::NOT_REGISTERED;
    match result {
        TransactionResult::Error(error) => is(error),
        TransactionResult::Actions(actions) => {
            let mut errors = actions.iter().filter_map(|action| action.error.as_ref());
            errors.any(is)
        }
    }
}

/// What the reply to a registration says.
pub(super) fn answer(result: TransactionResult<'static>) -> Answer {
    let actions = match result {
        TransactionResult::Error(error) => return Answer::Refused(Some(error)),
        TransactionResult::Actions(actions) => actions,
    };
    for action in actions {
        for command in action.commands {
            if let CommandReply::ServiceChange(reply) = command {
                return from_reply(reply.result);
            }
        }
        if action.error.is_some() {
            return Answer::Refused(action.error);
        }
    }
    Answer::Refused(None)
}

fn from_reply(result: ServiceChangeResult<'static>) -> Answer {
    match result {
        ServiceChangeResult::Error(error) => Answer::Refused(Some(error)),
        ServiceChangeResult::Accepted => Answer::Accepted {
            version: None,
            address: None,
            profile: None,
        },
        ServiceChangeResult::Services(services) => {
            match services.mgc_id.filter(|_| !seeded(Mutant::M25)) {
                Some(mgc) => Answer::Redirected(mgc),
                None => Answer::Accepted {
                    version: services.version,
                    address: services.address,
                    profile: services.profile,
                },
            }
        }
    }
}
