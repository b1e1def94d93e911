//! N−1 sums.

use crate::FRAME;

/// The sum of one group's frames in one tick.
///
/// It is kept in 32 bits and clipped once, after the listener's own voice is taken out, so that a
/// loud talker cannot leave distortion in the others' mix.
#[derive(Clone, Debug)]
pub(crate) struct Mix {
    sum: [i32; FRAME],
}

impl Mix {
    /// Returns the sum of nothing.
    pub(crate) fn new() -> Self {
        Self { sum: [0; FRAME] }
    }

    /// Forgets what was added.
    pub(crate) fn clear(&mut self) {
        self.sum.fill(0);
    }

    /// Adds one talker. 65,536 of them fit.
    pub(crate) fn add(&mut self, frame: &[i16]) {
        for (total, &sample) in self.sum.iter_mut().zip(frame) {
            *total += i32::from(sample);
        }
    }

    /// Takes one talker out who was added.
    pub(crate) fn take_away(&mut self, frame: &[i16]) {
        for (total, &sample) in self.sum.iter_mut().zip(frame) {
            *total -= i32::from(sample);
        }
    }

    /// Writes what a listener hears who did not talk.
    pub(crate) fn whole(&self, out: &mut [i16]) {
        for (to, &total) in out.iter_mut().zip(&self.sum) {
            *to = clip(total);
        }
    }

    /// Writes what a talker hears, whose own frame was added.
    pub(crate) fn without(&self, own: &[i16], out: &mut [i16]) {
        for ((to, &total), &sample) in out.iter_mut().zip(&self.sum).zip(own) {
            *to = clip(total - i32::from(sample));
        }
    }
}

fn clip(total: i32) -> i16 {
    total.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loud_own_voice_leaves_the_others_unclipped() {
        let (loud, other) = ([30_000; FRAME], [9_000; FRAME]);
        let mut mix = Mix::new();
        mix.add(&loud);
        mix.add(&other);
        let mut heard = [0; FRAME];
        mix.without(&loud, &mut heard);
        assert_eq!(heard, other);
        mix.whole(&mut heard);
        assert_eq!(heard, [i16::MAX; FRAME]);
    }

    #[test]
    fn a_cleared_sum_is_silence() {
        let mut mix = Mix::new();
        mix.add(&[1; FRAME]);
        mix.clear();
        let mut heard = [7; FRAME];
        mix.whole(&mut heard);
        assert_eq!(heard, [0; FRAME]);
    }
}
