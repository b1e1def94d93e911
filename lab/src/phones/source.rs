//! What a phone says, as a loop of samples.

use std::{f64::consts::TAU, path::Path};

use bytes::Bytes;

use super::{
    FRAME_SAMPLES, Tone,
    codec::{self, Codec},
    goertzel::SAMPLE_RATE_HZ,
    opus,
};

/// Ten minutes; longer files are refused.
const LONGEST_SAMPLES: u32 = 8_000 * 600;
/// Two seconds, a whole number of periods of every multiple of half a Hz.
const TONE_SAMPLES: usize = 16_000;

/// Why a WAV file cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// It does not read as WAV.
    #[error("the WAV file does not read: {0}")]
    Wav(#[from] hound::Error),
    /// It is longer than a phone plays, or empty.
    #[error("the WAV file has {0} frames; 1 to ten minutes' worth are played")]
    Length(u32),
    /// Its sample rate or width is not played.
    #[error(
        "the WAV file has {rate} Hz and {bits} bits; 4,000 to 192,000 Hz and up to 32 bits are played"
    )]
    Format {
        /// Samples a second.
        rate: u32,
        /// Bits a sample.
        bits: u16,
    },
}

/// Samples at 8 kHz that are said over and over.
#[derive(Clone, Debug)]
pub struct Source {
    samples: Vec<i16>,
}

impl Source {
    /// A tone; its frequency is a multiple of half a Hz, so that the loop has no seam.
    pub fn tone(tone: Tone) -> Self {
        let peak = tone.level.peak();
        let at = |n: usize| peak * (TAU * tone.frequency.0 * n as f64 / SAMPLE_RATE_HZ).sin();
        Self {
            samples: (0..TONE_SAMPLES).map(|n| at(n).round() as i16).collect(),
        }
    }

    /// A WAV file of any usual format: channels are averaged and the rate becomes 8 kHz by linear
    /// interpolation.
    pub fn wav(path: &Path) -> Result<Self, WavError> {
        let reader = hound::WavReader::open(path)?;
        let spec = reader.spec();
        let length = reader.duration();
        if !(4_000..=192_000).contains(&spec.sample_rate) || spec.bits_per_sample > 32 {
            return Err(WavError::Format {
                rate: spec.sample_rate,
                bits: spec.bits_per_sample,
            });
        }
        if length == 0 || length / (spec.sample_rate / 4_000) > LONGEST_SAMPLES {
            return Err(WavError::Length(length));
        }
        let values = values(reader)?;
        let channels = usize::from(spec.channels.max(1));
        let mono: Vec<f64> = values
            .chunks_exact(channels)
            .map(|frame| frame.iter().sum::<f64>() / channels as f64)
            .collect();
        Ok(Self {
            samples: resample(&mono, f64::from(spec.sample_rate)),
        })
    }

    /// The samples.
    pub fn samples(&self) -> &[i16] {
        &self.samples
    }

    /// The loop in coded form.
    pub(crate) fn coded(&self, codec: Codec) -> CodedLoop {
        match codec.law() {
            Some(law) => {
                let octets = self.samples.iter().map(|&s| codec::encode(law, s));
                CodedLoop::Octets(octets.collect(), 0)
            }
            // Without an encoder there is nothing to say.
            None => CodedLoop::Packets(opus::encode_loop(&self.samples).unwrap_or_default(), 0),
        }
    }
}

/// The samples of a file, from -1 to 1.
fn values<Read: std::io::Read>(mut reader: hound::WavReader<Read>) -> Result<Vec<f64>, WavError> {
    let spec = reader.spec();
    let scale = 2_f64.powi(1 - i32::from(spec.bits_per_sample));
    let values = match spec.sample_format {
        hound::SampleFormat::Float => reader
            .samples::<f32>()
            .map(|value| Ok(f64::from(value?)))
            .collect::<Result<_, hound::Error>>(),
        hound::SampleFormat::Int => reader
            .samples::<i32>()
            .map(|value| Ok(f64::from(value?) * scale))
            .collect::<Result<_, hound::Error>>(),
    };
    Ok(values?)
}

/// Values from -1 to 1 at `rate`, as samples at 8 kHz; at least one.
fn resample(values: &[f64], rate: f64) -> Vec<i16> {
    let step = rate / SAMPLE_RATE_HZ;
    let count = ((values.len() as f64 / step) as usize).max(1);
    let value = |index: usize| values.get(index).or(values.last()).copied().unwrap_or(0.0);
    let at = |n: usize| {
        let place = n as f64 * step;
        let (index, rest) = (place as usize, place.fract());
        let between = value(index) * (1.0 - rest) + value(index + 1) * rest;
        (between * 32_767.0) as i16
    };
    (0..count).map(at).collect()
}

/// Coded audio that is sent over and over, and how much of it was.
#[derive(Debug)]
pub(crate) enum CodedLoop {
    /// An octet a sample.
    Octets(Bytes, usize),
    /// A packet each 20 ms.
    Packets(Vec<Bytes>, usize),
}

impl CodedLoop {
    /// The next 20 ms.
    pub(crate) fn next_frame(&mut self) -> Bytes {
        match self {
            Self::Octets(octets, at) => next_octets(octets, at),
            Self::Packets(packets, at) => {
                let packet = packets.get(*at).cloned().unwrap_or_default();
                *at = (*at + 1) % packets.len().max(1);
                packet
            }
        }
    }
}

fn next_octets(octets: &Bytes, at: &mut usize) -> Bytes {
    let (start, end) = (*at, *at + FRAME_SAMPLES);
    let length = octets.len();
    *at = end % length;
    if end <= length {
        return octets.slice(start..end);
    }
    (start..end).map(|n| octets[n % length]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phones::{Frequency, Level, Stretch};

    #[test]
    fn a_loop_runs_on_over_its_end() {
        let source = Source {
            samples: (0..250).collect(),
        };
        let mut coded = source.coded(Codec::Pcma);
        let first = coded.next_frame();
        let second = coded.next_frame();
        assert_eq!(second[90], first[0]);
        assert_eq!((first.len(), second.len()), (160, 160));
    }

    #[test]
    fn a_wav_file_at_sixteen_kilohertz_in_stereo_keeps_its_pitch() {
        let path = std::env::temp_dir().join(format!("lab-source-{}.wav", std::process::id()));
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for n in 0..16_000 {
            let sample = (8_000.0 * (TAU * 700.0 * f64::from(n) / 16_000.0).sin()) as i16;
            writer.write_sample(sample).unwrap();
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
        let source = Source::wav(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(source.samples().len(), 8_000);
        let level = Stretch::hann(source.samples()).level(Frequency(700.0));
        assert!((level.0 - Level::of_peak(8_000.0).0).abs() < 0.5);
    }

    #[test]
    fn a_file_that_is_no_wav_is_an_error() {
        let path = std::env::temp_dir().join(format!("lab-no-wav-{}.wav", std::process::id()));
        std::fs::write(&path, b"RIFF\xff\xff\xff\xffWAVEfmt ").unwrap();
        assert!(Source::wav(&path).is_err());
        std::fs::remove_file(&path).unwrap();
    }
}
