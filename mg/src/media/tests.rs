use std::{net::SocketAddr, time::Duration};

use mg_contract::{
    AudioCodec, GroupId, PayloadFormat, SendSettings, StreamRef, StreamSettings, Ticket,
};
use socket2::{Domain, Socket, Type};
use transport_h248_tokio::clock;

use super::*;
use crate::testing::{LOOPBACK, at_free_port};

mod moves;

/// An octet of µ-law that is not silence.
const SOUND: u8 = 0xa0;
/// Octets of µ-law in 20 ms.
const SAMPLES: usize = 160;

/// An RTP packet of 20 ms of µ-law, the one behind `before` others.
fn packet(before: u32, sound: &[u8; SAMPLES]) -> Vec<u8> {
    let [.., s0, s1] = before.to_be_bytes();
    let [t0, t1, t2, t3] = (before * SAMPLES as u32).to_be_bytes();
    let header = [0x80, 0, s0, s1, t0, t1, t2, t3, 0, 0, 0, 1];
    [&header[..], sound].concat()
}

/// A far end on a real socket.
struct Phone {
    socket: Socket,
    address: SocketAddr,
    said: u32,
}

impl Phone {
    fn new() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, None).unwrap();
        socket.bind(&SocketAddr::new(LOOPBACK, 0).into()).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        Self {
            socket,
            address,
            said: 0,
        }
    }

    fn say(&mut self, to: RtpPort, sound: &[u8; SAMPLES]) {
        let to = SocketAddr::new(LOOPBACK, to.0).into();
        let packet = packet(self.said, sound);
        self.socket.send_to(&packet, &to).unwrap();
        self.said += 1;
    }

    /// Waits for a packet. Returns its sequence number and its first sample's octet.
    fn hear(&self) -> (u16, u8) {
        let mut octets = [0; 172];
        let read = io::Read::read(&mut &self.socket, &mut octets).unwrap();
        assert_eq!(read, octets.len());
        (u16::from_be_bytes([octets[2], octets[3]]), octets[12])
    }
}

fn start(threads: u64) -> (Media, mpsc::Receiver<Answer>) {
    let anchor = clock::anchor();
    let wall = (anchor.instant, anchor.system);
    let engine = |n| move || Engine::new(mg_media::Config::default(), n, wall, anchor.instant);
    let engines = (0..threads).map(engine).collect();
    Media::start(engines, LOOPBACK, Vec::new(), None, 0).unwrap()
}

fn order(media: &mut Media, command: Command) {
    media.order(std::iter::once(command)).unwrap();
}

/// Waits for what an engine says.
fn report(answers: &mut mpsc::Receiver<Answer>) -> Report {
    loop {
        if let Answer::Media(report) = answers.blocking_recv().unwrap() {
            return report;
        }
    }
}

/// Binds any pair that is free.
fn bind(media: &mut Media) -> RtpPort {
    at_free_port(|port| (media.bind(port) == Bound::Ready).then_some(port))
}

fn open(media: &mut Media, stream: u32, port: RtpPort, to: SocketAddr, group: u32) {
    let format = PayloadFormat {
        payload_type: 0,
        codec: AudioCodec::Pcmu,
    };
    let settings = StreamSettings {
        receive: vec![format],
        send: Some(SendSettings {
            to,
            rtcp_to: to,
            format,
            packet_time: mg_contract::PacketTime::default(),
            events: None,
            noise: None,
        }),
        ..StreamSettings::member()
    };
    let (stream, group) = (StreamRef(stream), GroupId(group));
    order(
        media,
        Command::Open {
            stream,
            port,
            group,
            settings,
        },
    );
}

#[test]
fn two_far_ends_hear_each_other_over_real_sockets() {
    let (mut media, mut answers) = start(1);
    let mut phones = [Phone::new(), Phone::new()];
    let ports = [bind(&mut media), bind(&mut media)];
    for (stream, (phone, &port)) in (0..).zip(phones.iter().zip(&ports)) {
        open(&mut media, stream, port, phone.address, 0);
    }
    let mut heard = [vec![], vec![]];
    // What arrives clocks what is said.
    for _ in 0..25 {
        for ((phone, &port), heard) in phones.iter_mut().zip(&ports).zip(&mut heard) {
            phone.say(port, &[SOUND; SAMPLES]);
            heard.push(phone.hear());
        }
    }
    for heard in heard {
        assert!(
            heard
                .windows(2)
                .all(|pair| pair[1].0 == pair[0].0.wrapping_add(1))
        );
        let sound = heard.iter().filter(|(_, octet)| *octet == SOUND);
        // A busy machine may hold a far end up.
        assert!(sound.count() >= 15, "{heard:?}");
    }
    let ticket = Ticket(3);
    order(
        &mut media,
        Command::Close {
            stream: StreamRef(0),
            ticket,
        },
    );
    let Report::Statistics {
        ticket: answered,
        statistics,
    } = report(&mut answers)
    else {
        panic!("a report was asked for");
    };
    assert_eq!(answered, ticket);
    // The last packet and the order may have met on the way.
    assert!(
        (24..=25).contains(&statistics.packets_received),
        "{statistics:?}"
    );
    assert_eq!(statistics.packets_lost, 0);
    media.stop().unwrap();
    assert!(answers.blocking_recv().is_none());
}

#[test]
fn what_comes_right_behind_the_order_is_of_the_stream() {
    let (mut media, mut answers) = start(1);
    let mut phone = Phone::new();
    for stream in 0..20 {
        let port = bind(&mut media);
        open(&mut media, stream, port, phone.address, stream);
        phone.say(port, &[SOUND; SAMPLES]);
    }
    // What has come by now is read before an order of then is carried out.
    let then = clock::now() + Duration::from_millis(20);
    while clock::now() < then {
        phone.hear();
    }
    let received = (0..20).map(|stream| {
        let (stream, ticket) = (StreamRef(stream), Ticket(1));
        order(&mut media, Command::Close { stream, ticket });
        let Report::Statistics { statistics, .. } = report(&mut answers) else {
            panic!("a report was asked for");
        };
        statistics.packets_received
    });
    assert_eq!(received.collect::<Vec<_>>(), [1; 20]);
    media.stop().unwrap();
}

#[test]
fn a_flood_from_a_stranger_costs_a_far_end_nothing() {
    let (mut media, mut answers) = start(1);
    let mut phones = [Phone::new(), Phone::new()];
    let ports = [bind(&mut media), bind(&mut media)];
    for (stream, (phone, &port)) in (0..).zip(phones.iter().zip(&ports)) {
        open(&mut media, stream, port, phone.address, 0);
    }
    let stranger = Phone::new();
    let flooded = SocketAddr::new(LOOPBACK, ports[0].0).into();
    for _ in 0..25 {
        for _ in 0..150 {
            stranger.socket.send_to(&[SOUND; 172], &flooded).unwrap();
        }
        for (phone, &port) in phones.iter_mut().zip(&ports) {
            phone.say(port, &[SOUND; SAMPLES]);
            phone.hear();
        }
    }
    let close = Command::Close {
        stream: StreamRef(0),
        ticket: Ticket(1),
    };
    order(&mut media, close);
    let Report::Statistics { statistics, .. } = report(&mut answers) else {
        panic!("a report was asked for");
    };
    media.stop().unwrap();
    assert!(statistics.packets_received >= 24, "{statistics:?}");
    assert_eq!(statistics.packets_lost, 0);
}

#[test]
fn a_pair_of_which_one_port_is_taken_is_not_bound() {
    let (mut media, _answers) = start(1);
    let RtpPort(port) = bind(&mut media);
    let taken = Pair::bind(LOOPBACK, RtpPort(port)).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AddrInUse);
    let (mut other, _other_answers) = start(1);
    assert_eq!(other.bind(RtpPort(port)), Bound::Failed);
    other.stop().unwrap();
    media.stop().unwrap();
}

#[test]
fn four_hundred_sockets_are_bound_and_two_hundred_streams_kept_in_time() {
    let (mut media, _answers) = start(1);
    let phones: Vec<Phone> = (0..20).map(|_| Phone::new()).collect();
    for stream in 0..200 {
        let port = bind(&mut media);
        open(
            &mut media,
            stream,
            port,
            phones[stream as usize % 20].address,
            0,
        );
    }
    let first = clock::now();
    for _ in 0..10 * 10 {
        phones[0].hear();
    }
    let took = clock::now().duration_since(first);
    assert!(
        took < Duration::from_secs(1),
        "ten packets of ten streams took {took:?}"
    );
    media.stop().unwrap();
}
