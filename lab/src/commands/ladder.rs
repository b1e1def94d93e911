//! `h248 ladder`: a capture as a ladder.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use lab::ladder::{CaptureFile, Ladder};

use super::Trouble;

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
    let mut out = io::BufWriter::new(io::stdout().lock());
    for datagram in capture.read_on()? {
        for line in ladder.draw(&datagram) {
            writeln!(out, "{line}")?;
        }
    }
    let (messages, undecoded) = (ladder.messages(), ladder.undecoded());
    let other = ladder.others() + capture.skipped();
    writeln!(
        out,
        "{messages} messages, {undecoded} of them do not decode; {other} packets are no H.248 over UDP"
    )?;
    if capture.pending() > 0 {
        let octets = capture.pending();
        writeln!(out, "the last {octets} octets are no whole block")?;
    }
    out.flush()?;
    Ok(Vec::new())
}
