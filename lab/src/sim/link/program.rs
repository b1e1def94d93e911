//! One side: an endpoint that may be made anew, and the program above it.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    time::{Duration, Instant},
};

use codec_h248::{MId, Style, TransactionId};
use transport_h248::{Address, Config, Counters, Encoding, Endpoint, Event, PeerId};

use super::traffic::Traffic;
use crate::sim::Side;

/// Lives whose numbers of transactions are apart; a reply outlives fewer restarts than these.
const SLICES: u32 = 16;

/// How the program of one life speaks.
#[derive(Debug)]
struct Manners {
    config: Config,
    version: u8,
    provisional_timer: Duration,
    pending_limit: Option<u32>,
    peer_pending_limit: Option<u32>,
}

impl Manners {
    fn drawn(life: u32, random: &mut fastrand::Rng) -> Self {
        let slice = (0x7FFF_FFFF / SLICES) * (life % SLICES);
        let config = Config {
            encoding: if random.bool() {
                Encoding::Text
            } else {
                Encoding::Binary
            },
            style: if random.bool() {
                Style::Pretty
            } else {
                Style::Compact
            },
            batch_octets: if random.bool() { 0 } else { 1_400 },
            ack_after: random
                .bool()
                .then(|| Duration::from_millis(random.u64(100..3_000))),
            ids: slice + 1..=slice + 0x7FFF_FFFF / SLICES,
            ..Config::default()
        };
        Self {
            config,
            version: random.u8(1..=3),
            provisional_timer: Duration::from_millis(random.u64(1_000..=5_000)),
            pending_limit: (random.u8(..3) == 0).then(|| random.u32(1..=3)),
            peer_pending_limit: (random.u8(..6) == 0).then(|| random.u32(3..=5)),
        }
    }
}

/// A program.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) side: Side,
    /// How often it was started.
    pub(super) life: u32,
    /// `None` while it is down.
    pub(super) endpoint: Option<Endpoint>,
    peer: Option<PeerId>,
    manners: Option<Manners>,
    /// Whether it may ask: the gateway was accepted, or the controller has accepted it.
    registered: bool,
    registration: Option<TransactionId>,
    /// Its requests that have not ended, and their numbers in the run.
    pub(super) waiting: BTreeMap<TransactionId, u32>,
    /// What was counted in former lives.
    past: Counters,
}

impl Program {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            life: 0,
            endpoint: None,
            peer: None,
            manners: None,
            registered: false,
            registration: None,
            waiting: BTreeMap::new(),
            past: Counters::default(),
        }
    }

    /// Begins a life. The first one of the controller waits to be found.
    pub(super) fn start(
        &mut self,
        traffic: &Traffic,
        change: impl FnOnce(&mut Config),
        random: &mut fastrand::Rng,
        now: Instant,
    ) {
        let finds = self.side == Side::Gateway || self.life > 0;
        self.life += 1;
        let mut manners = Manners::drawn(self.life, random);
        change(&mut manners.config);
        self.make_endpoint(manners, random.u64(..));
        self.registered = false;
        if finds {
            self.connect(now);
            self.register(traffic, now);
        }
    }

    fn make_endpoint(&mut self, manners: Manners, seed: u64) {
        let name = match self.side {
            Side::Gateway => "gateway",
            Side::Controller => "controller",
        };
        let mid = MId::Device(name.into());
        self.endpoint = Some(Endpoint::new(manners.config.clone(), mid, seed));
        self.manners = Some(manners);
        self.peer = None;
    }

    fn connect(&mut self, now: Instant) {
        if let Some(endpoint) = &mut self.endpoint {
            self.peer = Some(endpoint.connect(address(self.side.other()), now));
        }
    }

    /// Ends a life; returns the requests that end with it.
    pub(super) fn stop(&mut self) -> impl Iterator<Item = u32> + use<> {
        if let Some(endpoint) = self.endpoint.take() {
            self.past += endpoint.counters();
        }
        self.registration = None;
        std::mem::take(&mut self.waiting).into_values()
    }

    /// Forgets all transactions in the midst of a life, as no link may.
    pub(super) fn forget(&mut self, seed: u64, now: Instant) {
        if let (Some(endpoint), Some(manners)) = (self.endpoint.take(), self.manners.take()) {
            self.past += endpoint.counters();
            self.make_endpoint(manners, seed);
            self.connect(now);
        }
    }

    /// Says who it is, or that it wants to be told.
    pub(super) fn register(&mut self, traffic: &Traffic, now: Instant) {
        if let (Some(endpoint), Some(peer)) = (&mut self.endpoint, self.peer) {
            let actions = traffic.registration(self.side);
            self.registration = Some(endpoint.request(peer, actions, now));
        }
    }

    /// Takes a registration of the other side, or the controller's wish for one: the other side has
    /// restarted. Returns the requests that it knows nothing of.
    pub(super) fn peer_restarted(
        &mut self,
        (peer, id): (PeerId, TransactionId),
        traffic: &Traffic,
        now: Instant,
    ) -> impl Iterator<Item = u32> + use<> {
        self.peer = Some(peer);
        self.registration = None;
        if let Some(endpoint) = &mut self.endpoint {
            endpoint.forget_requests(peer);
            endpoint.reply(peer, id, traffic.registered(), now);
        }
        self.registered = self.side == Side::Controller;
        if self.registered {
            self.agree();
        } else {
            self.register(traffic, now);
        }
        std::mem::take(&mut self.waiting).into_values()
    }

    /// Takes the end of a request if it was the registration; returns whether it was.
    pub(super) fn registration_ends(
        &mut self,
        id: TransactionId,
        accepted: bool,
        traffic: &Traffic,
        now: Instant,
    ) -> bool {
        if self.registration != Some(id) {
            return false;
        }
        self.registration = None;
        if !accepted {
            self.register(traffic, now);
        } else if self.side == Side::Gateway {
            self.registered = true;
            self.agree();
        }
        true
    }

    /// From now on it speaks as was agreed.
    fn agree(&mut self) {
        if let (Some(endpoint), Some(peer), Some(manners)) =
            (&mut self.endpoint, self.peer, &self.manners)
        {
            endpoint.set_version(peer, manners.version);
            endpoint.set_terms(peer, |terms| {
                terms.provisional_timer = manners.provisional_timer;
                terms.pending_limit = manners.pending_limit;
                terms.peer_pending_limit = manners.peer_pending_limit;
            });
        }
    }

    /// The endpoint and the peer, if requests may be sent.
    pub(super) fn open(&mut self) -> Option<(&mut Endpoint, PeerId)> {
        let endpoint = self.endpoint.as_mut().filter(|_| self.registered)?;
        Some((endpoint, self.peer?))
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let (at, _) = self.endpoint.as_ref()?.poll_timeout()?;
        Some(at)
    }

    pub(super) fn poll_event(&mut self) -> Option<(PeerId, Event)> {
        self.endpoint.as_mut()?.poll_event()
    }

    /// What was counted in all lives.
    pub(super) fn counters(&self) -> Counters {
        let now = self.endpoint.as_ref().map(Endpoint::counters);
        self.past + now.unwrap_or_default()
    }
}

/// Where a side is.
pub(super) fn address(side: Side) -> Address {
    let host = match side {
        Side::Gateway => [192, 0, 2, 1],
        Side::Controller => [192, 0, 2, 2],
    };
    SocketAddr::from((host, 2944)).into()
}
