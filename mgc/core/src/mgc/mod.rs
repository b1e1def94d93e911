//! The controller: registry, conferences and link, composed.

mod durable;
mod gateways;
mod life;
mod skills;
mod tying;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{
    TransactionId,
    descriptor::{ErrorDescriptor, ServiceChangeProfile},
};
use transport_h248::{Anchor, Endpoint, PeerId, Route, Statistics, Trace, Transmit};

use crate::{
    Config, Limits,
    audit::Audits,
    conference::{Conferences, Intent, Outcome, accepted},
    heartbeat::Heartbeat,
    northbound::{
        Accepted, CallId, CallView, Completion, Event, GatewayId, GatewayView, LegId, LegView,
        OperationId, OperationKind, OperationView, Origin, Refusal, Request, SegId, SegView, Taken,
        Totals,
    },
    operations::Subject,
    registry::{Gateway, Registry},
    southbound::{Audited, Link, Southbound, Whom},
    tie::Ties,
};

pub use durable::{Record, RestoreError, Table};

/// Why a wake-up is wanted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Why {
    /// A timer of the link.
    Link(transport_h248::Why),
    /// A gateway that did not answer, or was not ready, is to be asked again.
    Probe,
    /// A gateway may have been silent for too long.
    Heartbeat,
    /// An audit that the application asked for is to end with what has come.
    Audit,
    /// Something was played or waited for at a Leg for as long as it may be.
    Wait,
    /// A Seg's time is over, or that of an invitation.
    Deadline,
}

/// The Parlay platform and media gateway controller.
#[derive(Debug)]
pub struct Mgc {
    limits: Limits,
    anchor: Anchor,
    endpoint: Endpoint,
    registry: Registry,
    conferences: Conferences,
    southbound: Southbound,
    audits: Audits,
    heartbeat: Heartbeat,
    /// How long a gateway is to let us be silent; `None`: it is not asked to watch.
    inactivity: Option<Duration>,
    profiles: Vec<ServiceChangeProfile<'static>>,
    hand_offs: BTreeMap<(PeerId, TransactionId), life::HandOff>,
    ties: Ties,
    /// When the operator was last told of a message that a gateway could not read.
    unread_told: Option<Instant>,
    /// The latest time that was told.
    now: Instant,
}

/// A message that a gateway could not read is told of after so long again.
const UNREAD_TOLD_AGAIN: Duration = Duration::from_secs(1);
/// So much of a gateway's words is told.
const UNREAD_TOLD_CHARS: usize = 200;

impl Mgc {
    /// Makes a controller without Calls and gateways. The same seed and the same inputs give the
    /// same outputs.
    pub fn new(config: Config, seed: u64, anchor: Anchor, now: Instant) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let ties = Ties::new(config.transport.trace);
        let endpoint = Endpoint::new(config.transport, config.mid, random.u64(..));
        Self {
            limits: config.limits,
            anchor,
            endpoint,
            registry: Registry::new(config.durable, config.gateways),
            conferences: Conferences::new(config.limits, config.durable, random),
            southbound: Southbound::new(config.durable, ties.are_wanted(), config.statistics),
            audits: Audits::default(),
            heartbeat: Heartbeat::new(config.heartbeat),
            inactivity: config.inactivity,
            profiles: config.profiles,
            hand_offs: BTreeMap::new(),
            ties,
            unread_told: None,
            now,
        }
    }

    /// Takes an H.248 message.
    pub fn handle_message(&mut self, octets: &[u8], from: Route, now: Instant) {
        self.now = self.now.max(now);
        self.conferences.note_time(self.anchor.system(self.now));
        self.endpoint.handle_message(octets, from, self.now);
        if let Some(from) = self.endpoint.poll_unauthenticated() {
            tracing::warn!("not listened to: what comes from {from} is not authentic");
        }
        self.advance();
    }

    /// Takes the news that a connection of ours has come about, and where our side of it is.
    pub fn handle_connected(&mut self, route: Route, local: SocketAddr) {
        self.endpoint.handle_connected(route, local);
    }

    /// Takes a request of the application. What is refused here had no effect; for what is
    /// accepted, [`Self::poll_completion`] yields exactly one completion, possibly at once. A
    /// request that joins an operation that runs already shares its completion.
    pub fn handle_request(&mut self, request: Request, now: Instant) -> Result<Accepted, Refusal> {
        let taken = self.handle_request_of(Origin::default(), request, now)?;
        Ok(taken.accepted)
    }

    /// As [`Self::handle_request`], and the operation bears where it comes from. A request that was
    /// taken before under its caller's key is that operation, and nothing else is done.
    pub fn handle_request_of(
        &mut self,
        origin: Origin,
        request: Request,
        now: Instant,
    ) -> Result<Taken, Refusal> {
        self.now = self.now.max(now);
        let time = self.anchor.system(self.now);
        self.conferences.note_time(time);
        if let Some(taken) = self.conferences.operations.repeated(&origin, time)? {
            return Ok(taken);
        }
        let accepted = self.begin(request);
        if let Ok(accepted) = &accepted {
            let operations = &mut self.conferences.operations;
            operations.bear(&accepted.operation, origin, time);
        }
        self.advance();
        accepted.map(|accepted| Taken {
            accepted,
            outcome: None,
        })
    }

    /// Returns whether a request under this key came before, so that the next one is answered
    /// without anything being done.
    pub fn was_asked(&self, origin: &Origin, now: Instant) -> bool {
        let time = self.anchor.system(self.now.max(now));
        !matches!(self.conferences.operations.repeated(origin, time), Ok(None))
    }

    fn begin(&mut self, request: Request) -> Result<Accepted, Refusal> {
        let (conferences, registry) = (&mut self.conferences, &self.registry);
        match request {
            Request::CreateCall(new) => conferences.create_call(&new, registry),
            Request::AddLeg {
                call,
                seg,
                sdp,
                role,
                host,
            } => conferences.add_leg(call, seg, (&sdp, role, host), registry),
            Request::CreateSeg {
                call,
                name,
                policy,
                by,
            } => conferences.create_seg(call, name, policy, by.as_ref(), registry),
            Request::ModifySeg { call, seg, changes } => conferences.modify_seg(call, seg, changes),
            Request::AttachMedia {
                call,
                leg,
                seg,
                strategy,
                by,
                consent,
            } => conferences.attach_media(call, leg, seg, strategy, by.as_ref(), consent),
            Request::Consent { operation, accept } => conferences.consent(operation, accept),
            Request::DetachMedia { call, leg } => conferences.detach_media(call, leg),
            Request::ModifyLeg {
                call,
                leg,
                changes,
                offer,
            } => conferences.modify_leg(call, leg, changes, offer.as_deref(), registry),
            Request::Play { call, leg, play } => conferences.play(call, leg, play, registry),
            Request::StopPlay { call, leg } => conferences.stop_play(call, leg),
            Request::PlaySeg { call, seg, play } => conferences.play_seg(call, seg, play, registry),
            Request::StopSegPlay { call, seg } => conferences.stop_seg_play(call, seg),
            Request::Collect { call, leg, collect } => conferences.collect(call, leg, collect),
            Request::Record { call, leg, record } => conferences.record(call, leg, record),
            Request::StopRecord { call, leg } => conferences.stop_record(call, leg),
            Request::StopCollect { call, leg } => conferences.stop_collect(call, leg),
            Request::RecordSeg {
                call,
                seg,
                name,
                limit_ms,
            } => conferences.record_seg(call, seg, name, limit_ms, registry),
            Request::StopSegRecord { call, seg } => conferences.stop_seg_record(call, seg),
            Request::DeleteLeg { call, leg } => conferences.delete_leg(call, leg),
            Request::DeleteSeg { call, seg, members } => conferences.delete_seg(call, seg, members),
            Request::SplitSeg {
                call,
                seg,
                legs,
                name,
                strategy,
            } => conferences.split_seg(call, &seg, legs, name, strategy),
            Request::MergeSeg {
                call,
                seg,
                into,
                strategy,
            } => conferences.merge_seg(call, seg, into, strategy),
            Request::DeleteCall { call } => conferences.delete_call(call),
            Request::AuditContexts => self.audit_contexts(),
            Request::Drain { gateway, drain } => self.drain(gateway, drain),
            Request::HandOff { gateway, mgc } => self.hand_off(gateway, mgc),
        }
    }

    /// Takes a new anchor when the clock was set.
    pub fn handle_anchor(&mut self, anchor: Anchor) {
        self.anchor = anchor;
    }

    /// Advances to `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.endpoint.handle_timeout(self.now);
        let (southbound, mut link) = self.south();
        southbound.handle_timeout(&mut link);
        self.ask_the_silent();
        self.conferences.note_time(self.anchor.system(self.now));
        self.conferences.end_overdue();
        self.conferences.expire();
        self.advance();
    }

    /// Returns the next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.endpoint.poll_transmit()
    }

    /// Takes the news that the connection of a route has ended, or did not come about.
    pub fn handle_closed(&mut self, route: Route, now: Instant) {
        self.now = self.now.max(now);
        self.endpoint.handle_closed(route, self.now);
        self.advance();
    }

    /// Returns the next message that came in or went out, where the link traces.
    pub fn poll_trace(&mut self) -> Option<Trace> {
        self.endpoint.poll_trace()
    }

    /// Returns the next event.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.conferences.poll_event()
    }

    /// Returns whether only supervisors may see a Seg; to be asked with the event that names it.
    pub fn is_private(&self, seg: &SegId) -> bool {
        self.conferences.is_private(seg)
    }

    /// Returns how the next operation ended.
    pub fn poll_completion(&mut self) -> Option<Completion> {
        self.conferences.operations.poll_completion()
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub fn poll_timeout(&self) -> Option<(Instant, Why)> {
        let link = self.endpoint.poll_timeout();
        let link = link.map(|(at, why)| (at, Why::Link(why)));
        let probe = self.southbound.poll_timeout().map(|at| (at, Why::Probe));
        let audit = self.audits.poll_timeout().map(|at| (at, Why::Audit));
        let heartbeat = self.heartbeat.poll_timeout();
        let heartbeat = heartbeat.map(|at| (at, Why::Heartbeat));
        let wait = self.conferences.next_deadline();
        let wait = wait.map(|until| (self.instant(until), Why::Wait));
        let due = self.conferences.next_due();
        let due = due.map(|until| (self.instant(until), Why::Deadline));
        let all = [link, probe, audit, heartbeat, wait, due];
        all.into_iter().flatten().min()
    }

    /// The instant of a wall time; one before the anchor is long past.
    fn instant(&self, time: SystemTime) -> Instant {
        let since = time.duration_since(self.anchor.system).unwrap_or_default();
        self.anchor.instant + since
    }

    /// Returns a Call.
    pub fn call(&self, call: &CallId) -> Result<CallView, Refusal> {
        self.conferences.call(call)
    }

    /// Returns all Calls.
    pub fn calls(&self) -> Vec<CallView> {
        self.conferences.calls()
    }

    /// Returns how much stands.
    pub fn totals(&self) -> Totals {
        self.conferences.totals()
    }

    /// Returns the Segs of a Call, in the order of their making.
    pub fn segs(&self, call: &CallId) -> Result<Vec<SegView>, Refusal> {
        self.conferences.segs(call, &self.southbound)
    }

    /// Returns a Seg of a Call.
    pub fn seg(&self, call: &CallId, seg: &SegId) -> Result<SegView, Refusal> {
        self.conferences.seg(call, seg, &self.southbound)
    }

    /// Returns the Legs of a Call, in the order of their joining.
    pub fn legs(&self, call: &CallId) -> Result<Vec<LegView>, Refusal> {
        let legs = self.conferences.legs(call, &self.southbound)?;
        Ok(legs.into_iter().map(|leg| self.as_mixed(leg)).collect())
    }

    /// Returns a Leg of a Call.
    pub fn leg(&self, call: &CallId, leg: &LegId) -> Result<LegView, Refusal> {
        let leg = self.conferences.leg(call, leg, &self.southbound)?;
        Ok(self.as_mixed(leg))
    }

    /// Returns an operation. Operations that ended long ago are forgotten.
    pub fn operation(&self, operation: &OperationId) -> Result<OperationView, Refusal> {
        self.conferences.operations.view(operation)
    }

    /// Returns the gateways.
    pub fn gateways(&self) -> Vec<GatewayView> {
        let load = self.conferences.load();
        let view = |(id, gateway): (&GatewayId, &Gateway)| GatewayView {
            id: id.clone(),
            address: gateway.address,
            state: gateway.state(),
            version: gateway.version,
            legs: load.get(id).copied().unwrap_or(0),
            media_faults: gateway.media_faults,
            strategies: self.conferences.manners.strategies(id).to_vec(),
            learnt: gateway.learnt,
            drained: gateway.drained,
        };
        self.registry.iter().map(view).collect()
    }

    /// Returns what the link has counted.
    pub fn counters(&self) -> transport_h248::Counters {
        self.endpoint.counters()
    }

    /// Returns what the link has counted and measured of each gateway.
    pub fn statistics(&self) -> Vec<(GatewayId, Statistics)> {
        let of = |(id, gateway): (&GatewayId, &Gateway)| {
            let statistics = self.endpoint.statistics(gateway.peer)?;
            Some((id.clone(), statistics))
        };
        self.registry.iter().filter_map(of).collect()
    }

    fn south(&mut self) -> (&mut Southbound, Link<'_>) {
        let link = Link {
            endpoint: &mut self.endpoint,
            now: self.now,
        };
        (&mut self.southbound, link)
    }

    fn audit_contexts(&mut self) -> Result<Accepted, Refusal> {
        let operation = self
            .conferences
            .start(OperationKind::AuditContexts, Subject::default())?;
        let gateways = self.registry.in_use();
        for peer in gateways.keys() {
            let (southbound, mut link) = self.south();
            southbound.audit(*peer, operation.clone(), &mut link);
        }
        self.audits.start(operation.clone(), gateways, self.now);
        Ok(accepted(operation))
    }

    /// Carries everything that an input has set off as far as it goes. Each round consumes an
    /// entry of a queue, and what it adds is bounded by the Legs that the input is about.
    fn advance(&mut self) {
        loop {
            self.tie_sent();
            if let Some((peer, event)) = self.endpoint.poll_event() {
                self.handle_event(peer, event);
            } else if let Some(intent) = self.conferences.poll_intent() {
                self.pursue(intent);
            } else if let Some((leg, outcome)) = self.southbound.poll_outcome() {
                self.learn(&leg, &outcome);
                self.conferences.handle_outcome(&leg, outcome);
            } else if let Some(audited) = self.southbound.poll_audited() {
                self.handle_audited(audited);
            } else if let Some((peer, mixes)) = self.southbound.poll_learnt() {
                self.learn_mixer(peer, mixes);
            } else if let Some(peer) = self.southbound.poll_lost() {
                self.give_up(peer);
            } else if let Some((operation, done)) = self.audits.poll_done(self.now) {
                self.conferences.operations.succeed(&operation, done);
            } else if !self.conferences.rehome(&self.registry) {
                return;
            }
        }
    }

    fn pursue(&mut self, intent: Intent) {
        let Intent {
            gateway,
            leg,
            hall,
            mixing,
            want,
        } = intent;
        let Some(peer) = self.registry.get(&gateway).map(|gateway| gateway.peer) else {
            let outcome = Outcome::Missing(Refusal::NoGateway);
            self.conferences.handle_outcome(&leg, outcome);
            return;
        };
        let (southbound, mut link) = self.south();
        southbound.perform(peer, Whom { id: leg, mixing }, hall, want, &mut link);
    }

    fn handle_event(&mut self, peer: PeerId, event: transport_h248::Event) {
        use transport_h248::Event as E;
        match event {
            E::Request {
                id,
                actions,
                version,
                from,
            } => self.handle_peer_request(peer, id, actions, (version, from.address)),
            E::Reply { id, result } => {
                self.answered(peer);
                self.handle_hand_off(peer, id, Some(&result));
                let (southbound, mut link) = self.south();
                southbound.handle_reply(peer, id, result, &mut link);
            }
            E::TimedOut { id } | E::Unsent { id } => {
                self.suspect(peer);
                self.handle_hand_off(peer, id, None);
                let (southbound, mut link) = self.south();
                southbound.handle_silence(peer, id, &mut link);
            }
            E::CarrierLost => self.suspect(peer),
            E::MessageError { error } => self.tell_unread(peer, &error),
        }
    }

    /// Tells the operator, in bounded words and not with every datagram of whoever sends many.
    fn tell_unread(&mut self, peer: PeerId, error: &ErrorDescriptor<'_>) {
        if self
            .unread_told
            .is_some_and(|told| self.now < told + UNREAD_TOLD_AGAIN)
        {
            return;
        }
        self.unread_told = Some(self.now);
        let error: String = error.to_string().chars().take(UNREAD_TOLD_CHARS).collect();
        tracing::warn!(%peer, %error, "a gateway could not read a message");
    }

    fn handle_audited(&mut self, audited: Audited) {
        let Audited {
            operation,
            peer,
            result,
        } = audited;
        let found = match (result, self.registry.by_peer(peer)) {
            (Ok(found), Some(gateway)) => {
                let tied = self.southbound.tie(peer, gateway, found);
                Some(self.conferences.without_holders(tied))
            }
            (Ok(_), None) => Some(Vec::new()),
            (Err(refusal), _) => {
                tracing::warn!(%peer, %refusal, "a gateway does not say what it holds");
                None
            }
        };
        self.audits.answer(&operation, peer, found);
    }
}
