//! A sine.

use std::f64::consts::TAU;

use mg_contract::Rate;

/// The peak of a sine of 0 dBm0: the largest sample of A-law, 32,256, is that of 3.14 dBm0 (G.711).
const ZERO_DBM0: f64 = 22_470.0;
/// The loudest sine that is not clipped, in dBm0.
const LOUDEST: i8 = 3;

/// A sine that goes on from frame to frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Oscillator {
    /// Where it is on the unit circle. Its length drifts by less than a millionth in a week.
    at: (f64, f64),
    /// How far it turns for each sample at the rate.
    turn: (f64, f64),
    rate: Rate,
    hz: u16,
    amplitude: f64,
}

impl Oscillator {
    /// Starts at zero; `level` is in dBm0.
    pub(crate) fn new(hz: u16, level: i8) -> Self {
        let rate = Rate::Narrow;
        Self {
            at: (1.0, 0.0),
            turn: turn(hz, rate),
            rate,
            hz,
            amplitude: amplitude(level),
        }
    }

    /// Returns the next sample at a rate, which may change at any time.
    pub(crate) fn sample(&mut self, rate: Rate) -> f64 {
        if rate != self.rate {
            (self.turn, self.rate) = (turn(self.hz, rate), rate);
        }
        let ((x, y), (cosine, sine)) = (self.at, self.turn);
        self.at = (x * cosine - y * sine, y * cosine + x * sine);
        y * self.amplitude
    }
}

fn turn(hz: u16, rate: Rate) -> (f64, f64) {
    let (sine, cosine) = (TAU * f64::from(hz) / f64::from(rate.hz())).sin_cos();
    (cosine, sine)
}

/// Returns the peak of a sine of some dBm0.
pub(crate) fn amplitude(level: i8) -> f64 {
    ZERO_DBM0 * 10_f64.powf(f64::from(level.min(LOUDEST)) / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_tone_has_its_frequency_and_level() {
        let mut tone = Oscillator::new(425, -10);
        let samples: Vec<i16> = (0..8000)
            .map(|_| tone.sample(Rate::Narrow) as i16)
            .collect();
        let measured = testing::amplitude(&samples, 425.0);
        assert!((measured - 7105.6).abs() < 5.0, "{measured}");
        assert!(testing::amplitude(&samples, 440.0) < 5.0);
    }

    #[test]
    fn no_level_is_clipped() {
        assert!(amplitude(3) < 32_767.0);
        assert_eq!(amplitude(i8::MAX).to_bits(), amplitude(3).to_bits());
    }
}
