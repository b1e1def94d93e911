//! Our codec on the same messages.

use std::{hint::black_box, time::Instant};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode, peek,
};

use crate::{messages::Form, tokenizer};

/// What is done with messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    Decode,
    Encode,
    Peek,
    Tokenize,
}

impl Work {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Encode => "encode",
            Self::Peek => "peek",
            Self::Tokenize => "tokenize",
        }
    }
}

/// The messages of one form, read beforehand for the writer.
pub(crate) struct Set<'a> {
    form: Form,
    octets: Vec<&'a [u8]>,
    messages: Vec<Message<'a>>,
    profile: &'a BinaryProfile,
    limits: Limits,
}

impl<'a> Set<'a> {
    pub(crate) fn new(form: Form, octets: Vec<&'a [u8]>, profile: &'a BinaryProfile) -> Self {
        let limits = Limits::default();
        let read = |octets: &&'a [u8]| match form {
            Form::Binary => binary::decode(octets, &limits, profile).ok(),
            Form::Pretty | Form::Compact => decode(octets, &limits).ok(),
        };
        let messages = octets.iter().filter_map(read).collect();
        Self {
            form,
            octets,
            messages,
            profile,
            limits,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.octets.len()
    }

    /// Octets of all messages.
    pub(crate) fn size(&self) -> usize {
        self.octets.iter().map(|octets| octets.len()).sum()
    }

    /// Nanoseconds that all messages take, `rounds` times.
    pub(crate) fn batch(&self, work: Work, rounds: u32) -> f64 {
        let mut out = Vec::with_capacity(65_536);
        let start = Instant::now();
        for _ in 0..rounds {
            self.once(work, &mut out);
        }
        start.elapsed().as_secs_f64() * 1e9
    }

    /// Allocations and octets allocated, by all messages once.
    pub(crate) fn allocations(&self, work: Work) -> (u64, u64) {
        let mut out = Vec::with_capacity(65_536);
        let info = allocation_counter::measure(|| self.once(work, &mut out));
        (info.count_total, info.bytes_total)
    }

    fn once(&self, work: Work, out: &mut Vec<u8>) {
        match work {
            Work::Decode => self.octets.iter().for_each(|octets| self.decode(octets)),
            Work::Encode => self.messages.iter().for_each(|message| self.encode(message, out)),
            Work::Peek => self.octets.iter().for_each(|octets| self.peek(octets)),
            Work::Tokenize => {
                for octets in &self.octets {
                    black_box(tokenizer::count(black_box(octets)));
                }
            }
        }
    }

    fn decode(&self, octets: &[u8]) {
        let octets = black_box(octets);
        match self.form {
            Form::Binary => drop(black_box(binary::decode(octets, &self.limits, self.profile))),
            Form::Pretty | Form::Compact => drop(black_box(decode(octets, &self.limits))),
        }
    }

    fn encode(&self, message: &Message<'_>, out: &mut Vec<u8>) {
        out.clear();
        let message = black_box(message);
        match self.form {
            Form::Binary => drop(black_box(binary::encode(message, self.profile, out))),
            Form::Pretty => encode(message, &TextProfile::of(Style::Pretty), out),
            Form::Compact => encode(message, &TextProfile::of(Style::Compact), out),
        }
        black_box(out);
    }

    /// The sender and the first transaction's number.
    fn peek(&self, octets: &[u8]) {
        let octets = black_box(octets);
        let seen = match self.form {
            Form::Binary => binary::peek(octets),
            Form::Pretty | Form::Compact => peek(octets),
        };
        black_box(seen.transactions().next());
        black_box(seen);
    }
}
