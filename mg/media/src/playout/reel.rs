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
    /// Samples of silence that were appended in a row. Where there are as many as there is room for, all
    /// is silence, and more of it need not be written.
    silence: usize,
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
            silence: 0,
        }
    }

    pub(super) fn rate(&self) -> Rate {
        self.rate
    }

    /// Reads a little of where the next samples go, so that it is at hand, unless it may well stay as it is.
    pub(super) fn glance(&self) -> usize {
        if self.is_blank() {
            return 0;
        }
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
        self.interrupt();
    }

    /// Appends as many samples as `fill` returns of those that it is given. There is no room for more
    /// than 120 ms.
    pub(super) fn append(&mut self, count: usize, fill: impl FnOnce(&mut [i16]) -> usize) {
        self.make_room(count);
        let end = (self.end + count).min(self.samples.len());
        let filled = fill(&mut self.samples[self.end..end]);
        self.end = (self.end + filled).min(end);
        self.silence = 0;
    }

    /// Appends so many samples of silence, of which there is room for 120 ms.
    pub(super) fn append_silence(&mut self, count: usize) {
        if self.is_blank() {
            self.make_room(count);
            self.end = (self.end + count).min(self.samples.len());
            return;
        }
        let mut silence = self.silence;
        self.append(count, |out| {
            out.fill(0);
            silence += out.len();
            out.len()
        });
        self.silence = silence;
        if self.is_blank() {
            // What lies behind the end may still be something else.
            self.samples.fill(0);
        }
    }

    /// The last samples appended, to be changed.
    pub(super) fn last_mut(&mut self, count: usize) -> &mut [i16] {
        self.silence = 0;
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
        self.interrupt();
    }

    /// Drops all that is not played yet.
    pub(super) fn drop_unplayed(&mut self) {
        self.end = self.at;
        self.interrupt();
    }

    /// The 20 ms that were played last.
    pub(super) fn played(&self) -> &[i16] {
        &self.samples[self.at - self.rate.frame()..self.at]
    }

    /// Plays so many samples, which must be there. Returns whether they are silence.
    pub(super) fn play(&mut self, count: usize) -> bool {
        let from = self.at;
        self.at += count;
        self.is_blank() || is_silent(&self.samples[from..self.at])
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
        self.interrupt();
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
        self.interrupt();
    }

    /// Whether all is silence.
    pub(super) fn is_blank(&self) -> bool {
        self.silence >= self.samples.len()
    }

    /// What was appended is not in a row any more, which makes no difference where all is silence.
    fn interrupt(&mut self) {
        if !self.is_blank() {
            self.silence = 0;
        }
    }

    fn fade(&self) -> usize {
        samples(self.rate, FADE)
    }

    fn make_room(&mut self, count: usize) {
        if self.end + count <= self.samples.len() {
            return;
        }
        let from = self.at - samples(self.rate, PAST);
        if !self.is_blank() {
            self.samples.copy_within(from..self.end, 0);
        }
        self.at -= from;
        self.end -= from;
    }
}

/// A sample on the way from one sound to another, `n` of `count`.
pub(super) fn mixed(from: i16, to: i16, n: usize, count: usize) -> i16 {
    let (n, count) = (n as i32, count as i32);
    ((i32::from(from) * (count - n) + i32::from(to) * n) / count) as i16
}

/// Whether samples are silence.
fn is_silent(samples: &[i16]) -> bool {
    // To stop at the first that is none would have each be looked at by itself.
    samples.iter().fold(0, |all, &sample| all | sample) == 0
}

/// Whether a sample is so quiet that sound may be cut there.
pub(super) fn is_quiet(sample: i16) -> bool {
    sample.unsigned_abs() <= QUIET
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Reel {
        /// What others come to: 40 ms before what is not played yet, and that.
        fn reached(&self) -> &[i16] {
            &self.samples[self.at - samples(self.rate, PAST)..self.end]
        }
    }

    /// Does the same to a reel that writes all silence and to one that need not; `sounds`: that many of
    /// 100 appended are no silence.
    fn compare(seed: u64, sounds: u8) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let [mut written, mut known] = [Rate::Narrow; 2].map(Reel::new);
        for step in 0..1000 {
            let count = rng.usize(1..=960);
            let sample = if rng.u8(..100) < sounds { 500 } else { 0 };
            let fill = |out: &mut [i16]| {
                out.fill(sample);
                out.len()
            };
            written.append(count, fill);
            match sample {
                0 => known.append_silence(count),
                _ => known.append(count, fill),
            }
            let (cut, lag) = (rng.usize(..=count), rng.usize(20..100));
            let act = rng.u8(..20);
            for reel in [&mut written, &mut known] {
                match act {
                    0 => reel.cut(count.min(reel.unplayed()), cut.min(reel.unplayed())),
                    1 => reel.last_mut(count)[0] = 700,
                    2 => reel.drop_unplayed(),
                    3 if reel.unplayed() > lag => reel.shorten(lag),
                    4 if reel.unplayed() > 0 => reel.lengthen(lag),
                    5 => reel.clear(),
                    _ => {}
                }
            }
            while written.unplayed() > 160 {
                let silent = [&mut written, &mut known].map(|reel| reel.play(160));
                assert_eq!(silent[0], silent[1], "seed {seed}, step {step}");
                assert_eq!(written.played(), known.played());
            }
            assert_eq!(
                written.reached(),
                known.reached(),
                "seed {seed}, step {step}"
            );
        }
    }

    #[test]
    fn silence_that_is_not_written_is_silence_all_the_same() {
        for seed in 0..60 {
            for sounds in [0, 1, 5, 50] {
                compare(seed, sounds);
            }
        }
    }

    #[test]
    fn what_was_taken_out_again_was_not_said_in_a_row() {
        let takes: [fn(&mut Reel); 3] = [
            |reel| reel.cut(960, 960),
            Reel::drop_unplayed,
            |reel| reel.shorten(960),
        ];
        for take in takes {
            let mut reel = Reel::new(Rate::Narrow);
            reel.append(160, |out| {
                out.fill(500);
                out.len()
            });
            reel.play(160);
            for _ in 0..2 {
                reel.append_silence(960);
                take(&mut reel);
            }
            reel.append_silence(200);
            assert_eq!(reel.reached()[160], 500);
        }
    }

    #[test]
    fn silence_is_not_written_where_all_is_silence() {
        let mut reel = Reel::new(Rate::Narrow);
        for tick in 1..30 {
            reel.append_silence(160);
            assert!(reel.play(160));
            assert_eq!(reel.is_blank(), tick >= 10, "{tick}");
        }
        reel.append(1, |out| {
            out[0] = 1;
            1
        });
        assert!(!reel.is_blank());
    }
}
