//! Whom a stream believes: symmetric RTP (RFC 4961) with a lock against strangers.
//!
//! A far end behind a NAT sends from elsewhere than was signalled, so the first that sends is
//! believed. Two are not: who had the port before and has not stopped sending, and anyone at all
//! once the signalled address was heard, however long it is silent.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// A source that was silent for so long may be replaced by another.
const SILENCE: Duration = Duration::from_secs(2);
/// The same of a source that is said to have ended. Whoever says so may lie, so it must be silent, too.
const SILENCE_AFTER_GOODBYE: Duration = Duration::from_millis(200);
/// Packets in a row after which media is sent to a source that was not signalled; one may stray.
const TRUSTED_AFTER: u32 = 5;
/// Far ends of the streams before that are remembered of a port.
const FORMER_MAX: usize = 4;

/// The far end of a stream that had the port before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Former {
    signalled: Option<SocketAddr>,
    source: Option<SocketAddr>,
}

/// The source of a stream's packets.
#[derive(Debug, Default)]
pub(crate) struct Latch {
    /// The far end's address by signalling. It always comes in.
    signalled: Option<SocketAddr>,
    /// The source that is held, and when it was last heard.
    held: Option<(SocketAddr, Instant)>,
    /// Whether it is said to have ended, and was not heard since.
    ended: bool,
    /// How many packets in a row came from the source that is held.
    packets: u32,
    /// Whether the signalled address was heard.
    confirmed: bool,
    /// Who had the port before.
    former: Vec<Former>,
}

impl Latch {
    /// Starts on a port that others had before.
    pub(crate) fn after(former: Vec<Former>) -> Self {
        Self {
            former,
            ..Self::default()
        }
    }

    /// Ends the stream; returns who has had the port now.
    pub(crate) fn into_former(self) -> Vec<Former> {
        let mut former = self.former;
        former.retain(|other| other.signalled != self.signalled);
        former.push(Former {
            signalled: self.signalled,
            source: self.held.map(|(held, _)| held),
        });
        if former.len() > FORMER_MAX {
            former.remove(0);
        }
        former
    }

    /// Takes the far end's address by signalling; a source held for another far end is let go.
    pub(crate) fn signal(&mut self, address: Option<SocketAddr>) {
        if address == self.signalled {
            return;
        }
        if self.signalled.is_some() {
            (self.held, self.ended) = (None, false);
        }
        self.signalled = address;
        self.confirmed = address.is_some() && self.source() == address;
    }

    /// Tells whether packets from a source may come in.
    pub(crate) fn admits(&self, from: SocketAddr, now: Instant) -> bool {
        if self.signalled == Some(from) {
            return true;
        }
        if self.confirmed || self.is_former(from) {
            return false;
        }
        let silence = match self.ended {
            true => SILENCE_AFTER_GOODBYE,
            false => SILENCE,
        };
        self.held.is_none_or(|(held, heard)| {
            held == from || now.saturating_duration_since(heard) >= silence
        })
    }

    /// Tells whether a source is that of a far end before. The same far end may have the port
    /// again: its Termination was subtracted and added elsewhere.
    fn is_former(&self, from: SocketAddr) -> bool {
        self.former
            .iter()
            .filter(|former| former.signalled.is_none() || former.signalled != self.signalled)
            .any(|former| [former.signalled, former.source].contains(&Some(from)))
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
        let before = if self.source() == Some(from) {
            self.packets
        } else {
            0
        };
        self.packets = before.saturating_add(1);
        self.held = Some((from, now));
        self.ended = false;
        self.confirmed |= self.signalled == Some(from);
    }

    /// Takes that the source is said to have ended: if it is silent, the next one may take its place
    /// soon.
    pub(crate) fn release(&mut self) {
        self.ended = true;
    }

    /// Returns the source that is held.
    pub(crate) fn source(&self) -> Option<SocketAddr> {
        self.held.map(|(held, _)| held)
    }

    /// Returns where to send: the source that is held once it is trusted, else the signalled
    /// address.
    pub(crate) fn destination(&self) -> Option<SocketAddr> {
        let trusted = self.source().filter(|_| self.packets >= TRUSTED_AFTER);
        trusted.or(self.signalled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, last], 4000))
    }

    fn hold_trusted(latch: &mut Latch, from: SocketAddr, now: Instant) {
        for _ in 0..TRUSTED_AFTER {
            latch.hold(from, now);
        }
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
    fn a_goodbye_that_others_say_costs_a_source_nothing() {
        let now = Instant::now();
        let at = |ms| now + Duration::from_millis(ms);
        let mut latch = Latch::default();
        latch.hold(address(1), now);
        latch.release();
        assert!(!latch.admits(address(2), at(20)));
        latch.hold(address(1), at(20));
        assert!(!latch.admits(address(2), at(1000)));
        latch.release();
        assert!(latch.admits(address(2), at(1000)) && latch.admits(address(1), at(1000)));
    }

    #[test]
    fn a_stray_packet_does_not_draw_media_to_its_source() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.signal(Some(address(1)));
        hold_trusted(&mut latch, address(2), now);
        assert_eq!(latch.destination(), Some(address(2)));
        latch.hold(address(3), now);
        assert_eq!(latch.destination(), Some(address(1)));
    }

    #[test]
    fn the_signalled_address_always_comes_in() {
        let now = Instant::now();
        let mut latch = Latch::default();
        hold_trusted(&mut latch, address(1), now);
        latch.signal(Some(address(2)));
        assert_eq!(latch.destination(), Some(address(1)));
        assert!(latch.admits(address(2), now));
    }

    #[test]
    fn once_the_signalled_address_was_heard_nobody_else_comes_in() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.signal(Some(address(2)));
        latch.hold(address(1), now);
        latch.hold(address(2), now);
        let later = now + Duration::from_secs(3600);
        assert!(!latch.admits(address(1), later));
        latch.release();
        assert!(!latch.admits(address(1), later));
        assert!(latch.admits(address(2), later));
        latch.signal(Some(address(3)));
        assert!(latch.admits(address(1), later));
    }

    #[test]
    fn who_had_the_port_before_stays_out_unless_it_has_it_again() {
        let now = Instant::now();
        let later = now + Duration::from_secs(3600);
        let mut first = Latch::default();
        first.signal(Some(address(1)));
        first.hold(address(101), now);
        let mut second = Latch::after(first.into_former());
        second.signal(Some(address(2)));
        assert!(!second.admits(address(101), later) && !second.admits(address(1), later));
        assert!(second.admits(address(102), later));
        second.hold(address(102), now);
        let former = second.into_former();
        let mut third = Latch::after(former.clone());
        third.signal(Some(address(3)));
        assert!(!third.admits(address(101), later) && !third.admits(address(102), later));
        let mut again = Latch::after(former);
        again.signal(Some(address(1)));
        assert!(again.admits(address(101), later) && !again.admits(address(102), later));
    }

    #[test]
    fn only_a_few_that_had_the_port_are_remembered_each_once() {
        let mut former = Vec::new();
        for round in 0..20 {
            let mut latch = Latch::after(former);
            latch.signal(Some(address(round % 6)));
            former = latch.into_former();
            let mut once = former.clone();
            once.dedup();
            assert_eq!(once, former);
        }
        assert_eq!(former.len(), FORMER_MAX);
    }

    #[test]
    fn a_new_far_end_lets_the_old_source_go() {
        let now = Instant::now();
        let mut latch = Latch::default();
        latch.signal(Some(address(1)));
        hold_trusted(&mut latch, address(3), now);
        latch.signal(Some(address(1)));
        assert_eq!(latch.destination(), Some(address(3)));
        latch.signal(Some(address(2)));
        assert_eq!(latch.destination(), Some(address(2)));
    }
}
