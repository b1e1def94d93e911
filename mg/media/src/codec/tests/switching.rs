//! A decoder comes from one encoder to another at a packet's border.

use mg_contract::{AudioCodec, Opus, Rate};

use crate::{
    codec::{Decoder, Encoder},
    testing::sounds::{decibels, power, power_of_difference, spectral_distance, step, voice},
};

/// Packets of 20 ms that are looked at after the change.
const AFTER: usize = 5;
/// Packets at which one changes over.
const CHANGES: std::ops::Range<usize> = 60..100;
const CODECS: [AudioCodec; 4] = [
    AudioCodec::G722,
    AudioCodec::Opus(Opus {
        rate: Rate::Narrow,
        fec: false,
        dtx: false,
        bit_rate: 16_000,
    }),
    AudioCodec::Opus(Opus {
        rate: Rate::Wide,
        fec: true,
        dtx: false,
        bit_rate: 24_000,
    }),
    AudioCodec::Opus(Opus {
        rate: Rate::Full,
        fec: false,
        dtx: false,
        bit_rate: 32_000,
    }),
];

/// How the second encoder was prepared.
#[derive(Clone, Copy, Debug)]
enum Prepared {
    Not,
    /// It began with the last 20 ms, where the decoder stood.
    Begun,
    /// It heard something else before, and the same for two packets.
    Following,
}

/// What is heard of a change, averaged over many.
#[derive(Debug)]
struct Heard {
    /// What the first packet differs by from what the first encoder would have had heard, in dB below it.
    error: f64,
    /// The greatest step of a sample, as a multiple of that without a change.
    step: f64,
    /// Spectral distance from what was said, less that without a change, in dB.
    distance: f64,
}

struct Trial {
    codec: AudioCodec,
    said: Vec<i16>,
    other: Vec<i16>,
    packets: Vec<Vec<u8>>,
    plain: Vec<i16>,
}

fn encode(encoder: &mut Encoder, sound: &[i16], frame: usize) -> Vec<Vec<u8>> {
    let blocks = sound.chunks_exact(frame);
    blocks
        .map(|block| {
            let mut out = [0; 1_500];
            let length = encoder.encode(block, &mut out);
            out[..length].to_vec()
        })
        .collect()
}

fn decode(codec: AudioCodec, packets: impl Iterator<Item = impl AsRef<[u8]>>) -> Vec<i16> {
    let mut decoder = Decoder::new(codec, codec.rate());
    let mut frame = vec![0; codec.rate().frame()];
    packets
        .flat_map(|packet| {
            decoder
                .decode(packet.as_ref(), &mut frame)
                .expect("a packet");
            frame.clone()
        })
        .collect()
}

impl Trial {
    fn new(codec: AudioCodec) -> Self {
        let rate = codec.rate();
        let frames = CHANGES.end + AFTER;
        let said = voice(rate, frames, 1);
        let packets = encode(&mut Encoder::new(codec), &said, rate.frame());
        let plain = decode(codec, packets.iter());
        Self {
            codec,
            other: voice(rate, frames, 9),
            said,
            packets,
            plain,
        }
    }

    /// Returns what is heard if one changes over at a packet, from 5 ms before on.
    fn changed(&self, at: usize, prepared: Prepared) -> Vec<i16> {
        let frame = self.codec.rate().frame();
        let mut encoder = Encoder::new(self.codec);
        match prepared {
            Prepared::Not => {}
            Prepared::Begun => {
                let mut first = Encoder::new(self.codec);
                encode(&mut first, &self.said[..at * frame], frame);
                let past = &self.said[(at - 1) * frame..at * frame];
                encoder.begin(past, &first.standing());
            }
            Prepared::Following => {
                encode(&mut encoder, &self.other[..(at - 2) * frame], frame);
                encode(
                    &mut encoder,
                    &self.said[(at - 2) * frame..at * frame],
                    frame,
                );
            }
        }
        let after = encode(
            &mut encoder,
            &self.said[at * frame..(at + AFTER) * frame],
            frame,
        );
        decode(self.codec, self.packets[..at].iter().chain(&after))
    }

    fn heard(&self, prepared: Prepared) -> Heard {
        let rate = self.codec.rate();
        let frame = rate.frame();
        let mut sums = Heard {
            error: 0.0,
            step: 0.0,
            distance: 0.0,
        };
        let changes = CHANGES.step_by(8);
        let count = changes.len() as f64;
        for at in changes {
            let changed = self.changed(at, prepared);
            let first = at * frame..(at + 1) * frame;
            let difference =
                power_of_difference(&changed[first.clone()], &self.plain[first.clone()]);
            sums.error += decibels((difference + 1.0) / power(&self.plain[first])) / count;
            let border = at * frame - frame / 4..(at + 1) * frame;
            sums.step += step(&changed[border.clone()]) / step(&self.plain[border]) / count;
            let after = at * frame..(at + AFTER) * frame;
            let distance = |sound: &[i16]| {
                spectral_distance(rate, &sound[after.clone()], &self.said[after.clone()])
            };
            sums.distance += (distance(&changed) - distance(&self.plain)) / count;
        }
        sums
    }
}

#[test]
fn a_change_to_a_prepared_encoder_is_not_heard_and_one_to_another_is() {
    for codec in CODECS {
        let trial = Trial::new(codec);
        let [not, begun, following] =
            [Prepared::Not, Prepared::Begun, Prepared::Following].map(|how| trial.heard(how));
        println!("{codec:?}\n  not {not:.2?}\n  begun {begun:.2?}\n  following {following:.2?}");
        for good in [&begun, &following] {
            assert!(good.error < -10.0, "{codec:?}");
            assert!(good.step < 1.15, "{codec:?}");
            assert!(good.distance < 0.5, "{codec:?}");
        }
        assert!(not.error > begun.error + 5.0, "{codec:?}");
    }
}
