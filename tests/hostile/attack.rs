//! Attacks by datagrams, each from a host of its own, as fast as one thread can send.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use crate::{
    carrier::Carrier,
    messages::{About, about, acks, largest, notify, pending, refusal, registration, subtract},
    peer::{ATTACKER, Peer, THIRD},
};

/// The largest datagram over IPv4.
const DATAGRAM_MAX: usize = 65_507;

/// A socket of an attacker, and a name that only it has.
fn socket(host: &str, to: SocketAddr) -> (UdpSocket, String) {
    let socket = UdpSocket::bind((host, 0)).unwrap();
    socket.connect(to).unwrap();
    let name = format!("<evil-{}>", socket.local_addr().unwrap().port());
    (socket, name)
}

/// Sends what `next` makes of the numbers from 1 on.
fn flood(socket: &UdpSocket, stop: &AtomicBool, mut next: impl FnMut(u32) -> Vec<u8>) -> u64 {
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        sent += 1;
        // A full queue of the kernel loses it, as it may.
        let _ = socket.send(&next(sent));
    }
    sent.into()
}

/// Octets without a meaning.
pub(crate) fn random_octets(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let mut random = fastrand::Rng::with_seed(1);
    let octets: Vec<u8> = (0..65_536).map(|_| random.u8(..)).collect();
    flood(&socket(ATTACKER, to).0, stop, |_| {
        let start = random.usize(..60_000);
        octets[start..start + random.usize(1..1_500)].to_vec()
    })
}

/// Pendings for a request that the controller waits for.
pub(crate) fn pendings(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, name) = socket(ATTACKER, to);
    let storm = socket.try_clone().unwrap();
    let mut carrier = Carrier::Udp(socket);
    carrier.send(&registration(&name, 1));
    let mut held = None;
    let patience = Instant::now() + Duration::from_secs(5);
    while held.is_none() {
        let message = carrier.receive(patience).expect("it asks who has started");
        if let About::Request(id) = about(&message) {
            held = Some(id);
        }
    }
    let held = held.unwrap();
    storm.set_nonblocking(true).unwrap();
    let sent = flood(&storm, stop, |number| {
        if number % 64 == 0
            && let Some(message) = carrier.receive(Instant::now() + Duration::from_micros(1))
            && let About::Request(id) = about(&message)
            && id != held
        {
            carrier.send(&refusal(&name, id));
        }
        pending(&name, held).into_bytes()
    });
    storm.set_nonblocking(false).unwrap();
    carrier.send(&refusal(&name, held));
    Peer::of(&name, carrier).leave();
    sent
}

/// Few numbers of transactions, with something else behind them each time.
pub(crate) fn reused_ids(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, name) = socket(ATTACKER, to);
    flood(&socket, stop, |number| {
        subtract(&name, 1 + number % 16, number).into_bytes()
    })
}

/// Acknowledgements of what was never sent.
pub(crate) fn foreign_acks(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, name) = socket(ATTACKER, to);
    let known = notify(&name, 1);
    let _ = socket.send(known.as_bytes());
    flood(&socket, stop, |number| {
        acks(&name, number.saturating_mul(1_000), 64).into_bytes()
    })
}

/// Replies and Pendings under the name of a gateway, from a host that is not its.
pub(crate) fn forged_replies(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, _) = socket(THIRD, to);
    flood(&socket, stop, |number| match number % 2 {
        0 => refusal("<udp>", number).into_bytes(),
        _ => pending("<udp>", number).into_bytes(),
    })
}

/// Requests as large as a datagram, each new.
pub(crate) fn largest_datagrams(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, name) = socket(ATTACKER, to);
    let mut message = Numbered::new(&name, DATAGRAM_MAX);
    flood(&socket, stop, |number| message.with(number))
}

/// Requests as large as a datagram from many ports, each new and under a name of its own.
pub(crate) fn largest_of_many(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let sockets: Vec<_> = (0..64).map(|_| socket(ATTACKER, to).0).collect();
    let mut message = Numbered::new("<name-100000000>", DATAGRAM_MAX);
    let mut sent = 0;
    for socket in sockets.iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        sent += 1;
        // A full queue of the kernel loses it, as it may.
        let _ = socket.send(&message.with(sent));
    }
    sent.into()
}

/// Requests each under a name of its own.
pub(crate) fn invented_names(to: SocketAddr, stop: &AtomicBool) -> u64 {
    let (socket, name) = socket(ATTACKER, to);
    flood(&socket, stop, |number| {
        notify(&name.replace("evil", &format!("evil-{number}")), 1).into_bytes()
    })
}

/// A message whose numbers of nine digits change.
#[derive(Debug)]
pub(crate) struct Numbered {
    octets: Vec<u8>,
    places: Vec<usize>,
}

impl Numbered {
    const DIGITS: &'static str = "100000000";

    /// A request of that name that fills as many octets; a number in the name changes too.
    pub(crate) fn new(name: &str, octets: usize) -> Self {
        let text = largest(name, Self::DIGITS.parse().unwrap(), octets);
        let places = text.match_indices(Self::DIGITS).map(|(at, _)| at).collect();
        let octets = text.into_bytes();
        Self { octets, places }
    }

    /// Returns it with another number.
    pub(crate) fn with(&mut self, number: u32) -> Vec<u8> {
        let digits = (100_000_000 + number).to_string();
        for at in &self.places {
            self.octets[*at..at + digits.len()].copy_from_slice(digits.as_bytes());
        }
        self.octets.clone()
    }
}
