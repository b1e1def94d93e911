//! Messages of those who have no key: refused before anything in them has an effect.

use std::{net::SocketAddr, time::Instant};

use codec_h248::{
    Peek, TextProfile, TransactionKind,
    descriptor::{ErrorCode, ErrorDescriptor},
};

use super::{Endpoint, peek};
use crate::{Encoding, Route, Transmit, authentication::Verdict};

impl Endpoint {
    /// Takes the news that a connection has come about, and where our side of it is: for one that we
    /// made, so that what comes by it can be authenticated.
    pub fn handle_connected(&mut self, route: Route, local: SocketAddr) {
        if let Some(guard) = &mut self.guard {
            guard.handle_connected(route, local);
        }
    }

    /// Returns from where a message was refused for its authentication header; one in a second, so
    /// that who sends many does not fill the log. [`crate::Counters::unauthenticated`] counts all.
    pub fn poll_unauthenticated(&mut self) -> Option<Route> {
        self.guard.as_mut()?.poll_refused()
    }

    /// Whether a message is to be read; counts it if not, and answers it if it asks for something.
    pub(super) fn is_authentic(&mut self, octets: &[u8], from: Route, now: Instant) -> bool {
        let Some(guard) = &mut self.guard else {
            return true;
        };
        let seen = peek(octets);
        match guard.judge(&seen, from, now) {
            Verdict::Authentic => return true,
            Verdict::Repeated => self.outbox.counters.replayed += 1,
            Verdict::Refused { answered } => {
                self.outbox.counters.unauthenticated += 1;
                if answered {
                    self.answer_unauthenticated(&seen, Encoding::of(octets), from);
                }
            }
        }
        false
    }

    /// An error answers nothing but requests: two programs without a common key must not talk for
    /// ever.
    fn answer_unauthenticated(&mut self, seen: &Peek<'_>, encoding: Encoding, from: Route) {
        let mut transactions = seen.transactions();
        let asks = transactions.any(|seen| seen.kind == TransactionKind::Request);
        let (true, Some(version)) = (asks, seen.version) else {
            return;
        };
        let version = version.clamp(1, 3);
        self.outbox.counters.errors_sent += 1;
        let error = ErrorDescriptor::new(ErrorCode::UNAUTHORIZED);
        let carrier = from.address.carrier;
        let manner = self.outbox.manner((version, encoding), carrier, None);
        self.outbox.send_error(error, manner, from);
    }

    /// Gives a message its authentication header, where its peer has a key.
    pub(super) fn seal(&mut self, transmit: Transmit) -> Transmit {
        let Some(guard) = &mut self.guard else {
            return transmit;
        };
        let Transmit { to, octets } = transmit;
        let profile = TextProfile::of(self.outbox.config.style);
        let octets = guard.seal(octets, to, &profile);
        Transmit { to, octets }
    }
}
