//! The way out of the layers: messages to who reads them, all else to the counts.

use std::{
    borrow::Cow,
    collections::HashSet,
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use super::{Address, Captured, Counts, Kind, Sink, Transport, detect};

/// Where a packet stands in the capture.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    pub(super) since_epoch: Duration,
    pub(super) frame: u64,
}

/// Who speaks H.248 at ports that do not tell.
#[derive(Debug, Default)]
struct Speakers(HashSet<SocketAddr, ahash::RandomState>);

/// Speakers that are remembered.
const SPEAKERS_MAX: usize = 65_536;

impl Speakers {
    fn learn(&mut self, ends: [Address; 2]) {
        for end in ends.iter().filter_map(Address::socket) {
            if self.0.len() < SPEAKERS_MAX {
                self.0.insert(end);
            }
        }
    }

    fn knows(&self, ends: [Address; 2]) -> bool {
        let mut ends = ends.iter().filter_map(Address::socket);
        !self.0.is_empty() && ends.any(|end| self.0.contains(&end))
    }
}

/// What is written down of all that passes.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) counts: Counts,
    speakers: Speakers,
}

/// The way out for what one packet makes whole.
pub(super) struct Outlet<'o, 's> {
    pub(super) at: At,
    pub(super) from: Address,
    pub(super) to: Address,
    pub(super) transport: Transport,
    pub(super) books: &'o mut Books,
    pub(super) sink: &'o mut Sink<'s>,
}

impl Outlet<'_, '_> {
    /// Whether one of the ends is where H.248 is spoken (H.248.1 D.1, D.2: 2944 text, 2945 binary).
    pub(super) fn at_its_port(&self) -> bool {
        let own = |end: Address| matches!(end.port(), Some(2_944 | 2_945));
        own(self.from) || own(self.to)
    }

    /// Whether what stands there is a message even if it does not look like one.
    pub(super) fn expected(&self) -> bool {
        self.at_its_port() || self.books.speakers.knows([self.from, self.to])
    }

    /// Gives octets that are a message if they look like one, or if one is expected there.
    pub(super) fn judge(&mut self, octets: &[u8]) {
        if octets.trim_ascii_start().is_empty() {
            return self.count(Kind::Empty);
        }
        if let Some(encoding) = detect::looks(octets, octets.len()) {
            if !self.at_its_port() {
                self.books.speakers.learn([self.from, self.to]);
            }
            return self.give(octets, encoding);
        }
        if self.expected() {
            self.give(octets, detect::supposed(octets));
        } else {
            self.count(Kind::OtherProtocol);
        }
    }

    /// Gives octets that are a message wherever they stand.
    pub(super) fn give_supposed(&mut self, octets: &[u8]) {
        if octets.is_empty() {
            return self.count(Kind::Empty);
        }
        self.give(octets, detect::supposed(octets));
    }

    pub(super) fn count(&mut self, kind: Kind) {
        self.books.counts.add(kind);
    }

    /// The same with its ends exchanged.
    pub(super) fn turn(&mut self) {
        std::mem::swap(&mut self.from, &mut self.to);
    }

    fn give(&mut self, octets: &[u8], encoding: crate::message::Encoding) {
        self.books.counts.messages += 1;
        let time = SystemTime::UNIX_EPOCH.checked_add(self.at.since_epoch);
        (self.sink)(Captured {
            time: time.unwrap_or(SystemTime::UNIX_EPOCH),
            frame: self.at.frame,
            from: self.from,
            to: self.to,
            transport: self.transport,
            encoding,
            octets: Cow::Borrowed(octets),
        });
    }
}
