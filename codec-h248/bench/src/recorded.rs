//! The text messages of recordings.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use codec_h248::{Limits, decode};
use etherparse::{SlicedPacket, TransportSlice};
use pcap_file::{
    DataLink,
    pcapng::{Block, PcapNgReader},
};

/// The text messages of every `capture.pcapng` one level below the folder, each once.
pub(crate) fn texts(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder)? {
        folders.push(entry?.path());
    }
    folders.sort();
    let mut seen = BTreeSet::new();
    let mut texts = Vec::new();
    for folder in folders {
        for octets in payloads(&fs::read(folder.join("capture.pcapng"))?)? {
            if decode(&octets, &Limits::default()).is_ok() && seen.insert(octets.clone()) {
                texts.push(octets);
            }
        }
    }
    Ok(texts)
}

/// What the UDP datagrams of a recording carry.
fn payloads(capture: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let mut reader = PcapNgReader::new(capture).map_err(io::Error::other)?;
    let mut link = DataLink::ETHERNET;
    let mut payloads = Vec::new();
    while let Some(block) = reader.next_block() {
        let block = block.map_err(io::Error::other)?;
        if let Block::InterfaceDescription(interface) = &block {
            link = interface.linktype;
        }
        if let Block::EnhancedPacket(packet) = &block {
            payloads.extend(payload(link, &packet.data));
        }
    }
    Ok(payloads)
}

fn payload(link: DataLink, octets: &[u8]) -> Option<Vec<u8>> {
    let packet = if link == DataLink::ETHERNET {
        SlicedPacket::from_ethernet(octets)
    } else {
        SlicedPacket::from_ip(octets)
    };
    let TransportSlice::Udp(datagram) = packet.ok()?.transport? else {
        return None;
    };
    Some(datagram.payload().to_vec())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_recordings_of_this_repository_hold_texts() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let texts = super::texts(&root.join("pcap-fixtures")).unwrap();
        assert!(texts.len() > 100, "only {}", texts.len());
    }
}
