//! What a program that we did not write makes of our octets, and we of its.

use std::{
    f64::consts::TAU,
    io::Write,
    process::{Command, Stdio},
    thread,
};

use mg_contract::{AudioCodec, Opus, Rate};

use super::ogg::wrapped;
use crate::{
    codec::{Decoder, Encoder},
    testing::sounds::{decibels, delay, power, power_of_difference, voice},
};

/// Runs ffmpeg from standard input to standard output.
fn ffmpeg(options: &str, input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("ffmpeg")
        .args(["-hide_banner", "-loglevel", "error"])
        .args(options.split(' '))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("ffmpeg runs (`make setup` installs it)");
    let mut stdin = child.stdin.take().expect("it is piped");
    let input = input.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("ffmpeg ends");
    writer.join().expect("it ends").expect("ffmpeg reads all");
    assert!(
        output.status.success(),
        "ffmpeg {options}: {}",
        output.status
    );
    output.stdout
}

/// A second each of a sweep over the band, loud and faint, of a hum with noise, and of noise as loud
/// as can be.
fn sound(rate: Rate) -> Vec<i16> {
    let hz = f64::from(rate.hz());
    let mut rng = fastrand::Rng::with_seed(3);
    let count = 3 * rate.hz();
    let mut turn = 0.0;
    (0..count)
        .map(|at| {
            let t = f64::from(at) / hz;
            turn += TAU * (100.0 + (t % 1.0) * 0.4 * hz) / hz;
            let level = 8_000.0 * (TAU * 1.5 * t).sin();
            let hum = (TAU * 150.0 * t).sin() + 0.5 * (TAU * 450.0 * t).sin();
            let noise = rng.f64() - 0.5;
            let value = match t {
                ..1.0 => level * turn.sin(),
                ..2.0 => 6_000.0 * hum + 2_000.0 * noise,
                _ => 80_000.0 * noise,
            };
            value as i16
        })
        .collect()
}

fn little_endian(samples: &[i16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect()
}

fn samples(octets: &[u8]) -> Vec<i16> {
    octets
        .as_chunks()
        .0
        .iter()
        .map(|pair| i16::from_le_bytes(*pair))
        .collect()
}

fn encoded(codec: AudioCodec, sound: &[i16]) -> Vec<u8> {
    let mut encoder = Encoder::new(codec);
    let blocks = sound.chunks_exact(codec.rate().frame());
    blocks
        .flat_map(|block| {
            let mut out = [0; 2_000];
            let length = encoder.encode(block, &mut out);
            out[..length].to_vec()
        })
        .collect()
}

fn decoded(codec: AudioCodec, octets: &[u8]) -> Vec<i16> {
    let mut decoder = Decoder::new(codec, codec.rate());
    let mut all = Vec::new();
    for payload in octets.chunks(160) {
        let mut out = [0; 320];
        let count = decoder
            .decode(payload, &mut out)
            .expect("octets of the codec");
        all.extend(&out[..count]);
    }
    all
}

/// The codec, its name there, and that of its form.
const CODECS: [(AudioCodec, &str, &str); 5] = [
    (AudioCodec::Pcmu, "pcm_mulaw", "mulaw"),
    (AudioCodec::Pcma, "pcm_alaw", "alaw"),
    (AudioCodec::G722, "g722", "g722"),
    (AudioCodec::L16(Rate::Wide), "pcm_s16be", "s16be"),
    (AudioCodec::L16(Rate::Full), "pcm_s16be", "s16be"),
];

#[test]
fn ffmpeg_hears_the_same_in_our_octets_as_we_do() {
    for (codec, name, form) in CODECS {
        let ours = encoded(codec, &sound(codec.rate()));
        let hz = codec.rate().hz();
        // Of G.722 there is but one rate, and no option for it.
        let form = if codec == AudioCodec::G722 {
            form.to_owned()
        } else {
            format!("{form} -ar {hz} -ac 1")
        };
        let heard = ffmpeg(&format!("-f {form} -i - -f s16le -"), &ours);
        assert!(samples(&heard) == decoded(codec, &ours), "{name}");
    }
}

#[test]
fn ffmpeg_makes_the_same_octets_of_a_sound_as_we_do() {
    for (codec, name, form) in CODECS {
        let sound = sound(codec.rate());
        let hz = codec.rate().hz();
        let how = format!("-f s16le -ar {hz} -ac 1 -i - -c:a {name} -f {form} -");
        let theirs = ffmpeg(&how, &little_endian(&sound));
        let ours = encoded(codec, &sound);
        assert_eq!(theirs.len(), ours.len(), "{name}");
        let same = theirs.iter().zip(&ours).filter(|(a, b)| a == b).count();
        // Its G.711 takes the nearest value where the Recommendation compares with borders.
        let law = matches!(codec, AudioCodec::Pcmu | AudioCodec::Pcma);
        let least = if law {
            ours.len() * 19 / 20
        } else {
            ours.len()
        };
        assert!(same >= least, "{name}: {same} of {}", ours.len());
    }
}

/// Its decoder of Opus is its own, not libopus.
#[test]
fn ffmpeg_hears_our_opus_as_we_do() {
    for (rate, bit_rate) in [
        (Rate::Full, 64_000),
        (Rate::Full, 24_000),
        (Rate::Wide, 24_000),
    ] {
        let codec = AudioCodec::Opus(Opus {
            rate,
            bit_rate,
            ..Opus::default()
        });
        let mut encoder = Encoder::new(codec);
        let mut decoder = Decoder::new(codec, Rate::Full);
        let (mut packets, mut ours) = (Vec::new(), Vec::new());
        for block in voice(rate, 100, 1).chunks_exact(rate.frame()) {
            let mut octets = vec![0; 1_500];
            let length = encoder.encode(block, &mut octets);
            octets.truncate(length);
            let mut out = [0; Rate::Full.frame()];
            decoder.decode(&octets, &mut out).expect("a packet");
            packets.push(octets);
            ours.extend(out);
        }
        let theirs = samples(&ffmpeg(
            "-c:a opus -f ogg -i - -f s16le -",
            &wrapped(&packets),
        ));
        let late = delay(&theirs[4_800..], &ours[4_800..9_600], 480);
        let count = theirs.len().min(ours.len()) - late;
        let difference = power_of_difference(&theirs[late..late + count], &ours[..count]);
        let error = decibels(difference / power(&ours));
        // The two bring SILK's rate up to 48 kHz by filters of their own.
        assert!(
            error < -25.0,
            "{rate:?} {bit_rate}: {error:.1} dB, {late} samples late"
        );
    }
}
