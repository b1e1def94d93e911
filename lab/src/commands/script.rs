//! `h248 script`: one side of a capture as a scenario.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
};

use lab::{
    capture::{CaptureFile, Captured},
    replay::{Exchange, Given, Rules, Side, Wish, exchange, scenario},
};

use super::{Trouble, chain};
use crate::output::say;

/// Which side of which capture, and by which rules.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) derivation: Derivation,
    /// Where the scenario goes; otherwise it is printed
    #[arg(long)]
    out: Option<PathBuf>,
}

/// What a scenario is derived from, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Derivation {
    /// A pcapng or pcap file
    capture: PathBuf,
    /// The side that is played
    #[arg(long = "as", value_enum)]
    pub(super) side: Side,
    /// The gateway whose exchange it is, where the capture has several; otherwise that with most messages
    #[arg(long)]
    gateway: Option<IpAddr>,
    /// How a field of expected messages is compared: exact, any, captured or ignore; context, termination,
    /// request, address, port, session, time, statistics, service
    #[arg(long = "rule", value_name = "FIELD=RULE")]
    rules: Vec<Given>,
}

impl Derivation {
    /// The scenario's text.
    pub(super) fn text(&self) -> Result<String, Trouble> {
        let wish = Wish {
            side: self.side,
            rules: Rules::new(&self.rules),
            origin: name(&self.capture),
        };
        Ok(scenario(&self.exchange()?, &wish))
    }

    fn exchange(&self) -> Result<Exchange, Trouble> {
        let told = |error: &(dyn std::error::Error + 'static)| {
            format!("{}: {}", self.capture.display(), chain(error))
        };
        let mut messages = Vec::new();
        let mut keep = |message: Captured<'_>| messages.push(message.into_owned());
        let mut capture = CaptureFile::new(&self.capture);
        let read = capture.each(&mut keep);
        capture.finish(&mut keep);
        read.map_err(|error| told(&error))?;
        exchange(&messages, self.gateway).map_err(|error| told(&error).into())
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Writes it.
pub(crate) fn run(arguments: &Arguments) -> Result<Vec<String>, Trouble> {
    let text = arguments.derivation.text()?;
    match &arguments.out {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?
        }
        None => say!("{}", text.trim_end()),
    }
    Ok(Vec::new())
}
