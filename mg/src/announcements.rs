//! Announcements: the WAV files of a folder, each named by its number.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use mg_contract::Rate;
use mg_media::Samples;

use crate::sound::{self, Sound, SoundError};

/// Announcements at most.
const FILES_MAX: usize = 1_024;
/// Samples at 8 kHz of all of them at most: two hours, which are 115 MB.
const SAMPLES_MAX: usize = Rate::Narrow.hz() as usize * 7_200;
/// Octets of all of them at higher rates at most: half an hour at 16 and 48 kHz.
const WIDE_MAX: usize = 230_400_000;

/// Announcements by number.
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

/// Reads all WAV files of a folder; other files are left alone. What has no room at higher rates is
/// played as far as it has, and told.
///
/// # Errors
///
/// One of them cannot be read or has no number, or they are too many.
pub(crate) fn read(folder: &Path) -> Result<Announcements, AnnouncementsError> {
    read_within(folder, WIDE_MAX)
}

fn read_within(folder: &Path, mut room: usize) -> Result<Announcements, AnnouncementsError> {
    let too_many = || AnnouncementsError::TooMany(folder.to_owned());
    let files = files(folder)?;
    if files.len() > FILES_MAX {
        return Err(too_many());
    }
    let mut announcements = Announcements::new();
    let mut count = 0;
    for (number, path) in files {
        let Sound {
            samples,
            best,
            wide,
        } = sound::read(&path, room)?;
        room -= wide;
        count += samples.at(Rate::Narrow).map_or(0, <[i16]>::len);
        if count > SAMPLES_MAX {
            return Err(too_many());
        }
        if samples.at(best).is_none() {
            tracing::warn!(number, "no room for an announcement at {} Hz", best.hz());
        }
        announcements.insert(number, samples);
    }
    Ok(announcements)
}

/// The WAV files of a folder, by number.
fn files(folder: &Path) -> Result<BTreeMap<u32, PathBuf>, AnnouncementsError> {
    let unread = |error| AnnouncementsError::Folder {
        folder: folder.to_owned(),
        error,
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let is_wav = |extension: &std::ffi::OsStr| extension.eq_ignore_ascii_case("wav");
        if !path.extension().is_some_and(is_wav) {
            continue;
        }
        let number = number(&path).ok_or_else(|| AnnouncementsError::Name(path.clone()))?;
        if files.insert(number, path.clone()).is_some() {
            return Err(AnnouncementsError::Twice { path, number });
        }
    }
    Ok(files)
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
        write_at(path, 8_000, samples);
    }

    fn write_at(path: &Path, sample_rate: u32, samples: usize) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate,
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
                .map(|(number, all)| (*number, all.at(Rate::Narrow).unwrap().len()))
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

    #[test]
    fn what_has_no_room_at_higher_rates_is_kept_at_those_that_have() {
        let name = format!("mg-announcements-room-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        for number in [1, 2, 10] {
            write_at(&folder.join(format!("{number}.wav")), 48_000, 4_800);
        }
        // A tenth of a second is 3,200 octets at 16 kHz and 9,600 at 48.
        let all = read_within(&folder, 12_800 + 3_200).unwrap();
        let kept = all
            .values()
            .map(|one| Rate::ALL.map(|rate| one.at(rate).is_some()));
        assert!(kept.eq([
            [true, true, true],
            [true, true, false],
            [true, false, false]
        ]));
        fs::remove_dir_all(&folder).unwrap();
    }
}
