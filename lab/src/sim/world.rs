//! A controller, a gateway with its engine, and simulated parties, in virtual time.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{Host, MId};
use mg_core::{Bound, Mg, Snapshot};
use mg_media::Engine;
use mgc_core::{
    Mgc,
    northbound::{Completion, Event, OperationId, Refusal, Request},
};
use transport_h248::Anchor;

use super::{
    net::{Faults, Net, Side},
    party::Party,
};

const CONTROLLER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2944);
const GATEWAY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2946);

/// Everything that a private chat needs, and the network between.
pub struct World {
    mgc: Mgc,
    mg: Mg,
    engine: Engine,
    /// The control path.
    pub net: Net,
    parties: Vec<Party>,
    now: Instant,
    started: Instant,
    /// Every event of the platform, in order.
    pub events: Vec<Event>,
    completions: BTreeMap<OperationId, Completion>,
}

impl World {
    /// A controller and a gateway that have just started. The same seed makes the same world.
    pub fn new(faults: Faults, seed: u64) -> Self {
        let now = super::start();
        let system = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_500_000);
        let anchor = Anchor {
            instant: now,
            system,
        };
        let mid = |address: SocketAddr| MId::Address {
            host: Host(address.ip()),
            port: Some(address.port()),
        };
        let mut random = fastrand::Rng::with_seed(seed);
        let mgc = Mgc::new(
            mgc_core::Config::new(mid(CONTROLLER)),
            random.u64(..),
            anchor,
            now,
        );
        let config = mg_core::Config {
            mid: mid(GATEWAY),
            mgcs: vec![CONTROLLER.into()],
            waiting_max: Duration::ZERO,
            profile: None,
            rtp_address: Ipv4Addr::LOCALHOST.into(),
            rtp_ports: 20_000..=20_199,
            ports_ahead: 16,
            limits: mg_core::Limits::default(),
            transport: transport_h248::Config::default(),
        };
        let mg = Mg::new(config, random.u64(..), anchor, now);
        let wall = (now, anchor.system(now));
        let engine = Engine::new(mg_media::Config::default(), random.u64(..), wall, now);
        Self {
            mgc,
            mg,
            engine,
            net: Net::new(faults, random.u64(..)),
            parties: Vec::new(),
            now,
            started: now,
            events: Vec::new(),
            completions: BTreeMap::new(),
        }
    }

    /// Virtual time since the start.
    pub fn elapsed(&self) -> Duration {
        self.now - self.started
    }

    /// The present moment of virtual time.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// A party that sends its own tone from an address of its own; returns its number.
    pub fn add_party(&mut self) -> usize {
        let number = self.parties.len();
        self.parties.push(Party::new(number));
        number
    }

    /// A party.
    pub fn party(&self, number: usize) -> &Party {
        &self.parties[number]
    }

    /// Tells a party where the gateway receives it.
    pub fn connect(&mut self, party: usize, gateway: SocketAddr) {
        self.parties[party].connect(gateway, self.now);
    }

    /// The controller.
    pub fn mgc(&self) -> &Mgc {
        &self.mgc
    }

    /// What the gateway holds.
    pub fn gateway(&self) -> Snapshot {
        self.mg.snapshot()
    }

    /// Asks something of the platform.
    pub fn request(&mut self, request: Request) -> Result<OperationId, Refusal> {
        let accepted = self.mgc.handle_request(request, self.now)?;
        self.settle();
        Ok(accepted.operation)
    }

    /// How an operation ended, if it has.
    pub fn completion(&self, operation: &OperationId) -> Option<&Completion> {
        self.completions.get(operation)
    }

    /// Lets time pass until `done` or until `at_most` has passed; says whether it is done.
    pub fn run_until(&mut self, at_most: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let deadline = self.now + at_most;
        loop {
            self.settle();
            if done(self) {
                return true;
            }
            match self.next_wake() {
                Some(at) if at <= deadline => self.advance(at),
                Some(_) | None => {
                    self.now = deadline;
                    return false;
                }
            }
        }
    }

    /// Lets time pass.
    pub fn run_for(&mut self, duration: Duration) {
        self.run_until(duration, |_| false);
    }

    /// Whether nothing is on its way and no transaction of either end is open.
    pub fn is_quiet(&self) -> bool {
        self.net.poll_timeout().is_none() && self.mg.snapshot().transactions == 0
    }

    fn next_wake(&self) -> Option<Instant> {
        let machines = [
            self.mgc.poll_timeout().map(|(at, _)| at),
            self.mg.poll_timeout().map(|(at, _)| at),
            self.engine.poll_timeout().map(|(at, _)| at),
            self.net.poll_timeout(),
        ];
        let parties = self.parties.iter().filter_map(Party::poll_timeout);
        machines.into_iter().flatten().chain(parties).min()
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.max(at);
        let now = self.now;
        while let Some((to, octets)) = self.net.poll_arrival(now) {
            match to {
                Side::Gateway => self.mg.handle_message(&octets, CONTROLLER.into(), now),
                Side::Controller => self.mgc.handle_message(&octets, GATEWAY.into(), now),
            }
            self.settle();
        }
        self.mgc.handle_timeout(now);
        self.mg.handle_timeout(now);
        for party in &mut self.parties {
            if let Some((port, octets)) = party.handle_timeout(now) {
                self.engine.handle_rtp(port, &octets, party.address(), now);
            }
        }
        self.engine.handle_timeout(now);
    }

    /// Carries everything that the machines have to say to where it belongs.
    fn settle(&mut self) {
        let now = self.now;
        loop {
            let mut moved = false;
            while let Some(transmit) = self.mgc.poll_transmit() {
                self.net.send(Side::Gateway, &transmit.octets, now);
            }
            while let Some(transmit) = self.mg.poll_transmit() {
                self.net.send(Side::Controller, &transmit.octets, now);
            }
            while let Some(port) = self.mg.poll_bind() {
                self.mg.handle_bound(port, Bound::Ready, now);
                moved = true;
            }
            while let Some(command) = self.mg.poll_media() {
                self.engine.handle_command(command, now);
                moved = true;
            }
            while let Some(report) = self.engine.poll_report() {
                self.mg.handle_media(report, now);
                moved = true;
            }
            if !moved {
                break;
            }
        }
        self.deliver_media();
        while self.mg.poll_event().is_some() {}
        self.events
            .extend(std::iter::from_fn(|| self.mgc.poll_event()));
        while let Some(completion) = self.mgc.poll_completion() {
            let before = self
                .completions
                .insert(completion.operation.clone(), completion);
            assert!(before.is_none(), "an operation ended twice: {before:?}");
        }
    }

    fn deliver_media(&mut self) {
        let now = self.now;
        while let Some(transmit) = self.engine.poll_transmit() {
            let rtp = transmit.kind == mg_media::Kind::Rtp;
            let heard = self
                .parties
                .iter_mut()
                .find(|party| party.address() == transmit.to);
            if let (true, Some(party)) = (rtp, heard) {
                let from = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), transmit.port.0);
                party.handle_rtp(transmit.octets, from, now);
            }
        }
    }
}
