//! The H.248 messages of one demo with every strategy, recorded once for all tests.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use h248_tests::{programs, scratch};
use lab::ladder::{CaptureFile, Datagram};

static CAPTURE: LazyLock<PathBuf> = LazyLock::new(|| {
    let out = scratch("interop");
    let output = Command::new(programs().join("h248"))
        .args(["demo", "--strategy", "all", "--codec", "mixed", "--out"])
        .arg(&out)
        .output()
        .expect("h248 starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    out.join("demo.pcapng")
});

/// The capture file.
pub(crate) fn capture() -> &'static Path {
    &CAPTURE
}

/// Its datagrams.
pub(crate) fn datagrams() -> Vec<Datagram> {
    let mut file = CaptureFile::new(capture());
    let datagrams = file.read_on().expect("the capture reads");
    assert!(
        datagrams.len() > 60,
        "only {} messages were recorded",
        datagrams.len()
    );
    datagrams
}
