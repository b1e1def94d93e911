//! A program's configuration file: TOML whose keys are the names of options.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::de::DeserializeOwned;

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
    let text = fs::read_to_string(path).map_err(|error| ConfigFileError::Unread {
        path: path.to_owned(),
        error,
    })?;
    toml::from_str(&text).map_err(|error| ConfigFileError::Invalid {
        path: path.to_owned(),
        error: Box::new(error),
    })
}
