//! Whom a stream believes: symmetric RTP (RFC 4961) with a lock against strangers.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// A source that was silent for so long may be replaced by another.
const SILENCE: Duration = Duration::from_secs(2);

/// The source of a stream's packets.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    /// The far end's address by signalling. It always comes in.
    signalled: Option<SocketAddr>,
    /// The source that is held, and when it was last heard.
    held: Option<(SocketAddr, Instant)>,
}

impl Latch {
    /// Takes the far end's address by signalling; a source held for another far end is let go.
    pub(crate) fn signal(&mut self, address: Option<SocketAddr>) {
        if address == self.signalled {
            return;
        }
        if self.signalled.is_some() {
            self.held = None;
        }
        self.signalled = address;
    }

    /// Tells whether packets from a source may come in.
    pub(crate) fn admits(&self, from: SocketAddr, now: Instant) -> bool {
        self.held.is_none_or(|(held, heard)| {
            held == from
                || self.signalled == Some(from)
                || now.saturating_duration_since(heard) >= SILENCE
        })
    }

    /// Tells whether a source belongs to the far end, by its IP address.
    pub(crate) fn knows(&self, from: SocketAddr) -> bool {
        let held = self.held.map(|(held, _)| held);
        [held, self.signalled]
            .iter()
            .flatten()
            .any(|known| known.ip() == from.ip())
    }

    /// Holds the source of a valid packet that was admitted.
    pub(crate) fn hold(&mut self, from: SocketAddr, now: Instant) {
        self.held = Some((from, now));
    }

    /// Lets the source go, so that the next valid packet is held whoever sent it.
    pub(crate) fn release(&mut self) {
        self.held = None;
    }

    /// Returns the source that is held.
    pub(crate) fn source(&self) -> Option<SocketAddr> {
        self.held.map(|(held, _)| held)
    }

    /// Returns where to send: the source that is held, else the signalled address.
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        self.source().or(self.signalled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], 4000))
    }

    #[test]
    fn a_stranger_stays_out_while_the_source_is_alive() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.hold(address(1), now);
        assert!(latch.admits(address(1), now));
        assert!(!latch.admits(address(2), now + Duration::from_millis(1999)));
        assert!(latch.admits(address(2), now + Duration::from_millis(2000)));
    }

    #[test]
    fn the_signalled_address_always_comes_in() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.hold(address(1), now);
        latch.signal(Some(address(2)));
        assert_eq!(latch.destination(), Some(address(1)));
        assert!(latch.admits(address(2), now));
    }

    #[test]
    fn a_new_far_end_lets_the_old_source_go() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.signal(Some(address(1)));
        latch.hold(address(3), now);
        latch.signal(Some(address(1)));
        assert_eq!(latch.destination(), Some(address(3)));
        latch.signal(Some(address(2)));
        assert_eq!(latch.destination(), Some(address(2)));
    }
}
