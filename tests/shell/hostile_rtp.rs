//! Two far ends of one Context hear each other's tones while their ports get what no far end sends.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    thread::sleep,
    time::{Duration, Instant},
};

use h248_tests::{program::Program, scratch};
use lab::phones::{Frequency, Stretch, codec, codec::Law};

use super::{alone, line::controller::Controller};

const FRAME: Duration = Duration::from_millis(20);
/// Ticks that each kind of attack lasts.
const ROUNDS: u32 = 60;
/// Both far ends say that they are this source.
const SSRC: u32 = 0x0bad_cafe;
/// The tone is heard in a frame where it is so strong, in dB; it was sent with -12.
const CLEAN_DB: f64 = -14.0;
/// After the test itself was late by more than this, what is heard says nothing for a time.
const LATE: Duration = Duration::from_millis(8);
const EXCUSED: u32 = 25;

/// RTP of µ-law sound, 20 ms.
fn rtp(ssrc: u32, sequence: u16, time_stamp: u32, payload: &[u8]) -> Vec<u8> {
    let mut octets = vec![0x80, 0];
    octets.extend(sequence.to_be_bytes());
    octets.extend(time_stamp.to_be_bytes());
    octets.extend(ssrc.to_be_bytes());
    octets.extend(payload);
    octets
}

/// A far end: what it says, and what it has heard.
pub(crate) struct FarEnd {
    pub(crate) socket: UdpSocket,
    rtcp: UdpSocket,
    hz: f64,
    said: u32,
    /// Where the gateway receives.
    pub(crate) to: SocketAddr,
    /// Each packet's number and how loud the other's tone is in it.
    pub(crate) heard: Vec<(u16, f64)>,
}

impl FarEnd {
    pub(crate) fn new(hz: f64) -> Self {
        let (socket, rtcp) = loop {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let port = socket.local_addr().unwrap().port();
            let rtcp = UdpSocket::bind(("127.0.0.1", port.wrapping_add(1)));
            if let (0, Ok(rtcp)) = (port % 2, rtcp) {
                break (socket, rtcp);
            }
        };
        socket.set_nonblocking(true).unwrap();
        Self {
            socket,
            rtcp,
            hz,
            said: 65_000,
            to: SocketAddr::from(([127, 0, 0, 1], 9)),
            heard: Vec::new(),
        }
    }

    fn offer(&self) -> String {
        let port = self.socket.local_addr().unwrap().port();
        format!("v=0\nc=IN IP4 127.0.0.1\nm=audio {port} RTP/AVP 0\n")
    }

    /// What adds it to a Context.
    pub(crate) fn add(&self) -> String {
        format!(
            "Add=${{Media{{Stream=1{{LocalControl{{Mode=SendReceive}},\
             Local{{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP 0\n}},Remote{{\n{}}}}}}}}}",
            self.offer()
        )
    }

    fn packet(&self, said: u32) -> Vec<u8> {
        let sample = |n: u32| {
            let angle = std::f64::consts::TAU * self.hz * f64::from(n) / 8000.0;
            (angle.sin() * 8230.0) as i16
        };
        let samples = (0..160).map(|n| codec::encode(Law::Mu, sample(said % 65_536 * 160 + n)));
        rtp(
            SSRC,
            said as u16,
            said.wrapping_mul(160),
            &samples.collect::<Vec<_>>(),
        )
    }

    pub(crate) fn say(&mut self) {
        self.socket
            .send_to(&self.packet(self.said), self.to)
            .unwrap();
        self.said += 1;
    }

    pub(crate) fn hear(&mut self, other_hz: f64) {
        let mut octets = [0; 2048];
        loop {
            match self.socket.recv(&mut octets) {
                Ok(172) => {
                    let sequence = u16::from_be_bytes([octets[2], octets[3]]);
                    let decode = |octet: &u8| codec::decode(Law::Mu, *octet);
                    let samples: Vec<i16> = octets[12..172].iter().map(decode).collect();
                    let level = Stretch::plain(&samples).level(Frequency(other_hz)).0;
                    self.heard.push((sequence, level));
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// Two far ends, and everybody else.
struct Scene {
    ends: [FarEnd; 2],
    strangers: Vec<UdpSocket>,
    next: Instant,
    rounds: u32,
    /// Rounds until what is heard says something again.
    excused: u32,
    /// How many frames were not clean, by attack.
    unclean: BTreeMap<&'static str, (usize, usize)>,
}

impl Scene {
    /// Lets the far ends talk while each round has something sent to them.
    fn attack(&mut self, name: &'static str, mut attack: impl FnMut(&Self, u32)) {
        for round in 0..ROUNDS {
            self.next += FRAME;
            let now = Instant::now();
            sleep(self.next.saturating_duration_since(now));
            if now > self.next + LATE {
                self.excused = EXCUSED;
            }
            self.ends.iter_mut().for_each(FarEnd::say);
            attack(self, round);
            self.listen(name);
        }
    }

    fn listen(&mut self, name: &'static str) {
        self.rounds += 1;
        let tones = [self.ends[1].hz, self.ends[0].hz];
        self.excused = self.excused.saturating_sub(1);
        for (end, hz) in self.ends.iter_mut().zip(tones) {
            let from = end.heard.len();
            end.hear(hz);
            let (all, unclean) = self.unclean.entry(name).or_default();
            let new = &end.heard[from..];
            if self.excused == 0 {
                *all += new.len();
                *unclean += new.iter().filter(|(_, level)| *level < CLEAN_DB).count();
            }
        }
    }

    /// Sends the same to both ends' ports, from both far ends themselves and from a stranger.
    fn send_from_all(&self, octets: &[u8]) {
        for end in &self.ends {
            for socket in [&end.socket, &self.strangers[0]] {
                let _ = socket.send_to(octets, end.to);
            }
        }
    }
}

/// Where a reply says that the gateway receives.
pub(crate) fn media(reply: &str) -> Vec<SocketAddr> {
    let ports = reply.split("m=audio ").skip(1);
    let ports = ports.map(|rest| rest.split(' ').next().unwrap().parse().unwrap());
    ports
        .map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)))
        .collect()
}

/// The counts of the last line of a log that has them.
pub(crate) fn counts(log: &str) -> BTreeMap<String, u64> {
    let line = log.lines().rfind(|line| line.contains("media has ended"));
    let words = line
        .expect("mg tells what it has counted")
        .split_whitespace();
    let pairs = words.filter_map(|word| word.split_once('='));
    pairs
        .filter_map(|(name, count)| Some((name.to_owned(), count.parse().ok()?)))
        .collect()
}

fn attack_in_every_way(scene: &mut Scene) {
    scene.attack("nothing", |_, _| {});
    scene.attack("wrong version", |scene, round| {
        let mut octets = scene.ends[0].packet(round);
        octets[0] = [0x00, 0x40, 0xc0][round as usize % 3];
        scene.send_from_all(&octets);
    });
    scene.attack("truncated", |scene, round| {
        let octets = scene.ends[0].packet(scene.ends[0].said - 40);
        for length in (0..12).chain([13 + round as usize % 100]) {
            // What is long enough is a packet of an old number.
            scene.send_from_all(&octets[..length]);
        }
    });
    scene.attack("huge", |scene, round| {
        let octets = rtp(SSRC, round as u16, round, &[0x55; 65_507 - 12]);
        scene.send_from_all(&octets);
    });
    scene.attack("wrong payload type", |scene, round| {
        let mut octets = scene.ends[0].packet(scene.ends[0].said);
        octets[1] = 1 + (round % 127) as u8;
        octets[11] ^= 1;
        scene.send_from_all(&octets);
    });
    scene.attack("lengths that lie", |scene, round| {
        for (flags, at, value) in [
            (0x8f, 12, 0xff),
            (0x90, 14, 0xff),
            (0xa0, 171, 0xff),
            (0xa0, 171, 0),
        ] {
            let mut octets = scene.ends[0].packet(round);
            (octets[0], octets[at]) = (flags, value);
            octets.truncate(if flags == 0x8f { 60 } else { 172 });
            scene.send_from_all(&octets);
        }
    });
    scene.attack("flood with the same source", |scene, _| {
        for (n, stranger) in (0u32..).zip(&scene.strangers) {
            for end in &scene.ends {
                let octets = end.packet(end.said + n % 3);
                for _ in 0..8 {
                    let _ = stranger.send_to(&octets, end.to);
                }
            }
        }
    });
    scene.attack("old numbers, strange times", |scene, round| {
        for end in &scene.ends {
            for back in [1, 5, 40, 300, 9_000] {
                let mut octets = end.packet(end.said - back);
                octets[4] ^= round as u8;
                let _ = end.socket.send_to(&octets, end.to);
            }
        }
    });
    scene.attack("RTCP", |scene, round| {
        let ssrc = SSRC.to_be_bytes();
        let bye = [&[0x81, 203, 0, 1][..], &ssrc].concat();
        let report = [&[0x80, 201, 0, 1][..], &ssrc, &bye].concat();
        let garbage: Vec<u8> = (0..round * 20)
            .map(|n| (n * 7) as u8 ^ round as u8)
            .collect();
        for end in &scene.ends {
            let rtcp = SocketAddr::new(end.to.ip(), end.to.port() + 1);
            for stranger in &scene.strangers {
                let _ = stranger.send_to(&report, rtcp);
                let _ = stranger.send_to(&report, end.to);
                let _ = stranger.send_to(&garbage, rtcp);
            }
            let _ = end.rtcp.send_to(&garbage, rtcp);
        }
    });
}

#[test]
fn what_no_far_end_sends_harms_nobody_and_is_counted() {
    let _alone = alone();
    let log = scratch("hostile-rtp").join("mg.log");
    let mut mgc = Controller::new();
    let place = mgc.place().to_string();
    let arguments = ["--mgc", &place, "--h248", "127.0.0.1:0", "--mwd", "0"];
    let mut mg = Program::logged("mg", &arguments, &log);
    mgc.registered();
    let mut ends = [FarEnd::new(700.0), FarEnd::new(1000.0)];
    let reply = mgc.ask(&format!("Context=${{{},{}}}", ends[0].add(), ends[1].add()));
    for (end, to) in ends.iter_mut().zip(media(&reply)) {
        end.to = to;
    }
    let hosts = (1..=20).map(|n| Ipv4Addr::new(127, 0, 0, n));
    let mut scene = Scene {
        ends,
        strangers: hosts
            .map(|host| UdpSocket::bind((host, 0)).unwrap())
            .collect(),
        next: Instant::now(),
        rounds: 0,
        excused: EXCUSED,
        unclean: BTreeMap::new(),
    };
    attack_in_every_way(&mut scene);
    let gone = mgc.ask("Context=1{Subtract=*}");
    mg.interrupt();

    println!("frames heard, and unclean ones: {:?}", scene.unclean);
    for (name, (all, unclean)) in &scene.unclean {
        assert!(
            *all >= ROUNDS as usize && *unclean == 0,
            "{name}: {unclean} of {all}\n{gone}"
        );
    }
    for end in &scene.ends {
        let numbers = end.heard.windows(2);
        let gaps = numbers.filter(|two| two[1].0 != two[0].0.wrapping_add(1));
        assert_eq!(gaps.count(), 0, "packets that were not sent");
        assert!(end.heard.len() as u32 + 10 > scene.rounds);
    }
    let counts = counts(&fs::read_to_string(&log).unwrap());
    println!("{counts:?}");
    for (name, least) in [
        ("malformed", 1_000),
        ("malformed_rtcp", 50),
        ("strangers", 10_000),
        ("unknown_payload_type", 100),
        ("duplicates", 200),
        ("strays", 100),
    ] {
        let count = counts.get(name).copied().unwrap_or_default();
        assert!(count >= least, "{name} is {count}");
    }
}
