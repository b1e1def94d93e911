//! What a phone received, frame by frame, kept for a bounded time.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;
use bytes::Bytes;

use super::{codec, opus::Stretcher};

/// Samples of one frame of 20 ms.
pub const FRAME_SAMPLES: usize = 160;
/// The length of one frame.
pub const FRAME: Duration = Duration::from_millis(20);

/// One received RTP packet.
#[derive(Clone, Debug)]
pub struct Frame {
    /// When it arrived.
    pub arrival: Instant,
    /// Where it came from.
    pub from: SocketAddr,
    /// RTP sequence number.
    pub sequence: u16,
    /// RTP time stamp, in the codec's units.
    pub time_stamp: u32,
    /// RTP synchronization source.
    pub ssrc: u32,
    /// What the payload is coded as.
    pub codec: Codec,
    /// The coded audio.
    pub payload: Bytes,
}

impl Frame {
    /// The decoded audio at 8 kHz. What Opus says rests on the frames before, too: see [`audio`].
    pub fn samples(&self) -> Vec<i16> {
        self.decode(&mut None)
    }

    fn decode(&self, stretcher: &mut Option<Stretcher>) -> Vec<i16> {
        match self.codec.law() {
            Some(law) => {
                let octets = self.payload.iter();
                octets.map(|&octet| codec::decode(law, octet)).collect()
            }
            None => {
                let stretcher = stretcher.get_or_insert_default();
                stretcher.decode(&self.payload).to_vec()
            }
        }
    }
}

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The first moment.
    pub from: Instant,
    /// The last moment.
    pub to: Instant,
}

impl Window {
    /// The time from `length` before `end` until `end`.
    pub fn before(end: Instant, length: Duration) -> Self {
        Self {
            from: end.checked_sub(length).unwrap_or(end),
            to: end,
        }
    }
}

/// The latest frames of a phone.
#[derive(Debug)]
pub struct Recording {
    frames: VecDeque<Frame>,
    capacity: usize,
}

impl Recording {
    /// A recording of the latest `length` of audio.
    pub fn new(length: Duration) -> Self {
        let capacity = (length.as_millis() / FRAME.as_millis()).max(1);
        Self {
            frames: VecDeque::new(),
            capacity: usize::try_from(capacity).unwrap_or(usize::MAX),
        }
    }

    /// Takes the newest frame; the oldest makes room.
    pub fn push(&mut self, frame: Frame) {
        if self.frames.len() == self.capacity {
            self.frames.pop_front();
        }
        self.frames.push_back(frame);
    }

    /// The frames that arrived in `window`, in the order of arrival.
    pub fn frames(&self, window: Window) -> Vec<Frame> {
        let first = self.frames.partition_point(|f| f.arrival < window.from);
        self.frames
            .range(first..)
            .take_while(|frame| frame.arrival <= window.to)
            .cloned()
            .collect()
    }
}

/// The latest `count` stretches, newest first, of `length` frames each that follow each other
/// without a gap and come from one source; `None` where there are fewer.
pub fn steady(frames: &[Frame], length: usize, count: usize) -> Option<Vec<&[Frame]>> {
    let follows = |two: &[Frame]| {
        let due = two[0].time_stamp.wrapping_add(two[0].codec.frame_units());
        two[0].ssrc == two[1].ssrc && two[1].time_stamp == due
    };
    let mut stretches = Vec::new();
    let mut rest = frames;
    while stretches.len() < count {
        let start = rest.len().checked_sub(length)?;
        let (before, stretch) = rest.split_at(start);
        match stretch.windows(2).rposition(|two| !follows(two)) {
            None => {
                stretches.push(stretch);
                rest = before;
            }
            Some(gap) => rest = &rest[..=start + gap],
        }
    }
    Some(stretches)
}

/// The audio of the frames that belong to the last one's source, each at the place that its time
/// stamp names; what is missing between them is silence.
pub fn audio(frames: &[Frame]) -> Vec<i16> {
    let Some(last) = frames.last() else {
        return Vec::new();
    };
    let same: Vec<&Frame> = frames.iter().filter(|f| f.ssrc == last.ssrc).collect();
    let start = same.iter().map(|frame| age(last, frame)).max().unwrap_or(0);
    let longest = same.len().saturating_add(50) * FRAME_SAMPLES;
    let last_frame = match last.codec.law() {
        Some(_) => last.payload.len(),
        None => FRAME_SAMPLES,
    };
    let length = usize::try_from(start).unwrap_or(0) + last_frame;
    let mut samples = vec![0; length.min(longest)];
    let mut stretcher = None;
    for frame in same {
        let at = usize::try_from(start - age(last, frame)).unwrap_or(usize::MAX);
        for (n, sample) in frame.decode(&mut stretcher).into_iter().enumerate() {
            if let Some(place) = at.checked_add(n).and_then(|place| samples.get_mut(place)) {
                *place = sample;
            }
        }
    }
    samples
}

/// How many samples `frame` is older than `last`; 0 where it is not older.
fn age(last: &Frame, frame: &Frame) -> i64 {
    let difference = last.time_stamp.wrapping_sub(frame.time_stamp);
    let samples = i64::from(i32::from_ne_bytes(difference.to_ne_bytes())).max(0);
    samples * FRAME_SAMPLES as i64 / i64::from(last.codec.frame_units())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(time_stamp: u32, octet: u8, arrival: Instant) -> Frame {
        Frame {
            arrival,
            from: ([127, 0, 0, 1], 4_000).into(),
            sequence: 0,
            time_stamp,
            ssrc: 1,
            codec: Codec::Pcmu,
            payload: Bytes::from(vec![octet; FRAME_SAMPLES]),
        }
    }

    #[test]
    fn only_the_latest_frames_are_kept() {
        let start = Instant::now();
        let mut recording = Recording::new(FRAME * 3);
        for n in 0..10 {
            recording.push(frame(n * 160, 0, start + FRAME * n));
        }
        let kept = recording.frames(Window {
            from: start,
            to: start + FRAME * 20,
        });
        assert_eq!(kept.first().map(|f| f.time_stamp), Some(7 * 160));
        assert_eq!(kept.len(), 3);
    }

    #[test]
    fn a_lost_frame_leaves_silence_of_its_length() {
        let start = Instant::now();
        let frames = [frame(u32::MAX - 159, 0, start), frame(160, 0, start)];
        let samples = audio(&frames);
        assert_eq!(samples.len(), 3 * FRAME_SAMPLES);
        assert!(samples[..160].iter().all(|&s| s != 0));
        assert!(samples[160..320].iter().all(|&s| s == 0));
        assert!(samples[320..].iter().all(|&s| s != 0));
    }

    #[test]
    fn steady_stretches_are_the_latest_without_a_gap_and_share_no_frame() {
        let start = Instant::now();
        let stamps = [0, 160, 320, 480, 800, 960, 1_120];
        let frames: Vec<Frame> = stamps.iter().map(|&ts| frame(ts, 0, start)).collect();
        let stretches = |length, count| {
            let stretches = steady(&frames, length, count)?;
            Some(stretches.iter().map(|s| s[0].time_stamp).collect())
        };
        assert_eq!(stretches(3, 1), Some(vec![800]));
        assert_eq!(stretches(2, 3), Some(vec![960, 320, 0]));
        assert_eq!(stretches(4, 1), Some(vec![0]));
        assert_eq!(stretches(3, 3), None);
        assert_eq!(stretches(8, 1), None);
    }

    #[test]
    fn a_time_stamp_far_away_costs_no_memory() {
        let start = Instant::now();
        let frames = [frame(0, 0, start), frame(0x4000_0000, 0, start)];
        assert!(audio(&frames).len() <= 60 * FRAME_SAMPLES);
    }
}
