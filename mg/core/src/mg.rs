//! The whole gateway: link, registration, Contexts and executor, composed.

use std::{
    collections::{BTreeMap, VecDeque},
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use codec_h248::{
    TerminationId, TransactionId, TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
    list,
};
use mg_contract::{Command, Report, RtpPort};
use transport_h248::{Anchor, Endpoint, PeerId, Route, Trace, Transmit};

use crate::{
    Bound, Config, ContextView, Counters, Event, Question, Service, Snapshot, StreamView,
    TerminationView, Why,
    executor::{Executor, Job},
    gateway::{Gateway, TerminationKey, context::Context},
    line::phone::Noticed,
    overload::Overload,
    registration::{Means, Registration, notify},
    supervision::Detected,
};

/// A media gateway without sockets, threads or clocks.
///
/// After every `handle_…` call each `poll_…` until it yields `None`. Early or repeated
/// [`Self::handle_timeout`] does nothing.
#[derive(Debug)]
pub struct Mg {
    endpoint: Endpoint,
    registration: Registration,
    gateway: Gateway,
    executor: Executor,
    /// How many messages have come.
    messages: u64,
    overload: Overload,
    /// Notifies that wait for their replies, and whose they are.
    notified: BTreeMap<TransactionId, TerminationKey>,
    events: VecDeque<Event>,
    counters: Counters,
    anchor: Anchor,
    /// Whether requests have to keep to their versions.
    is_strict: bool,
}

impl Mg {
    /// Makes a gateway that starts to register at once. `seed` decides everything random.
    pub fn new(config: Config, seed: u64, anchor: Anchor, now: Instant) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let gateway = Gateway::new(&config);
        let executor = Executor::new(config.limits.queued_transactions);
        let transport = config.transport.clone();
        let mut endpoint = Endpoint::new(transport, config.mid.clone(), rng.u64(..));
        let registration = Registration::new(&config, &mut endpoint, rng, now);
        let mut mg = Self {
            endpoint,
            registration,
            gateway,
            executor,
            messages: 0,
            overload: Overload::default(),
            notified: BTreeMap::new(),
            events: VecDeque::new(),
            counters: Counters::default(),
            anchor,
            is_strict: config.strict,
        };
        mg.handle_timeout(now);
        mg
    }

    /// Takes an H.248 message.
    pub fn handle_message(&mut self, octets: &[u8], from: Route, now: Instant) {
        self.messages += 1;
        self.endpoint.handle_message(octets, from, now);
        if let Some(from) = self.endpoint.poll_unauthenticated() {
            let from = from.address;
            self.events.push_back(Event::Unauthenticated { from });
        }
        self.settle(now);
    }

    /// Takes the news that a connection of ours has come about, and where our side of it is.
    pub fn handle_connected(&mut self, route: Route, local: SocketAddr) {
        self.endpoint.handle_connected(route, local);
    }

    /// Takes what became of a port pair of [`Self::poll_bind`].
    pub fn handle_bound(&mut self, port: RtpPort, bound: Bound, now: Instant) {
        if self.gateway.ports.handle_bound(port, bound, now) {
            self.executor.handle_bound(port);
        } else {
            self.counters.stray_reports += 1;
        }
        self.settle(now);
    }

    /// Takes a report of the engine.
    pub fn handle_media(&mut self, report: Report, now: Instant) {
        let expected = match report {
            Report::Statistics { ticket, statistics } => {
                let closed = self.gateway.handle_closed(ticket, statistics);
                self.executor.handle_answer(ticket, statistics) || closed
            }
            Report::Played { signal, .. } if self.gateway.handle_dialled(signal) => true,
            Report::Played { .. }
            | Report::ToneBegan { .. }
            | Report::ToneEnded { .. }
            | Report::CodecChanged { .. }
            | Report::Loss { .. }
            | Report::TalkBegan { .. }
            | Report::TalkEnded { .. }
            | Report::Recorded { .. } => self.gateway.handle_report(&report, now),
        };
        self.counters.stray_reports += u64::from(!expected);
        self.settle(now);
    }

    /// Says goodbye to the controller; [`Event::Stopped`] follows within a second.
    pub fn handle_shutdown(&mut self, now: Instant) {
        let (registration, mut means) = self.registration(now);
        registration.handle_shutdown(&mut means);
        self.settle(now);
    }

    /// Tells the controller that we leave after `delay`, or when no Context is left if that is sooner
    /// (H.248.1 7.2.8, Graceful). Nothing is added any more. Then follows what
    /// [`Self::handle_shutdown`] does.
    pub fn handle_drain(&mut self, delay: Duration, now: Instant) {
        self.gateway.root.drains = true;
        let (registration, mut means) = self.registration(now);
        registration.handle_drain(delay, &mut means);
        self.settle(now);
    }

    /// Takes what the operator wants of physical Terminations, and returns the names that are none.
    /// The controller is told (H.248.1 7.2.8), of those that change alike at once.
    pub fn handle_services(
        &mut self,
        services: impl IntoIterator<Item = (TerminationId<'static>, Service)>,
        now: Instant,
    ) -> Vec<TerminationId<'static>> {
        let mut unknown = Vec::new();
        for (id, service) in services {
            let key = self.gateway.find(&id).filter(|key| {
                let found = self.gateway.termination(*key);
                found.is_some_and(|found| found.line.is_some())
            });
            match key {
                Some(key) => self.gateway.handle_service(key, service, now),
                None => unknown.push(id),
            }
        }
        self.settle(now);
        unknown
    }

    /// Takes how busy the processor was lately, in percent.
    pub fn handle_processor_load(&mut self, percent: u8, now: Instant) {
        self.overload.handle_processor(percent);
        self.gateway.is_busy = self.overload.is_busy(self.gateway.limits());
        self.settle(now);
    }

    /// Takes a new relation of instants to wall time, when the clock has been set.
    pub fn handle_anchor(&mut self, anchor: Anchor) {
        self.anchor = anchor;
    }

    /// Advances to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.endpoint.handle_timeout(now);
        self.executor.handle_timeout(&mut self.counters, now);
        self.settle(now);
    }

    /// Takes the news that the connection of a route has ended, or did not come about.
    pub fn handle_closed(&mut self, route: Route, now: Instant) {
        self.endpoint.handle_closed(route, now);
        self.settle(now);
    }

    /// Returns the next message to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.endpoint.poll_transmit()
    }

    /// Returns the next message that came in or went out, where the link traces.
    pub fn poll_trace(&mut self) -> Option<Trace> {
        self.endpoint.poll_trace()
    }

    /// Returns the next name to look up; [`Self::handle_resolved`] is to follow.
    pub fn poll_resolve(&mut self) -> Option<Question> {
        self.registration.poll_resolve()
    }

    /// Takes where a name of [`Self::poll_resolve`] leads; `None` where it leads nowhere.
    pub fn handle_resolved(&mut self, name: &Question, address: Option<IpAddr>, now: Instant) {
        let (registration, mut means) = self.registration(now);
        registration.handle_resolved(name, address, &mut means);
        self.settle(now);
    }

    /// Returns the next port pair to bind on the address for media, RTP and RTCP.
    pub fn poll_bind(&mut self) -> Option<RtpPort> {
        self.gateway.ports.poll_bind()
    }

    /// Returns the next command for the engine.
    pub fn poll_media(&mut self) -> Option<Command> {
        self.gateway.poll_media()
    }

    /// Returns the next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let transport = self.endpoint.poll_timeout();
        let transport = transport.map(|(at, why)| (at, Why::Transport(why)));
        let waiting = self.executor.poll_timeout().map(|at| (at, Why::Waiting));
        let registration = self.registration.poll_timeout(&self.endpoint);
        let phone = self.gateway.poll_phone_timeout();
        let phone = phone.map(|at| (at, Why::Phone));
        let service = self.gateway.poll_service_timeout();
        let service = service.map(|at| (at, Why::Service));
        let supervision = self.gateway.poll_supervision_timeout();
        let supervision = supervision.map(|at| (at, Why::Supervision));
        let overload = self.overload.poll_timeout().map(|at| (at, Why::Overload));
        let all = [
            transport,
            waiting,
            registration,
            phone,
            service,
            supervision,
            overload,
        ];
        all.into_iter().flatten().min_by_key(|(at, _)| *at)
    }

    /// Returns the gateway as plain data.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            contexts: self
                .gateway
                .contexts()
                .map(|(id, context)| self.view(id, context))
                .collect(),
            ports: self.gateway.ports.counts(),
            registered: self.registration.is_registered(),
            transactions: self.executor.load(),
            counters: self.counters,
            transport: self.endpoint.counters(),
        }
    }

    fn view(&self, id: u32, context: &Context) -> ContextView {
        let members = context.members.iter();
        let members = members.filter_map(|key| self.gateway.termination(*key));
        let terminations = members.map(|termination| {
            let streams = termination.streams.iter();
            TerminationView {
                id: termination.id.clone(),
                streams: streams
                    .map(|(id, stream)| StreamView {
                        id: *id,
                        mode: stream.control.mode,
                        stream: stream.media.map(|media| media.stream),
                        port: stream.media.and_then(|media| media.port),
                    })
                    .collect(),
            }
        });
        ContextView {
            id,
            terminations: terminations.collect(),
        }
    }

    /// Carries on until nothing is left to do at `now`.
    fn settle(&mut self, now: Instant) {
        loop {
            let at_rest = self.gateway.contexts().len() == 0 && self.executor.load() == 0;
            let (registration, mut means) = self.registration(now);
            registration.handle_timeout(at_rest, &mut means);
            if let Some((peer, event)) = self.endpoint.poll_event() {
                self.handle_event(peer, event, now);
                continue;
            }
            self.advance_lines(now);
            self.gateway.ports.advance(now);
            self.executor
                .drive(&mut self.gateway, &mut self.counters, now);
            let Some(done) = self.executor.poll_finished() else {
                self.notify(now);
                self.tell_load(now);
                self.tell_cut_off();
                return;
            };
            self.endpoint.reply(done.peer, done.id, done.result, now);
            self.follow(done.peer, now);
        }
    }

    /// Follows the phones, and tells the controller of service states.
    fn advance_lines(&mut self, now: Instant) {
        self.gateway.advance_services(now);
        while let Some((key, at, noticed)) = self.gateway.poll_noticed(Gateway::flash, now) {
            let detected = match noticed {
                Noticed::Tone(digit) => {
                    self.gateway.dial(key, digit);
                    continue;
                }
                Noticed::OffHook => Detected::Hook { off: true },
                Noticed::OnHook => Detected::Hook { off: false },
                Noticed::Flash => Detected::Flash,
            };
            self.gateway.detect(key, None, &detected, at);
        }
        self.gateway.advance_supervision(now);
        if let Some(peer) = self.registration.controller() {
            for request in self.gateway.take_service_changes() {
                let id = self.endpoint.request(peer, request.actions(), now);
                self.gateway.services.handle_asked(id, request);
            }
        }
    }

    /// Tells the controller what was observed (H.248.1 7.2.7). What it is not told because there is none
    /// waits for the next; what waits for an answer of a former one does not any more.
    fn notify(&mut self, now: Instant) {
        let Some(peer) = self.registration.controller() else {
            for key in std::mem::take(&mut self.notified).into_values() {
                self.gateway.handle_notified(key);
            }
            return;
        };
        while let Some((key, action)) = self.gateway.poll_notify(&self.anchor) {
            let id = self.endpoint.request(peer, list![action], now);
            self.notified.insert(id, key);
        }
    }

    /// Tells the operator of events that were cut off.
    fn tell_cut_off(&mut self) {
        let cut_off = self.gateway.cut_off();
        if std::mem::replace(&mut self.counters.cut_off, cut_off) < cut_off {
            self.events.push_back(Event::CutOff);
        }
    }

    /// Tells the controller of load, where it wants to know.
    fn tell_load(&mut self, now: Instant) {
        let Some(peer) = self.registration.controller() else {
            return;
        };
        let time_stamp = self.anchor.time_stamp(now);
        let waiting = self.executor.load();
        let observed = self
            .overload
            .advance(&self.gateway, waiting, time_stamp, now);
        if let Some(observed) = observed {
            let id = self.endpoint.request(peer, notify(observed), now);
            self.overload.handle_asked(id);
        }
    }

    /// Takes the end of a request, and says whether it was a Notify of a Termination.
    fn handle_notified(&mut self, id: TransactionId) -> bool {
        let found = self.notified.remove(&id);
        if let Some(key) = found {
            self.gateway.handle_notified(key);
        }
        found.is_some()
    }

    /// Follows what a transaction has said about the association itself.
    fn follow(&mut self, peer: PeerId, now: Instant) {
        let root = &mut self.gateway.root;
        self.endpoint
            .set_terms(peer, |terms| root.properties.apply(terms));
        self.registration.handle_armed(&root.events);
        if let Some(mgc) = root.hand_off.take() {
            let (registration, mut means) = self.registration(now);
            registration.handle_hand_off(mgc, &mut means);
        }
    }

    fn registration(&mut self, now: Instant) -> (&mut Registration, Means<'_>) {
        let means = Means {
            endpoint: &mut self.endpoint,
            events: &mut self.events,
            anchor: &self.anchor,
            now,
        };
        (&mut self.registration, means)
    }

    fn handle_event(&mut self, peer: PeerId, event: transport_h248::Event, now: Instant) {
        match event {
            transport_h248::Event::Request {
                id,
                actions,
                version,
                ..
            } => {
                // The newest has everything.
                let held_to = Some(version).filter(|version| self.is_strict && *version < 3);
                let job = Job {
                    peer,
                    id,
                    message: self.messages,
                    actions,
                    held_to,
                };
                self.handle_request(job, now);
            }
            transport_h248::Event::Reply { id, .. } if self.gateway.services.handle_reply(id) => {}
            transport_h248::Event::Reply { id, result } if self.handle_notified(id) => {
                let (registration, mut means) = self.registration(now);
                registration.handle_notify_reply(&result, &mut means);
            }
            transport_h248::Event::Reply { id, .. } if self.overload.handle_answered(id) => {}
            transport_h248::Event::Reply { id, result } => {
                let (registration, mut means) = self.registration(now);
                registration.handle_reply(id, result, &mut means);
                if self.registration.poll_accepted() {
                    self.gateway.handle_registered(now);
                    self.overload.handle_registered();
                }
            }
            transport_h248::Event::TimedOut { id } => self.handle_timed_out(id, now),
            transport_h248::Event::Unsent { id } => self.handle_unsent(id, now),
            transport_h248::Event::CarrierLost if self.registration.is_controller(peer) => {
                let (registration, mut means) = self.registration(now);
                registration.handle_lost(&mut means);
            }
            transport_h248::Event::CarrierLost => {}
            transport_h248::Event::MessageError { error } => {
                if self.registration.is_controller(peer) {
                    let (registration, mut means) = self.registration(now);
                    registration.handle_message_error(&error, &mut means);
                }
                self.events.push_back(Event::MessageError { error });
            }
        }
    }

    /// Takes that nobody answers a request of ours: a controller that had accepted us is lost (H.248.1
    /// 11.5).
    fn handle_timed_out(&mut self, id: TransactionId, now: Instant) {
        let of_services = self.gateway.services.handle_timed_out(id);
        let notified = self.give_up_notify(id);
        let (registration, mut means) = self.registration(now);
        if of_services || notified {
            registration.handle_lost(&mut means);
        } else {
            registration.handle_timed_out(id, &mut means);
        }
    }

    /// What was not sent says nothing of the controller.
    fn handle_unsent(&mut self, id: TransactionId, now: Instant) {
        let of_services = self.gateway.services.handle_timed_out(id);
        if !of_services && !self.give_up_notify(id) {
            let (registration, mut means) = self.registration(now);
            registration.handle_timed_out(id, &mut means);
        }
    }

    /// Whether this was a Notify, which is given up.
    fn give_up_notify(&mut self, id: TransactionId) -> bool {
        let notified = self.handle_notified(id) || self.overload.handle_answered(id);
        self.counters.notifies_unanswered += u64::from(notified);
        notified
    }

    fn handle_request(&mut self, job: Job, now: Instant) {
        let code = if !self.registration.is_controller(job.peer) {
            self.counters.unauthorized += 1;
            ErrorCode::UNAUTHORIZED_ENTITY
        } else if !self.registration.is_registered() {
            self.counters.unregistered += 1;
            ErrorCode::NOT_REGISTERED
        } else {
            self.executor.handle_job(job, &mut self.counters);
            return;
        };
        let result = TransactionResult::Error(ErrorDescriptor::new(code));
        self.endpoint.reply(job.peer, job.id, result, now);
    }
}

#[cfg(test)]
mod tests;
