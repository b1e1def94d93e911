//! Our codec and the bare tokenizer at work.

use std::{hint::black_box, io, time::Instant};

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode, peek,
};

use crate::{
    messages::{Form, Sample},
    tokenizer,
};

/// What is done with messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Work {
    Decode,
    Encode,
    Peek,
    Tokenize,
}

impl Work {
    /// Its name in the table and to the third party.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Encode => "encode",
            Self::Peek => "peek",
            Self::Tokenize => "tokenize",
        }
    }
}

/// Messages of one form, decoded beforehand for the writer.
pub(crate) struct Set<'a> {
    pub(crate) form: Form,
    octets: Vec<&'a [u8]>,
    messages: Vec<Message<'a>>,
    profile: &'a BinaryProfile,
    text: TextProfile,
    limits: Limits,
}

impl<'a> Set<'a> {
    pub(crate) fn new(
        form: Form,
        samples: &[(&'a Sample, &'a [u8])],
        profile: &'a BinaryProfile,
    ) -> io::Result<Self> {
        let limits = Limits::default();
        let read = |&(sample, octets): &(&'a Sample, &'a [u8])| {
            let message = match form {
                Form::Binary => binary::decode(octets, &limits, profile),
                Form::Pretty | Form::Compact => decode(octets, &limits),
            };
            message.map_err(|error| {
                io::Error::other(format!("{} ({}): {error}", sample.name, form.name()))
            })
        };
        let messages = samples.iter().map(read).collect::<io::Result<_>>()?;
        let style = match form {
            Form::Pretty => Style::Pretty,
            Form::Compact | Form::Binary => Style::Compact,
        };
        Ok(Self {
            form,
            octets: samples.iter().map(|(_, octets)| *octets).collect(),
            messages,
            profile,
            text: TextProfile::of(style),
            limits,
        })
    }

    /// How many messages.
    pub(crate) fn len(&self) -> usize {
        self.octets.len()
    }

    /// Octets of all messages.
    pub(crate) fn size(&self) -> usize {
        self.octets.iter().map(|octets| octets.len()).sum()
    }

    /// Nanoseconds of so many passes over the messages, after one to warm up. What is encoded goes into one buffer that
    /// is used again and again.
    #[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
    pub(crate) fn time(&self, work: Work, passes: u32) -> f64 {
        let mut out = Vec::with_capacity(65_536);
        let mut nanoseconds = 0.0;
        allocation_counter::opt_out(|| {
            self.pass(work, &mut out);
            let start = Instant::now();
            for _ in 0..passes {
                self.pass(work, &mut out);
            }
            nanoseconds = start.elapsed().as_secs_f64() * 1e9;
        });
        nanoseconds
    }

    /// Allocations and octets allocated in one pass; a vector that grows allocates anew.
    pub(crate) fn allocations(&self, work: Work) -> (u64, u64) {
        let mut out = Vec::with_capacity(65_536);
        let info = allocation_counter::measure(|| self.pass(work, &mut out));
        (info.count_total, info.bytes_total)
    }

    fn pass(&self, work: Work, out: &mut Vec<u8>) {
        match work {
            Work::Decode => self.octets.iter().for_each(|octets| self.decode(octets)),
            Work::Encode => {
                let messages = self.messages.iter();
                messages.for_each(|message| self.encode(message, out));
            }
            Work::Peek => self.octets.iter().for_each(|octets| self.peek(octets)),
            Work::Tokenize => self.octets.iter().for_each(|octets| tokenize(octets)),
        }
    }

    fn decode(&self, octets: &[u8]) {
        let octets = black_box(octets);
        match self.form {
            Form::Binary => drop(black_box(binary::decode(
                octets,
                &self.limits,
                self.profile,
            ))),
            Form::Pretty | Form::Compact => drop(black_box(decode(octets, &self.limits))),
        }
    }

    fn encode(&self, message: &Message<'_>, out: &mut Vec<u8>) {
        out.clear();
        let message = black_box(message);
        match self.form {
            Form::Binary => drop(black_box(binary::encode(message, self.profile, out))),
            Form::Pretty | Form::Compact => encode(message, &self.text, out),
        }
        black_box(out);
    }

    /// Version, sender, kind and number of the first transaction.
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

fn tokenize(octets: &[u8]) {
    black_box(tokenizer::count(black_box(octets)));
}
