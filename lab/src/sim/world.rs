//! Controllers, a gateway with its engine, and simulated parties, in virtual time.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{Host, MId};
use mg_core::{Bound, Mg, Snapshot};
use mg_media::Engine;
use mgc_core::{
    Mgc, Record, Table,
    northbound::{Completion, Event, OperationId, Refusal, Request},
};
use transport_h248::{Address, Anchor};

use super::{
    net::{Faults, Net},
    party::Party,
};

/// The port of the first controller; each other one is ten further on.
const CONTROLLER_PORT: u16 = 2944;
const GATEWAY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 2946);

/// Everything that a private chat needs, and the network between.
pub struct World {
    /// The controllers that run, by number.
    controllers: BTreeMap<usize, Mgc>,
    /// What each controller has written down.
    stores: BTreeMap<usize, Store>,
    mg: Mg,
    engine: Engine,
    /// The control path.
    pub net: Net<Way>,
    parties: Vec<Party>,
    now: Instant,
    started: Instant,
    /// Every event of the platform, in order.
    pub events: Vec<Event>,
    completions: BTreeMap<OperationId, Completion>,
    /// Every event of the gateway, in order.
    pub gateway_events: Vec<mg_core::Event>,
    anchor: Anchor,
    random: fastrand::Rng,
    homes: usize,
    watch: Option<Duration>,
}

/// What a controller has written down: rows by table and key.
type Store = BTreeMap<(Table, String), String>;

/// From where to where a datagram goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Way {
    from: SocketAddr,
    to: SocketAddr,
}

/// Where a controller listens, which is its name, too.
pub fn place(controller: usize) -> SocketAddr {
    let further = u16::try_from(controller).expect("there are few controllers");
    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), CONTROLLER_PORT + 10 * further)
}

/// An address as a name.
pub fn mid(address: SocketAddr) -> MId<'static> {
    MId::Address {
        host: Host(address.ip()),
        port: Some(address.port()),
    }
}

impl World {
    /// A controller and a gateway that have just started. The same seed makes the same world.
    pub fn new(faults: Faults, seed: u64) -> Self {
        Self::build(1, None, faults, seed)
    }

    /// So many controllers, which the gateway tries in their order, and a gateway. Both ends notice
    /// when the other has been silent for `watch`, or a little longer.
    pub fn of_controllers(count: usize, watch: Duration, faults: Faults, seed: u64) -> Self {
        Self::build(count, Some(watch), faults, seed)
    }

    fn build(count: usize, watch: Option<Duration>, faults: Faults, seed: u64) -> Self {
        let now = super::start();
        let system = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_500_000);
        let anchor = Anchor {
            instant: now,
            system,
        };
        let mut random = fastrand::Rng::with_seed(seed);
        let first = new_mgc(0, watch, &mut random, anchor, now);
        let (mg, engine) = new_gateway(count, &mut random, anchor, now);
        let mut world = Self {
            controllers: BTreeMap::from([(0, first)]),
            stores: BTreeMap::new(),
            mg,
            engine,
            net: Net::new(faults, random.u64(..)),
            parties: Vec::new(),
            now,
            started: now,
            events: Vec::new(),
            completions: BTreeMap::new(),
            gateway_events: Vec::new(),
            anchor,
            random,
            homes: count,
            watch,
        };
        for controller in 1..count {
            world.start(controller);
        }
        world
    }

    /// Starts a controller that knows of nothing.
    pub fn start(&mut self, controller: usize) {
        let mgc = new_mgc(
            controller,
            self.watch,
            &mut self.random,
            self.anchor,
            self.now,
        );
        let before = self.controllers.insert(controller, mgc);
        assert!(before.is_none(), "it runs");
    }

    /// Ends a controller at once, as a crash does.
    pub fn stop(&mut self, controller: usize) -> Mgc {
        self.settle();
        let ended = self.controllers.remove(&controller);
        ended.expect("it runs")
    }

    /// Lets a controller that was cut off go on from where it was.
    pub fn go_on(&mut self, controller: usize, mgc: Mgc) {
        let before = self.controllers.insert(controller, mgc);
        assert!(before.is_none(), "it runs");
    }

    /// Ends a controller at once after it has taken a request: what follows from it is written down,
    /// and not sent.
    pub fn crash_on(
        &mut self,
        controller: usize,
        request: Request,
    ) -> Result<OperationId, Refusal> {
        let mut mgc = self.controllers.remove(&controller).expect("it runs");
        let accepted = mgc.handle_request(request, self.now);
        write_down(&mut mgc, self.stores.entry(controller).or_default());
        // Events and completions that nobody was told of are of no use to anybody.
        Ok(accepted?.operation)
    }

    /// Starts a controller that has ended, with what it has written down.
    pub fn restore(&mut self, controller: usize) {
        let store = self.stores.entry(controller).or_default();
        let record = |((table, key), row): (&(Table, String), &String)| Record {
            table: *table,
            key: key.clone(),
            row: Some(row.clone()),
        };
        let records: Vec<Record> = store.iter().map(record).collect();
        let config = config_of(controller, self.watch);
        let seed = self.random.u64(..);
        let mgc = Mgc::restore(config, seed, self.anchor, self.now, records);
        let mgc = mgc.expect("what a controller has written down, another can read");
        let before = self.controllers.insert(controller, mgc);
        assert!(before.is_none(), "it runs");
        self.settle();
    }

    /// Has the gateway leave after `delay`, or when no Context is left.
    pub fn drain_gateway(&mut self, delay: Duration) {
        self.mg.handle_drain(delay, self.now);
        self.settle();
    }

    /// Starts the gateway anew, with nothing.
    pub fn restart_gateway(&mut self) {
        let new = new_gateway(self.homes, &mut self.random, self.anchor, self.now);
        (self.mg, self.engine) = new;
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

    /// The first controller.
    pub fn mgc(&self) -> &Mgc {
        self.controller(0)
    }

    /// A controller that runs.
    pub fn controller(&self, controller: usize) -> &Mgc {
        &self.controllers[&controller]
    }

    /// What the gateway holds.
    pub fn gateway(&self) -> Snapshot {
        self.mg.snapshot()
    }

    /// Asks something of the first controller's platform.
    pub fn request(&mut self, request: Request) -> Result<OperationId, Refusal> {
        self.request_of(0, request)
    }

    /// Asks something of a controller's platform.
    pub fn request_of(
        &mut self,
        controller: usize,
        request: Request,
    ) -> Result<OperationId, Refusal> {
        let mgc = self.controllers.get_mut(&controller).expect("it runs");
        let accepted = mgc.handle_request(request, self.now)?;
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
        let controllers = self.controllers.values();
        let controllers = controllers.filter_map(|mgc| mgc.poll_timeout().map(|(at, _)| at));
        let machines = [
            self.mg.poll_timeout().map(|(at, _)| at),
            self.engine.poll_timeout().map(|(at, _)| at),
            self.net.poll_timeout(),
        ];
        let parties = self.parties.iter().filter_map(Party::poll_timeout);
        let machines = machines.into_iter().flatten();
        machines.chain(controllers).chain(parties).min()
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.max(at);
        let now = self.now;
        while let Some((Way { from, to }, octets)) = self.net.poll_arrival(now) {
            let from = Address::from(from);
            if to == GATEWAY {
                self.mg.handle_message(&octets, from.into(), now);
            } else if let Some((_, mgc)) = self
                .controllers
                .iter_mut()
                .find(|(number, _)| place(**number) == to)
            {
                mgc.handle_message(&octets, from.into(), now);
            }
            self.settle();
        }
        for mgc in self.controllers.values_mut() {
            mgc.handle_timeout(now);
        }
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
            self.send_control();
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
        self.gateway_events
            .extend(std::iter::from_fn(|| self.mg.poll_event()));
        for mgc in self.controllers.values_mut() {
            self.events.extend(std::iter::from_fn(|| mgc.poll_event()));
            while let Some(completion) = mgc.poll_completion() {
                let before = self
                    .completions
                    .insert(completion.operation.clone(), completion);
                assert!(before.is_none(), "an operation ended twice: {before:?}");
            }
        }
    }

    fn send_control(&mut self) {
        for (number, mgc) in &mut self.controllers {
            write_down(mgc, self.stores.entry(*number).or_default());
            let from = place(*number);
            while let Some(transmit) = mgc.poll_transmit() {
                let to = transmit.to.address.socket;
                self.net.send(Way { from, to }, &transmit.octets, self.now);
            }
        }
        while let Some(transmit) = self.mg.poll_transmit() {
            let (from, to) = (GATEWAY, transmit.to.address.socket);
            self.net.send(Way { from, to }, &transmit.octets, self.now);
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

fn new_mgc(
    number: usize,
    watch: Option<Duration>,
    random: &mut fastrand::Rng,
    anchor: Anchor,
    now: Instant,
) -> Mgc {
    Mgc::new(config_of(number, watch), random.u64(..), anchor, now)
}

fn config_of(number: usize, watch: Option<Duration>) -> mgc_core::Config {
    let mut config = mgc_core::Config::new(mid(place(number)));
    config.heartbeat = watch;
    config.inactivity = watch.map(|watch| 2 * watch);
    config.durable = true;
    config
}

fn write_down(mgc: &mut Mgc, store: &mut Store) {
    while let Some(Record { table, key, row }) = mgc.poll_record() {
        match row {
            Some(row) => store.insert((table, key), row),
            None => store.remove(&(table, key)),
        };
    }
}

fn new_gateway(
    homes: usize,
    random: &mut fastrand::Rng,
    anchor: Anchor,
    now: Instant,
) -> (Mg, Engine) {
    let config = mg_core::Config {
        mid: mid(GATEWAY),
        mgcs: (0..homes).map(|home| place(home).into()).collect(),
        waiting_max: Duration::ZERO,
        profile: None,
        rtp_address: Ipv4Addr::LOCALHOST.into(),
        rtp_ports: 20_000..=20_199,
        ports_ahead: 16,
        codecs: mg_core::Codecs::default(),
        secret: Some(mg_core::Secret([7; 32])),
        lines: Vec::new(),
        packages: Vec::new(),
        announcements: std::collections::BTreeSet::new(),
        duck: 12,
        records: false,
        zconfmix: false,
        strict: false,
        limits: mg_core::Limits::default(),
        transport: transport_h248::Config::default(),
    };
    let mg = Mg::new(config, random.u64(..), anchor, now);
    let wall = (now, anchor.system(now));
    let engine = Engine::new(mg_media::Config::default(), random.u64(..), wall, now);
    (mg, engine)
}
