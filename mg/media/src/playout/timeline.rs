//! The time line of a source: its time stamps in 48,000ths of a second, running on over 32 bits.

use super::{UNITS, Units};

/// Turns time stamps into places on the time line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timeline {
    known: Option<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    clock_rate: u32,
    /// The newest packet's.
    time_stamp: u32,
    start: Units,
}

impl Timeline {
    /// The place of a time stamp; `None` if nothing is known of the clock that it is by.
    pub(super) fn place(&self, time_stamp: u32, clock_rate: u32) -> Option<Units> {
        let known = self.known.filter(|known| known.clock_rate == clock_rate)?;
        let ahead = time_stamp.wrapping_sub(known.time_stamp).cast_signed();
        Some(known.start + Units::from(ahead) * (UNITS / Units::from(clock_rate)))
    }

    /// The place of the newest packet.
    pub(super) fn newest(&self) -> Option<Units> {
        self.known.map(|known| known.start)
    }

    /// Says where a time stamp lies that is the newest.
    pub(super) fn set(&mut self, time_stamp: u32, clock_rate: u32, start: Units) {
        self.known = Some(Known {
            clock_rate,
            time_stamp,
            start,
        });
    }

    /// Has the next packet lie wherever it is wanted.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stamps_run_on_over_32_bits_and_another_clock_is_not_known() {
        let mut timeline = Timeline::default();
        assert_eq!(timeline.place(0, 8000), None);
        timeline.set(u32::MAX - 79, 8000, 1000);
        assert_eq!(timeline.place(80, 8000), Some(1000 + 960));
        assert_eq!(timeline.place(u32::MAX - 239, 8000), Some(1000 - 960));
        assert_eq!(timeline.place(80, 48_000), None);
        timeline.set(0, 48_000, 0);
        assert_eq!(timeline.place(960, 48_000), Some(960));
    }
}
