//! Announcements: the WAV files of a folder, each named by its number.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use mg_media::Samples;

use crate::sound::{self, SoundError};

/// Announcements at most.
const FILES_MAX: usize = 1_024;
/// Samples of all of them at most: two hours, which are 115 MB.
const SAMPLES_MAX: usize = sound::RATE as usize * 7_200;

/// Announcements by number, 8 kHz, linear.
pub(crate) type Announcements = BTreeMap<u32, Samples>;

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AnnouncementsError {
    /// It cannot be read.
    #[error("announcements {}: {error}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file cannot be played.
    #[error("announcements: {0}")]
    Sound(#[from] SoundError),
    /// A WAV file has another name.
    #[error("announcements: {}: expected a number as its name, such as 1.wav", .0.display())]
    Name(PathBuf),
    /// Two files have one number.
    #[error("announcements: {}: there is another {number}", path.display())]
    Twice {
        /// The second.
        path: PathBuf,
        /// The number.
        number: u32,
    },
    /// They are more than is held.
    #[error("announcements {}: {FILES_MAX} files and two hours of sound at most", .0.display())]
    TooMany(PathBuf),
}

/// Reads the announcements, where there is a folder of them.
///
/// # Errors
///
/// As [`read`].
pub(crate) fn read_any(folder: Option<&Path>) -> Result<Announcements, AnnouncementsError> {
    folder.map_or_else(|| Ok(Announcements::new()), read)
}

/// Reads all WAV files of a folder; other files are left alone.
///
/// # Errors
///
/// One of them cannot be read or has no number, or they are too many.
pub(crate) fn read(folder: &Path) -> Result<Announcements, AnnouncementsError> {
    let unread = |error| AnnouncementsError::Folder {
        folder: folder.to_owned(),
        error,
    };
    let mut announcements = Announcements::new();
    let mut samples = 0;
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let is_wav = |extension: &std::ffi::OsStr| extension.eq_ignore_ascii_case("wav");
        if !path.extension().is_some_and(is_wav) {
            continue;
        }
        let number = number(&path).ok_or_else(|| AnnouncementsError::Name(path.clone()))?;
        let sound = sound::read(&path)?;
        samples += sound.samples.len();
        if announcements.len() == FILES_MAX || samples > SAMPLES_MAX {
            return Err(AnnouncementsError::TooMany(folder.to_owned()));
        }
        if announcements.insert(number, sound).is_some() {
            return Err(AnnouncementsError::Twice { path, number });
        }
    }
    Ok(announcements)
}

/// The number that a file's name is, without signs.
fn number(path: &Path) -> Option<u32> {
    let name = path.file_stem()?.to_str()?;
    let digits = name.bytes().all(|octet| octet.is_ascii_digit());
    name.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, samples: usize) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for _ in 0..samples {
            writer.write_sample(1_000_i16).unwrap();
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn files_are_announcements_by_their_numbers_and_a_wrong_name_is_told() {
        let name = format!("mg-announcements-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        write(&folder.join("1.wav"), 100);
        write(&folder.join("27.WAV"), 200);
        fs::write(folder.join("README"), "texts").unwrap();
        let read_now = || read(&folder).map_err(|error| error.to_string());
        let lengths = |all: Announcements| -> Vec<(u32, usize)> {
            all.iter()
                .map(|(number, all)| (*number, all.samples.len()))
                .collect()
        };
        assert_eq!(read_now().map(lengths), Ok(vec![(1, 100), (27, 200)]));
        write(&folder.join("01.wav"), 1);
        assert!(read_now().unwrap_err().ends_with(": there is another 1"));
        fs::remove_file(folder.join("01.wav")).unwrap();
        for (file, octets) in [("busy.wav", "RIFF"), ("+2.wav", "RIFF"), ("2.wav", "RIFF")] {
            fs::write(folder.join(file), octets).unwrap();
            let error = read_now().unwrap_err();
            assert!(error.contains(file), "{error}");
            fs::remove_file(folder.join(file)).unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
        assert!(read_now().unwrap_err().contains("mg-announcements"));
    }
}
