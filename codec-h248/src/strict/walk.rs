//! A walk through a message: where it is, and what it found.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt::{self, Write},
};

use super::{Departure, Place, Within, rules::Rule};
use crate::{
    ContextId, PackageItem, TerminationId, TransactionId, package::PackageRegistry,
    shown::write_letter,
};

/// Octets of a name or value that are shown: a long one would make what is told of a message much
/// longer than the message.
const SHOWN: usize = 64;

/// The walk.
pub(super) struct Walk<'m> {
    version: u8,
    /// Whether only what is newer than the version counts, in whichever encoding.
    for_newer: bool,
    packages: &'m PackageRegistry,
    reply: bool,
    transaction: Option<TransactionId>,
    context: Option<ContextId>,
    command: Option<(CommandKind, &'m [TerminationId<'m>])>,
    path: Vec<Step<'m>>,
    found: Vec<(&'static Rule, Departure)>,
}

/// The eight commands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum CommandKind {
    Add,
    Move,
    Modify,
    Subtract,
    AuditValue,
    AuditCapability,
    Notify,
    ServiceChange,
}

impl CommandKind {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Move => "Move",
            Self::Modify => "Modify",
            Self::Subtract => "Subtract",
            Self::AuditValue => "AuditValue",
            Self::AuditCapability => "AuditCapability",
            Self::Notify => "Notify",
            Self::ServiceChange => "ServiceChange",
        }
    }
}

/// One step from a command or an action inwards.
pub(super) enum Step<'m> {
    /// A descriptor or the like.
    Word(&'static str),
    /// One of several, by its number.
    Numbered(&'static str, u16),
    /// A property, event, signal or statistic.
    Item(&'m PackageItem<'m>),
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Numbered(word, number) => write!(f, "{word} {number}"),
            Self::Item(item) => f.write_str(&shown(item)),
        }
    }
}

impl<'m> Walk<'m> {
    pub(super) fn new(version: u8, packages: &'m PackageRegistry) -> Self {
        Self {
            version,
            for_newer: false,
            packages,
            reply: false,
            transaction: None,
            context: None,
            command: None,
            path: Vec::new(),
            found: Vec::new(),
        }
    }

    /// A walk that looks for what is newer than the version, and for nothing else.
    pub(super) fn for_newer(version: u8, packages: &'m PackageRegistry) -> Self {
        Self {
            for_newer: true,
            ..Self::new(version, packages)
        }
    }

    /// The first departure.
    pub(super) fn first(self) -> Option<Departure> {
        let mut found = self.found.into_iter();
        found.next().map(|(_, departure)| departure)
    }

    pub(super) fn found(self) -> Vec<(&'static Rule, Departure)> {
        self.found
    }

    /// A departure here.
    pub(super) fn departs(&mut self, rule: &'static Rule, what: impl Into<Cow<'static, str>>) {
        if !self.for_newer {
            self.take(rule, what.into());
        }
    }

    fn take(&mut self, rule: &'static Rule, what: Cow<'static, str>) {
        let departure = Departure {
            rule: rule.rule,
            clause: rule.clause,
            text_only: rule.text_only,
            what,
            place: Place::Within(self.place()),
        };
        self.found.push((rule, departure));
    }

    /// A departure here if the message's version is below `version`.
    pub(super) fn since(&mut self, version: u8, rule: &'static Rule, what: &str) {
        if self.version < version && !(self.for_newer && rule.text_only) {
            let here = self.version;
            let what =
                format!("{what} in a message of version {here}, which version {version} brought");
            self.take(rule, what.into());
        }
    }

    /// A departure for each entry of a list that stands in it before.
    pub(super) fn once<K: Ord>(
        &mut self,
        rule: &'static Rule,
        entries: impl Iterator<Item = (K, impl fmt::Display)>,
    ) {
        let mut seen = BTreeSet::new();
        for (key, name) in entries {
            if !seen.insert(key) {
                self.departs(rule, format!("{} more than once", shown(&name)));
            }
        }
    }

    fn place(&self) -> Within {
        let command = self.command.map(|(kind, ids)| match ids {
            [] => kind.name().to_owned(),
            [id] => format!("{} {}", kind.name(), shown(id)),
            [id, more @ ..] => format!("{} {} and {} more", kind.name(), shown(id), more.len()),
        });
        let steps: Vec<_> = self.path.iter().map(ToString::to_string).collect();
        Within {
            transaction: self.transaction,
            context: self.context,
            command,
            descriptor: Some(steps.join(", ")).filter(|steps| !steps.is_empty()),
        }
    }

    /// A look at what is one step further in.
    pub(super) fn within(&mut self, step: Step<'m>, look: impl FnOnce(&mut Self)) {
        self.path.push(step);
        look(self);
        self.path.pop();
    }

    /// A look at what is in the descriptor or the like of that name.
    pub(super) fn at(&mut self, word: &'static str, look: impl FnOnce(&mut Self)) {
        self.within(Step::Word(word), look);
    }

    /// A look at a transaction.
    pub(super) fn transaction(
        &mut self,
        id: TransactionId,
        reply: bool,
        look: impl FnOnce(&mut Self),
    ) {
        self.transaction = Some(id);
        self.reply = reply;
        look(self);
        self.transaction = None;
        self.reply = false;
    }

    /// A look at an action.
    pub(super) fn action(&mut self, context: ContextId, look: impl FnOnce(&mut Self)) {
        self.context = Some(context);
        look(self);
        self.context = None;
    }

    /// A look at a command or the reply to one.
    pub(super) fn command(
        &mut self,
        kind: CommandKind,
        terminations: &'m [TerminationId<'m>],
        look: impl FnOnce(&mut Self),
    ) {
        self.command = Some((kind, terminations));
        look(self);
        self.command = None;
    }

    /// The version in the header.
    pub(super) fn version(&self) -> u8 {
        self.version
    }

    /// The packages that are known.
    pub(super) fn packages(&self) -> &'m PackageRegistry {
        self.packages
    }

    /// Whether this is part of a reply.
    pub(super) fn in_reply(&self) -> bool {
        self.reply
    }

    /// Whether this is the command, or its reply.
    pub(super) fn in_command(&self, kind: CommandKind) -> bool {
        self.command.is_some_and(|(command, _)| command == kind)
    }

    /// Whether this is part of what a gateway answers to AuditCapability: what may be, not what is.
    pub(super) fn in_capabilities(&self) -> bool {
        self.reply && self.in_command(CommandKind::AuditCapability)
    }

    /// The Terminations of the command.
    pub(super) fn terminations(&self) -> &'m [TerminationId<'m>] {
        self.command.map_or(&[], |(_, terminations)| terminations)
    }

    /// The action's Context.
    pub(super) fn context(&self) -> Option<ContextId> {
        self.context
    }
}

/// A name or value as it is told, its end left out where it is long.
pub(super) fn shown(name: &impl fmt::Display) -> String {
    let mut beginning = Beginning::default();
    if write!(beginning, "{name}").is_err() {
        beginning.0.push('…');
    }
    beginning.0
}

/// Takes as much of a text as is shown; more of it is not even made.
#[derive(Default)]
struct Beginning(String);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.len() >= SHOWN {
                return Err(fmt::Error);
            }
            write_letter(&mut self.0, character)?;
        }
        Ok(())
    }
}
