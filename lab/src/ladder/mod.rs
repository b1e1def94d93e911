//! H.248 as a ladder: who said what to whom, what answered it and how long that took; for the
//! terminal, and as HTML or SVG.

mod describe;
mod drawing;
mod exchange;
pub mod figures;
mod filter;
mod peers;
mod reader;
mod said;
mod statistics;
mod text;

use std::net::SocketAddr;

use crate::capture::Captured;

pub use drawing::{Drawing, STYLE, Tone};
pub use exchange::{Key, Tie};
pub use filter::{Filter, Moment};
pub use peers::{Peer, PeerId, Peers, Side};
pub use reader::{Entry, Kind, Line, Reader, Seen, Subject};
pub use said::Verb;
pub use statistics::{Rate, Responses, Statistics, Transactions, bins};

/// Draws messages one after another for the terminal.
#[derive(Debug, Default)]
pub struct Ladder {
    sieve: filter::Sieve,
    lines: text::Lines,
}

impl Ladder {
    /// A ladder whose controller is known; otherwise the messages tell.
    pub fn with_controller(controller: SocketAddr) -> Self {
        let mut ladder = Self::default();
        let peers = &mut ladder.sieve.reader.peers;
        peers.introduce(controller, Side::Controller, None);
        ladder
    }

    /// From now on only what fits is drawn.
    pub fn filter(&mut self, filter: Filter) {
        self.sieve.filter(filter);
    }

    /// From now on a line tells each day, before the first line of that.
    pub fn tell_days(&mut self) {
        self.lines.tell_days();
    }

    /// What was read so far.
    pub fn reader(&self) -> &Reader {
        &self.sieve.reader
    }

    /// How many messages were read.
    pub fn messages(&self) -> u64 {
        self.reader().statistics.messages
    }

    /// How many messages did not decode.
    pub fn undecoded(&self) -> u64 {
        self.reader().statistics.undecoded
    }

    /// Writes the lines of one message, each with a line end. With a filter, lines may come later.
    pub fn write(&mut self, seen: Seen<'_>, out: &mut String) {
        let lines = &mut self.lines;
        self.sieve
            .take(seen, |peers, entry, _| lines.write(out, entry, peers));
    }

    /// Writes what still waits in the filter, when no more comes.
    pub fn end(&mut self, out: &mut String) {
        let lines = &mut self.lines;
        self.sieve
            .end(|peers, entry, _| lines.write(out, entry, peers));
    }

    /// The lines of one message.
    pub fn draw(&mut self, captured: &Captured<'_>) -> Vec<String> {
        let mut out = String::new();
        self.write(captured.into(), &mut out);
        out.lines().map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests;
