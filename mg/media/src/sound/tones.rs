//! Tones one after the other.

use std::time::Duration;

use mg_contract::{Dtmf, Rate, ToneStep};

use super::{Oscillator, UNITS, unit, units};
use crate::frame::Frame;

/// How long a tone swells and fades, so that it does not click: 5 ms, in units.
const RAMP: u32 = UNITS / 200;
/// The frequencies of DTMF in Hz (Q.23), low and high.
pub(crate) const DTMF_LOW: [u16; 4] = [697, 770, 852, 941];
pub(crate) const DTMF_HIGH: [u16; 4] = [1209, 1336, 1477, 1633];
/// The levels of the two, in dBm0; the high one is stronger since lines weaken it more.
const DTMF_LEVELS: (i8, i8) = (-9, -7);
/// Where each digit stands on the keypad, row by row, in the order of [`Dtmf`].
const KEYS: [(usize, usize); 16] = [
    (3, 1),
    (0, 0),
    (0, 1),
    (0, 2),
    (1, 0),
    (1, 1),
    (1, 2),
    (2, 0),
    (2, 1),
    (2, 2),
    (3, 0),
    (3, 2),
    (0, 3),
    (1, 3),
    (2, 3),
    (3, 3),
];

/// Steps that are played in order.
#[derive(Debug)]
pub(crate) struct Tones {
    steps: Vec<Step>,
    repeats: bool,
    /// The step that is played; their number when all are over.
    at: usize,
    /// Units of it that were played.
    done: u32,
    /// Whether it is the first of all.
    fresh: bool,
}

#[derive(Debug)]
struct Step {
    oscillators: Vec<Oscillator>,
    /// How long it is, in units.
    length: u32,
    /// Whether it swells; else it goes on from the step before, which sounds the same.
    swells: bool,
    /// Whether it fades; else the next one goes on.
    fades: bool,
}

impl Tones {
    /// Starts with the first step. Steps of no time are left out.
    pub(crate) fn new(mut steps: Vec<ToneStep>, repeats: bool) -> Self {
        steps.retain(|step| units(step.time) > 0);
        let same = |one: usize, other: usize| {
            let (one, other) = (&steps[one], &steps[other]);
            one.frequencies == other.frequencies && one.level == other.level
        };
        let last = steps.len().saturating_sub(1);
        let neighbours = (0..steps.len()).map(|n| {
            let continues = if n == 0 {
                repeats && same(last, 0)
            } else {
                same(n - 1, n)
            };
            let continued = if n == last {
                repeats && same(last, 0)
            } else {
                same(n, n + 1)
            };
            (continues, continued)
        });
        let steps = steps.iter().zip(neighbours);
        Self {
            steps: steps
                .map(|(step, (continues, continued))| Step {
                    oscillators: oscillators(step),
                    length: units(step.time),
                    swells: !continues,
                    fades: !continued,
                })
                .collect(),
            repeats,
            at: 0,
            done: 0,
            fresh: true,
        }
    }

    /// A DTMF digit and the pause that belongs to it.
    pub(crate) fn dtmf(digit: Dtmf, time: Duration, pause: Duration) -> Self {
        let (low, high) = KEYS[usize::from(digit.0 & 15)];
        let step = |oscillators: Vec<Oscillator>, time| Step {
            oscillators,
            length: units(time).max(unit(Rate::Narrow)),
            swells: true,
            fades: true,
        };
        let tone = vec![
            Oscillator::new(DTMF_LOW[low], DTMF_LEVELS.0),
            Oscillator::new(DTMF_HIGH[high], DTMF_LEVELS.1),
        ];
        Self {
            steps: vec![step(tone, time), step(Vec::new(), pause)],
            repeats: false,
            at: 0,
            done: 0,
            fresh: true,
        }
    }

    /// Tells whether all steps are over.
    pub(crate) fn is_over(&self) -> bool {
        self.at == self.steps.len()
    }

    /// Plays a frame at its rate; what follows the end is silence.
    pub(crate) fn play(&mut self, frame: &mut Frame) {
        let rate = frame.rate();
        frame.samples_mut().fill_with(|| self.sample(rate));
    }

    fn sample(&mut self, rate: Rate) -> i16 {
        let Some(step) = self.steps.get_mut(self.at) else {
            return 0;
        };
        let oscillators = step.oscillators.iter_mut();
        let sum: f64 = oscillators.map(|oscillator| oscillator.sample(rate)).sum();
        let since = (self.fresh || step.swells).then_some(self.done);
        let until = step.fades.then_some(step.length - self.done);
        let gain = since.into_iter().chain(until).fold(RAMP, u32::min);
        self.done = self.done.saturating_add(unit(rate));
        if self.done >= step.length {
            self.step_on();
        }
        (sum * f64::from(gain) / f64::from(RAMP)) as i16
    }

    fn step_on(&mut self) {
        (self.done, self.fresh) = (0, false);
        let before = self.at;
        self.at += 1;
        if self.repeats && self.at == self.steps.len() {
            self.at = 0;
        }
        if let Ok([from, to]) = self.steps.get_disjoint_mut([before, self.at])
            && !to.swells
        {
            to.oscillators.copy_from_slice(&from.oscillators);
        }
    }
}

/// Fades a frame that is the last.
pub(crate) fn fade_out(frame: &mut Frame) {
    let ramp = (RAMP / unit(frame.rate())) as usize;
    let (fading, rest) = frame.samples_mut().split_at_mut(ramp);
    for (left, sample) in (0..ramp as i32).rev().zip(fading) {
        *sample = (i32::from(*sample) * left / ramp as i32) as i16;
    }
    rest.fill(0);
}

/// Returns the digit of a low and a high frequency, by their places.
pub(crate) fn dtmf_of(low: usize, high: usize) -> Dtmf {
    let key = KEYS.iter().position(|key| *key == (low, high));
    Dtmf(key.unwrap_or_default() as u8)
}

fn oscillators(step: &ToneStep) -> Vec<Oscillator> {
    let frequencies = step.frequencies.iter();
    frequencies
        .map(|&hz| Oscillator::new(hz, step.level))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::amplitude;

    fn step(frequencies: &[u16], milliseconds: u64) -> ToneStep {
        ToneStep {
            frequencies: frequencies.to_vec(),
            level: -10,
            time: Duration::from_millis(milliseconds),
        }
    }

    fn play(tones: &mut Tones, frames: usize) -> Vec<i16> {
        let mut played = Vec::new();
        for _ in 0..frames {
            let mut frame = Frame::silence(Rate::Narrow);
            tones.play(&mut frame);
            played.extend_from_slice(frame.samples());
        }
        played
    }

    /// The greatest step from one sample to the next.
    fn roughness(samples: &[i16]) -> i32 {
        let steps = samples.windows(2);
        let steps = steps.map(|pair| (i32::from(pair[1]) - i32::from(pair[0])).abs());
        steps.max().unwrap()
    }

    #[test]
    fn a_cadence_sounds_when_it_should_and_repeats() {
        let steps = vec![step(&[425], 500), step(&[], 500)];
        let mut busy = Tones::new(steps, true);
        for _ in 0..3 {
            let played = play(&mut busy, 50);
            assert!(amplitude(&played[..4000], 425.0) > 6500.0);
            assert!(played[4000..].iter().all(|sample| *sample == 0));
        }
        assert!(!busy.is_over());
    }

    #[test]
    fn nothing_clicks() {
        // A sine of that peak and frequency steps by 2,370 at most.
        let steps = vec![step(&[425], 33), step(&[], 17), step(&[440], 21)];
        let played = play(&mut Tones::new(steps, true), 100);
        assert!(roughness(&played) < 2500, "{}", roughness(&played));
        for rate in Rate::ALL {
            let mut last = Frame::silence(rate);
            last.samples_mut().fill(10_000);
            fade_out(&mut last);
            let last = last.samples();
            assert!(roughness(last) <= 250 && last[last.len() / 4] == 0);
        }
    }

    #[test]
    fn a_tone_that_goes_on_in_the_next_step_has_no_seam() {
        for steps in [1, 3] {
            let steps = vec![step(&[350, 440], 101); steps];
            let played = play(&mut Tones::new(steps, true), 200);
            let whole = amplitude(&played[800..], 440.0);
            assert!((whole - 7105.0).abs() < 20.0, "{whole}");
        }
    }

    #[test]
    fn a_tone_goes_on_in_its_middle_and_ends_in_time_when_the_rate_changes() {
        let mut tones = Tones::new(vec![step(&[500], 610)], false);
        let mut values = Vec::new();
        for rate in Rate::ALL.into_iter().cycle().take(31) {
            assert!(!tones.is_over());
            let mut frame = Frame::silence(rate);
            tones.play(&mut frame);
            // One sample of each at 8 kHz.
            let every = frame.samples().len() / 160;
            values.extend(frame.samples().iter().step_by(every));
        }
        assert!(tones.is_over() && values[4880..].iter().all(|sample| *sample == 0));
        let whole = amplitude(&values[40..4840], 500.0);
        assert!((whole - 7105.0).abs() < 300.0, "{whole}");
        assert!(roughness(&values) < 2900, "{}", roughness(&values));
    }

    #[test]
    fn steps_end_after_their_time_and_none_are_over_at_once() {
        let mut tones = Tones::new(vec![step(&[1000], 30)], false);
        let played = play(&mut tones, 1);
        assert!(!tones.is_over() && played[155..].iter().any(|sample| *sample != 0));
        let played = play(&mut tones, 1);
        assert!(tones.is_over() && played[80..].iter().all(|sample| *sample == 0));
        assert!(Tones::new(vec![step(&[1000], 0)], true).is_over());
        assert!(Tones::new(Vec::new(), true).is_over());
    }

    #[test]
    fn keys_and_digits_are_one_to_one() {
        for digit in 0..16 {
            let (low, high) = KEYS[usize::from(digit)];
            assert_eq!(dtmf_of(low, high), Dtmf(digit));
        }
        assert_eq!((dtmf_of(0, 0), dtmf_of(3, 0)), (Dtmf(1), Dtmf(10)));
        assert_eq!((dtmf_of(3, 2), dtmf_of(0, 3)), (Dtmf(11), Dtmf(12)));
    }
}
