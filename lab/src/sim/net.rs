//! A pretend network for H.248 datagrams: it loses, doubles and delays, from a seed.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// What the network does to a datagram.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Faults {
    /// Share of datagrams that never arrive, 0 to 1.
    pub loss: f64,
    /// Share of datagrams that arrive twice.
    pub duplication: f64,
    /// Share of datagrams that others overtake: they take up to [`Faults::late_max`] longer.
    pub reordering: f64,
    /// How much longer.
    pub late_max: Duration,
}

impl Faults {
    /// A network that only takes its time.
    pub const NONE: Self = Self {
        loss: 0.0,
        duplication: 0.0,
        reordering: 0.0,
        late_max: Duration::ZERO,
    };
}

/// One end of the control path.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Side {
    /// The gateway.
    Gateway,
    /// The controller.
    Controller,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Gateway, Self::Controller];

    /// The other end.
    pub fn other(self) -> Self {
        match self {
            Self::Gateway => Self::Controller,
            Self::Controller => Self::Gateway,
        }
    }
}

/// The datagrams on their way; `W` says which way.
#[derive(Debug)]
pub struct Net<W = Side> {
    faults: Faults,
    random: fastrand::Rng,
    sequence: u64,
    flying: BTreeMap<(Instant, u64), (W, Vec<u8>)>,
    /// Datagrams that were given to the network.
    pub sent: u64,
    /// Datagrams that it lost.
    pub lost: u64,
    /// Datagrams that it doubled.
    pub doubled: u64,
}

impl<W: Copy> Net<W> {
    /// An empty network.
    pub fn new(faults: Faults, seed: u64) -> Self {
        Self {
            faults,
            random: fastrand::Rng::with_seed(seed),
            sequence: 0,
            flying: BTreeMap::new(),
            sent: 0,
            lost: 0,
            doubled: 0,
        }
    }

    /// Takes a datagram.
    pub fn send(&mut self, way: W, octets: &[u8], now: Instant) {
        self.sent += 1;
        if self.random.f64() < self.faults.loss {
            self.lost += 1;
            return;
        }
        self.fly(way, octets, now);
        if self.random.f64() < self.faults.duplication {
            self.doubled += 1;
            self.fly(way, octets, now);
        }
    }

    fn fly(&mut self, way: W, octets: &[u8], now: Instant) {
        let mut delay = Duration::from_micros(self.random.u64(500..5_000));
        if self.random.f64() < self.faults.reordering {
            delay += self.faults.late_max.mul_f64(self.random.f64());
        }
        self.sequence += 1;
        self.flying
            .insert((now + delay, self.sequence), (way, octets.to_vec()));
    }

    /// When the next datagram arrives.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.flying.keys().next().map(|(at, _)| *at)
    }

    /// A datagram that has arrived by `now`.
    pub fn poll_arrival(&mut self, now: Instant) -> Option<(W, Vec<u8>)> {
        let entry = self.flying.first_entry()?;
        if entry.key().0 > now {
            None
        } else {
            Some(entry.remove())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrivals(seed: u64) -> (Vec<Vec<u8>>, Net) {
        let faults = Faults {
            loss: 0.2,
            duplication: 0.2,
            reordering: 0.2,
            late_max: Duration::from_secs(1),
        };
        let start = crate::sim::start();
        let mut net = Net::new(faults, seed);
        for number in 0..200_u8 {
            net.send(
                Side::Gateway,
                &[number],
                start + Duration::from_millis(number.into()),
            );
        }
        let mut arrived = Vec::new();
        while let Some(at) = net.poll_timeout() {
            arrived.extend(net.poll_arrival(at).map(|(_, octets)| octets));
        }
        (arrived, net)
    }

    #[test]
    fn a_seed_loses_doubles_and_reorders_the_same_way_each_time() {
        let (first, net) = arrivals(7);
        assert!(net.lost > 10 && net.doubled > 10);
        assert_eq!(first.len() as u64, net.sent - net.lost + net.doubled);
        assert!(
            first.windows(2).any(|pair| pair[0] > pair[1]),
            "nothing was overtaken"
        );
        assert_eq!(first, arrivals(7).0);
        assert_ne!(first, arrivals(8).0);
    }
}
