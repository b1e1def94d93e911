//! Comfort noise (RFC 3389): what a far end says that its silence sounds like.

use super::{Filed, Order, Playout, WAITING_MAX, store::Entry};
use crate::rtp::View;

/// Time stamp units of a second of its packets.
const CLOCK: u32 = 8_000;
/// The faintest that is played, in -dBov: below, a leg says nothing.
const FAINTEST: u8 = 60;

/// White noise of some level, whatever spectrum is asked for.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    rng: fastrand::Rng,
    /// The largest sample; 0 for silence.
    most: i32,
}

impl Noise {
    /// Returns silence.
    pub(super) fn new() -> Self {
        Self {
            rng: fastrand::Rng::with_seed(0),
            most: 0,
        }
    }

    /// Has it be another than that of other sources.
    pub(super) fn vary(&mut self, source: u32) {
        let seed = self.rng.get_seed() ^ u64::from(source);
        self.rng.seed(seed);
    }

    /// Takes a level in -dBov. White noise of full scale is that of 5.
    pub(super) fn set(&mut self, level: u8) {
        let mean_square = 10_f64.powf(-f64::from(level) / 10.0);
        let most = f64::from(i16::MAX) * (3.0 * mean_square).sqrt();
        self.most = match level {
            ..=FAINTEST => most.min(i16::MAX.into()) as i32,
            _ => 0,
        };
    }

    /// Whether it is silence.
    pub(super) fn is_silent(&self) -> bool {
        self.most == 0
    }

    /// The next sample.
    pub(super) fn next(&mut self) -> i16 {
        ((i32::from(self.rng.i16(..)) * self.most) >> 15) as i16
    }
}

impl Playout {
    /// Takes a packet of comfort noise, which waits for its turn as sound does. Where its time stamp
    /// does not say when that is, it is behind all that waits. It says nothing of when sound has to be
    /// played.
    pub(crate) fn insert_noise(&mut self, packet: &View<'_>, order: Order) -> Filed {
        let due = self.timeline.place(packet.time_stamp, CLOCK);
        if order == Order::Overtaken && due.is_none_or(|due| due < self.next) {
            return Filed::Late;
        }
        let soon = self.next..=self.played() + WAITING_MAX;
        let last = self.store.end().unwrap_or(self.next).max(self.next);
        let due = due.filter(|due| soon.contains(due)).unwrap_or(last);
        let level = &packet.payload[..packet.payload.len().min(1)];
        self.store.keep((due, 0), packet.payload_type, level);
        self.concealment.vary(packet.ssrc);
        self.idle = false;
        Filed::Kept
    }

    /// Has comfort noise begin where all sound ends that is on the reel.
    pub(super) fn begin_noise(&mut self, entry: Entry) {
        if let [level, ..] = self.store.payload(entry) {
            let level = level & 0x7f;
            self.noise = Some(level);
            if self.concealment.is_on() {
                self.concealment.begin_noise(self.reel.all(), level);
            }
        }
    }

    /// Whether nothing is heard but silence or comfort noise, and nothing waits.
    pub(super) fn rests(&self) -> bool {
        let noise = self.concealment.is_noise() && self.store.first().is_none();
        self.idle || noise && self.reel.unplayed() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_its_level_and_is_not_heard_below_the_faintest() {
        let mut noise = Noise::new();
        for level in [5, 20, 40, 60] {
            noise.set(level);
            let sum: f64 = (0..100_000).map(|_| f64::from(noise.next()).powi(2)).sum();
            let found = 10.0 * (sum / 100_000.0 / 32_767_f64.powi(2)).log10();
            assert!((found + f64::from(level)).abs() < 0.3, "{level}: {found}");
        }
        noise.set(61);
        assert!(noise.is_silent() && (0..100).all(|_| noise.next() == 0));
    }
}
