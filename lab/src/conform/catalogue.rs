//! The catalogue as data: from the binary itself, or from a folder.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};

use super::purpose::{Purpose, Role};
use crate::text_file::{self, TextFileError};

/// The folder that the binary carries.
static OWN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/conformance");

/// The groups in the catalogue's order, with their names.
pub const GROUPS: [(&str, &str); 20] = [
    ("SX", "Syntax and message level"),
    ("TR", "Transactions and transport"),
    ("AD", "Add"),
    ("MD", "Modify"),
    ("SU", "Subtract"),
    ("MO", "Move"),
    ("AV", "AuditValue"),
    ("AC", "AuditCapability"),
    ("NO", "Notify"),
    ("SC", "ServiceChange"),
    ("CX", "Contexts, attributes, topology"),
    ("ME", "Media and streams"),
    ("EV", "Events"),
    ("SG", "Signals"),
    ("DM", "Digit maps"),
    ("ST", "Statistics"),
    ("PK", "Packages"),
    ("ER", "Error handling"),
    ("VN", "Version negotiation"),
    ("SE", "Segmentation"),
];

/// Why a catalogue cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A folder cannot be read.
    #[error("{}: {}", .0.display(), .1)]
    Folder(PathBuf, io::Error),
    /// A file cannot be read, or is too large to be one of a catalogue.
    #[error(transparent)]
    File(#[from] TextFileError),
    /// A folder has no purposes of this role.
    #[error("{}: expected purposes in {role}/GROUP.txt; found none", .folder.display())]
    Empty {
        /// The folder.
        folder: PathBuf,
        /// The role.
        role: &'static str,
    },
    /// A block is not as it must be.
    #[error("{0}")]
    Block(String),
}

/// Where the files of a catalogue are.
#[derive(Clone, Debug)]
pub enum Source {
    /// In this binary.
    Own,
    /// In a folder of the same shape.
    Folder(PathBuf),
}

impl Source {
    /// A file by its path below the catalogue, such as `mg/AD.txt`; `None` where it is not there.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn text(&self, path: &str) -> Result<Option<String>, CatalogueError> {
        match self {
            Self::Own => {
                let file = OWN.get_file(path).and_then(|file| file.contents_utf8());
                Ok(file.map(str::to_owned))
            }
            Self::Folder(folder) => file(&folder.join(path)),
        }
    }
}

impl Source {
    /// The states that purposes begin in, by name.
    ///
    /// # Errors
    ///
    /// One cannot be read.
    pub fn states(&self) -> Result<Vec<(String, String)>, CatalogueError> {
        let mut states = Vec::new();
        let name = |path: &Path| path.file_stem()?.to_str().map(str::to_owned);
        match self {
            Self::Own => {
                let files = OWN.get_dir("common").into_iter().flat_map(Dir::files);
                for one in files {
                    let text = one.contents_utf8().unwrap_or_default();
                    states.extend(name(one.path()).map(|name| (name, text.to_owned())));
                }
            }
            Self::Folder(folder) => {
                let folder = folder.join("common");
                let failed = |error| CatalogueError::Folder(folder.clone(), error);
                for entry in fs::read_dir(&folder).map_err(failed)? {
                    let path = entry.map_err(failed)?.path();
                    if path.extension().is_some_and(|kind| kind == "txt") {
                        let text = file(&path)?.unwrap_or_default();
                        states.extend(name(&path).map(|name| (name, text)));
                    }
                }
            }
        }
        Ok(states)
    }
}

/// A file of a bounded size, as text; `None` where it is not there.
pub(super) fn file(path: &Path) -> Result<Option<String>, CatalogueError> {
    match text_file::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(failed) if failed.error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(failed) => Err(failed.into()),
    }
}

/// The purposes of one role, in the catalogue's order.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// Where it was read from.
    pub source: Source,
    /// All of them.
    pub purposes: Vec<Purpose>,
}

impl Catalogue {
    /// Reads the files of a role.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or a block is not as it must be, or is there twice.
    pub fn read(source: Source, role: Role) -> Result<Self, CatalogueError> {
        let mut purposes = Vec::new();
        if let Source::Folder(folder) = &source {
            // Files of groups may be missing, and the folder not.
            let there = fs::read_dir(folder);
            there.map_err(|error| CatalogueError::Folder(folder.clone(), error))?;
        }
        for (group, _) in GROUPS {
            let path = format!("{}/{group}.txt", role.word());
            if let Some(text) = source.text(&path)? {
                purposes.extend(blocks(&path, &text)?);
            }
        }
        let mut ids = BTreeSet::new();
        for purpose in &purposes {
            let place = || format!("{}:{}", purpose.place.0, purpose.place.1);
            if !ids.insert(&purpose.id) {
                let told = format!("{}: {} is there twice", place(), purpose.id);
                return Err(CatalogueError::Block(told));
            }
            if purpose.role != role {
                let told = format!("{}: {} is not of role {role}", place(), purpose.id);
                return Err(CatalogueError::Block(told));
            }
        }
        match &source {
            Source::Folder(folder) if purposes.is_empty() => {
                let (folder, role) = (folder.clone(), role.word());
                Err(CatalogueError::Empty { folder, role })
            }
            Source::Folder(_) | Source::Own => Ok(Self { source, purposes }),
        }
    }
}

/// The blocks of one file: each begins with a line `purpose: ID`; what stands before the first is a
/// remark or empty.
fn blocks(path: &str, text: &str) -> Result<Vec<Purpose>, CatalogueError> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let close = |open: Option<(usize, String)>, found: &mut Vec<Purpose>| {
        let Some((line, block)) = open else {
            return Ok::<_, CatalogueError>(());
        };
        let purpose = Purpose::read(&block, (path.to_owned(), line));
        found.push(purpose.map_err(CatalogueError::Block)?);
        Ok(())
    };
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("purpose:") {
            close(open.take(), &mut found)?;
            open = Some((at + 1, String::new()));
        }
        match &mut open {
            Some((_, block)) => {
                block.push_str(line);
                block.push('\n');
            }
            None if line.trim().is_empty() || line.starts_with('#') => {}
            None => {
                let told = format!("{path}:{}: a block begins with `purpose:`", at + 1);
                return Err(CatalogueError::Block(told));
            }
        }
    }
    close(open, &mut found)?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "# remark\n\npurpose: TP_MG_AD_BV_01\nversion: 1+ any\nclause: 7.2.1 (R)\n\
                       status: M\ntitle: one\nsend: Context=$ {Add=$}\n# remark\n\
                       purpose: TP_MG_AD_BV_02\nversion: 1+ any\nclause: 7.2.1 (R)\nstatus: M\n\
                       title: two\nsend: Context=$ {Add=$}\n";

    #[test]
    fn a_file_is_split_into_its_blocks_with_their_lines() {
        let found = blocks("mg/AD.txt", TWO).unwrap();
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.short(), one.place.1, one.title.as_str()))
            .collect();
        assert_eq!(told, [("AD_BV_01", 3, "one"), ("AD_BV_02", 10, "two")]);
        assert!(found[0].text.ends_with("# remark\n"));
    }

    #[test]
    fn a_folder_is_read_and_what_is_there_twice_or_of_another_role_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let read = |text: &str| {
            fs::create_dir_all(folder.path().join("mg")).unwrap();
            fs::write(folder.path().join("mg/AD.txt"), text).unwrap();
            let source = Source::Folder(folder.path().to_owned());
            Catalogue::read(source, Role::Mg).map(|catalogue| catalogue.purposes.len())
        };
        assert_eq!(read(TWO).unwrap(), 2);
        let twice = read(&TWO.replace("BV_02", "BV_01")).unwrap_err();
        assert!(twice.to_string().ends_with("TP_MG_AD_BV_01 is there twice"));
        let other = read(&TWO.replace("MG_AD_BV_02", "MGC_AD_BV_02")).unwrap_err();
        assert!(other.to_string().ends_with("is not of role MG"), "{other}");
        let stray = read("send: Context=$ {Add=$}\n").unwrap_err();
        assert!(stray.to_string().starts_with("mg/AD.txt:1: a block"));
    }

    #[test]
    fn a_folder_that_is_not_there_or_holds_no_purposes_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let read = |path: PathBuf| {
            let error = Catalogue::read(Source::Folder(path), Role::Mg).unwrap_err();
            error.to_string()
        };
        let told = read(folder.path().join("nofolder"));
        assert!(told.contains("nofolder: No such file"), "{told}");
        let told = read(folder.path().to_owned());
        assert!(
            told.ends_with("expected purposes in mg/GROUP.txt; found none"),
            "{told}"
        );
    }

    #[test]
    fn the_own_catalogue_is_read() {
        for role in [Role::Mg, Role::Mgc] {
            let catalogue = Catalogue::read(Source::Own, role);
            assert!(catalogue.is_ok(), "{}", catalogue.unwrap_err());
        }
    }
}
