//! The names of recordings: what a controller asks for, made fit for a folder.

use std::{fs::OpenOptions, io, path::Path};

use super::File;

/// Characters of a name at most, its ending included.
const LENGTH_MAX: usize = 100;
/// Files of one name at most; one more is not written.
const SAME_MAX: u32 = 10_000;

/// How a recording is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Format {
    /// Linear.
    Wav,
    /// Opus in Ogg (RFC 7845).
    Opus,
}

/// Makes a name of letters, digits, `-`, `_` and `.` that begins with no dot, and tells the format by its
/// ending. Nothing in it leads out of a folder.
pub(super) fn fit(wanted: &str) -> (String, Format) {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&sign);
    let kept = wanted.chars().take(LENGTH_MAX);
    let kept: String = kept
        .map(|sign| if fits(sign) { sign } else { '_' })
        .collect();
    let kept = kept.trim_start_matches('.');
    let (stem, ending) = kept.rsplit_once('.').unwrap_or((kept, ""));
    let format = match ending.to_ascii_lowercase().as_str() {
        "wav" => Some(Format::Wav),
        "opus" | "ogg" => Some(Format::Opus),
        _ => None,
    };
    let stem = if format.is_some() { stem } else { kept };
    let stem = if stem.is_empty() { "recording" } else { stem };
    (stem.to_owned(), format.unwrap_or(Format::Wav))
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Opus => "opus",
        }
    }
}

/// Creates a file that was not there: a number is added to the name where one was. Returns its name.
pub(super) fn create(folder: &Path, stem: &str, format: Format) -> io::Result<(String, File)> {
    for number in 1..=SAME_MAX {
        let ending = format.ending();
        let name = match number {
            1 => format!("{stem}.{ending}"),
            number => format!("{stem}-{number}.{ending}"),
        };
        let mut options = OpenOptions::new();
        let created = options
            .write(true)
            .create_new(true)
            .open(folder.join(&name));
        match created {
            Ok(file) => return Ok((name, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder_and_the_ending_is_the_format() {
        for (wanted, stem, format) in [
            ("room", "room", Format::Wav),
            ("room.opus", "room", Format::Opus),
            ("a.b.OGG", "a.b", Format::Opus),
            ("../../etc/passwd", "_.._etc_passwd", Format::Wav),
            ("/etc/cron.d/x.wav", "_etc_cron.d_x", Format::Wav),
            ("...", "recording", Format::Wav),
            (".opus", "opus", Format::Wav),
            ("ä\0\n", "___", Format::Wav),
            ("", "recording", Format::Wav),
        ] {
            assert_eq!(fit(wanted), (stem.to_owned(), format), "{wanted:?}");
        }
        assert!(fit(&"x".repeat(5_000)).0.len() <= LENGTH_MAX);
    }

    #[test]
    fn no_file_is_written_over() {
        let name = format!("mg-names-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let names = [1, 2, 3].map(|_| create(&folder, "room", Format::Wav).unwrap().0);
        assert_eq!(names, ["room.wav", "room-2.wav", "room-3.wav"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
