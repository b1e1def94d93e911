//! `h248 bench-media`: what conferences cost the gateway, beside a floor.

use std::time::Duration;

use lab::media::{self, Rooms};

use super::{Trouble, folders::Folders};
use crate::output::say;

/// Fewer packets than this share of what must come: the row is not what it says.
const HEARD_LEAST: f64 = 0.98;

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long each row is measured, the floor and the gateway each
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// Rather this row: rooms, legs of each, talking of each
    #[arg(long, num_args = 3, value_names = ["ROOMS", "LEGS", "TALKING"])]
    row: Option<Vec<usize>>,
    #[command(flatten)]
    folders: Folders,
}

/// Runs it; returns the rows in which not all was heard.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let places = arguments.folders.places("bench.pcapng")?;
    let length = Duration::from_secs(arguments.seconds.into());
    let rows = match arguments.row.as_deref() {
        Some(&[count, legs, talking]) => vec![Rooms {
            count,
            legs,
            talking,
        }],
        _ => Rooms::all(),
    };
    let mut faults = Vec::new();
    say!("us a leg and frame of 20 ms, PCMU");
    say!(
        "{:>6} {:>5} {:>8} {:>7} {:>7} {:>6}",
        "rooms",
        "legs",
        "talking",
        "floor",
        "mg",
        "ratio"
    );
    for row in rows {
        let floor = media::floor(row, length).await?;
        let ours = media::gateway(&places, row, length).await?;
        let Rooms {
            count,
            legs,
            talking,
        } = row;
        let ratio = ours.micros / floor.micros;
        say!(
            "{count:>6} {legs:>5} {talking:>8} {:>7.2} {:>7.2} {ratio:>6.2}",
            floor.micros,
            ours.micros
        );
        for (who, cost) in [("the floor", floor), ("mg", ours)] {
            if cost.heard < HEARD_LEAST {
                let percent = cost.heard * 100.0;
                faults.push(format!(
                    "{count} x {legs}: of {who} {percent:.1} % of the packets came"
                ));
            }
        }
    }
    Ok(faults)
}
