//! What two sides have agreed on, out of files: packages of vendors, and the numbers of names.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use codec_h248::{
    Name,
    binary::{BadLevels, BinaryProfile, TerminationKind, TerminationLevels},
    package::{PackageError, PackageFile},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::text_file::{self, TextFileError};

/// Why a file of packages or names is none.
#[derive(Debug, thiserror::Error)]
pub enum AgreedError {
    /// It cannot be read.
    #[error(transparent)]
    Text(#[from] TextFileError),
    /// It is no TOML, or says what it must not.
    #[error("{}: {error}", file.display())]
    Toml {
        /// The file.
        file: PathBuf,
        /// Why, with the line.
        error: toml::de::Error,
    },
    /// A package that cannot stand beside the others.
    #[error("{}: {error}", file.display())]
    Package {
        /// The file.
        file: PathBuf,
        /// Why.
        error: PackageError,
    },
    /// Levels that make no sense.
    #[error("{}: {error}", file.display())]
    Levels {
        /// The file.
        file: PathBuf,
        /// Why.
        error: BadLevels,
    },
    /// A digit map that text cannot call so.
    #[error("{}: the digit map {name:?} is no letter, then letters, digits and underscores", file.display())]
    DigitMapName {
        /// The file.
        file: PathBuf,
        /// What is no name.
        name: String,
    },
    /// A digit map that cannot be told from another one.
    #[error("{}: another digit map has the name or the number of {name}", file.display())]
    DigitMapTwice {
        /// The file.
        file: PathBuf,
        /// The second one.
        name: String,
    },
}

/// A file of names and their numbers, which both sides of a binary association need.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct NamesFile {
    terminations: Option<TerminationTable>,
    #[serde(default)]
    digit_maps: BTreeMap<String, u16>,
}

/// How the names of Terminations lie in their ids.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TerminationTable {
    /// Bits of each level, the first level first.
    levels: Vec<u8>,
    /// The first parts of names.
    #[serde(default)]
    kinds: BTreeMap<String, KindTable>,
}

/// The number of a first part, and how many digits the last part has at least.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a number, or a table of `number` and `digits`"
)]
enum KindTable {
    Number(u64),
    Padded { number: u64, digits: usize },
}

/// What the files say: the standard's packages and these, and names; neither has to be there.
pub fn agreed(packages: Option<&Path>, names: Option<&Path>) -> Result<BinaryProfile, AgreedError> {
    let mut profile = BinaryProfile::default();
    if let Some(file) = packages {
        let found: PackageFile = read(file)?;
        for package in found.package {
            let added = profile.packages.add(package);
            added.map_err(|error| AgreedError::Package {
                file: file.to_owned(),
                error,
            })?;
        }
    }
    if let Some(file) = names {
        add_names(&mut profile, file)?;
    }
    Ok(profile)
}

fn add_names(profile: &mut BinaryProfile, file: &Path) -> Result<(), AgreedError> {
    let names: NamesFile = read(file)?;
    if let Some(table) = names.terminations {
        let kinds = table.kinds.into_iter().map(kind).collect();
        let levels = TerminationLevels::new(table.levels, kinds);
        profile.terminations = levels.map_err(|error| AgreedError::Levels {
            file: file.to_owned(),
            error,
        })?;
    }
    profile.digit_maps = digit_maps(names.digit_maps, file)?;
    Ok(())
}

/// Digit maps whose names text can say, each with a name and a number of its own.
fn digit_maps(
    table: BTreeMap<String, u16>,
    file: &Path,
) -> Result<Vec<(Name<'static>, u16)>, AgreedError> {
    let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    let mut found = Vec::new();
    for (name, number) in table {
        let file = file.to_owned();
        if !is_name(&name) {
            return Err(AgreedError::DigitMapName { file, name });
        }
        // Names are the same in any case.
        let named = names.insert(name.to_ascii_lowercase());
        if !(named && numbers.insert(number)) {
            return Err(AgreedError::DigitMapTwice { file, name });
        }
        found.push((Name::from(name), number));
    }
    Ok(found)
}

/// Whether it is a `NAME` of the text encoding.
fn is_name(word: &str) -> bool {
    word.len() <= 64
        && word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word
            .bytes()
            .all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
}

fn kind((name, table): (String, KindTable)) -> TerminationKind {
    match table {
        KindTable::Number(number) => TerminationKind::new(name, number),
        KindTable::Padded { number, digits } => TerminationKind {
            digits,
            ..TerminationKind::new(name, number)
        },
    }
}

fn read<T: DeserializeOwned>(file: &Path) -> Result<T, AgreedError> {
    let text = text_file::read(file)?;
    toml::from_str(&text).map_err(|error| AgreedError::Toml {
        file: file.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(text: &str) -> Result<BinaryProfile, AgreedError> {
        let file = std::env::temp_dir().join(format!(
            "h248-names-{}-{:?}.toml",
            std::process::id(),
            std::thread::current().id()
        ));
        fs::write(&file, text).expect("the file is writable");
        let agreed = agreed(None, Some(&file));
        fs::remove_file(file).expect("it was written");
        agreed
    }

    #[test]
    fn names_have_levels_and_numbers() {
        let found = names(
            "[terminations]\nlevels = [8, 8, 16]\n\
             [terminations.kinds]\ntdm = 1\nrtp = { number = 2, digits = 5 }\n\
             [digit-maps]\ndialplan1 = 7\n",
        )
        .expect("it is good");
        assert_eq!(found.digit_maps, [(Name::from("DialPlan1"), 7)]);
        let kinds = vec![
            TerminationKind {
                digits: 5,
                ..TerminationKind::new("rtp", 2)
            },
            TerminationKind::new("tdm", 1),
        ];
        assert_eq!(
            Ok(found.terminations),
            TerminationLevels::new(vec![8, 8, 16], kinds)
        );
    }

    #[test]
    fn what_makes_no_sense_is_told_with_the_file() {
        for (text, wanted) in [
            ("level = 1", "unknown field `level`"),
            ("[terminations]\nlevels = [0]", ""),
            (
                "[terminations.kinds]\nrtp = -1",
                "expected a number, or a table of `number` and `digits`",
            ),
            ("[digit-maps]\na = 65536", "65536"),
            ("[digit-maps]\n'x y}' = 2", "\"x y}\" is no letter"),
            ("[digit-maps]\na = 2\nb = 2", "the number of b"),
            ("[digit-maps]\nA = 2\na = 3", "the name or the number of a"),
        ] {
            let told = names(text).expect_err(text).to_string();
            assert!(
                told.contains("h248-names-") && told.contains(wanted),
                "{told}"
            );
        }
    }

    #[test]
    fn a_file_is_read_no_further_than_is_sensible() {
        let zeros = Path::new("/dev/zero");
        let told = agreed(Some(zeros), None)
            .expect_err("it has no end")
            .to_string();
        assert!(told.contains("more than 4194304 octets"), "{told}");
    }
}
