//! The send side of a stream: numbers and time stamps that never stop.

use mg_contract::StreamStatistics;

use crate::{
    clock::Units,
    rtp::{HEADER_LENGTH, Header},
    telephone_event::{EventPacket, PAYLOAD_LENGTH},
};

/// Time stamp units of a second in which events are told.
const EVENT_CLOCK: u32 = 8_000;

/// Numbers the packets of one stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    ssrc: u32,
    sequence: u16,
    /// What is added to the engine's time stamps (RFC 3550 5.1: a random start).
    offset: u32,
    /// Time stamp units of a second.
    clock_rate: u32,
    /// Whether the tick before sent nothing.
    paused: bool,
    packets: u64,
    octets: u64,
}

impl Sender {
    /// Starts at random numbers (RFC 3550 5.1).
    pub(crate) fn new(rng: &mut fastrand::Rng) -> Self {
        Self {
            ssrc: rng.u32(..),
            sequence: rng.u16(..),
            offset: rng.u32(..),
            clock_rate: 8_000,
            paused: true,
            packets: 0,
            octets: 0,
        }
    }

    /// Says how many time stamp units a second has from now on.
    pub(crate) fn count_in(&mut self, clock_rate: u32) {
        self.clock_rate = clock_rate;
    }

    /// Writes a packet of sound whose first sample is at `units`; `payload` writes its sound and returns
    /// the octets. Returns the length, 0 if nothing need be sent.
    pub(crate) fn write(
        &mut self,
        payload_type: u8,
        units: Units,
        out: &mut [u8],
        payload: &mut dyn FnMut(&mut [u8]) -> usize,
    ) -> usize {
        let octets = payload(&mut out[HEADER_LENGTH..]);
        if octets == 0 {
            self.paused = true;
            return 0;
        }
        let marker = std::mem::replace(&mut self.paused, false);
        let at = units.time_stamp(self.clock_rate);
        self.head(marker, payload_type, at, octets, out);
        HEADER_LENGTH + octets
    }

    /// Writes comfort noise of a level in -dBov that begins at `units`; the sound after it starts a talk
    /// spurt. Returns the length.
    pub(crate) fn write_noise(
        &mut self,
        payload_type: u8,
        units: Units,
        level: u8,
        out: &mut [u8],
    ) -> usize {
        self.paused = true;
        let at = units.time_stamp(self.clock_rate);
        self.head(false, payload_type, at, 1, out);
        out[HEADER_LENGTH] = level;
        HEADER_LENGTH + 1
    }

    /// Writes an event in place of a tick's sound; the sound after it starts a talk spurt. Returns the
    /// length.
    pub(crate) fn write_event(
        &mut self,
        event: &EventPacket,
        payload_type: u8,
        out: &mut [u8],
    ) -> usize {
        let length = HEADER_LENGTH + PAYLOAD_LENGTH;
        self.paused = true;
        let scale = self.clock_rate / EVENT_CLOCK;
        let (marker, time_stamp) = (event.marker, event.time_stamp.wrapping_mul(scale));
        self.head(marker, payload_type, time_stamp, PAYLOAD_LENGTH, out);
        out[HEADER_LENGTH..length].copy_from_slice(&event.payload.octets());
        length
    }

    /// A tick passes without a packet. The time stamps run on, the numbers wait, and the next
    /// packet starts a talk spurt.
    pub(crate) fn pause(&mut self) {
        self.paused = true;
    }

    /// Returns the source's number.
    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Returns a time as this source's time stamps have it.
    pub(crate) fn time_stamp(&self, at: Units) -> u32 {
        self.offset.wrapping_add(at.time_stamp(self.clock_rate))
    }

    /// Returns packets and payload octets sent.
    pub(crate) fn sent(&self) -> (u64, u64) {
        (self.packets, self.octets)
    }

    /// Writes the header of a packet, and counts it with its payload.
    fn head(&mut self, marker: bool, payload_type: u8, at: u32, payload: usize, out: &mut [u8]) {
        let header = Header {
            marker,
            payload_type,
            sequence: self.sequence,
            time_stamp: self.offset.wrapping_add(at),
            ssrc: self.ssrc,
        };
        out[..HEADER_LENGTH].copy_from_slice(&header.octets());
        self.sequence = self.sequence.wrapping_add(1);
        self.packets += 1;
        self.octets += payload as u64;
    }

    /// Fills in the send side's part of the statistics.
    pub(crate) fn fill_in(&self, statistics: &mut StreamStatistics) {
        statistics.packets_sent = self.packets;
        statistics.octets_sent = self.octets;
    }
}
