//! Which tones a stretch of received audio carries.

use super::{Frame, Frequency, Level, Stretch, Tone, recording};

/// A tone counts as heard while it is at most so much weaker than it was sent, in dB.
pub const HEARD_WITHIN_DB: f64 = 10.0;

/// The strength of every candidate tone in a stretch of audio.
#[derive(Clone, Debug, PartialEq)]
pub struct Hearing {
    levels: Vec<Level>,
    heard: Vec<bool>,
}

impl Hearing {
    /// Measures a stretch that is long beside the distance of the tones.
    pub fn of(frames: &[Frame], candidates: &[Tone]) -> Self {
        Self::measure(&Stretch::hann(&recording::audio(frames)), candidates)
    }

    /// Measures several stretches and goes by the majority. Where a gateway or phone was short of
    /// time, a talker's audio slips by a frame; the tone's phase jumps then, which can hide it in
    /// the stretch where that happens.
    pub fn of_majority(stretches: &[&[Frame]], candidates: &[Tone]) -> Self {
        let each: Vec<Self> = stretches
            .iter()
            .map(|stretch| Self::of(stretch, candidates))
            .collect();
        let level = |candidate: usize| {
            let mut levels: Vec<f64> = each.iter().map(|h| h.levels[candidate].0).collect();
            levels.sort_by(f64::total_cmp);
            // The lower one of two in the middle: an even vote is no majority.
            let middle = levels.len().saturating_sub(1) / 2;
            levels
                .get(middle)
                .map_or(Level::of_peak(0.0), |level| Level(*level))
        };
        Self::judged((0..candidates.len()).map(level).collect(), candidates)
    }

    /// Measures one frame of 20 ms; the tones are multiples of 50 Hz.
    pub fn of_frame(frame: &Frame, candidates: &[Tone]) -> Self {
        Self::measure(&Stretch::plain(&frame.samples()), candidates)
    }

    fn measure(stretch: &Stretch, candidates: &[Tone]) -> Self {
        let frequencies: Vec<Frequency> = candidates.iter().map(|tone| tone.frequency).collect();
        Self::judged(stretch.levels(&frequencies), candidates)
    }

    fn judged(levels: Vec<Level>, candidates: &[Tone]) -> Self {
        let heard = levels
            .iter()
            .zip(candidates)
            .map(|(level, tone)| level.0 >= tone.level.0 - HEARD_WITHIN_DB)
            .collect();
        Self { levels, heard }
    }

    /// Whether each candidate is heard, in their order.
    pub fn heard(&self) -> &[bool] {
        &self.heard
    }

    /// The level of each candidate, in their order.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Whether any of these candidates is heard.
    pub fn any(&self, of: &[usize]) -> bool {
        of.iter()
            .any(|&candidate| self.heard.get(candidate).copied().unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::phones::{
        Source,
        codec::{self, Codec},
        tone,
    };

    /// Frames as a mixer would send them: the sum of these tones, coded once.
    fn mixed(tones: &[Tone], frames: usize, codec: Codec) -> Vec<Frame> {
        let start = Instant::now();
        let sources: Vec<Vec<i16>> = tones
            .iter()
            .map(|tone| Source::tone(*tone).samples().to_vec())
            .collect();
        let sum = |n: usize| -> i16 {
            let total: i32 = sources.iter().map(|s| i32::from(s[n % s.len()])).sum();
            i16::try_from(total).unwrap()
        };
        (0..frames)
            .map(|frame| Frame {
                arrival: start,
                from: ([127, 0, 0, 1], 4_000).into(),
                sequence: frame as u16,
                time_stamp: frame as u32 * 160,
                ssrc: 1,
                codec,
                payload: (0..160)
                    .map(|n| codec::encode(codec.law().unwrap(), sum(frame * 160 + n)))
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn the_tones_of_a_mix_are_heard_through_both_laws_and_no_others() {
        let tones = tone::plan(6, 5).unwrap();
        for law in [Codec::Pcmu, Codec::Pcma] {
            let frames = mixed(&[tones[0], tones[2], tones[5]], 20, law);
            let expected = [true, false, true, false, false, true];
            assert_eq!(Hearing::of(&frames, &tones).heard(), expected);
            for frame in &frames {
                assert_eq!(Hearing::of_frame(frame, &tones).heard(), expected);
            }
        }
    }

    fn heard_of(hearing: &Hearing) -> Vec<usize> {
        let heard = hearing.heard();
        (0..heard.len()).filter(|&n| heard[n]).collect()
    }

    #[test]
    fn neighbours_of_the_fine_grid_are_told_apart_in_two_hundred_milliseconds() {
        let tones = tone::plan(200, 4).unwrap();
        let frames = mixed(&[tones[100], tones[102]], 10, Codec::Pcma);
        let hearing = Hearing::of(&frames, &tones);
        assert_eq!(heard_of(&hearing), [100, 102]);
    }

    #[test]
    fn a_slip_of_one_frame_hides_a_tone_from_one_stretch_but_not_from_the_majority() {
        let tones = tone::plan(200, 4).unwrap();
        // 1,975 Hz turns by half a period more than whole ones in 20 ms.
        let mut frames = mixed(&[tones[105]], 51, Codec::Pcmu);
        frames.remove(25);
        for (n, frame) in frames.iter_mut().enumerate() {
            frame.time_stamp = n as u32 * 160;
        }
        assert!(heard_of(&Hearing::of(&frames[20..30], &tones)) != [105]);
        let stretches: Vec<&[Frame]> = frames.chunks(10).collect();
        let hearing = Hearing::of_majority(&stretches, &tones);
        assert_eq!(heard_of(&hearing), [105]);
        assert!(heard_of(&Hearing::of_majority(&[], &tones)).is_empty());
    }

    #[test]
    fn nothing_is_heard_in_no_frames() {
        let tones = tone::plan(5, 4).unwrap();
        assert_eq!(Hearing::of(&[], &tones).heard(), [false; 5]);
    }
}
