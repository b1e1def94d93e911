//! Physical Terminations, in and out of the null Context (H.248.1 6.2.1).

use std::time::{Duration, Instant};

use codec_h248::descriptor::{ServiceState, StreamId};
use mg_contract::{Command, GroupId, LineRef, StreamRef, StreamStatistics, Ticket};

use super::{
    Gateway, Tally, TerminationKey,
    kept::Kept,
    root::RootService,
    stream::{Control, Media, Stream},
    termination::{Changes, Termination},
};
use crate::{
    Line,
    line::service::{Request, Service},
};

/// The one stream that a physical Termination has.
const STREAM: StreamId = StreamId(1);

/// A physical Termination as it is in the null Context.
fn idle(place: u32, line: &Line, service: ServiceState) -> Termination {
    let stream = Stream {
        control: Control {
            properties: line.provisioned(),
            ..Control::default()
        },
        ..Stream::default()
    };
    Termination {
        id: line.id.clone(),
        owner: line.kind.owner(),
        line: Some(LineRef(place)),
        context: None,
        service,
        streams: [(STREAM, stream)].into(),
        supervision: None,
        properties: Vec::new(),
        since: None,
        kept: Kept::ALL,
        gone: StreamStatistics::default(),
    }
}

impl Gateway {
    /// Puts the provisioned Terminations into the null Context; of those with one name, the last.
    pub(super) fn provision(&mut self, lines: &[Line]) {
        for (place, line) in (0..).zip(lines) {
            self.last_termination += 1;
            let key = TerminationKey(self.last_termination);
            if let Some(former) = self.names.insert(line.id.clone(), key) {
                self.terminations.remove(&former);
                self.null.remove(&former);
            }
            let state = self.services.handle_provisioned(key, line.service);
            let termination = idle(place, line, state);
            self.terminations.insert(key, termination);
            self.null.insert(key);
            self.phones.add(key, line);
        }
        self.lines = lines.to_vec();
    }

    /// The provisioned values of a physical Termination.
    pub(crate) fn line(&self, line: LineRef) -> Option<&Line> {
        self.lines.get(usize::try_from(line.0).ok()?)
    }

    /// The Terminations of the null Context, in the order of provisioning.
    pub(crate) fn null(&self) -> impl ExactSizeIterator<Item = TerminationKey> {
        self.null.iter().copied()
    }

    /// Puts a physical Termination of the null Context into another, and changes it
    /// (H.248.1 7.2.1).
    pub(crate) fn enter(
        &mut self,
        key: TerminationKey,
        context: u32,
        mut changes: Changes,
        now: Instant,
    ) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        termination.context = Some(context);
        termination.since = Some(now);
        self.null.remove(&key);
        let members = &mut self.contexts.entry(context).or_default().members;
        members.insert(key);
        self.join_open_streams(key, context);
        let supervision = std::mem::take(&mut changes.supervision);
        self.change(key, changes, now);
        self.open_line(key);
        self.change_supervision(key, supervision, now);
    }

    /// Streams that a signal or a detection had open in the null Context join the Context; what they
    /// have counted there does not count here (H.248.1 7.1.15).
    fn join_open_streams(&mut self, key: TerminationKey, context: u32) {
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        let open = termination.streams.iter();
        let open = open.filter_map(|(id, stream)| Some((*id, stream.media?.stream)));
        for (id, stream) in open.collect::<Vec<(StreamId, StreamRef)>>() {
            let group = self.group(context, id);
            let ticket = self.next_ticket();
            self.media.push_back(Command::Audit { stream, ticket });
            self.media.push_back(Command::Move { stream, group });
            self.entering.insert(ticket, (key, id));
            self.tell_topology(key, id);
        }
    }

    /// Opens the stream of a physical Termination at the engine, where it is not yet: with its
    /// Context, or in the null Context by itself. Other Terminations have theirs with their ports.
    pub(crate) fn open_line(&mut self, key: TerminationKey) -> Option<StreamRef> {
        let termination = self.terminations.get(&key)?;
        let line = termination.line?;
        let context = termination.context;
        let stream = termination.streams.get(&STREAM)?;
        if let Some(media) = stream.media {
            return Some(media.stream);
        }
        let settings = termination.settings(stream, &self.codecs);
        let group = match context {
            Some(context) => self.group(context, STREAM),
            None => self.next_group(),
        };
        let name = self.next_stream();
        self.media.push_back(Command::OpenLine {
            stream: name,
            line,
            group,
            settings,
        });
        let stream = self.terminations.get_mut(&key)?.streams.get_mut(&STREAM)?;
        stream.media = Some(Media {
            stream: name,
            port: None,
            speaks: true,
        });
        self.tell_phone(key);
        self.tell_topology(key, STREAM);
        Some(name)
    }

    /// Closes the stream of a physical Termination of the null Context: no signal and no detection
    /// needs it any more.
    pub(crate) fn close_idle_line(&mut self, key: TerminationKey) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        if termination.line.is_none() || termination.context.is_some() {
            return;
        }
        let stream = termination.streams.get_mut(&STREAM);
        if let Some(media) = stream.and_then(|stream| stream.media.take()) {
            self.close(media, None);
        }
    }

    /// Puts a physical Termination back into the null Context, as it is provisioned (H.248.1 7.2.3).
    pub(super) fn put_back(&mut self, key: TerminationKey) -> Option<Termination> {
        let termination = self.terminations.get(&key)?;
        let line = termination.line?;
        let service = if self.services.handle_idle(key) {
            ServiceState::OutOfService
        } else {
            termination.service
        };
        let fresh = idle(line.0, self.line(line)?, service);
        self.null.insert(key);
        self.terminations.insert(key, fresh)
    }

    pub(super) fn next_group(&mut self) -> GroupId {
        self.last_group = self.last_group.wrapping_add(1);
        GroupId(self.last_group)
    }

    pub(super) fn next_stream(&mut self) -> StreamRef {
        self.last_stream = self.last_stream.wrapping_add(1);
        StreamRef(self.last_stream)
    }

    /// Takes what a stream had counted when it joined a Context.
    pub(super) fn handle_entered(&mut self, ticket: Ticket, counts: StreamStatistics) -> bool {
        let Some((key, id)) = self.entering.remove(&ticket) else {
            return false;
        };
        let termination = self.terminations.get_mut(&key);
        let stream = termination.and_then(|termination| termination.streams.get_mut(&id));
        if let Some(stream) = stream {
            stream.before = counts;
        }
        true
    }
}

impl Tally {
    /// What one stream has counted in its Contexts, with the engine's answer about the present.
    pub(super) fn of(id: StreamId, stream: &Stream, ticket: Option<Ticket>, fresh: Kept) -> Self {
        Self {
            past: stream.past,
            id,
            kept: stream.kept,
            fresh,
            before: stream.before,
            ticket,
        }
    }
}

/// Service states.
impl Gateway {
    /// Takes what the operator wants of a physical Termination.
    pub(crate) fn handle_service(&mut self, key: TerminationKey, order: Service, now: Instant) {
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        let before = (termination.service, termination.context.is_none());
        let state = self.services.handle_order(key, order, before, now);
        self.set_service(key, state);
    }

    /// Takes what the controller orders of a Termination.
    pub(crate) fn order_service(&mut self, key: TerminationKey, order: Service, now: Instant) {
        let Some(termination) = self.terminations.get(&key) else {
            return;
        };
        let before = (termination.service, termination.context.is_none());
        let state = self.services.handle_command(key, order, before, now);
        self.set_service(key, state);
    }

    /// Takes that the controller orders a Termination back into service after a delay; what is in
    /// service stays so.
    pub(crate) fn order_return(&mut self, key: TerminationKey, delay: Duration, now: Instant) {
        let state = self.termination(key).map(|found| found.service);
        match state {
            Some(ServiceState::InService) => self.order_service(key, Service::In, now),
            Some(ServiceState::Test | ServiceState::OutOfService) => {
                self.services.handle_return(key, now + delay);
            }
            None => {}
        }
    }

    /// Changes the state of what has had its time.
    pub(crate) fn advance_services(&mut self, now: Instant) {
        self.root.advance_service(now);
        while let Some((key, state)) = self.services.poll_expired(now) {
            self.set_service(key, state);
        }
    }

    /// When a state changes by itself next.
    pub(crate) fn poll_service_timeout(&self) -> Option<Instant> {
        let due = [
            self.services.poll_timeout(),
            self.root.poll_service_timeout(),
        ];
        due.into_iter().flatten().min()
    }

    /// Brings a Termination into service, or takes it out: then nothing is heard of it and by it.
    pub(crate) fn set_service(&mut self, key: TerminationKey, state: ServiceState) {
        let Some(termination) = self.terminations.get_mut(&key) else {
            return;
        };
        if std::mem::replace(&mut termination.service, state) == state {
            return;
        }
        for stream in termination.streams.values() {
            if let Some(media) = stream.media {
                self.media.push_back(Command::Modify {
                    stream: media.stream,
                    settings: termination.settings(stream, &self.codecs),
                });
            }
        }
    }

    /// Takes that a controller has accepted the gateway, which is to know what is out of service.
    pub(crate) fn handle_registered(&mut self, now: Instant) {
        self.begin_scripts(now);
        self.root.service = RootService::In;
        let is_out = |(_, one): &(&TerminationKey, &Termination)| {
            one.line.is_some() && one.service == ServiceState::OutOfService
        };
        let out = self.terminations.iter().filter(is_out);
        let out: Vec<TerminationKey> = out.map(|(key, _)| *key).collect();
        self.services.handle_registered(&out);
    }

    /// What the controller is to be told of service states.
    pub(crate) fn take_service_changes(&mut self) -> Vec<Request> {
        let mut services = std::mem::take(&mut self.services);
        let requests = services.take_requests(self);
        self.services = services;
        requests
    }
}
