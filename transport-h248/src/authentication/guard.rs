//! What an endpoint remembers of the messages that it has authenticated.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    time::{Duration, Instant},
};

use bytes::Bytes;
use codec_h248::{AuthenticationHeader, Peek, TextProfile, binary, encode_authenticated};

use super::{
    Authentication, Key, ipv4,
    window::{Freshness, Window},
};
use crate::{Encoding, Limits, Route, endpoint::peek};

/// Refusals are answered no faster: who floods us gets no flood sent to whose address it claims,
/// and our sequence numbers do not run away.
const ANSWER_PAUSE: Duration = Duration::from_millis(100);
/// The program above is told of refusals no faster.
const TELL_PAUSE: Duration = Duration::from_secs(1);

/// What becomes of a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// It is read.
    Authentic,
    /// It has come before, and is dropped.
    Repeated,
    /// It is not read.
    Refused {
        /// Whether the sender may be told.
        answered: bool,
    },
}

/// The configuration, and what has come and gone.
#[derive(Debug)]
pub(crate) struct Guard {
    config: Authentication,
    senders_max: usize,
    /// The number of the last message written with each key.
    written: Vec<u32>,
    received: BTreeMap<(u32, Ipv4Addr), Window>,
    /// The key that a peer has shown to have: it is answered with the same.
    shown: BTreeMap<Route, usize>,
    /// Our side of the connections that we made: their port is not a listener's.
    connections: BTreeMap<Route, SocketAddrV4>,
    answered: Option<Instant>,
    told: Option<Instant>,
    refused: Option<Route>,
}

impl Guard {
    /// Has seen nothing yet.
    pub(crate) fn new(config: Authentication, limits: &Limits) -> Self {
        Self {
            written: vec![config.first_sequence.wrapping_sub(1); config.keys.len()],
            senders_max: limits.peers,
            config,
            received: BTreeMap::new(),
            shown: BTreeMap::new(),
            connections: BTreeMap::new(),
            answered: None,
            told: None,
            refused: None,
        }
    }

    /// Notes our own address on a connection.
    pub(crate) fn handle_connected(&mut self, route: Route, local: SocketAddr) {
        if let Some(local) = ipv4(local) {
            self.connections.insert(route, local);
        }
    }

    /// Forgets it.
    pub(crate) fn handle_closed(&mut self, route: Route) {
        self.connections.remove(&route);
        self.shown.remove(&route);
    }

    /// Returns from where a message was refused that the operator has not been told of.
    pub(crate) fn poll_refused(&mut self) -> Option<Route> {
        self.refused.take()
    }

    /// Judges a message by its header.
    pub(crate) fn judge(&mut self, seen: &Peek<'_>, from: Route, now: Instant) -> Verdict {
        let verdict = match &seen.authentication {
            None if !self.config.required => return Verdict::Authentic,
            None => None,
            Some(header) => self.freshness(header, seen.body, from),
        };
        match verdict {
            Some(Freshness::New) => Verdict::Authentic,
            Some(Freshness::Seen) => Verdict::Repeated,
            Some(Freshness::Old) | None => self.refuse(from, now),
        }
    }

    fn refuse(&mut self, from: Route, now: Instant) -> Verdict {
        if is_due(&mut self.told, TELL_PAUSE, now) {
            self.refused = Some(from);
        }
        let answered = self.config.answers && is_due(&mut self.answered, ANSWER_PAUSE, now);
        Verdict::Refused { answered }
    }

    /// What the sequence number is; `None` where the check value is wrong, or cannot be checked.
    fn freshness(
        &mut self,
        header: &AuthenticationHeader,
        body: Option<&[u8]>,
        from: Route,
    ) -> Option<Freshness> {
        let (source, destination) = (ipv4(from.address.socket)?, self.local(from)?);
        let index = header.security_parameter_index;
        let at = self.key(*source.ip(), |key| key.index == index)?;
        let key = &self.config.keys[at];
        let before = synthesized(*source.ip(), destination);
        if !key.is_check_value(&header.data, [before.as_bytes(), body?]) {
            return None;
        }
        if self.shown.len() < self.senders_max || self.shown.contains_key(&from) {
            self.shown.insert(from, at);
        }
        let sender = (index, *source.ip());
        if let Some(window) = self.received.get_mut(&sender) {
            return Some(window.take(header.sequence_number));
        }
        if self.received.len() >= self.senders_max {
            return None;
        }
        let window = Window::new(header.sequence_number);
        self.received.insert(sender, window);
        Some(Freshness::New)
    }

    /// Writes the header of a message; the message as it is where no key is for its peer.
    pub(crate) fn seal(&mut self, message: Bytes, to: Route, profile: &TextProfile) -> Bytes {
        let header = self.header(&message, to);
        let Some(header) = header else {
            return message;
        };
        let mut sealed = Vec::with_capacity(message.len() + super::HEADER_OCTETS);
        match Encoding::of(&message) {
            Encoding::Text => encode_authenticated(&header, &message, profile, &mut sealed),
            Encoding::Binary => {
                let written = binary::encode_authenticated(&header, &message, &mut sealed);
                debug_assert!(written.is_ok(), "we wrote the message");
            }
        }
        sealed.into()
    }

    fn header(&mut self, message: &[u8], to: Route) -> Option<AuthenticationHeader> {
        let (source, destination) = (self.local(to)?, ipv4(to.address.socket)?);
        let shown = self.shown.get(&to).copied();
        let at = shown.or_else(|| self.key(*destination.ip(), |_| true))?;
        let key = &self.config.keys[at];
        let body = peek(message).body?;
        let before = synthesized(*source.ip(), destination);
        let data = key.check_value([before.as_bytes(), body]);
        self.written[at] = self.written[at].wrapping_add(1);
        Some(AuthenticationHeader {
            security_parameter_index: key.index,
            sequence_number: self.written[at],
            data,
        })
    }

    /// Where we are for this peer.
    fn local(&self, route: Route) -> Option<SocketAddrV4> {
        let listener = || self.config.locals.get(usize::from(route.listener));
        self.connections.get(&route).or_else(listener).copied()
    }

    /// The first such key that the peer has alone, or else that all have.
    fn key(&self, peer: Ipv4Addr, such: impl Fn(&Key) -> bool) -> Option<usize> {
        let keys = &self.config.keys;
        let of = |peer| keys.iter().position(|key| key.peer == peer && such(key));
        of(Some(peer)).or_else(|| of(None))
    }
}

/// Source address, destination address and destination port as 20 hexadecimal digits (10.2).
fn synthesized(source: Ipv4Addr, destination: SocketAddrV4) -> String {
    let (from, to) = (source.to_bits(), destination.ip().to_bits());
    format!("{from:08X}{to:08X}{:04X}", destination.port())
}

/// Whether the pause since the last time is over; if so, another begins.
fn is_due(last: &mut Option<Instant>, pause: Duration, now: Instant) -> bool {
    let due = last.is_none_or(|last| now >= last + pause);
    if due {
        *last = Some(now);
    }
    due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_port_are_twenty_digits() {
        let destination = SocketAddrV4::new([192, 0, 2, 255].into(), 2_944);
        let digits = synthesized([10, 0, 0, 1].into(), destination);
        assert_eq!(digits, "0A000001C00002FF0B80");
    }
}
