//! `h248 diff`: two captures compared by what they mean.

use std::{net::IpAddr, path::PathBuf, process::ExitCode};

use lab::{
    diff::{self, Comparison},
    replay::{Given, Rules},
};

use super::{Trouble, captures::exchanged, chain};
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

/// Differences end with 1, trouble with 2; so do captures that are not whole, whose other part nobody knows.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match compare(arguments) {
        Ok((_, true)) => ExitCode::from(2),
        Ok((comparison, false)) if comparison.differences.is_empty() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            complain!("h248: {}", chain(error.as_ref()));
            ExitCode::from(2)
        }
    }
}

/// Compares; whether one of the captures is not whole.
fn compare(arguments: &Arguments) -> Result<(Comparison, bool), Trouble> {
    let (first, flaw) = exchanged(&arguments.first, arguments.gateway)?;
    let gateway = arguments.second_gateway.or(arguments.gateway);
    let (second, other) = exchanged(&arguments.second, gateway)?;
    let rules = Rules::new(&arguments.rule);
    let comparison = diff::compare(&first, &second, &rules);
    for difference in &comparison.differences {
        say!("{difference}");
    }
    let (same, differ) = (comparison.same, comparison.differences.len());
    say!("{same} transactions are the same, {differ} differ");
    say!("compared by {rules}; {}", diff::NOT_COMPARED);
    Ok((comparison, flaw.or(other).is_some()))
}
