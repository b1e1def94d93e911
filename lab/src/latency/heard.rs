//! What a leg heard, as one stretch of samples at 8 kHz of which each knows when it came.

use super::{Moment, fleet::Came};
use crate::phones::{
    codec::{self, Codec},
    opus::Stretcher,
};

/// Samples of 20 ms at 8 kHz.
pub(super) const FRAME: usize = 160;
/// A sample's length in milliseconds.
const SAMPLE_MS: f64 = 0.125;

/// Samples one after another, and when each packet of them came.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    pub(super) samples: Vec<f32>,
    packets: Vec<Option<Moment>>,
}

impl Heard {
    /// By the time stamps; what is missing is silence.
    pub(super) fn of(came: &[Came], codec: Codec) -> Self {
        let Some(first) = came.first() else {
            return Self::default();
        };
        let mut heard = Self::default();
        let mut stretcher = Stretcher::default();
        for packet in came {
            let place = packet.time_stamp.wrapping_sub(first.time_stamp) / codec.frame_units();
            let place = place as usize;
            // A jump of a minute is no time stamp of this stream.
            if place > heard.packets.len() + 3_000 || place < heard.packets.len() {
                continue;
            }
            heard.samples.resize(place * FRAME, 0.0);
            heard.packets.resize(place, None);
            heard.packets.push(Some(packet.at));
            let decoded: Vec<i16> = match codec.law() {
                Some(law) => {
                    let octets = packet.payload.iter();
                    octets.map(|&octet| codec::decode(law, octet)).collect()
                }
                None => stretcher.decode(&packet.payload).to_vec(),
            };
            let samples = decoded.iter().map(|&sample| f32::from(sample));
            heard.samples.extend(samples);
            heard.samples.resize((place + 1) * FRAME, 0.0);
        }
        heard
    }

    /// When the packet came that holds a sample.
    pub(super) fn came(&self, sample: usize) -> Option<Moment> {
        *self.packets.get(sample / FRAME)?
    }

    /// When a sample is to be played, if its packet is played as it comes.
    pub(super) fn plays(&self, sample: usize) -> Option<Moment> {
        let came = self.came(sample)?;
        Some(Moment(came.0 + (sample % FRAME) as f64 * SAMPLE_MS))
    }

    /// The first sample of the first packet that came at a moment or later.
    pub(super) fn since(&self, moment: Moment) -> usize {
        let since = |came: &Option<Moment>| came.is_some_and(|came| came.0 >= moment.0);
        let packet = self.packets.iter().position(since);
        packet.unwrap_or(self.packets.len()) * FRAME
    }
}

/// Where a pattern is found best within `samples`, and how well: 1 is perfectly, whatever the
/// loudness.
pub(super) fn find(pattern: &[f32], samples: &[f32]) -> Option<(usize, f32)> {
    let own = energy(pattern).sqrt();
    let fit = |at: usize, part: &[f32]| {
        let product: f32 = pattern.iter().zip(part).map(|(a, b)| a * b).sum();
        // A part without sound fits nothing.
        let norm = own * energy(part).sqrt().max(own / 1e3);
        (at, product / norm)
    };
    let parts = samples.windows(pattern.len()).enumerate();
    parts
        .map(|(at, part)| fit(at, part))
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The energy of some samples.
pub(super) fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_pattern_is_found_where_it_is_and_a_lost_packet_leaves_its_place() {
        let pattern: Vec<f32> = (0..40).map(|n| ((n * n) as f32 / 9.0).sin()).collect();
        let mut samples = vec![0.0; 400];
        samples[217..257].copy_from_slice(&pattern);
        let (at, fit) = find(&pattern, &samples).unwrap();
        assert_eq!(at, 217);
        assert!(fit > 0.999);
        assert!(find(&pattern, &vec![0.0; 100]).unwrap().1 < 0.01);
        let came = |number: u32| Came {
            at: Moment(f64::from(number) * 20.0),
            time_stamp: (u32::MAX - 100).wrapping_add(number * 160),
            payload: Bytes::from_static(&[0; FRAME]),
        };
        let heard = Heard::of(&[came(0), came(1), came(3)], Codec::Pcmu);
        assert_eq!(heard.samples.len(), 4 * FRAME);
        assert_eq!(heard.came(2 * FRAME), None);
        assert_eq!(heard.plays(3 * FRAME + 8).map(|at| at.0), Some(61.0));
        assert_eq!(heard.since(Moment(20.0)), FRAME);
    }
}
