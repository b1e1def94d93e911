//! Frames made into packets of another length.

use mg_contract::{PacketTime, Rate};

/// Milliseconds of a frame.
const FRAME_MS: usize = 20;

/// Gathers frames until a packet is whole, or cuts them in two.
///
/// Packets begin at ticks whose numbers are multiples of their length, whoever sends them, so that a
/// listener can go over from one sender to another between two packets.
#[derive(Debug)]
pub(crate) struct Packer {
    time: PacketTime,
    /// The frames so far, where a packet holds several.
    pending: Vec<i16>,
    /// Frames of the packet that are there; a packet with a gap is not sent.
    frames: usize,
}

/// A packet's place in its frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Piece {
    /// Milliseconds from the begin of the tick's frame to the packet's first sample; what began
    /// before has negative ones.
    pub(crate) offset_ms: i32,
}

impl Packer {
    /// Makes room for packets of a length.
    pub(crate) fn new(rate: Rate, time: PacketTime) -> Self {
        let frames = per_packet(time);
        Self {
            time,
            pending: vec![0; if frames > 1 { frames * rate.frame() } else { 0 }],
            frames: 0,
        }
    }

    /// Takes a frame, and hands out the packets that are whole with it.
    pub(crate) fn take(&mut self, frame: &[i16], tick: u64, mut packet: impl FnMut(Piece, &[i16])) {
        let frames = per_packet(self.time);
        if self.time == PacketTime::Ms10 {
            let (first, second) = frame.split_at(frame.len() / 2);
            packet(Piece { offset_ms: 0 }, first);
            packet(Piece { offset_ms: 10 }, second);
        } else if frames == 1 {
            packet(Piece { offset_ms: 0 }, frame);
        } else {
            self.gather(frame, tick as usize % frames);
            if self.frames == frames {
                self.frames = 0;
                let before = (frames - 1) * FRAME_MS;
                packet(
                    Piece {
                        offset_ms: -(before as i32),
                    },
                    &self.pending,
                );
            }
        }
    }

    /// A tick passes without a frame.
    pub(crate) fn pause(&mut self) {
        self.frames = 0;
    }

    fn gather(&mut self, frame: &[i16], place: usize) {
        if place == 0 {
            self.frames = 0;
        }
        if self.frames == place {
            let at = place * frame.len();
            self.pending[at..at + frame.len()].copy_from_slice(frame);
            self.frames += 1;
        }
    }
}

/// Whether a packet of this length begins with the frame of a tick.
pub(crate) fn begins_at(time: PacketTime, tick: u64) -> bool {
    tick.is_multiple_of(per_packet(time) as u64)
}

fn per_packet(time: PacketTime) -> usize {
    (time.millis() as usize / FRAME_MS).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(packer: &mut Packer, ticks: std::ops::Range<u64>) -> Vec<(i32, Vec<i16>)> {
        let mut all = Vec::new();
        for tick in ticks {
            let frame = [tick as i16; 160];
            packer.take(&frame, tick, |piece, samples| {
                all.push((piece.offset_ms, samples.to_vec()));
            });
        }
        all
    }

    #[test]
    fn long_packets_begin_where_all_others_of_their_length_do() {
        let mut packer = Packer::new(Rate::Narrow, PacketTime::Ms60);
        let all = packets(&mut packer, 1..9);
        let [first, second] = &all[..] else {
            panic!("{} packets", all.len())
        };
        assert_eq!((first.0, first.1[0], first.1[479]), (-40, 3, 5));
        assert_eq!((second.1.len(), second.1[160]), (480, 7));
        assert!(
            (1..9)
                .filter(|tick| begins_at(PacketTime::Ms60, *tick))
                .eq([3, 6])
        );
    }

    #[test]
    fn a_packet_with_a_gap_is_not_sent() {
        let mut packer = Packer::new(Rate::Narrow, PacketTime::Ms40);
        assert!(packets(&mut packer, 0..1).is_empty());
        packer.pause();
        assert!(packets(&mut packer, 1..2).is_empty());
        assert_eq!(packets(&mut packer, 2..4).len(), 1);
    }

    #[test]
    fn short_packets_are_halves() {
        let mut packer = Packer::new(Rate::Narrow, PacketTime::Ms10);
        let all = packets(&mut packer, 4..5);
        assert_eq!(
            all.iter()
                .map(|one| (one.0, one.1.len()))
                .collect::<Vec<_>>(),
            [(0, 80), (10, 80)]
        );
    }
}
