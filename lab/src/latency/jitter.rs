//! What jitter does to the way: talkers whose packets come up to 60 ms apart from their time for a
//! while, and how long the gateway takes to follow, there and back.

use std::time::Duration;

use bytes::Bytes;

use super::{
    LatencyError, Moment,
    chirps::coded,
    fleet::{Due, Log},
    heard::{FRAME, Heard, energy, find},
};
use crate::phones::codec::Codec;

/// Packets are late by so much at most while there is jitter: 30 ms more or less than the middle.
const SPREAD: f64 = 0.06;
/// Samples said without a pause, 400 ms.
const SPURT: usize = 20 * FRAME;
/// And those of the pause after it, 100 ms.
const PAUSE: usize = 5 * FRAME;
/// The loudest sample.
const PEAK: i32 = 8_000;
/// A frame is looked for up to so many samples back, 300 ms.
const BACK: usize = 2_400;
/// A frame that is less like what was said is not what was said.
const LIKE: f32 = 0.85;
/// With less than this share of the energy of what was said there is nothing to compare.
const SILENT: f32 = 0.05;
/// A delay is back where it was when it is longer by no more, in milliseconds.
const BACK_WITHIN: f64 = 5.0;
/// Or when it is no longer than a tick and a little: who comes right before a tick may have been
/// lucky to be played in it.
const NO_LONGER: f64 = 23.0;

/// How long the three parts are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Without jitter.
    pub(super) before: Duration,
    /// With jitter.
    pub(super) jitter: Duration,
    /// Without it again.
    pub(super) after: Duration,
}

/// Rooms of two, of which the first one talks.
pub(super) struct Jitter {
    pub(super) rooms: usize,
    pub(super) parts: Parts,
}

/// What a room has shown; times in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// The delay before.
    pub(super) before: f64,
    /// The delay at the end of the jitter.
    pub(super) during: f64,
    /// From the begin of the jitter to the last frame that was not as it was said; a hundredth of
    /// those that follow may not be either.
    pub(super) adapted: f64,
    /// Frames that were not as they were said after two seconds of jitter, in a hundred.
    pub(super) missed: f64,
    /// From the end of the jitter until the delay is back; infinite where it never is.
    pub(super) back: f64,
}

impl Jitter {
    pub(super) fn length(&self) -> Duration {
        self.parts.before + self.parts.jitter + self.parts.after
    }

    fn packets(&self) -> usize {
        (self.length().as_millis() / 20) as usize
    }

    /// What each leg says: noise in spurts, or nothing.
    pub(super) fn said(&self, random: &mut fastrand::Rng) -> Result<Vec<Vec<Bytes>>, LatencyError> {
        let mut legs = Vec::new();
        for _ in 0..self.rooms {
            let samples = (0..self.packets() * FRAME).map(|n| match n % (SPURT + PAUSE) < SPURT {
                true => random.i32(-PEAK..PEAK) as i16,
                false => 0,
            });
            let samples: Vec<i16> = samples.collect();
            legs.push(coded(Codec::Pcmu, &samples)?);
            legs.push(coded(Codec::Pcmu, &vec![0; samples.len()])?);
        }
        Ok(legs)
    }

    /// When each packet is to be sent.
    pub(super) fn due(&self, random: &mut fastrand::Rng) -> Vec<Due> {
        let jitter = self.parts.before..self.parts.before + self.parts.jitter;
        let mut due = Vec::new();
        for leg in 0..2 * self.rooms {
            let phase = random.f64() * 0.02;
            for packet in 0..self.packets() {
                let time = Duration::from_secs_f64(phase + packet as f64 * 0.02);
                let late = match leg % 2 == 0 && jitter.contains(&time) {
                    true => Duration::from_secs_f64(random.f64() * SPREAD),
                    false => Duration::ZERO,
                };
                due.push(Due {
                    at: time + late,
                    leg,
                    packet,
                });
            }
        }
        due.sort_by_key(|due| due.at);
        due
    }

    /// What became of each room.
    pub(super) fn followed(&self, said: &[Vec<Bytes>], logs: &[Log]) -> Vec<Followed> {
        let rooms = said.chunks(2).zip(logs.chunks(2));
        let room = |(said, logs): (&[Vec<Bytes>], &[Log])| {
            let track = Track::of(&said[0], &logs[0], &logs[1])?;
            Some(track.judge(self.parts))
        };
        rooms.filter_map(room).collect()
    }
}

/// A frame of what was heard.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// When it came, after the talker's begin, in milliseconds.
    at: f64,
    /// How long its sound was under way; `None` where it is not as it was said.
    delay: Option<f64>,
}

#[derive(Debug)]
struct Track(Vec<Point>);

impl Track {
    /// Finds each frame of what the listener heard in what the talker said.
    fn of(said: &[Bytes], talker: &Log, listener: &Log) -> Option<Self> {
        let begin = (*talker.sent.first()?)?;
        let own: Vec<_> = (0..)
            .zip(said)
            .map(|(number, payload)| super::fleet::Came {
                at: Moment(0.0),
                time_stamp: number * FRAME as u32,
                payload: payload.clone(),
            })
            .collect();
        let said = Heard::of(&own, Codec::Pcmu).samples;
        let heard = Heard::of(&listener.came, Codec::Pcmu);
        let loud = energy(&said[..FRAME]);
        let mut last = None;
        let frames = heard.samples.chunks_exact(FRAME).enumerate();
        let points = frames.filter_map(|(number, frame)| {
            if energy(frame) < loud * SILENT {
                return None;
            }
            let at = heard.came(number * FRAME)?.0 - begin.0;
            let now = (at.max(0.0) * 8.0) as usize;
            let place = place(frame, &said, now, last);
            last = place.map(|place| now.saturating_sub(place));
            let delay = place.map(|place| at - place as f64 / 8.0);
            Some(Point { at, delay })
        });
        Some(Self(points.collect()))
    }

    fn judge(&self, parts: Parts) -> Followed {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let (begin, end) = (ms(parts.before), ms(parts.before + parts.jitter));
        let between = |from: f64, to: f64| {
            let points = self.0.iter();
            points.filter(move |point| (from..to).contains(&point.at))
        };
        let delay = |from: f64, to: f64| {
            let mut delays: Vec<f64> = between(from, to).filter_map(|p| p.delay).collect();
            delays.sort_by(f64::total_cmp);
            delays
                .get(delays.len() / 2)
                .copied()
                .unwrap_or(f64::INFINITY)
        };
        let before = delay(begin - 1_000.0, begin);
        let missed = |from: f64| {
            let wrong = between(from, end)
                .filter(|point| point.delay.is_none())
                .count();
            100.0 * wrong as f64 / between(from, end).count().max(1) as f64
        };
        let wrong = between(begin, end).filter(|point| point.delay.is_none());
        let wrong: Vec<f64> = wrong.map(|point| point.at).collect();
        let adapted = wrong.iter().find(|&&at| missed(at + 0.1) <= 1.0);
        // The last ones of the jitter may still be waiting when it ends.
        let mut back = between(end + SPREAD * 1e3, f64::INFINITY);
        let is_back = |delay: f64| delay <= NO_LONGER.max(before + BACK_WITHIN);
        let back = back.find(|point| point.delay.is_some_and(is_back));
        Followed {
            before,
            during: delay(end - 1_000.0, end),
            adapted: adapted.map_or(0.0, |at| at - begin),
            missed: missed(begin + 2_000.0),
            back: back.map_or(f64::INFINITY, |point| point.at - end),
        }
    }
}

/// In which sample of what was said a frame begins: where the one before leads to expect it, or
/// anywhere within reach.
fn place(frame: &[f32], said: &[f32], now: usize, last: Option<usize>) -> Option<usize> {
    let like = |from: usize, to: usize| {
        let part = said.get(from..to.min(said.len()))?;
        let (at, like) = find(frame, part)?;
        (like > LIKE).then_some(from + at)
    };
    let expected = last.and_then(|last| now.checked_sub(last));
    let near = expected.and_then(|at| like(at.saturating_sub(8), at + 8 + FRAME));
    near.or_else(|| like(now.saturating_sub(BACK), now + FRAME))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latency::fleet::Came;

    const PARTS: Parts = Parts {
        before: Duration::from_secs(2),
        jitter: Duration::from_secs(4),
        after: Duration::from_secs(2),
    };

    /// A gateway that follows within a second, and goes back half a second after the end.
    fn gateway(frame: usize) -> (usize, bool) {
        match frame {
            100..150 => (1, !frame.is_multiple_of(3)),
            150..325 => (4, true),
            _ => (1, true),
        }
    }

    #[test]
    fn a_gateway_s_delay_and_what_it_makes_up_are_seen() {
        let jitter = Jitter {
            rooms: 1,
            parts: PARTS,
        };
        let said = jitter.said(&mut fastrand::Rng::with_seed(1)).unwrap();
        let came = (5..400).map(|frame| {
            let (delay, whole) = gateway(frame);
            let payload = match whole {
                true => said[0][frame - delay].clone(),
                false => said[0][frame + 1].iter().rev().copied().collect(),
            };
            Came {
                at: Moment(frame as f64 * 20.0),
                time_stamp: frame as u32 * 160,
                payload,
            }
        });
        let listener = Log {
            sent: Vec::new(),
            came: came.collect(),
        };
        let talker = Log {
            sent: vec![Some(Moment(0.0)); 400],
            came: Vec::new(),
        };
        let followed = jitter.followed(&said, &[talker, listener])[0];
        assert_eq!((followed.before, followed.during), (20.0, 80.0));
        assert!((700.0..1_001.0).contains(&followed.adapted), "{followed:?}");
        assert_eq!(followed.missed, 0.0);
        assert!((400.0..620.0).contains(&followed.back), "{followed:?}");
    }
}
