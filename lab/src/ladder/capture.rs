//! Messages out of a pcapng or pcap file, which may still be growing.

use std::{
    io::{self, Read as _, Seek as _, SeekFrom},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use etherparse::{NetSlice, SlicedPacket, TransportSlice};
use pcap_file::{
    DataLink, PcapError,
    pcap::PcapParser,
    pcapng::{
        Block, PcapNgParser,
        blocks::{
            enhanced_packet::EnhancedPacketBlock,
            interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption},
        },
    },
};

use super::streams::{Segment, Streams};

/// A block may not be longer; a longer one is damage.
const LONGEST_BLOCK: usize = 16 << 20;
/// Octets taken from the file at one go.
const READ_AT_ONCE: u64 = 4 << 20;

/// Why a capture cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file cannot be read.
    #[error("the capture cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is neither pcapng nor pcap, or damaged.
    #[error("the capture is no sound pcapng or pcap file: {0}")]
    Damaged(#[from] PcapError),
    /// A block says that it is longer than any is.
    #[error("the capture is no sound pcapng or pcap file: a block of more than 16 MiB")]
    TooLong,
}

/// One captured message: a UDP datagram, or a frame of a TCP connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Datagram {
    /// When it was captured.
    pub time: SystemTime,
    /// Its sender.
    pub from: SocketAddr,
    /// Its receiver.
    pub to: SocketAddr,
    /// Its payload.
    pub octets: Vec<u8>,
}

/// Takes a capture apart, in pieces of any size.
#[derive(Default)]
pub struct CaptureParser {
    pending: Vec<u8>,
    parser: Option<Format>,
    skipped: u64,
    streams: Streams,
}

enum Format {
    PcapNg(PcapNgParser),
    Pcap(PcapParser),
}

/// What every pcapng file begins with.
const SECTION_HEADER: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

impl CaptureParser {
    /// Takes the next octets; returns the datagrams that are complete now.
    pub fn push(&mut self, octets: &[u8]) -> Result<Vec<Datagram>, CaptureError> {
        self.pending.extend_from_slice(octets);
        let mut datagrams = Vec::new();
        let mut used = 0;
        loop {
            match self.next_block(used, &mut datagrams) {
                Ok(after) => used = after,
                Err(PcapError::IncompleteBuffer) => break,
                Err(error) => return Err(error.into()),
            }
        }
        self.pending.drain(..used);
        if self.pending.len() > LONGEST_BLOCK {
            return Err(CaptureError::TooLong);
        }
        Ok(datagrams)
    }

    /// How many packets were neither whole UDP datagrams nor TPKT over TCP, over Ethernet or IP.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    /// Octets that are no whole block yet.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Reads the block at `from`; returns where the next one begins.
    fn next_block(
        &mut self,
        from: usize,
        datagrams: &mut Vec<Datagram>,
    ) -> Result<usize, PcapError> {
        let source = &self.pending[from..];
        let streams = &mut self.streams;
        let (rest, found) = match &mut self.parser {
            None => {
                let (rest, format) = Format::of(source)?;
                let after = self.pending.len() - rest.len();
                self.parser = Some(format);
                return Ok(after);
            }
            Some(Format::PcapNg(parser)) => {
                let (rest, block) = parser.next_block(source)?;
                let Block::EnhancedPacket(packet) = block else {
                    return Ok(self.pending.len() - rest.len());
                };
                let interface = parser.packet_interface(&packet);
                let found = interface.and_then(|interface| {
                    let since = since_epoch(interface, &packet);
                    messages(interface.linktype, &packet.data, since, streams)
                });
                (rest, found)
            }
            Some(Format::Pcap(parser)) => {
                let (rest, packet) = parser.next_packet(source)?;
                let link = parser.header().datalink;
                let since = packet.timestamp;
                (rest, messages(link, &packet.data, since, streams))
            }
        };
        match found {
            Some(found) => datagrams.extend(found),
            None => self.skipped += 1,
        }
        Ok(self.pending.len() - rest.len())
    }
}

impl Format {
    /// Tells the format by its first octets; returns what follows the file's header.
    fn of(source: &[u8]) -> Result<(&[u8], Self), PcapError> {
        let begin = source.get(..4).ok_or(PcapError::IncompleteBuffer)?;
        if begin == SECTION_HEADER {
            let (rest, parser) = PcapNgParser::new(source)?;
            return Ok((rest, Self::PcapNg(parser)));
        }
        let (rest, parser) = PcapParser::new(source)?;
        Ok((rest, Self::Pcap(parser)))
    }
}

/// The messages that are whole with this packet; `None` where it is none of what is read here.
fn messages(
    link: DataLink,
    packet: &[u8],
    since_epoch: Duration,
    streams: &mut Streams,
) -> Option<Vec<Datagram>> {
    let sliced = if link == DataLink::ETHERNET {
        SlicedPacket::from_ethernet(packet).ok()?
    } else if link == DataLink::RAW {
        SlicedPacket::from_ip(packet).ok()?
    } else {
        return None;
    };
    let (source, target) = addresses(sliced.net.as_ref()?)?;
    let time = SystemTime::UNIX_EPOCH.checked_add(since_epoch)?;
    let (from, to, all) = match &sliced.transport {
        Some(TransportSlice::Udp(udp)) => {
            let from = SocketAddr::new(source, udp.source_port());
            let to = SocketAddr::new(target, udp.destination_port());
            (from, to, vec![udp.payload().to_vec()])
        }
        Some(TransportSlice::Tcp(tcp)) => {
            let from = SocketAddr::new(source, tcp.source_port());
            let to = SocketAddr::new(target, tcp.destination_port());
            let segment = Segment {
                way: (from, to),
                sequence: tcp.sequence_number(),
                octets: tcp.payload(),
            };
            (from, to, streams.push(segment)?)
        }
        Some(TransportSlice::Icmpv4(_) | TransportSlice::Icmpv6(_) | TransportSlice::Igmp(_))
        | None => return None,
    };
    let message = |octets| Datagram {
        time,
        from,
        to,
        octets,
    };
    Some(all.into_iter().map(message).collect())
}

fn addresses(net: &NetSlice<'_>) -> Option<(IpAddr, IpAddr)> {
    if let NetSlice::Ipv4(ip) = net {
        let header = ip.header();
        return Some((
            header.source_addr().into(),
            header.destination_addr().into(),
        ));
    }
    if let NetSlice::Ipv6(ip) = net {
        let header = ip.header();
        return Some((
            header.source_addr().into(),
            header.destination_addr().into(),
        ));
    }
    None
}

/// The time of a packet. The block's units are the interface's to say (pcapng `if_tsresol`); the
/// reader takes them for nanoseconds.
fn since_epoch(
    interface: &InterfaceDescriptionBlock<'_>,
    packet: &EnhancedPacketBlock<'_>,
) -> Duration {
    let units = packet.timestamp.as_nanos();
    let resolution = interface.options.iter().find_map(|option| {
        if let InterfaceDescriptionOption::IfTsResol(resolution) = option {
            Some(*resolution)
        } else {
            None
        }
    });
    let resolution = resolution.unwrap_or(6);
    let exponent = u32::from(resolution & 0x7f);
    let nanoseconds = if resolution & 0x80 != 0 {
        (units * 1_000_000_000).checked_shr(exponent).unwrap_or(0)
    } else if exponent <= 9 {
        units * 10_u128.pow(9 - exponent)
    } else {
        units / 10_u128.checked_pow(exponent - 9).unwrap_or(u128::MAX)
    };
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

/// A capture file, read as far as it has been written.
pub struct CaptureFile {
    path: PathBuf,
    offset: u64,
    parser: CaptureParser,
}

impl CaptureFile {
    /// The file at this path; it need not exist yet.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            offset: 0,
            parser: CaptureParser::default(),
        }
    }

    /// The datagrams that were added since the last time.
    pub fn read_on(&mut self) -> Result<Vec<Datagram>, CaptureError> {
        let mut file = std::fs::OpenOptions::new().read(true).open(&self.path)?;
        file.seek(SeekFrom::Start(self.offset))?;
        let mut datagrams = Vec::new();
        loop {
            let mut octets = Vec::new();
            let read = file.by_ref().take(READ_AT_ONCE).read_to_end(&mut octets)?;
            if read == 0 {
                return Ok(datagrams);
            }
            self.offset += read as u64;
            datagrams.extend(self.parser.push(&octets)?);
        }
    }

    /// How many packets were neither whole UDP datagrams nor TPKT over TCP, over Ethernet or IP.
    pub fn skipped(&self) -> u64 {
        self.parser.skipped()
    }

    /// Octets at the end of the file that are no whole block.
    pub fn pending(&self) -> usize {
        self.parser.pending()
    }
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;
    use pcap_file::{
        pcap::{PcapHeader, PcapPacket, PcapWriter},
        pcapng::PcapNgWriter,
    };

    use super::*;

    fn capture(payloads: &[&[u8]], resolution: u8, units: u64) -> Vec<u8> {
        let mut writer = PcapNgWriter::new(Vec::new()).unwrap();
        let interface = InterfaceDescriptionBlock {
            linktype: DataLink::ETHERNET,
            snaplen: 0,
            options: vec![InterfaceDescriptionOption::IfTsResol(resolution)],
        };
        writer.write_pcapng_block(interface).unwrap();
        for payload in payloads {
            let mut data = Vec::new();
            PacketBuilder::ethernet2([2; 6], [4; 6])
                .ipv4([127, 0, 0, 1], [127, 0, 0, 2], 64)
                .udp(2_944, 2_946)
                .write(&mut data, payload)
                .unwrap();
            let packet = EnhancedPacketBlock {
                interface_id: 0,
                timestamp: Duration::from_nanos(units),
                original_len: data.len() as u32,
                data: data.into(),
                options: Vec::new(),
            };
            writer.write_pcapng_block(packet).unwrap();
        }
        writer.into_inner()
    }

    #[test]
    fn a_capture_reads_the_same_in_pieces_of_any_size() {
        let file = capture(&[b"one", b"two", b""], 9, 1_795_502_280_123_000_000);
        let whole = CaptureParser::default().push(&file).unwrap();
        assert_eq!(whole.len(), 3);
        assert_eq!(whole[1].octets, b"two");
        assert_eq!(whole[1].to, "127.0.0.2:2946".parse().unwrap());
        for size in [1, 7, 64] {
            let mut parser = CaptureParser::default();
            let pieces: Vec<Datagram> = file
                .chunks(size)
                .flat_map(|piece| parser.push(piece).unwrap())
                .collect();
            assert_eq!(pieces, whole);
        }
    }

    #[test]
    fn a_pcap_file_reads_like_a_pcapng_file() {
        let mut data = Vec::new();
        PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64)
            .udp(2_944, 2_946)
            .write(&mut data, b"one")
            .unwrap();
        let header = PcapHeader {
            datalink: DataLink::RAW,
            ..PcapHeader::default()
        };
        let mut writer = PcapWriter::with_header(Vec::new(), header).unwrap();
        let time = Duration::from_millis(2_500);
        let packet = PcapPacket::new(time, data.len() as u32, &data);
        writer.write_packet(&packet).unwrap();
        let mut file = writer.into_writer();
        file.extend_from_slice(&[0; 5]);
        let mut parser = CaptureParser::default();
        let datagrams = parser.push(&file).unwrap();
        assert_eq!(datagrams[0].octets, b"one");
        assert_eq!(datagrams[0].time, SystemTime::UNIX_EPOCH + time);
        assert_eq!((datagrams.len(), parser.pending()), (1, 5));
    }

    #[test]
    fn times_follow_the_interface_s_resolution() {
        for (resolution, units) in [(6, 2_500_000), (9, 2_500_000_000), (0x80 | 10, 2_560)] {
            let file = capture(&[b"x"], resolution, units);
            let datagrams = CaptureParser::default().push(&file).unwrap();
            let time = datagrams[0].time.duration_since(SystemTime::UNIX_EPOCH);
            assert_eq!(time.unwrap(), Duration::from_millis(2_500));
        }
    }

    #[test]
    fn a_damaged_capture_is_an_error_and_never_a_panic() {
        assert!(CaptureParser::default().push(&[0xff; 64]).is_err());
        let file = capture(&[b"one", b"two"], 9, 0);
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..20_000 {
            let mut damaged = file.clone();
            for _ in 0..random.usize(1..4) {
                let place = random.usize(..damaged.len());
                damaged[place] = random.u8(..);
            }
            let _ = CaptureParser::default().push(&damaged);
        }
    }
}
