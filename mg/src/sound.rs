//! Sound files: WAV of any usual format, read as the engine plays it.

use std::path::{Path, PathBuf};

use mg_contract::Rate;
use mg_media::Samples;
use rubato::{Fft, FixedSync, Resampler, audioadapter_buffers::owned::InterleavedOwned};

/// Samples a second of the engine.
pub(crate) const RATE: u32 = 8_000;
/// The longest sound, in samples: ten minutes, which is 9.6 MB.
const LONGEST: usize = RATE as usize * 600;
/// Samples that are resampled at a time.
const CHUNK: usize = 1_024;
/// Rates that are read.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;

/// A sound file that cannot be played.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SoundError {
    /// It is a pipe or the like, whose reading might never end.
    #[error("{}: expected a file", .0.display())]
    NoFile(PathBuf),
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

/// Reads a file: channels are averaged, and the rate becomes 8 kHz.
///
/// # Errors
///
/// It cannot be read, or is not played.
pub(crate) fn read(path: &Path) -> Result<Samples, SoundError> {
    let wav = |error| SoundError::Wav {
        path: path.to_owned(),
        error,
    };
    let about = std::fs::metadata(path).map_err(|error| wav(error.into()))?;
    if !about.is_file() {
        return Err(SoundError::NoFile(path.to_owned()));
    }
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
    let resampled = resampled(mono, spec.sample_rate).ok_or_else(|| SoundError::Format {
        path: path.to_owned(),
    })?;
    let sample = |value: &f64| (value * f64::from(i16::MAX)).round() as i16;
    Ok(Samples {
        rate: Rate::Narrow,
        samples: resampled.iter().map(sample).collect(),
    })
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

/// Brings values to the engine's rate, without what it cannot hold.
fn resampled(mono: Vec<f64>, rate: u32) -> Option<Vec<f64>> {
    if rate == RATE || mono.is_empty() {
        return Some(mono);
    }
    let length = mono.len();
    let input = InterleavedOwned::new_from(mono, 1, length).ok()?;
    let (from, to) = (rate as usize, RATE as usize);
    let mut resampler = Fft::<f64>::new(from, to, CHUNK, 1, FixedSync::Both).ok()?;
    let output = resampler.process_all(&input, length, None).ok()?;
    Some(output.take_data())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes two channels, of which the second is silent, at a rate.
    fn write(path: &Path, rate: u32, left: impl Fn(f64) -> f64) {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for n in 0..rate {
            let value = left(f64::from(n) / f64::from(rate));
            writer.write_sample((value * 20_000.0) as i16).unwrap();
            writer.write_sample(0_i16).unwrap();
        }
        writer.finalize().unwrap();
    }

    /// The root of the mean square but for the ends.
    fn loudness(samples: &[i16]) -> f64 {
        let middle = &samples[1_000..samples.len() - 1_000];
        let squares = middle.iter().map(|&sample| f64::from(sample).powi(2));
        (squares.sum::<f64>() / middle.len() as f64).sqrt()
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        assert!(matches!(
            read(Path::new("/dev/null")),
            Err(SoundError::NoFile(_))
        ));
    }

    #[test]
    fn channels_are_averaged_and_the_rate_becomes_that_of_the_engine() {
        let path = std::env::temp_dir().join(format!("mg-sound-{}.wav", std::process::id()));
        let tone = |hz: f64| move |at: f64| (at * hz * std::f64::consts::TAU).sin();
        for rate in [8_000, 16_000, 44_100, 48_000] {
            write(&path, rate, tone(1_000.0));
            let samples = read(&path).unwrap().samples;
            assert!(samples.len().abs_diff(8_000) <= 2, "{}", samples.len());
            // Half of 20,000, over the root of two.
            let loudness = loudness(&samples);
            assert!((loudness - 7_071.0).abs() < 50.0, "{rate}: {loudness}");
        }
        // What 8 kHz cannot hold is left out, and comes back as nothing else.
        write(&path, 48_000, tone(7_000.0));
        let loudness = loudness(&read(&path).unwrap().samples);
        assert!(loudness < 10.0, "{loudness}");
        std::fs::remove_file(&path).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
    }
}
