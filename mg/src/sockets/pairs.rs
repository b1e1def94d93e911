//! All port pairs of a media thread, by port.

use mg_contract::RtpPort;
use slab::Slab;

use super::pair::Pair;

/// Port pairs that there are.
const PAIRS: usize = 1 << 15;

/// The pairs. Those that were opened together lie together, as they are come to in each tick.
#[derive(Debug)]
pub(super) struct Pairs {
    all: Slab<Pair>,
    /// Where each is among them, by half the port.
    places: Box<[Option<u32>]>,
}

impl Pairs {
    /// Starts without any.
    pub(super) fn new() -> Self {
        Self {
            all: Slab::new(),
            places: vec![None; PAIRS].into(),
        }
    }

    /// The pair of a port.
    pub(super) fn get(&self, port: RtpPort) -> Option<&Pair> {
        self.all.get(self.places[half(port)]? as usize)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, port: RtpPort) -> Option<&mut Pair> {
        self.all.get_mut(self.places[half(port)]? as usize)
    }

    /// Adds one, in the place of another at its port.
    pub(super) fn insert(&mut self, pair: Pair) {
        self.remove(pair.port);
        let place = half(pair.port);
        self.places[place] = u32::try_from(self.all.insert(pair)).ok();
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, port: RtpPort) -> Option<Pair> {
        let key = self.places[half(port)].take()?;
        self.all.try_remove(key as usize)
    }
}

fn half(port: RtpPort) -> usize {
    usize::from(port.0 / 2)
}
