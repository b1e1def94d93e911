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
pub enum Work {
    /// Our reader makes a model of a message.
    Decode,
    /// Our writer makes a message of a model.
    Encode,
    /// The header is read.
    Peek,
    /// The bare tokenizer walks over a text.
    Tokenize,
}

impl Work {
    /// Everything that is done.
    pub const ALL: [Self; 4] = [Self::Decode, Self::Encode, Self::Peek, Self::Tokenize];

    /// Its name in the table, to the third party and to the program that counts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::Encode => "encode",
            Self::Peek => "peek",
            Self::Tokenize => "tokenize",
        }
    }
}

/// Messages of one form, decoded beforehand for the writer.
pub struct Set<'a> {
    /// What form they have.
    pub form: Form,
    names: Vec<&'a str>,
    octets: Vec<&'a [u8]>,
    messages: Vec<Message<'a>>,
    profile: &'a BinaryProfile,
    text: TextProfile,
    limits: Limits,
}

impl<'a> Set<'a> {
    /// The messages, in that form.
    pub fn new(
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
            names: samples.iter().map(|(sample, _)| &*sample.name).collect(),
            octets: samples.iter().map(|(_, octets)| *octets).collect(),
            messages,
            profile,
            text: TextProfile::of(style),
            limits,
        })
    }

    /// How many messages.
    #[expect(clippy::len_without_is_empty, reason = "no set is empty")]
    pub fn len(&self) -> usize {
        self.octets.len()
    }

    /// The names of its messages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().copied()
    }

    /// Octets of all messages.
    pub fn size(&self) -> usize {
        self.octets.iter().map(|octets| octets.len()).sum()
    }

    /// Nanoseconds of so many passes over the messages, after one to warm up. What is encoded goes into one buffer that
    /// is used again and again.
    #[expect(clippy::disallowed_methods, reason = "real time is what is measured")]
    pub fn time(&self, work: Work, passes: u32) -> f64 {
        let mut out = Vec::with_capacity(65_536);
        self.pass(work, &mut out);
        let start = Instant::now();
        for _ in 0..passes {
            self.pass(work, &mut out);
        }
        start.elapsed().as_secs_f64() * 1e9
    }

    /// Does the work once on every message. What is encoded goes into `out`.
    pub fn pass(&self, work: Work, out: &mut Vec<u8>) {
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
        black_box(&seen);
    }
}

fn tokenize(octets: &[u8]) {
    black_box(tokenizer::count(black_box(octets)));
}
