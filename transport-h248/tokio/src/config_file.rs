//! A program's configuration file: TOML whose keys are the names of options.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

/// Octets of the longest file: 16 MiB, more than every line that a gateway may have takes.
const OCTETS_MAX: u64 = 16 << 20;

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigFileError {
    /// It cannot be read.
    #[error("{}: {error}", path.display())]
    Unread {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It does not fit.
    #[error("{}: {error}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where and why.
        error: Box<toml::de::Error>,
    },
}

/// Reads options from a file.
///
/// # Errors
///
/// The file cannot be read, or something in it does not fit; the error says where.
pub fn read<Options: DeserializeOwned>(path: &Path) -> Result<Options, ConfigFileError> {
    let unread = |error| ConfigFileError::Unread {
        path: path.to_owned(),
        error,
    };
    let text = String::from_utf8(octets(path)?);
    let text = text.map_err(|error| unread(io::Error::other(error)))?;
    toml::from_str(&text).map_err(|error| ConfigFileError::Invalid {
        path: path.to_owned(),
        error: Box::new(error),
    })
}

/// Reads a file that an option names, of 16 MiB at most. It may be a pipe, and may not end.
///
/// # Errors
///
/// It cannot be read, or is longer.
pub fn octets(path: &Path) -> Result<Vec<u8>, ConfigFileError> {
    bounded(path).map_err(|error| ConfigFileError::Unread {
        path: path.to_owned(),
        error,
    })
}

#[expect(clippy::disallowed_types, reason = "this is a shell's file")]
fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    let read = std::fs::File::open(path)?
        .take(OCTETS_MAX + 1)
        .read_to_end(&mut octets);
    if read? as u64 > OCTETS_MAX {
        return Err(io::Error::other("16 MiB at most are read"));
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_an_end_is_not_read_for_ever() {
        let error = read::<toml::Table>(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(error.to_string(), "/dev/zero: 16 MiB at most are read");
    }
}
