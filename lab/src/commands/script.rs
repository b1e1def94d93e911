//! `h248 script`: one side of a capture as a scenario.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use lab::replay::{Given, Rules, Side, Wish, scenario};

use super::{
    Trouble,
    captures::exchanged,
    chain,
    messages::{Outcome, ended, told},
};
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
    /// The scenario's text, how long the exchange was, and why the capture is not whole, if it is not.
    pub(super) fn derived(&self) -> Result<Derived, Trouble> {
        let wish = Wish {
            side: self.side,
            rules: Rules::new(&self.rules),
            origin: name(&self.capture),
        };
        let (exchange, flaw) = exchanged(&self.capture, self.gateway)?;
        let length = exchange.said.last().map_or(Duration::ZERO, |last| last.at);
        Ok(Derived {
            text: scenario(&exchange, &wish),
            length,
            flaw,
        })
    }
}

/// What became of a capture.
pub(super) struct Derived {
    pub(super) text: String,
    pub(super) length: Duration,
    pub(super) flaw: Option<String>,
}

fn name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Writes it: 0 if the capture is whole, 1 if it is not, 2 if there is no scenario.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let outcome = match write(arguments) {
        Ok(None) => Outcome::Fine,
        Ok(Some(_)) => Outcome::Rejected,
        Err(error) => told("h248", &chain(error.as_ref()), Outcome::Unreadable),
    };
    ended(outcome)
}

fn write(arguments: &Arguments) -> Result<Option<String>, Trouble> {
    let derived = arguments.derivation.derived()?;
    match &arguments.out {
        Some(path) => std::fs::write(path, derived.text)
            .map_err(|error| format!("{}: {error}", path.display()))?,
        None => say!("{}", derived.text.trim_end()),
    }
    Ok(derived.flaw)
}
