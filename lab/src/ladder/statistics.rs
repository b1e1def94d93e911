//! Figures of what was seen: rates, response times, error codes, repeats.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use codec_h248::{DecodeError, Message, MessageBody, Transaction};
use hdrhistogram::Histogram;

use crate::capture::Encoding;

use super::{
    exchange::Tie,
    peers::PeerId,
    reader::Seen,
    said::{self, Verb},
};

/// Spans of time that are told apart. When there are more, two become one.
const SPANS_MAX: usize = 24;
/// Digits of response times that count.
const DIGITS: u8 = 3;
/// Response times that are longer count as this, in microseconds: an hour.
const LONGEST: u64 = 3_600_000_000;

/// Figures of what was seen.
#[derive(Debug, Default)]
pub struct Statistics {
    /// Messages, those that do not decode among them.
    pub messages: u64,
    /// Messages in text.
    pub text: u64,
    /// Messages in binary.
    pub binary: u64,
    /// Messages that do not decode.
    pub undecoded: u64,
    /// Octets of all messages.
    pub octets: u64,
    /// Errors for whole messages.
    pub message_errors: u64,
    /// Transactions and what belongs to them.
    pub transactions: Transactions,
    /// How often each command was asked for, repeats among them.
    pub asked: BTreeMap<Verb, u64>,
    /// How often each command was answered, repeats among them.
    pub answered: BTreeMap<Verb, u64>,
    /// How often each error code came, repeats among them.
    pub errors: BTreeMap<u16, u64>,
    /// How long replies took, by the first command of the request.
    pub responses: Responses,
    /// How many messages came when.
    pub rate: Rate,
    sent: Vec<u64>,
}

/// How many transactions of each kind were seen, repeats among them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Transactions {
    /// TransactionRequest.
    pub requests: u64,
    /// TransactionReply, every segment by itself.
    pub replies: u64,
    /// TransactionPending.
    pub pendings: u64,
    /// TransactionResponseAck.
    pub acks: u64,
    /// SegmentReply.
    pub segment_acks: u64,
    /// Requests that were seen before.
    pub repeated_requests: u64,
    /// Replies that were seen before.
    pub repeated_replies: u64,
    /// Requests and replies whose id was seen a moment ago with other words.
    pub differing: u64,
}

/// How long replies took.
#[derive(Debug, Default)]
pub struct Responses(BTreeMap<Option<Verb>, Histogram<u64>>);

/// How many messages came in each span of time.
#[derive(Debug)]
pub struct Rate {
    first: Option<SystemTime>,
    last: Option<SystemTime>,
    /// The length of a span.
    pub span: Duration,
    /// Messages in each span, from the first message on.
    pub spans: Vec<u64>,
    second: (u64, u64),
    /// The most messages in any whole second since the first one.
    pub peak: u64,
}

impl Statistics {
    pub(super) fn message(
        &mut self,
        seen: Seen<'_>,
        from: PeerId,
        decoded: &Result<Message<'_>, DecodeError>,
    ) {
        self.messages += 1;
        self.octets += seen.octets.len() as u64;
        match seen.encoding {
            Encoding::Text => self.text += 1,
            Encoding::Binary => self.binary += 1,
        }
        match decoded {
            Err(_) => self.undecoded += 1,
            Ok(message) => {
                if let MessageBody::Error(error) = &message.body {
                    self.message_errors += 1;
                    *self.errors.entry(error.code.0).or_default() += 1;
                }
            }
        }
        if self.sent.len() <= from.0 {
            self.sent.resize(from.0 + 1, 0);
        }
        self.sent[from.0] += 1;
        self.rate.count(seen.time);
    }

    pub(super) fn transaction(&mut self, transaction: &Transaction<'_>, tie: &Tie) {
        let all = &mut self.transactions;
        let repeated = u64::from(tie.repeats > 0);
        let is_reply = match transaction {
            Transaction::Request(_) => {
                all.requests += 1;
                all.repeated_requests += repeated;
                false
            }
            Transaction::Reply(_) => {
                all.replies += 1;
                all.repeated_replies += repeated;
                true
            }
            Transaction::Pending(_) => return all.pendings += 1,
            Transaction::ResponseAck(_) => return all.acks += 1,
            Transaction::SegmentReply(_) => return all.segment_acks += 1,
        };
        all.differing += u64::from(tie.differs);
        let commands = if is_reply {
            &mut self.answered
        } else {
            &mut self.asked
        };
        said::each(transaction, |said| {
            if let Some(verb) = said.verb {
                *commands.entry(verb).or_default() += 1;
            }
            if let Some(code) = said.code {
                *self.errors.entry(code).or_default() += 1;
            }
        });
    }

    /// A reply to a request whose first command is known.
    pub(super) fn answered(&mut self, verb: Option<Verb>, tie: &Tie) {
        if let Some(took) = tie.took {
            self.responses.record(verb, took);
        }
    }

    /// How many messages somebody sent.
    pub fn sent_by(&self, peer: PeerId) -> u64 {
        self.sent.get(peer.0).copied().unwrap_or_default()
    }
}

impl Responses {
    fn record(&mut self, verb: Option<Verb>, took: Duration) {
        let microseconds = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let times = self.0.entry(verb).or_insert_with(no_times);
        times.saturating_record(microseconds);
    }

    /// The times of each kind of request.
    pub fn by_verb(&self) -> impl Iterator<Item = (Option<Verb>, &Histogram<u64>)> {
        self.0.iter().map(|(verb, times)| (*verb, times))
    }

    /// All times together, in microseconds.
    pub fn all(&self) -> Histogram<u64> {
        let mut all = no_times();
        for times in self.0.values() {
            all.add(times).expect("all have the same bounds");
        }
        all
    }
}

fn no_times() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("the bounds make sense")
}

/// How many times lie from the limit before up to each of these, in microseconds; the last has the
/// rest.
pub fn bins(times: &Histogram<u64>) -> Vec<(u64, u64)> {
    let mut low = 0;
    let mut bins = Vec::new();
    for limit in [1u64, 10, 100, 1_000, 10_000, 100_000]
        .into_iter()
        .flat_map(|decade| [decade * 100, decade * 200, decade * 500])
    {
        let within = if limit > low {
            times.count_between(low, limit - 1)
        } else {
            0
        };
        bins.push((limit, within));
        low = limit;
    }
    bins.push((u64::MAX, times.count_between(low, u64::MAX)));
    let from = bins.iter().position(|bin| bin.1 > 0).unwrap_or(bins.len());
    let to = bins
        .iter()
        .rposition(|bin| bin.1 > 0)
        .map_or(0, |last| last + 1);
    bins.get(from..to).unwrap_or_default().to_vec()
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            first: None,
            last: None,
            span: Duration::from_secs(1),
            spans: Vec::new(),
            second: (0, 0),
            peak: 0,
        }
    }
}

impl Rate {
    fn count(&mut self, time: SystemTime) {
        let first = *self.first.get_or_insert(time);
        self.last = self.last.max(Some(time));
        // Packets may come in disorder: what is before the first counts with it.
        let since = time.duration_since(first).unwrap_or_default();
        while since.as_nanos() / self.span.as_nanos() >= SPANS_MAX as u128 {
            self.widen();
        }
        let place = (since.as_nanos() / self.span.as_nanos()) as usize;
        if self.spans.len() <= place {
            self.spans.resize(place + 1, 0);
        }
        self.spans[place] += 1;
        let second = since.as_secs();
        if self.second.0 != second {
            self.second = (second, 0);
        }
        self.second.1 += 1;
        self.peak = self.peak.max(self.second.1);
    }

    fn widen(&mut self) {
        self.span *= 2;
        let halves = self.spans.chunks(2);
        self.spans = halves.map(|two| two.iter().sum()).collect();
    }

    /// The time of the first message.
    pub fn first(&self) -> Option<SystemTime> {
        self.first
    }

    /// From the first message to the last.
    pub fn duration(&self) -> Duration {
        let ends = self.first.zip(self.last);
        let duration = ends.and_then(|(first, last)| last.duration_since(first).ok());
        duration.unwrap_or_default()
    }
}
