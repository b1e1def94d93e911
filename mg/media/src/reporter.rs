//! The RTCP side of a stream: when to report, what to report, and the way there and back.

use std::time::{Duration, Instant};

use crate::{
    clock::Clock,
    rtcp::{Bye, ReceiverReport, ReportBlock, Sdes, SenderReport, Writer},
    sender::Sender,
};

/// The least mean time between reports (RFC 3550 6.2); the first comes after half of it.
const INTERVAL: Duration = Duration::from_secs(5);
/// A round trip above this (8 s) comes from a report that was made up.
const ROUND_TRIP_MAX: u32 = 8 << 16;

/// Whether a compound packet is the last one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Last {
    /// More will follow.
    No,
    /// It says goodbye.
    Bye,
}

/// What all reports of one moment have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    /// The canonical name of the engine.
    pub(crate) cname: &'a str,
    /// Turns `now` into the other kinds of time.
    pub(crate) clock: &'a Clock,
    /// When the report leaves.
    pub(crate) now: Instant,
}

/// Reports of one stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reporter {
    due: Instant,
    /// Whether there was one.
    reported: bool,
    /// Packets sent up to each of the last two reports: who sent none since is no sender.
    sent_before: [u64; 2],
    /// Round-trip delay in 65,536ths of a second.
    round_trip: u32,
}

impl Reporter {
    /// Plans the first report.
    pub(crate) fn new(rng: &mut fastrand::Rng, now: Instant) -> Self {
        Self {
            due: now + random(INTERVAL / 2, rng),
            reported: false,
            sent_before: [0; 2],
            round_trip: 0,
        }
    }

    /// Tells whether a report is due, and plans the next if so.
    pub(crate) fn take_due(&mut self, rng: &mut fastrand::Rng, now: Instant) -> bool {
        if now < self.due {
            return false;
        }
        self.due = now + random(INTERVAL, rng);
        true
    }

    /// Tells whether a report was written.
    pub(crate) fn has_reported(&self) -> bool {
        self.reported
    }

    /// Writes a compound packet. Returns the length.
    pub(crate) fn write(
        &mut self,
        sender: &Sender,
        block: Option<ReportBlock>,
        last: Last,
        Moment { cname, clock, now }: Moment<'_>,
        out: &mut [u8],
    ) -> usize {
        self.reported = true;
        let (ssrc, (packets, octets)) = (sender.ssrc(), sender.sent());
        let mut writer = Writer::new(out);
        if packets > self.sent_before[0] {
            SenderReport {
                ssrc,
                ntp: clock.ntp(now),
                time_stamp: sender.time_stamp(clock.units(now)),
                packets: packets as u32,
                octets: octets as u32,
                block,
            }
            .write(&mut writer);
        } else {
            ReceiverReport { ssrc, block }.write(&mut writer);
        }
        self.sent_before = [self.sent_before[1], packets];
        Sdes { ssrc, cname }.write(&mut writer);
        match last {
            Last::No => {}
            Last::Bye => Bye { ssrc }.write(&mut writer),
        }
        writer.finish()
    }

    /// Takes note of when the far end had our last report, and for how long (RFC 3550 6.4.1).
    pub(crate) fn reported(
        &mut self,
        last_sender_report: u32,
        delay: u32,
        clock: &Clock,
        now: Instant,
    ) {
        if last_sender_report == 0 {
            return;
        }
        let middle = (clock.ntp(now) >> 16) as u32;
        let round_trip = middle.wrapping_sub(last_sender_report).wrapping_sub(delay);
        if round_trip <= ROUND_TRIP_MAX {
            self.round_trip = round_trip;
        }
    }

    /// Returns the round-trip delay in time stamp units.
    pub(crate) fn delay(&self) -> u32 {
        ((u64::from(self.round_trip) * 8000) >> 16) as u32
    }
}

/// Between half and one and a half of the mean, so that streams do not report in step
/// (RFC 3550 6.2).
fn random(mean: Duration, rng: &mut fastrand::Rng) -> Duration {
    mean.mul_f64(0.5 + rng.f64())
}
