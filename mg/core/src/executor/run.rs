//! One transaction under way: its actions, its commands, and what it waits for (H.248.1 8).

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
    vec,
};

use codec_h248::{
    ActionReply, ActionRequest, Command, CommandReply, CommandRequest, ContextId, List,
    PropertyParm, TerminationId, TransactionId, TransactionResult,
    strict::{newer_in_action, newer_in_command},
};
use mg_contract::{RtpPort, StreamStatistics, Ticket};
use transport_h248::{
    PeerId,
    mutants::{Mutant, seeded},
};

use super::{
    add, audit, context,
    item::Item,
    modify, move_to, report, selected, service_change, size, subtract,
    target::{self, Budget, Here, Member, Target},
    topology::{self, Triples},
};
use crate::{
    CommandError, Counters,
    command_error::Stop,
    gateway::{Gateway, termination::Termination},
};

/// A command ends without the engine, or without a port pair, when it has waited this long.
const PATIENCE: Duration = Duration::from_secs(3);

/// A transaction as it was received.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Who asks.
    pub(crate) peer: PeerId,
    /// Its number for the transaction.
    pub(crate) id: TransactionId,
    /// Which message it came in.
    pub(crate) message: u64,
    /// What is asked.
    pub(crate) actions: List<ActionRequest<'static>>,
    /// The version that it has to keep to, where it does.
    pub(crate) held_to: Option<u8>,
}

/// A transaction under way.
#[derive(Debug)]
pub(crate) struct Run {
    /// Who asks.
    pub(crate) peer: PeerId,
    /// Its number for the transaction.
    pub(crate) id: TransactionId,
    /// Which message it came in.
    pub(crate) message: u64,
    actions: vec::IntoIter<ActionRequest<'static>>,
    held_to: Option<u8>,
    action: Option<ActionRun>,
    command: Option<CommandRun>,
    replies: List<ActionReply<'static>>,
    /// What it may still cost.
    pub(crate) budget: Budget,
    /// Whether the reply holds as much as it may: the command under way is the last.
    is_full: bool,
    wait: Option<Wait>,
}

/// The action under way.
#[derive(Debug)]
struct ActionRun {
    here: Here,
    /// Which of all Contexts it is about; all of them where absent.
    only: Option<BTreeSet<u32>>,
    triples: Triples,
    /// The properties of packages of the Context that is still to be made.
    of_packages: Option<Vec<PropertyParm<'static>>>,
    /// Whether one criterion of a selection is enough.
    any: bool,
    commands: vec::IntoIter<CommandRequest<'static>>,
    reply: ActionReply<'static>,
}

/// The command under way.
#[derive(Debug)]
struct CommandRun {
    request: CommandRequest<'static>,
    targets: VecDeque<Target>,
    items: Vec<Item>,
    answers: BTreeMap<Ticket, StreamStatistics>,
    /// Until when it waits for a port pair.
    bind_until: Option<Instant>,
}

impl CommandRun {
    /// What the engine still owes to its items.
    fn take_tickets(&mut self) -> BTreeSet<Ticket> {
        let items = self.items.iter_mut();
        items
            .flat_map(|item| std::mem::take(&mut item.tickets))
            .collect()
    }
}

/// What a transaction waits for.
#[derive(Debug)]
enum Wait {
    /// The engine.
    Engine {
        tickets: BTreeSet<Ticket>,
        until: Instant,
    },
    /// A port pair; `None` stands for any.
    Bind {
        port: Option<RtpPort>,
        until: Instant,
    },
}

/// Whether the transaction goes on with what follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Next {
    GoOn,
    End,
}

impl Run {
    /// A transaction of which nothing is done, with what its message may still cost.
    pub(crate) fn new(job: Job, budget: Budget) -> Self {
        Self {
            peer: job.peer,
            id: job.id,
            message: job.message,
            actions: Vec::from(job.actions).into_iter(),
            held_to: job.held_to,
            action: None,
            command: None,
            replies: List::new(),
            budget,
            is_full: false,
            wait: None,
        }
    }

    /// Goes on until the transaction waits, or is done: then it returns the result.
    pub(crate) fn drive(
        &mut self,
        gateway: &mut Gateway,
        counters: &mut Counters,
        now: Instant,
    ) -> Option<TransactionResult<'static>> {
        loop {
            if self.wait.is_some() {
                return None;
            }
            let next = if self.command.is_some() {
                self.step_command(gateway, counters, now)
            } else if self.action.is_some() {
                self.begin_command(gateway)
            } else if let Some(action) = self.actions.next() {
                self.begin_action(gateway, action)
            } else {
                Next::End
            };
            if next == Next::End {
                self.end_action(gateway);
                return Some(TransactionResult::Actions(std::mem::take(
                    &mut self.replies,
                )));
            }
        }
    }

    /// Takes the engine's answer, and says whether it was waited for.
    pub(crate) fn handle_answer(&mut self, ticket: Ticket, counts: StreamStatistics) -> bool {
        let Some(Wait::Engine { tickets, .. }) = &mut self.wait else {
            return false;
        };
        if !tickets.remove(&ticket) {
            return false;
        }
        if tickets.is_empty() {
            self.wait = None;
        }
        if let Some(command) = &mut self.command {
            command.answers.insert(ticket, counts);
        }
        true
    }

    /// Goes on where it waited for this port pair.
    pub(crate) fn handle_bound(&mut self, port: RtpPort) {
        if let Some(Wait::Bind { port: wanted, .. }) = &self.wait
            && wanted.is_none_or(|wanted| wanted == port)
        {
            self.wait = None;
        }
    }

    /// Goes on without what has not come in time.
    pub(crate) fn handle_timeout(&mut self, counters: &mut Counters, now: Instant) {
        match &self.wait {
            Some(Wait::Engine { until, .. }) if now >= *until => {
                counters.engine_timeouts += 1;
                tracing::warn!(transaction = %self.id, "no statistics from the media engine");
            }
            Some(Wait::Bind { until, .. }) if now >= *until => {
                counters.bind_timeouts += 1;
                tracing::warn!(transaction = %self.id, "no RTP port pair was bound in time");
            }
            Some(Wait::Engine { .. } | Wait::Bind { .. }) | None => return,
        }
        self.wait = None;
    }

    /// When it goes on without what it waits for.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        match self.wait.as_ref()? {
            Wait::Engine { until, .. } | Wait::Bind { until, .. } => Some(*until),
        }
    }

    fn begin_action(&mut self, gateway: &mut Gateway, action: ActionRequest<'static>) -> Next {
        let mut reply = ActionReply {
            context: action.context,
            properties: List::new(),
            commands: List::new(),
            error: None,
        };
        let newer = self
            .held_to
            .and_then(|version| newer_in_action(version, &action));
        let prepared = match newer {
            Some(newer) => Err(CommandError::NewerAction(newer.what)),
            None => context::prepare(gateway, &action, &mut self.budget),
        };
        match prepared {
            Ok(prepared) => {
                reply.properties = prepared.properties.into();
                self.replies.extend(prepared.replies);
                self.action = Some(ActionRun {
                    here: prepared.here,
                    only: prepared.only,
                    triples: prepared.triples,
                    of_packages: prepared.of_packages,
                    any: prepared.any,
                    commands: Vec::from(action.commands).into_iter(),
                    reply,
                });
                Next::GoOn
            }
            Err(error) => {
                reply.error = Some(error.descriptor());
                self.replies.push(reply);
                match seeded(Mutant::M04) {
                    true => Next::GoOn,
                    false => Next::End,
                }
            }
        }
    }

    fn begin_command(&mut self, gateway: &Gateway) -> Next {
        let Some(action) = &mut self.action else {
            return Next::GoOn;
        };
        let Some(request) = action.commands.next() else {
            self.end_action(gateway);
            return Next::GoOn;
        };
        if let Here::Made(id) = action.here
            && gateway.context(id).is_none()
        {
            // An earlier command of the action took the last Termination out.
            let error = CommandError::UnknownContext(action.here.id());
            action.reply.error = Some(error.descriptor());
            return Next::End;
        }
        let only = action.only.as_ref();
        let budget = &mut self.budget;
        let held_to = self.held_to;
        let newer = held_to.and_then(|version| newer_in_command(version, &request.command));
        let resolved = match newer {
            // As what cannot be read, it ends the action, whether or not it is optional (8.2.2).
            Some(newer) => Err(CommandError::NewerCommand(newer.what)),
            None => target::resolve(gateway, action.here, only, &request.command, budget),
        };
        let targets = match resolved {
            Ok(targets) => targets,
            Err(error) => {
                action.reply.error = Some(error.descriptor());
                return Next::End;
            }
        };
        self.command = Some(CommandRun {
            request,
            targets: targets.into(),
            items: Vec::new(),
            answers: BTreeMap::new(),
            bind_until: None,
        });
        Next::GoOn
    }

    fn step_command(
        &mut self,
        gateway: &mut Gateway,
        counters: &mut Counters,
        now: Instant,
    ) -> Next {
        let (Some(action), Some(command)) = (&mut self.action, &mut self.command) else {
            return Next::GoOn;
        };
        while let Some(target) = command.targets.front() {
            if !is_selected(gateway, &command.request.command, target, action.any) {
                command.targets.pop_front();
                continue;
            }
            let here = &mut action.here;
            let mut item = match carry_out(gateway, here, &command.request.command, target, now) {
                Ok(item) => {
                    let done = &command.request.command;
                    topology::follow(gateway, done, &item, &mut action.triples);
                    if let Here::Made(id) = *here
                        && let Some(parms) = action.of_packages.take()
                    {
                        gateway.set_properties(id, parms);
                    }
                    item
                }
                Err(Stop::Refused(error)) => {
                    lose_where_seeded(gateway, *here, &command.request.command, target, now);
                    refusal(gateway, *here, target, error)
                }
                Err(Stop::Bind(port)) => {
                    let until = *command.bind_until.get_or_insert(now + PATIENCE);
                    if now < until {
                        gateway.ports.want(port);
                        self.wait = Some(Wait::Bind { port, until });
                        return Next::GoOn;
                    }
                    let error = port.map_or(CommandError::NoPort, CommandError::PortUnavailable);
                    refusal(gateway, *here, target, error)
                }
            };
            if let Err(error) = self.budget.spend_parts(size::item(&item)) {
                self.is_full = true;
                item.tickets.clear();
                item.outcome = Err(error);
            }
            if let Err(error) = &item.outcome {
                counters.commands_refused += 1;
                let code = error.code();
                tracing::debug!(transaction = %self.id, termination = %item.termination, %code,
                    "command refused");
            }
            command.items.push(item);
            command.targets.pop_front();
            command.bind_until = None;
            if self.is_full {
                command.targets.clear();
            }
        }
        let tickets = command.take_tickets();
        if !tickets.is_empty() {
            let until = now + PATIENCE;
            self.wait = Some(Wait::Engine { tickets, until });
            return Next::GoOn;
        }
        self.end_command()
    }

    fn end_command(&mut self) -> Next {
        let (Some(action), Some(command)) = (&mut self.action, self.command.take()) else {
            return Next::GoOn;
        };
        let failed = command.items.iter().any(|item| item.outcome.is_err());
        let CommandRun {
            request,
            items,
            answers,
            ..
        } = command;
        for (context, commands) in report::replies(action.here, &request, items, &answers) {
            if action.here == Here::All {
                self.replies.push(whole(context, commands));
            } else {
                action.reply.commands.extend(commands);
            }
        }
        let ends = (!request.optional && !seeded(Mutant::M04)) || seeded(Mutant::M05);
        if self.is_full || (failed && ends) {
            Next::End
        } else {
            Next::GoOn
        }
    }

    /// Ends the action under way; one about all Contexts has said everything already.
    fn end_action(&mut self, gateway: &Gateway) {
        let Some(action) = self.action.take() else {
            return;
        };
        let mut reply = action.reply;
        reply.context = action.here.id();
        if let Here::Made(id) = action.here {
            context::renew_topology(gateway, id, &action.triples, &mut reply.properties);
        }
        if action.here != Here::All || reply.error.is_some() {
            self.replies.push(reply);
        }
    }
}

fn whole(context: ContextId, commands: List<CommandReply<'static>>) -> ActionReply<'static> {
    ActionReply {
        context,
        properties: List::new(),
        commands,
        error: None,
    }
}

fn refusal(gateway: &Gateway, here: Here, target: &Target, error: CommandError) -> Item {
    let (context, termination) = match target {
        Target::Root => (here.id(), TerminationId::ROOT),
        Target::Context(id) => (ContextId::Id(*id), TerminationId::ROOT),
        Target::New(id) | Target::Chosen(id) => (here.id(), id.clone()),
        Target::Refused(id, _) => (here.id(), id.clone()),
        Target::Termination(member) => {
            let found = gateway.termination(member.key);
            let context = found.map_or(here.id(), Termination::context_id);
            (context, member.id.clone())
        }
    };
    Item::refused(context, termination, error)
}

/// Whether an audit selects its target by the values that it names.
fn is_selected(gateway: &Gateway, command: &Command<'static>, target: &Target, any: bool) -> bool {
    match (command, target) {
        (
            Command::AuditValue(request) | Command::AuditCapability(request),
            Target::Termination(member),
        ) => gateway.termination(member.key).is_none_or(|termination| {
            selected::is_selected(termination, &request.audit.items, any)
        }),
        _ => true,
    }
}

/// Carries a command out on one target, whole or not at all.
fn carry_out(
    gateway: &mut Gateway,
    here: &mut Here,
    command: &Command<'static>,
    target: &Target,
    now: Instant,
) -> Result<Item, Stop> {
    match target {
        Target::Refused(_, error) => Err(error.clone().into()),
        Target::New(_) => match command {
            Command::Add(request) => add::execute(gateway, here, request, now),
            Command::Move(_)
            | Command::Modify(_)
            | Command::Subtract(_)
            | Command::AuditValue(_)
            | Command::AuditCapability(_)
            | Command::Notify(_)
            | Command::ServiceChange(_) => {
                Err(CommandError::IncorrectIdentifier(TerminationId::CHOOSE).into())
            }
        },
        Target::Context(id) => Ok(Item {
            context: ContextId::Id(*id),
            ..Item::null(TerminationId::ROOT, Vec::new())
        }),
        Target::Chosen(id) => match command {
            Command::Add(request) => add::choose(gateway, here, id, request, now),
            Command::Move(_)
            | Command::Modify(_)
            | Command::Subtract(_)
            | Command::AuditValue(_)
            | Command::AuditCapability(_)
            | Command::Notify(_)
            | Command::ServiceChange(_) => {
                Err(CommandError::IncorrectIdentifier(id.clone()).into())
            }
        },
        Target::Root => on_root(gateway, command, now),
        Target::Termination(member) => on_termination(gateway, here, command, member, now),
    }
}

fn on_root(gateway: &mut Gateway, command: &Command<'static>, now: Instant) -> Result<Item, Stop> {
    match command {
        Command::Modify(request) => modify::execute_root(gateway, request),
        Command::AuditValue(request) => Ok(audit::execute_root(gateway, request)?),
        Command::AuditCapability(request) => Ok(audit::execute_root_capability(gateway, request)?),
        Command::ServiceChange(request) => Ok(service_change::execute_root(gateway, request, now)?),
        Command::Add(_) | Command::Move(_) | Command::Subtract(_) | Command::Notify(_) => {
            Err(CommandError::IncorrectIdentifier(TerminationId::ROOT).into())
        }
    }
}

fn on_termination(
    gateway: &mut Gateway,
    here: &mut Here,
    command: &Command<'static>,
    member: &Member,
    now: Instant,
) -> Result<Item, Stop> {
    match command {
        Command::Move(request) => move_to::execute(gateway, here, member, request, now),
        Command::Modify(request) => modify::execute(gateway, member, request, now),
        Command::Subtract(request) => subtract::execute(gateway, member, request, now),
        Command::AuditValue(request) => Ok(audit::execute(gateway, member, request, now)?),
        Command::AuditCapability(request) => {
            Ok(audit::execute_capability(gateway, member, request)?)
        }
        Command::ServiceChange(request) => {
            Ok(service_change::execute(gateway, member, request, now)?)
        }
        Command::Add(request) => add::take(gateway, here, member, request, now),
        Command::Notify(_) => Err(CommandError::UnknownCommand("Notify").into()),
    }
}

/// Faults on purpose: a refused Move takes the Termination from where it was, a refused Add leaves its Context.
fn lose_where_seeded(
    gateway: &mut Gateway,
    here: Here,
    command: &Command<'_>,
    target: &Target,
    now: Instant,
) {
    match (command, target) {
        (Command::Move(_), Target::Termination(member)) if seeded(Mutant::M13) => {
            gateway.remove(member.key, now);
        }
        (Command::Add(_), _) if seeded(Mutant::M24b) => {
            if let Here::Unmade(attributes) = here {
                gateway.make_context(attributes);
            }
        }
        _ => {}
    }
}
