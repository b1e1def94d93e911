//! What a command is about: names and wildcards resolved, each refused on its own
//! (H.248.1 6.2.2, 7.2).

use std::collections::BTreeSet;

use codec_h248::{Command, ContextId, TerminationId, ToBoundedStatic};
use transport_h248::mutants::{Mutant, seeded};

use super::size;
use crate::{
    CommandError, Limits,
    gateway::{
        Gateway, TerminationKey,
        context::Attributes,
        wildcard::{self, Scope},
    },
};

/// A part of a command is carried out on a Termination in the time of so many looks at names.
const PART_LOOKS: usize = 2;

/// The Context that an action is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Here {
    /// The null Context.
    Null,
    /// Every other Context.
    All,
    /// One Context.
    Made(u32),
    /// One that the first Add or Move makes.
    Unmade(Attributes),
}

impl Here {
    /// How a reply names it.
    pub(crate) fn id(self) -> ContextId {
        match self {
            Self::Null => ContextId::Null,
            Self::All => ContextId::All,
            Self::Made(id) => ContextId::Id(id),
            Self::Unmade(_) => ContextId::Choose,
        }
    }
}

/// One thing that a command is carried out on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    /// ROOT.
    Root,
    /// ROOT in every Context: the Context itself.
    Context(u32),
    /// A Termination.
    Termination(Member),
    /// A Termination that is to be made, by the name that it is asked for with.
    New(TerminationId<'static>),
    /// A physical Termination that is to be chosen when its turn comes.
    Chosen(TerminationId<'static>),
    /// Nothing: the name is refused.
    Refused(TerminationId<'static>, CommandError),
}

/// A Termination that exists.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Member {
    /// Which one.
    pub(crate) key: TerminationKey,
    /// Its name, spelled as the controller does.
    pub(crate) id: TerminationId<'static>,
}

/// What a command does with the names it is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Add,
    Move,
    Modify,
    Subtract,
    AuditValue,
    AuditCapability,
    Notify,
    ServiceChange,
}

/// The names that a command is given.
pub(crate) fn terminations<'a>(command: &'a Command<'static>) -> &'a [TerminationId<'static>] {
    match command {
        Command::Add(request) | Command::Move(request) | Command::Modify(request) => {
            &request.terminations
        }
        Command::Subtract(request) => &request.terminations,
        Command::AuditValue(request) | Command::AuditCapability(request) => &request.terminations,
        Command::Notify(request) => &request.terminations,
        Command::ServiceChange(request) => &request.terminations,
    }
}

fn kind(command: &Command<'_>) -> Kind {
    match command {
        Command::Add(_) => Kind::Add,
        Command::Move(_) => Kind::Move,
        Command::Modify(_) => Kind::Modify,
        Command::Subtract(_) => Kind::Subtract,
        Command::AuditValue(_) => Kind::AuditValue,
        Command::AuditCapability(_) => Kind::AuditCapability,
        Command::Notify(_) => Kind::Notify,
        Command::ServiceChange(_) => Kind::ServiceChange,
    }
}

/// What the transactions of a message may still cost, however it is spread over them, their commands
/// and names. As a datagram holds thousands of those, this bounds how long it can keep the program.
#[derive(Debug)]
pub(crate) struct Budget {
    items: usize,
    parts: usize,
    looks: usize,
}

impl Budget {
    /// That of a message of which nothing is done.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            items: limits.reply_items,
            parts: limits.reply_parts,
            looks: limits.wildcard_looks,
        }
    }

    /// Whether a good part of it is spent: what was done has taken long.
    pub(crate) fn is_worn(&self, limits: &Limits) -> bool {
        self.items < limits.reply_items / 4 * 3
            || self.parts < limits.reply_parts / 4 * 3
            || self.looks < limits.wildcard_looks / 4 * 3
    }

    /// Accounts for items of replies.
    pub(crate) fn spend_items(&mut self, count: usize) -> Result<(), CommandError> {
        let left = self.items.checked_sub(count);
        self.items = left.ok_or(CommandError::ReplyTooLarge)?;
        Ok(())
    }

    /// Accounts for what replies hold.
    pub(crate) fn spend_parts(&mut self, count: usize) -> Result<(), CommandError> {
        let left = self.parts.checked_sub(count);
        self.parts = left.ok_or(CommandError::ReplyTooLarge)?;
        Ok(())
    }

    /// Accounts for Terminations, Contexts and pairs that are looked at.
    pub(crate) fn spend_looks(&mut self, count: usize) -> Result<(), CommandError> {
        let left = self.looks.checked_sub(count);
        self.looks = left.ok_or(CommandError::TooManyWildcards)?;
        Ok(())
    }
}

/// Resolves the names of a command, in the order written; fails where they stand for more than the
/// transaction may still have.
pub(crate) fn resolve(
    gateway: &Gateway,
    here: Here,
    only: Option<&BTreeSet<u32>>,
    command: &Command<'static>,
    budget: &mut Budget,
) -> Result<Vec<Target>, CommandError> {
    let kind = kind(command);
    let looks = size::command(command).saturating_mul(PART_LOOKS);
    let mut targets = Vec::new();
    for id in terminations(command) {
        let found = resolve_one(gateway, here, kind, id, budget)
            .and_then(|found| narrowed(gateway, only, id, found))
            .unwrap_or_else(|error| vec![Target::Refused(id.clone(), error)]);
        budget.spend_items(found.len())?;
        budget.spend_looks(found.len().saturating_mul(looks))?;
        targets.extend(found);
    }
    Ok(targets)
}

/// Those that are in a Context that the action selects.
fn narrowed(
    gateway: &Gateway,
    only: Option<&BTreeSet<u32>>,
    id: &TerminationId<'_>,
    mut targets: Vec<Target>,
) -> Result<Vec<Target>, CommandError> {
    let Some(only) = only else {
        return Ok(targets);
    };
    targets.retain(|target| match target {
        Target::Context(context) => only.contains(context),
        Target::Termination(member) => gateway
            .termination(member.key)
            .and_then(|found| found.context)
            .is_some_and(|context| only.contains(&context)),
        Target::Root | Target::New(_) | Target::Chosen(_) | Target::Refused(..) => true,
    });
    if !targets.is_empty() || id.is_root() {
        Ok(targets)
    } else if id.has_all() {
        Err(CommandError::NoMatch(id.to_static()))
    } else {
        Err(CommandError::NotInContext(id.to_static()))
    }
}

fn resolve_one(
    gateway: &Gateway,
    here: Here,
    kind: Kind,
    id: &TerminationId<'_>,
    budget: &mut Budget,
) -> Result<Vec<Target>, CommandError> {
    check_place(here, kind)?;
    if id.is_root() {
        return resolve_root(gateway, here, kind);
    }
    match kind {
        Kind::Add => resolve_add(gateway, id, budget),
        Kind::Move => resolve_move(gateway, id, budget),
        Kind::Modify
        | Kind::Subtract
        | Kind::AuditValue
        | Kind::AuditCapability
        | Kind::Notify
        | Kind::ServiceChange => match here {
            Here::Null => existing(gateway, Scope::Null, id, budget),
            Here::All => existing(gateway, Scope::All, id, budget),
            Here::Made(context) => existing(gateway, Scope::Context(context), id, budget),
            Here::Unmade(_) => Err(CommandError::NoContextMade(ContextId::Choose)),
        },
    }
}

/// Refuses what this Context does not take, whatever the name.
fn check_place(here: Here, kind: Kind) -> Result<(), CommandError> {
    match (kind, here) {
        (Kind::Notify, _) => Err(CommandError::UnknownCommand("Notify")),
        (Kind::Add | Kind::Move, Here::Null | Here::All) | (Kind::Subtract, Here::Null) => {
            Err(CommandError::IllegalAction(here.id()))
        }
        (
            Kind::Modify
            | Kind::Subtract
            | Kind::AuditValue
            | Kind::AuditCapability
            | Kind::ServiceChange,
            Here::Unmade(_),
        ) => Err(CommandError::NoContextMade(here.id())),
        (
            Kind::Add
            | Kind::Move
            | Kind::Modify
            | Kind::Subtract
            | Kind::AuditValue
            | Kind::AuditCapability
            | Kind::ServiceChange,
            Here::Null | Here::All | Here::Made(_) | Here::Unmade(_),
        ) => Ok(()),
    }
}

fn resolve_root(gateway: &Gateway, here: Here, kind: Kind) -> Result<Vec<Target>, CommandError> {
    let refused = Err(CommandError::IncorrectIdentifier(TerminationId::ROOT));
    match (kind, here) {
        (Kind::AuditValue, Here::All) => {
            let contexts = gateway.contexts().map(|(id, _)| Target::Context(id));
            let null = seeded(Mutant::M07).then_some(Target::Root);
            Ok(contexts.chain(null).collect())
        }
        (
            Kind::Modify | Kind::AuditValue | Kind::AuditCapability | Kind::ServiceChange,
            Here::Null,
        ) => Ok(vec![Target::Root]),
        (
            Kind::Add
            | Kind::Move
            | Kind::Modify
            | Kind::Subtract
            | Kind::AuditValue
            | Kind::AuditCapability
            | Kind::Notify
            | Kind::ServiceChange,
            Here::Null | Here::All | Here::Made(_) | Here::Unmade(_),
        ) => refused,
    }
}

/// What Add puts into a Context: a new Termination, or physical ones of the null Context (7.2.1).
fn resolve_add(
    gateway: &Gateway,
    id: &TerminationId<'_>,
    budget: &mut Budget,
) -> Result<Vec<Target>, CommandError> {
    if id.has_choose() {
        if id.has_all() {
            return Err(CommandError::IncorrectIdentifier(id.to_static()));
        }
        return Ok(vec![if wildcard::can_be_made(id) {
            Target::New(id.to_static())
        } else {
            Target::Chosen(id.to_static())
        }]);
    }
    if id.has_all() {
        return existing(gateway, Scope::Null, id, budget);
    }
    let Some(key) = gateway.find(id) else {
        return Err(CommandError::UnknownTermination(id.to_static()));
    };
    let id = id.to_static();
    Ok(vec![Target::Termination(Member { key, id })])
}

/// Nothing is moved out of the null Context (7.2.4).
fn resolve_move(
    gateway: &Gateway,
    id: &TerminationId<'_>,
    budget: &mut Budget,
) -> Result<Vec<Target>, CommandError> {
    let found = gateway.find(id).and_then(|key| gateway.termination(key));
    if found.is_some_and(|termination| termination.context.is_none()) {
        return Err(CommandError::IllegalAction(ContextId::Null));
    }
    existing(gateway, Scope::All, id, budget)
}

fn existing(
    gateway: &Gateway,
    scope: Scope,
    id: &TerminationId<'_>,
    budget: &mut Budget,
) -> Result<Vec<Target>, CommandError> {
    if id.has_choose() {
        return Err(CommandError::IncorrectIdentifier(id.to_static()));
    }
    if id.has_all() {
        budget.spend_looks(wildcard::looks(gateway, scope))?;
        let found = wildcard::matching(gateway, scope, id);
        if found.is_empty() {
            return Err(CommandError::NoMatch(id.to_static()));
        }
        let named = found.into_iter().filter_map(|key| {
            let id = gateway.termination(key)?.id.clone();
            Some(Target::Termination(Member { key, id }))
        });
        return Ok(named.collect());
    }
    let found = gateway.find(id).and_then(|key| {
        let termination = gateway.termination(key)?;
        Some((key, termination.context))
    });
    let Some((key, context)) = found else {
        return Err(CommandError::UnknownTermination(id.to_static()));
    };
    let id = id.to_static();
    match scope {
        Scope::Context(wanted) if context != Some(wanted) && !seeded(Mutant::M08) => {
            Err(CommandError::NotInContext(id))
        }
        Scope::Null if context.is_some() => Err(CommandError::NotInContext(id)),
        Scope::All if context.is_none() && !seeded(Mutant::M07) => {
            Err(CommandError::NotInContext(id))
        }
        Scope::Null | Scope::All | Scope::Context(_) => {
            Ok(vec![Target::Termination(Member { key, id })])
        }
    }
}
