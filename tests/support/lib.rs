//! What the suites share: where the built programs are, how they run, and where a test may write.

pub mod program;

use std::{
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The folder of the programs that were built with this test.
///
/// # Panics
///
/// Where the programs are not built: `make test` builds them first.
pub fn programs() -> PathBuf {
    let folder = target();
    for program in ["mgc", "mg", "h248"] {
        let path = folder.join(program);
        assert!(
            path.exists(),
            "{} is not built: run `make test`",
            path.display()
        );
    }
    folder
}

/// An empty folder of this name for one test's files; it stays for whoever wants to look.
///
/// # Panics
///
/// Where the build folder cannot be written.
pub fn scratch(name: &str) -> PathBuf {
    let folder = target().join("test-out").join(name);
    // It need not exist yet.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the build folder can be written");
    folder
}

fn target() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test.parent().and_then(|deps| deps.parent());
    folder
        .expect("tests run from a folder below the build folder")
        .to_path_buf()
}

/// One test at a time of those that ask for it: what is measured in two would be each other's noise.
pub fn alone() -> MutexGuard<'static, ()> {
    static MACHINE: Mutex<()> = Mutex::new(());
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}
