//! RTCP on the port of RTP, and protected packets.

use std::time::UNIX_EPOCH;

use mg_contract::{CryptoSuite, Srtp, SrtpKey};

use super::*;
use crate::{
    Config, Kind,
    rtp::View,
    srtp::{Protection, TAG_MAX},
};

const PORT: RtpPort = RtpPort(20_000);

/// What an engine sends to one far end.
#[derive(Debug)]
struct Sent {
    kind: Kind,
    to: SocketAddr,
    octets: Vec<u8>,
}

/// An engine with one stream that is looped back.
struct One {
    engine: Engine,
    now: Instant,
    /// Its packets, and its settings.
    phone: Phone,
    settings: StreamSettings,
}

impl One {
    fn new(change: impl FnOnce(&mut StreamSettings)) -> Self {
        let mut bench = Bench::new();
        bench.join(1, Pcmu);
        let phone = bench.phones.remove(0);
        let mut settings = settings(&phone);
        (settings.loopback, settings.contributes, settings.listens) = (true, false, false);
        change(&mut settings);
        let now = bench.now;
        let mut engine = Engine::new(Config::default(), 1, (now, UNIX_EPOCH), now);
        let open = Command::Open {
            stream: StreamRef(0),
            port: PORT,
            group: GroupId(0),
            settings: settings.clone(),
        };
        engine.handle_command(open, now);
        Self {
            engine,
            now,
            phone,
            settings,
        }
    }

    fn arrive(&mut self, octets: &[u8]) {
        let from = self.phone.address;
        self.engine.handle_rtp(PORT, octets, from, self.now);
    }

    fn tick(&mut self) -> Vec<Sent> {
        self.now += Duration::from_millis(20);
        self.engine.handle_timeout(self.now);
        let mut sent = Vec::new();
        while let Some(transmit) = self.engine.poll_transmit() {
            sent.push(Sent {
                kind: transmit.kind,
                to: transmit.to,
                octets: transmit.octets.to_vec(),
            });
        }
        sent
    }

    fn delay(&mut self) -> u32 {
        let (stream, ticket) = (StreamRef(0), Ticket(1));
        self.engine
            .handle_command(Command::Audit { stream, ticket }, self.now);
        match self.engine.poll_report() {
            Some(Report::Statistics { statistics, .. }) => statistics.delay,
            other => panic!("expected statistics, found {other:?}"),
        }
    }
}

/// A receiver report that answers a sender report at once.
fn answer(report: &[u8]) -> Vec<u8> {
    let mut answer = vec![0x81, 201, 0, 7, 0, 0, 0, 0];
    answer.extend(&report[4..8]);
    answer.extend([0; 12]);
    answer.extend(&report[10..14]);
    answer.extend([0; 4]);
    answer
}

#[test]
fn muxed_rtcp_comes_and_goes_through_the_port_of_rtp() {
    let mut one = One::new(|settings| settings.rtcp_mux = true);
    let mut reports = 0;
    for _ in 0..500 {
        let packet = one.phone.packet(160);
        one.arrive(&packet);
        for sent in one.tick() {
            assert_eq!((sent.kind, sent.to), (Kind::Rtp, one.phone.address));
            if sent.octets[1] == 200 {
                reports += 1;
                one.now += Duration::from_millis(10);
                one.arrive(&answer(&sent.octets));
                one.now -= Duration::from_millis(10);
            }
        }
    }
    assert!((1..5).contains(&reports), "{reports}");
    let delay = one.delay();
    assert!(
        (79..=80).contains(&delay),
        "10 ms in 8,000ths of a second: {delay}"
    );
    let mut quiet = one.engine.counters();
    (quiet.ticks, quiet.encoded) = Default::default();
    assert_eq!(quiet, Counters::default());
    one.arrive(&[0x80, 200, 0, 9, 0]);
    assert_eq!(one.engine.counters().malformed_rtcp, 1);
}

#[test]
fn rtcp_on_the_port_of_rtp_is_nothing_where_nobody_agreed_on_it() {
    let mut one = One::new(|_| {});
    let mut reports = 0;
    for _ in 0..500 {
        let packet = one.phone.packet(160);
        one.arrive(&packet);
        for sent in one.tick() {
            if sent.kind == Kind::Rtcp {
                reports += 1;
                one.arrive(&answer(&sent.octets));
            }
        }
    }
    assert_eq!(one.delay(), 0);
    assert_eq!(one.engine.counters().unknown_payload_type, reports);
}

fn key(n: u8) -> SrtpKey {
    SrtpKey {
        key: [n; 16],
        salt: [n; 14],
    }
}

fn srtp(send: u8, receive: u8) -> Srtp {
    Srtp {
        suite: CryptoSuite::AesCm128HmacSha1Tag80,
        send: key(send),
        receive: key(receive),
    }
}

#[test]
fn protected_packets_are_played_once_and_what_is_sent_is_protected() {
    let mut one = One::new(|settings| {
        settings.srtp = Some(srtp(1, 2));
        settings.rtcp_mux = true;
    });
    let mut far_end = Protection::new(&srtp(2, 1));
    let mut stranger = Protection::new(&srtp(3, 3));
    let close = |protection: &mut Protection, mut packet: Vec<u8>| {
        let length = packet.len();
        packet.resize(length + TAG_MAX, 0);
        protection.close_rtp(&mut packet, length);
        packet
    };
    let (mut samples, mut reports) = (Vec::new(), 0);
    for n in 0..500 {
        let packet = one.phone.packet(160);
        if n == 250 {
            // What is said again of the same keys changes nothing.
            let (stream, settings) = (StreamRef(0), one.settings.clone());
            one.engine
                .handle_command(Command::Modify { stream, settings }, one.now);
        }
        one.arrive(&close(&mut stranger, packet.clone()));
        one.arrive(&packet);
        let closed = close(&mut far_end, packet);
        one.arrive(&closed[..closed.len() - 1]);
        one.arrive(&closed);
        one.arrive(&closed);
        for sent in one.tick() {
            let mut room = [0; 2048];
            if sent.octets[1] == 200 {
                far_end.open_rtcp(&sent.octets, &mut room).unwrap();
                reports += 1;
                continue;
            }
            let opened = far_end.open_rtp(&sent.octets, &mut room).unwrap();
            let view = View::new(opened).unwrap();
            let decoded = crate::codec::decoded(Pcmu);
            samples.extend(
                view.payload
                    .iter()
                    .map(|octet| decoded[usize::from(*octet)]),
            );
        }
    }
    assert!(reports > 0);
    let heard = crate::testing::amplitude(&samples[8000..], one.phone.tone);
    assert!(heard > AUDIBLE, "{heard}");
    let counters = one.engine.counters();
    assert_eq!((counters.unauthentic, counters.replayed), (1500, 500));
    assert_eq!((counters.duplicates, counters.strangers), (0, 0));
}
