//! Messages one after another, each with what it has to do with those before it.

use std::{net::SocketAddr, ops::Range, sync::LazyLock, time::SystemTime};

use ahash::RandomState;
use codec_h248::{
    ContextId, DecodeError, Limits, Message, MessageBody, Transaction, TransactionId,
    binary::{self, BinaryProfile},
    decode,
};

use crate::{
    capture::{Address, Captured, Encoding},
    message::recognise,
};

use super::{
    describe,
    exchange::{Coming, Exchanges, Key, Tie},
    peers::{PeerId, Peers},
    said::{self, Verb},
    statistics::Statistics,
};

/// What stands in the standard is agreed on with everybody.
static STANDARD: LazyLock<BinaryProfile> = LazyLock::new(BinaryProfile::default);

/// A message as it was seen under way.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'o> {
    /// When.
    pub time: SystemTime,
    /// Its sender.
    pub from: Address,
    /// Its receiver.
    pub to: Address,
    /// How it is to be read.
    pub encoding: Encoding,
    /// Its octets.
    pub octets: &'o [u8],
}

impl<'o> Seen<'o> {
    /// A message over IP; its first octet tells whether it is text or binary.
    pub fn new(time: SystemTime, from: SocketAddr, to: SocketAddr, octets: &'o [u8]) -> Self {
        Self {
            time,
            from: from.into(),
            to: to.into(),
            encoding: recognise(octets, None).encoding,
            octets,
        }
    }

    /// Reads it.
    pub fn message(&self) -> Result<Message<'o>, DecodeError> {
        let limits = Limits::default();
        match self.encoding {
            Encoding::Text => decode(self.octets, &limits),
            Encoding::Binary => binary::decode(self.octets, &limits, &STANDARD),
        }
    }
}

impl<'o> From<&'o Captured<'_>> for Seen<'o> {
    fn from(captured: &'o Captured<'_>) -> Self {
        Self {
            time: captured.time,
            from: captured.from,
            to: captured.to,
            encoding: captured.encoding,
            octets: &captured.octets,
        }
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A TransactionRequest.
    Request,
    /// A TransactionReply, or a segment of one.
    Reply,
    /// A TransactionPending.
    Pending,
    /// A TransactionResponseAck.
    Ack,
    /// A SegmentReply, which acknowledges a segment.
    SegmentAck,
    /// An error for the whole message.
    Error,
    /// Octets that do not decode.
    Undecoded,
}

/// What one command, or its reply, is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Subject {
    /// In which Context; none where the whole transaction is meant.
    pub context: Option<ContextId>,
    /// The command; none where the Context itself is meant.
    pub verb: Option<Verb>,
    /// The Terminations that it names.
    pub terminations: Vec<String>,
    /// The error that it brought.
    pub code: Option<u16>,
}

/// A transaction within a message.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is.
    pub kind: Kind,
    /// Which transaction it belongs to.
    pub key: Option<Key>,
    /// What it has to do with those before it.
    pub tie: Tie,
    /// What it is about; only where the reader collects that.
    pub subjects: Vec<Subject>,
    /// Something that is told behind it.
    pub note: Option<String>,
    words: Range<usize>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, from 1 on.
    pub number: u64,
    /// When it was seen.
    pub time: SystemTime,
    /// Its sender.
    pub from: PeerId,
    /// Its receiver.
    pub to: PeerId,
    /// Its transactions.
    pub lines: Vec<Line>,
    text: String,
}

impl Entry {
    fn empty() -> Self {
        Self {
            number: 0,
            time: SystemTime::UNIX_EPOCH,
            from: PeerId(0),
            to: PeerId(0),
            lines: Vec::new(),
            text: String::new(),
        }
    }

    /// What a line says.
    pub fn words(&self, line: &Line) -> &str {
        &self.text[line.words.clone()]
    }
}

/// Reads messages one after another.
#[derive(Debug)]
pub struct Reader {
    /// All who take part.
    pub peers: Peers,
    /// Whether lines say what they are about.
    pub collects: bool,
    /// What is counted.
    pub statistics: Statistics,
    pub(super) exchanges: Exchanges,
    pub(super) entry: Entry,
    hasher: RandomState,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            peers: Peers::default(),
            collects: false,
            statistics: Statistics::default(),
            exchanges: Exchanges::default(),
            entry: Entry::empty(),
            hasher: RandomState::with_seeds(1, 2, 3, 4),
        }
    }
}

impl Reader {
    /// How many requests had no reply.
    pub fn unanswered(&self) -> u64 {
        self.exchanges.unanswered()
    }

    pub(super) fn entry_mut(&mut self) -> (&mut Entry, &mut Exchanges, &Peers) {
        (&mut self.entry, &mut self.exchanges, &self.peers)
    }

    /// Reads a message.
    pub fn read(&mut self, seen: Seen<'_>) -> &Entry {
        let decoded = seen.message();
        let (from, to) = self.peers.of(seen.from, seen.to, decoded.as_ref().ok());
        self.entry.number += 1;
        (self.entry.time, self.entry.from, self.entry.to) = (seen.time, from, to);
        self.entry.lines.clear();
        self.entry.text.clear();
        self.statistics.message(seen, from, &decoded);
        match decoded {
            Ok(message) => self.body(&message.body),
            Err(error) => {
                self.line(Kind::Undecoded, None, |out| {
                    out.push_str("does not decode: ");
                    out.push_str(&error.to_string());
                });
            }
        }
        &self.entry
    }

    fn body(&mut self, body: &MessageBody<'_>) {
        match body {
            MessageBody::Error(error) => {
                self.line(Kind::Error, None, |out| describe::error(out, error));
            }
            MessageBody::Transactions(transactions) => {
                for transaction in transactions {
                    self.transaction(transaction);
                }
            }
        }
    }

    fn line(&mut self, kind: Kind, key: Option<Key>, write: impl FnOnce(&mut String)) -> &mut Line {
        let from = self.entry.text.len();
        write(&mut self.entry.text);
        let words = from..self.entry.text.len();
        self.entry.lines.push(Line {
            kind,
            key,
            tie: Tie::default(),
            subjects: Vec::new(),
            note: None,
            words,
        });
        let last = self.entry.lines.len() - 1;
        &mut self.entry.lines[last]
    }

    fn transaction(&mut self, transaction: &Transaction<'_>) {
        let (kind, id) = kind_of(transaction);
        let (from, to) = (self.entry.from, self.entry.to);
        let asked_by_sender = matches!(kind, Kind::Request | Kind::Ack | Kind::SegmentAck);
        let (asker, asked) = if asked_by_sender {
            (from, to)
        } else {
            (to, from)
        };
        let key = id.map(|id| Key { asker, asked, id });
        let collects = self.collects;
        let line = self.line(kind, key, |out| describe::transaction(out, transaction));
        if collects {
            said::each(transaction, |said| line.subjects.push(Subject::of(said)));
        }
        let words = line.words.clone();
        let tie = key.map_or_else(Tie::default, |key| self.tie(transaction, key, words));
        self.statistics.transaction(transaction, &tie);
        if let Some(line) = self.entry.lines.last_mut() {
            line.tie = tie;
        }
    }

    /// What a transaction has to do with those before it.
    fn tie(&mut self, transaction: &Transaction<'_>, key: Key, words: Range<usize>) -> Tie {
        let coming = Coming {
            number: self.entry.number,
            time: self.entry.time,
            words: self.hasher.hash_one(&self.entry.text[words]),
        };
        match transaction {
            Transaction::Request(_) => {
                let verb = said::first_verb(transaction);
                self.exchanges.request(key, coming, verb)
            }
            Transaction::Reply(reply) => {
                let segment = reply.segment.map_or(0, |segment| segment.number);
                let tie = self.exchanges.reply(key, coming, segment);
                let verb = self.exchanges.get(key).and_then(|exchange| exchange.verb);
                self.statistics.answered(verb, &tie);
                tie
            }
            Transaction::Pending(_) => self.exchanges.pending(key, coming),
            Transaction::ResponseAck(_) | Transaction::SegmentReply(_) => Tie::default(),
        }
    }
}

impl Subject {
    fn of(said: said::Said<'_>) -> Self {
        let names = said.terminations.iter();
        Self {
            context: said.context,
            verb: said.verb,
            terminations: names.map(|name| name.as_str().to_owned()).collect(),
            code: said.code,
        }
    }
}

/// What a transaction is, and its id where it has one.
fn kind_of(transaction: &Transaction<'_>) -> (Kind, Option<TransactionId>) {
    match transaction {
        Transaction::Request(it) => (Kind::Request, Some(it.id)),
        Transaction::Reply(it) => (Kind::Reply, Some(it.id)),
        Transaction::Pending(id) => (Kind::Pending, Some(*id)),
        Transaction::ResponseAck(ranges) => (Kind::Ack, ranges.first().map(|range| range.first)),
        Transaction::SegmentReply(it) => (Kind::SegmentAck, Some(it.id)),
    }
}
