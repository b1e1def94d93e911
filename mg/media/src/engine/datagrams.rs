//! Datagrams that the engine takes, and what it counts where it does not.

use std::{net::SocketAddr, time::Instant};

use mg_contract::RtpPort;

use super::{Engine, leg_of};
use crate::{
    Counters, leg::Leg, network::RtcpRefused, receiver::Refused, rtp::View, srtp::Unopened,
};

/// Octets of the longest datagram whose protection is taken off.
pub(super) const OPENED_MAX: usize = 2048;

impl Engine {
    /// Brings near what a datagram of a port pair needs, which may come now. Of several pairs it takes
    /// about as long as of one; without that each datagram waits for memory.
    pub fn expect_rtp(&self, port: RtpPort) {
        let leg = self.by_port.get(port).and_then(|slot| self.legs.at(slot));
        std::hint::black_box(leg.map(Leg::glance));
    }

    /// Takes a datagram from the RTP socket of a port pair.
    pub fn handle_rtp(&mut self, port: RtpPort, octets: &[u8], from: SocketAddr, now: Instant) {
        let Some(leg) = leg_of(port, &self.by_port, &mut self.legs) else {
            self.counters.unknown_port += 1;
            return;
        };
        if leg.network().is_some_and(|far_end| far_end.is_rtcp(octets)) {
            return self.handle_rtcp(port, octets, from, now);
        }
        let opened = match leg.network() {
            Some(far_end) => far_end.open_rtp(octets, &mut self.opened[..]),
            None => Ok(octets),
        };
        let opened = match opened {
            Ok(opened) => opened,
            Err(unopened) => return self.counters.unopened(unopened),
        };
        let Some(packet) = View::new(opened) else {
            self.counters.malformed += 1;
            return;
        };
        if let Err(refused) = leg.receive(&packet, from, now) {
            self.counters.refused(refused);
        }
    }

    /// Takes a datagram from the RTCP socket of a port pair.
    pub fn handle_rtcp(&mut self, port: RtpPort, octets: &[u8], from: SocketAddr, now: Instant) {
        let far_end = leg_of(port, &self.by_port, &mut self.legs).and_then(Leg::network);
        let Some(far_end) = far_end else {
            self.counters.unknown_port += 1;
            return;
        };
        let opened = match far_end.open_rtcp(octets, &mut self.opened[..]) {
            Ok(opened) => opened,
            Err(unopened) => return self.counters.unopened(unopened),
        };
        match far_end.receive_rtcp(opened, from, &self.clock, now) {
            Ok(()) => {}
            Err(RtcpRefused::Malformed) => self.counters.malformed_rtcp += 1,
            Err(RtcpRefused::Stranger) => self.counters.strangers += 1,
        }
    }
}

impl Counters {
    fn refused(&mut self, refused: Refused) {
        *match refused {
            Refused::Malformed => &mut self.malformed,
            Refused::Stranger => &mut self.strangers,
            Refused::UnknownPayloadType => &mut self.unknown_payload_type,
            Refused::Duplicate => &mut self.duplicates,
            Refused::Stray => &mut self.strays,
            Refused::Late => &mut self.late_packets,
        } += 1;
    }

    fn unopened(&mut self, unopened: Unopened) {
        *match unopened {
            Unopened::Short => &mut self.malformed,
            Unopened::Unauthentic => &mut self.unauthentic,
            Unopened::Replayed => &mut self.replayed,
        } += 1;
    }
}
