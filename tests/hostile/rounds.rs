//! Times of peace, of noise and of attack, each after the other.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crate::{
    attack,
    measure::{Latencies, Victims},
};

/// How often each time comes.
const ROUNDS: usize = 3;
/// How long each is.
pub(crate) const ROUND: Duration = Duration::from_millis(250);
/// Until an attack has filled what it fills, and until that is empty again.
const SETTLE: Duration = Duration::from_millis(50);

/// An attack: until it is to stop; returns how many messages, or connections, it made.
pub(crate) type Attack = fn(SocketAddr, &AtomicBool) -> u64;

/// What was measured.
#[derive(Default)]
pub(crate) struct Measured {
    /// While nothing else happened.
    pub(crate) idle: Vec<Latencies>,
    /// While the same machine sent as much to a socket that nobody reads; empty where that was not measured.
    pub(crate) beside: Vec<Latencies>,
    /// While it attacked.
    pub(crate) attacked: Vec<Latencies>,
    /// What the attackers sent.
    pub(crate) sent: u64,
}

impl Measured {
    /// Measures in all rounds.
    pub(crate) fn of(victims: &mut Victims, to: SocketAddr, attack: Attack) -> Self {
        let unread = UdpSocket::bind("127.0.0.1:0").unwrap();
        let nowhere = unread.local_addr().unwrap();
        let mut measured = Self::default();
        for _ in 0..ROUNDS {
            measured.idle.push(victims.measure(ROUND));
            let (beside, _) = during(victims, nowhere, attack::random_octets);
            measured.beside.push(beside);
            let (attacked, sent) = during(victims, to, attack);
            measured.attacked.push(attacked);
            measured.sent += sent;
        }
        measured
    }
}

/// Measures while an attack goes on; returns what the attacker sent, too.
fn during(victims: &mut Victims, to: SocketAddr, attack: Attack) -> (Latencies, u64) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let stop = &stop;
        let attacking = scope.spawn(move || attack(to, stop));
        thread::sleep(SETTLE);
        let latencies = victims.measure(ROUND);
        stop.store(true, Ordering::Relaxed);
        let sent = attacking.join().unwrap();
        thread::sleep(SETTLE);
        (latencies, sent)
    })
}
