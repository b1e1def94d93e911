//! What keeps a sum within 16 bits without clipping it.

/// What a frame's peak is brought down to: 1 dB below the top.
const CEILING: f32 = 29_204.0;
/// What is left above that for what comes before the gain has come down.
const HEADROOM: f32 = i16::MAX as f32 - CEILING;
/// The gain comes down within this share of a frame: 5 ms.
const ATTACK: usize = 4;
/// This share of what is missing of the gain comes back with each frame: half of it in 130 ms.
const RELEASE: f32 = 0.1;
/// A gain that lacks no more is whole.
const WHOLE: f32 = 0.999;

/// The gain of one mix.
///
/// It comes down within 5 ms when a frame would be too loud, and comes back slowly, so that two who
/// talk at once sound like two who talk at once. What is too loud meanwhile is bent, not cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limiter {
    gain: f32,
}

impl Limiter {
    /// Starts with a gain of 1.
    pub(crate) fn new() -> Self {
        Self { gain: 1.0 }
    }

    /// Writes a sum as samples. As long as it is not too loud, they are the same.
    pub(crate) fn limit(&mut self, sum: &[i32], out: &mut [i16]) {
        let peak = sum.iter().fold(0, |peak, &total| peak.max(total.abs()));
        if self.gain >= 1.0 && peak as f32 <= CEILING {
            for (to, &total) in out.iter_mut().zip(sum) {
                *to = total as i16;
            }
            return;
        }
        let before = self.gain;
        self.gain = self.next(peak);
        let falls = self.gain < before;
        let ramp = if falls { sum.len() / ATTACK } else { sum.len() };
        let step = (self.gain - before) / ramp as f32;
        let (changing, steady) = sum.split_at(ramp);
        let (first, last) = out.split_at_mut(ramp);
        let raised = |(n, &total): (u16, &i32)| total as f32 * (before + step * f32::from(n));
        let raised = (0..).zip(changing).map(raised);
        // Only while the gain comes down is anything above the ceiling.
        if falls {
            first
                .iter_mut()
                .zip(raised)
                .for_each(|(to, it)| *to = bend(it));
        } else {
            first
                .iter_mut()
                .zip(raised)
                .for_each(|(to, it)| *to = it as i16);
        }
        for (to, &total) in last.iter_mut().zip(steady) {
            *to = (total as f32 * self.gain) as i16;
        }
    }

    fn next(&self, peak: i32) -> f32 {
        let released = self.gain + (1.0 - self.gain) * RELEASE;
        let fits = CEILING / (peak.max(1) as f32);
        let gain = released.min(fits);
        if gain > WHOLE { 1.0 } else { gain }
    }
}

/// Brings what is above the ceiling into the headroom; the slope has no step.
pub(crate) fn bend(sample: f32) -> i16 {
    let above = sample.abs() - CEILING;
    if above <= 0.0 {
        return sample as i16;
    }
    let bent = CEILING + HEADROOM * above / (above + HEADROOM);
    bent.copysign(sample) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone of one period in a frame of 160.
    fn tone(amplitude: f64) -> Vec<i32> {
        let angle = |n: i32| f64::from(n) * std::f64::consts::TAU / 40.0;
        (0..160)
            .map(|n| (amplitude * angle(n).sin()) as i32)
            .collect()
    }

    fn limited(limiter: &mut Limiter, sum: &[i32]) -> Vec<i16> {
        let mut out = vec![0; sum.len()];
        limiter.limit(sum, &mut out);
        out
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let sum = tone(29_000.0);
        let out = limited(&mut Limiter::new(), &sum);
        assert!(
            out.iter()
                .zip(&sum)
                .all(|(&out, &sum)| i32::from(out) == sum)
        );
    }

    #[test]
    fn what_is_too_loud_keeps_its_shape_and_never_steps() {
        let mut limiter = Limiter::new();
        let sum = tone(60_000.0);
        let steepest = |out: &[i16]| {
            let steps = out
                .windows(2)
                .map(|two| (i32::from(two[1]) - i32::from(two[0])).abs());
            steps.max().unwrap()
        };
        let first = limited(&mut limiter, &sum);
        assert!(steepest(&first) < 10_000, "{}", steepest(&first));
        let second = limited(&mut limiter, &sum);
        for (&out, &sum) in second.iter().zip(&sum) {
            let wanted = sum as f32 * CEILING / 60_000.0;
            assert!((f32::from(out) - wanted).abs() < 40.0, "{out} for {wanted}");
        }
    }

    #[test]
    fn the_gain_comes_back_within_a_second() {
        let mut limiter = Limiter::new();
        limited(&mut limiter, &tone(60_000.0));
        let quiet = tone(10_000.0);
        let peak = |out: &[i16]| out.iter().copied().max().unwrap();
        assert!(peak(&limited(&mut limiter, &quiet)) < 7_000);
        for _ in 0..100 {
            limited(&mut limiter, &quiet);
        }
        assert_eq!(peak(&limited(&mut limiter, &quiet)), 10_000);
    }
}
