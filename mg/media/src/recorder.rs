//! What is recorded, until the shell has taken it.

use std::time::Instant;

use mg_contract::{LineRef, Rate, SignalRef};

use crate::frame::{FRAME_MAX, Frame};

/// Frames of one source that may wait for the shell.
const FRAMES_EACH: usize = 2;
/// Signals that may record at a time. One more cannot be played.
const SIGNALS_MAX: usize = 256;

/// Whose sound it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Source {
    /// What a line is sent.
    Line(LineRef),
    /// What a signal records.
    Signal(SignalRef),
}

/// 20 ms of recorded sound.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// Whose it is.
    pub source: Source,
    /// When it was heard. What is missing between two frames was lost.
    pub at: Instant,
    /// Its rate, which may change.
    pub rate: Rate,
    /// Linear. None at all: nothing more comes of a signal.
    pub samples: &'a [i16],
}

/// Keeps what is recorded until the shell takes it.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    frames: Vec<(Source, Instant, Rate)>,
    /// The samples of all of them.
    samples: Vec<i16>,
    /// The frame that the shell has not taken yet, and where its samples begin.
    next: (usize, usize),
    lines: usize,
    signals: usize,
    ended: Vec<SignalRef>,
}

impl Recorder {
    /// Makes room for the frames of that many lines.
    pub(crate) fn reserve(&mut self, lines: usize) {
        self.lines = self.lines.max(lines);
        self.make_room();
    }

    /// Makes room for one more signal. Returns whether it may record.
    pub(crate) fn begin(&mut self) -> bool {
        let fits = self.signals < SIGNALS_MAX;
        if fits {
            self.signals += 1;
            self.make_room();
        }
        fits
    }

    /// Takes back the room of a signal that is carried elsewhere.
    pub(crate) fn leave(&mut self) {
        self.signals = self.signals.saturating_sub(1);
    }

    /// Says that a signal records nothing more.
    pub(crate) fn end(&mut self, signal: SignalRef) {
        self.leave();
        self.ended.push(signal);
    }

    /// Says the same of one that did not begin.
    pub(crate) fn refuse(&mut self, signal: SignalRef) {
        self.ended.push(signal);
    }

    /// Keeps a frame. Returns false if it found no room.
    pub(crate) fn push(&mut self, source: Source, at: Instant, frame: &Frame) -> bool {
        let fits = self.frames.len() < self.frames.capacity();
        if fits {
            self.frames.push((source, at, frame.rate()));
            self.samples.extend_from_slice(frame.samples());
        }
        fits
    }

    /// Takes the oldest frame, and after all of them what has ended.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<Recorded<'_>> {
        let (next, from) = self.next;
        if let Some(&(source, at, rate)) = self.frames.get(next) {
            let to = from + rate.frame();
            self.next = (next + 1, to);
            return Some(Recorded {
                source,
                at,
                rate,
                samples: &self.samples[from..to],
            });
        }
        self.frames.clear();
        self.samples.clear();
        self.next = (0, 0);
        let signal = self.ended.pop()?;
        Some(Recorded {
            source: Source::Signal(signal),
            at: now,
            rate: Rate::Narrow,
            samples: &[],
        })
    }

    fn make_room(&mut self) {
        let room = (self.lines + self.signals) * FRAMES_EACH;
        self.frames
            .reserve_exact(room.saturating_sub(self.frames.len()));
        let samples = self.frames.capacity() * FRAME_MAX;
        self.samples
            .reserve_exact(samples.saturating_sub(self.samples.len()));
        self.ended
            .reserve(self.signals.saturating_sub(self.ended.len()));
    }
}
