//! A capture as large as one likes, of calls that never were: the same of the same seed.

mod call;
mod packets;

use std::io::{self, Write};

use codec_h248::{
    Limits, Name, Style, TextProfile,
    binary::{self, BinaryProfile, TerminationKind, TerminationLevels},
    decode, encode,
};
use pcap_file::pcap::PcapWriter;

use self::{call::Call, packets::Packets};

/// Gateways that one controller serves.
const GATEWAYS: u32 = 64;
/// Calls that go on at the same time; the messages of one are as far apart.
const CALLS: usize = 256;
/// One packet of so many is of RTP.
const SPEECH: u64 = 24;

/// How a gateway speaks, which it does all the time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Manner {
    Compact,
    Pretty,
    /// Pretty, in TPKT over TCP.
    Framed,
    Binary,
}

impl Manner {
    fn of(gateway: u32) -> Self {
        match gateway % 8 {
            0 => Self::Framed,
            1 => Self::Binary,
            2 | 4 | 6 => Self::Compact,
            _ => Self::Pretty,
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Written {
    /// Octets of the file.
    pub octets: u64,
    /// Packets.
    pub packets: u64,
    /// Messages in them.
    pub messages: u64,
}

/// Writes a pcap file of at least so many octets.
pub fn write(to: impl Write, octets: u64, seed: u64) -> io::Result<Written> {
    let writer = PcapWriter::new(to).map_err(io::Error::other)?;
    let mut packets = Packets::new(writer, fastrand::Rng::with_seed(seed));
    let mut speaker = Speaker::new()?;
    let mut begun = 0;
    let mut calls: Vec<Call> = Vec::new();
    while packets.written.octets < octets {
        calls.resize_with(CALLS, || {
            begun += 1;
            Call::new(begun)
        });
        for call in &mut calls {
            if packets.written.packets.is_multiple_of(SPEECH) {
                packets.speech(call.gateway)?;
            }
            let said = call.next(packets.now());
            let octets = speaker.say(Manner::of(call.gateway), &said.text)?;
            packets.message(call.gateway, said.from_gateway, octets)?;
        }
        calls.retain(|call| !call.is_over());
    }
    packets.finish()
}

/// Writes messages in every manner.
struct Speaker {
    agreed: BinaryProfile,
    octets: Vec<u8>,
}

impl Speaker {
    fn new() -> io::Result<Self> {
        let kinds = vec![
            TerminationKind::new("aaln", 1),
            TerminationKind::new("rtp", 2),
        ];
        let levels = TerminationLevels::new(vec![8, 24], kinds);
        Ok(Self {
            agreed: BinaryProfile {
                terminations: levels.map_err(io::Error::other)?,
                digit_maps: vec![(Name::from("dmap1"), 1)],
                ..BinaryProfile::default()
            },
            octets: Vec::new(),
        })
    }

    fn say(&mut self, manner: Manner, text: &str) -> io::Result<&[u8]> {
        let message = decode(text.as_bytes(), &Limits::default()).map_err(io::Error::other)?;
        self.octets.clear();
        match manner {
            Manner::Compact => encode(&message, &TextProfile::of(Style::Compact), &mut self.octets),
            Manner::Pretty | Manner::Framed => {
                encode(&message, &TextProfile::of(Style::Pretty), &mut self.octets);
            }
            Manner::Binary => binary::encode(&message, &self.agreed, &mut self.octets)
                .map_err(io::Error::other)?,
        }
        Ok(&self.octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::tests::{octets, read};

    #[test]
    fn it_is_the_same_again_and_every_message_of_it_is_read_and_decodes() {
        let mut file = Vec::new();
        let written = write(&mut file, 300_000, 1).unwrap();
        let mut again = Vec::new();
        write(&mut again, 300_000, 1).unwrap();
        assert!(file == again);
        let length = file.len() as u64;
        let (messages, counts) = read(file);
        assert_eq!(written.octets, length);
        assert_eq!(
            (counts.packets, counts.messages),
            (written.packets, written.messages)
        );
        assert_eq!(octets(&messages).len() as u64, written.messages);
        for message in messages {
            let limits = Limits::default();
            let decoded = match message.encoding {
                crate::capture::Encoding::Text => decode(&message.octets, &limits).map(|_| ()),
                crate::capture::Encoding::Binary => {
                    binary::decode(&message.octets, &limits, &BinaryProfile::default()).map(|_| ())
                }
            };
            assert_eq!(decoded, Ok(()));
        }
    }
}
