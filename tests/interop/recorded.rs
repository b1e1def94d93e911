//! The H.248 messages of one demo with every strategy, recorded once for all tests.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{LazyLock, Mutex, PoisonError},
};

use h248_tests::{programs, scratch};
use lab::capture::{CaptureFile, Captured};

static CAPTURE: LazyLock<PathBuf> = LazyLock::new(|| {
    demo(
        &scratch("interop"),
        &["--strategy", "all", "--codec", "mixed"],
    )
});

/// One demo of its own for every test: audio is measured, so two would be each other's noise.
static MACHINE: Mutex<()> = Mutex::new(());

/// Runs the demo, which must come out right; returns its capture.
pub(crate) fn demo(out: &Path, arguments: &[&str]) -> PathBuf {
    let _alone = MACHINE.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(programs().join("h248"))
        .arg("demo")
        .args(arguments)
        .arg("--out")
        .arg(out)
        .output()
        .expect("h248 starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    out.join("demo.pcapng")
}

/// The capture file.
pub(crate) fn capture() -> &'static Path {
    &CAPTURE
}

/// Its datagrams.
pub(crate) fn datagrams() -> Vec<Captured<'static>> {
    let mut file = CaptureFile::new(capture());
    let datagrams = file.read_on().expect("the capture reads");
    assert!(
        datagrams.len() > 60,
        "only {} messages were recorded",
        datagrams.len()
    );
    datagrams
}
