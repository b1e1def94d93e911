//! The packets of one digit that is sent (RFC 4733 2.5.1).

use mg_contract::{Dtmf, Rate};

use super::Payload;
use crate::FRAME;

/// Packets that say that a digit is over (2.5.1.4).
const ENDS: u8 = 3;
/// The longest duration that a packet can tell, in units of its clock; a longer digit goes on in a new
/// segment (2.5.1.3).
const SEGMENT: u32 = 0xffff;
/// Time stamp units of a second of the engine's.
const CLOCK: u32 = Rate::Narrow.hz();

/// A packet to send in place of a tick's sound.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct EventPacket {
    /// Whether it is the first of its digit.
    pub(crate) marker: bool,
    /// When the digit, or its segment, began, by the engine's time stamps.
    pub(crate) time_stamp: u32,
    /// What it says, in units of the clock that it is sent with.
    pub(crate) payload: Payload,
}

/// A digit, with a packet for each tick until it is over and three for its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sending {
    digit: Dtmf,
    /// How long it lasts from the begin of its segment, in time stamp units.
    samples: u32,
    /// The begin of its segment.
    start: Option<u32>,
    /// What the last packet said.
    told: u32,
    ends: u8,
}

impl Sending {
    /// Begins with the next tick.
    pub(crate) fn new(digit: Dtmf, samples: u32) -> Self {
        Self {
            digit,
            samples: samples.max(1),
            start: None,
            told: 0,
            ends: ENDS,
        }
    }

    /// Ends the digit: the next packet says so, if any came before.
    pub(crate) fn stop(&mut self) {
        self.samples = self.samples.min(self.told);
        if self.start.is_none() {
            self.ends = 0;
        }
    }

    /// Tells whether the last packet was the last.
    pub(crate) fn is_over(&self) -> bool {
        self.ends == 0
    }

    /// Returns the packet of a tick, which is sent with this clock.
    pub(crate) fn packet(&mut self, time_stamp: u32, clock_rate: u32) -> EventPacket {
        let scale = (clock_rate / CLOCK).max(1);
        let segment = SEGMENT / scale;
        let marker = self.start.is_none();
        let mut start = self.start.unwrap_or(time_stamp);
        let mut lasted = time_stamp.wrapping_sub(start).wrapping_add(FRAME as u32);
        if lasted > segment && self.samples > segment {
            start = start.wrapping_add(segment);
            lasted -= segment;
            self.samples -= segment;
        }
        let duration = lasted.min(self.samples);
        let end = duration == self.samples;
        (self.start, self.told) = (Some(start), duration);
        self.ends -= u8::from(end);
        EventPacket {
            marker,
            time_stamp: start,
            payload: Payload {
                digit: self.digit,
                end,
                duration: (duration.min(segment) * scale) as u16,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The packets of a digit, from a tick just before the time stamps begin anew.
    fn sent(mut sending: Sending) -> Vec<(bool, u32, bool, u16)> {
        let mut packets = Vec::new();
        let mut now = 0xffff_fff0_u32;
        while !sending.is_over() {
            let EventPacket {
                marker,
                time_stamp,
                payload,
            } = sending.packet(now, CLOCK);
            packets.push((marker, time_stamp, payload.end, payload.duration));
            now = now.wrapping_add(160);
        }
        packets
    }

    #[test]
    fn one_packet_a_tick_with_one_time_stamp_and_three_that_say_the_end() {
        let packets = sent(Sending::new(Dtmf(5), 400));
        let first = 0xffff_fff0;
        assert_eq!(
            packets,
            [
                (true, first, false, 160),
                (false, first, false, 320),
                (false, first, true, 400),
                (false, first, true, 400),
                (false, first, true, 400),
            ]
        );
    }

    #[test]
    fn one_that_is_stopped_tells_how_long_it_was() {
        let mut sending = Sending::new(Dtmf(5), 8000);
        sending.packet(0, CLOCK);
        sending.packet(160, CLOCK);
        sending.stop();
        for tick in 2..5 {
            let payload = sending.packet(tick * 160, CLOCK).payload;
            assert_eq!((payload.end, payload.duration), (true, 320));
        }
        assert!(sending.is_over());
        let mut unsent = Sending::new(Dtmf(5), 8000);
        unsent.stop();
        assert!(unsent.is_over());
    }

    #[test]
    fn a_long_one_goes_on_in_segments() {
        let packets = sent(Sending::new(Dtmf(5), 2 * SEGMENT + 100));
        let mut starts: Vec<u32> = packets.iter().map(|packet| packet.1).collect();
        starts.dedup();
        let first = 0xffff_fff0_u32;
        let later = [1, 2].map(|n| first.wrapping_add(n * SEGMENT));
        assert_eq!(starts, [first, later[0], later[1]]);
        assert_eq!(packets.iter().filter(|packet| packet.0).count(), 1);
        assert_eq!(packets.iter().filter(|packet| packet.2).count(), 3);
        assert_eq!(packets.last().unwrap().3, 100);
    }

    #[test]
    fn at_the_clock_of_opus_it_says_the_same_time_and_its_segments_are_shorter() {
        let mut sending = Sending::new(Dtmf(5), 12_000);
        let mut packets = Vec::new();
        for tick in 0.. {
            if sending.is_over() {
                break;
            }
            packets.push(sending.packet(tick * 160, 48_000));
        }
        let said = |n: usize| (packets[n].time_stamp, packets[n].payload.duration);
        assert_eq!((said(0), said(1)), ((0, 960), (0, 1_920)));
        assert_eq!((said(67), said(68)), ((0, 65_280), (10_922, 708)));
        let last = packets.last().unwrap();
        assert_eq!((last.time_stamp, last.payload.end), (10_922, true));
        assert_eq!(last.payload.duration, (12_000 - 10_922) * 6);
    }
}
