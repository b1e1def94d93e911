//! Packets that all who hear the same are sent: one encoder for each way in which a group is encoded.

use mg_contract::{AudioCodec, PacketTime};

use crate::{
    codec::{Encoder, Standing},
    group::Hall,
    packer::{Packer, Piece},
};

/// Milliseconds of a frame.
const FRAME_MS: usize = 20;
/// Octets of an Opus packet whatever the bit rate, and of the longest there is (RFC 6716 3.4).
const OPUS_LEAST: usize = 64;
const OPUS_MAX: usize = 1_275;
/// Packets of one tick at most.
const PACKETS: usize = 2;

/// How sound becomes packets; who has the same gets the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Wrapping {
    /// The codec with all its parameters.
    pub(crate) codec: AudioCodec,
    /// How much a packet holds.
    pub(crate) packet_time: PacketTime,
}

impl Wrapping {
    /// Octets of the longest payload.
    pub(crate) fn payload_max(self) -> usize {
        let ms = self.packet_time.millis() as usize;
        match self.codec {
            AudioCodec::Pcmu | AudioCodec::Pcma | AudioCodec::G722 => 8 * ms,
            AudioCodec::L16(rate) => rate.frame() / FRAME_MS * 2 * ms,
            AudioCodec::Opus(opus) => {
                let mean = opus.bit_rate as usize / 8 * ms / 1_000;
                (2 * mean + OPUS_LEAST).min(OPUS_MAX)
            }
        }
    }
}

/// What one tick has to send, encoded.
#[derive(Debug)]
pub(crate) struct Packets {
    pieces: [Piece; PACKETS],
    lengths: [usize; PACKETS],
    count: usize,
    /// Octets that each may have.
    most: usize,
    octets: Vec<u8>,
    standing: Standing,
}

impl Packets {
    /// Makes room for packets of so many octets.
    fn new(most: usize) -> Self {
        Self {
            pieces: [Piece { offset_ms: 0 }; PACKETS],
            lengths: [0; PACKETS],
            standing: Standing::default(),
            count: 0,
            most,
            octets: vec![0; PACKETS * most],
        }
    }

    /// Forgets them.
    fn clear(&mut self) {
        self.count = 0;
    }

    /// Adds one. One more than there is room for is dropped: nothing makes three.
    fn push(&mut self, piece: Piece, encode: impl FnOnce(&mut [u8]) -> usize) {
        if self.count < PACKETS {
            let at = self.count * self.most;
            self.pieces[self.count] = piece;
            self.lengths[self.count] = encode(&mut self.octets[at..at + self.most]);
            self.count += 1;
        }
    }

    /// Where a decoder stands that was sent all of them and those before.
    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// All of them; an empty one need not be sent.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Piece, &[u8])> {
        let payloads = self.octets.chunks_exact(self.most);
        let lengths = self.lengths.iter().zip(payloads);
        let payloads = lengths.map(|(&length, octets)| &octets[..length]);
        self.pieces.iter().copied().zip(payloads).take(self.count)
    }
}

/// The encoder of one wrapping.
#[derive(Debug)]
pub(crate) struct Shared {
    wrapping: Wrapping,
    /// Members that are sent so.
    users: usize,
    encoder: Encoder,
    packer: Packer,
    /// Packets of the tick in which it encoded last.
    packets: Packets,
    /// The tick after that one.
    next: u64,
}

impl Shared {
    fn new(wrapping: Wrapping) -> Self {
        let Wrapping { codec, packet_time } = wrapping;
        Self {
            wrapping,
            users: 0,
            encoder: Encoder::new(codec),
            packer: Packer::new(codec.rate(), packet_time),
            packets: Packets::new(wrapping.payload_max()),
            next: 0,
        }
    }

    /// Encodes what all hear in this tick, unless it has done so; tells how many packets it has
    /// encoded for that. If it did not in the tick before, it begins for the one who comes, whose
    /// decoder stands so.
    pub(crate) fn encode(
        &mut self,
        hall: &Hall,
        tick: u64,
        standing: impl FnOnce() -> Standing,
    ) -> u64 {
        if self.next == tick + 1 {
            return 0;
        }
        let gap = self.next != tick;
        self.next = tick + 1;
        self.packets.clear();
        if gap {
            self.packer.pause();
            self.encoder.begin(hall.past().samples(), &standing());
        }
        let (encoder, packets) = (&mut self.encoder, &mut self.packets);
        let mut encoded = 0;
        self.packer
            .take(hall.heard().samples(), tick, |piece, samples| {
                encoded += 1;
                packets.push(piece, |out| encoder.encode(samples, out));
            });
        self.packets.standing = self.encoder.standing();
        encoded
    }

    /// What it has encoded in this tick.
    pub(crate) fn packets(&self) -> &Packets {
        &self.packets
    }
}

/// All of a group's.
#[derive(Debug, Default)]
pub(crate) struct SharedEncoders(Vec<Shared>);

impl SharedEncoders {
    /// One more member is sent so.
    pub(crate) fn join(&mut self, wrapping: Wrapping) {
        let place = self.place(wrapping).unwrap_or_else(|| {
            self.0.push(Shared::new(wrapping));
            self.0.len() - 1
        });
        self.0[place].users += 1;
    }

    /// One member less is sent so; an encoder that nobody has is forgotten.
    pub(crate) fn leave(&mut self, wrapping: Wrapping) {
        if let Some(place) = self.place(wrapping) {
            self.0[place].users -= 1;
            if self.0[place].users == 0 {
                self.0.swap_remove(place);
            }
        }
    }

    /// Returns that of a wrapping.
    pub(crate) fn of(&mut self, wrapping: Wrapping) -> Option<&mut Shared> {
        let place = self.place(wrapping)?;
        Some(&mut self.0[place])
    }

    fn place(&self, wrapping: Wrapping) -> Option<usize> {
        self.0.iter().position(|shared| shared.wrapping == wrapping)
    }
}
