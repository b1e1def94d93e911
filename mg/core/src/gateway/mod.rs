//! The gateway: all Contexts and all Terminations, and what the engine is told of them.
//!
//! Nothing in here refuses. A command is decided on by the executor, which reads; what it decides
//! is carried out here and cannot fail.

pub(crate) mod context;
mod emptied;
pub(crate) mod items;
pub(crate) mod kept;
pub(crate) mod lines;
mod names;
pub(crate) mod packages;
mod phones;
pub(crate) mod ports;
pub(crate) mod root;
pub(crate) mod sdp;
mod segmentation;
pub(crate) mod select;
pub(crate) mod statistics;
pub(crate) mod stream;
mod supervise;
pub(crate) mod termination;
pub(crate) mod topology;
pub(crate) mod vendor_statistics;
pub(crate) mod wildcard;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
    time::Instant,
};

use codec_h248::{
    PropertyParm, TerminationId,
    descriptor::{ServiceState, SessionDescription, StreamId},
};
use mg_contract::{Command, GroupId, RtpPort, SignalRef, StreamRef, StreamStatistics, Ticket};

use self::{
    context::{Attributes, Context},
    kept::Kept,
    names::Names,
    packages::{Owner, Packages},
    phones::Phones,
    ports::Ports,
    root::Root,
    select::{Resources, StreamChange},
    stream::{Media, PortChange},
    supervise::Supervised,
    termination::{Changes, Termination},
};
use transport_h248::mutants::{Mutant, seeded};

use crate::{Codecs, Config, Limits, Line, keys::Keys, line::service::Services};

/// The largest number of a Context (H.248.1 6.1.1).
const CONTEXT_MAX: u32 = 0xffff_fffd;

/// Names a Termination inside the gateway; later ones are greater. Never used twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(crate) struct TerminationKey(u64);

/// All Contexts and Terminations.
#[derive(Clone, Debug)]
pub(crate) struct Gateway {
    /// The port pairs.
    pub(crate) ports: Ports,
    /// ROOT.
    pub(crate) root: Root,
    /// The packages.
    pub(crate) packages: Packages,
    codecs: Codecs,
    keys: Option<Keys>,
    address: IpAddr,
    limits: Limits,
    contexts: BTreeMap<u32, Context>,
    /// The Terminations of the null Context.
    null: BTreeSet<TerminationKey>,
    lines: Vec<Line>,
    phones: Phones,
    /// Service states that the gateway itself changes.
    pub(crate) services: Services,
    names: Names,
    terminations: BTreeMap<TerminationKey, Termination>,
    closing: BTreeMap<Ticket, Closing>,
    /// Streams that were open when they joined a Context.
    entering: BTreeMap<Ticket, (TerminationKey, StreamId)>,
    media: VecDeque<Command>,
    supervised: Supervised,
    topologies: usize,
    /// Whether only what is urgent may begin.
    pub(crate) is_busy: bool,
    rebasing: BTreeMap<Ticket, (TerminationKey, StreamId, Kept)>,
    last_context: u32,
    last_termination: u64,
    last_ephemeral: u64,
    last_stream: u32,
    last_group: u32,
    last_ticket: u64,
}

/// A stream that the engine is still to give up, and its port pair.
#[derive(Clone, Copy, Debug)]
struct Closing {
    port: Option<RtpPort>,
    /// The stream that goes on without it, and keeps its counts.
    heir: Option<(TerminationKey, StreamId)>,
}

/// What is known of one stream's statistics: those of its former port pairs, and the question
/// about the present one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Tally {
    /// The counts of former port pairs.
    pub(crate) past: StreamStatistics,
    /// Which stream it is.
    pub(crate) id: StreamId,
    /// Which statistics are kept of the stream by itself.
    pub(crate) kept: Kept,
    /// Those that have just begun anew.
    pub(crate) fresh: Kept,
    /// What the present one had counted before it came into a Context.
    pub(crate) before: StreamStatistics,
    /// What the engine is still to answer.
    pub(crate) ticket: Option<Ticket>,
}

impl Gateway {
    /// A gateway without Contexts.
    pub(crate) fn new(config: &Config) -> Self {
        let mut gateway = Self {
            ports: Ports::new(config.rtp_ports.clone(), config.ports_ahead),
            root: Root::new(&config.limits, &config.transport),
            packages: Packages::new(config),
            codecs: config.codecs.clone(),
            keys: config.secret.map(Keys::new),
            address: config.rtp_address,
            limits: config.limits,
            contexts: BTreeMap::new(),
            null: BTreeSet::new(),
            lines: Vec::new(),
            phones: Phones::default(),
            services: Services::default(),
            names: Names::default(),
            terminations: BTreeMap::new(),
            closing: BTreeMap::new(),
            entering: BTreeMap::new(),
            media: VecDeque::new(),
            supervised: Supervised::default(),
            topologies: 0,
            is_busy: false,
            rebasing: BTreeMap::new(),
            last_context: 0,
            last_termination: 0,
            last_ephemeral: 0,
            last_stream: 0,
            last_group: 0,
            last_ticket: 0,
        };
        gateway.provision(&config.lines);
        gateway
    }

    /// The bounds on what it holds.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The Contexts, by number.
    pub(crate) fn contexts(&self) -> impl ExactSizeIterator<Item = (u32, &Context)> {
        self.contexts.iter().map(|(id, context)| (*id, context))
    }

    /// One Context.
    pub(crate) fn context(&self, id: u32) -> Option<&Context> {
        self.contexts.get(&id)
    }

    /// Whether a Termination is in that Context.
    pub(crate) fn is_member(&self, key: TerminationKey, context: u32) -> bool {
        let found = self.contexts.get(&context);
        found.is_some_and(|context| context.members.contains(&key))
    }

    /// One Termination.
    pub(crate) fn termination(&self, key: TerminationKey) -> Option<&Termination> {
        self.terminations.get(&key)
    }

    /// How many Terminations there are.
    pub(crate) fn termination_count(&self) -> usize {
        self.terminations.len()
    }

    /// How many Terminations have been made.
    pub(crate) fn ephemeral_count(&self) -> usize {
        self.terminations.len().saturating_sub(self.lines.len())
    }

    /// The Termination of that name.
    pub(crate) fn find(&self, id: &TerminationId<'_>) -> Option<TerminationKey> {
        self.names.get(id)
    }

    /// What streams can be made of, but for the port pairs in `taken`.
    pub(crate) fn resources<'a>(&'a self, taken: &'a [RtpPort]) -> Resources<'a> {
        Resources {
            address: self.address,
            packages: self.packages.of(Owner::Rtp),
            ports: &self.ports,
            codecs: &self.codecs,
            keys: self.keys.as_ref(),
            taken,
        }
    }

    /// The session description of everything that can be received or sent.
    pub(crate) fn session_capability(&self) -> SessionDescription<'static> {
        select::capability(&self.codecs, self.keys.is_some())
    }

    /// The next command for the engine.
    pub(crate) fn poll_media(&mut self) -> Option<Command> {
        self.media.pop_front()
    }

    /// Makes a Context. It is for the caller to put a Termination in it at once.
    pub(crate) fn make_context(&mut self, attributes: Attributes) -> u32 {
        loop {
            self.last_context = if self.last_context >= CONTEXT_MAX {
                1
            } else {
                self.last_context + 1
            };
            if !self.contexts.contains_key(&self.last_context) {
                break;
            }
        }
        let context = Context {
            attributes,
            ..Context::default()
        };
        self.contexts.insert(self.last_context, context);
        self.last_context
    }

    /// Replaces the attributes of a Context.
    pub(crate) fn set_attributes(&mut self, context: u32, attributes: Attributes) {
        if let Some(context) = self.contexts.get_mut(&context) {
            context.attributes = attributes;
        }
    }

    /// Replaces the properties of packages of a Context.
    pub(crate) fn set_properties(&mut self, context: u32, parms: Vec<PropertyParm<'static>>) {
        if let Some(context) = self.contexts.get_mut(&context) {
            context.properties = parms;
        }
    }

    /// Makes a Termination in a Context, and names it (H.248.1 7.2.1).
    pub(crate) fn add(
        &mut self,
        context: u32,
        changes: Changes,
        now: Instant,
    ) -> (TerminationKey, TerminationId<'static>) {
        self.last_termination += 1;
        let key = TerminationKey(self.last_termination);
        self.last_ephemeral += 1;
        let id = TerminationId::from_name(format!("rtp/{}", self.last_ephemeral));
        self.names.insert(id.clone(), key);
        let termination = Termination {
            id: id.clone(),
            owner: Owner::Rtp,
            line: None,
            context: Some(context),
            service: ServiceState::InService,
            streams: BTreeMap::new(),
            supervision: None,
            properties: Vec::new(),
            since: Some(now),
            kept: Kept::ALL,
            gone: StreamStatistics::default(),
        };
        self.terminations.insert(key, termination);
        self.contexts
            .entry(context)
            .or_default()
            .members
            .insert(key);
        self.change(key, changes, now);
        (key, id)
    }

    /// Changes a Termination, and returns the tickets of port pairs that are given up.
    pub(crate) fn change(
        &mut self,
        key: TerminationKey,
        changes: Changes,
        now: Instant,
    ) -> Vec<Ticket> {
        self.keep(key, changes.kept, now);
        if let Some(properties) = changes.properties
            && let Some(termination) = self.terminations.get_mut(&key)
        {
            termination.properties = properties;
        }
        if let Some(state) = changes.service {
            self.services.forget(key);
            self.set_service(key, state);
        }
        let ids: Vec<StreamId> = changes.streams.keys().copied().collect();
        let streams = changes.streams.into_iter();
        let given_up = streams.filter_map(|(id, change)| self.change_stream(key, id, change));
        let given_up = given_up.collect();
        self.drop_emptied(key, &ids);
        self.change_supervision(key, changes.supervision, now);
        given_up
    }

    fn change_stream(
        &mut self,
        key: TerminationKey,
        id: StreamId,
        change: StreamChange,
    ) -> Option<Ticket> {
        let termination = self.terminations.get(&key)?;
        let context = termination.context;
        let before = termination
            .streams
            .get(&id)
            .map(|stream| termination.settings(stream, &self.codecs));
        let mut stream = change.stream;
        let settings = termination.settings(&stream, &self.codecs);
        let given_up = match change.port {
            PortChange::Keep => None,
            PortChange::Take(_) | PortChange::Release => stream.media.take(),
        };
        let ticket = given_up.map(|media| self.close(media, Some((key, id))));
        if let PortChange::Take(port) = change.port
            && let Some(context) = context
        {
            self.ports.take(port);
            let media = Media {
                stream: self.next_stream(),
                port: Some(port),
                speaks: true,
            };
            stream.media = Some(media);
            let group = self.group(context, id);
            self.media.push_back(Command::Open {
                stream: media.stream,
                port,
                group,
                settings,
            });
        } else if let Some(media) = stream.media
            && before.as_ref() != Some(&settings)
        {
            self.media.push_back(Command::Modify {
                stream: media.stream,
                settings,
            });
        }
        let termination = self.terminations.get_mut(&key)?;
        termination.streams.insert(id, stream);
        if let PortChange::Take(_) = change.port {
            self.tell_topology(key, id);
        }
        ticket
    }

    /// Moves a Termination to another Context; nothing else about it changes (H.248.1 7.2.4).
    pub(crate) fn move_to(&mut self, key: TerminationKey, context: u32) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        let from = termination.context.replace(context);
        if from == Some(context) {
            return;
        }
        if seeded(Mutant::M12b) {
            let local = termination.streams.values_mut().map(|one| &mut one.local);
            let local = local.flatten().flatten();
            local.for_each(|one| one.media.port = sdp::Port::Number(1));
        }
        let streams = termination.streams.iter();
        let streams = streams.filter_map(|(id, stream)| Some((*id, stream.media?.stream)));
        let streams: Vec<(StreamId, StreamRef)> = streams.collect();
        self.contexts
            .entry(context)
            .or_default()
            .members
            .insert(key);
        for (id, stream) in streams {
            let group = self.group(context, id);
            self.media.push_back(Command::Move { stream, group });
        }
        if let Some(from) = from {
            self.leave(key, from);
        }
    }

    /// Takes a Termination out of its Context: a physical one goes back to the null Context, any other
    /// ends (H.248.1 7.2.3). It returns what it was, and what the engine is still to say of its streams.
    pub(crate) fn remove(
        &mut self,
        key: TerminationKey,
        now: Instant,
    ) -> Option<(Termination, Vec<Tally>)> {
        let context = self.terminations.get(&key)?.context?;
        self.end_supervision(key, now);
        let found = self.terminations.get(&key)?;
        let termination = if found.line.is_some() {
            self.put_back(key)?
        } else {
            self.terminations.remove(&key)?
        };
        if termination.line.is_none() {
            self.names.remove(&termination.id);
            self.services.forget(key);
        }
        self.leave(key, context);
        let mut tallies = Vec::new();
        for (id, stream) in &termination.streams {
            let ticket = stream.media.map(|media| self.close(media, None));
            tallies.push(Tally::of(*id, stream, ticket, self.fresh(key, *id)));
        }
        tallies.extend(Tally::of_gone(termination.gone));
        Some((termination, tallies))
    }

    /// Asks the engine for the statistics of a Termination.
    pub(crate) fn ask_statistics(&mut self, key: TerminationKey) -> Vec<Tally> {
        let Some(termination) = self.terminations.get(&key) else {
            return Vec::new();
        };
        if termination.context.is_none() {
            return Vec::new();
        }
        let mut tallies = Vec::new();
        for (id, stream) in &termination.streams {
            // What has just come in from the null Context has counted nothing here.
            let entering = self.entering.values().any(|one| *one == (key, *id));
            let media = stream.media.filter(|_| !entering);
            let ticket = media.map(|media| {
                self.last_ticket += 1;
                let ticket = Ticket(self.last_ticket);
                self.media.push_back(Command::Audit {
                    stream: media.stream,
                    ticket,
                });
                ticket
            });
            tallies.push(Tally::of(*id, stream, ticket, self.fresh(key, *id)));
        }
        tallies.extend(Tally::of_gone(termination.gone));
        tallies
    }

    /// Takes the last word about a port pair that was given up, and says whether it was one.
    pub(crate) fn handle_closed(&mut self, ticket: Ticket, counts: StreamStatistics) -> bool {
        let Some(closing) = self.closing.remove(&ticket) else {
            return self.handle_entered(ticket, counts) || self.handle_rebased(ticket, counts);
        };
        if let Some(port) = closing.port.filter(|_| !seeded(Mutant::M24)) {
            self.ports.give_back(port);
        }
        if let Some((key, id)) = closing.heir {
            self.inherit(key, id, counts);
        }
        true
    }

    fn leave(&mut self, key: TerminationKey, context: u32) {
        self.forget_topology(key, context);
        if let Some(left) = self.contexts.get_mut(&context) {
            left.members.remove(&key);
            if left.members.is_empty() && !seeded(Mutant::M06) {
                self.contexts.remove(&context);
            }
        }
        if self.contexts.is_empty() {
            self.root.handle_idle();
        }
    }

    /// The name of a new signal at the engine.
    pub(crate) fn next_signal(&mut self) -> SignalRef {
        self.supervised.shared.new_signal()
    }

    fn next_ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

    fn close(&mut self, media: Media, heir: Option<(TerminationKey, StreamId)>) -> Ticket {
        let ticket = self.next_ticket();
        self.media.push_back(Command::Close {
            stream: media.stream,
            ticket,
        });
        let port = media.port;
        self.closing.insert(ticket, Closing { port, heir });
        ticket
    }

    fn group(&mut self, context: u32, id: StreamId) -> GroupId {
        let groups = &mut self.contexts.entry(context).or_default().groups;
        *groups.entry(id).or_insert_with(|| {
            self.last_group = self.last_group.wrapping_add(1);
            GroupId(self.last_group)
        })
    }
}
