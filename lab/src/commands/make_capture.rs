//! `h248 make-capture`: a large capture, to measure with.

use std::{fs, io::BufWriter, path::PathBuf};

use lab::capture::synthetic;

use super::Trouble;
use crate::output::say;

/// What to write.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The pcap file to write
    file: PathBuf,
    /// At least so many octets
    #[arg(long, default_value_t = 1_000_000_000)]
    octets: u64,
    /// The same seed makes the same capture
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Writes it.
pub(crate) fn run(arguments: &Arguments) -> Result<Vec<String>, Trouble> {
    let told = |error| format!("{}: {error}", arguments.file.display());
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true);
    let file = file.open(&arguments.file).map_err(told)?;
    let to = BufWriter::with_capacity(1 << 20, file);
    let written = synthetic::write(to, arguments.octets, arguments.seed).map_err(told)?;
    say!(
        "{}: {} octets, {} packets, {} messages",
        arguments.file.display(),
        written.octets,
        written.packets,
        written.messages
    );
    Ok(Vec::new())
}
