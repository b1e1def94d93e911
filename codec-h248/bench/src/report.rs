//! The table that a person reads, and the document for machines.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    floors::Judgement,
    row::{Beside, Row},
};

/// Everything that a run found.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// Where the messages come from.
    pub(crate) messages: &'static str,
    pub(crate) otp: String,
    pub(crate) rounds: u32,
    /// The messages that both sides take.
    pub(crate) both: Vec<Row>,
    /// All messages, ours alone.
    pub(crate) all: Vec<Row>,
    /// The messages that OTP refuses, each with the forms in which it does.
    pub(crate) refused_by_otp: BTreeMap<String, Vec<&'static str>>,
    pub(crate) judgements: Vec<Judgement>,
}

impl Report {
    pub(crate) fn print(&self) {
        println!("{}; beside {}", self.messages, self.otp);
        println!(
            "medians of {} rounds; ratio: their time by ours in the same round",
            self.rounds
        );
        println!("\nmessages that both take");
        header();
        self.both.iter().for_each(line);
        println!("\nall messages; OTP refuses {}", self.refused());
        header();
        self.all.iter().for_each(line);
        println!();
        self.judgements.iter().for_each(Judgement::print);
    }

    fn refused(&self) -> String {
        let each = self.refused_by_otp.iter();
        let each: Vec<_> = each
            .map(|(name, forms)| format!("{name} ({})", forms.join(", ")))
            .collect();
        if each.is_empty() {
            "none".to_owned()
        } else {
            each.join(", ")
        }
    }
}

fn header() {
    println!(
        "{:8}{:9}{:>5}{:>7}{:>8}{:>7}{:>8}{:>8}  beside it",
        "form", "work", "msgs", "octets", "ns", "MB/s", "allocs", "octets"
    );
}

fn line(row: &Row) {
    print!(
        "{:8}{:9}{:5}{:7.0}{:8.1}{:7.0}{:8.1}{:8.0}",
        row.form,
        row.work,
        row.messages,
        row.octets_per_message,
        row.ns,
        row.megabytes_per_second,
        row.allocations,
        row.octets_allocated
    );
    let besides = [
        ("OTP", &row.otp),
        ("OTP without names", &row.otp_native),
        ("tokenizer", &row.tokenizer),
    ];
    for (who, beside) in besides {
        if let Some(beside) = beside {
            print!("  {who} {}", shown(beside));
        }
    }
    println!();
}

fn shown(beside: &Beside) -> String {
    format!(
        "{:.0} ns, {:.0} MB/s, {:.2}x ({:.2}..{:.2})",
        beside.ns, beside.megabytes_per_second, beside.ratio, beside.least, beside.most
    )
}
