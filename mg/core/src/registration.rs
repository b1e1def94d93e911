//! How the gateway finds its controller, and how it leaves it (H.248.1 7.2.8, 11.2, 11.3).

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use codec_h248::{
    ActionRequest, Command, CommandReply, ContextId, MId, ServiceChangeRequest,
    ServiceChangeResult, TerminationId, TransactionId, TransactionResult, Value,
    descriptor::{
        ErrorDescriptor, ServiceChangeAddress, ServiceChangeDescriptor, ServiceChangeMethod,
    },
};
use transport_h248::{Address, Anchor, Endpoint, PeerId};

use crate::{Event, Why};

/// Bounds of the random delay before the next attempt (H.248.1 9.2): long enough that many
/// gateways do not meet at their controller, short enough that nobody waits for it.
const RETRY_DELAY_MS: std::ops::RangeInclusive<u64> = 500..=2_500;
/// A controller that says nothing for so long is told of, well before the attempt fails after T-MAX:
/// longer than any network and restart of a program takes.
const SILENCE: Duration = Duration::from_secs(2);
/// A controller that sends us on is followed so often in a row.
const REDIRECTS_MAX: u8 = 4;
/// How long the controller has to answer our goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Where a controller listens that names no port (H.248.1 D.1, text).
const PORT: u16 = 2944;

/// The association with the controller.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The controllers of the configuration, and which of them is tried or has accepted us.
    homes: Vec<Address>,
    home: usize,
    target: Address,
    peer: PeerId,
    highest_version: u8,
    redirects: u8,
    /// Where the controller is that has accepted us last; what it knows of us is kept here.
    accepted: Option<Address>,
    /// Whether the operator knows that the controller is silent.
    silence_told: bool,
    state: State,
    rng: fastrand::Rng,
}

/// Where the association stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum State {
    /// The next attempt comes then.
    Waiting { until: Instant },
    /// The registration is sent.
    Registering {
        request: TransactionId,
        /// When silence is to be told; `None` where it is told already.
        silent_at: Option<Instant>,
    },
    /// The controller has accepted us.
    Registered,
    /// Our goodbye is sent.
    Leaving {
        request: TransactionId,
        until: Instant,
    },
    /// It is over.
    Stopped,
}

/// What a controller says to a registration.
enum Answer {
    Accepted {
        version: Option<u8>,
        address: Option<ServiceChangeAddress<'static>>,
    },
    Redirected(MId<'static>),
    Refused(Option<ErrorDescriptor<'static>>),
}

impl Registration {
    /// Registers with the first of the controllers at once.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub(crate) fn new(
        homes: Vec<Address>,
        endpoint: &mut Endpoint,
        highest_version: u8,
        rng: fastrand::Rng,
        now: Instant,
    ) -> Self {
        let target = homes[0];
        Self {
            homes,
            home: 0,
            target,
            peer: endpoint.connect(target, now),
            highest_version,
            redirects: 0,
            accepted: None,
            silence_told: false,
            state: State::Waiting { until: now },
            rng,
        }
    }

    /// Whether `peer` is our controller.
    pub(crate) fn is_controller(&self, peer: PeerId) -> bool {
        peer == self.peer
    }

    /// Whether the controller has accepted us, and we have not left.
    pub(crate) fn is_registered(&self) -> bool {
        match self.state {
            State::Registered | State::Leaving { .. } => true,
            State::Waiting { .. } | State::Registering { .. } | State::Stopped => false,
        }
    }

    /// Takes the reply to a request of ours.
    pub(crate) fn handle_reply(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        id: TransactionId,
        result: TransactionResult<'static>,
        now: Instant,
    ) {
        match self.state {
            State::Registering { request, .. } if request == id => {
                self.silence_told = false;
                self.handle_answer(endpoint, events, answer(result), now);
            }
            State::Leaving { request, .. } if request == id => self.stop(events),
            State::Registering { .. }
            | State::Leaving { .. }
            | State::Waiting { .. }
            | State::Registered
            | State::Stopped => {}
        }
    }

    /// Takes the news that nobody answers a request of ours.
    pub(crate) fn handle_timed_out(
        &mut self,
        events: &mut VecDeque<Event>,
        id: TransactionId,
        now: Instant,
    ) {
        match self.state {
            State::Registering { request, .. } if request == id => self.fail(events, None, now),
            State::Leaving { request, .. } if request == id => self.stop(events),
            State::Registering { .. }
            | State::Leaving { .. }
            | State::Waiting { .. }
            | State::Registered
            | State::Stopped => {}
        }
    }

    /// Takes the news that the connection to the controller has ended, or did not come about: who
    /// was accepted comes back, who was not tries the next.
    pub(crate) fn handle_carrier_lost(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        now: Instant,
    ) {
        match self.state {
            State::Registered => {
                let until = now + self.retry_delay();
                self.state = State::Waiting { until };
                events.push_back(Event::ControllerLost { mgc: self.target });
            }
            State::Registering { .. } => {
                endpoint.forget_requests(self.peer);
                self.fail(events, None, now);
            }
            State::Leaving { .. } => self.stop(events),
            State::Waiting { .. } | State::Stopped => {}
        }
    }

    /// Leaves the controller: everything ends with us (H.248.1 7.2.8, reason 908).
    pub(crate) fn handle_shutdown(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        now: Instant,
    ) {
        match self.state {
            State::Registered => {
                let services = ServiceChangeDescriptor::new(
                    ServiceChangeMethod::Forced,
                    Value::quoted("908 MG Impending Failure"),
                );
                let request = endpoint.request(self.peer, on_root(services), now);
                let until = now + GOODBYE;
                self.state = State::Leaving { request, until };
            }
            State::Waiting { .. } | State::Registering { .. } => {
                endpoint.forget_requests(self.peer);
                self.stop(events);
            }
            State::Leaving { .. } | State::Stopped => {}
        }
    }

    /// Advances to `now`.
    pub(crate) fn handle_timeout(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        anchor: &Anchor,
        now: Instant,
    ) {
        match self.state {
            State::Waiting { until } if now >= until => {
                self.attempt(endpoint, events, anchor, now);
            }
            State::Registering {
                request,
                silent_at: Some(at),
            } if now >= at => self.tell_silence(events, request),
            State::Leaving { until, .. } if now >= until => self.stop(events),
            State::Waiting { .. }
            | State::Leaving { .. }
            | State::Registering { .. }
            | State::Registered
            | State::Stopped => {}
        }
    }

    /// Returns when [`Self::handle_timeout`] is next due, and why.
    pub(crate) fn poll_timeout(&self) -> Option<(Instant, Why)> {
        match self.state {
            State::Waiting { until } => Some((until, Why::Register)),
            State::Leaving { until, .. } => Some((until, Why::Stop)),
            State::Registering { silent_at, .. } => silent_at.map(|at| (at, Why::Unanswered)),
            State::Registered | State::Stopped => None,
        }
    }

    fn tell_silence(&mut self, events: &mut VecDeque<Event>, request: TransactionId) {
        self.silence_told = true;
        self.state = State::Registering {
            request,
            silent_at: None,
        };
        events.push_back(Event::Unanswered { to: self.target });
    }

    fn attempt(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        anchor: &Anchor,
        now: Instant,
    ) {
        if endpoint.address(self.peer) != Some(self.target) {
            endpoint.disconnect(self.peer);
            self.peer = endpoint.connect(self.target, now);
        }
        // A controller of any version must be able to read a registration (H.248.1 11.3).
        endpoint.set_version(self.peer, 1);
        let (method, reason) = self.manner();
        let mut services = ServiceChangeDescriptor::new(method, Value::quoted(reason));
        services.version = Some(self.highest_version);
        services.time_stamp = Some(anchor.time_stamp(now));
        let request = endpoint.request(self.peer, on_root(services), now);
        let silent_at = (!self.silence_told).then_some(now + SILENCE);
        self.state = State::Registering { request, silent_at };
        events.push_back(Event::Registering { to: self.target });
    }

    /// How we come: for the first time, back to the controller that we had, or to another since that
    /// one does not answer (H.248.1 11.5).
    fn manner(&self) -> (ServiceChangeMethod<'static>, &'static str) {
        match self.accepted {
            None => (ServiceChangeMethod::Restart, "901 Cold Boot"),
            Some(before) if before == self.target => {
                (ServiceChangeMethod::Disconnected, "900 Service Restored")
            }
            Some(_) => (ServiceChangeMethod::Failover, "909 MGC Impending Failure"),
        }
    }

    fn handle_answer(
        &mut self,
        endpoint: &mut Endpoint,
        events: &mut VecDeque<Event>,
        answer: Answer,
        now: Instant,
    ) {
        match answer {
            Answer::Accepted { version, address } => {
                let version = version.unwrap_or(1);
                if !(1..=self.highest_version).contains(&version) {
                    self.fail(events, None, now);
                    return;
                }
                self.redirects = 0;
                self.accepted = Some(self.target);
                self.state = State::Registered;
                endpoint.set_version(self.peer, version);
                if let Some(address) = address.and_then(|one| self.socket_address(&one)) {
                    endpoint.set_address(self.peer, address);
                }
                events.push_back(Event::Registered {
                    mgc: endpoint.mid(self.peer).cloned(),
                    version,
                });
            }
            Answer::Redirected(mgc) => {
                let target = self.place(&mgc).filter(|_| self.redirects < REDIRECTS_MAX);
                let Some(target) = target else {
                    self.fail(events, None, now);
                    return;
                };
                self.redirects += 1;
                self.target = target;
                self.state = State::Waiting { until: now };
                events.push_back(Event::Redirected { mgc });
            }
            Answer::Refused(error) => self.fail(events, error, now),
        }
    }

    /// Tries the next controller at once, or after the last of them the first again after a random
    /// delay (H.248.1 11.2, 9.2).
    fn fail(
        &mut self,
        events: &mut VecDeque<Event>,
        error: Option<ErrorDescriptor<'static>>,
        now: Instant,
    ) {
        events.push_back(Event::RegistrationFailed {
            to: self.target,
            error,
        });
        self.redirects = 0;
        self.home = (self.home + 1) % self.homes.len();
        self.target = self.homes[self.home];
        self.silence_told &= self.homes.len() == 1;
        let delay = match self.home {
            0 => self.retry_delay(),
            _ => Duration::ZERO,
        };
        self.state = State::Waiting { until: now + delay };
    }

    fn retry_delay(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(RETRY_DELAY_MS))
    }

    fn stop(&mut self, events: &mut VecDeque<Event>) {
        self.state = State::Stopped;
        events.push_back(Event::Stopped);
    }

    /// Where an entity of that name listens; names that want a resolver lead nowhere here.
    fn place(&self, mid: &MId<'_>) -> Option<Address> {
        match mid {
            MId::Address { host, port } => Some(
                self.target
                    .at(SocketAddr::new(host.0, port.unwrap_or(PORT))),
            ),
            MId::Domain { .. } | MId::Device(_) | MId::Mtp(_) => None,
        }
    }

    fn socket_address(&self, address: &ServiceChangeAddress<'_>) -> Option<Address> {
        match address {
            ServiceChangeAddress::Port(port) => {
                let host = self.target.socket.ip();
                Some(self.target.at(SocketAddr::new(host, *port)))
            }
            ServiceChangeAddress::MId(mid) => self.place(mid),
        }
    }
}

fn on_root(services: ServiceChangeDescriptor<'static>) -> Vec<ActionRequest<'static>> {
    let command = Command::ServiceChange(ServiceChangeRequest {
        terminations: vec![TerminationId::ROOT],
        services: Box::new(services),
    });
    vec![ActionRequest::new(ContextId::Null, vec![command.into()])]
}

fn answer(result: TransactionResult<'static>) -> Answer {
    let actions = match result {
        TransactionResult::Error(error) => return Answer::Refused(Some(error)),
        TransactionResult::Actions(actions) => actions,
    };
    for action in actions {
        for command in action.commands {
            if let CommandReply::ServiceChange(reply) = command {
                return from_reply(reply.result);
            }
        }
        if action.error.is_some() {
            return Answer::Refused(action.error);
        }
    }
    Answer::Refused(None)
}

fn from_reply(result: ServiceChangeResult<'static>) -> Answer {
    match result {
        ServiceChangeResult::Error(error) => Answer::Refused(Some(error)),
        ServiceChangeResult::Accepted => Answer::Accepted {
            version: None,
            address: None,
        },
        ServiceChangeResult::Services(services) => match services.mgc_id {
            Some(mgc) => Answer::Redirected(mgc),
            None => Answer::Accepted {
                version: services.version,
                address: services.address,
            },
        },
    }
}
