//! The way from what a leg hears to its packets.

use crate::{
    codec::{Encoder, Standing},
    frame::Frame,
    packer::{self, Packer, Piece},
    shared::{Packets, Wrapping},
};

/// Frames after its last word in which a leg keeps its own encoder: the shared one has heard the same
/// by then, so that nothing is heard of the change.
const HANGOVER: u16 = 25;

/// What a leg is sent in one tick.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    /// What it hears.
    pub(crate) frame: &'a Frame,
    /// The same encoded, if all others hear it, too.
    pub(crate) packets: Option<&'a Packets>,
    /// Whether it is more than comfort noise.
    pub(crate) talks: bool,
}

/// Encodes what one leg alone hears, and remembers whether it does.
#[derive(Debug)]
pub(crate) struct Outgoing {
    wrapping: Wrapping,
    encoder: Encoder,
    packer: Packer,
    /// Frames for which it keeps its own encoder though it hears what all do.
    hangover: u16,
    /// Whether the packet that is under way is its own.
    alone: bool,
    /// Whether the encoder was the one that the far end's decoder has followed.
    followed: bool,
    /// What was heard before the packet that is under way.
    past: Frame,
    /// Where the far end's decoder stands by packets that were not its own.
    standing: Standing,
}

impl Outgoing {
    /// Makes what one wrapping needs.
    pub(crate) fn new(wrapping: Wrapping) -> Self {
        let Wrapping { codec, packet_time } = wrapping;
        Self {
            wrapping,
            encoder: Encoder::new(codec),
            packer: Packer::new(codec.rate(), packet_time),
            hangover: 0,
            alone: false,
            followed: false,
            past: Frame::silence(codec.rate()),
            standing: Standing::default(),
        }
    }

    /// How its sound becomes packets.
    pub(crate) fn wrapping(&self) -> Wrapping {
        self.wrapping
    }

    /// Decides whether it is sent packets of its own in a tick; `differs`: it hears what others do not;
    /// `rests`: its decoder is sent nothing, so that only an encoder of its own stays where that stands.
    pub(crate) fn decide(&mut self, differs: bool, rests: bool, tick: u64) -> bool {
        let differs = differs || rests && self.encoder.has_past();
        self.hangover = if differs && self.encoder.has_past() {
            HANGOVER
        } else {
            self.hangover.saturating_sub(1)
        };
        let alone = differs || self.hangover > 0;
        let begins = packer::begins_at(self.wrapping.packet_time, tick);
        self.alone = alone || self.alone && !begins;
        self.alone
    }

    /// Remembers what it heard as all others did in the tick before.
    pub(crate) fn remember(&mut self, past: &Frame, tick: u64) {
        let begins = packer::begins_at(self.wrapping.packet_time, tick);
        if begins && !self.followed && self.encoder.has_past() {
            self.past.copy(past);
        }
    }

    /// Leaves those with whom it heard that. Returns whether it did not hear it, but something else.
    pub(crate) fn depart(&mut self, heard: &Frame) -> bool {
        if !self.alone && !self.followed && self.encoder.has_past() {
            self.past.copy(heard);
        }
        self.alone
    }

    /// Makes packets of what is heard in a tick. What the far end is not sent, `packet` does not ask for.
    /// Returns how many it has encoded.
    pub(crate) fn pack(
        &mut self,
        sent: Sent<'_>,
        tick: u64,
        mut packet: impl FnMut(Piece, &mut dyn FnMut(&mut [u8]) -> usize),
    ) -> u64 {
        let Self {
            encoder,
            packer,
            followed,
            past,
            standing,
            ..
        } = self;
        let mut encoded = 0;
        let alone = self.alone;
        packer.take(sent.frame.samples(), tick, |piece, samples| {
            if alone {
                packet(piece, &mut |out| {
                    if !std::mem::replace(followed, true) {
                        encoder.begin(past.samples(), standing);
                    }
                    encoded += 1;
                    encoder.encode(samples, out)
                });
            }
        });
        if let Some(packets) = sent.packets.filter(|_| !alone) {
            for (piece, payload) in packets.all() {
                packet(piece, &mut |out| {
                    *followed = false;
                    standing.clone_from(packets.standing());
                    out[..payload.len()].copy_from_slice(payload);
                    payload.len()
                });
            }
        }
        encoded
    }

    /// Tells where the far end's decoder stands.
    pub(crate) fn standing(&self) -> Standing {
        if self.followed {
            self.encoder.standing()
        } else {
            self.standing.clone()
        }
    }

    /// A tick passes in which nothing is sent.
    pub(crate) fn pause(&mut self) {
        self.packer.pause();
    }
}
