//! What hooks know of each other: small files in `H248_STATE`, each written whole.

#![expect(
    clippy::disallowed_types,
    reason = "hooks are programs of their own, which wait for each other"
)]

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

/// More legs or Calls of one row are a mistake of the row.
const NUMBERS_MAX: u32 = 10_000;

/// What one hook does at a time; over when it is dropped, and when the hook is killed.
#[derive(Debug)]
pub(super) struct Turn {
    _lock: File,
}

/// The folder.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self { path })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes it down; who reads at the same time has the old or the new.
    pub(super) fn write(&self, name: &str, what: &impl Serialize) -> io::Result<()> {
        let new = self.path.join(format!("{name}.{}.new", std::process::id()));
        fs::write(&new, serde_json::to_vec(what)?)?;
        fs::rename(new, self.path.join(name))
    }

    /// Reads it; `None` where it is not there, or is only claimed.
    pub(super) fn read<What: DeserializeOwned>(&self, name: &str) -> Option<What> {
        let octets = fs::read(self.path.join(name)).ok()?;
        serde_json::from_slice(&octets).ok()
    }

    /// Takes the next number of a kind, which nobody else takes then.
    pub(super) fn claim(&self, kind: &str) -> io::Result<u32> {
        for number in 1..NUMBERS_MAX {
            let path = self.path.join(format!("{kind}-{number}"));
            let made = OpenOptions::new().write(true).create_new(true).open(path);
            match made {
                Ok(_) => return Ok(number),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other(format!(
            "more than {NUMBERS_MAX} of {kind}"
        )))
    }

    /// The last number of a kind that was taken.
    pub(super) fn last(&self, kind: &str) -> Option<u32> {
        let taken = (1..NUMBERS_MAX).take_while(|number| self.is_claimed(kind, *number));
        taken.last()
    }

    fn is_claimed(&self, kind: &str, number: u32) -> bool {
        self.path.join(format!("{kind}-{number}")).exists()
    }

    /// Waits until no other hook has this turn.
    pub(super) fn turn(&self, name: &str) -> io::Result<Turn> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create(true).truncate(false);
        let lock = options.open(self.path.join(name))?;
        lock.lock()?;
        Ok(Turn { _lock: lock })
    }

    /// Forgets everything of these kinds.
    pub(super) fn clear(&self, kinds: &[&str]) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_one = |kind: &&str| {
                name.strip_prefix(*kind)
                    .is_some_and(|rest| rest.starts_with('-'))
            };
            if kinds.iter().any(is_one) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_one_hooks_at_a_time() {
        let path = std::env::temp_dir().join(format!("h248-hook-turn-{}", std::process::id()));
        let folder = Folder::open(path.clone()).unwrap();
        let turn = folder.turn("drained").unwrap();
        let other = File::open(path.join("drained")).unwrap();
        assert!(other.try_lock().is_err());
        drop(turn);
        other.try_lock().unwrap();
        fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn numbers_are_taken_once_and_forgotten_together() {
        let path = std::env::temp_dir().join(format!("h248-hook-folder-{}", std::process::id()));
        let folder = Folder::open(path.clone()).unwrap();
        assert_eq!(folder.claim("leg").unwrap(), 1);
        assert_eq!(folder.claim("leg").unwrap(), 2);
        assert_eq!(folder.read::<String>("leg-2"), None);
        folder.write("leg-2", &"two").unwrap();
        assert_eq!(folder.read::<String>("leg-2").as_deref(), Some("two"));
        assert_eq!((folder.last("leg"), folder.last("call")), (Some(2), None));
        folder.write("mgc", &7).unwrap();
        folder.clear(&["leg"]).unwrap();
        assert_eq!(folder.last("leg"), None);
        assert_eq!(folder.read("mgc"), Some(7));
        fs::remove_dir_all(path).unwrap();
    }
}
