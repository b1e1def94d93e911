//! `h248 ladder`: a capture as a ladder.

use std::path::PathBuf;

use lab::ladder::{CaptureFile, Ladder};

use super::{Trouble, chain};
use crate::output::say;

/// What to draw.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pcapng or pcap file of H.248 over UDP
    file: PathBuf,
}

/// Draws the whole file.
pub(crate) fn run(arguments: &Arguments) -> Result<Vec<String>, Trouble> {
    let mut capture = CaptureFile::new(&arguments.file);
    let mut ladder = Ladder::default();
    let datagrams = capture.read_on();
    let datagrams =
        datagrams.map_err(|error| format!("{}: {}", arguments.file.display(), chain(&error)))?;
    for datagram in datagrams {
        for line in ladder.draw(&datagram) {
            say!("{line}");
        }
    }
    let (messages, undecoded) = (ladder.messages(), ladder.undecoded());
    let other = ladder.others() + capture.skipped();
    say!(
        "{messages} messages, {undecoded} of them do not decode; {other} packets are of another kind"
    );
    if capture.pending() > 0 {
        let octets = capture.pending();
        say!("the last {octets} octets are no whole block");
    }
    Ok(Vec::new())
}
