//! Whether the audio of a leg went on without a break.

use std::time::Duration;

use crate::phones::{FRAME, Frame, Window};

/// What became of the stream that a leg receives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Stream {
    /// The longest time without a packet, less the time of those that came at once behind it: they
    /// were late because the machine was.
    pub(super) longest_gap: Duration,
    /// Packets that are missing by their numbers.
    pub(super) missing: u64,
    /// How often it began anew, as another source.
    pub(super) sources: u64,
}

impl Stream {
    /// Judges the frames of a window, in the order of arrival.
    pub(super) fn of(frames: &[Frame], window: Window) -> Self {
        let mut stream = Self::default();
        let mut last = window.from;
        for together in frames.chunk_by(|a, b| a.arrival == b.arrival) {
            let arrival = together[0].arrival;
            let late = FRAME * u32::try_from(together.len() - 1).unwrap_or(u32::MAX);
            let gap = arrival.saturating_duration_since(last);
            stream.longest_gap = stream.longest_gap.max(gap.saturating_sub(late));
            last = arrival;
        }
        let rest = window.to.saturating_duration_since(last);
        stream.longest_gap = stream.longest_gap.max(rest);
        for two in frames.windows(2) {
            if two[0].ssrc == two[1].ssrc {
                let step = two[1].sequence.wrapping_sub(two[0].sequence);
                stream.missing += u64::from(step.wrapping_sub(1));
            } else {
                stream.sources += 1;
            }
        }
        stream
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use crate::phones::codec::Codec;
    use bytes::Bytes;

    use super::*;

    fn frame(start: Instant, ms: u64, sequence: u16, ssrc: u32) -> Frame {
        Frame {
            arrival: start + Duration::from_millis(ms),
            from: ([127, 0, 0, 1], 4_000).into(),
            sequence,
            time_stamp: 0,
            ssrc,
            codec: Codec::Pcmu,
            payload: Bytes::new(),
        }
    }

    #[test]
    fn gaps_losses_and_new_sources_are_told() {
        let from = Instant::now();
        let to = from + Duration::from_millis(200);
        let frames = [
            frame(from, 10, u16::MAX, 1),
            frame(from, 30, 0, 1),
            frame(from, 95, 3, 1),
            frame(from, 115, 80, 2),
        ];
        let stream = Stream::of(&frames, Window { from, to });
        let expected = Stream {
            longest_gap: Duration::from_millis(85),
            missing: 2,
            sources: 1,
        };
        assert_eq!(stream, expected);
        let late = [1, 2, 3, 4].map(|n| frame(from, 110, n, 1));
        let window = Window {
            from,
            to: late[0].arrival,
        };
        assert_eq!(
            Stream::of(&late, window).longest_gap,
            Duration::from_millis(50)
        );
        let silent = Stream::of(&[], Window { from, to });
        assert_eq!(silent.longest_gap, Duration::from_millis(200));
    }
}
