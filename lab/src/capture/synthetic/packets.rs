//! Packets around messages and speech.

use std::{
    io::{self, Write},
    time::Duration,
};

use etherparse::{PacketBuilder, PacketBuilderStep};
use pcap_file::pcap::{PcapPacket, PcapWriter};

use super::{GATEWAYS, Manner, Written};

/// The first packet's time: 29 November 2026.
const BEGIN: Duration = Duration::from_secs(1_795_910_400);
const APART: Duration = Duration::from_micros(150);
/// What stands before each packet in the file, and before all.
const RECORD: u64 = 16;
const HEADER: u64 = 24;

/// Writes packets, each a moment after the other.
pub(super) struct Packets<W: Write> {
    writer: PcapWriter<W>,
    random: fastrand::Rng,
    now: Duration,
    /// The next TCP sequence number of each gateway, and of the controller towards it.
    sequences: Vec<[u32; 2]>,
    packet: Vec<u8>,
    pub(super) written: Written,
}

impl<W: Write> Packets<W> {
    pub(super) fn new(writer: PcapWriter<W>, random: fastrand::Rng) -> Self {
        Self {
            writer,
            random,
            now: BEGIN,
            sequences: vec![[1, 1]; GATEWAYS as usize],
            packet: Vec::new(),
            written: Written {
                octets: HEADER,
                ..Written::default()
            },
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.now
    }

    pub(super) fn finish(self) -> io::Result<Written> {
        self.writer.into_writer().flush()?;
        Ok(self.written)
    }

    /// A packet with a message.
    pub(super) fn message(&mut self, gateway: u32, from: bool, octets: &[u8]) -> io::Result<()> {
        self.written.messages += 1;
        let ip = between(gateway, from);
        self.packet.clear();
        match Manner::of(gateway) {
            Manner::Framed => {
                let length = u16::try_from(octets.len() + 4).map_err(io::Error::other)?;
                let [high, low] = length.to_be_bytes();
                let frame = [&[3, 0, high, low], octets].concat();
                let sequences = &mut self.sequences[gateway as usize];
                let (own, other) = (usize::from(from), usize::from(!from));
                let ports = if from {
                    (40_000, 2_944)
                } else {
                    (2_944, 40_000)
                };
                let segment = ip.tcp(ports.0, ports.1, sequences[own], 64_000).psh();
                let segment = segment.ack(sequences[other]);
                sequences[own] = sequences[own].wrapping_add(length.into());
                segment.write(&mut self.packet, &frame)
            }
            Manner::Binary => ip.udp(2_945, 2_945).write(&mut self.packet, octets),
            Manner::Compact | Manner::Pretty => {
                ip.udp(2_944, 2_944).write(&mut self.packet, octets)
            }
        }
        .map_err(io::Error::other)?;
        self.write()
    }

    /// A packet of 20 ms of G.711.
    pub(super) fn speech(&mut self, gateway: u32) -> io::Result<()> {
        let mut octets = [0xd5; 172];
        octets[..2].copy_from_slice(&[0x80, 8]);
        for octet in &mut octets[2..12] {
            *octet = self.random.u8(..);
        }
        self.packet.clear();
        let datagram = between(gateway, true).udp(16_384, 40_020);
        let written = datagram.write(&mut self.packet, &octets);
        written.map_err(io::Error::other)?;
        self.write()
    }

    fn write(&mut self) -> io::Result<()> {
        self.now += APART;
        let length = u32::try_from(self.packet.len()).map_err(io::Error::other)?;
        let packet = PcapPacket::new(self.now, length, &self.packet);
        let written = self.writer.write_packet(&packet);
        written.map_err(io::Error::other)?;
        self.written.packets += 1;
        self.written.octets += RECORD + u64::from(length);
        Ok(())
    }
}

/// Over Ethernet from a gateway to the controller, or back.
fn between(gateway: u32, from: bool) -> PacketBuilderStep<etherparse::IpHeaders> {
    let host = u8::try_from(gateway + 2).unwrap_or(u8::MAX);
    let (own, controller) = ([10, 7, 0, host], [10, 7, 0, 1]);
    let (source, target) = if from {
        (own, controller)
    } else {
        (controller, own)
    };
    PacketBuilder::ethernet2([2; 6], [4; 6]).ipv4(source, target, 64)
}
