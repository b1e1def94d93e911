//! `h248 sim link`: the link alone in virtual time, in a storm and with restarts, many times.

use std::{process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};
use codec_h248::{Peek, TransactionKind, binary};
use lab::sim::{
    Side, each_seed,
    link::{self, Defect, Ends, Outcome, Seen, Settings},
};
use transport_h248::{Counters, Encoding};

use super::{listed, now};
use crate::output::say;

/// Two endpoints with the codec in between: 30 % of the datagrams are lost, 10 % doubled, half of
/// them up to 2 s late, and both programs are restarted at random.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How many runs, each from a seed of its own.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..))]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Requests in a run, of both sides together.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    transactions: u32,
    /// Prints every message that is sent, one run after the other.
    #[arg(long)]
    trace: bool,
    /// Breaks the link, to see that the runs tell of it.
    #[arg(long = "break", value_name = "DEFECT")]
    defect: Option<DefectName>,
}

/// What can be broken.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum DefectName {
    /// LONG-TIMER is 1 s, while copies are under way for longer
    ShortMemory,
    /// An endpoint forgets its tables where it should be restarted
    Forgetful,
    /// Every hundredth end of a request is not reported
    Silent,
}

impl From<DefectName> for Defect {
    fn from(name: DefectName) -> Self {
        match name {
            DefectName::ShortMemory => Self::ShortMemory,
            DefectName::Forgetful => Self::Forgetful,
            DefectName::Silent => Self::Silent,
        }
    }
}

impl Arguments {
    pub(crate) fn run(&self) -> ExitCode {
        let settings = Settings {
            transactions: self.transactions,
            defect: self.defect.map(Defect::from),
            ..Settings::default()
        };
        let started = now();
        let outcomes = if self.trace {
            let seeds = (0..self.seeds).map(|index| self.seed.wrapping_add(index));
            let run = |seed| link::run_seen(seed, &settings, &mut |seen| say!("{}", line(&seen)));
            seeds.map(run).collect()
        } else {
            each_seed(self.seed, self.seeds, |seed| link::run(seed, &settings))
        };
        report(&outcomes, now() - started)
    }
}

fn report(outcomes: &[Outcome], wall: Duration) -> ExitCode {
    let faults = outcomes
        .iter()
        .map(|outcome| (outcome.seed, &outcome.faults[..]));
    for line in listed(faults) {
        say!("{line}");
    }
    let wrong = outcomes.iter().filter(|outcome| !outcome.faults.is_empty());
    let wrong = wrong.count();
    for line in summary(outcomes, wall) {
        say!("{line}");
    }
    say!(
        "{} runs, {} right, {wrong} wrong",
        outcomes.len(),
        outcomes.len() - wrong
    );
    if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What the runs came to, in a few lines.
fn summary(outcomes: &[Outcome], wall: Duration) -> Vec<String> {
    let sum = |count: fn(&Outcome) -> u64| outcomes.iter().map(count).sum::<u64>();
    let ends = |count: fn(&Ends) -> u64| outcomes.iter().map(|o| count(&o.ends)).sum::<u64>();
    let counted =
        |count: fn(&Counters) -> u64| outcomes.iter().map(|o| count(&o.counters)).sum::<u64>();
    let virtual_time: Duration = outcomes.iter().map(|outcome| outcome.elapsed).sum();
    let asked = sum(|outcome| outcome.asked);
    let digests = outcomes.iter().map(|outcome| outcome.trace);
    let trace = digests.fold(0_u64, |all, one| all.rotate_left(1) ^ one);
    vec![
        format!(
            "{asked} transactions: {} replied, {} refused; reported lost: {} timed out, {} because \
             the peer restarted, {} with the asker",
            ends(|ends| ends.replied),
            ends(|ends| ends.refused),
            ends(|ends| ends.timed_out),
            ends(|ends| ends.peer_restarted),
            ends(|ends| ends.asker_restarted),
        ),
        format!(
            "{} executions, {} restarts, {} repeats, {} pendings, {} duplicates, {} replies repeated, \
             {} acknowledged",
            sum(|outcome| outcome.executed),
            sum(|outcome| outcome.restarts),
            counted(|counters| counters.repeats_sent),
            counted(|counters| counters.pendings_sent),
            counted(|counters| counters.duplicates),
            counted(|counters| counters.replies_repeated),
            counted(|counters| counters.replies_acknowledged),
        ),
        format!(
            "{} datagrams of which {} lost and {} doubled; trace {trace:016x}",
            sum(|outcome| outcome.datagrams),
            sum(|outcome| outcome.lost),
            sum(|outcome| outcome.doubled),
        ),
        format!(
            "{:.0} s of virtual time in {:.1} s: {:.0} transactions a second",
            virtual_time.as_secs_f64(),
            wall.as_secs_f64(),
            asked as f64 / wall.as_secs_f64().max(f64::MIN_POSITIVE),
        ),
    ]
}

/// A message in one line.
fn line(seen: &Seen<'_>) -> String {
    let way = match seen.from {
        Side::Gateway => "mg ──▶ mgc",
        Side::Controller => "mgc ──▶ mg",
    };
    let encoding = Encoding::of(seen.octets);
    let peek: Peek<'_> = match encoding {
        Encoding::Text => codec_h248::peek(seen.octets),
        Encoding::Binary => binary::peek(seen.octets),
    };
    let kinds = peek.transactions().map(|transaction| {
        let kind = match transaction.kind {
            TransactionKind::Request => "request",
            TransactionKind::Reply => "reply",
            TransactionKind::Pending => "pending",
            TransactionKind::ResponseAck => "ack",
            TransactionKind::SegmentReply => "segment",
        };
        format!("{kind} {}", transaction.id)
    });
    let kinds: Vec<String> = kinds.collect();
    format!(
        "{:>13.6} {way} {encoding} v{} {} octets: {}",
        seen.at.as_secs_f64(),
        peek.version.unwrap_or_default(),
        seen.octets.len(),
        kinds.join(", ")
    )
}
