//! `link-bench`: transactions a second between a controller and a gateway on loopback, ours and
//! Erlang/OTP's, one pair after the other, and the processor time that the controller needs.

mod bare;
mod exchange;
mod otp;
mod ours;
mod pair;
mod report;
mod row;

use std::{io, net::SocketAddr, num::NonZeroU32, process::ExitCode};

use clap::{Parser, Subcommand};
use rustix::thread;
use transport_h248_tokio::program::Failure;

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

    /// Leaves each end to whatever core the system gives it. What is counted then is, one at a time,
    /// mostly what it costs to wake a core that sleeps.
    #[arg(long)]
    spread: bool,

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
    /// Answers without reading.
    #[command(hide = true)]
    BareGateway { manner: Manner },
    /// Asks without reading.
    #[command(hide = true)]
    BareController {
        manner: Manner,
        gateway: SocketAddr,
        in_flight: u32,
        seconds: u32,
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

fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.role {
        Some(Role::Gateway { manner, batch }) => ours::gateway(*manner, *batch),
        Some(Role::Controller {
            manner,
            gateway,
            in_flight,
            seconds,
            batch,
        }) => {
            let gateway = manner.at(*gateway);
            ours::controller(*manner, gateway, *in_flight, *seconds, *batch)
        }
        Some(Role::BareGateway { manner }) => bare::gateway(*manner),
        Some(Role::BareController {
            manner,
            gateway,
            in_flight,
            seconds,
        }) => bare::controller(*manner, manner.at(*gateway), *in_flight, *seconds),
        None => measure(arguments),
    }
}

fn measure(arguments: &Arguments) -> Result<(), Failure> {
    if !arguments.spread {
        stay_on_one_core()?;
    }
    let mut report = Report::begin(&otp::version()?);
    for row in Row::all() {
        let (mut ours, mut theirs, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..arguments.rounds.get() {
            ours.push(ours::pair(row, arguments.batch)?.measure(row, arguments.seconds.get())?);
            theirs.push(otp::pair(row)?.measure(row, arguments.seconds.get())?);
            bare.push(bare::pair(row)?.measure(row, arguments.seconds.get())?);
        }
        report.row(row, &ours, &theirs, &bare);
    }
    report.end()?;
    Ok(())
}

/// Keeps this process, and those that it starts, on one core, so that an exchange costs what the two
/// ends and the kernel do for it.
fn stay_on_one_core() -> io::Result<()> {
    let mut cores = thread::sched_getaffinity(None)?;
    let allowed = (0..thread::CpuSet::MAX_CPU).filter(|core| cores.is_set(*core));
    let last = allowed.max().unwrap_or(0);
    cores.clear();
    cores.set(last);
    Ok(thread::sched_setaffinity(None, &cores)?)
}
