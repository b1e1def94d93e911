//! A capture file of all H.248 datagrams, which Wireshark opens.
//!
//! The datagrams are put under Ethernet, IP and UDP headers that were never on a wire; addresses,
//! ports and times in them are the real ones.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
    net::{IpAddr, SocketAddr},
    path::Path,
    time::{Duration, SystemTime},
};

use etherparse::{PacketBuilder, PacketBuilderStep, UdpHeader};
use pcap_file::{
    DataLink, PcapError,
    pcapng::{
        PcapNgWriter,
        blocks::{
            enhanced_packet::EnhancedPacketBlock,
            interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption},
        },
    },
};
use transport_h248::{Direction, Trace};

use crate::sinks::Sink;

/// Locally administered Ethernet addresses, for us and for all peers.
const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// Time to live of the made-up IP headers.
const HOPS: u8 = 64;

/// The code of option `if_tsresol` for nanoseconds.
const NANOSECONDS: u8 = 9;

/// Why a capture file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file cannot be made or written.
    #[error("{0}")]
    File(#[from] io::Error),
    /// The format cannot hold it.
    #[error("a packet cannot be put into a capture: {0}")]
    Format(PcapError),
}

impl From<PcapError> for CaptureError {
    fn from(error: PcapError) -> Self {
        match error {
            PcapError::IoError(error) => Self::File(error),
            PcapError::IncompleteBuffer
            | PcapError::InvalidField(_)
            | PcapError::Utf8Error(_)
            | PcapError::FromUtf8Error(_)
            | PcapError::InvalidInterfaceId(_) => Self::Format(error),
        }
    }
}

/// A pcapng file that is being written.
pub struct Capture {
    writer: PcapNgWriter<BufWriter<File>>,
    packet: Vec<u8>,
}

#[expect(
    clippy::disallowed_types,
    reason = "writing this file is what the module is for"
)]
type File = std::fs::File;

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Capture").finish_non_exhaustive()
    }
}

impl Capture {
    /// Makes the file, or empties the one that is there.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, CaptureError> {
        let file = BufWriter::new(File::create(path)?);
        let mut writer = PcapNgWriter::new(file)?;
        writer.write_pcapng_block(InterfaceDescriptionBlock {
            linktype: DataLink::ETHERNET,
            snaplen: 0,
            options: vec![
                InterfaceDescriptionOption::IfName(Cow::Borrowed("h248")),
                InterfaceDescriptionOption::IfTsResol(NANOSECONDS),
            ],
        })?;
        writer.get_mut().flush()?;
        Ok(Self {
            writer,
            packet: Vec::new(),
        })
    }

    /// Appends a datagram, and hands the file to the operating system as it then is.
    pub fn record(
        &mut self,
        direction: Direction,
        local: SocketAddr,
        peer: SocketAddr,
        octets: &[u8],
        time: SystemTime,
    ) -> Result<(), CaptureError> {
        self.packet.clear();
        headers(direction, local, peer)
            .write_to_vec(&mut self.packet, octets)
            .map_err(io::Error::other)?;
        let length = u32::try_from(self.packet.len()).map_err(io::Error::other)?;
        self.writer.write_pcapng_block(EnhancedPacketBlock {
            interface_id: 0,
            timestamp: time
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or(Duration::ZERO),
            original_len: length,
            data: Cow::Borrowed(&self.packet),
            options: Vec::new(),
        })?;
        self.writer.get_mut().flush()?;
        Ok(())
    }
}

impl Sink for Capture {
    fn name(&self) -> &'static str {
        "the capture"
    }

    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) -> Result<(), String> {
        let peer = trace.route.address.socket;
        Self::record(self, trace.direction, local, peer, &trace.octets, time)
            .map_err(|error| error.to_string())
    }
}

/// The headers of a datagram between us and `peer`.
fn headers(
    direction: Direction,
    local: SocketAddr,
    peer: SocketAddr,
) -> PacketBuilderStep<UdpHeader> {
    let (source, target, macs) = match direction {
        Direction::In => (peer, local, (PEER_MAC, OUR_MAC)),
        Direction::Out => (local, peer, (OUR_MAC, PEER_MAC)),
    };
    let link = PacketBuilder::ethernet2(macs.0, macs.1);
    let network = match (source.ip(), target.ip()) {
        (IpAddr::V4(source), IpAddr::V4(target)) => {
            link.ipv4(source.octets(), target.octets(), HOPS)
        }
        (source, target) => link.ipv6(as_v6(source), as_v6(target), HOPS),
    };
    network.udp(source.port(), target.port())
}

fn as_v6(address: IpAddr) -> [u8; 16] {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
        IpAddr::V6(address) => address.octets(),
    }
}

#[cfg(test)]
mod tests {
    use etherparse::{NetSlice, SlicedPacket, TransportSlice};
    use pcap_file::pcapng::{Block, PcapNgReader};

    use super::*;

    const MESSAGE: &[u8] = b"MEGACO/1 <mg> TransactionResponseAck{1}";

    struct Read {
        source: SocketAddr,
        target: SocketAddr,
        octets: Vec<u8>,
        time: Duration,
    }

    /// The packets of a capture, with each checksum verified.
    fn read(path: &Path) -> Vec<Read> {
        let mut reader = PcapNgReader::new(File::open(path).unwrap()).unwrap();
        let mut packets = vec![];
        while let Some(block) = reader.next_block() {
            if let Block::EnhancedPacket(packet) = block.unwrap() {
                packets.push(dissect(&packet));
            }
        }
        packets
    }

    fn dissect(packet: &EnhancedPacketBlock<'_>) -> Read {
        let sliced = SlicedPacket::from_ethernet(&packet.data).unwrap();
        let Some(TransportSlice::Udp(udp)) = sliced.transport else {
            panic!("no UDP");
        };
        let (source, target, checksum): (IpAddr, IpAddr, _) = match sliced.net.unwrap() {
            NetSlice::Ipv4(ip) => {
                let ip = ip.header();
                assert_eq!(ip.header_checksum(), ip.to_header().calc_header_checksum());
                let checksum = udp
                    .to_header()
                    .calc_checksum_ipv4(&ip.to_header(), udp.payload());
                (
                    ip.source_addr().into(),
                    ip.destination_addr().into(),
                    checksum,
                )
            }
            NetSlice::Ipv6(ip) => {
                let ip = ip.header();
                let checksum = udp
                    .to_header()
                    .calc_checksum_ipv6(&ip.to_header(), udp.payload());
                (
                    ip.source_addr().into(),
                    ip.destination_addr().into(),
                    checksum,
                )
            }
            NetSlice::Arp(_) => panic!("no IP"),
        };
        assert_eq!(udp.checksum(), checksum.unwrap());
        Read {
            source: (source, udp.source_port()).into(),
            target: (target, udp.destination_port()).into(),
            octets: udp.payload().to_vec(),
            time: packet.timestamp,
        }
    }

    fn written_and_read(local: &str, peer: &str, name: &str) -> Vec<Read> {
        let path = std::env::temp_dir().join(format!("{name}-{}.pcapng", std::process::id()));
        let mut capture = Capture::create(&path).unwrap();
        let (local, peer) = (local.parse().unwrap(), peer.parse().unwrap());
        for (direction, seconds) in [(Direction::Out, 5), (Direction::In, 6)] {
            let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, 7);
            capture
                .record(direction, local, peer, MESSAGE, time)
                .unwrap();
        }
        // The file is whole while it is still open for writing.
        let packets = read(&path);
        std::fs::remove_file(&path).unwrap();
        packets
    }

    fn check(local: &str, peer: &str, name: &str) {
        let [out, back] = written_and_read(local, peer, name).try_into().ok().unwrap();
        let (local, peer) = (local.parse().unwrap(), peer.parse().unwrap());
        assert_eq!((out.source, out.target), (local, peer));
        assert_eq!((back.source, back.target), (peer, local));
        assert_eq!((out.octets, back.octets), (MESSAGE.into(), MESSAGE.into()));
        assert_eq!(
            (out.time, back.time),
            (Duration::new(5, 7), Duration::new(6, 7))
        );
    }

    #[test]
    fn datagrams_over_ipv4_read_back_with_addresses_times_and_checksums() {
        check("127.0.0.1:2944", "192.0.2.9:40000", "capture-v4");
    }

    #[test]
    fn datagrams_over_ipv6_read_back_with_addresses_times_and_checksums() {
        check("[::1]:2944", "[2001:db8::9]:40000", "capture-v6");
    }

    #[test]
    fn a_datagram_that_no_packet_can_hold_is_an_error_and_not_a_broken_file() {
        let path = std::env::temp_dir().join(format!("capture-big-{}", std::process::id()));
        let local = "127.0.0.1:2944".parse().unwrap();
        let mut capture = Capture::create(&path).unwrap();
        let large = vec![b' '; 70_000];
        let time = SystemTime::UNIX_EPOCH;
        let mut record = |octets| capture.record(Direction::In, local, local, octets, time);
        assert!(record(&large).is_err());
        record(MESSAGE).unwrap();
        assert_eq!(read(&path).len(), 1);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn a_file_that_cannot_be_made_says_why() {
        let error = Capture::create("/nowhere/h248.pcapng").unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("No such file or directory"), "{text}");
    }
}
