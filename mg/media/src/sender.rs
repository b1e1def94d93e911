//! The send side of a stream: numbers and time stamps that never stop.

use mg_contract::{PayloadFormat, StreamStatistics};

use crate::{
    codec,
    rtp::{HEADER_LENGTH, Header},
    telephone_event::{EventPacket, PAYLOAD_LENGTH},
};

/// Numbers the packets of one stream.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sender {
    ssrc: u32,
    sequence: u16,
    /// What is added to the engine's time stamps (RFC 3550 5.1: a random start).
    offset: u32,
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
            paused: true,
            packets: 0,
            octets: 0,
        }
    }

    /// Writes the packet of one tick; `time_stamp` is the tick's. Returns the length.
    pub(crate) fn write(
        &mut self,
        samples: &[i16],
        format: PayloadFormat,
        time_stamp: u32,
        out: &mut [u8],
    ) -> usize {
        let marker = std::mem::replace(&mut self.paused, false);
        let payload = samples.len();
        self.head(marker, format.payload_type, time_stamp, payload, out);
        let length = HEADER_LENGTH + payload;
        codec::encode(format.codec, samples, &mut out[HEADER_LENGTH..length]);
        length
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
        let (marker, time_stamp) = (event.marker, event.time_stamp);
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

    /// Returns a time stamp of the engine as this source has it.
    pub(crate) fn time_stamp(&self, time_stamp: u32) -> u32 {
        self.offset.wrapping_add(time_stamp)
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
            time_stamp: self.time_stamp(at),
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
