//! What a phone does, without a socket: frames out, packets in, what was heard.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;
use bytes::Bytes;

use super::{
    Frame, Source, Window,
    recording::Recording,
    source::CodedLoop,
    wire::{self, Sent},
};

/// Counts of a phone since it was made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct PhoneCounters {
    /// RTP packets sent.
    pub sent: u64,
    /// RTP packets received and recorded.
    pub received: u64,
    /// Packets missing in the received sequence numbers.
    pub lost: u64,
    /// Frames of 20 ms that the sender left out: its time stamps ran on, its sequence numbers did
    /// not.
    pub left_out: u64,
    /// Datagrams that were no sound RTP in a codec that phones speak.
    pub refused: u64,
}

/// A simulated leg as a pure machine: the shell sends what [`Machine::next_frame`] yields every
/// 20 ms and hands in what arrives.
#[derive(Debug)]
pub struct Machine {
    codec: Codec,
    remote: Option<SocketAddr>,
    source: CodedLoop,
    sequence: u16,
    time_stamp: u32,
    ssrc: u32,
    recording: Recording,
    last_heard: Option<Heard>,
    counters: PhoneCounters,
}

/// The newest packet of a stream.
#[derive(Clone, Copy, Debug)]
struct Heard {
    ssrc: u32,
    sequence: u16,
    time_stamp: u32,
    codec: Codec,
}

impl Machine {
    /// A leg that says `source` and keeps what it received for `kept`.
    pub fn new(source: &Source, codec: Codec, kept: Duration, random: &mut fastrand::Rng) -> Self {
        Self {
            codec,
            remote: None,
            source: source.coded(codec),
            sequence: random.u16(..),
            time_stamp: random.u32(..),
            ssrc: random.u32(..),
            recording: Recording::new(kept),
            last_heard: None,
            counters: PhoneCounters::default(),
        }
    }

    /// Sends to `remote` from the next frame on; `None` stops.
    pub fn set_remote(&mut self, remote: Option<SocketAddr>) {
        self.remote = remote;
    }

    /// The frames that arrived in `window`.
    pub fn frames(&self, window: Window) -> Vec<Frame> {
        self.recording.frames(window)
    }

    /// Counts since it was made.
    pub fn counters(&self) -> PhoneCounters {
        self.counters
    }

    /// The packet of the next 20 ms, and where it goes; `None` while there is no remote.
    pub fn next_frame(&mut self) -> Option<(SocketAddr, Bytes)> {
        let payload = self.source.next_frame();
        self.time_stamp = self.time_stamp.wrapping_add(self.codec.frame_units());
        let remote = self.remote?;
        self.sequence = self.sequence.wrapping_add(1);
        let sent = Sent {
            marker: self.counters.sent == 0,
            payload_type: self.codec.payload_type(),
            sequence: self.sequence,
            time_stamp: self.time_stamp,
            ssrc: self.ssrc,
        };
        self.counters.sent += 1;
        Some((remote, wire::write(sent, payload)?))
    }

    /// Takes a packet that arrived.
    pub fn handle_rtp(&mut self, octets: &[u8], from: SocketAddr, now: Instant) {
        let packet = wire::read(octets);
        let heard = packet.and_then(|p| Some((Codec::of_payload_type(p.header.payload_type)?, p)));
        let Some((codec, packet)) = heard else {
            self.counters.refused += 1;
            return;
        };
        let (ssrc, sequence) = (packet.header.ssrc, packet.header.sequence_number);
        self.note(Heard {
            ssrc,
            sequence,
            time_stamp: packet.header.timestamp,
            codec,
        });
        self.counters.received += 1;
        self.recording.push(Frame {
            arrival: now,
            from,
            sequence,
            time_stamp: packet.header.timestamp,
            ssrc,
            codec,
            payload: packet.payload,
        });
    }

    /// Counts what is missing before this packet. A late packet takes its place back.
    fn note(&mut self, heard: Heard) {
        let same = |newest: &Heard| newest.ssrc == heard.ssrc;
        let Some(newest) = self.last_heard.filter(same) else {
            self.last_heard = Some(heard);
            return;
        };
        let step = heard.sequence.wrapping_sub(newest.sequence);
        if (1..0x8000).contains(&step) {
            self.counters.lost += u64::from(step - 1);
            let samples = heard.time_stamp.wrapping_sub(newest.time_stamp);
            let frames = samples / heard.codec.frame_units();
            self.counters.left_out += u64::from(frames.saturating_sub(u32::from(step)));
            self.last_heard = Some(heard);
        } else if step != 0 {
            self.counters.lost = self.counters.lost.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phones::{Frequency, Level, Tone};

    #[test]
    fn what_the_network_lost_and_what_the_sender_left_out_are_told_apart() {
        let mut random = fastrand::Rng::with_seed(1);
        let source = Source::tone(Tone {
            frequency: Frequency(400.0),
            level: Level(-20.0),
        });
        let kept = Duration::from_secs(1);
        let mut phone = Machine::new(&source, Codec::Pcmu, kept, &mut random);
        let from = SocketAddr::from(([127, 0, 0, 1], 4_000));
        for (sequence, frame) in [(65_534, 0), (65_535, 1), (2, 4), (1, 3), (3, 8)] {
            let sent = Sent {
                marker: false,
                payload_type: 0,
                sequence,
                time_stamp: (u32::MAX - 200_u32).wrapping_add(frame * 160),
                ssrc: 1,
            };
            let octets = wire::write(sent, Bytes::from_static(&[0xff; 160])).unwrap();
            phone.handle_rtp(&octets, from, Instant::now());
        }
        phone.handle_rtp(b"rubbish", from, Instant::now());
        let expected = PhoneCounters {
            sent: 0,
            received: 5,
            lost: 1,
            left_out: 3,
            refused: 1,
        };
        assert_eq!(phone.counters(), expected);
    }
}
