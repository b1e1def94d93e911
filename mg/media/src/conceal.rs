//! What is played where nothing arrived: the last frame again and again, fading out.

use crate::{FRAME, Narrow};

/// Samples until silence is reached: 60 ms.
const FADE: u16 = 480;

/// The last frame that was heard, and how much of the fade is left.
#[derive(Debug)]
pub(crate) struct Concealment {
    history: Narrow,
    at: usize,
    left: u16,
}

impl Concealment {
    /// Starts in silence.
    pub(crate) fn new() -> Self {
        Self {
            history: [0; FRAME],
            at: 0,
            left: 0,
        }
    }

    /// Takes note of a sample that is played.
    pub(crate) fn heard(&mut self, sample: i16) {
        self.history[self.at] = sample;
        self.advance();
        self.left = FADE;
    }

    /// Returns a sample in place of one that is absent.
    pub(crate) fn sample(&mut self) -> i16 {
        let sample = i32::from(self.history[self.at]) * i32::from(self.left) / i32::from(FADE);
        self.advance();
        self.left = self.left.saturating_sub(1);
        sample as i16
    }

    /// Tells whether the fade is over.
    pub(crate) fn is_silent(&self) -> bool {
        self.left == 0
    }

    fn advance(&mut self) {
        self.at = if self.at + 1 == FRAME { 0 } else { self.at + 1 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_frame_comes_again_and_fades_to_silence() {
        let mut concealment = Concealment::new();
        for n in 0..200 {
            concealment.heard(n + 1000);
        }
        assert_eq!(concealment.sample(), 1040);
        let later: Vec<i16> = (1..480).map(|_| concealment.sample()).collect();
        assert!(
            later[..158]
                .iter()
                .all(|&sample| (700..1200).contains(&sample))
        );
        assert!(later[300..].iter().all(|&sample| sample < 500));
        assert!(concealment.is_silent());
        assert_eq!(concealment.sample(), 0);
    }
}
