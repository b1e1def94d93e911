//! Packets out of the octets of a pcapng or pcap file, however they come.

use std::{io, time::Duration};

use pcap_file::{
    Endianness, PcapError, TsResolution,
    pcap::PcapParser,
    pcapng::{
        PcapNgParser,
        blocks::interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption},
    },
};

/// A block may not be longer; a longer one is damage.
pub(super) const LONGEST_BLOCK: usize = 16 << 20;
/// Interfaces that one file may have.
const INTERFACES_MAX: usize = 65_536;

/// Why a capture cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The file cannot be read.
    #[error("the capture cannot be read: {0}")]
    Io(#[from] io::Error),
    /// It is neither pcapng nor pcap.
    #[error("the capture is no sound pcapng or pcap file: {0}")]
    NoCapture(PcapError),
    /// From some packet on it makes no sense.
    #[error("the capture is damaged behind packet {packets}, at octet {offset}: {error}")]
    Damaged {
        /// Packets that make sense.
        packets: u64,
        /// Where the damage is.
        offset: u64,
        /// What it is.
        error: PcapError,
    },
    /// A block says that it is longer than any is.
    #[error(
        "the capture is damaged behind packet {packets}, at octet {offset}: a block of more than 16 MiB"
    )]
    TooLong {
        /// Packets that make sense.
        packets: u64,
        /// Where the block begins.
        offset: u64,
    },
}

/// How a file is written.
pub(super) enum Format {
    PcapNg(PcapNgParser),
    Pcap(PcapParser),
}

/// What a block of the file holds.
pub(super) enum Block<'b> {
    /// A packet with its link type.
    Packet(u32, Duration, &'b [u8]),
    /// Nothing about packets.
    Other,
    /// A packet that contradicts itself.
    Bad,
}

/// What every pcapng file begins with.
const SECTION_HEADER: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];
/// What pcap files begin with: either order of octets, either unit of time.
const PCAP: [[u8; 4]; 4] = [
    [0xa1, 0xb2, 0xc3, 0xd4],
    [0xd4, 0xc3, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
    [0x4d, 0x3c, 0xb2, 0xa1],
];

/// Whether a file that begins like this is a capture.
pub fn is_capture(begin: &[u8]) -> bool {
    let first = begin.first_chunk::<4>();
    first.is_some_and(|first| *first == SECTION_HEADER || PCAP.contains(first))
}

const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const ENHANCED_PACKET: u32 = 6;

impl Format {
    /// Tells the format by its first octets; returns what follows the file's header.
    pub(super) fn of(source: &[u8]) -> Result<(&[u8], Self), PcapError> {
        let begin = source.get(..4).ok_or(PcapError::IncompleteBuffer)?;
        if begin == SECTION_HEADER {
            let (rest, parser) = PcapNgParser::new(source)?;
            return Ok((rest, Self::PcapNg(parser)));
        }
        let (rest, parser) = PcapParser::new(source)?;
        Ok((rest, Self::Pcap(parser)))
    }

    /// The first block, and what follows it.
    #[inline]
    pub(super) fn next<'b>(
        &mut self,
        source: &'b [u8],
    ) -> Result<(&'b [u8], Block<'b>), PcapError> {
        match self {
            Self::Pcap(parser) => pcap_packet(parser, source),
            Self::PcapNg(parser) => {
                // The reader keeps all interfaces, and those of one section alone.
                if parser.interfaces().len() > INTERFACES_MAX {
                    return Err(PcapError::InvalidField("more than 65,536 interfaces"));
                }
                pcapng_block(parser, source)
            }
        }
    }
}

fn pcap_packet<'b>(
    parser: &PcapParser,
    source: &'b [u8],
) -> Result<(&'b [u8], Block<'b>), PcapError> {
    let header = parser.header();
    let (rest, packet) = parser.next_raw_packet(source)?;
    let data = &source[source.len() - rest.len() - packet.data.len()..][..packet.data.len()];
    let nanoseconds = match header.ts_resolution {
        TsResolution::MicroSecond => u64::from(packet.ts_frac) * 1_000,
        TsResolution::NanoSecond => u64::from(packet.ts_frac),
    };
    let time = Duration::from_secs(packet.ts_sec.into()) + Duration::from_nanos(nanoseconds);
    // The upper half of the field is about checksums.
    let link = u32::from(header.datalink) & 0xffff;
    Ok((rest, Block::Packet(link, time, data)))
}

fn pcapng_block<'b>(
    parser: &mut PcapNgParser,
    source: &'b [u8],
) -> Result<(&'b [u8], Block<'b>), PcapError> {
    let (rest, block) = parser.next_raw_block(source)?;
    let kind = block.type_;
    let whole = &source[..source.len() - rest.len()];
    // Type and length stand before the contents, the length again behind them.
    let body = whole
        .get(8..whole.len().saturating_sub(4))
        .unwrap_or_default();
    let little = parser.section().endianness == Endianness::Little;
    let packet = match kind {
        ENHANCED_PACKET => enhanced(parser, Words { body, little }),
        PACKET => obsolete(parser, Words { body, little }),
        SIMPLE_PACKET => simple(parser, Words { body, little }),
        _ => return Ok((rest, Block::Other)),
    };
    Ok((rest, packet.unwrap_or(Block::Bad)))
}

/// Numbers at places of a block.
#[derive(Clone, Copy)]
struct Words<'b> {
    body: &'b [u8],
    little: bool,
}

impl<'b> Words<'b> {
    fn at(&self, place: usize) -> Option<u32> {
        let octets = self.body.get(place..)?.first_chunk()?;
        Some(if self.little {
            u32::from_le_bytes(*octets)
        } else {
            u32::from_be_bytes(*octets)
        })
    }

    fn units(&self, place: usize) -> Option<u64> {
        Some(u64::from(self.at(place)?) << 32 | u64::from(self.at(place + 4)?))
    }

    fn data(&self, place: usize, length: u32) -> Option<&'b [u8]> {
        self.body.get(place..)?.get(..usize::try_from(length).ok()?)
    }
}

/// Options are not read: one that makes no sense does not cost the packet.
fn enhanced<'b>(parser: &PcapNgParser, words: Words<'b>) -> Option<Block<'b>> {
    let interface = interface(parser, words.at(0)?)?;
    let time = since_epoch(interface, words.units(4)?);
    let data = words.data(20, words.at(12)?)?;
    Some(Block::Packet(interface.linktype.into(), time, data))
}

fn obsolete<'b>(parser: &PcapNgParser, words: Words<'b>) -> Option<Block<'b>> {
    let first = words.at(0)?;
    let number = if words.little {
        first & 0xffff
    } else {
        first >> 16
    };
    let interface = interface(parser, number)?;
    let time = since_epoch(interface, words.units(4)?);
    let data = words.data(20, words.at(12)?)?;
    Some(Block::Packet(interface.linktype.into(), time, data))
}

/// It has no time.
fn simple<'b>(parser: &PcapNgParser, words: Words<'b>) -> Option<Block<'b>> {
    let interface = interface(parser, 0)?;
    let room = u32::try_from(words.body.len() - 4).ok()?;
    let kept = if interface.snaplen == 0 {
        u32::MAX
    } else {
        interface.snaplen
    };
    let data = words.data(4, words.at(0)?.min(kept).min(room))?;
    Some(Block::Packet(
        interface.linktype.into(),
        Duration::ZERO,
        data,
    ))
}

fn interface(parser: &PcapNgParser, number: u32) -> Option<&InterfaceDescriptionBlock<'static>> {
    parser.interfaces().get(usize::try_from(number).ok()?)
}

/// The time of a packet, whose units are the interface's to say (pcapng `if_tsresol`).
fn since_epoch(interface: &InterfaceDescriptionBlock<'_>, units: u64) -> Duration {
    let resolution = interface.options.iter().find_map(|option| {
        if let InterfaceDescriptionOption::IfTsResol(resolution) = option {
            Some(*resolution)
        } else {
            None
        }
    });
    let nanoseconds = match resolution.unwrap_or(6) {
        6 => u128::from(units) * 1_000,
        9 => u128::from(units),
        other => in_nanoseconds(other, units.into()),
    };
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
}

fn in_nanoseconds(resolution: u8, units: u128) -> u128 {
    let exponent = u32::from(resolution & 0x7f);
    if resolution & 0x80 != 0 {
        (units * 1_000_000_000).checked_shr(exponent).unwrap_or(0)
    } else if exponent <= 9 {
        units * 10_u128.pow(9 - exponent)
    } else {
        units / 10_u128.checked_pow(exponent - 9).unwrap_or(u128::MAX)
    }
}
