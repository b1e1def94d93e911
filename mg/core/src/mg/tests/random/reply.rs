//! Replies, reduced to who is named and what was refused.

use codec_h248::{
    AuditReply, CommandReply, ContextId, ServiceChangeResult, TerminationId, TransactionReply,
    TransactionResult,
    descriptor::{AuditReturn, ErrorDescriptor},
};

use super::generate::Verb;

/// The reply to one action.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) context: ContextId,
    pub(super) items: Vec<Item>,
    /// What is refused of the action itself.
    pub(super) code: Option<u16>,
}

/// The reply to one command, about one Termination.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) verb: Verb,
    pub(super) name: String,
    pub(super) code: Option<u16>,
}

fn code(error: &ErrorDescriptor<'_>) -> u16 {
    error.code.0
}

/// What a reply says; `Err` where the whole transaction was refused.
pub(super) fn answers(reply: &TransactionReply<'_>) -> Result<Vec<Answer>, u16> {
    match &reply.result {
        TransactionResult::Error(error) => Err(code(error)),
        TransactionResult::Actions(actions) => Ok(actions
            .iter()
            .map(|action| Answer {
                context: action.context,
                items: action.commands.iter().flat_map(items).collect(),
                code: action.error.as_ref().map(code),
            })
            .collect()),
    }
}

fn items(reply: &CommandReply<'_>) -> Vec<Item> {
    let (verb, names, refused) = match reply {
        CommandReply::Add(reply) => (Verb::Add, &reply.terminations, error(&reply.descriptors)),
        CommandReply::Move(reply) => (Verb::Move, &reply.terminations, error(&reply.descriptors)),
        CommandReply::Modify(reply) => {
            (Verb::Modify, &reply.terminations, error(&reply.descriptors))
        }
        CommandReply::Subtract(reply) => (
            Verb::Subtract,
            &reply.terminations,
            error(&reply.descriptors),
        ),
        CommandReply::AuditValue(reply) => return audited(Verb::AuditValue, reply),
        CommandReply::AuditCapability(reply) => return audited(Verb::AuditCapability, reply),
        CommandReply::Notify(reply) => (
            Verb::Notify,
            &reply.terminations,
            reply.error.as_ref().map(code),
        ),
        CommandReply::ServiceChange(reply) => {
            let refused = match &reply.result {
                ServiceChangeResult::Error(error) => Some(code(error)),
                _ => None,
            };
            (Verb::ServiceChange, &reply.terminations, refused)
        }
    };
    named(verb, names, refused)
}

fn named(verb: Verb, names: &[TerminationId<'_>], code: Option<u16>) -> Vec<Item> {
    let item = |name: &TerminationId<'_>| Item {
        verb,
        name: name.to_string(),
        code,
    };
    names.iter().map(item).collect()
}

fn audited(verb: Verb, reply: &AuditReply<'_>) -> Vec<Item> {
    match reply {
        AuditReply::Context(names) => named(verb, names, None),
        AuditReply::ContextError(error) => vec![Item {
            verb,
            name: "*".to_owned(),
            code: Some(code(error)),
        }],
        AuditReply::Termination(reply) => {
            named(verb, &reply.terminations, error(&reply.descriptors))
        }
    }
}

fn error(descriptors: &[AuditReturn<'_>]) -> Option<u16> {
    descriptors.iter().find_map(|descriptor| match descriptor {
        AuditReturn::Error(error) => Some(code(error)),
        _ => None,
    })
}
