//! `link-bench`: transactions a second between a controller and a gateway on loopback, ours and
//! Erlang/OTP's, one pair after the other, and the processor time that the controller needs.

mod exchange;
mod otp;
mod ours;
mod pair;
mod report;
mod row;

use std::{error::Error, net::SocketAddr, num::NonZeroU32, process::ExitCode};

use clap::{Parser, Subcommand};
use transport_h248::Address;

use crate::{
    report::Report,
    row::{Manner, Row},
};

/// Measures the link beside Erlang/OTP's.
#[derive(Debug, Parser)]
struct Arguments {
    /// How long each measurement takes.
    #[arg(long, value_name = "SECONDS", default_value = "2")]
    seconds: NonZeroU32,

    /// How often each row is measured, ours and theirs in turn; the medians are told.
    #[arg(long, value_name = "NUMBER", default_value = "3")]
    rounds: NonZeroU32,

    /// Lets transactions share messages, up to so many octets; theirs do not.
    #[arg(long, value_name = "OCTETS", default_value = "0")]
    batch: usize,

    #[command(subcommand)]
    role: Option<Role>,
}

/// One end, as the measurement starts it.
#[derive(Debug, Subcommand)]
enum Role {
    /// Answers, until its input ends.
    #[command(hide = true)]
    Gateway {
        manner: Manner,
        #[arg(default_value = "0")]
        batch: usize,
    },
    /// Asks for so long, and says how often it was answered.
    #[command(hide = true)]
    Controller {
        manner: Manner,
        gateway: SocketAddr,
        in_flight: u32,
        seconds: u32,
        batch: usize,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("link-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    match &arguments.role {
        Some(Role::Gateway { manner, batch }) => ours::gateway(*manner, *batch),
        Some(Role::Controller {
            manner,
            gateway,
            in_flight,
            seconds,
            batch,
        }) => {
            let gateway = Address {
                carrier: manner.carrier,
                socket: *gateway,
            };
            ours::controller(*manner, gateway, *in_flight, *seconds, *batch)
        }
        None => measure(arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let mut report = Report::begin(&otp::version()?);
    for row in Row::all() {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..arguments.rounds.get() {
            ours.push(ours::pair(row, arguments.batch)?.measure(row, arguments.seconds.get())?);
            theirs.push(otp::pair(row)?.measure(row, arguments.seconds.get())?);
        }
        report.row(row, ours, theirs);
    }
    report.end()?;
    Ok(())
}
