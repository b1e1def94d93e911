//! Sums of what is said in a group, one for each rate.

use mg_contract::Rate;

use crate::frame::{FRAME_MAX, FrameRef};

/// The sum of frames of one rate in one tick.
///
/// It is kept in 32 bits, and limited after the listener's own voice is taken out, so that a loud
/// talker cannot leave distortion in the others' mix.
#[derive(Clone, Debug)]
pub(crate) struct Sum {
    rate: Rate,
    /// Whether anything was added since it was cleared; else all samples are zero.
    sounds: bool,
    samples: [i32; FRAME_MAX],
}

impl Sum {
    /// Returns the sum of nothing.
    pub(crate) fn new(rate: Rate) -> Self {
        Self {
            rate,
            sounds: false,
            samples: [0; FRAME_MAX],
        }
    }

    /// Its rate.
    pub(crate) fn rate(&self) -> Rate {
        self.rate
    }

    /// Forgets what was added.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.sounds) {
            self.samples_mut().fill(0);
        }
    }

    /// Tells whether anything was added.
    pub(crate) fn sounds(&self) -> bool {
        self.sounds
    }

    /// The samples.
    pub(crate) fn samples(&self) -> &[i32] {
        &self.samples[..self.rate.frame()]
    }

    /// The samples, to be changed by what sounds.
    pub(crate) fn sound(&mut self) -> &mut [i32] {
        self.sounds = true;
        self.samples_mut()
    }

    /// Becomes equal to another of its rate.
    pub(crate) fn copy(&mut self, other: &Self) {
        debug_assert_eq!(self.rate, other.rate);
        if other.sounds {
            self.sound().copy_from_slice(other.samples());
        } else {
            self.clear();
        }
    }

    /// Becomes equal to another of its rate that a talker was added to, without that one.
    pub(crate) fn copy_without(&mut self, other: &Self, frame: FrameRef<'_>) {
        debug_assert_eq!([self.rate, self.rate], [other.rate, frame.rate()]);
        let samples = other.samples().iter().zip(frame.samples());
        for (to, (&total, &sample)) in self.sound().iter_mut().zip(samples) {
            *to = total - i32::from(sample);
        }
    }

    /// Adds one talker of its rate. 65,536 of them fit.
    pub(crate) fn add<'a>(&mut self, frame: impl Into<FrameRef<'a>>) {
        let frame = frame.into();
        debug_assert_eq!(self.rate, frame.rate());
        self.add_samples(frame.samples());
    }

    /// Adds the begin of a frame.
    pub(crate) fn add_samples(&mut self, samples: &[i16]) {
        for (total, &sample) in self.sound().iter_mut().zip(samples) {
            *total += i32::from(sample);
        }
    }

    /// Takes one talker out who was added.
    pub(crate) fn take_away<'a>(&mut self, frame: impl Into<FrameRef<'a>>) {
        let frame = frame.into();
        debug_assert_eq!(self.rate, frame.rate());
        for (total, &sample) in self.sound().iter_mut().zip(frame.samples()) {
            *total -= i32::from(sample);
        }
    }

    /// Adds another of its rate.
    pub(crate) fn join(&mut self, other: &[i32]) {
        for (total, &more) in self.sound().iter_mut().zip(other) {
            *total += more;
        }
    }

    fn samples_mut(&mut self) -> &mut [i32] {
        &mut self.samples[..self.rate.frame()]
    }
}

/// A sum for each rate.
#[derive(Clone, Debug)]
pub(crate) struct Sums([Sum; Rate::ALL.len()]);

impl Sums {
    /// Returns sums of nothing.
    pub(crate) fn new() -> Self {
        Self(Rate::ALL.map(Sum::new))
    }

    /// Returns that of one rate.
    pub(crate) fn at(&self, rate: Rate) -> &Sum {
        &self.0[place(rate)]
    }

    /// Returns that of one rate, to be added to.
    pub(crate) fn at_mut(&mut self, rate: Rate) -> &mut Sum {
        &mut self.0[place(rate)]
    }

    /// Returns all of them.
    pub(crate) fn all(&self) -> &[Sum] {
        &self.0
    }

    /// Becomes equal to others.
    pub(crate) fn copy(&mut self, others: &Self) {
        for (sum, other) in self.0.iter_mut().zip(&others.0) {
            sum.copy(other);
        }
    }

    /// Forgets what was added.
    pub(crate) fn clear(&mut self) {
        self.0.iter_mut().for_each(Sum::clear);
    }
}

/// The place of a rate among [`Rate::ALL`].
pub(crate) const fn place(rate: Rate) -> usize {
    match rate {
        Rate::Narrow => 0,
        Rate::Wide => 1,
        Rate::Full => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::constant;

    #[test]
    fn a_loud_own_voice_leaves_the_others_as_they_are() {
        let (loud, other) = (constant(30_000), constant(9_000));
        let mut sum = Sum::new(Rate::Narrow);
        sum.add(&loud);
        sum.add(&other);
        sum.take_away(&loud);
        assert_eq!(sum.samples(), [9_000; 160]);
    }

    #[test]
    fn a_cleared_sum_is_silence() {
        let mut sums = Sums::new();
        sums.at_mut(Rate::Narrow).add(&constant(1));
        assert!(sums.at(Rate::Narrow).sounds());
        sums.clear();
        assert!(sums.all().iter().all(|sum| !sum.sounds()));
        assert_eq!(sums.at(Rate::Narrow).samples(), [0; 160]);
    }
}
