//! The way through the mixer: legs that are silent but for chirps, and when those come out.

use std::{f64::consts::TAU, time::Duration};

use audiopus::SampleRate;
use bytes::Bytes;

use super::{
    LatencyError,
    fleet::{Due, Log},
    heard::{FRAME, Heard, find},
};
use crate::phones::{
    codec::{self, Codec},
    opus,
};

/// Legs of a room.
pub(super) const LEGS: usize = 5;
/// Legs do not say anything before.
const QUIET: usize = 50;
/// Samples from one chirp of a room to the next, 160 ms.
const APART: usize = 8 * FRAME;
/// Samples of a chirp, 20 ms.
const CHIRP: usize = FRAME;
/// It is found within so many samples after it was sent, 150 ms.
const FOUND_WITHIN: usize = 1_200;
/// Its loudest sample.
const PEAK: f64 = 10_000.0;
/// What is no better than this is no chirp.
const LIKE: f32 = 0.6;
/// Milliseconds of a sample.
const SAMPLE_MS: f64 = 0.125;

/// Rooms in which one leg chirps after another.
pub(super) struct Chirps {
    codec: Codec,
    rooms: usize,
    /// In which sample of its leg each chirp begins.
    chirps: Vec<Chirp>,
    packets: usize,
}

#[derive(Clone, Copy, Debug)]
struct Chirp {
    talker: usize,
    listener: usize,
    sample: usize,
}

/// How long the chirps were under way, in milliseconds, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    /// From the sending of the packet that holds a chirp's first sample to the coming of the packet
    /// that does.
    pub(super) packets: Vec<f64>,
    /// From the moment at which that sample is said to the one at which it is to be played.
    pub(super) samples: Vec<f64>,
    /// Chirps that were not found.
    pub(super) lost: usize,
}

impl Chirps {
    /// So many chirps in so many rooms, at random moments.
    pub(super) fn plan(
        codec: Codec,
        rooms: usize,
        chirps: usize,
        random: &mut fastrand::Rng,
    ) -> Self {
        let turns = chirps.div_ceil(rooms);
        let chirp = |room: usize, turn: usize, random: &mut fastrand::Rng| Chirp {
            talker: room * LEGS + turn % LEGS,
            listener: room * LEGS + (turn + 1 + random.usize(..LEGS - 1)) % LEGS,
            sample: QUIET * FRAME + turn * APART + random.usize(..FRAME),
        };
        let chirps = (0..turns * rooms).map(|n| chirp(n % rooms, n / rooms, random));
        Self {
            codec,
            rooms,
            chirps: chirps.collect(),
            packets: QUIET + (turns + 2) * APART / FRAME,
        }
    }

    /// How many legs there are, each room's together.
    pub(super) fn legs(&self) -> usize {
        self.rooms * LEGS
    }

    /// How long it takes.
    pub(super) fn length(&self) -> Duration {
        Duration::from_millis(20) * self.packets as u32 + Duration::from_millis(200)
    }

    /// What each leg says.
    pub(super) fn packets(&self) -> Result<Vec<Vec<Bytes>>, LatencyError> {
        let leg = |leg: usize| {
            let mut samples = vec![0; self.packets * FRAME];
            for chirp in self.chirps.iter().filter(|chirp| chirp.talker == leg) {
                let place = &mut samples[chirp.sample..chirp.sample + CHIRP];
                place.copy_from_slice(&sound());
            }
            coded(self.codec, &samples)
        };
        (0..self.legs()).map(leg).collect()
    }

    /// When each packet is to be sent: every leg has a clock of its own.
    pub(super) fn due(&self, random: &mut fastrand::Rng) -> Vec<Due> {
        let legs = self.legs();
        let mut due = Vec::new();
        for leg in 0..legs {
            // Spread over all there is, in no order.
            let phase = (leg as f64 + random.f64()) / legs as f64 * 0.02;
            due.extend((0..self.packets).map(|packet| Due {
                at: Duration::from_secs_f64(phase + packet as f64 * 0.02),
                leg,
                packet,
            }));
        }
        due.sort_by_key(|due| due.at);
        due
    }

    /// How long each was under way.
    pub(super) fn ways(&self, said: &[Vec<Bytes>], logs: &[Log]) -> Ways {
        let heard = logs.iter().map(|log| Heard::of(&log.came, self.codec));
        let heard: Vec<Heard> = heard.collect();
        let mut ways = Ways::default();
        for chirp in &self.chirps {
            let said = &said[chirp.talker];
            match self.way(*chirp, said, &logs[chirp.talker], &heard[chirp.listener]) {
                Some((by_packets, by_samples)) => {
                    ways.packets.push(by_packets);
                    ways.samples.push(by_samples);
                }
                None => ways.lost += 1,
            }
        }
        ways.packets.sort_by(f64::total_cmp);
        ways.samples.sort_by(f64::total_cmp);
        ways
    }

    fn way(&self, chirp: Chirp, said: &[Bytes], log: &Log, heard: &Heard) -> Option<(f64, f64)> {
        let pattern: Vec<f32> = sound().into_iter().map(f32::from).collect();
        let said = self.said(chirp, said, &pattern)?;
        let sent = log.sent.get(said / FRAME).copied()??;
        let from = heard.since(sent);
        let to = (from + FOUND_WITHIN).min(heard.samples.len());
        let (at, like) = find(&pattern, heard.samples.get(from..to)?)?;
        if like < LIKE {
            return None;
        }
        let found = from + at;
        let by_packets = heard.came(found)?.0 - sent.0;
        let by_samples = heard.plays(found)?.0 - (sent.0 + (said % FRAME) as f64 * SAMPLE_MS);
        Some((by_packets, by_samples))
    }

    /// In which sample the chirp begins for one who decodes what its leg sends: a codec may have a
    /// delay of its own, which is not the mixer's.
    fn said(&self, chirp: Chirp, packets: &[Bytes], pattern: &[f32]) -> Option<usize> {
        if self.codec.law().is_some() {
            return Some(chirp.sample);
        }
        let first = (chirp.sample / FRAME).checked_sub(2)?;
        let mut stretcher = opus::Stretcher::default();
        let packets = packets
            .iter()
            .take(first + 8)
            .map(|packet| stretcher.decode(packet));
        let samples: Vec<f32> = packets.skip(first).flatten().map(f32::from).collect();
        let (at, like) = find(pattern, &samples)?;
        (like > LIKE).then_some(first * FRAME + at)
    }
}

/// A chirp from 500 to 2,900 Hz.
fn sound() -> [i16; CHIRP] {
    std::array::from_fn(|n| {
        let time = n as f64 / 8_000.0;
        let phase = TAU * (500.0 * time + 60_000.0 * time * time);
        (PEAK * phase.sin()) as i16
    })
}

/// Samples at 8 kHz, packet by packet.
pub(super) fn coded(codec: Codec, samples: &[i16]) -> Result<Vec<Bytes>, LatencyError> {
    match codec.law() {
        Some(law) => {
            let octets = |packet: &[i16]| packet.iter().map(|&s| codec::encode(law, s)).collect();
            Ok(samples.chunks_exact(FRAME).map(octets).collect())
        }
        None => {
            let encoder = opus::encoder(SampleRate::Hz8000, false)?;
            Ok(opus::encode(&encoder, samples, FRAME)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::{Moment, fleet::Came};

    /// A mixer that hands on each packet 7 ms later, to everybody.
    fn handed_on(codec: Codec, delay: f64) -> Ways {
        let mut random = fastrand::Rng::with_seed(5);
        let chirps = Chirps::plan(codec, 1, 12, &mut random);
        let said = chirps.packets().unwrap();
        let mut logs = Vec::new();
        for leg in 0..chirps.legs() {
            let others = (0..LEGS).filter(|&other| other != leg);
            // The silent ones do not matter in G.711, and all chirps are apart.
            let mut samples = vec![0_i32; chirps.packets * FRAME];
            for chirp in &chirps.chirps {
                if others.clone().any(|other| other == chirp.talker) {
                    for (n, sample) in sound().into_iter().enumerate() {
                        samples[chirp.sample + n] += i32::from(sample);
                    }
                }
            }
            let samples: Vec<i16> = samples.into_iter().map(|sample| sample as i16).collect();
            let payloads = coded(codec, &samples).unwrap();
            let came = |(number, payload): (usize, Bytes)| Came {
                at: Moment(number as f64 * 20.0 + delay),
                time_stamp: number as u32 * codec.frame_units(),
                payload,
            };
            logs.push(Log {
                sent: (0..chirps.packets)
                    .map(|n| Some(Moment(n as f64 * 20.0)))
                    .collect(),
                came: payloads.into_iter().enumerate().map(came).collect(),
            });
        }
        chirps.ways(&said, &logs)
    }

    #[test]
    fn what_takes_seven_milliseconds_is_found_to_take_seven() {
        for codec in [Codec::Pcmu, Codec::Opus] {
            let ways = handed_on(codec, 7.0);
            assert_eq!((ways.lost, ways.packets.len()), (0, 12));
            for way in [ways.samples[0], ways.samples[11]] {
                assert!((way - 7.0).abs() < 0.5, "{codec:?}: {way}");
            }
        }
        let packets = handed_on(Codec::Pcmu, 31.0).packets;
        assert!(packets.iter().all(|way| (way - 31.0).abs() < 1e-6));
    }
}
