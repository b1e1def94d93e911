//! A ladder as HTML or SVG: messages that are drawn together, with notes between them.
//!
//! ```
//! use std::time::SystemTime;
//! use lab::ladder::{Drawing, Seen, Side, Tone};
//!
//! let (tester, gateway) = ("192.0.2.1:2944".parse().unwrap(), "192.0.2.2:2944".parse().unwrap());
//! let mut drawing = Drawing::new("TP_MG_SU_BV_01");
//! drawing.peer(tester, Side::Controller, "tester");
//! drawing.peer(gateway, Side::Gateway, "mg");
//! let octets = b"!/3 [192.0.2.1]:2944 T=7{C=4{S=rtp/1}}";
//! let time = SystemTime::UNIX_EPOCH;
//! drawing.message(Seen::new(time, tester, gateway, octets));
//! drawing.note(time, "no reply within 5 s", Tone::Bad);
//! assert!(drawing.html().contains("T7 request  C=4 Subtract rtp/1"));
//! ```

mod html;
mod page;
mod svg;

use std::{net::SocketAddr, time::SystemTime};

use super::{
    filter::{Filter, Sieve},
    peers::{PeerId, Side},
    reader::{Entry, Kind, Line, Reader, Seen},
};
use crate::message::{Form, write};

pub use html::STYLE;

/// Messages and notes that one drawing holds; those that come later are counted.
const ROWS_MAX: usize = 10_000;
/// Octets of a message that are shown in full.
const SHOWN_MAX: usize = 16_384;

/// What a note tells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Tone {
    /// Something that is so.
    Plain,
    /// Something as it must be.
    Good,
    /// Something as it must not be.
    Bad,
}

/// A ladder that is drawn at once.
#[derive(Debug)]
pub struct Drawing {
    name: String,
    sieve: Sieve,
    rows: Rows,
}

#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Row>,
    left_out: u64,
}

impl Rows {
    fn message(&mut self, entry: &Entry, seen: Seen<'_>) {
        self.push(|| Row::Message {
            entry: entry.clone(),
            full: in_full(seen),
        });
    }

    fn push(&mut self, row: impl FnOnce() -> Row) {
        if self.rows.len() < ROWS_MAX {
            self.rows.push(row());
        } else {
            self.left_out += 1;
        }
    }
}

#[derive(Debug)]
enum Row {
    Message {
        entry: Entry,
        full: String,
    },
    Note {
        time: SystemTime,
        text: String,
        tone: Tone,
    },
}

impl Drawing {
    /// An empty drawing. Its name tells its places from those of other drawings on the same page.
    pub fn new(name: &str) -> Self {
        let mut sieve = Sieve::default();
        sieve.reader.collects = true;
        Self {
            name: name.to_owned(),
            sieve,
            rows: Rows::default(),
        }
    }

    /// Says who is at an address. Whoever is not known tells by what it says.
    pub fn peer(&mut self, address: SocketAddr, side: Side, name: &str) {
        self.sieve.reader.peers.introduce(address, side, Some(name));
    }

    /// From now on only what fits is drawn.
    pub fn filter(&mut self, filter: Filter) {
        self.sieve.filter(filter);
    }

    /// Adds a message.
    pub fn message(&mut self, seen: Seen<'_>) {
        let rows = &mut self.rows;
        self.sieve
            .take(seen, |_, entry, seen| rows.message(entry, seen));
    }

    /// Adds what still waits in the filter, when no more comes.
    pub fn end(&mut self) {
        let rows = &mut self.rows;
        self.sieve.end(|_, entry, seen| rows.message(entry, seen));
    }

    /// Adds a line across all who take part.
    pub fn note(&mut self, time: SystemTime, text: &str, tone: Tone) {
        let text = text.to_owned();
        self.rows.push(|| Row::Note { time, text, tone });
    }

    /// What was read so far.
    pub fn reader(&self) -> &Reader {
        &self.sieve.reader
    }

    /// How many messages and notes had no room.
    pub fn left_out(&self) -> u64 {
        self.rows.left_out
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.rows.rows.is_empty()
    }

    /// That not all is drawn, in words.
    pub fn left_out_told(&self) -> String {
        let more = self.left_out();
        format!("{ROWS_MAX} messages and notes are drawn; {more} more are not: a filter makes room")
    }

    /// The ladder as a part of an HTML page, which needs [`STYLE`] once.
    pub fn html(&self) -> String {
        html::fragment(self).into_string()
    }

    /// The ladder as a whole SVG document.
    pub fn svg(&self) -> String {
        svg::document(self)
    }

    /// The ladder with figures and filters as a whole HTML page, which needs no other file.
    pub fn page(&self, title: &str) -> String {
        page::page(self, title).into_string()
    }

    /// Who stands where: controllers on the left.
    fn lanes(&self) -> Lanes<'_> {
        let mut all: Vec<(PeerId, Option<Side>, &str)> = Vec::new();
        for (id, peer) in self.sieve.reader.peers.iter() {
            all.push((id, peer.side, &peer.name));
        }
        let drawn = |id: PeerId| {
            self.rows.rows.iter().any(|row| match row {
                Row::Message { entry, .. } => entry.from == id || entry.to == id,
                Row::Note { .. } => false,
            })
        };
        all.retain(|(id, ..)| drawn(*id));
        all.sort_by_key(|(_, side, _)| *side != Some(Side::Controller));
        Lanes(all)
    }
}

/// Those who take part, from left to right.
struct Lanes<'d>(Vec<(PeerId, Option<Side>, &'d str)>);

/// Between two of them, in pixels.
const LANE: usize = 110;

impl Lanes<'_> {
    fn width(&self) -> usize {
        self.0.len().max(1) * LANE
    }

    /// Where the lanes are.
    fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len()).map(|lane| lane * LANE + LANE / 2)
    }

    fn place(&self, peer: PeerId) -> usize {
        let lane = self.0.iter().position(|(id, ..)| *id == peer);
        lane.unwrap_or_default() * LANE + LANE / 2
    }
}

/// How the arrow of a message looks: by what is most remarkable in it.
fn look(entry: &Entry) -> &'static str {
    let any = |is: fn(&Line) -> bool| entry.lines.iter().any(is);
    if any(|line| line.kind == Kind::Undecoded) {
        "bad"
    } else if any(is_error) {
        "error"
    } else if any(|line| line.tie.repeats > 0) {
        "repeat"
    } else if any(|line| line.kind == Kind::Request) {
        "request"
    } else if any(|line| line.kind == Kind::Reply) {
        "reply"
    } else {
        "other"
    }
}

fn is_error(line: &Line) -> bool {
    line.kind == Kind::Error || line.subjects.iter().any(|subject| subject.code.is_some())
}

/// A message in full, for people.
fn in_full(seen: Seen<'_>) -> String {
    let read = seen.message().ok();
    let agreed = Default::default();
    let pretty = read.and_then(|message| write(&message, Form::Pretty, &agreed).ok());
    let pretty = pretty.unwrap_or_else(|| seen.octets.to_vec());
    let shown = &pretty[..pretty.len().min(SHOWN_MAX)];
    let mut text = String::from_utf8_lossy(shown).into_owned();
    if shown.len() < pretty.len() {
        text.push_str("\n…");
    }
    text
}
