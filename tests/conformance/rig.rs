//! A gateway with its engine and far sides in virtual time, and what it has sent.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{Host, MId, TerminationId};
use mg_contract::RtpPort;
use mg_core::{Bound, Line, LineKind, Mg, Service};
use mg_media::Engine;
use transport_h248::{Address, Anchor, Encoding, Route};

/// A gateway with its engine, and what it has sent.
pub(crate) struct Rig {
    pub(crate) mg: Mg,
    pub(crate) now: Instant,
    /// Messages, each with the address that it goes to.
    pub(crate) inbox: VecDeque<(SocketAddr, Vec<u8>)>,
    /// Packets, each with the phone that it goes to.
    pub(crate) packets: VecDeque<(char, Vec<u8>)>,
    /// Whether the engine's answers are held back.
    pub(crate) stalled: bool,
    engine: Engine,
}

/// The controllers' places.
const PLACES: [(&str, &str); 5] = [
    ("mgc1", "192.0.2.1:2944"),
    ("mgc2", "192.0.2.2:2944"),
    ("mgc3", "192.0.2.3:2944"),
    ("port2", "192.0.2.1:2955"),
    ("stranger", "203.0.113.9:2944"),
];

/// Where a controller listens.
pub(crate) fn place(name: &str) -> SocketAddr {
    let known = PLACES.iter().find(|(own, _)| *own == name);
    let address = known.map_or(name, |(_, address)| address);
    address
        .parse()
        .unwrap_or_else(|_| panic!("{name} is no place"))
}

/// Who listens there.
pub(crate) fn name_of(address: SocketAddr) -> String {
    let mut known = PLACES.iter();
    let known = known.find(|(name, _)| place(name) == address);
    known.map_or_else(|| address.to_string(), |(name, _)| (*name).to_owned())
}

/// Where a phone receives.
fn phone_at(phone: char) -> SocketAddr {
    let number = (phone as u16) - u16::from(b'a');
    SocketAddr::new([198, 51, 100, 1].into(), 40_000 + 2 * number)
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
        "script" => {
            let acts = value.split(',').map(|act| act.replace(':', " "));
            let steps = acts.map(|act| act.parse().expect("what is done with a phone"));
            let mut lines = config.lines.iter_mut();
            let line = lines.find(|line| line.kind == LineKind::Analog);
            line.expect("there is a line").script = steps.collect();
        }
        "profile" => {
            let (name, version) = value.split_once('/').expect("NAME/VERSION");
            config.profile = Some(codec_h248::descriptor::ServiceChangeProfile {
                name: name.to_owned().into(),
                version: version.parse().expect("a version"),
            });
        }
        "version" => config.transport.version = u8::try_from(number()).expect("1 to 3"),
        other => panic!("nothing is configured by {other}"),
    }
}

/// An announcement of 700 ms, a sine of 1,000 Hz.
fn announcement() -> mg_media::Samples {
    let sine = |n: u32| (f64::from(n) * std::f64::consts::TAU / 8.0).sin() * 8_000.0;
    let samples: Vec<i16> = (0..5_600).map(|n| sine(n) as i16).collect();
    mg_media::Samples::new(mg_contract::Rate::Narrow, samples)
}

fn provision(config: &mut mg_core::Config, name: &str, kind: LineKind, count: usize) {
    // A script that says another number says it of all.
    config.lines.retain(|line| line.kind != kind);
    let lines = (1..=count).map(|number| {
        let id = TerminationId::from_name(format!("{name}{number}"));
        Line::new(id, kind)
    });
    config.lines.extend(lines);
}

impl Rig {
    /// A gateway that begins now, or when another one has ended; what is random is so by the seed.
    pub(crate) fn new(config: mg_core::Config, seed: u64, now: Instant) -> Self {
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
        let mg = Mg::new(config, seed, anchor, now);
        let wall = (now, anchor.system(now));
        let mut rig = Self {
            mg,
            engine: Engine::new(media, seed, wall, now),
            now,
            inbox: VecDeque::new(),
            packets: VecDeque::new(),
            stalled: false,
        };
        rig.pump();
        rig
    }

    /// Gives the gateway a message.
    pub(crate) fn send(&mut self, octets: &[u8], from: SocketAddr) {
        let route = Route::from(Address::from(from));
        self.mg.handle_message(octets, route, self.now);
        self.pump();
    }

    /// Gives the engine a phone's packet.
    pub(crate) fn rtp(&mut self, port: u16, octets: &[u8], phone: char) {
        self.engine
            .handle_rtp(RtpPort(port), octets, phone_at(phone), self.now);
    }

    /// Puts a physical Termination out of service, as one that is broken, or back.
    pub(crate) fn serve(&mut self, name: &str, is_well: bool) {
        let service = if is_well {
            Service::In
        } else {
            Service::Out {
                reason: 904,
                graceful: None,
            }
        };
        let id = TerminationId::from_name(name.to_owned());
        self.mg.handle_services([(id, service)], self.now);
        self.pump();
    }

    pub(crate) fn next_wake(&self) -> Option<Instant> {
        let machines = [
            self.mg.poll_timeout().map(|(at, _)| at),
            self.engine.poll_timeout().map(|(at, _)| at),
        ];
        machines.into_iter().flatten().min()
    }

    /// Comes to a time; `packets` gives what phones send then.
    pub(crate) fn advance(&mut self, at: Instant, packets: impl FnOnce(&mut Self)) {
        self.now = self.now.max(at);
        self.mg.handle_timeout(self.now);
        packets(self);
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
                let to = transmit.to.address.socket;
                self.inbox.push_back((to, transmit.octets.to_vec()));
                idle = false;
            }
            if idle {
                break;
            }
        }
        while self.mg.poll_event().is_some() {}
        while let Some(transmit) = self.engine.poll_transmit() {
            let phone = ('a'..='f').find(|phone| phone_at(*phone) == transmit.to);
            if let (mg_media::Kind::Rtp, Some(phone)) = (transmit.kind, phone) {
                self.packets.push_back((phone, transmit.octets.to_vec()));
            }
        }
    }
}
