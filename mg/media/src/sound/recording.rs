//! Recorded sound.

use std::sync::Arc;

use mg_contract::Rate;

use crate::{
    converter::Converter,
    frame::{FRAME_MAX, Frame},
    mix::place,
};

const RATES: usize = Rate::ALL.len();

/// Recorded sound, linear, at one rate or at several, which many may play at once.
#[derive(Clone, Debug)]
pub struct Samples {
    /// The highest rate at which it is kept.
    highest: Rate,
    /// By the places of their rates; none is empty but that of a sound of nothing.
    kept: [Option<Arc<[i16]>>; RATES],
}

impl Samples {
    /// Keeps sound at one rate.
    pub fn new(rate: Rate, samples: impl Into<Arc<[i16]>>) -> Self {
        let mut kept = [const { None }; RATES];
        kept[place(rate)] = Some(samples.into());
        Self {
            highest: rate,
            kept,
        }
    }

    /// Keeps the same sound at a further rate, so that nobody has to convert it. A sound too short to
    /// have a sample there is not kept.
    #[must_use]
    pub fn with(mut self, rate: Rate, samples: impl Into<Arc<[i16]>>) -> Self {
        let samples = samples.into();
        if !samples.is_empty() {
            self.highest = self.highest.max(rate);
            self.kept[place(rate)] = Some(samples);
        }
        self
    }

    /// The samples at a rate, if they are kept.
    pub fn at(&self, rate: Rate) -> Option<&[i16]> {
        self.kept[place(rate)].as_deref()
    }

    /// The rate at which it is read to be heard at another.
    fn read_at(&self, heard: Rate) -> Rate {
        self.at(heard).map_or(self.highest, |_| heard)
    }

    fn is_empty(&self) -> bool {
        self.at(self.highest).is_none_or(<[i16]>::is_empty)
    }
}

/// Samples that are played a number of times.
///
/// Where they are not kept at the rate that its leg has at that time, a player converts what it plays.
#[derive(Debug)]
pub(crate) struct Recording {
    sound: Samples,
    /// The rate at which it is read, and the next sample there.
    rate: Rate,
    at: usize,
    /// Cycles that are left with this one; `None`: endless.
    cycles: Option<u32>,
    /// To each rate that is not kept, made when it starts: no memory is allocated in a tick.
    converters: [Option<Box<Converter>>; RATES],
}

impl Recording {
    /// Starts at the first sample.
    pub(crate) fn new(sound: &Samples, cycles: Option<u32>) -> Self {
        let converter = |to: Rate| {
            let from = sound.read_at(to);
            (from != to).then(|| Box::new(Converter::new(from, to)))
        };
        Self {
            sound: sound.clone(),
            rate: sound.highest,
            at: 0,
            cycles: if sound.is_empty() { Some(0) } else { cycles },
            converters: Rate::ALL.map(converter),
        }
    }

    /// Tells whether all was played.
    pub(crate) fn is_over(&self) -> bool {
        self.cycles == Some(0)
    }

    /// Plays a frame at its rate; what follows the end is silence.
    pub(crate) fn play(&mut self, frame: &mut Frame) {
        self.turn_to(self.sound.read_at(frame.rate()));
        if frame.rate() == self.rate {
            self.read(frame.samples_mut());
            return;
        }
        let mut own = [0; FRAME_MAX];
        let own = &mut own[..self.rate.frame()];
        self.read(own);
        if let Some(converter) = &mut self.converters[place(frame.rate())] {
            converter.convert(own, frame.samples_mut());
        }
    }

    /// Goes on at the same instant of another rate.
    fn turn_to(&mut self, rate: Rate) {
        if rate != self.rate {
            let last = self.sound.at(rate).map_or(0, |all| all.len() - 1);
            self.at = (self.at * rate.frame() / self.rate.frame()).min(last);
            self.rate = rate;
        }
    }

    fn read(&mut self, mut left: &mut [i16]) {
        let all = self.sound.at(self.rate).unwrap_or_default();
        while !left.is_empty() && self.cycles != Some(0) {
            let samples = &all[self.at..];
            let count = samples.len().min(left.len());
            let (now, later) = left.split_at_mut(count);
            now.copy_from_slice(&samples[..count]);
            left = later;
            self.at += count;
            if self.at == all.len() {
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
        Samples::new(Rate::Narrow, Vec::from_iter(1..=count))
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
            let samples: Vec<i16> = (0..own.hz()).map(|n| tone(n) as i16).collect();
            let sound = Samples::new(own, samples);
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
    fn each_rate_hears_its_own_samples_and_they_go_on_where_the_rate_changes() {
        let numbers = |rate: Rate| Vec::from_iter(0..(rate.hz() / 10) as i16);
        let sound = Samples::new(Rate::Narrow, numbers(Rate::Narrow));
        let sound = sound.with(Rate::Full, numbers(Rate::Full));
        let sound = sound.with(Rate::Wide, Vec::new());
        let mut recording = Recording::new(&sound, Some(2));
        let mut first = |rate| {
            let mut frame = Frame::silence(rate);
            recording.play(&mut frame);
            frame.samples()[0]
        };
        // At 20 ms each; five of them are all, and at 16 kHz it is made of what 48 kHz has.
        for _ in 0..2 {
            assert_eq!([first(Rate::Full), first(Rate::Narrow)], [0, 160]);
            assert_eq!(first(Rate::Full), 1_920);
            first(Rate::Wide);
            assert_eq!(first(Rate::Narrow), 640);
        }
        assert_eq!(first(Rate::Full), 0);
        assert!(recording.is_over());
        let nothing = Samples::new(Rate::Full, Vec::new());
        assert!(Recording::new(&nothing, None).is_over());
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
