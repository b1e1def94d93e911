//! What may be said of which Context (H.248.1 6.1, 7.1.18, 7.2.9).

use std::collections::BTreeMap;

use super::{Concern, table::*, terminations::fails};
use crate::{
    ActionReply, ActionRequest, Command, ContextAudit, ContextAuditItem, ContextId, TerminationId,
    TopologyDirection, TopologyTriple, spelling::Spelling, strict::walk::Walk,
};

pub(super) struct Contexts;

impl Concern for Contexts {
    fn action_request(&self, walk: &mut Walk<'_>, action: &ActionRequest<'_>) {
        match action.context {
            ContextId::Choose => chosen(walk, action),
            ContextId::Null => null(walk, action),
            ContextId::All | ContextId::Id(_) => {}
        }
        let chooses = action
            .commands
            .iter()
            .any(|request| adds_chosen(&request.command));
        for triples in action.topologies() {
            walk.at("Topology", |walk| topology_choose(walk, triples, chooses));
        }
    }

    fn action_reply(&self, walk: &mut Walk<'_>, action: &ActionReply<'_>) {
        let failed = action.error.is_some() || action.commands.iter().any(fails);
        if action.context == ContextId::Choose && !failed {
            walk.departs(&CHOOSE_CONTEXT_IN_REPLY, "CHOOSE as the Context of a reply");
        }
        if action.context == ContextId::Null && !action.properties.is_empty() {
            walk.departs(&NULL_CONTEXT_ATTRIBUTE, "attributes of the null Context");
        }
    }

    fn topology(&self, walk: &mut Walk<'_>, triples: &[TopologyTriple<'_>]) {
        for triple in triples {
            directed(walk, triple);
        }
        mixed(walk, triples);
    }

    fn context_audit(&self, walk: &mut Walk<'_>, audit: &ContextAudit<'_>) {
        let asks = |item: &ContextAuditItem<'_>| matches!(item, ContextAuditItem::Attributes(_));
        if audit.items.len() > 1 && audit.items.iter().any(asks) {
            walk.departs(&CONTEXT_AUDIT_ALONE, "ContextAttr beside other items");
        }
    }
}

/// The items of an audit, those within ContextAttr among them.
pub(super) fn asked<'i, 'a>(
    audit: &'i ContextAudit<'a>,
) -> impl Iterator<Item = &'i ContextAuditItem<'a>> {
    audit.items.iter().flat_map(|item| {
        if let ContextAuditItem::Attributes(within) = item {
            within.as_slice()
        } else {
            std::slice::from_ref(item)
        }
    })
}

/// An action for a Context that is to be made.
fn chosen(walk: &mut Walk<'_>, action: &ActionRequest<'_>) {
    let makes = action.commands.iter().any(|request| {
        let command = &request.command;
        matches!(command, Command::Add(_) | Command::Move(_))
    });
    if !makes {
        walk.departs(&CHOOSE_CONTEXT, "CHOOSE without Add and Move");
    }
}

/// An action for the null Context.
fn null(walk: &mut Walk<'_>, action: &ActionRequest<'_>) {
    if !action.properties.is_empty() {
        walk.departs(&NULL_CONTEXT_ATTRIBUTE, "attributes of the null Context");
    }
    if action.audit.is_some() {
        walk.departs(
            &NULL_CONTEXT_ATTRIBUTE,
            "an audit of the null Context's attributes",
        );
    }
    for request in &action.commands {
        let name = match &request.command {
            Command::Add(_) => "Add",
            Command::Move(_) => "Move",
            Command::Subtract(_) => "Subtract",
            Command::Modify(_)
            | Command::AuditValue(_)
            | Command::AuditCapability(_)
            | Command::Notify(_)
            | Command::ServiceChange(_) => continue,
        };
        walk.departs(&NULL_CONTEXT_COMMAND, format!("{name} in the null Context"));
    }
}

/// Whether the command adds a Termination that the gateway chooses.
fn adds_chosen(command: &Command<'_>) -> bool {
    match command {
        Command::Add(add) => add.terminations.iter().any(TerminationId::has_choose),
        Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_)
        | Command::ServiceChange(_) => false,
    }
}

/// CHOOSE in the topology of a request, whose action adds a chosen Termination or does not.
fn topology_choose(walk: &mut Walk<'_>, triples: &[TopologyTriple<'_>], chooses: bool) {
    for id in triples.iter().flat_map(|triple| [&triple.from, &triple.to]) {
        if id.has_choose() && !id.is_choose() {
            walk.departs(&TOPOLOGY_PART, "CHOOSE as a part of a name");
        } else if id.is_choose() && !chooses {
            walk.departs(&TOPOLOGY_CHOOSE, "CHOOSE, and no Add that chooses");
        }
    }
}

/// The sides of a direction that is not the same both ways.
fn directed(walk: &mut Walk<'_>, triple: &TopologyTriple<'_>) {
    let (from, to) = (&triple.from, &triple.to);
    let forbidden = match triple.direction {
        TopologyDirection::Bothway | TopologyDirection::Isolate => return,
        TopologyDirection::Oneway => false,
        TopologyDirection::OnewayExternal => from.is_all(),
        TopologyDirection::OnewayBoth => from.is_all() || to.is_all(),
    };
    if forbidden {
        walk.departs(&TOPOLOGY_ALL, "ALL in this direction");
    } else if from == to {
        walk.departs(&TOPOLOGY_OVERLAP, "the same Termination on both sides");
    }
}

/// Pairs that are spoken of both with and without a stream.
fn mixed(walk: &mut Walk<'_>, triples: &[TopologyTriple<'_>]) {
    let mut pairs = BTreeMap::new();
    for triple in triples {
        let (from, to) = (Spelling(triple.from.as_str()), Spelling(triple.to.as_str()));
        let pair = if from <= to { (from, to) } else { (to, from) };
        let with_stream = triple.stream.is_some();
        if *pairs.entry(pair).or_insert(with_stream) != with_stream {
            walk.departs(&TOPOLOGY_MIXED, "a pair with a stream and without");
        }
    }
}
