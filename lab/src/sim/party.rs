//! A simulated leg in virtual time.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use crate::phones::codec::Codec;
use bytes::Bytes;
use mg_contract::RtpPort;

use crate::phones::{FRAME, Hearing, Machine, Source, Tone, Window, sdp, tone};

/// What is listened to: long enough to tell the tones apart, short enough to be of one room only.
const LISTEN: Duration = Duration::from_millis(200);
/// What a party remembers.
const KEPT: Duration = Duration::from_secs(1);

/// A party: it says its tone from the moment it is connected and remembers what it receives.
#[derive(Debug)]
pub struct Party {
    address: SocketAddr,
    codec: Codec,
    machine: Machine,
    next_frame_at: Option<Instant>,
}

impl Party {
    /// How many parties have a tone of their own.
    pub const MOST: usize = 6;

    /// The party of this number, below [`Party::MOST`]; odd ones speak PCMA, even ones PCMU.
    pub(super) fn new(number: usize) -> Self {
        let port = 40_000 + 2 * u16::try_from(number).expect("there are few parties");
        let codec = if number.is_multiple_of(2) {
            Codec::Pcmu
        } else {
            Codec::Pcma
        };
        let source = Source::tone(tones()[number]);
        let mut random = fastrand::Rng::with_seed(number as u64);
        Self {
            address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
            codec,
            machine: Machine::new(&source, codec, KEPT, &mut random),
            next_frame_at: None,
        }
    }

    /// Where it receives RTP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its SDP offer.
    pub fn offer(&self) -> String {
        sdp::offer(self.address, self.codec)
    }

    /// Which parties it heard of late, by their numbers.
    pub fn hears(&self, now: Instant) -> Vec<bool> {
        let frames = self.machine.frames(Window::before(now, LISTEN));
        Hearing::of(&frames, &tones()).heard().to_vec()
    }

    pub(super) fn connect(&mut self, gateway: SocketAddr, now: Instant) {
        self.machine.set_remote(Some(gateway));
        self.next_frame_at = Some(now);
    }

    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        self.next_frame_at
    }

    /// The packet that is due, and the gateway's port that it goes to.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Option<(RtpPort, Bytes)> {
        let due = self.next_frame_at.filter(|&at| at <= now)?;
        self.next_frame_at = Some(due + FRAME);
        let (gateway, octets) = self.machine.next_frame()?;
        Some((RtpPort(gateway.port()), octets))
    }

    pub(super) fn handle_rtp(&mut self, octets: &[u8], from: SocketAddr, now: Instant) {
        self.machine.handle_rtp(octets, from, now);
    }
}

fn tones() -> Vec<Tone> {
    tone::plan(Party::MOST, Party::MOST).expect("a few tones can always be planned")
}
