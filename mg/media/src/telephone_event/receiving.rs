//! Digits that arrive as events, each told once (RFC 4733 2.5.2).

use mg_contract::{Dtmf, Rate};

use super::Payload;

/// Samples of a second of what digits are measured in.
const NARROW_HZ: u32 = Rate::Narrow.hz();
/// Ticks without a packet after which a digit counts as over: three of the longest intervals in use,
/// which are 50 ms.
const LOST: u32 = 8;
/// Time stamps that lie before the last digit's by less than this, in seconds, are of digits before it.
const OLD: u32 = 5;

/// A packet with an event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Arrived {
    /// Its source.
    pub(crate) ssrc: u32,
    /// When the digit, or its segment, began.
    pub(crate) time_stamp: u32,
    /// Units of a second of time stamp and duration.
    pub(crate) clock_rate: u32,
    /// What it says.
    pub(crate) payload: Payload,
}

/// What became known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Happened {
    /// A digit has begun.
    Began(Dtmf),
    /// It has ended after so many samples at 8 kHz.
    Ended(Dtmf, u32),
}

/// The digits of one source at a time.
#[derive(Debug, Default)]
pub(crate) struct Receiving {
    /// Source and time stamp of the last digit.
    last: Option<(u32, u32)>,
    current: Option<Current>,
}

/// A digit that lasts.
#[derive(Clone, Copy, Debug)]
struct Current {
    digit: Dtmf,
    /// Units of a second of what follows.
    clock_rate: u32,
    /// How long the segments were that are over.
    before: u32,
    /// How long this one is.
    duration: u32,
    /// Ticks since a packet came.
    silent: u32,
}

impl Receiving {
    /// Takes a packet.
    pub(crate) fn hear(&mut self, arrived: Arrived, mut happened: impl FnMut(Happened)) {
        let Arrived {
            ssrc,
            time_stamp,
            clock_rate,
            payload,
        } = arrived;
        let ahead = self.last.map(|(_, last)| time_stamp.wrapping_sub(last));
        let same_source = self.last.is_some_and(|(last, _)| last == ssrc);
        match ahead.filter(|_| same_source) {
            Some(0) => {}
            Some(ahead) if ahead.wrapping_neg() < OLD * clock_rate => return,
            Some(ahead) if self.goes_on(payload.digit, ahead) => {
                self.last = Some((ssrc, time_stamp));
            }
            Some(_) | None => {
                self.last = Some((ssrc, time_stamp));
                self.end(&mut happened);
                self.current = Some(Current::new(payload.digit, clock_rate));
                happened(Happened::Began(payload.digit));
            }
        }
        // What is told of a digit after its end is its end once more.
        if let Some(current) = &mut self.current {
            current.silent = 0;
            current.duration = current.duration.max(payload.duration.into());
            if payload.end {
                self.end(&mut happened);
            }
        }
    }

    /// Lets a tick pass.
    pub(crate) fn tick(&mut self, mut happened: impl FnMut(Happened)) {
        if let Some(current) = &mut self.current {
            current.silent += 1;
            if current.silent > LOST {
                self.end(&mut happened);
            }
        }
    }

    /// Tells whether a time stamp that is so far ahead begins the next segment of the same digit.
    fn goes_on(&mut self, digit: Dtmf, ahead: u32) -> bool {
        let Some(current) = &mut self.current else {
            return false;
        };
        // A packet whose duration is within 200 ms of the longest may be a segment's last.
        let segment_end = 0xffff - current.clock_rate / 5;
        let goes_on = current.digit == digit
            && current.duration >= segment_end
            && (segment_end..=0x1_0000).contains(&ahead);
        if goes_on {
            current.before += ahead;
            current.duration = 0;
        }
        goes_on
    }

    fn end(&mut self, happened: &mut impl FnMut(Happened)) {
        if let Some(current) = self.current.take() {
            happened(Happened::Ended(current.digit, current.samples()));
        }
    }
}

impl Current {
    fn new(digit: Dtmf, clock_rate: u32) -> Self {
        Self {
            digit,
            clock_rate,
            before: 0,
            duration: 0,
            silent: 0,
        }
    }

    /// How long it has lasted, in samples at 8 kHz.
    fn samples(&self) -> u32 {
        let lasted = u64::from(self.before) + u64::from(self.duration);
        let samples = lasted * u64::from(NARROW_HZ) / u64::from(self.clock_rate.max(1));
        u32::try_from(samples).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Happened::{Began, Ended},
        *,
    };

    /// Hears packets: digit, time stamp, whether it is the end, duration.
    fn hear(receiving: &mut Receiving, packets: &[(u8, u32, bool, u16)]) -> Vec<Happened> {
        let mut heard = Vec::new();
        for &(digit, time_stamp, end, duration) in packets {
            let payload = Payload {
                digit: Dtmf(digit),
                end,
                duration,
            };
            let arrived = Arrived {
                ssrc: 1,
                time_stamp,
                clock_rate: 8_000,
                payload,
            };
            receiving.hear(arrived, |happened| heard.push(happened));
        }
        heard
    }

    fn ticks(receiving: &mut Receiving, count: u32) -> Vec<Happened> {
        let mut heard = Vec::new();
        for _ in 0..count {
            receiving.tick(|happened| heard.push(happened));
        }
        heard
    }

    #[test]
    fn a_digit_is_told_once_whichever_of_its_packets_are_lost() {
        let all = [
            (7, 9000, false, 160),
            (7, 9000, false, 320),
            (7, 9000, true, 400),
            (7, 9000, true, 400),
            (7, 9000, true, 400),
        ];
        for lost in 0..31 {
            let kept: Vec<_> = (0..5).filter(|n| lost >> n & 1 == 0).collect();
            let packets: Vec<_> = kept.iter().map(|n| all[*n]).collect();
            let mut receiving = Receiving::default();
            let mut heard = hear(&mut receiving, &packets);
            heard.extend(ticks(&mut receiving, 20));
            let known = kept.last().map_or(0, |n| u32::from(all[*n].3));
            assert_eq!(heard, [Began(Dtmf(7)), Ended(Dtmf(7), known)], "{lost:b}");
        }
    }

    #[test]
    fn the_next_digit_ends_one_whose_end_was_lost_and_late_packets_say_nothing() {
        let mut receiving = Receiving::default();
        let heard = hear(
            &mut receiving,
            &[
                (1, u32::MAX - 99, false, 160),
                (1, 1000, false, 160),
                (1, u32::MAX - 99, true, 400),
                (1, 1000, true, 800),
                (2, 5000, true, 80),
                (1, 1000, true, 800),
                (2, 5000, true, 80),
            ],
        );
        let one = [
            Began(Dtmf(1)),
            Ended(Dtmf(1), 160),
            Began(Dtmf(1)),
            Ended(Dtmf(1), 800),
        ];
        let two = [Began(Dtmf(2)), Ended(Dtmf(2), 80)];
        assert_eq!(heard, [&one[..], &two[..]].concat());
    }

    #[test]
    fn segments_are_one_digit_and_a_source_that_starts_anew_is_heard() {
        let mut receiving = Receiving::default();
        let long = [
            (3, 100, false, 65_500),
            (3, 65_635, false, 160),
            (3, 65_635, true, 1000),
        ];
        let heard = hear(&mut receiving, &long);
        assert_eq!(heard, [Began(Dtmf(3)), Ended(Dtmf(3), 65_535 + 1000)]);
        let arrived = Arrived {
            ssrc: 2,
            time_stamp: 65_000,
            clock_rate: 8_000,
            payload: Payload {
                digit: Dtmf(3),
                end: false,
                duration: 0,
            },
        };
        let mut heard = Vec::new();
        receiving.hear(arrived, |happened| heard.push(happened));
        assert_eq!(heard, [Began(Dtmf(3))]);
    }

    #[test]
    fn at_the_clock_of_opus_a_digit_lasts_as_long_and_its_segments_are_shorter() {
        let mut receiving = Receiving::default();
        let mut heard = Vec::new();
        let packets = [
            (100, false, 960),
            (100, false, 57_600),
            (65_635, false, 960),
            (65_635, true, 30_465),
        ];
        for (time_stamp, end, duration) in packets {
            let arrived = Arrived {
                ssrc: 1,
                time_stamp,
                clock_rate: 48_000,
                payload: Payload {
                    digit: Dtmf(4),
                    end,
                    duration,
                },
            };
            receiving.hear(arrived, |happened| heard.push(happened));
        }
        assert_eq!(heard, [Began(Dtmf(4)), Ended(Dtmf(4), 16_000)], "2 s");
    }
}
