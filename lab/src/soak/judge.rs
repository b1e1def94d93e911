//! Who hears whom, of those who have been where they are for long enough.

use crate::phones::{Frame, Hearing, Tone, steady};

/// Frames of a stretch, 400 ms; all tones have whole periods in it.
const STRETCH_FRAMES: usize = 20;
/// Stretches by whose majority is judged what one of them leaves in doubt.
const STRETCHES: usize = 3;

/// A leg, as it is judged.
pub(super) struct Ear {
    /// Its room; `None` where it has not been there for long enough: nothing is judged of it.
    pub(super) room: Option<usize>,
    /// What it received.
    pub(super) frames: Vec<Frame>,
}

/// What a look has shown.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// Cells that were judged.
    pub(super) cells: u64,
    /// Those that are wrong, in words.
    pub(super) wrong: Vec<String>,
}

impl Verdict {
    /// Judges all of them; each says the tone of its place.
    pub(super) fn of(ears: &[Ear], tones: &[Tone]) -> Self {
        let mut verdict = Self::default();
        for (listener, ear) in ears.iter().enumerate() {
            let Some(room) = ear.room else { continue };
            let Some(mut heard) = heard(&ear.frames, tones, 1) else {
                let frames = ear.frames.len();
                let fault = format!("leg {listener} has no steady stream: {frames} frames");
                verdict.wrong.push(fault);
                continue;
            };
            let judged = |talker: usize, heard: &[bool]| {
                let other = ears[talker].room?;
                Some(heard[talker] == (talker != listener && other == room))
            };
            let right = |heard: &[bool]| (0..tones.len()).all(|t| judged(t, heard) != Some(false));
            if !right(&heard) {
                heard = self::heard(&ear.frames, tones, STRETCHES).unwrap_or(heard);
            }
            for talker in 0..tones.len() {
                let Some(right) = judged(talker, &heard) else {
                    continue;
                };
                verdict.cells += 1;
                if !right {
                    let does = if heard[talker] {
                        "hears"
                    } else {
                        "does not hear"
                    };
                    verdict
                        .wrong
                        .push(format!("leg {listener} {does} leg {talker}"));
                }
            }
        }
        verdict
    }
}

/// What is heard by the majority of so many stretches; `None` where there are fewer.
fn heard(frames: &[Frame], tones: &[Tone], stretches: usize) -> Option<Vec<bool>> {
    let stretches = steady(frames, STRETCH_FRAMES, stretches)?;
    Some(Hearing::of_majority(&stretches, tones).heard().to_vec())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::phones::{
        Source,
        codec::{self, Codec, Law},
    };

    fn ear(room: Option<usize>, tones: &[Tone]) -> Ear {
        let sources: Vec<Source> = tones.iter().map(|tone| Source::tone(*tone)).collect();
        let sample = |n: usize| sources.iter().map(|s| s.samples()[n]).sum::<i16>();
        let frame = |frame: usize| Frame {
            arrival: Instant::now(),
            from: ([127, 0, 0, 1], 4_000).into(),
            sequence: frame as u16,
            time_stamp: frame as u32 * 160,
            ssrc: 1,
            codec: Codec::Pcmu,
            payload: (0..160)
                .map(|n| codec::encode(Law::Mu, sample(frame * 160 + n)))
                .collect(),
        };
        Ear {
            room,
            frames: (0..65).map(frame).collect(),
        }
    }

    #[test]
    fn who_is_on_the_way_is_not_judged_and_all_else_is() {
        let tones = super::super::tones(5);
        let ears = [
            ear(Some(0), &[tones[1], tones[3]]),
            ear(Some(0), &[tones[0]]),
            ear(Some(1), &[tones[4]]),
            ear(None, &[tones[2]]),
            ear(Some(1), &[]),
        ];
        let verdict = Verdict::of(&ears, &tones);
        assert_eq!(verdict.cells, 16);
        assert_eq!(verdict.wrong, ["leg 4 does not hear leg 2"]);
        let silent = Ear {
            room: Some(3),
            frames: Vec::new(),
        };
        assert_eq!(Verdict::of(&[silent], &tones[..1]).wrong.len(), 1);
    }

    #[test]
    fn a_voice_from_another_room_is_wrong() {
        let tones = super::super::tones(400);
        let rooms = [ear(Some(0), &[tones[1]]), ear(Some(1), &[])];
        let verdict = Verdict::of(&rooms, &tones[..2]);
        assert_eq!(verdict.wrong, ["leg 0 hears leg 1"]);
        assert!(tones[399].frequency.0 < 3_400.0);
    }
}
