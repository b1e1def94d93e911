//! The walk from a message to its commands.

use super::{
    descriptors as inner,
    rules::look,
    walk::{CommandKind, Step, Walk},
};
use crate::{
    ActionReply, ActionRequest, AmmRequest, AmmsReply, AuditReply, AuditRequest, Command,
    CommandReply, ContextAuditItem, ContextProperty, Message, MessageBody, ServiceChangeResult,
    TerminationId, TopologyTriple, Transaction, TransactionReply, TransactionRequest,
    TransactionResult,
    descriptor::{AuditDescriptor, ErrorDescriptor},
};

pub(super) fn message<'m>(walk: &mut Walk<'m>, message: &'m Message<'m>) {
    look::message(walk, message);
    walk.at("mId", |walk| look::mid(walk, &message.mid));
    match &message.body {
        MessageBody::Error(error) => inner::error(walk, error),
        MessageBody::Transactions(transactions) => {
            for entry in transactions {
                transaction(walk, entry);
            }
        }
    }
}

fn transaction<'m>(walk: &mut Walk<'m>, transaction: &'m Transaction<'m>) {
    match transaction {
        Transaction::Request(request) => walk.transaction(request.id, false, |walk| {
            look::transaction(walk, transaction);
            actions(walk, request);
        }),
        Transaction::Reply(reply) => walk.transaction(reply.id, true, |walk| {
            look::transaction(walk, transaction);
            result(walk, reply);
        }),
        Transaction::Pending(id) => walk.transaction(*id, true, |walk| {
            look::transaction(walk, transaction);
        }),
        Transaction::SegmentReply(reply) => walk.transaction(reply.id, true, |walk| {
            look::transaction(walk, transaction);
        }),
        Transaction::ResponseAck(_) => look::transaction(walk, transaction),
    }
}

fn actions<'m>(walk: &mut Walk<'m>, request: &'m TransactionRequest<'m>) {
    for action in &request.actions {
        walk.action(action.context, |walk| action_request(walk, action));
    }
}

fn result<'m>(walk: &mut Walk<'m>, reply: &'m TransactionReply<'m>) {
    match &reply.result {
        TransactionResult::Error(error) => inner::error(walk, error),
        TransactionResult::Actions(actions) => {
            for action in actions {
                walk.action(action.context, |walk| action_reply(walk, action));
            }
        }
    }
}

fn action_request<'m>(walk: &mut Walk<'m>, action: &'m ActionRequest<'m>) {
    of_context(walk, action);
    for request in &action.commands {
        command(walk, &request.command);
    }
}

/// What an action says of its Context.
pub(super) fn of_context<'m>(walk: &mut Walk<'m>, action: &'m ActionRequest<'m>) {
    look::action_request(walk, action);
    context_properties(walk, &action.properties);
    if let Some(audit) = &action.audit {
        walk.at("ContextAudit", |walk| {
            look::context_audit(walk, audit);
            context_audit_items(walk, &audit.items);
        });
    }
}

fn action_reply<'m>(walk: &mut Walk<'m>, action: &'m ActionReply<'m>) {
    look::action_reply(walk, action);
    context_properties(walk, &action.properties);
    for reply in &action.commands {
        command_reply(walk, reply);
    }
    error_if_any(walk, action.error.as_ref());
}

fn context_properties<'m>(walk: &mut Walk<'m>, properties: &'m [ContextProperty<'m>]) {
    look::context_properties(walk, properties);
    for property in properties {
        match property {
            ContextProperty::Topology(triples) => {
                walk.at("Topology", |walk| topology(walk, triples));
            }
            ContextProperty::Properties(properties) => {
                walk.at("ContextAttr", |walk| inner::properties(walk, properties));
            }
            ContextProperty::Priority(_)
            | ContextProperty::Emergency(_)
            | ContextProperty::Ieps(_)
            | ContextProperty::ContextList(_) => {}
        }
    }
}

fn topology<'m>(walk: &mut Walk<'m>, triples: &'m [TopologyTriple<'m>]) {
    look::topology(walk, triples);
    for triple in triples {
        look::termination(walk, &triple.from);
        look::termination(walk, &triple.to);
    }
}

/// Items that are within other items are not gone into further: the grammar has one level.
fn context_audit_items<'m>(walk: &mut Walk<'m>, items: &'m [ContextAuditItem<'m>]) {
    for item in items {
        selected(walk, item);
        if let ContextAuditItem::Attributes(within) = item {
            for item in within {
                selected(walk, item);
            }
        }
    }
}

fn selected<'m>(walk: &mut Walk<'m>, item: &'m ContextAuditItem<'m>) {
    if let ContextAuditItem::SelectProperties(properties) = item {
        walk.at("ContextAttr", |walk| inner::properties(walk, properties));
    }
}

fn terminations<'m>(walk: &mut Walk<'m>, ids: &'m [TerminationId<'m>]) {
    look::terminations(walk, ids);
    for id in ids {
        look::termination(walk, id);
    }
}

/// A command or a reply to one, what is said of its Terminations first.
fn of_command<'m>(
    walk: &mut Walk<'m>,
    kind: CommandKind,
    ids: &'m [TerminationId<'m>],
    look: impl FnOnce(&mut Walk<'m>),
) {
    walk.command(kind, ids, |walk| {
        terminations(walk, ids);
        look(walk);
    });
}

pub(super) fn command<'m>(walk: &mut Walk<'m>, command: &'m Command<'m>) {
    match command {
        Command::Add(add) => amm(walk, CommandKind::Add, command, add),
        Command::Move(move_) => amm(walk, CommandKind::Move, command, move_),
        Command::Modify(modify) => amm(walk, CommandKind::Modify, command, modify),
        Command::Subtract(subtract) => {
            of_command(
                walk,
                CommandKind::Subtract,
                &subtract.terminations,
                |walk| {
                    look::command(walk, command);
                    if let Some(audit) = &subtract.audit {
                        audited(walk, audit);
                    }
                },
            );
        }
        Command::AuditValue(audit) => audit_request(walk, CommandKind::AuditValue, command, audit),
        Command::AuditCapability(audit) => {
            audit_request(walk, CommandKind::AuditCapability, command, audit);
        }
        Command::Notify(notify) => {
            of_command(walk, CommandKind::Notify, &notify.terminations, |walk| {
                look::command(walk, command);
                inner::observed_events(walk, &notify.observed_events);
                error_if_any(walk, notify.error.as_ref());
            });
        }
        Command::ServiceChange(change) => {
            let kind = CommandKind::ServiceChange;
            of_command(walk, kind, &change.terminations, |walk| {
                look::command(walk, command);
                inner::services(walk, &change.services);
            });
        }
    }
}

fn amm<'m>(
    walk: &mut Walk<'m>,
    kind: CommandKind,
    command: &'m Command<'m>,
    request: &'m AmmRequest<'m>,
) {
    of_command(walk, kind, &request.terminations, |walk| {
        look::command(walk, command);
        look::amm_descriptors(walk, &request.descriptors);
        for descriptor in &request.descriptors {
            inner::amm(walk, descriptor);
        }
    });
}

fn audit_request<'m>(
    walk: &mut Walk<'m>,
    kind: CommandKind,
    command: &'m Command<'m>,
    request: &'m AuditRequest<'m>,
) {
    of_command(walk, kind, &request.terminations, |walk| {
        look::command(walk, command);
        audited(walk, &request.audit);
    });
}

fn audited<'m>(walk: &mut Walk<'m>, audit: &'m AuditDescriptor<'m>) {
    walk.at("Audit", |walk| inner::audit(walk, audit));
}

fn error_if_any<'m>(walk: &mut Walk<'m>, error: Option<&'m ErrorDescriptor<'m>>) {
    if let Some(error) = error {
        inner::error(walk, error);
    }
}

fn command_reply<'m>(walk: &mut Walk<'m>, reply: &'m CommandReply<'m>) {
    match reply {
        CommandReply::Add(add) => amms(walk, CommandKind::Add, reply, add),
        CommandReply::Move(move_) => amms(walk, CommandKind::Move, reply, move_),
        CommandReply::Modify(modify) => amms(walk, CommandKind::Modify, reply, modify),
        CommandReply::Subtract(subtract) => amms(walk, CommandKind::Subtract, reply, subtract),
        CommandReply::AuditValue(audit) => audit_reply(walk, CommandKind::AuditValue, reply, audit),
        CommandReply::AuditCapability(audit) => {
            audit_reply(walk, CommandKind::AuditCapability, reply, audit);
        }
        CommandReply::Notify(notify) => {
            of_command(walk, CommandKind::Notify, &notify.terminations, |walk| {
                look::command_reply(walk, reply);
                error_if_any(walk, notify.error.as_ref());
            });
        }
        CommandReply::ServiceChange(change) => {
            let kind = CommandKind::ServiceChange;
            of_command(walk, kind, &change.terminations, |walk| {
                look::command_reply(walk, reply);
                match &change.result {
                    ServiceChangeResult::Accepted => {}
                    ServiceChangeResult::Services(services) => {
                        inner::services_reply(walk, services);
                    }
                    ServiceChangeResult::Error(error) => inner::error(walk, error),
                }
            });
        }
    }
}

fn amms<'m>(
    walk: &mut Walk<'m>,
    kind: CommandKind,
    reply: &'m CommandReply<'m>,
    returned: &'m AmmsReply<'m>,
) {
    of_command(walk, kind, &returned.terminations, |walk| {
        look::command_reply(walk, reply);
        for descriptor in &returned.descriptors {
            inner::returned(walk, descriptor);
        }
    });
}

fn audit_reply<'m>(
    walk: &mut Walk<'m>,
    kind: CommandKind,
    reply: &'m CommandReply<'m>,
    audit: &'m AuditReply<'m>,
) {
    match audit {
        AuditReply::Termination(returned) => amms(walk, kind, reply, returned),
        AuditReply::Context(ids) => walk.command(kind, &[], |walk| {
            look::command_reply(walk, reply);
            walk.within(Step::Word("Context"), |walk| terminations(walk, ids));
        }),
        AuditReply::ContextError(error) => walk.command(kind, &[], |walk| {
            look::command_reply(walk, reply);
            inner::error(walk, error);
        }),
    }
}
