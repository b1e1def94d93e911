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
/// Samples that are looked at together.
const PLACES: usize = 8;

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
        let peak = peak(sum);
        if self.gain >= 1.0 && peak <= CEILING {
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
        // Only while the gain comes down is anything above the ceiling.
        if falls {
            change(changing, first, (before, step), bend);
        } else {
            change(changing, first, (before, step), nearest);
        }
        for (to, &total) in last.iter_mut().zip(steady) {
            *to = nearest(total as f32 * self.gain);
        }
    }

    fn next(&self, peak: f32) -> f32 {
        let released = self.gain + (1.0 - self.gain) * RELEASE;
        let fits = CEILING / peak.max(1.0);
        let gain = released.min(fits);
        if gain > WHOLE { 1.0 } else { gain }
    }
}

/// The loudest sample's magnitude. Each of some places in a row has one of its own, so that a processor finds them at once.
fn peak(sum: &[i32]) -> f32 {
    let louder = |one: f32, other: f32| if other > one { other } else { one };
    let mut peaks = [0.0; PLACES];
    let mut rows = sum.chunks_exact(PLACES);
    for row in &mut rows {
        for (peak, &total) in peaks.iter_mut().zip(row) {
            *peak = louder(*peak, (total as f32).abs());
        }
    }
    let rest = rows.remainder().iter().map(|&total| (total as f32).abs());
    peaks.into_iter().chain(rest).fold(0.0, louder)
}

/// Writes a sum with a gain that changes by `step` from one sample to the next.
fn change(sum: &[i32], out: &mut [i16], (gain, step): (f32, f32), made: impl Fn(f32) -> i16) {
    for (n, (to, &total)) in out.iter_mut().zip(sum).enumerate() {
        *to = made(total as f32 * (gain + step * (n as i32 as f32)));
    }
}

/// Brings what is above the ceiling into the headroom; the slope has no step.
pub(crate) fn bend(sample: f32) -> i16 {
    let above = sample.abs() - CEILING;
    let bent = CEILING + HEADROOM * above / (above + HEADROOM);
    let loud = bent.copysign(sample);
    nearest(if above > 0.0 { loud } else { sample })
}

/// The nearest sample of one that 16 bits can hold. A sum with this number has it in the last bits of its mantissa, from
/// where a processor takes many at once; to convert each would have each be looked at for what no sample is.
fn nearest(sample: f32) -> i16 {
    const ONES_ARE_LAST: f32 = (3 << 22) as f32;
    (sample + ONES_ARE_LAST).to_bits() as i16
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
    fn the_loudest_sample_is_found_wherever_it_is() {
        for length in [1, 7, 8, 13, 160] {
            for place in 0..length {
                let mut sum = vec![3; length];
                sum[place] = -40_000;
                assert_eq!(peak(&sum), 40_000.0, "{place} of {length}");
            }
        }
        assert_eq!(peak(&[]), 0.0);
    }

    #[test]
    fn a_sample_is_the_nearest_and_none_leaves_16_bits() {
        for (sample, whole) in [
            (0.4, 0),
            (-0.6, -1),
            (29_203.7, 29_204),
            (-29_203.7, -29_204),
        ] {
            assert_eq!(nearest(sample), whole);
            assert_eq!(bend(sample), whole);
        }
        for loud in [29_205.0, 40_000.0, 3.0e7] {
            let bent = bend(loud);
            assert!(bent >= 29_204, "{loud}: {bent}");
            assert_eq!(bend(-loud), -bent);
        }
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
