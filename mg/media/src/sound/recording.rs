//! Recorded sound.

use std::sync::Arc;

use crate::Narrow;

/// Samples that are played a number of times.
#[derive(Clone, Debug)]
pub(crate) struct Recording {
    samples: Arc<[i16]>,
    at: usize,
    /// Cycles that are left with this one; `None`: endless.
    cycles: Option<u32>,
}

impl Recording {
    /// Starts at the first sample.
    pub(crate) fn new(samples: Arc<[i16]>, cycles: Option<u32>) -> Self {
        let cycles = if samples.is_empty() { Some(0) } else { cycles };
        Self {
            samples,
            at: 0,
            cycles,
        }
    }

    /// Tells whether all was played.
    pub(crate) fn is_over(&self) -> bool {
        self.cycles == Some(0)
    }

    /// Plays a frame; what follows the end is silence.
    pub(crate) fn play(&mut self, frame: &mut Narrow) {
        let mut left = &mut frame[..];
        while !left.is_empty() && !self.is_over() {
            let samples = &self.samples[self.at..];
            let count = samples.len().min(left.len());
            let (now, later) = left.split_at_mut(count);
            now.copy_from_slice(&samples[..count]);
            left = later;
            self.at += count;
            if self.at == self.samples.len() {
                self.at = 0;
                self.cycles = self.cycles.map(|cycles| cycles - 1);
            }
        }
        left.fill(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FRAME;

    fn numbered(count: i16) -> Arc<[i16]> {
        (1..=count).collect()
    }

    #[test]
    fn cycles_follow_each_other_without_a_gap_and_silence_follows_them() {
        let mut recording = Recording::new(numbered(100), Some(2));
        let mut frame = [7; FRAME];
        recording.play(&mut frame);
        assert_eq!((frame[99], frame[100], frame[159]), (100, 1, 60));
        assert!(!recording.is_over());
        recording.play(&mut frame);
        assert_eq!((frame[39], frame[40]), (100, 0));
        assert!(recording.is_over());
    }

    #[test]
    fn an_endless_one_goes_on_and_one_of_nothing_is_over() {
        let mut recording = Recording::new(numbered(1), None);
        let mut frame = [0; FRAME];
        recording.play(&mut frame);
        assert!(!recording.is_over() && frame == [1; FRAME]);
        assert!(Recording::new(numbered(0), None).is_over());
        assert!(Recording::new(numbered(9), Some(0)).is_over());
    }
}
