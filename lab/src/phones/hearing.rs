//! Which tones a stretch of received audio carries.

use super::{Frame, Level, Stretch, Tone, recording};

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

    /// Measures one frame of 20 ms; the tones are multiples of 50 Hz.
    pub fn of_frame(frame: &Frame, candidates: &[Tone]) -> Self {
        let samples: Vec<i16> = frame.samples().collect();
        Self::measure(&Stretch::plain(&samples), candidates)
    }

    fn measure(stretch: &Stretch, candidates: &[Tone]) -> Self {
        let levels: Vec<Level> = candidates
            .iter()
            .map(|tone| stretch.level(tone.frequency))
            .collect();
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

    use mg_contract::AudioCodec;

    use super::*;
    use crate::phones::{Source, codec, tone};

    /// Frames as a mixer would send them: the sum of these tones, coded once.
    fn mixed(tones: &[Tone], frames: usize, codec: AudioCodec) -> Vec<Frame> {
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
                    .map(|n| codec::encode(codec, sum(frame * 160 + n)))
                    .collect(),
            })
            .collect()
    }

    #[test]
    fn the_tones_of_a_mix_are_heard_through_both_laws_and_no_others() {
        let tones = tone::plan(6, 5).unwrap();
        for law in [AudioCodec::Pcmu, AudioCodec::Pcma] {
            let frames = mixed(&[tones[0], tones[2], tones[5]], 20, law);
            let expected = [true, false, true, false, false, true];
            assert_eq!(Hearing::of(&frames, &tones).heard(), expected);
            for frame in &frames {
                assert_eq!(Hearing::of_frame(frame, &tones).heard(), expected);
            }
        }
    }

    #[test]
    fn neighbours_of_the_fine_grid_are_told_apart_in_four_hundred_milliseconds() {
        let tones = tone::plan(200, 4).unwrap();
        let frames = mixed(&[tones[100], tones[102]], 20, AudioCodec::Pcma);
        let hearing = Hearing::of(&frames, &tones);
        let heard: Vec<usize> = (0..200).filter(|&n| hearing.heard()[n]).collect();
        assert_eq!(heard, [100, 102]);
    }

    #[test]
    fn nothing_is_heard_in_no_frames() {
        let tones = tone::plan(5, 4).unwrap();
        assert_eq!(Hearing::of(&[], &tones).heard(), [false; 5]);
    }
}
