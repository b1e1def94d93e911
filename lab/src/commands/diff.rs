//! `h248 diff`: two captures compared by what they mean.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use lab::{
    capture::CaptureFile,
    diff::{self, Comparison},
    replay::{Exchange, Given, Rules, exchange},
};

use super::{Trouble, chain};
use crate::output::{complain, say};

/// What to compare, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A pcapng or pcap file
    first: PathBuf,
    /// Another one
    second: PathBuf,
    /// How a kind of field is compared: context, termination, request, address, port, session, time,
    /// statistics or service, each exact, captured (one stands for the other from then on), any or ignore
    #[arg(long, value_name = "FIELD=RULE")]
    rule: Vec<Given>,
    /// The gateway, where the first capture has several
    #[arg(long, value_name = "IP")]
    gateway: Option<IpAddr>,
    /// The gateway in the second capture, where it has another address
    #[arg(long, value_name = "IP")]
    second_gateway: Option<IpAddr>,
}

/// Differences end with 1, trouble with 2.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match compare(arguments) {
        Ok(comparison) if comparison.differences.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            complain!("h248: {}", chain(error.as_ref()));
            ExitCode::from(2)
        }
    }
}

fn compare(arguments: &Arguments) -> Result<Comparison, Trouble> {
    let first = read(&arguments.first, arguments.gateway)?;
    let gateway = arguments.second_gateway.or(arguments.gateway);
    let second = read(&arguments.second, gateway)?;
    let rules = Rules::new(&arguments.rule);
    let comparison = diff::compare(&first, &second, &rules);
    for difference in &comparison.differences {
        say!("{difference}");
    }
    let (same, differ) = (comparison.same, comparison.differences.len());
    say!("{same} transactions are the same, {differ} differ");
    say!("compared by {rules}; {}", diff::NOT_COMPARED);
    Ok(comparison)
}

fn read(file: &Path, gateway: Option<IpAddr>) -> Result<Exchange, Trouble> {
    let mut messages = Vec::new();
    let mut capture = CaptureFile::new(file);
    let mut take = |message: lab::capture::Captured<'_>| messages.push(message.into_owned());
    let read = capture.each(&mut take);
    capture.finish(&mut take);
    let named = |error: &dyn std::error::Error| format!("{}: {error}", file.display());
    read.map_err(|error| format!("{}: {}", file.display(), chain(&error)))?;
    Ok(exchange(&messages, gateway).map_err(|error| named(&error))?)
}
