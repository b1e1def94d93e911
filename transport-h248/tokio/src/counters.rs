//! What the sockets have met.

use crate::{connection::Ended, sctp, tpkt::TpktError};

/// Plain numbers, one for each kind of thing; they only grow.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counters {
    /// Connections that peers made.
    pub accepted: u64,
    /// Connections of peers closed at once because there are too many.
    pub refused: u64,
    /// Times when a connection could not be accepted, for want of file descriptors.
    pub accept_failures: u64,
    /// Connections ended because no whole message came in time.
    pub slow: u64,
    /// Connections ended because the peer did not read.
    pub deaf: u64,
    /// Connections ended because what came is no TPKT.
    pub not_tpkt: u64,
    /// Connections that ended otherwise, or did not come about.
    pub ended: u64,
    /// Datagrams that were lost because their source sends more than is served.
    pub excess: u64,
    /// Times when a source was shut out for a while, since it went on.
    pub shut_out: u64,
    /// Messages that were not sent; what they carry is repeated.
    pub unsent: u64,
    /// Datagrams that are no SCTP where that is spoken, and what came by it that is not H.248.
    pub not_sctp: u64,
    /// Associations of SCTP ended because what came was more than the library can bear.
    pub sctp_faults: u64,
}

impl Counters {
    /// Returns each counter with its name, in the order of declaration.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        [
            ("accepted", self.accepted),
            ("refused", self.refused),
            ("accept_failures", self.accept_failures),
            ("slow", self.slow),
            ("deaf", self.deaf),
            ("not_tpkt", self.not_tpkt),
            ("ended", self.ended),
            ("excess", self.excess),
            ("shut_out", self.shut_out),
            ("unsent", self.unsent),
            ("not_sctp", self.not_sctp),
            ("sctp_faults", self.sctp_faults),
        ]
        .into_iter()
    }

    /// Adds what was counted where SCTP is spoken.
    pub(crate) fn add(&mut self, sctp: sctp::Counts) {
        self.refused += sctp.refused;
        self.unsent += sctp.unsent;
        self.not_sctp += sctp.strange;
        self.sctp_faults += sctp.faults;
    }

    /// Counts the end of a connection.
    pub(crate) fn count_end(&mut self, why: &Ended) {
        let counter = match why {
            Ended::Slow => &mut self.slow,
            Ended::Deaf => &mut self.deaf,
            Ended::Broken(TpktError::Version(_) | TpktError::Length(_)) => &mut self.not_tpkt,
            Ended::Broken(TpktError::Io(_) | TpktError::TooLong(_))
            | Ended::ByPeer
            | Ended::ByUs
            | Ended::Association(_)
            | Ended::WithinMessage(_) => &mut self.ended,
        };
        *counter += 1;
    }
}
