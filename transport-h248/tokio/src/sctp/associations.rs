//! All associations of one socket, without the socket: packets, messages and time go in, packets and
//! events come out.
//!
//! A peer that begins one is remembered by the tag of the cookie that it was sent and by nothing else;
//! only who has received the cookie makes us hold an association.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Instant,
};

use bytes::Bytes;
use dcsctp::api::SocketTime;
use tokio::sync::Notify;
use transport_h248::Encoding;

use super::{
    Event,
    association::{Association, Out},
    packet::{self, Header},
};
use crate::connection::Ended;

/// Associations at one time; over it a new one is refused.
const ASSOCIATIONS_MAX: usize = 4_096;
/// Cookies that were sent and have not come back.
const COOKIES_MAX: usize = 4_096;

/// What has been counted.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Counts {
    /// Associations refused because there are too many.
    pub(crate) refused: u64,
    /// Messages that were not sent.
    pub(crate) unsent: u64,
    /// Datagrams that are no packets, and messages that are not of H.248.
    pub(crate) strange: u64,
    /// Associations ended because the library failed on what the peer sent.
    pub(crate) faults: u64,
}

/// The associations by the addresses of their peers.
#[derive(Debug)]
pub(super) struct Associations {
    begun: Instant,
    all: BTreeMap<SocketAddr, Association>,
    due: BTreeSet<(SocketTime, SocketAddr)>,
    /// Those to whom cookies were sent, with their tags; the oldest first.
    cookies: VecDeque<(SocketAddr, u32)>,
    out: Out,
    counts: Counts,
    freed: Arc<Notify>,
}

impl Associations {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            begun: now,
            all: BTreeMap::new(),
            due: BTreeSet::new(),
            cookies: VecDeque::new(),
            out: Out::default(),
            counts: Counts::default(),
            freed: Arc::default(),
        }
    }

    /// Told when a message was served whose association has waited for that; then call
    /// [`Self::resume`].
    pub(super) fn freed(&self) -> Arc<Notify> {
        Arc::clone(&self.freed)
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            strange: self.counts.strange + self.out.strange,
            ..self.counts
        }
    }

    pub(super) fn poll_packet(&mut self) -> Option<(SocketAddr, Vec<u8>)> {
        self.out.packets.pop_front()
    }

    pub(super) fn poll_event(&mut self) -> Option<Event> {
        self.out.events.pop_front()
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let (due, _) = self.due.first()?;
        (*due != SocketTime::infinite_future()).then(|| self.begun + (*due - SocketTime::zero()))
    }

    pub(super) fn handle_timeout(&mut self, now: Instant) {
        let time = self.time(now);
        while let Some((_, peer)) = self.due.first().filter(|(due, _)| *due <= time) {
            let peer = *peer;
            self.act(peer, now, |_| {});
            // What is due at once again waits for the next call.
            if self.due.first().is_some_and(|(_, next)| *next == peer) {
                break;
            }
        }
    }

    /// Takes a datagram.
    pub(super) fn handle_packet(&mut self, from: SocketAddr, octets: &[u8], now: Instant) {
        let Some(header) = packet::header(octets) else {
            self.counts.strange += 1;
            return;
        };
        if self.all.contains_key(&from) {
            return self.act(from, now, |association| association.handle(octets));
        }
        match header.first {
            packet::INIT => self.send_cookie(from, header, octets, now),
            packet::COOKIE_ECHO if self.cookies.contains(&(from, header.tag)) => {
                self.accept(from, header, octets, now);
            }
            packet::COOKIE_ECHO | packet::ABORT | packet::SHUTDOWN_COMPLETE => {
                self.counts.strange += 1;
            }
            _ => self.out.packets.push_back((from, header.abort())),
        }
    }

    /// Answers who wants an association with a cookie, and remembers its tag.
    fn send_cookie(&mut self, from: SocketAddr, header: Header, init: &[u8], now: Instant) {
        let now = self.time(now);
        let freed = Arc::clone(&self.freed);
        let mut out = Out::default();
        let answered = guarded(|| {
            let mut nobody = Association::of_peer(from, (header.target, header.source), &freed);
            nobody.act(now, &mut out, |nobody| nobody.handle(init));
        });
        self.counts.faults += u64::from(answered.is_none());
        for (_, answer) in out.packets {
            let Some(tag) = packet::initiate_tag(&answer) else {
                continue;
            };
            if self.cookies.len() == COOKIES_MAX {
                self.cookies.pop_front();
            }
            self.cookies.push_back((from, tag));
            self.out.packets.push_back((from, answer));
        }
    }

    fn accept(&mut self, from: SocketAddr, header: Header, echo: &[u8], now: Instant) {
        if self.all.len() >= ASSOCIATIONS_MAX {
            self.counts.refused += 1;
            return self.out.packets.push_back((from, header.abort()));
        }
        let ports = (header.target, header.source);
        let association = Association::of_peer(from, ports, &self.freed);
        self.all.insert(from, association);
        self.act(from, now, |association| association.handle(echo));
        self.cookies.retain(|(peer, _)| *peer != from);
    }

    /// Sends a message; where there is no association, one is made.
    pub(super) fn send(&mut self, to: SocketAddr, octets: &Bytes, now: Instant) {
        if !self.all.contains_key(&to) {
            if self.all.len() >= ASSOCIATIONS_MAX {
                self.counts.unsent += 1;
                return;
            }
            let association = Association::ours(to, Encoding::of(octets), &self.freed);
            self.all.insert(to, association);
            self.act(to, now, Association::connect);
        }
        let mut sent = false;
        self.act(to, now, |association| sent = association.send(octets));
        self.counts.unsent += u64::from(!sent);
    }

    /// Ends an association, if there is one.
    pub(super) fn close(&mut self, peer: SocketAddr, now: Instant) {
        self.act(peer, now, |association| association.close(Ended::ByUs));
    }

    pub(super) fn close_all(&mut self, now: Instant) {
        let peers: Vec<_> = self.all.keys().copied().collect();
        for peer in peers {
            self.close(peer, now);
        }
    }

    /// Reads on where messages have waited for room.
    pub(super) fn resume(&mut self, now: Instant) {
        let stalled = self.all.iter().filter(|(_, one)| one.has_more());
        let stalled: Vec<_> = stalled.map(|(peer, _)| *peer).collect();
        for peer in stalled {
            self.act(peer, now, |_| {});
        }
    }

    /// Lets something happen to an association, and to all that follows from it.
    fn act(&mut self, peer: SocketAddr, now: Instant, act: impl FnOnce(&mut Association)) {
        let now = self.time(now);
        let Some(association) = self.all.get_mut(&peer) else {
            return;
        };
        self.due.remove(&(association.due, peer));
        let out = &mut self.out;
        let ended = match guarded(|| association.act(now, out, act)) {
            Some(None) => {
                self.due.insert((association.due, peer));
                return;
            }
            Some(Some(why)) => why,
            None => {
                self.counts.faults += 1;
                Ended::Association("the library failed on what came".to_owned())
            }
        };
        let known = association.is_known();
        self.all.remove(&peer);
        if known {
            self.out.events.push_back(Event::Closed(peer, ended));
        }
    }

    fn time(&self, now: Instant) -> SocketTime {
        SocketTime::zero() + now.saturating_duration_since(self.begun)
    }
}

/// Nothing that a peer sends may end the program, though the library may fail on it; what it has
/// left behind is thrown away.
fn guarded<T>(act: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(act)).ok()
}
