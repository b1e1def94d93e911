//! What a gateway's reply says, or why it says nothing that fits.

use codec_h248::{
    ActionReply, AmmsReply, AuditReply, CommandReply, ContextId, ContextProperty,
    ServiceChangeResult, TerminationId, TransactionResult,
    descriptor::{AuditReturn, ErrorDescriptor, StreamParms, Streams},
};

use super::errand::{Errand, Order};
use crate::sdp::Audio;

/// A reply that is not the one hoped for.
#[derive(Debug)]
pub(super) enum Fault {
    /// The gateway refused.
    Error(ErrorDescriptor<'static>),
    /// The reply does not fit the request.
    Shape(&'static str),
}

/// Contexts and the names of what is in them.
#[derive(Debug, Default)]
pub(crate) struct Whereabouts {
    /// Each Context with its Terminations.
    pub(crate) contexts: Vec<(u32, Vec<TerminationId<'static>>)>,
    /// What the gateway could not say, and why.
    pub(crate) error: Option<ErrorDescriptor<'static>>,
}

/// Reads the reply to one action of one Add, Move, Modify or Subtract: its Context and the
/// command's reply, which must be one to this command about this Termination.
pub(super) fn amms<'a>(
    errand: &Errand,
    result: &'a TransactionResult<'static>,
) -> Result<(u32, &'a AmmsReply<'static>), Fault> {
    let action = match result {
        TransactionResult::Error(error) => return Err(Fault::Error(error.clone())),
        TransactionResult::Actions(actions) => actions.first(),
    };
    let action = action.ok_or(Fault::Shape("it answers no action"))?;
    if let Some(error) = &action.error {
        return Err(Fault::Error(error.clone()));
    }
    let command = action.commands.first();
    let reply = match command {
        Some(
            CommandReply::Add(reply)
            | CommandReply::Move(reply)
            | CommandReply::Modify(reply)
            | CommandReply::Subtract(reply),
        ) => reply,
        Some(
            CommandReply::AuditValue(_)
            | CommandReply::AuditCapability(_)
            | CommandReply::Notify(_)
            | CommandReply::ServiceChange(_),
        )
        | None => return Err(Fault::Shape("it answers no command")),
    };
    if let Some(error) = error_of(reply) {
        return Err(Fault::Error(error.clone()));
    }
    if !command.is_some_and(|command| answers(&errand.order, command)) {
        return Err(Fault::Shape("it answers another command"));
    }
    let is_add = matches!(errand.order, Order::Add { .. });
    if !is_add && reply.terminations.first() != Some(&errand.termination) {
        return Err(Fault::Shape("it is about another Termination"));
    }
    match action.context {
        ContextId::Id(context) => Ok((context, reply)),
        ContextId::Null | ContextId::Choose | ContextId::All => {
            Err(Fault::Shape("it names no Context"))
        }
    }
}

fn answers(order: &Order, reply: &CommandReply<'static>) -> bool {
    match order {
        Order::Add { .. } => matches!(reply, CommandReply::Add(_)),
        Order::Move { .. } => matches!(reply, CommandReply::Move(_)),
        Order::Regroup { .. } | Order::Close | Order::Reopen { .. } | Order::Supervise(_) => {
            matches!(reply, CommandReply::Modify(_))
        }
        Order::Release | Order::Leave => matches!(reply, CommandReply::Subtract(_)),
    }
}

/// Reads the reply to one ServiceChange: why the gateway does not do it, if so.
pub(super) fn service_change(result: &TransactionResult<'static>) -> Result<(), Fault> {
    let action = match result {
        TransactionResult::Error(error) => return Err(Fault::Error(error.clone())),
        TransactionResult::Actions(actions) => actions.first(),
    };
    let action = action.ok_or(Fault::Shape("it answers no action"))?;
    if let Some(error) = &action.error {
        return Err(Fault::Error(error.clone()));
    }
    let reply = action.commands.iter().find_map(|reply| {
        if let CommandReply::ServiceChange(reply) = reply {
            Some(&reply.result)
        } else {
            None
        }
    });
    match reply.ok_or(Fault::Shape("it answers no command"))? {
        ServiceChangeResult::Error(error) => Err(Fault::Error(error.clone())),
        ServiceChangeResult::Accepted | ServiceChangeResult::Services(_) => Ok(()),
    }
}

/// The Termination that an Add's reply names.
pub(super) fn termination(reply: &AmmsReply<'static>) -> Option<TerminationId<'static>> {
    let termination = reply.terminations.first()?;
    let fit = !termination.has_choose() && !termination.has_all() && !termination.is_root();
    fit.then(|| termination.clone())
}

/// What the gateway receives, as an Add's reply says.
pub(super) fn local(reply: &AmmsReply<'static>) -> Result<Audio, &'static str> {
    let media = reply.descriptors.iter().find_map(|descriptor| {
        if let AuditReturn::Media(media) = descriptor {
            Some(media)
        } else {
            None
        }
    });
    let parms: &StreamParms<'static> = match &media.ok_or("it holds no Media")?.streams {
        Streams::Single(parms) => parms,
        Streams::Several(streams) => &streams.first().ok_or("it holds no stream")?.parms,
    };
    let local = parms.local.as_ref().ok_or("it holds no Local")?;
    Audio::from_local(&local.octets)
}

/// Whether the reply to an audit of packages names this one.
pub(super) fn names_package(result: &TransactionResult<'static>, name: &str) -> bool {
    let TransactionResult::Actions(actions) = result else {
        return false;
    };
    let commands = actions.iter().flat_map(|action| &action.commands);
    let told = commands.filter_map(|command| {
        if let CommandReply::AuditValue(AuditReply::Termination(reply)) = command {
            Some(&reply.descriptors)
        } else {
            None
        }
    });
    told.flatten().any(|descriptor| {
        if let AuditReturn::Packages(told) = descriptor {
            told.packages.iter().any(|package| package.name.is(name))
        } else {
            false
        }
    })
}

/// So many figures of a Leg are told.
const FIGURES_MAX: usize = 64;

/// What a Termination's end tells that was counted of it, whatever package that is of.
pub(super) fn counted(reply: &AmmsReply<'static>) -> Vec<(String, String)> {
    let told = reply.descriptors.iter().filter_map(|descriptor| {
        if let AuditReturn::Statistics(told) = descriptor {
            Some(&told.statistics)
        } else {
            None
        }
    });
    let figures = told.flatten().filter_map(|figure| {
        let values = figure.value.as_ref()?.values().iter();
        let values: Vec<&str> = values.map(|value| &*value.text).collect();
        Some((figure.name.to_string(), values.join(",")))
    });
    figures.take(FIGURES_MAX).collect()
}

/// Reads the reply to an audit that asked for names alone.
pub(super) fn whereabouts(result: TransactionResult<'static>) -> Whereabouts {
    let mut found = Whereabouts::default();
    match result {
        TransactionResult::Error(error) => found.error = Some(error),
        TransactionResult::Actions(actions) => {
            for action in actions {
                found.take(action);
            }
        }
    }
    found
}

impl Whereabouts {
    fn take(&mut self, action: ActionReply<'static>) {
        let bare = action.commands.is_empty() && action.error.is_none();
        self.error = action.error.or(self.error.take());
        for property in &action.properties {
            if let ContextProperty::ContextList(listed) = property {
                self.list(listed);
            }
        }
        let mut names = Vec::new();
        for command in action.commands {
            let CommandReply::AuditValue(reply) = command else {
                continue;
            };
            match reply {
                AuditReply::Context(terminations) => names.extend(terminations),
                AuditReply::ContextError(error) => self.error = Some(error),
                AuditReply::Termination(reply) => match error_of(&reply) {
                    Some(error) => self.error = Some(error.clone()),
                    None => names.extend(reply.terminations),
                },
            }
        }
        if let (ContextId::Id(context), true) = (action.context, bare || !names.is_empty()) {
            self.contexts.push((context, names));
        }
    }

    /// Notes Contexts of which nothing but their numbers is told.
    fn list(&mut self, contexts: &[ContextId]) {
        let numbers = contexts.iter().filter_map(|context| match context {
            ContextId::Id(number) => Some((*number, Vec::new())),
            ContextId::Null | ContextId::Choose | ContextId::All => None,
        });
        self.contexts.extend(numbers);
    }

    /// The Context that holds the Termination.
    pub(super) fn find(&self, termination: &TerminationId<'_>) -> Option<u32> {
        self.contexts
            .iter()
            .find(|(_, names)| names.iter().any(|name| name == termination))
            .map(|(context, _)| *context)
    }
}

fn error_of<'a>(reply: &'a AmmsReply<'static>) -> Option<&'a ErrorDescriptor<'static>> {
    reply.descriptors.iter().find_map(|descriptor| {
        if let AuditReturn::Error(error) = descriptor {
            Some(error)
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use codec_h248::{List, list};

    use super::*;
    use crate::{
        conference::Mixing,
        northbound::{LegId, SegId},
        sdp::Direction,
    };

    fn errand(order: Order) -> Errand {
        Errand {
            leg: LegId::from_text("leg_1"),
            order,
            hall: None,
            mixing: Mixing::default(),
            termination: TerminationId::from_name("rtp/1".to_owned()),
            context: ContextId::Id(1),
            attempts: 0,
            postponed: 0,
        }
    }

    fn told(order: Order, reply: CommandReply<'static>) -> Result<u32, &'static str> {
        let result = TransactionResult::Actions(list![ActionReply {
            context: ContextId::Id(2),
            properties: List::new(),
            commands: list![reply],
            error: None,
        }]);
        match amms(&errand(order), &result) {
            Ok((context, _)) => Ok(context),
            Err(Fault::Shape(why)) => Err(why),
            Err(Fault::Error(error)) => panic!("{error}"),
        }
    }

    fn about(name: &str) -> AmmsReply<'static> {
        AmmsReply {
            terminations: list![TerminationId::from_name(name.to_owned())],
            descriptors: List::new(),
        }
    }

    #[test]
    fn contexts_are_told_with_their_members_or_by_their_numbers_alone() {
        let action = |context| ActionReply {
            context,
            properties: List::new(),
            commands: List::new(),
            error: None,
        };
        let list = vec![ContextId::Id(8), ContextId::Id(9)];
        let listed = ActionReply {
            properties: list![ContextProperty::ContextList(list)],
            ..action(ContextId::All)
        };
        let result = TransactionResult::Actions(list![action(ContextId::Id(7)), listed]);
        let found = whereabouts(result);
        assert_eq!(found.contexts, [(7, vec![]), (8, vec![]), (9, vec![])]);
    }

    #[test]
    fn a_reply_to_another_command_or_about_another_termination_tells_nothing() {
        let to_move = || Order::Move {
            seg: SegId::from_text("seg_1"),
            direction: Direction::SendRecv,
        };
        assert_eq!(told(to_move(), CommandReply::Move(about("rtp/1"))), Ok(2));
        let other = CommandReply::Modify(about("rtp/1"));
        assert_eq!(told(to_move(), other), Err("it answers another command"));
        for name in ["rtp/2", "*", "$"] {
            assert_eq!(
                told(to_move(), CommandReply::Move(about(name))),
                Err("it is about another Termination")
            );
            assert_eq!(
                told(Order::Leave, CommandReply::Subtract(about(name))),
                Err("it is about another Termination")
            );
        }
        assert_eq!(
            told(Order::Close, CommandReply::Modify(about("rtp/1"))),
            Ok(2)
        );
    }
}
