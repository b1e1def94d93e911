//! Recorded sound.

use std::sync::Arc;

use mg_contract::Rate;

use crate::{converter::Converter, frame::Frame};

/// Recorded sound, linear, which many may play at once.
#[derive(Clone, Debug)]
pub struct Samples {
    /// Its rate. A leg at another one hears it converted.
    pub rate: Rate,
    /// The samples.
    pub samples: Arc<[i16]>,
}

/// Samples that are played a number of times.
///
/// They are kept once, at their own rate, since three versions of each would be nine times what is kept
/// at 8 kHz; each player converts what it plays, to whatever rate its leg has at that time.
#[derive(Debug)]
pub(crate) struct Recording {
    sound: Samples,
    at: usize,
    /// Cycles that are left with this one; `None`: endless.
    cycles: Option<u32>,
    /// To each rate, made when it starts: no memory is allocated in a tick.
    converters: [Converter; 3],
}

impl Recording {
    /// Starts at the first sample.
    pub(crate) fn new(sound: &Samples, cycles: Option<u32>) -> Self {
        Self {
            sound: sound.clone(),
            at: 0,
            converters: Rate::ALL.map(|rate| Converter::new(sound.rate, rate)),
            cycles: if sound.samples.is_empty() {
                Some(0)
            } else {
                cycles
            },
        }
    }

    /// Tells whether all was played.
    pub(crate) fn is_over(&self) -> bool {
        self.cycles == Some(0)
    }

    /// Plays a frame at its rate; what follows the end is silence.
    pub(crate) fn play(&mut self, frame: &mut Frame) {
        if frame.rate() == self.sound.rate {
            self.read(frame.samples_mut());
            return;
        }
        let mut own = Frame::silence(self.sound.rate);
        self.read(own.samples_mut());
        let place = Rate::ALL.iter().position(|rate| *rate == frame.rate());
        let converter = &mut self.converters[place.unwrap_or_default()];
        converter.convert(own.samples(), frame.samples_mut());
    }

    fn read(&mut self, mut left: &mut [i16]) {
        while !left.is_empty() && !self.is_over() {
            let samples = &self.sound.samples[self.at..];
            let count = samples.len().min(left.len());
            let (now, later) = left.split_at_mut(count);
            now.copy_from_slice(&samples[..count]);
            left = later;
            self.at += count;
            if self.at == self.sound.samples.len() {
                self.at = 0;
                self.cycles = self.cycles.map(|cycles| cycles - 1);
            }
        }
        left.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;
    use crate::testing::amplitude;

    fn numbered(count: i16) -> Samples {
        Samples {
            rate: Rate::Narrow,
            samples: (1..=count).collect(),
        }
    }

    #[test]
    fn cycles_follow_each_other_without_a_gap_and_silence_follows_them() {
        let mut recording = Recording::new(&numbered(100), Some(2));
        let mut frame = Frame::silence(Rate::Narrow);
        recording.play(&mut frame);
        let heard = frame.samples();
        assert_eq!((heard[99], heard[100], heard[159]), (100, 1, 60));
        assert!(!recording.is_over());
        recording.play(&mut frame);
        assert_eq!((frame.samples()[39], frame.samples()[40]), (100, 0));
        assert!(recording.is_over());
    }

    #[test]
    fn one_of_a_high_rate_is_converted_and_one_of_a_low_rate_too() {
        for (own, leg) in [(Rate::Full, Rate::Narrow), (Rate::Narrow, Rate::Full)] {
            let hz = f64::from(own.hz());
            let tone = |n: u32| (f64::from(n) * 1000.0 * TAU / hz).sin() * 8000.0;
            let sound = Samples {
                rate: own,
                samples: (0..own.hz()).map(|n| tone(n) as i16).collect(),
            };
            let mut recording = Recording::new(&sound, Some(1));
            let mut played = Vec::new();
            while !recording.is_over() {
                let mut frame = Frame::silence(leg);
                recording.play(&mut frame);
                let every = frame.samples().len() / 160;
                played.extend(frame.samples().iter().step_by(every));
            }
            assert_eq!(played.len(), 8000);
            let level = amplitude(&played[400..7600], 1000.0);
            assert!((level - 8000.0).abs() < 400.0, "{own:?} {level}");
        }
    }

    #[test]
    fn an_endless_one_goes_on_and_one_of_nothing_is_over() {
        let mut recording = Recording::new(&numbered(1), None);
        let mut frame = Frame::silence(Rate::Narrow);
        recording.play(&mut frame);
        assert!(!recording.is_over() && frame.samples() == [1; Rate::Narrow.frame()]);
        assert!(Recording::new(&numbered(0), None).is_over());
        assert!(Recording::new(&numbered(9), Some(0)).is_over());
    }
}
