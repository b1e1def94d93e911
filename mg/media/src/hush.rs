//! Comfort noise (RFC 3389) that a far end is sent while it would hear silence.

use crate::{
    frame::Frame,
    voice::{self, Loudness, QUIET},
};

/// Ticks for which silence is sent as sound before noise takes its place: half a second.
const HANGOVER: u16 = 25;
/// Ticks over which a level is measured. The hang-over is longer: in the first of them what was said
/// last may still fade.
const MEASURED: u16 = 10;
/// dB by which a level differs from the one told, so that it is told before its time.
const STEP: u8 = 3;
/// Ticks after which it is told again at the latest: a second.
const AGAIN: u16 = 50;

/// What a packet that is due becomes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// Sound, as it is.
    Sound,
    /// Comfort noise of this payload type and level, in -dBov.
    Noise(u8, u8),
    /// It is not sent.
    Nothing,
}

/// How long nobody has talked to one far end, and what it was told of that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hush {
    payload_type: u8,
    /// Ticks since anything was heard but noise, up to [`HANGOVER`].
    quiet: u16,
    /// What was heard in the ticks that are measured now, summed up, and how many they are.
    sum: Loudness,
    summed: u16,
    /// The level that was measured last.
    level: u8,
    /// The level that was told last, and ticks since then.
    told: Option<(u8, u16)>,
}

impl Hush {
    /// Begins with sound.
    pub(crate) fn new(payload_type: u8) -> Self {
        Self {
            payload_type,
            quiet: 0,
            sum: 0,
            summed: 0,
            level: voice::SILENT,
            told: None,
        }
    }

    /// A tick's sound is heard. Where nobody `talks`, it is noise however loud.
    pub(crate) fn hear(&mut self, frame: &Frame, talks: bool) {
        let now = voice::mean_square(frame.samples());
        if talks && now >= QUIET {
            self.speak();
            return;
        }
        self.quiet = (self.quiet + 1).min(HANGOVER);
        self.measure(now);
        if let Some((_, since)) = &mut self.told {
            *since = since.saturating_add(1);
        }
    }

    fn measure(&mut self, now: Loudness) {
        self.sum += now;
        self.summed += 1;
        if self.summed == MEASURED {
            self.level = voice::level(self.sum / u64::from(MEASURED));
            (self.sum, self.summed) = (0, 0);
        }
    }

    /// Something else is sent than silence.
    pub(crate) fn speak(&mut self) {
        self.quiet = 0;
        (self.sum, self.summed) = (0, 0);
        self.told = None;
    }

    /// Tells whether nobody has talked for the whole hang-over, than which no packet is longer.
    pub(crate) fn is_silent(&self) -> bool {
        self.quiet == HANGOVER
    }

    /// Decides what becomes of a packet that ends with what was heard last.
    pub(crate) fn turn(&mut self) -> Turn {
        if !self.is_silent() {
            return Turn::Sound;
        }
        let level = self.level;
        let is_due = |(told, since)| since >= AGAIN || level.abs_diff(told) >= STEP;
        if !self.told.is_none_or(is_due) {
            return Turn::Nothing;
        }
        self.told = Some((level, 0));
        Turn::Noise(self.payload_type, level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::constant;

    /// What becomes of so many packets of 20 ms.
    fn turns(hush: &mut Hush, value: i16, talks: bool, ticks: usize) -> Vec<Turn> {
        let frame = constant(value);
        let turn = |_| {
            hush.hear(&frame, talks);
            hush.turn()
        };
        (0..ticks).map(turn).collect()
    }

    fn told(turns: &[Turn]) -> Vec<(usize, Turn)> {
        let turns = turns.iter().copied().enumerate();
        turns.filter(|(_, turn)| *turn != Turn::Nothing).collect()
    }

    #[test]
    fn silence_is_told_after_half_a_second_and_then_once_a_second() {
        let mut hush = Hush::new(13);
        assert_eq!(turns(&mut hush, 9_000, true, 9), [Turn::Sound; 9]);
        assert_eq!(turns(&mut hush, 0, true, 24), [Turn::Sound; 24]);
        let silence = Turn::Noise(13, 127);
        let found = told(&turns(&mut hush, 0, true, 101));
        assert_eq!(found, [(0, silence), (50, silence), (100, silence)]);
        assert_eq!(turns(&mut hush, 40, true, 1), [Turn::Sound]);
        assert_eq!(turns(&mut hush, 30, true, 24), [Turn::Sound; 24]);
        assert_eq!(turns(&mut hush, 30, true, 1), [Turn::Noise(13, 61)]);
    }

    #[test]
    fn noise_is_told_by_its_level_and_again_when_that_differs_by_3_db() {
        let mut hush = Hush::new(98);
        let noise = |level| Turn::Noise(98, level);
        let found = turns(&mut hush, 328, false, 30);
        assert_eq!(told(&found[24..]), [(0, noise(40))]);
        let found = told(&turns(&mut hush, 1_036, false, 60));
        assert_eq!(found, [(9, noise(30)), (59, noise(30))]);
        // 1.6 dB less, which is told in its time.
        let found = told(&turns(&mut hush, 860, false, 60));
        assert_eq!(found, [(49, noise(32))]);
        // In five of ten ticks it is this, in the next what it is then.
        turns(&mut hush, 860, false, 5);
        let found = told(&turns(&mut hush, 0, false, 20));
        assert_eq!(found, [(4, noise(35)), (14, noise(127))]);
    }
}
