//! A capture file of all H.248 messages, which Wireshark opens.
//!
//! They are put under Ethernet, IP, and UDP, TCP or SCTP headers that were never on a wire (SCTP in UDP, RFC 6951); addresses, ports and
//! times in them are the real ones. What of a message does not decode is said in a comment of its packet.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::{self, BufWriter, Write},
    mem,
    net::{IpAddr, SocketAddr},
    path::Path,
    time::{Duration, SystemTime},
};

use bytes::BytesMut;
use etherparse::{IpHeaders, PacketBuilder, PacketBuilderStep};
use pcap_file::{
    DataLink, PcapError,
    pcapng::{
        PcapNgWriter,
        blocks::{
            enhanced_packet::{EnhancedPacketBlock, EnhancedPacketOption},
            interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption},
        },
    },
};
use tokio_util::codec::Encoder as _;
use transport_h248::{Carrier, Direction, Trace};

use crate::{sctp::Writing, sinks::Sink, tpkt::Tpkt};

/// Locally administered Ethernet addresses, for us and for all peers.
const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const PEER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// Time to live of the made-up IP headers.
const HOPS: u8 = 64;

/// Octets of one TCP segment; an IP packet holds so many and its headers.
const SEGMENT: usize = 65_000;
/// The window of the made-up TCP headers.
const WINDOW: u16 = u16::MAX;
/// Connections whose sequence numbers are remembered. Over it all begin anew, which a reader takes for
/// connections that it has seen the beginning of too late.
const CONNECTIONS_MAX: usize = 65_536;

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
pub struct Capture<W: Write = BufWriter<File>> {
    writer: PcapNgWriter<W>,
    packet: Vec<u8>,
    /// The octets that both ends of a connection have sent, ours first.
    streams: BTreeMap<(SocketAddr, SocketAddr), [u32; 2]>,
    associations: Writing,
}

#[expect(
    clippy::disallowed_types,
    reason = "writing this file is what the module is for"
)]
type File = std::fs::File;

impl<W: Write> std::fmt::Debug for Capture<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Capture").finish_non_exhaustive()
    }
}

impl Capture {
    /// Makes the file, or empties the one that is there.
    ///
    /// # Errors
    ///
    /// It cannot be made or written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self, CaptureError> {
        Self::begin(BufWriter::new(File::create(path)?))
    }
}

impl<W: Write> Capture<W> {
    /// Begins a capture.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn begin(to: W) -> Result<Self, CaptureError> {
        let mut writer = PcapNgWriter::new(to)?;
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
            streams: BTreeMap::new(),
            associations: Writing::default(),
        })
    }

    /// Returns where it was written to.
    pub fn finish(self) -> W {
        self.writer.into_inner()
    }

    /// Appends a message, and hands the file to the operating system as it then is.
    ///
    /// # Errors
    ///
    /// The file cannot be written, or no packet can hold the message.
    pub fn append(
        &mut self,
        trace: &Trace,
        local: SocketAddr,
        time: SystemTime,
    ) -> Result<(), CaptureError> {
        self.append_noted(trace, local, time, Vec::new())
    }

    /// Appends a message with comments for its reader, each of 65,535 octets at most.
    ///
    /// # Errors
    ///
    /// As for [`Self::append`].
    pub fn append_noted(
        &mut self,
        trace: &Trace,
        local: SocketAddr,
        time: SystemTime,
        mut comments: Vec<String>,
    ) -> Result<(), CaptureError> {
        let ends = Ends::of(trace, local);
        comments.extend(trace.error.as_ref().map(ToString::to_string));
        match trace.route.address.carrier {
            Carrier::Udp => self.append_datagram(&ends, &trace.octets, (time, comments))?,
            Carrier::Sctp => {
                for packet in self.associations.packets(trace, local) {
                    self.append_datagram(&ends, &packet, (time, mem::take(&mut comments)))?;
                }
            }
            Carrier::Tcp => self.append_framed(trace, &ends, local, (time, comments))?,
        }
        self.writer.get_mut().flush()?;
        Ok(())
    }

    fn append_datagram(
        &mut self,
        ends: &Ends,
        octets: &[u8],
        (time, comments): (SystemTime, Vec<String>),
    ) -> Result<(), CaptureError> {
        let ports = ends.ip().udp(ends.source.port(), ends.target.port());
        self.packet.clear();
        let written = ports.write(&mut self.packet, octets);
        written.map_err(io::Error::other)?;
        self.write(time, comments)
    }

    /// Writes a message as a stretch of its connection's octets, framed as they are.
    fn append_framed(
        &mut self,
        trace: &Trace,
        ends: &Ends,
        local: SocketAddr,
        (time, mut comments): (SystemTime, Vec<String>),
    ) -> Result<(), CaptureError> {
        let mut framed = BytesMut::new();
        let encoded = Tpkt.encode(trace.octets.clone(), &mut framed);
        encoded.map_err(io::Error::other)?;
        if self.streams.len() >= CONNECTIONS_MAX {
            self.streams.clear();
        }
        let connection = (local, trace.route.address.socket);
        for segment in framed.chunks(SEGMENT) {
            let sent = self.streams.entry(connection).or_default();
            let (ours, theirs) = match trace.direction {
                Direction::Out => (0, 1),
                Direction::In => (1, 0),
            };
            let (sequence, acknowledged) = (sent[ours], sent[theirs]);
            let length = u32::try_from(segment.len()).map_err(io::Error::other)?;
            sent[ours] = sequence.wrapping_add(length);
            let ports = (ends.source.port(), ends.target.port());
            let tcp = ends.ip().tcp(ports.0, ports.1, sequence, WINDOW);
            self.packet.clear();
            let written = tcp.ack(acknowledged).psh().write(&mut self.packet, segment);
            written.map_err(io::Error::other)?;
            self.write(time, mem::take(&mut comments))?;
        }
        Ok(())
    }

    /// Writes the packet.
    fn write(&mut self, time: SystemTime, comments: Vec<String>) -> Result<(), CaptureError> {
        let length = u32::try_from(self.packet.len()).map_err(io::Error::other)?;
        let comment = |text: String| EnhancedPacketOption::Comment(text.into());
        self.writer.write_pcapng_block(EnhancedPacketBlock {
            interface_id: 0,
            timestamp: time
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap_or(Duration::ZERO),
            original_len: length,
            data: Cow::Borrowed(&self.packet),
            options: comments.into_iter().map(comment).collect(),
        })?;
        Ok(())
    }
}

impl Sink for Capture {
    fn name(&self) -> &'static str {
        "the capture"
    }

    fn record(&mut self, trace: &Trace, local: SocketAddr, time: SystemTime) -> Result<(), String> {
        let appended = self.append(trace, local, time);
        appended.map_err(|error| error.to_string())
    }
}

/// From where to where a message went.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends {
    pub(crate) source: SocketAddr,
    pub(crate) target: SocketAddr,
    macs: ([u8; 6], [u8; 6]),
}

impl Ends {
    pub(crate) fn of(trace: &Trace, local: SocketAddr) -> Self {
        let peer = trace.route.address.socket;
        let (source, target, macs) = match trace.direction {
            Direction::In => (peer, local, (PEER_MAC, OUR_MAC)),
            Direction::Out => (local, peer, (OUR_MAC, PEER_MAC)),
        };
        Self {
            source,
            target,
            macs,
        }
    }

    /// Ethernet and IP headers.
    fn ip(&self) -> PacketBuilderStep<IpHeaders> {
        let link = PacketBuilder::ethernet2(self.macs.0, self.macs.1);
        match (self.source.ip(), self.target.ip()) {
            (IpAddr::V4(source), IpAddr::V4(target)) => {
                link.ipv4(source.octets(), target.octets(), HOPS)
            }
            (source, target) => link.ipv6(as_v6(source), as_v6(target), HOPS),
        }
    }
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

    use bytes::Bytes;
    use transport_h248::Address;

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

    fn trace(direction: Direction, peer: impl Into<Address>, octets: &[u8]) -> Trace {
        let limits = codec_h248::Limits::default();
        Trace {
            time: crate::clock::now(),
            direction,
            route: peer.into().into(),
            octets: Bytes::copy_from_slice(octets),
            error: codec_h248::decode(octets, &limits).err(),
        }
    }

    fn written_and_read(local: &str, peer: &str, name: &str) -> Vec<Read> {
        let path = std::env::temp_dir().join(format!("{name}-{}.pcapng", std::process::id()));
        let mut capture = Capture::create(&path).unwrap();
        let (local, peer) = (local.parse().unwrap(), peer.parse::<SocketAddr>().unwrap());
        for (direction, seconds) in [(Direction::Out, 5), (Direction::In, 6)] {
            let time = SystemTime::UNIX_EPOCH + Duration::new(seconds, 7);
            let trace = trace(direction, peer, MESSAGE);
            capture.append(&trace, local, time).unwrap();
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
        let peer: SocketAddr = local;
        let mut record = |octets| capture.append(&trace(Direction::In, peer, octets), local, time);
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

    /// Source port, sequence number, acknowledgement, octets.
    type Segment = (u16, u32, u32, Vec<u8>);

    /// The TCP segments of a capture, and the comments.
    fn segments(path: &Path) -> (Vec<Segment>, Vec<String>) {
        let mut reader = PcapNgReader::new(File::open(path).unwrap()).unwrap();
        let (mut segments, mut comments) = (vec![], vec![]);
        while let Some(block) = reader.next_block() {
            let Block::EnhancedPacket(packet) = block.unwrap() else {
                continue;
            };
            let sliced = SlicedPacket::from_ethernet(&packet.data).unwrap();
            let Some(TransportSlice::Tcp(tcp)) = sliced.transport else {
                panic!("no TCP");
            };
            let numbers = (tcp.sequence_number(), tcp.acknowledgment_number());
            let octets = tcp.payload().to_vec();
            segments.push((tcp.source_port(), numbers.0, numbers.1, octets));
            for option in packet.options {
                if let EnhancedPacketOption::Comment(text) = option {
                    comments.push(text.into_owned());
                }
            }
        }
        (segments, comments)
    }

    #[test]
    fn a_connection_is_a_stream_of_frames_and_what_does_not_decode_is_told() {
        let path = std::env::temp_dir().join(format!("capture-tcp-{}", std::process::id()));
        let mut capture = Capture::create(&path).unwrap();
        let (local, peer) = ("127.0.0.1:2944".parse().unwrap(), "tcp:192.0.2.9:40000");
        let peer: Address = peer.parse().unwrap();
        let large = vec![b'x'; 65_500];
        let messages = [
            (Direction::In, MESSAGE),
            (Direction::Out, &large),
            (Direction::In, MESSAGE),
        ];
        for (direction, octets) in messages {
            let trace = trace(direction, peer, octets);
            capture
                .append(&trace, local, SystemTime::UNIX_EPOCH)
                .unwrap();
        }
        let (segments, comments) = segments(&path);
        std::fs::remove_file(&path).unwrap();
        let told: Vec<_> = segments.iter().map(|one| (one.0, one.1, one.2)).collect();
        let framed = u32::try_from(MESSAGE.len()).unwrap() + 4;
        let numbers = [
            (40_000, 0, 0),
            (2_944, 0, framed),
            (2_944, 65_000, framed),
            (40_000, framed, 65_504),
        ];
        assert_eq!(told, numbers);
        assert_eq!(segments[0].3[..4], [3, 0, 0, framed as u8]);
        assert_eq!(segments[0].3[4..], *MESSAGE);
        assert_eq!(comments.len(), 1);
        assert!(comments[0].contains("expected"), "{comments:?}");
    }
}
