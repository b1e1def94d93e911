//! Sound files: WAV of any usual format, read as the engine plays it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// Samples a second of the engine.
pub(crate) const RATE: u32 = 8_000;
/// The longest sound, in samples: ten minutes, which is 9.6 MB.
const LONGEST: usize = RATE as usize * 600;
/// Rates that are read.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// A sound file that cannot be played.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoundError {
    /// It does not read as WAV.
    #[error("{}: {error}", path.display())]
    Wav {
        /// The file.
        path: PathBuf,
        /// Why.
        error: hound::Error,
    },
    /// Its format or length is not played.
    #[error("{}: 4,000 to 192,000 Hz, up to 32 bits and up to ten minutes are played", path.display())]
    Format {
        /// The file.
        path: PathBuf,
    },
}

/// Reads a file: channels are averaged, and the rate becomes 8 kHz by linear interpolation.
///
/// # Errors
///
/// It cannot be read, or is not played.
pub(crate) fn read(path: &Path) -> Result<Arc<[i16]>, SoundError> {
    let wav = |error| SoundError::Wav {
        path: path.to_owned(),
        error,
    };
    let reader = hound::WavReader::open(path).map_err(wav)?;
    let spec = reader.spec();
    let seconds = reader.duration() / spec.sample_rate.max(1);
    let too_long = seconds as usize * RATE as usize >= LONGEST;
    if !RATES.contains(&spec.sample_rate) || spec.bits_per_sample > 32 || too_long {
        return Err(SoundError::Format {
            path: path.to_owned(),
        });
    }
    let values = values(reader).map_err(wav)?;
    let channels = usize::from(spec.channels.max(1));
    let frames = values.chunks_exact(channels);
    let mono: Vec<f64> = frames
        .map(|frame| frame.iter().sum::<f64>() / channels as f64)
        .collect();
    Ok(resampled(&mono, f64::from(spec.sample_rate)))
}

/// Values from -1 to 1.
fn values(reader: hound::WavReader<impl std::io::Read>) -> Result<Vec<f64>, hound::Error> {
    let spec = reader.spec();
    match spec.sample_format {
        hound::SampleFormat::Float => reader
            .into_samples::<f32>()
            .map(|value| value.map(f64::from))
            .collect(),
        hound::SampleFormat::Int => {
            let full = f64::from(2_u32.pow(u32::from(spec.bits_per_sample) - 1));
            reader
                .into_samples::<i32>()
                .map(|value| value.map(|value| f64::from(value) / full))
                .collect()
        }
    }
}

fn resampled(mono: &[f64], rate: f64) -> Arc<[i16]> {
    let step = rate / f64::from(RATE);
    let length = (mono.len() as f64 / step) as usize;
    let at = |n: usize| {
        let place = n as f64 * step;
        let before = place as usize;
        let value = |at: usize| mono.get(at).or(mono.last()).copied().unwrap_or_default();
        let part = place - before as f64;
        let value = value(before) * (1.0 - part) + value(before + 1) * part;
        (value * f64::from(i16::MAX)).round() as i16
    };
    (0..length).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_averaged_and_the_rate_becomes_that_of_the_engine() {
        let path = std::env::temp_dir().join(format!("mg-sound-{}.wav", std::process::id()));
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 16_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for n in 0..1_600_i16 {
            writer.write_sample(n * 10).unwrap();
            writer.write_sample(0_i16).unwrap();
        }
        writer.finalize().unwrap();
        let samples = read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(samples.len(), 800);
        assert!((i32::from(samples[400]) - 4_000).abs() <= 1);
        let error = read(&path).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
    }
}
