//! `h248 load`: very many Calls, and how long moves take at given rates.

use std::time::Duration;

use lab::{
    api::Strategy,
    load::{Load, Size},
    stage,
};

use super::{Trouble, folders::Folders};
use crate::output::say;

/// How much.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many Calls there are
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(1..))]
    calls: u16,
    /// How many legs each has
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..))]
    legs: u16,
    /// Over how many gateways they are spread
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=200))]
    gateways: u16,
    /// How many moves are asked for a second; several rates, one after the other
    #[arg(long, value_delimiter = ',', default_value = "100,1000,5000")]
    rates: Vec<u32>,
    /// For how many seconds each
    #[arg(long, default_value_t = 10)]
    seconds: u16,
    /// How legs are moved
    #[arg(long, value_enum, default_value = "two-step")]
    strategy: Strategy,
    /// Has the controller keep its state in a file
    #[arg(long)]
    state: bool,
    #[command(flatten)]
    folders: Folders,
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let places = arguments.folders.places("unused")?;
    let size = Size {
        calls: arguments.calls.into(),
        legs: arguments.legs.into(),
        gateways: arguments.gateways,
        durable: arguments.state,
    };
    let start = stage::now();
    let mut load = Load::start(&places, size).await?;
    say!(
        "{} Calls with {} legs each at {} gateways, {}, made within {:.1?}; moves by {}",
        size.calls,
        size.legs,
        size.gateways,
        if size.durable {
            "with --state"
        } else {
            "without --state"
        },
        stage::now().duration_since(start),
        arguments.strategy.name(),
    );
    let mut faults = Vec::new();
    for rate in arguments.rates {
        let length = Duration::from_secs(arguments.seconds.into());
        let shown = load.moves(rate, length, arguments.strategy).await;
        let refused: usize = shown.refused.values().sum();
        let why = shown.refused.iter();
        let why = why.map(|(why, count)| format!(" ({count} {why})"));
        say!(
            "{rate} moves/s ({:.0} asked for): {} of {} done, {refused} refused{}; AttachMediaReq to LegEventReport p50 {:.1?}, p99 {:.1?}; CPU of mgc {:.0?} a move, {:.0} % of a core, of client and gateways {:.0} %",
            shown.rate,
            shown.done,
            shown.asked,
            why.collect::<String>(),
            shown.p50,
            shown.p99,
            shown.cpu_per_move,
            100.0 * shown.cpu_share,
            100.0 * shown.cpu_share_here,
        );
        if shown.done + refused < shown.asked {
            let lost = shown.asked - refused - shown.done;
            faults.push(format!(
                "{rate} moves/s: {lost} were taken and not reported as done"
            ));
        }
    }
    Ok(faults)
}
