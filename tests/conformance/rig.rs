//! A gateway with its engine and far sides in virtual time, and what it has sent.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{Host, IntoBoundedStatic, Limits, MId, Message, TerminationId, binary, decode};
use mg_core::{Bound, Line, LineKind, Mg};
use mg_media::Engine;
use transport_h248::{Address, Anchor, Encoding, Route};

use crate::phone::Phone;

/// A message of the gateway's.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) to: SocketAddr,
    pub(crate) octets: Vec<u8>,
    pub(crate) message: Message<'static>,
}

/// Everything of one exchange.
pub(crate) struct Rig {
    pub(crate) mg: Mg,
    pub(crate) engine: Engine,
    pub(crate) phones: BTreeMap<char, Phone>,
    pub(crate) now: Instant,
    pub(crate) inbox: VecDeque<Received>,
    /// Whether the engine's answers are held back.
    pub(crate) stalled: bool,
    names: binary::BinaryProfile,
}

/// Where the controllers listen; `mgc1` is the first.
pub(crate) fn place(name: &str) -> SocketAddr {
    let address = match name {
        "mgc1" => "192.0.2.1:2944",
        "mgc2" => "192.0.2.2:2944",
        "mgc3" => "192.0.2.3:2944",
        "port2" => "192.0.2.1:2955",
        "stranger" => "203.0.113.9:2944",
        other => other,
    };
    address
        .parse()
        .unwrap_or_else(|_| panic!("{name} is no place"))
}

/// What the gateway is configured with.
pub(crate) fn config(encoding: Encoding, settings: &[(String, String)]) -> mg_core::Config {
    let mut config = mg_core::Config {
        mid: MId::Address {
            host: Host("192.0.2.10".parse().expect("an address")),
            port: Some(2944),
        },
        mgcs: vec![Address::from(place("mgc1"))],
        waiting_max: Duration::ZERO,
        profile: None,
        rtp_address: "192.0.2.10".parse().expect("an address"),
        rtp_ports: 20_000..=20_199,
        ports_ahead: 16,
        codecs: mg_core::Codecs::default(),
        secret: Some(mg_core::Secret([7; 32])),
        lines: Vec::new(),
        packages: Vec::new(),
        announcements: [1].into(),
        duck: 12,
        records: true,
        zconfmix: true,
        strict: false,
        limits: mg_core::Limits::default(),
        transport: transport_h248::Config {
            encoding,
            ..transport_h248::Config::default()
        },
    };
    for (name, value) in settings {
        set(&mut config, name, value);
    }
    config
}

fn set(config: &mut mg_core::Config, name: &str, value: &str) {
    let number = || value.parse::<usize>().expect("a number");
    match name {
        "mgcs" => {
            let homes = value.split(',').map(|name| Address::from(place(name)));
            config.mgcs = homes.collect();
        }
        "mwd" => config.waiting_max = Duration::from_millis(number() as u64),
        "contexts" => config.limits.contexts = number(),
        "terminations" => config.limits.terminations = number(),
        "terminations-per-context" => config.limits.terminations_per_context = number(),
        "ports" => {
            let pairs = u16::try_from(number()).expect("few");
            config.rtp_ports = 20_000..=20_000 + 2 * pairs - 1;
        }
        "streams" => config.limits.streams_per_termination = number(),
        "lines" => provision(config, "line/", LineKind::Analog, number()),
        "trunks" => provision(config, "tr/1/", LineKind::Trunk, number()),
        "version" => config.transport.version = u8::try_from(number()).expect("1 to 3"),
        other => panic!("nothing is configured by {other}"),
    }
}

/// An announcement of 700 ms, a sine of 1,000 Hz.
fn announcement() -> mg_media::Samples {
    let sine = |n: u32| (f64::from(n) * std::f64::consts::TAU / 8.0).sin() * 8_000.0;
    mg_media::Samples {
        rate: mg_contract::Rate::Narrow,
        samples: (0..5_600).map(|n| sine(n) as i16).collect(),
    }
}

fn provision(config: &mut mg_core::Config, name: &str, kind: LineKind, count: usize) {
    let lines = (1..=count).map(|number| {
        let id = TerminationId::from_name(format!("{name}{number}"));
        Line::new(id, kind)
    });
    config.lines.extend(lines);
}

impl Rig {
    pub(crate) fn new(config: mg_core::Config) -> Self {
        let now = lab::sim::start();
        let lines = config.lines.iter().map(|_| mg_media::Line {
            recorded: true,
            ..mg_media::Line::default()
        });
        let media = mg_media::Config {
            lines: lines.collect(),
            announcements: [(1, announcement())].into(),
            ..mg_media::Config::default()
        };
        let anchor = Anchor {
            instant: now,
            system: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_502_280),
        };
        let names = (*config.transport.names).clone();
        let mg = Mg::new(config, 7, anchor, now);
        let wall = (now, anchor.system(now));
        let mut rig = Self {
            mg,
            engine: Engine::new(media, 7, wall, now),
            phones: BTreeMap::new(),
            now,
            inbox: VecDeque::new(),
            stalled: false,
            names,
        };
        rig.pump();
        rig
    }

    /// Ends the gateway as a crash does, and starts it anew.
    pub(crate) fn restart(&mut self, config: mg_core::Config) {
        let phones = std::mem::take(&mut self.phones);
        let now = self.now;
        let mut new = Self::new(config);
        new.now = new.now.max(now);
        new.phones = phones;
        *self = new;
    }

    pub(crate) fn phone(&mut self, name: char) -> &mut Phone {
        let number = u16::from(name as u8 - b'a');
        let now = self.now;
        self.phones
            .entry(name)
            .or_insert_with(|| Phone::new(number, now))
    }

    pub(crate) fn names(&self) -> &binary::BinaryProfile {
        &self.names
    }

    /// Gives the gateway a message.
    pub(crate) fn send(&mut self, octets: &[u8], from: SocketAddr) {
        let route = Route::from(Address::from(from));
        self.mg.handle_message(octets, route, self.now);
        self.pump();
    }

    /// Lets time pass until `done`, and says whether it is.
    pub(crate) fn run(&mut self, time: Duration, done: impl Fn(&Self) -> bool) -> bool {
        let end = self.now + time;
        loop {
            if done(self) {
                return true;
            }
            match self.next_wake() {
                Some(at) if at <= end => self.advance(at),
                Some(_) | None => {
                    self.now = end;
                    return false;
                }
            }
        }
    }

    fn next_wake(&self) -> Option<Instant> {
        let machines = [
            self.mg.poll_timeout().map(|(at, _)| at),
            self.engine.poll_timeout().map(|(at, _)| at),
        ];
        let phones = self.phones.values().filter_map(Phone::poll_timeout);
        machines.into_iter().flatten().chain(phones).min()
    }

    fn advance(&mut self, at: Instant) {
        self.now = self.now.max(at);
        self.mg.handle_timeout(self.now);
        for phone in self.phones.values_mut() {
            if let Some((port, octets)) = phone.handle_timeout(self.now) {
                self.engine
                    .handle_rtp(port, &octets, phone.address, self.now);
            }
        }
        self.engine.handle_timeout(self.now);
        self.pump();
    }

    pub(crate) fn pump(&mut self) {
        let now = self.now;
        loop {
            let mut idle = true;
            while let Some(port) = self.mg.poll_bind() {
                self.mg.handle_bound(port, Bound::Ready, now);
                idle = false;
            }
            while let Some(command) = self.mg.poll_media() {
                self.engine.handle_command(command, now);
                idle = false;
            }
            while !self.stalled
                && let Some(report) = self.engine.poll_report()
            {
                self.mg.handle_media(report, now);
                idle = false;
            }
            while let Some(transmit) = self.mg.poll_transmit() {
                let received = self.read(transmit.to.address.socket, &transmit.octets);
                self.inbox.push_back(received);
                idle = false;
            }
            if idle {
                break;
            }
        }
        while self.mg.poll_event().is_some() {}
        while let Some(transmit) = self.engine.poll_transmit() {
            let to = transmit.to;
            let phone = self.phones.values_mut().find(|phone| phone.address == to);
            if let (mg_media::Kind::Rtp, Some(phone)) = (transmit.kind, phone) {
                phone.handle_rtp(transmit.octets, now);
            }
        }
    }

    fn read(&self, to: SocketAddr, octets: &[u8]) -> Received {
        let limits = Limits::default();
        let message = match octets.first() {
            Some(0x30) => binary::decode(octets, &limits, &self.names),
            _ => decode(octets, &limits),
        };
        let message = message.unwrap_or_else(|error| {
            let text = String::from_utf8_lossy(octets);
            panic!("the gateway sends what cannot be read: {error}: {text}")
        });
        Received {
            to,
            octets: octets.to_vec(),
            message: message.into_static(),
        }
    }
}
