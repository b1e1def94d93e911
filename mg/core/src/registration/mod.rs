//! How the gateway finds its controller, keeps it, and leaves it (H.248.1 7.2.8, 9.2, 11).

mod sent;
mod services;
mod tour;
mod watch;

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use codec_h248::{
    MId, TransactionId, TransactionResult, Value,
    descriptor::{
        ErrorCode, ErrorDescriptor, EventsDescriptor, ServiceChangeAddress,
        ServiceChangeDescriptor, ServiceChangeMethod, ServiceChangeProfile,
    },
};
use transport_h248::{
    Address, Anchor, Endpoint, PeerId,
    mutants::{Mutant, seeded},
};

pub(crate) use self::services::notify;
use self::{
    sent::{Sent, Sought},
    services::{Answer, answer, on_root},
    tour::{Next, Tour},
    watch::Watch,
};
use crate::{Config, Event, Why};

/// Bounds of the random delay before a controller is tried again (H.248.1 9.2): long enough that many
/// gateways do not meet there, short enough that nobody waits for it. Where the maximum waiting
/// delay is longer, it bounds the delay.
const RETRY_DELAY_MS: std::ops::RangeInclusive<u64> = 500..=2_500;
/// A controller that says nothing for so long is told of, well before the attempt fails after T-MAX:
/// longer than any network and restart of a program takes.
const SILENCE: Duration = Duration::from_secs(2);
/// How long the controller has to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// The association with the controller.
#[derive(Debug)]
pub(crate) struct Registration {
    tour: Tour,
    peer: PeerId,
    /// The controller before this one: a repeated request of it finds its reply (11.5).
    former: Option<PeerId>,
    highest_version: u8,
    profile: Option<ServiceChangeProfile<'static>>,
    /// The longest random delay before all gateways of a place come back (MWD).
    waiting_max: Duration,
    watch: Watch,
    /// The controller that we are sent to, whose name is to be resolved.
    sought: Option<Sought>,
    /// Whether the operator knows that the controller is silent.
    silence_told: bool,
    /// Whether a controller has accepted us, which nobody has asked for since.
    accepted: bool,
    state: State,
    rng: fastrand::Rng,
}

/// Where the association stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// The next attempt comes then.
    Waiting { until: Instant },
    /// The name of the controller to try is to be known until then.
    Resolving { until: Instant },
    /// The registration is sent.
    Registering {
        request: TransactionId,
        /// When silence is to be told; `None` where it is told already.
        silent_at: Option<Instant>,
    },
    /// The controller has accepted us.
    Registered,
    /// The controller knows that we leave then, or once no Context is left.
    Draining { until: Instant },
    /// Our goodbye is sent.
    Leaving {
        request: TransactionId,
        until: Instant,
    },
    /// It is over.
    Stopped,
}

/// What a request of ours was sent for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Asked {
    Registration,
    Goodbye,
    /// Whether the controller is there.
    Watch,
}

/// What the machine works with, at one instant.
pub(crate) struct Means<'a> {
    pub(crate) endpoint: &'a mut Endpoint,
    pub(crate) events: &'a mut VecDeque<Event>,
    pub(crate) anchor: &'a Anchor,
    pub(crate) now: Instant,
}

impl Registration {
    /// Registers with the first of the controllers after the avalanche delay (9.2).
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(crate) fn new(
        config: &Config,
        endpoint: &mut Endpoint,
        mut rng: fastrand::Rng,
        now: Instant,
    ) -> Self {
        let tour = Tour::new(config.mgcs.clone());
        let waiting_max = config.waiting_max;
        let delay = random_up_to(waiting_max, &mut rng);
        Self {
            peer: endpoint.connect(tour.target(), now),
            tour,
            former: None,
            highest_version: config.transport.version,
            profile: config.profile.clone(),
            waiting_max,
            watch: Watch::default(),
            sought: None,
            silence_told: false,
            accepted: false,
            state: State::Waiting { until: now + delay },
            rng,
        }
    }

    /// The controller, while it has us and we do not leave it.
    pub(crate) fn controller(&self) -> Option<PeerId> {
        match self.state {
            State::Registered | State::Draining { .. } => Some(self.peer),
            State::Waiting { .. }
            | State::Resolving { .. }
            | State::Registering { .. }
            | State::Leaving { .. }
            | State::Stopped => None,
        }
    }

    /// Whether a controller has accepted us since the last time.
    pub(crate) fn poll_accepted(&mut self) -> bool {
        std::mem::take(&mut self.accepted)
    }

    /// Whether `peer` is our controller.
    pub(crate) fn is_controller(&self, peer: PeerId) -> bool {
        peer == self.peer
    }

    /// Whether the controller has accepted us, and we have not left.
    pub(crate) fn is_registered(&self) -> bool {
        match self.state {
            State::Registered | State::Draining { .. } | State::Leaving { .. } => true,
            State::Waiting { .. }
            | State::Resolving { .. }
            | State::Registering { .. }
            | State::Stopped => false,
        }
    }

    /// What a request was sent for; `None` where it does not matter any more.
    fn asked(&self, id: TransactionId) -> Option<Asked> {
        if self.watch.asked == Some(id) {
            return Some(Asked::Watch);
        }
        match self.state {
            State::Registering { request, .. } if request == id => Some(Asked::Registration),
            State::Leaving { request, .. } if request == id => Some(Asked::Goodbye),
            State::Registering { .. }
            | State::Leaving { .. }
            | State::Waiting { .. }
            | State::Resolving { .. }
            | State::Registered
            | State::Draining { .. }
            | State::Stopped => None,
        }
    }

    /// Takes the reply to a request of ours.
    pub(crate) fn handle_reply(
        &mut self,
        id: TransactionId,
        result: TransactionResult<'static>,
        means: &mut Means<'_>,
    ) {
        match self.asked(id) {
            Some(Asked::Registration) => {
                self.silence_told = false;
                self.handle_answer(answer(result), means);
            }
            Some(Asked::Goodbye) => self.stop(means),
            Some(Asked::Watch) => {
                // What else it says does not matter: it is there.
                self.watch.asked = None;
                if services::is_unknown(&result) {
                    self.handle_lost(means);
                }
            }
            None => {}
        }
    }

    /// Takes the reply to a Notify, which matters only where the controller does not know us any more.
    pub(crate) fn handle_notify_reply(
        &mut self,
        result: &TransactionResult<'static>,
        means: &mut Means<'_>,
    ) {
        if services::is_unknown(result) {
            self.handle_lost(means);
        }
    }

    /// Takes the news that nobody answers a request of ours (11.5).
    pub(crate) fn handle_timed_out(&mut self, id: TransactionId, means: &mut Means<'_>) {
        match self.asked(id) {
            Some(Asked::Registration) => self.fail(None, means),
            Some(Asked::Goodbye) => self.stop(means),
            Some(Asked::Watch) => self.handle_lost(means),
            None => {}
        }
    }

    /// Takes an error about a whole message of ours. One that is not authentic is not read, so that is
    /// all the answer that a registration will get (402, 10.2). Any other may be about a copy, while the
    /// registration is being carried out: its reply counts.
    pub(crate) fn handle_message_error(
        &mut self,
        error: &ErrorDescriptor<'static>,
        means: &mut Means<'_>,
    ) {
        let unheard = error.code == ErrorCode::UNAUTHORIZED;
        if let (true, State::Registering { .. }) = (unheard, self.state) {
            means.endpoint.forget_requests(self.peer);
            self.fail(Some(error.clone()), means);
        }
    }

    /// Takes the news that the controller cannot be reached: who was accepted comes back, who was not
    /// tries the next (11.5).
    pub(crate) fn handle_lost(&mut self, means: &mut Means<'_>) {
        match self.state {
            State::Registered => {
                let mgc = self.tour.target();
                means.endpoint.forget_requests(self.peer);
                self.tour.lose();
                self.watch.asked = None;
                let until = means.now + self.retry_delay();
                self.state = State::Waiting { until };
                means.events.push_back(Event::ControllerLost { mgc });
            }
            State::Registering { .. } => {
                means.endpoint.forget_requests(self.peer);
                self.fail(None, means);
            }
            State::Draining { .. } | State::Leaving { .. } => self.stop(means),
            State::Waiting { .. } | State::Resolving { .. } | State::Stopped => {}
        }
    }

    /// Takes the controller's order to go to another one (11.5).
    pub(crate) fn handle_hand_off(&mut self, mgc: MId<'static>, means: &mut Means<'_>) {
        if self.state != State::Registered {
            return;
        }
        self.watch.asked = None;
        self.go_to(mgc, Sent::HandedOff, means);
    }

    /// Takes what the controller has armed on ROOT.
    pub(crate) fn handle_armed(&mut self, events: &EventsDescriptor<'_>) {
        self.watch.arm(events);
    }

    /// Tells the controller that we leave after `delay`, or when the last Context has ended if that
    /// is sooner; it is to begin nothing more (7.2.8, Graceful).
    pub(crate) fn handle_drain(&mut self, delay: Duration, means: &mut Means<'_>) {
        if self.state != State::Registered {
            self.handle_shutdown(means);
            return;
        }
        let mut services = ServiceChangeDescriptor::new(
            ServiceChangeMethod::Graceful,
            Value::quoted("908 MG Impending Failure"),
        );
        services.delay_s = u32::try_from(delay.as_secs()).ok();
        means
            .endpoint
            .request(self.peer, on_root(services), means.now);
        let until = means.now + delay;
        self.state = State::Draining { until };
    }

    /// Leaves the controller: everything ends with us (7.2.8, reason 908).
    pub(crate) fn handle_shutdown(&mut self, means: &mut Means<'_>) {
        match self.state {
            State::Registered | State::Draining { .. } => {
                let services = ServiceChangeDescriptor::new(
                    ServiceChangeMethod::Forced,
                    Value::quoted("908 MG Impending Failure"),
                );
                let endpoint = &mut means.endpoint;
                let request = endpoint.request(self.peer, on_root(services), means.now);
                let until = means.now + GOODBYE;
                self.state = State::Leaving { request, until };
            }
            State::Waiting { .. } | State::Resolving { .. } | State::Registering { .. } => {
                means.endpoint.forget_requests(self.peer);
                self.sought = None;
                self.stop(means);
            }
            State::Leaving { .. } | State::Stopped => {}
        }
    }

    /// Advances to the instant of `means`; `at_rest` says that no Context is left.
    pub(crate) fn handle_timeout(&mut self, at_rest: bool, means: &mut Means<'_>) {
        match self.state {
            State::Waiting { until } if means.now >= until => self.attempt(means),
            State::Registering {
                request,
                silent_at: Some(at),
            } if means.now >= at => self.tell_silence(request, means),
            State::Draining { until } if at_rest || means.now >= until => {
                self.handle_shutdown(means);
            }
            State::Leaving { until, .. } if means.now >= until => self.stop(means),
            State::Registered => self.watch(means),
            State::Resolving { until } if means.now >= until => {
                if let Some(sought) = self.sought.take() {
                    self.nowhere(sought.mgc, sought.how, means);
                }
            }
            State::Waiting { .. }
            | State::Resolving { .. }
            | State::Leaving { .. }
            | State::Registering { .. }
            | State::Draining { .. }
            | State::Stopped => {}
        }
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub(crate) fn poll_timeout(&self, endpoint: &Endpoint) -> Option<(Instant, Why)> {
        match self.state {
            State::Waiting { until } => Some((until, Why::Register)),
            State::Resolving { until } => Some((until, Why::Resolve)),
            State::Draining { until } | State::Leaving { until, .. } => Some((until, Why::Stop)),
            State::Registering { silent_at, .. } => silent_at.map(|at| (at, Why::Unanswered)),
            State::Registered => {
                let heard = endpoint.heard(self.peer)?;
                self.watch.due(heard).map(|at| (at, Why::Inactive))
            }
            State::Stopped => None,
        }
    }

    /// Asks a controller that has been silent for too long whether it is there (H.248.14).
    fn watch(&mut self, means: &mut Means<'_>) {
        let heard = means.endpoint.heard(self.peer);
        let due = heard.and_then(|heard| self.watch.due(heard));
        if due.is_none_or(|due| means.now < due) {
            return;
        }
        if let Some(observed) = self.watch.observed(means.anchor.time_stamp(means.now)) {
            let endpoint = &mut means.endpoint;
            let request = endpoint.request(self.peer, notify(observed), means.now);
            self.watch.asked = Some(request);
        }
    }

    fn tell_silence(&mut self, request: TransactionId, means: &mut Means<'_>) {
        self.silence_told = true;
        self.state = State::Registering {
            request,
            silent_at: None,
        };
        let to = self.tour.target();
        means.events.push_back(Event::Unanswered { to });
    }

    fn attempt(&mut self, means: &mut Means<'_>) {
        let target = self.tour.target();
        self.turn_to(target, means);
        // A controller of any version must be able to read a registration (H.248.1 11.3).
        means.endpoint.set_version(self.peer, 1);
        let (method, reason) = self.tour.manner();
        let mut services = ServiceChangeDescriptor::new(method, Value::quoted(reason));
        services.version = Some(self.highest_version);
        services.profile = self.profile.clone();
        services.time_stamp = Some(means.anchor.time_stamp(means.now));
        let endpoint = &mut means.endpoint;
        let request = endpoint.request(self.peer, on_root(services), means.now);
        let silent_at = (!self.silence_told).then_some(means.now + SILENCE);
        self.state = State::Registering { request, silent_at };
        means.events.push_back(Event::Registering { to: target });
    }

    /// Makes the controller at `target` the one that we speak to. The one before is kept for its
    /// repeated requests, the one before that is not.
    fn turn_to(&mut self, target: Address, means: &mut Means<'_>) {
        if means.endpoint.address(self.peer) == Some(target) {
            return;
        }
        let before = std::mem::replace(&mut self.peer, means.endpoint.connect(target, means.now));
        means.endpoint.forget_requests(before);
        if let Some(former) = self.former.replace(before) {
            means.endpoint.disconnect(former);
        }
    }

    fn handle_answer(&mut self, answer: Answer, means: &mut Means<'_>) {
        match answer {
            Answer::Accepted {
                version,
                address,
                profile,
            } => {
                let version = version.unwrap_or(1);
                if !(1..=self.highest_version).contains(&version) || !self.has(profile.as_ref()) {
                    self.fail(None, means);
                    return;
                }
                self.accepted(version, address, means);
            }
            Answer::Redirected(mgc) => self.go_to(mgc, Sent::On, means),
            Answer::Refused(error) => self.fail(error, means),
        }
    }

    /// Whether we can be as that profile has it: ours in our version, or in one before (11.3).
    fn has(&self, wanted: Option<&ServiceChangeProfile<'_>>) -> bool {
        let ours = self.profile.as_ref();
        wanted.is_none_or(|wanted| {
            ours.is_some_and(|ours| ours.name == wanted.name && wanted.version <= ours.version)
        })
    }

    fn accepted(
        &mut self,
        version: u8,
        address: Option<ServiceChangeAddress<'static>>,
        means: &mut Means<'_>,
    ) {
        self.tour.accept();
        self.state = State::Registered;
        self.accepted = true;
        let endpoint = &mut means.endpoint;
        let spoken = if seeded(Mutant::M23) {
            self.highest_version
        } else {
            version
        };
        endpoint.set_version(self.peer, spoken);
        if let Some(address) = address.and_then(|one| self.socket_address(&one)) {
            endpoint.set_address(self.peer, address);
        }
        let mgc = endpoint.mid(self.peer).cloned();
        if self
            .former
            .is_some_and(|former| endpoint.mid(former) == mgc.as_ref())
        {
            // The same controller elsewhere: both numbers mean the same association now.
            self.former = None;
        }
        means.events.push_back(Event::Registered { mgc, version });
    }

    /// Tries the next controller at once, or after the last of them the first again after a random
    /// delay (H.248.1 11.2, 9.2).
    fn fail(&mut self, error: Option<ErrorDescriptor<'static>>, means: &mut Means<'_>) {
        let to = self.tour.target();
        means
            .events
            .push_back(Event::RegistrationFailed { to, error });
        let delay = match self.tour.fail() {
            Next::Now => Duration::ZERO,
            Next::Later => self.retry_delay(),
        };
        self.silence_told &= self.tour.target() == to;
        self.state = State::Waiting {
            until: means.now + delay,
        };
    }

    fn retry_delay(&mut self) -> Duration {
        let least = Duration::from_millis(*RETRY_DELAY_MS.start());
        let most = Duration::from_millis(*RETRY_DELAY_MS.end()).max(self.waiting_max);
        least + random_up_to(most - least, &mut self.rng)
    }

    fn stop(&mut self, means: &mut Means<'_>) {
        self.state = State::Stopped;
        means.events.push_back(Event::Stopped);
    }
}

fn random_up_to(most: Duration, rng: &mut fastrand::Rng) -> Duration {
    let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(rng.u64(0..=most))
}
