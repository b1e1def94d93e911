//! What the engine takes from the sound that codecs alone would leave: nothing to speak of.

use std::{env, fs};

use mg_contract::{AudioCodec, Opus};

use super::*;
use crate::{
    codec::{Decoder, Encoder},
    testing::sounds::{
        decibels, delay, resampled, signal_and_noise, spectral_distance, tones, voice,
    },
};

/// Frames that are said: what is measured, a second, and what comes before and after.
const FRAMES: usize = 80;
/// Frames before what is measured.
const BEFORE: usize = 15;
const SECOND: usize = 50;
/// Where the figures are told.
const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/media.md");
const TONE: &[(u32, f64)] = &[(1_009, 8_000.0)];
/// Harmonics as a voice has them.
const HARMONICS: &[(u32, f64)] = &[
    (211, 3_000.0),
    (421, 3_500.0),
    (631, 4_000.0),
    (839, 2_000.0),
    (1_259, 900.0),
    (1_693, 1_200.0),
    (2_129, 600.0),
    (2_741, 500.0),
    (3_109, 250.0),
];

const fn opus(rate: Rate, bit_rate: u32) -> AudioCodec {
    AudioCodec::Opus(Opus {
        rate,
        fec: false,
        dtx: false,
        bit_rate,
    })
}

const CODECS: [(AudioCodec, &str); 8] = [
    (AudioCodec::Pcmu, "PCMU"),
    (AudioCodec::Pcma, "PCMA"),
    (AudioCodec::G722, "G722"),
    (AudioCodec::L16(Rate::Narrow), "L16/8000"),
    (AudioCodec::L16(Rate::Wide), "L16/16000"),
    (AudioCodec::L16(Rate::Full), "L16/48000"),
    (opus(Rate::Wide, 24_000), "Opus, 16 kHz"),
    (opus(Rate::Full, 32_000), "Opus, 48 kHz"),
];

/// What is said.
#[derive(Clone, Copy, Debug)]
enum Said {
    Tone,
    /// Harmonics, and a voice where Opus is one of the codecs.
    Voice,
}

/// A sound after two codecs: with the engine between them, and without.
#[derive(Debug)]
struct Cell {
    /// Signal to noise, or else spectral distance from what was said.
    is_distance: bool,
    engine: f64,
    alone: f64,
    /// How much louder it is with the engine, where that is told apart from noise.
    louder: f64,
}

impl Cell {
    /// Whether the engine costs a decibel or less, and nothing of the level.
    fn holds(&self) -> bool {
        if self.is_distance {
            self.engine <= self.alone + 1.0
        } else {
            self.engine >= self.alone - 1.0 && self.louder.abs() < 0.1
        }
    }

    fn shown(&self) -> String {
        format!("{:.1} ({:.1})", self.engine, self.alone)
    }
}

/// Says something in a room in which there is a listener of each codec. Returns what they hear.
fn engine_gives(from: AudioCodec, said: &[i16]) -> Vec<Vec<i16>> {
    let mut bench = Bench::new();
    let talker = bench.join(1, from);
    let listeners: Vec<usize> = CODECS.iter().map(|&(to, _)| bench.join(1, to)).collect();
    for block in said.chunks_exact(from.rate().frame()) {
        let octets = bench.phones[talker].packet_of(block);
        bench.say(talker, Some(&octets));
    }
    let heard = |listener: usize| {
        let packets = bench.phones[listener].received.iter();
        packets.flat_map(|packet| packet.samples.clone()).collect()
    };
    listeners.into_iter().map(heard).collect()
}

/// What a codec leaves of a sound.
fn coded(codec: AudioCodec, sound: &[i16]) -> Vec<i16> {
    let frame = codec.rate().frame();
    let (mut encoder, mut decoder) = (Encoder::new(codec), Decoder::new(codec, codec.rate()));
    let mut out = vec![0; frame];
    let blocks = sound.chunks_exact(frame);
    blocks
        .flat_map(|block| {
            let mut octets = [0; 2_000];
            let length = encoder.encode(block, &mut octets);
            decoder
                .decode(&octets[..length], &mut out)
                .expect("a packet");
            out.clone()
        })
        .collect()
}

/// The second that is measured of what is heard at one rate, as far from what was said at another.
fn distance(heard: (Rate, &[i16]), said: (Rate, &[i16])) -> f64 {
    let rate = heard.0.min(said.0).min(Rate::Wide);
    let heard = resampled(heard.0, rate, heard.1);
    let said = resampled(said.0, rate, said.1);
    let second = &said[BEFORE * rate.frame()..(BEFORE + SECOND) * rate.frame()];
    let heard = &heard[BEFORE * rate.frame()..];
    let beginning = &second[..12 * rate.frame()];
    let late = delay(heard, beginning, 6 * rate.frame());
    spectral_distance(rate, &heard[late..late + second.len()], second)
}

/// The levels of what was said, and of all else, in a second of what is heard.
fn levels(rate: Rate, heard: &[i16], what: &[(u32, f64)]) -> (f64, f64) {
    // The second's end is heard, however late that is.
    let until = heard.len() - 2 * rate.frame();
    signal_and_noise(rate, &heard[until - SECOND * rate.frame()..until], what)
}

fn row(from: AudioCodec, said: Said) -> Vec<Cell> {
    let rate = from.rate();
    let parts = match said {
        Said::Tone => TONE,
        Said::Voice => HARMONICS,
    };
    let plain = tones(rate, FRAMES, parts);
    let spoken = match said {
        Said::Tone => plain.clone(),
        Said::Voice => voice(rate, FRAMES, 1),
    };
    let mixed = [&plain, &spoken].map(|sound| engine_gives(from, sound));
    let once = [&plain, &spoken].map(|sound| coded(from, sound));
    let cell = |(at, &(to, _)): (usize, &(AudioCodec, &str))| {
        let is_distance = [from, to]
            .iter()
            .any(|codec| matches!(codec, AudioCodec::Opus(_)));
        let (mixed, once) = (
            &mixed[usize::from(is_distance)][at],
            &once[usize::from(is_distance)],
        );
        let twice = coded(to, &resampled(rate, to.rate(), once));
        if is_distance {
            let figure = |heard: &[i16]| distance((to.rate(), heard), (rate, &spoken));
            return Cell {
                is_distance,
                engine: figure(mixed),
                alone: figure(&twice),
                louder: 0.0,
            };
        }
        let [mixed, twice] = [mixed, &twice].map(|heard| levels(to.rate(), heard, parts));
        Cell {
            is_distance,
            engine: decibels(mixed.0 / mixed.1),
            alone: decibels(twice.0 / twice.1),
            louder: decibels(mixed.0 / twice.0),
        }
    };
    CODECS.iter().enumerate().map(cell).collect()
}

/// A table as the document has it.
fn table(rows: &[(&str, Vec<Cell>)]) -> String {
    let names: Vec<&str> = CODECS.iter().map(|&(_, name)| name).collect();
    let mut text = format!("| from | {} |\n", names.join(" | "));
    text += &format!("|---|{}\n", "---|".repeat(names.len()));
    for (name, cells) in rows {
        let cells: Vec<String> = cells.iter().map(Cell::shown).collect();
        text += &format!("| {name} | {} |\n", cells.join(" | "));
    }
    text
}

/// The numbers of a table.
fn numbers(table: &str) -> Vec<f64> {
    let words = table
        .lines()
        .skip(2)
        .flat_map(|line| line.split(['|', '(', ')', ' ']));
    words
        .filter(|word| word.contains('.'))
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// Whether two tables of figures say the same, but for what another libopus makes of it.
fn alike(a: &str, b: &str) -> bool {
    let (a, b) = (numbers(a), numbers(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1.0)
}

/// Holds a table against that of the document, below a mark, or renews it there.
fn document(mark: &str, table: &str) {
    let text = fs::read_to_string(DOCUMENT).expect("the document is readable");
    let mark = format!("<!-- {mark} -->\n");
    let at = text.find(&mark).expect("the document has the mark") + mark.len();
    let length = text[at..]
        .find("\n\n")
        .map_or(text.len() - at, |length| length + 1);
    if env::var_os("UPDATE_QUALITY").is_some() {
        let renewed = [&text[..at], table, &text[at + length..]].concat();
        fs::write(DOCUMENT, renewed).expect("the document is writable");
    } else {
        assert!(
            alike(&text[at..at + length], table),
            "docs/media.md: UPDATE_QUALITY=1 cargo test -p mg-media quality; found\n{table}"
        );
    }
}

#[test]
fn every_pair_of_codecs_sounds_as_it_does_without_the_engine() {
    for (said, mark) in [(Said::Tone, "tone"), (Said::Voice, "voice")] {
        let rows = CODECS.map(|(from, name)| (name, row(from, said)));
        let table = table(&rows);
        println!("{said:?}\n{table}");
        for (from, cells) in &rows {
            for (cell, (_, to)) in cells.iter().zip(CODECS) {
                assert!(cell.holds(), "{said:?}, {from} to {to}: {cell:?}");
            }
        }
        document(mark, &table);
    }
}
