//! What codecs and conversions cost: `cargo test -p mg-media cost -- --ignored --nocapture`.

use std::{hint::black_box, time::Instant};

use mg_contract::{AudioCodec, Opus, Rate};

use crate::{
    codec::{Decoder, Encoder},
    converter::Converter,
    testing::sounds::voice,
};

/// Frames of a run.
const FRAMES: usize = 250;
/// Runs, of which the quickest counts: others work on the machine too.
const RUNS: usize = 5;

/// Nanoseconds of each frame.
fn timed(mut run: impl FnMut()) -> u128 {
    let run = |_| {
        let start = Instant::now();
        run();
        start.elapsed().as_nanos() / FRAMES as u128
    };
    (0..RUNS).map(run).min().expect("there are runs")
}

fn codecs() -> Vec<AudioCodec> {
    let opus = |rate, bit_rate| {
        AudioCodec::Opus(Opus {
            rate,
            bit_rate,
            ..Opus::default()
        })
    };
    let l16 = Rate::ALL.map(AudioCodec::L16);
    let mut all = vec![AudioCodec::Pcmu, AudioCodec::Pcma, AudioCodec::G722];
    all.extend(l16);
    all.extend([
        opus(Rate::Narrow, 16_000),
        opus(Rate::Wide, 24_000),
        opus(Rate::Full, 32_000),
    ]);
    all
}

#[test]
#[ignore = "a measurement"]
fn cost_of_codecs() {
    println!("| codec | decode, ns for 20 ms | encode, ns for 20 ms |\n|---|---|---|");
    for codec in codecs() {
        let rate = codec.rate();
        let said = voice(rate, FRAMES, 1);
        let mut encoder = Encoder::new(codec);
        let mut packets = Vec::new();
        for block in said.chunks_exact(rate.frame()) {
            let mut out = [0; 2_000];
            let length = encoder.encode(block, &mut out);
            packets.push(out[..length].to_vec());
        }
        let encode = timed(|| {
            for block in said.chunks_exact(rate.frame()) {
                black_box(encoder.encode(black_box(block), &mut [0; 2_000]));
            }
        });
        let mut decoder = Decoder::new(codec, rate);
        let decode = timed(|| {
            for packet in &packets {
                let heard = decoder.decode(black_box(packet), &mut [0; Rate::Full.frame()]);
                assert_eq!(heard, Ok(rate.frame()));
            }
        });
        println!(
            "| {} at {} Hz | {decode} | {encode} |",
            codec.name(),
            rate.hz()
        );
    }
}

#[test]
#[ignore = "a measurement"]
fn cost_of_conversions() {
    println!("| from | to | ns for 20 ms |\n|---|---|---|");
    for from in Rate::ALL {
        for to in Rate::ALL.into_iter().filter(|&to| to != from) {
            let mut converter = Converter::new(from, to);
            let said: Vec<i32> = voice(from, FRAMES, 1).into_iter().map(i32::from).collect();
            let mut out = vec![0; to.frame()];
            let each = timed(|| {
                for block in said.chunks_exact(from.frame()) {
                    converter.convert_sum(black_box(block), &mut out);
                }
            });
            println!("| {} Hz | {} Hz | {each} |", from.hz(), to.hz());
        }
    }
}
