//! Sound files: WAV of any usual format, read as the engine plays it.

use std::path::{Path, PathBuf};

use mg_contract::Rate;
use mg_media::Samples;
use rubato::{Fft, FixedSync, Resampler, audioadapter_buffers::direct::InterleavedSlice};

/// The longest sound, in seconds: ten minutes, which are 9.6 MB at 8 kHz and 86 MB at all rates.
const LONGEST: u32 = 600;
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

/// A sound that was read.
pub(crate) struct Sound {
    /// It.
    pub(crate) samples: Samples,
    /// The rate at which it would be kept if there were room.
    pub(crate) best: Rate,
    /// Octets that it takes at more than 8 kHz.
    pub(crate) wide: usize,
}

/// Reads a file: channels are averaged, and it is kept at 8 kHz, and at each higher rate of the engine
/// up to the one that holds all of it, as far as those fit in `room` octets.
///
/// # Errors
///
/// It cannot be read, or is not played.
pub(crate) fn read(path: &Path, room: usize) -> Result<Sound, SoundError> {
    let wav = |error| SoundError::Wav {
        path: path.to_owned(),
        error,
    };
    let format = || SoundError::Format {
        path: path.to_owned(),
    };
    let about = std::fs::metadata(path).map_err(|error| wav(error.into()))?;
    if !about.is_file() {
        return Err(SoundError::NoFile(path.to_owned()));
    }
    let reader = hound::WavReader::open(path).map_err(wav)?;
    let spec = reader.spec();
    let too_long = reader.duration() / spec.sample_rate.max(1) >= LONGEST;
    if !RATES.contains(&spec.sample_rate) || spec.bits_per_sample > 32 || too_long {
        return Err(format());
    }
    let values = values(reader).map_err(wav)?;
    let channels = usize::from(spec.channels.max(1));
    let frames = values.chunks_exact(channels);
    let mono: Vec<f64> = frames
        .map(|frame| frame.iter().sum::<f64>() / channels as f64)
        .collect();
    drop(values);
    kept(&mono, spec.sample_rate, room).ok_or_else(format)
}

/// Keeps values of some rate at those of the engine.
fn kept(mono: &[f64], rate: u32, room: usize) -> Option<Sound> {
    let mut higher = Rate::ALL.into_iter();
    let best = higher.find(|own| own.hz() >= rate).unwrap_or(Rate::Full);
    let mut samples = Samples::new(Rate::Narrow, resampled(mono, rate, Rate::Narrow)?);
    let mut wide = 0;
    for own in [Rate::Wide, Rate::Full]
        .into_iter()
        .filter(|own| *own <= best)
    {
        let count = mono.len() as u64 * u64::from(own.hz()) / u64::from(rate);
        let octets = count as usize * size_of::<i16>();
        if wide + octets > room {
            break;
        }
        wide += octets;
        samples = samples.with(own, resampled(mono, rate, own)?);
    }
    Some(Sound {
        samples,
        best,
        wide,
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

/// Brings values to a rate of the engine, without what that cannot hold.
fn resampled(mono: &[f64], rate: u32, own: Rate) -> Option<Vec<i16>> {
    let sample = |value: &f64| (value * f64::from(i16::MAX)).round() as i16;
    if rate == own.hz() || mono.is_empty() {
        return Some(mono.iter().map(sample).collect());
    }
    let input = InterleavedSlice::new(mono, 1, mono.len()).ok()?;
    let (from, to) = (rate as usize, own.hz() as usize);
    let mut resampler = Fft::<f64>::new(from, to, CHUNK, 1, FixedSync::Both).ok()?;
    let output = resampler.process_all(&input, mono.len(), None).ok()?;
    Some(output.take_data().iter().map(sample).collect())
}

#[cfg(test)]
mod tests;
