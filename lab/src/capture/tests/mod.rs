//! Captures by hand, and what is read out of them.

mod files;
mod hostile;
mod layers;
mod streams;
mod units;

use std::{io, time::Duration};

use etherparse::PacketBuilder;
use pcap_file::{
    DataLink,
    pcap::{PcapHeader, PcapPacket, PcapWriter},
};

use super::*;

/// A message that nothing is wrong with.
pub(super) const PENDING: &[u8] = b"!/1 mg1 PN=7{}";
/// The same in BER.
pub(super) const BINARY: [u8; 23] = [
    0x30, 0x15, 0xa1, 0x13, 0x80, 1, 1, 0xa1, 4, 0x84, 2, 0x72, 0x13, 0xa2, 8, 0xa1, 6, 0xa1, 4,
    0x80, 2, 0x0f, 0xff,
];

/// A pcap file of packets of a link type, a millisecond apart.
pub(super) fn pcap<P: AsRef<[u8]>>(link: u32, packets: &[P]) -> Vec<u8> {
    let header = PcapHeader {
        datalink: DataLink::from(link),
        snaplen: 262_144,
        ..PcapHeader::default()
    };
    let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
    for (n, packet) in packets.iter().enumerate() {
        let packet = packet.as_ref();
        let time = Duration::from_millis(n as u64);
        let length = u32::try_from(packet.len()).unwrap();
        writer
            .write_packet(&PcapPacket::new(time, length, packet))
            .unwrap();
    }
    writer.into_writer()
}

/// A datagram between two hosts, as IP.
pub(super) fn udp(ports: (u16, u16), payload: &[u8]) -> Vec<u8> {
    let mut packet = Vec::new();
    PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
        .udp(ports.0, ports.1)
        .write(&mut packet, payload)
        .unwrap();
    packet
}

/// All messages of a capture, and what else there was.
pub(super) fn read(file: Vec<u8>) -> (Vec<Captured<'static>>, Counts) {
    let mut capture = CaptureFile::from_reader(Box::new(io::Cursor::new(file)));
    let mut messages = Vec::new();
    let mut keep = |message: Captured<'_>| messages.push(message.into_owned());
    let read = capture.each(&mut keep);
    capture.finish(&mut keep);
    read.unwrap();
    (messages, *capture.counts())
}

pub(super) fn octets(messages: &[Captured<'_>]) -> Vec<Vec<u8>> {
    let octets = messages.iter().map(|message| message.octets.to_vec());
    octets.collect()
}
