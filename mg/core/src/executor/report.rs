//! The shape of replies (H.248.1 8.2.2, 6.2.2, 7.2.5).

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    hash::{DefaultHasher, Hasher},
};

use codec_h248::{
    AmmsReply, AuditReply, Command, CommandReply, CommandRequest, ContextId, List, NotifyReply,
    ServiceChangeReply, ServiceChangeResult, TerminationId,
    descriptor::{AuditReturn, ErrorDescriptor},
    list,
};
use mg_contract::{StreamStatistics, Ticket};

use super::{
    item::Item,
    target::{self, Here},
};

/// What came of a command on one Termination, as the reply says it.
struct Finished {
    context: ContextId,
    termination: TerminationId<'static>,
    descriptors: List<AuditReturn<'static>>,
    error: Option<ErrorDescriptor<'static>>,
}

/// Replies to one command, by Context.
pub(crate) fn replies(
    here: Here,
    request: &CommandRequest<'static>,
    items: Vec<Item>,
    answers: &BTreeMap<Ticket, StreamStatistics>,
) -> Vec<(ContextId, List<CommandReply<'static>>)> {
    let finished: Vec<Finished> = items
        .into_iter()
        .map(|item| finish(item, answers))
        .collect();
    let names = target::terminations(&request.command);
    let wildcard = names.iter().any(TerminationId::has_all);
    if finished.is_empty() || (request.wildcard_return && wildcard) {
        return vec![(here.id(), united(&request.command, names, finished))];
    }
    let mut groups: Vec<(ContextId, Vec<Finished>)> = Vec::new();
    for one in finished {
        let context = if here == Here::All {
            one.context
        } else {
            here.id()
        };
        match groups.last_mut() {
            Some((last, group)) if *last == context => group.push(one),
            Some(_) | None => groups.push((context, vec![one])),
        }
    }
    let condensed = wildcard && only_names(&request.command);
    let write = |(context, group): (ContextId, Vec<Finished>)| {
        let replies = if condensed && group.iter().all(|one| one.error.is_none()) {
            let names = group.into_iter().map(|one| one.termination).collect();
            list![CommandReply::AuditValue(AuditReply::Context(names))]
        } else {
            group
                .into_iter()
                .map(|one| single(&request.command, one))
                .collect()
        };
        (context, replies)
    };
    groups.into_iter().map(write).collect()
}

fn finish(item: Item, answers: &BTreeMap<Ticket, StreamStatistics>) -> Finished {
    let (descriptors, error) = match item.outcome {
        Ok(returns) => {
            let each = returns.into_iter().map(|one| one.finish(answers));
            (each.collect(), None)
        }
        Err(error) => (List::new(), Some(error.descriptor())),
    };
    Finished {
        context: item.context,
        termination: item.termination,
        descriptors,
        error,
    }
}

/// Whether an audit asks for nothing but names.
fn only_names(command: &Command<'_>) -> bool {
    matches!(command, Command::AuditValue(request) if request.audit.items.is_empty())
}

fn single(command: &Command<'static>, one: Finished) -> CommandReply<'static> {
    write(command, list![one.termination], one.descriptors, one.error)
}

/// Descriptors without doubles, in the order in which they came.
#[derive(Default)]
struct Union {
    found: List<AuditReturn<'static>>,
    /// Where those are that are spelled out alike, by a hash of that.
    places: BTreeMap<u64, Vec<usize>>,
}

impl Union {
    /// Most descriptors are one of so many that came first, which is found out without a hash.
    const USUAL: usize = 16;

    fn insert(&mut self, descriptor: AuditReturn<'static>) {
        if self
            .found
            .iter()
            .take(Self::USUAL)
            .any(|one| *one == descriptor)
        {
            return;
        }
        let mut spelled = Spelled(DefaultHasher::new());
        // Writing into a hash cannot fail.
        let _ = write!(spelled, "{descriptor:?}");
        let places = self.places.entry(spelled.0.finish()).or_default();
        if places
            .iter()
            .all(|place| self.found.get(*place) != Some(&descriptor))
        {
            places.push(self.found.len());
            self.found.push(descriptor);
        }
    }
}

/// The hash of what is spelled out.
struct Spelled(DefaultHasher);

impl fmt::Write for Spelled {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write(text.as_bytes());
        Ok(())
    }
}

/// One reply for all that succeeded, with every value once, then one for each that failed.
fn united(
    command: &Command<'static>,
    names: &[TerminationId<'static>],
    finished: Vec<Finished>,
) -> List<CommandReply<'static>> {
    let mut union = Union::default();
    let mut failures = Vec::new();
    let mut succeeded = finished.is_empty();
    for one in finished {
        if one.error.is_some() {
            failures.push(single(command, one));
            continue;
        }
        succeeded = true;
        for descriptor in one.descriptors {
            union.insert(descriptor);
        }
    }
    let mut replies = Vec::new();
    if succeeded {
        replies.push(write(command, names.to_vec().into(), union.found, None));
    }
    replies.extend(failures);
    replies.into()
}

fn write(
    command: &Command<'static>,
    terminations: List<TerminationId<'static>>,
    mut descriptors: List<AuditReturn<'static>>,
    error: Option<ErrorDescriptor<'static>>,
) -> CommandReply<'static> {
    let amms = |terminations, error: Option<ErrorDescriptor<'static>>| {
        descriptors.extend(error.map(AuditReturn::Error));
        AmmsReply {
            terminations,
            descriptors,
        }
    };
    match command {
        Command::Add(_) => CommandReply::Add(amms(terminations, error)),
        Command::Move(_) => CommandReply::Move(amms(terminations, error)),
        Command::Modify(_) => CommandReply::Modify(amms(terminations, error)),
        Command::Subtract(_) => CommandReply::Subtract(amms(terminations, error)),
        Command::AuditValue(_) => {
            CommandReply::AuditValue(AuditReply::Termination(amms(terminations, error)))
        }
        Command::AuditCapability(_) => {
            CommandReply::AuditCapability(AuditReply::Termination(amms(terminations, error)))
        }
        Command::Notify(_) => CommandReply::Notify(NotifyReply {
            terminations,
            error,
        }),
        Command::ServiceChange(_) => CommandReply::ServiceChange(ServiceChangeReply {
            terminations,
            result: error.map_or(ServiceChangeResult::Accepted, ServiceChangeResult::Error),
        }),
    }
}
