//! Where ROOT, CHOOSE and ALL may stand (H.248.1 6.2.2, 6.2.5).

use super::{Concern, table::*};
use crate::{
    AuditReply, Command, CommandReply, ServiceChangeResult, TerminationId, TopologyTriple,
    descriptor::{AmmDescriptor, AuditReturn, MuxDescriptor, StreamParms, Streams},
    strict::walk::{CommandKind, Walk, shown},
};

pub(super) struct Terminations;

impl Concern for Terminations {
    fn terminations(&self, walk: &mut Walk<'_>, ids: &[TerminationId<'_>]) {
        for id in ids {
            if walk.in_command(CommandKind::Notify) && (id.has_all() || id.has_choose()) {
                walk.departs(&NOTIFY_WILDCARD, format!("Notify of {}", shown(id)));
            } else if !walk.in_reply() && id.has_choose() && !walk.in_command(CommandKind::Add) {
                walk.departs(&CHOOSE_TERMINATION, format!("CHOOSE in {}", shown(id)));
            }
            let moves = [CommandKind::Add, CommandKind::Move, CommandKind::Subtract];
            if id.is_root() && moves.into_iter().any(|kind| walk.in_command(kind)) {
                walk.departs(
                    &ROOT_COMMAND,
                    "ROOT in a command about members of a Context",
                );
            }
        }
    }

    fn mux(&self, walk: &mut Walk<'_>, mux: &MuxDescriptor<'_>) {
        if mux.terminations.iter().any(TerminationId::is_root) {
            walk.departs(&ROOT_COMMAND, "ROOT in a Mux");
        }
    }

    fn topology(&self, walk: &mut Walk<'_>, triples: &[TopologyTriple<'_>]) {
        for triple in triples {
            if triple.from.is_root() || triple.to.is_root() {
                walk.departs(&ROOT_COMMAND, "ROOT in a topology");
            }
        }
    }

    fn command(&self, walk: &mut Walk<'_>, command: &Command<'_>) {
        if let Command::Modify(modify) = command
            && modify.terminations.iter().any(TerminationId::is_root)
        {
            for descriptor in &modify.descriptors {
                root_descriptor(walk, descriptor);
            }
        }
    }

    fn command_reply(&self, walk: &mut Walk<'_>, reply: &CommandReply<'_>) {
        let chosen = walk.terminations().iter().find(|id| id.has_choose());
        if let Some(id) = chosen.filter(|_| !fails(reply)) {
            walk.departs(&CHOOSE_IN_REPLY, format!("CHOOSE in {}", shown(id)));
        }
    }
}

/// Whether the reply is an error.
pub(super) fn fails(reply: &CommandReply<'_>) -> bool {
    match reply {
        CommandReply::Add(returned)
        | CommandReply::Move(returned)
        | CommandReply::Modify(returned)
        | CommandReply::Subtract(returned)
        | CommandReply::AuditValue(AuditReply::Termination(returned))
        | CommandReply::AuditCapability(AuditReply::Termination(returned)) => {
            let error = |descriptor: &AuditReturn<'_>| matches!(descriptor, AuditReturn::Error(_));
            returned.descriptors.iter().any(error)
        }
        CommandReply::AuditValue(audit) | CommandReply::AuditCapability(audit) => {
            matches!(audit, AuditReply::ContextError(_))
        }
        CommandReply::Notify(reply) => reply.error.is_some(),
        CommandReply::ServiceChange(reply) => {
            matches!(reply.result, ServiceChangeResult::Error(_))
        }
    }
}

fn root_descriptor(walk: &mut Walk<'_>, descriptor: &AmmDescriptor<'_>) {
    match descriptor {
        AmmDescriptor::Signals(_) => walk.departs(&ROOT_DESCRIPTOR, "signals of ROOT"),
        AmmDescriptor::Media(media) if media.streams != Streams::Single(StreamParms::default()) => {
            walk.departs(&ROOT_DESCRIPTOR, "streams of ROOT");
        }
        AmmDescriptor::Media(_)
        | AmmDescriptor::Modem(_)
        | AmmDescriptor::Mux(_)
        | AmmDescriptor::Events(_)
        | AmmDescriptor::DigitMap(_)
        | AmmDescriptor::EventBuffer(_)
        | AmmDescriptor::Audit(_)
        | AmmDescriptor::Statistics(_) => {}
    }
}
