//! A gateway that behaves, on a socket of its own: it registers, answers what it is asked, and
//! measures how long the controller takes for its requests.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::{
    carrier::Carrier,
    messages::{About, about, leave, notify, refusal, registration},
};

/// A request without an answer is repeated after this, as any peer does.
const REPEAT: Duration = Duration::from_millis(200);
/// Longer than this no answer is waited for.
const LOST: Duration = Duration::from_secs(5);
/// The pause between two requests.
const PACE: Duration = Duration::from_millis(4);

/// The gateway.
#[derive(Debug)]
pub(crate) struct Peer {
    name: String,
    carrier: Carrier,
    next: u32,
}

impl Peer {
    /// Registers by that carrier.
    pub(crate) fn register(name: &str, carrier: Carrier) -> Self {
        let mut peer = Self::of(name, carrier);
        peer.ask(registration);
        peer
    }

    /// A gateway of that name, which has not asked for more than its registration.
    pub(crate) fn of(name: &str, carrier: Carrier) -> Self {
        Self {
            name: name.to_owned(),
            carrier,
            next: 2,
        }
    }

    /// Says that it leaves.
    pub(crate) fn leave(mut self) {
        self.ask(leave);
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        self.name.clone()
    }

    /// Asks again and again until that time; returns how long each answer took.
    pub(crate) fn measure(&mut self, until: Instant) -> Vec<Duration> {
        let mut taken = Vec::new();
        while Instant::now() < until {
            taken.push(self.ask(notify));
            self.serve(Instant::now() + PACE);
        }
        taken
    }

    /// Asks once; returns how long the answer took.
    fn ask(&mut self, request: impl Fn(&str, u32) -> String) -> Duration {
        let id = self.next;
        self.next += 1;
        let request = request(&self.name, id);
        let start = Instant::now();
        while start.elapsed() < LOST {
            self.carrier.send(&request);
            if self.answered(id, Instant::now() + REPEAT) {
                return start.elapsed();
            }
        }
        panic!("{} got no answer within {LOST:?}", self.name);
    }

    fn answered(&mut self, id: u32, until: Instant) -> bool {
        while let Some(message) = self.carrier.receive(until) {
            if about(&message) == About::Reply(id) {
                return true;
            }
            self.answer(about(&message));
        }
        false
    }

    /// Answers what it is asked until that time.
    fn serve(&mut self, until: Instant) {
        while let Some(message) = self.carrier.receive(until) {
            self.answer(about(&message));
        }
    }

    fn answer(&mut self, about: About) {
        if let About::Request(id) = about {
            let refusal = refusal(&self.name, id);
            self.carrier.send(&refusal);
        }
    }
}

/// Where attackers speak from: other hosts than that of those who behave.
pub(crate) const ATTACKER: &str = "127.0.0.2";
/// A host that nobody knows.
pub(crate) const THIRD: &str = "127.0.0.3";

/// Both peers that behave.
pub(crate) fn both(to: SocketAddr) -> [Peer; 2] {
    let host = to.ip();
    [
        Peer::register("<udp>", Carrier::udp(host, to)),
        Peer::register("<tcp>", Carrier::tcp(to)),
    ]
}
