//! Whether the audio of a leg went on without a break.

use std::time::Duration;

use crate::phones::{Frame, Window};

/// What became of the stream that a leg receives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Stream {
    /// The longest time without a packet.
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
        for frame in frames {
            let gap = frame.arrival.saturating_duration_since(last);
            stream.longest_gap = stream.longest_gap.max(gap);
            last = frame.arrival;
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

    use bytes::Bytes;
    use mg_contract::AudioCodec;

    use super::*;

    fn frame(start: Instant, ms: u64, sequence: u16, ssrc: u32) -> Frame {
        Frame {
            arrival: start + Duration::from_millis(ms),
            from: ([127, 0, 0, 1], 4_000).into(),
            sequence,
            time_stamp: 0,
            ssrc,
            codec: AudioCodec::Pcmu,
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
        let silent = Stream::of(&[], Window { from, to });
        assert_eq!(silent.longest_gap, Duration::from_millis(200));
    }
}
