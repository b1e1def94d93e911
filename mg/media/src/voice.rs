//! What a leg says to its group: how loud, and when it counts as saying something.

use mg_contract::Rate;

use crate::{
    frame::{Frame, FrameRef},
    limiter::bend,
};

/// A gain comes to its new value within this share of a frame: 5 ms.
const RAMP: usize = 4;
/// The mean square of samples.
pub(crate) type Loudness = u64;

/// Mean square below which a frame says nothing: -60 dBov.
pub(crate) const QUIET: Loudness = 1_074;
/// Frames after which a leg that says nothing is not heard any more: half a second.
const HANGOVER: u16 = 25;
/// Samples whose squares are added up in 32 bits.
const CHUNK: usize = 32;
/// dBov of a frame of zeros (RFC 6464 3).
pub(crate) const SILENT: u8 = 127;

/// One leg's way into its group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    /// What the last frame ended with.
    gain: f32,
    /// The mean square of the last frame as it came.
    energy: u64,
    /// The same lately: it falls by an eighth with each frame.
    lately: u64,
    /// Frames since it last said something, up to [`HANGOVER`].
    quiet: u16,
}

impl Voice {
    /// Starts silent: its first frame comes in softly.
    pub(crate) fn new() -> Self {
        Self {
            gain: 0.0,
            energy: 0,
            lately: 0,
            quiet: HANGOVER,
        }
    }

    /// Comes in softly again, as one that has just come.
    pub(crate) fn enter(&mut self) {
        self.gain = 0.0;
    }

    /// Measures what came.
    pub(crate) fn measure(&mut self, frame: Option<FrameRef<'_>>) {
        self.energy = frame.map_or(0, |frame| mean_square(frame.samples()));
        self.lately = self.energy.max(self.lately - self.lately / 8);
        self.quiet = if self.energy >= QUIET {
            0
        } else {
            (self.quiet + 1).min(HANGOVER)
        };
    }

    /// Tells whether it says something, or did so lately.
    pub(crate) fn speaks(&self) -> bool {
        self.quiet < HANGOVER
    }

    /// How loud it is compared with others: lately, and twice as loud if it is heard already, so that
    /// those who are heard do not change with every word.
    pub(crate) fn loudness(&self) -> u64 {
        let heard = self.gain > 0.0;
        (self.lately << u32::from(heard)).max(1)
    }

    /// How loud the last frame came.
    pub(crate) fn energy(&self) -> Loudness {
        self.energy
    }

    /// Whether a frame that is brought to this gain stays as it is, or nothing is left of it.
    pub(crate) fn leaves(&self, gain: f32) -> bool {
        self.gain == gain && [0.0, 1.0].contains(&gain)
    }

    /// Brings a frame to its gain. Returns false if nothing is left of it.
    pub(crate) fn shape(&mut self, frame: &mut Frame, gain: f32) -> bool {
        let before = std::mem::replace(&mut self.gain, gain);
        if before == 0.0 && gain == 0.0 {
            return false;
        }
        amplify(frame.samples_mut(), before, gain);
        true
    }

    /// A tick passes in which it has nothing to say: what it says next comes in softly.
    pub(crate) fn pause(&mut self) {
        self.gain = 0.0;
    }
}

/// How loud a frame is in dB below overload (RFC 6464 3): 0 to 127.
pub(crate) fn level(loudness: Loudness) -> u8 {
    if loudness == 0 {
        return SILENT;
    }
    let full = f64::from(i16::MAX);
    let below = 10.0 * (full * full / loudness as f64).log10();
    below.round().clamp(0.0, SILENT.into()) as u8
}

/// The gain of so many dB.
pub(crate) fn gain(db: i32) -> f32 {
    match db {
        0 => 1.0,
        db => 10_f32.powf(db as f32 / 20.0),
    }
}

/// Brings samples from one gain to another within 5 ms of the 20.
pub(crate) fn amplify(samples: &mut [i16], from: f32, to: f32) {
    let ramp = if from == to { 0 } else { samples.len() / RAMP };
    let (changing, steady) = samples.split_at_mut(ramp);
    let step = (to - from) / ramp.max(1) as f32;
    for (n, sample) in changing.iter_mut().enumerate() {
        let gain = from + step * (n + 1) as f32;
        *sample = bend(f32::from(*sample) * gain);
    }
    if to == 0.0 {
        steady.fill(0);
    } else if to != 1.0 {
        for sample in steady {
            *sample = bend(f32::from(*sample) * to);
        }
    }
}

/// How loud samples are. In steps of 32, which is far below what counts as quiet, so that the inner sums fit 32 bits.
pub(crate) fn mean_square(samples: &[i16]) -> Loudness {
    let square = |&sample: &i16| (i32::from(sample) * i32::from(sample)).unsigned_abs() >> 5;
    let sum = |chunk: &[i16]| u64::from(chunk.iter().map(square).sum::<u32>());
    (samples.chunks(CHUNK).map(sum).sum::<u64>() << 5) / samples.len() as u64
}

/// Samples at most by which a frame fades out that nothing follows.
pub(crate) const FADE_MAX: usize = end(Rate::Full);

/// Samples by which a frame of a rate fades out that nothing follows: 5 ms.
pub(crate) const fn end(rate: Rate) -> usize {
    rate.frame() / RAMP
}

/// Puts the last 5 ms of a frame into `out`. Returns how many samples that is.
pub(crate) fn end_of<'a>(frame: impl Into<FrameRef<'a>>, out: &mut [i16]) -> usize {
    let frame = frame.into();
    let length = end(frame.rate());
    let samples = frame.samples();
    out[..length].copy_from_slice(&samples[samples.len() - length..]);
    length
}

/// Makes of the end of a frame what follows it if nothing else does: the same backwards, fading out, so that
/// what ends neither steps nor stops.
pub(crate) fn fade(end: &mut [i16]) {
    end.reverse();
    let length = end.len();
    for (n, sample) in end.iter_mut().enumerate() {
        let left = (length - n) as f32 / (length + 1) as f32;
        *sample = (f32::from(*sample) * left) as i16;
    }
}

/// What follows a frame that nothing follows. Returns how many samples that is.
pub(crate) fn fade_after<'a>(frame: impl Into<FrameRef<'a>>, out: &mut [i16]) -> usize {
    let length = end_of(frame, out);
    fade(&mut out[..length]);
    length
}

/// Has a frame come in softly, while what was heard before it fades out.
pub(crate) fn turn(frame: &mut Frame, fading: &[i16]) {
    amplify(frame.samples_mut(), 0.0, 1.0);
    for (sample, &fading) in frame.samples_mut().iter_mut().zip(fading) {
        *sample = sample.saturating_add(fading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::constant;

    #[test]
    fn what_begins_comes_in_within_5_ms_and_what_ends_goes_out_so() {
        let mut voice = Voice::new();
        let mut first = constant(1_000);
        assert!(voice.shape(&mut first, 1.0));
        let samples = first.samples();
        assert!(samples[0] < 30 && samples[38] < 1_000 && samples[40] == 1_000);
        assert!(samples.windows(2).all(|two| two[1] - two[0] <= 26));
        let mut second = constant(1_000);
        assert!(voice.shape(&mut second, 1.0));
        assert_eq!(second.samples(), [1_000; 160]);
        let mut last = constant(1_000);
        assert!(voice.shape(&mut last, 0.0));
        assert!(last.samples()[0] > 970 && last.samples()[40..] == [0; 120]);
        assert!(!voice.shape(&mut constant(1_000), 0.0));
    }

    #[test]
    fn who_pauses_between_words_is_still_heard_and_noise_is_not_speech() {
        let mut voice = Voice::new();
        voice.measure(Some((&constant(20)).into()));
        assert!(!voice.speaks());
        voice.measure(Some((&constant(500)).into()));
        for _ in 1..HANGOVER {
            voice.measure(None);
            assert!(voice.speaks());
        }
        voice.measure(Some((&constant(20)).into()));
        assert!(!voice.speaks());
    }

    #[test]
    fn levels_are_those_of_rfc_6464() {
        let level = |value: i16| level(mean_square(constant(value).samples()));
        assert_eq!(
            [level(i16::MAX), level(3_277), level(33), level(0)],
            [0, 20, 60, 127]
        );
    }

    #[test]
    fn what_is_cut_off_fades_out_from_where_it_was() {
        let mut last = constant(0);
        let mut ramp = 0..;
        last.samples_mut().fill_with(|| 10 * ramp.next().unwrap());
        let mut out = [0; 160];
        assert_eq!(fade_after(&last, &mut out), 40);
        assert!(out[0] > 1_500 && out[39] < 40);
        assert!(out[..40].windows(2).all(|two| two[0] > two[1]));
    }
}
