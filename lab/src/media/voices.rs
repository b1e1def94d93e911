//! What the legs say, coded before anything is measured: each voice a tone by which it is known,
//! among the harmonics of a voice and a little noise.

use std::f64::consts::TAU;

use audiopus::SampleRate;
use bytes::Bytes;

use super::{MediaError, rooms::Rooms};
use crate::phones::{
    Tone,
    codec::{self, Codec, Law},
    opus, tone,
};

/// So many voices are told apart; where more talk, they share them.
pub(super) const VOICES: usize = 6;
/// A voice is said over and over after so many packets.
const PACKETS: usize = 100;
/// Harmonics of a voice.
const HARMONICS: u32 = 20;
/// The loudest of them, in sample units.
const HARMONIC: f64 = 500.0;
/// The noise.
const NOISE: f64 = 30.0;

/// How legs that do not talk say so in Opus; in G.711 each packet is of idle octets.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Silence {
    /// A packet of coded silence every 400 ms, as endpoints with DTX do
    Dtx,
    /// A packet of coded silence every 20 ms, as muted endpoints without DTX do
    Packets,
}

/// The packets of all voices, and of silence; what need not be sent is empty.
#[derive(Debug)]
pub(super) struct Voices {
    law: Vec<Vec<Bytes>>,
    opus: Vec<Vec<Bytes>>,
}

impl Voices {
    /// Codes them. The last one is silence.
    pub(super) fn code(silence: Silence) -> Result<Self, MediaError> {
        let tones = tones();
        let law = |samples: &Vec<i16>| -> Vec<Bytes> {
            let octets =
                |packet: &[i16]| packet.iter().map(|&s| codec::encode(Law::Mu, s)).collect();
            samples.chunks_exact(160).map(octets).collect()
        };
        let sounds = tones.iter().map(|tone| sound(*tone, 8_000));
        let silent = std::iter::once(vec![0; 160]);
        let law = sounds.chain(silent).map(|samples| law(&samples)).collect();
        let mut opus = Vec::new();
        for tone in tones {
            opus.push(opus_loop(&sound(tone, 48_000), false)?);
        }
        opus.push(opus_loop(&vec![0; 960 * PACKETS], silence == Silence::Dtx)?);
        Ok(Self { law, opus })
    }

    /// What a leg says, packet by packet.
    pub(super) fn of(&self, rooms: Rooms, leg: usize) -> Vec<Bytes> {
        let voice = match rooms.talks(leg) {
            true => rooms.place(leg) % VOICES,
            false => VOICES,
        };
        match rooms.codec(leg) {
            Codec::Opus => self.opus[voice].clone(),
            Codec::Pcmu | Codec::Pcma => self.law[voice].clone(),
        }
    }
}

/// The tones by which the voices are known.
pub(super) fn tones() -> Vec<Tone> {
    tone::plan(VOICES, VOICES - 1).unwrap_or_default()
}

fn opus_loop(samples: &[i16], dtx: bool) -> Result<Vec<Bytes>, MediaError> {
    let encoder = opus::encoder(SampleRate::Hz48000, dtx)?;
    // The second round begins as the first one ended.
    opus::encode(&encoder, samples, 960)?;
    Ok(opus::encode(&encoder, samples, 960)?)
}

fn sound(tone: Tone, rate: u32) -> Vec<i16> {
    let mut random = fastrand::Rng::with_seed(u64::from(rate));
    let samples = PACKETS * rate as usize / 50;
    let sample = |n: usize| {
        let time = n as f64 / f64::from(rate);
        let known = tone.level.peak() * (TAU * tone.frequency.0 * time).sin();
        // A voice that goes up and down by a few Hz.
        let phase = TAU * 117.0 * time + 3.0 * (TAU * 2.0 * time).sin();
        let voice: f64 = (1..=HARMONICS)
            .map(|n| HARMONIC / f64::from(n) * (f64::from(n) * phase).sin())
            .sum();
        (known + voice + NOISE * (random.f64() - 0.5)) as i16
    };
    (0..samples).map(sample).collect()
}
