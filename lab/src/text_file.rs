//! Files that somebody has written by hand: catalogues, scenarios, answers, offers. They are read no
//! further than is sensible.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::message;

/// Why such a file cannot be read; one that is too long is `FileTooLarge`.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct TextFileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// The text of a file, of 4 MiB at most.
///
/// # Errors
///
/// It cannot be read, is longer, or is no UTF-8.
pub fn read(path: &Path) -> Result<String, TextFileError> {
    let no_text = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    let text = message::read_file(path)
        .and_then(|octets| String::from_utf8(octets).map_err(|error| no_text(error.utf8_error())));
    text.map_err(|error| TextFileError {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_bound_whatever_is_said_of_its_length() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        let read_of = |octets: &[u8]| {
            fs::write(&path, octets).unwrap();
            read(&path).map(|text| text.len())
        };
        assert_eq!(read_of(&vec![b'a'; 4 << 20]).unwrap(), 4 << 20);
        for found in [
            read_of(&vec![b'a'; (4 << 20) + 1]),
            // Its length is told to be 0.
            read(Path::new("/dev/zero")).map(|text| text.len()),
        ] {
            let found = found.unwrap_err();
            assert_eq!(found.error.kind(), io::ErrorKind::FileTooLarge);
            let told = format!("{}: more than 4194304 octets", found.path.display());
            assert_eq!(found.to_string(), told);
        }
    }

    #[test]
    fn what_is_not_there_or_no_text_is_told_with_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        let error = read(&path).unwrap_err();
        assert_eq!(error.error.kind(), io::ErrorKind::NotFound);
        fs::write(&path, [b'a', 0xff]).unwrap();
        let told = read(&path).unwrap_err().to_string();
        let wanted = format!("{}: invalid utf-8 sequence", path.display());
        assert!(told.starts_with(&wanted), "{told}");
    }
}
