//! `h248 scale`: many Segs, all legs moved to a neighbour and back while audio runs.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use lab::{
    api::{Api, Strategy},
    phones::{PhoneCounters, tone},
    programs::Programs,
    stage::{self, Stage},
};

use super::{Codec, Trouble, blame, chain, folders::Folders, registered};
use crate::output::say;

/// What is kept is what is looked at.
const KEPT: Duration = Duration::from_secs(6);

/// How large it is.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many legs there are
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(2..=200))]
    legs: u16,
    /// Over how many Segs they are spread
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(2..=120))]
    segs: u16,
    /// How they are moved
    #[arg(long, value_enum, default_value = "two-step")]
    strategy: Strategy,
    /// What they speak
    #[arg(long, value_enum, default_value = "mixed")]
    codec: Codec,
    /// How many moves are under way at a time
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=256))]
    at_once: u16,
    #[command(flatten)]
    folders: Folders,
}

/// Runs it; returns what was not as it must be.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let places = arguments.folders.places("scale.pcapng")?;
    let mut programs = Programs::start(&places).await?;
    let (mut stage, segs) = match fill(&arguments, &mut programs).await {
        Ok(filled) => filled,
        Err(trouble) => return Err(blame(&mut programs, trouble).await),
    };
    if let Err(error) = play(&mut stage, &segs, &arguments).await {
        stage.faults.push(chain(error.as_ref()));
    }
    let stopped = programs.stop().await;
    stage.faults.extend(stopped.iter().map(ToString::to_string));
    Ok(stage.faults)
}

/// All legs to a neighbour Seg and back, and the end.
async fn play(stage: &mut Stage, segs: &[String], arguments: &Arguments) -> Result<(), Trouble> {
    look(stage, "joined").await?;
    let places: Vec<usize> = (0..stage.members.len()).collect();
    // Half of each Seg goes up and half goes down, so that everybody meets others.
    let step = |place: &usize| match (place / segs.len()).is_multiple_of(2) {
        true => 1,
        false => segs.len() - 1,
    };
    let there = |place: &usize| segs[(place + step(place)) % segs.len()].clone();
    let back = |place: &usize| segs[place % segs.len()].clone();
    let goals: Vec<String> = places.iter().map(there).collect();
    move_all(stage, &goals, arguments, "to a neighbour Seg").await?;
    look(stage, "in the neighbour Segs").await?;
    let goals: Vec<String> = places.iter().map(back).collect();
    move_all(stage, &goals, arguments, "back").await?;
    look(stage, "back").await?;
    report_packets(stage);
    stage.check_events(2 * stage.members.len());
    stage.close().await?;
    let audit = stage.audit("after the end").await?;
    let left = if audit.is_empty() { "nothing" } else { &audit };
    say!("after the end the gateway holds {left}");
    Ok(())
}

/// Makes the Segs and joins the legs, one Seg after another.
async fn fill(
    arguments: &Arguments,
    programs: &mut Programs,
) -> Result<(Stage, Vec<String>), Trouble> {
    let api = Api::new(&format!("http://{}", programs.http))?;
    let events = api.events().await?;
    registered(&api, programs).await?;
    let (legs, count) = (usize::from(arguments.legs), usize::from(arguments.segs));
    // During a phase, a Seg may hold its own legs and those of its neighbour.
    let together = 2 * legs.div_ceil(count);
    let tones = tone::plan(legs, together).ok_or("too many legs")?;
    let start = stage::now();
    let mut stage = Stage::open(api, events, tones, KEPT).await?;
    let mut segs = Vec::new();
    for number in 1..=count {
        segs.push(stage.create_seg(&format!("room {number}")).await?);
    }
    for place in 0..legs {
        stage
            .join(Some(&segs[place % count]), arguments.codec.of(place))
            .await?;
    }
    let took = stage::now().duration_since(start);
    say!("{legs} legs joined {count} Segs within {took:.1?}");
    Ok((stage, segs))
}

/// Moves each leg to its goal, several at a time.
async fn move_all(
    stage: &mut Stage,
    goals: &[String],
    arguments: &Arguments,
    way: &str,
) -> Result<(), Trouble> {
    let start = stage::now();
    let moves = stream::iter(goals.iter().enumerate().map(|(leg, seg)| {
        let stage = &*stage;
        async move { stage.attach(leg, seg, arguments.strategy, |_| {}).await }
    }));
    let moved: Vec<_> = moves
        .buffer_unordered(usize::from(arguments.at_once))
        .collect()
        .await;
    let took = stage::now().duration_since(start);
    let mut latencies = Vec::new();
    for moved in moved {
        match moved {
            Ok(moved) => {
                latencies.push(moved.reported.duration_since(moved.asked));
                stage.settle(&moved, &goals[moved.leg]);
            }
            Err(error) => stage.faults.push(error.to_string()),
        }
    }
    latencies.sort_unstable();
    say!(
        "{} legs moved {way} by {} within {took:.1?}; a move takes p50 {:.1?}, p99 {:.1?}",
        latencies.len(),
        arguments.strategy.name(),
        percentile(&latencies, 50),
        percentile(&latencies, 99),
    );
    Ok(())
}

/// The value that this share of the ascending values do not exceed.
fn percentile(ascending: &[Duration], percent: usize) -> Duration {
    let place = (ascending.len() * percent).div_ceil(100).saturating_sub(1);
    ascending.get(place).copied().unwrap_or_default()
}

/// Judges the whole matrix, where the platform says the legs are, and what the gateway holds.
async fn look(stage: &mut Stage, when: &str) -> Result<(), Trouble> {
    let before = stage.faults.len();
    stage.listen(when).await;
    let cells = stage.members.len() * stage.members.len();
    let wrong = stage.faults.len() - before;
    stage.check_legs(when).await?;
    stage.audit(when).await?;
    say!("{when}: {wrong} of {cells} cells of the matrix are wrong");
    Ok(())
}

fn report_packets(stage: &Stage) {
    let counters = stage.members.iter().map(|member| member.phone.counters());
    let mut all = PhoneCounters::default();
    for counter in counters {
        all.sent += counter.sent;
        all.received += counter.received;
        all.lost += counter.lost;
        all.left_out += counter.left_out;
    }
    let share = |count: u64| 100.0 * count as f64 / (all.received + count).max(1) as f64;
    say!(
        "RTP at the legs: {} packets sent, {} received, {} lost ({:.3} %), {} frames left out by the gateway ({:.3} %)",
        all.sent,
        all.received,
        all.lost,
        share(all.lost),
        all.left_out,
        share(all.left_out),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let values: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&values, 50), Duration::from_millis(100));
        assert_eq!(percentile(&values, 99), Duration::from_millis(198));
        assert_eq!(percentile(&values[..1], 99), Duration::from_millis(1));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }
}
