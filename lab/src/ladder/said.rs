//! What a transaction says of which Terminations in which Contexts.

use std::fmt;

use codec_h248::{
    ActionReply, ActionRequest, AuditReply, Command, CommandReply, ContextId, Message, MessageBody,
    ServiceChangeRequest, ServiceChangeResult, TerminationId, Transaction, TransactionResult,
    descriptor::{AuditReturn, ErrorDescriptor, ServiceChangeMethod},
};

/// The commands of H.248.1 7.2.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Verb {
    /// 7.2.1
    Add,
    /// 7.2.4
    Move,
    /// 7.2.2
    Modify,
    /// 7.2.3
    Subtract,
    /// 7.2.5
    AuditValue,
    /// 7.2.6
    AuditCapability,
    /// 7.2.7
    Notify,
    /// 7.2.8
    ServiceChange,
}

impl Verb {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Add,
        Self::Move,
        Self::Modify,
        Self::Subtract,
        Self::AuditValue,
        Self::AuditCapability,
        Self::Notify,
        Self::ServiceChange,
    ];

    /// Its name, as the standard has it.
    pub fn name(self) -> &'static str {
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

    /// The command of this name in any case, or of the short one that text has.
    pub fn from_name(word: &str) -> Option<Self> {
        const SHORT: [&str; 8] = ["A", "MV", "MF", "S", "AV", "AC", "N", "SC"];
        let is = |name: &str| name.eq_ignore_ascii_case(word);
        let found = Self::ALL.into_iter().zip(SHORT);
        let mut found = found.filter(|(verb, short)| is(verb.name()) || is(short));
        found.next().map(|(verb, _)| verb)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What one command, or its reply, is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'m> {
    /// In which Context; none where the whole transaction or message is meant.
    pub(super) context: Option<ContextId>,
    /// The command; none where the Context itself is meant.
    pub(super) verb: Option<Verb>,
    /// The Terminations that it names.
    pub(super) terminations: &'m [TerminationId<'m>],
    /// The error that it brought.
    pub(super) code: Option<u16>,
}

/// Tells all that a transaction says, in its order.
pub(super) fn each<'m>(transaction: &'m Transaction<'m>, mut see: impl FnMut(Said<'m>)) {
    match transaction {
        Transaction::Request(request) => {
            for action in &request.actions {
                asked(action, &mut see);
            }
        }
        Transaction::Reply(reply) => match &reply.result {
            TransactionResult::Error(error) => see(Said::error(None, error)),
            TransactionResult::Actions(actions) => {
                for action in actions {
                    answered(action, &mut see);
                }
            }
        },
        Transaction::Pending(_) | Transaction::ResponseAck(_) | Transaction::SegmentReply(_) => {}
    }
}

impl<'m> Said<'m> {
    fn error(context: Option<ContextId>, error: &ErrorDescriptor<'_>) -> Self {
        Self {
            context,
            verb: None,
            terminations: &[],
            code: Some(error.code.0),
        }
    }
}

fn asked<'m>(action: &'m ActionRequest<'m>, see: &mut impl FnMut(Said<'m>)) {
    let context = Some(action.context);
    if action.commands.is_empty() {
        let (verb, terminations, code) = (None, &[][..], None);
        see(Said {
            context,
            verb,
            terminations,
            code,
        });
    }
    for request in &action.commands {
        let (verb, terminations) = command(&request.command);
        see(Said {
            context,
            verb: Some(verb),
            terminations,
            code: None,
        });
    }
}

fn answered<'m>(action: &'m ActionReply<'m>, see: &mut impl FnMut(Said<'m>)) {
    let context = Some(action.context);
    for reply in &action.commands {
        let (verb, terminations, error) = command_reply(reply);
        see(Said {
            context,
            verb: Some(verb),
            terminations,
            code: error.map(|error| error.code.0),
        });
    }
    match &action.error {
        Some(error) => see(Said::error(context, error)),
        None if action.commands.is_empty() => see(Said {
            context,
            verb: None,
            terminations: &[],
            code: None,
        }),
        None => {}
    }
}

fn command<'m>(command: &'m Command<'m>) -> (Verb, &'m [TerminationId<'m>]) {
    match command {
        Command::Add(it) => (Verb::Add, &it.terminations),
        Command::Move(it) => (Verb::Move, &it.terminations),
        Command::Modify(it) => (Verb::Modify, &it.terminations),
        Command::Subtract(it) => (Verb::Subtract, &it.terminations),
        Command::AuditValue(it) => (Verb::AuditValue, &it.terminations),
        Command::AuditCapability(it) => (Verb::AuditCapability, &it.terminations),
        Command::Notify(it) => (Verb::Notify, &it.terminations),
        Command::ServiceChange(it) => (Verb::ServiceChange, &it.terminations),
    }
}

type Replied<'m> = (
    Verb,
    &'m [TerminationId<'m>],
    Option<&'m ErrorDescriptor<'m>>,
);

fn command_reply<'m>(reply: &'m CommandReply<'m>) -> Replied<'m> {
    match reply {
        CommandReply::Add(it) => (Verb::Add, &it.terminations, refusal(&it.descriptors)),
        CommandReply::Move(it) => (Verb::Move, &it.terminations, refusal(&it.descriptors)),
        CommandReply::Modify(it) => (Verb::Modify, &it.terminations, refusal(&it.descriptors)),
        CommandReply::Subtract(it) => (Verb::Subtract, &it.terminations, refusal(&it.descriptors)),
        CommandReply::AuditValue(it) => audit_reply(Verb::AuditValue, it),
        CommandReply::AuditCapability(it) => audit_reply(Verb::AuditCapability, it),
        CommandReply::Notify(it) => (Verb::Notify, &it.terminations, it.error.as_ref()),
        CommandReply::ServiceChange(it) => {
            let error = match &it.result {
                ServiceChangeResult::Error(error) => Some(error),
                ServiceChangeResult::Accepted | ServiceChangeResult::Services(_) => None,
            };
            (Verb::ServiceChange, &it.terminations, error)
        }
    }
}

fn audit_reply<'m>(verb: Verb, reply: &'m AuditReply<'m>) -> Replied<'m> {
    match reply {
        AuditReply::Context(terminations) => (verb, terminations, None),
        AuditReply::ContextError(error) => (verb, &[], Some(error)),
        AuditReply::Termination(it) => (verb, &it.terminations, refusal(&it.descriptors)),
    }
}

fn refusal<'m>(descriptors: &'m [AuditReturn<'m>]) -> Option<&'m ErrorDescriptor<'m>> {
    descriptors.iter().find_map(|descriptor| match descriptor {
        AuditReturn::Error(error) => Some(error),
        AuditReturn::Media(_)
        | AuditReturn::Modem(_)
        | AuditReturn::Mux(_)
        | AuditReturn::Events(_)
        | AuditReturn::Signals(_)
        | AuditReturn::DigitMap(_)
        | AuditReturn::EventBuffer(_)
        | AuditReturn::ObservedEvents(_)
        | AuditReturn::Statistics(_)
        | AuditReturn::Packages(_)
        | AuditReturn::Empty(_) => None,
    })
}

/// The first command of a transaction.
pub(super) fn first_verb(transaction: &Transaction<'_>) -> Option<Verb> {
    let mut first = None;
    each(transaction, |said| first = first.or(said.verb));
    first
}

/// Whether a gateway sent it, where what it says tells (H.248.1 7.2): only controllers ask for
/// commands but Notify and ServiceChange, and only gateways answer them.
pub(super) fn is_from_gateway(message: &Message<'_>) -> Option<bool> {
    let MessageBody::Transactions(transactions) = &message.body else {
        return None;
    };
    let mut told = None;
    for transaction in transactions {
        let is_reply = matches!(transaction, Transaction::Reply(_));
        each(transaction, |said| {
            let asks = said
                .verb
                .and_then(|verb| asked_by_gateway(verb, transaction));
            told = told.or(asks.map(|by_gateway| by_gateway != is_reply));
        });
    }
    told
}

/// Whether it is the gateway's to ask for this command.
fn asked_by_gateway(verb: Verb, transaction: &Transaction<'_>) -> Option<bool> {
    match verb {
        Verb::Add
        | Verb::Move
        | Verb::Modify
        | Verb::Subtract
        | Verb::AuditValue
        | Verb::AuditCapability => Some(false),
        Verb::Notify => Some(true),
        Verb::ServiceChange => registers(transaction).then_some(true),
    }
}

/// Whether a transaction has a ServiceChange by which gateways register (H.248.1 7.2.8).
fn registers(transaction: &Transaction<'_>) -> bool {
    let Transaction::Request(request) = transaction else {
        return false;
    };
    let commands = request.actions.iter().flat_map(|action| &action.commands);
    commands.into_iter().any(|request| match &request.command {
        Command::ServiceChange(change) => is_registration(change),
        Command::Add(_)
        | Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_) => false,
    })
}

fn is_registration(change: &ServiceChangeRequest<'_>) -> bool {
    let method = match change.services.method {
        ServiceChangeMethod::Restart
        | ServiceChangeMethod::Disconnected
        | ServiceChangeMethod::Failover => true,
        ServiceChangeMethod::HandOff
        | ServiceChangeMethod::Forced
        | ServiceChangeMethod::Graceful
        | ServiceChangeMethod::Extension(_) => false,
    };
    method && change.terminations.iter().any(TerminationId::is_root)
}
