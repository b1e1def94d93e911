//! What the suites share: where the built programs are.

use std::path::PathBuf;

/// The folder of the programs that were built with this test.
///
/// # Panics
///
/// Where the programs are not built: `make test` builds them first.
pub fn programs() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("tests run from target/…/deps");
    for program in ["mgc", "mg", "h248"] {
        let path = folder.join(program);
        assert!(
            path.exists(),
            "{} is not built: run `make test`",
            path.display()
        );
    }
    folder.to_path_buf()
}
