//! `h248 decode` of captures: every message of each.

use std::{
    io::{self, BufWriter, Read, Write},
    net::IpAddr,
    path::Path,
    time::SystemTime,
};

use lab::{
    capture::{CaptureFile, Captured},
    message::{self, Found, Reading},
    replay::{Exchange, exchange},
};

use super::{
    Trouble, chain,
    decode::cell,
    messages::{Outcome, Shown, told},
};
use crate::output::complain;

/// Shows every message of a capture.
pub(crate) fn show(
    name: &str,
    capture: CaptureFile,
    reading: &Reading,
    shown: &mut Shown<'_>,
) -> Outcome {
    let mut outcome = Outcome::Fine;
    let end = each(name, capture, &mut |message| {
        let place = format!("{name}: {}", place(message));
        let found = Found {
            encoding: message.encoding,
            octets: (&*message.octets).into(),
        };
        outcome = outcome.max(super::decode::read_and_show(&place, &found, reading, shown));
    });
    outcome.max(end)
}

/// Frame, time and way of a message.
fn place(message: &Captured<'_>) -> String {
    let since = message.time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    let Captured {
        frame, from, to, ..
    } = message;
    let (seconds, nanoseconds) = (since.as_secs(), since.subsec_nanos());
    format!("frame {frame}, {seconds}.{nanoseconds:09}, {from} to {to}")
}

/// A line for each message of a capture: the number of its frame, `ok` or `error`, the rule, the
/// reason.
pub(crate) fn batch(name: &str, capture: CaptureFile, reading: &Reading) -> Outcome {
    let mut lines = Lines::new(io::stdout().lock());
    let end = each(name, capture, &mut |message| lines.judge(message, reading));
    match lines.finish() {
        Ok(outcome) => outcome.max(end),
        Err(error) => told("standard output", &error, Outcome::Unreadable),
    }
}

/// Gives every message, and tells what else there was.
fn each(name: &str, mut capture: CaptureFile, sink: &mut dyn FnMut(&Captured<'_>)) -> Outcome {
    let mut sink = |message: Captured<'_>| sink(&message);
    let whole = capture.whole(&mut sink);
    complain!("{name}: {}", capture.counts());
    match whole {
        Ok(None) => Outcome::Fine,
        Ok(Some(flaw)) => told(name, &flaw, Outcome::Rejected),
        Err(error) => told(name, &chain(&error), Outcome::Unreadable),
    }
}

/// Messages of one capture that are held at the same time, and their octets.
const HELD_MAX: usize = 400_000;
const HELD_OCTETS_MAX: usize = 128 << 20;

/// The exchange of two in a capture that is looked at as a whole, and why the capture is not whole,
/// if it is not; which is told as well.
pub(crate) fn exchanged(
    path: &Path,
    gateway: Option<IpAddr>,
) -> Result<(Exchange, Option<String>), Trouble> {
    let name = path.display();
    let (mut messages, mut octets, mut more) = (Vec::new(), 0, false);
    let mut capture = CaptureFile::new(path);
    let whole = capture.whole(&mut |message: Captured<'_>| {
        octets += message.octets.len();
        more |= messages.len() >= HELD_MAX || octets > HELD_OCTETS_MAX;
        if !more {
            messages.push(message.into_owned());
        }
    });
    let flaw = whole.map_err(|error| format!("{name}: {}", chain(&error)))?;
    if more {
        let (found, most) = (capture.counts().messages, HELD_OCTETS_MAX >> 20);
        let told = format!(
            "{name}: expected up to {HELD_MAX} messages of {most} MiB, which are held at the same time; found {found}: \
             cut it (editcap -A, -B or -r), or write those that are wanted to a capture of their own"
        );
        return Err(told.into());
    }
    if let Some(flaw) = &flaw {
        complain!("{name}: {flaw}");
    }
    let exchange = exchange(&messages, gateway).map_err(|error| format!("{name}: {error}"))?;
    Ok((exchange, flaw))
}

/// Lines that are written when there are many.
struct Lines<W: Write> {
    to: BufWriter<W>,
    outcome: Outcome,
    /// The frame of the last line, and how many lines it has.
    frame: (u64, u64),
    written: io::Result<()>,
}

impl<W: Write> Lines<W> {
    fn new(to: W) -> Self {
        Self {
            to: BufWriter::with_capacity(64 << 10, to),
            outcome: Outcome::Fine,
            frame: (0, 0),
            written: Ok(()),
        }
    }

    fn judge(&mut self, message: &Captured<'_>, reading: &Reading) {
        let found = Found {
            encoding: message.encoding,
            octets: (&*message.octets).into(),
        };
        let verdict = super::decode::verdict(&found, reading);
        if verdict.is_some() {
            self.outcome = Outcome::Rejected;
        }
        if self.written.is_ok() {
            self.written = self.line(message.frame, verdict);
        }
    }

    /// Of several messages of a frame the second is `17.2`.
    fn line(&mut self, frame: u64, verdict: Option<(String, String)>) -> io::Result<()> {
        let again = if self.frame.0 == frame {
            self.frame.1 + 1
        } else {
            1
        };
        self.frame = (frame, again);
        let mut digits = itoa::Buffer::new();
        self.to.write_all(digits.format(frame).as_bytes())?;
        if again > 1 {
            write!(self.to, ".{again}")?;
        }
        match verdict {
            None => self.to.write_all(b"\tok\t\t\n"),
            Some((rule, reason)) => {
                writeln!(self.to, "\terror\t{}\t{}", cell(&rule), cell(&reason))
            }
        }
    }

    /// How it went. A reader that has gone is no trouble.
    fn finish(mut self) -> io::Result<Outcome> {
        match self.written.and_then(|()| self.to.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(self.outcome),
        }
    }
}

/// The first octets of an input, and all of it.
pub(crate) struct Input {
    begin: Vec<u8>,
    rest: Box<dyn Read + Send>,
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let mut rest: Box<dyn Read + Send> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(std::fs::OpenOptions::new().read(true).open(path)?)
        };
        let mut begin = Vec::new();
        rest.by_ref().take(4).read_to_end(&mut begin)?;
        Ok(Self { begin, rest })
    }

    /// Whether it is a capture.
    pub(crate) fn is_capture(&self) -> bool {
        lab::capture::is_capture(&self.begin)
    }

    /// A capture, whether it is one or not.
    pub(crate) fn into_capture(self) -> CaptureFile {
        CaptureFile::from_reader(self.whole())
    }

    /// All octets, if they may be a message.
    pub(crate) fn into_octets(self) -> io::Result<Vec<u8>> {
        message::read_from(self.whole())
    }

    fn whole(self) -> Box<dyn Read + Send> {
        Box::new(io::Cursor::new(self.begin).chain(self.rest))
    }
}
