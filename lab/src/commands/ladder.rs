//! `h248 ladder`: a capture as a ladder.

use std::path::PathBuf;

use lab::{
    capture::{CaptureFile, Captured},
    ladder::Ladder,
};

use super::{Trouble, chain};
use crate::output::say;

/// What to draw.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pcapng or pcap file; `-` is standard input
    file: PathBuf,
}

/// Draws the whole file.
pub(crate) fn run(arguments: &Arguments) -> Result<Vec<String>, Trouble> {
    let mut capture = CaptureFile::new(&arguments.file);
    let mut ladder = Ladder::default();
    let mut draw = |message: Captured<'_>| {
        for line in ladder.draw(&message) {
            say!("{line}");
        }
    };
    let read = capture.each(&mut draw);
    capture.finish(&mut draw);
    read.map_err(|error| format!("{}: {}", arguments.file.display(), chain(&error)))?;
    say!("{}; {} do not decode", capture.counts(), ladder.undecoded());
    if capture.pending() > 0 {
        let octets = capture.pending();
        say!("the last {octets} octets are no whole block");
    }
    Ok(Vec::new())
}
