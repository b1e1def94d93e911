//! The sound that is decoded: what was played lately, and after it what is not played yet.

use mg_contract::Rate;

use super::pitch::{self, Match, samples};

/// What of the past is kept: 40 ms.
const PAST: usize = 40_000;
/// The longest packet, 120 ms, behind what may lie before it when it is decoded.
const AHEAD: usize = 160_000;
/// How long one sound takes to become another: 5 ms.
const FADE: usize = 5_000;
/// Up to here sound is so quiet that it may be cut anywhere.
const QUIET: u16 = 40;

/// The sound, at one rate.
#[derive(Debug)]
pub(super) struct Reel {
    rate: Rate,
    samples: Box<[i16]>,
    /// The next sample to play.
    at: usize,
    end: usize,
}

impl Reel {
    /// Allocates the memory. All was silent.
    pub(super) fn new(rate: Rate) -> Self {
        let past = samples(rate, PAST);
        Self {
            rate,
            samples: vec![0; past + samples(rate, AHEAD)].into(),
            at: past,
            end: past,
        }
    }

    pub(super) fn rate(&self) -> Rate {
        self.rate
    }

    /// Reads a little of where the next samples go, so that it is at hand.
    pub(super) fn glance(&self) -> usize {
        let sample = self.samples.get(self.end).copied().unwrap_or_default();
        usize::from(sample.cast_unsigned())
    }

    /// Samples that are not played yet.
    pub(super) fn unplayed(&self) -> usize {
        self.end - self.at
    }

    /// All that there is, the last 40 ms and more, up to the end of what is not played yet.
    pub(super) fn all(&self) -> &[i16] {
        &self.samples[..self.end]
    }

    /// Forgets all: everything was silent.
    pub(super) fn clear(&mut self) {
        let past = samples(self.rate, PAST);
        self.samples[..past].fill(0);
        (self.at, self.end) = (past, past);
    }

    /// Appends as many samples as `fill` returns of those that it is given. There is no room for more
    /// than 120 ms.
    pub(super) fn append(&mut self, count: usize, fill: impl FnOnce(&mut [i16]) -> usize) {
        self.make_room(count);
        let end = (self.end + count).min(self.samples.len());
        let filled = fill(&mut self.samples[self.end..end]);
        self.end = (self.end + filled).min(end);
    }

    /// The last samples appended, to be changed.
    pub(super) fn last_mut(&mut self, count: usize) -> &mut [i16] {
        let from = self.end - count.min(self.unplayed());
        &mut self.samples[from..self.end]
    }

    /// Drops the first of the last `count` samples appended.
    pub(super) fn cut(&mut self, count: usize, cut: usize) {
        if cut == 0 {
            return;
        }
        let from = self.end - count;
        self.samples.copy_within(from + cut..self.end, from);
        self.end -= cut;
    }

    /// Drops all that is not played yet.
    pub(super) fn drop_unplayed(&mut self) {
        self.end = self.at;
    }

    /// The 20 ms that were played last.
    pub(super) fn played(&self) -> &[i16] {
        &self.samples[self.at - self.rate.frame()..self.at]
    }

    /// Plays so many samples, which must be there.
    pub(super) fn play(&mut self, count: usize) -> &[i16] {
        let from = self.at;
        self.at += count;
        &self.samples[from..self.at]
    }

    /// Whether the next samples to play are so quiet that they may be cut anywhere.
    pub(super) fn is_quiet(&self) -> bool {
        let end = (self.at + self.rate.frame()).min(self.end);
        let next = &self.samples[self.at..end];
        next.iter().all(|&sample| is_quiet(sample))
    }

    /// Finds how many samples may be left out here and leave `kept` unplayed, at most `lag_max`.
    pub(super) fn find_shorter(&self, kept: usize, lag_max: usize) -> Option<Match> {
        let lag_max = lag_max
            .min(pitch::lag_max(self.rate))
            .min(self.unplayed().saturating_sub(kept.max(self.fade())));
        let lag_min = pitch::lag_min(self.rate);
        if lag_max < lag_min {
            return None;
        }
        let compared = pitch::compared(self.rate);
        let end = self.at + lag_max + compared;
        (end <= self.end)
            .then(|| pitch::search_after(&self.samples[self.at..end], self.rate, lag_min..=lag_max))
    }

    /// Finds how many samples may be put in here, each of which was played before.
    pub(super) fn find_longer(&self) -> Option<Match> {
        let end = self.at + pitch::compared(self.rate);
        let lags = pitch::lag_min(self.rate)..=pitch::lag_max(self.rate);
        (end <= self.end).then(|| pitch::search_before(&self.samples[..end], self.rate, lags))
    }

    /// Leaves out so many samples before those that are like them.
    pub(super) fn shorten(&mut self, lag: usize) {
        let (at, left) = (self.at, self.unplayed() - lag);
        let fade = self.fade().min(lag).min(left);
        for n in 0..fade {
            let (from, to) = (self.samples[at + n], self.samples[at + lag + n]);
            self.samples[at + lag + n] = mixed(from, to, n, fade);
        }
        self.samples.copy_within(at + lag..self.end, at);
        self.end -= lag;
    }

    /// Plays so many samples a second time before those that are like them.
    pub(super) fn lengthen(&mut self, lag: usize) {
        self.make_room(lag);
        let (at, fade) = (self.at, self.fade().min(lag).min(self.unplayed()));
        self.samples.copy_within(at..self.end, at + lag);
        self.end += lag;
        for n in 0..fade {
            self.samples[at + n] = mixed(self.samples[at + n], self.samples[at + n - lag], n, fade);
        }
        self.samples.copy_within(at + fade - lag..at, at + fade);
    }

    fn fade(&self) -> usize {
        samples(self.rate, FADE)
    }

    fn make_room(&mut self, count: usize) {
        if self.end + count <= self.samples.len() {
            return;
        }
        let from = self.at - samples(self.rate, PAST);
        self.samples.copy_within(from..self.end, 0);
        self.at -= from;
        self.end -= from;
    }
}

/// A sample on the way from one sound to another, `n` of `count`.
pub(super) fn mixed(from: i16, to: i16, n: usize, count: usize) -> i16 {
    let (n, count) = (n as i32, count as i32);
    ((i32::from(from) * (count - n) + i32::from(to) * n) / count) as i16
}

/// Whether a sample is so quiet that sound may be cut there.
pub(super) fn is_quiet(sample: i16) -> bool {
    sample.unsigned_abs() <= QUIET
}
