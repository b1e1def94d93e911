//! Files of both formats, whole, growing and damaged.

use std::{
    collections::VecDeque,
    io::{self, Read},
    time::SystemTime,
};

use pcap_file::{
    Endianness,
    pcapng::{
        PcapNgBlock, PcapNgWriter,
        blocks::{
            enhanced_packet::EnhancedPacketBlock,
            interface_description::{InterfaceDescriptionBlock, InterfaceDescriptionOption},
            simple_packet::SimplePacketBlock,
        },
    },
};

use super::*;

fn pcapng(order: Endianness, resolution: u8, units: u64, payloads: &[&[u8]]) -> Vec<u8> {
    let mut writer = PcapNgWriter::with_endianness(Vec::new(), order).unwrap();
    let interface = InterfaceDescriptionBlock {
        linktype: DataLink::RAW,
        snaplen: 0,
        options: vec![InterfaceDescriptionOption::IfTsResol(resolution)],
    };
    writer.write_block(&interface.into_block()).unwrap();
    for payload in payloads {
        let data = udp((2_944, 2_946), payload);
        let packet = EnhancedPacketBlock {
            interface_id: 0,
            timestamp: Duration::from_nanos(units),
            original_len: data.len() as u32,
            data: data.into(),
            options: Vec::new(),
        };
        writer.write_block(&packet.into_block()).unwrap();
    }
    let data = udp((2_944, 2_946), b"simple");
    let simple = SimplePacketBlock {
        original_len: data.len() as u32,
        data: data.into(),
    };
    writer.write_block(&simple.into_block()).unwrap();
    writer.into_inner()
}

/// Gives a piece at a time, and nothing between two of them.
struct Pieces(VecDeque<Vec<u8>>);

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let piece = self.0.pop_front().unwrap_or_default();
        into[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[test]
fn a_growing_capture_reads_the_same_in_pieces_of_any_size() {
    for order in [Endianness::Big, Endianness::Little] {
        let file = pcapng(order, 9, 1_795_502_280_123_000_000, &[b"one", b"two", b""]);
        let (whole, counts) = read(file.clone());
        assert_eq!(octets(&whole), [&b"one"[..], b"two", b"simple"]);
        assert_eq!(whole[1].to, Address::Ip("10.0.0.2:2946".parse().unwrap()));
        assert_eq!((whole[1].frame, whole[2].frame), (2, 4));
        assert_eq!((counts.packets, counts.of(Kind::Empty)), (4, 1));
        for size in [1, 7, 64] {
            let pieces = file.chunks(size).flat_map(|piece| [piece.to_vec(), vec![]]);
            let mut capture = CaptureFile::from_reader(Box::new(Pieces(pieces.collect())));
            let times = file.len().div_ceil(size);
            let read: Vec<_> = (0..times)
                .flat_map(|_| capture.read_on().unwrap())
                .collect();
            assert_eq!(read, whole, "{size}");
            assert_eq!(capture.pending(), 0);
        }
    }
}

#[test]
fn a_capture_that_breaks_off_gives_what_is_whole() {
    let mut file = pcap(101, &[udp((2_944, 2_946), b"one")]);
    file.extend_from_slice(&[0; 5]);
    let mut capture = CaptureFile::from_reader(Box::new(io::Cursor::new(file)));
    let messages = capture.read_on().unwrap();
    assert_eq!(octets(&messages), [b"one"]);
    assert_eq!(capture.pending(), 5);
}

#[test]
fn times_follow_the_interface_s_resolution() {
    for (resolution, units) in [
        (6, 2_500_000),
        (9, 2_500_000_000),
        (3, 2_500),
        (0x80 | 10, 2_560),
    ] {
        let (messages, _) = read(pcapng(Endianness::Little, resolution, units, &[b"x"]));
        let time = messages[0].time.duration_since(SystemTime::UNIX_EPOCH);
        assert_eq!(time.unwrap(), Duration::from_millis(2_500));
    }
}

#[test]
fn what_is_no_capture_is_an_error_and_damage_tells_its_place() {
    let error = |file: Vec<u8>| {
        let mut capture = CaptureFile::from_reader(Box::new(io::Cursor::new(file)));
        let error = capture.read_on().unwrap_err();
        (error.to_string(), *capture.counts())
    };
    assert!(error(vec![0xff; 64]).0.contains("no sound pcapng or pcap"));
    let packet = udp((2_944, 2_946), b"one");
    let mut file = pcap(101, &[&packet, &packet]);
    let second = 24 + 16 + packet.len();
    file[second + 8..second + 12].copy_from_slice(&u32::MAX.to_be_bytes());
    file.resize(20 << 20, 0);
    let (told, counts) = error(file);
    assert!(told.contains("behind packet 1, at octet 71"), "{told}");
    assert_eq!(counts.messages, 1);
}
