//! `make bench-codec`: how fast the codec is, beside Erlang/OTP's on the same messages in the same
//! run, and beside a bare tokenizer over the same octets.
//!
//! Exit code 0: every floor holds; 1: one does not; 2: nothing was measured.

mod counts;
mod floors;
mod otp;
mod report;
mod row;
mod series;

use std::{collections::BTreeMap, io, path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};
use codec_bench::{
    messages::{Form, Messages, Sample},
    ours::{Set, Work},
};

use self::{
    counts::Counts,
    otp::{Kind, Otp},
    report::Report,
    row::Row,
    series::{Series, Who},
};

/// Measures the codec beside Erlang/OTP's.
#[derive(Parser)]
struct Options {
    /// Rounds, in each of which all take their turn.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// One encoding instead of both.
    #[arg(long, value_enum)]
    only: Option<Encoding>,
    /// Writes the figures to this file too, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Encoding {
    Text,
    Binary,
}

impl Options {
    fn forms(&self) -> &'static [Form] {
        match self.only {
            None => &Form::ALL,
            Some(Encoding::Text) => &[Form::Compact, Form::Pretty],
            Some(Encoding::Binary) => &[Form::Binary],
        }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("codec-bench: {error}");
            ExitCode::from(2)
        }
    }
}

/// Measures everything; whether every floor holds.
fn run(options: &Options) -> io::Result<bool> {
    let messages = Messages::find()?;
    let counts = Counts::take()?;
    let mut otp = Otp::start()?;
    let mut report = Report {
        messages: messages.origin,
        otp: otp.version.clone(),
        rounds: options.rounds,
        both: Vec::new(),
        all: Vec::new(),
        refused_by_otp: BTreeMap::new(),
        judgements: Vec::new(),
    };
    for &form in options.forms() {
        measure(form, &messages, &counts, &mut otp, &mut report)?;
    }
    report.judgements = floors::judge(&report.both);
    report.print();
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(report.judgements.iter().all(floors::Judgement::passes))
}

/// Measures one form: all series take their turn in every round.
fn measure(
    form: Form,
    messages: &Messages,
    counts: &Counts,
    otp: &mut Otp,
    report: &mut Report,
) -> io::Result<()> {
    let samples = messages.of_form(form);
    let taken = taken(form, &samples, otp, &mut report.refused_by_otp)?;
    let both = Set::new(form, &taken, &messages.profile)?;
    let all = Set::new(form, &samples, &messages.profile)?;
    let mut series = Vec::new();
    for (work, who) in turns(form) {
        series.push(Series::new(&both, work, who, otp)?);
    }
    for work in [Work::Decode, Work::Encode, Work::Peek] {
        series.push(Series::new(&all, work, Who::Us, otp)?);
    }
    for _ in 0..report.rounds {
        series::round(&mut series, otp)?;
    }
    for ours in series.iter().filter(|series| series.who == Who::Us) {
        let rows = if std::ptr::eq(ours.set, &both) {
            &mut report.both
        } else {
            &mut report.all
        };
        rows.push(Row::new(ours, counts.of(ours.set, ours.work), &series));
    }
    Ok(())
}

/// What is done in a round, in this order: each pair one right after the other.
fn turns(form: Form) -> Vec<(Work, Who)> {
    let mut turns = Vec::new();
    for work in [Work::Decode, Work::Encode] {
        turns.push((work, Who::Us));
        turns.extend(
            Kind::beside(form)
                .iter()
                .map(|&kind| (work, Who::Otp(kind))),
        );
    }
    turns.push((Work::Peek, Who::Us));
    if form != Form::Binary {
        turns.push((Work::Tokenize, Who::Us));
    }
    turns
}

/// The messages that the third party takes, which it keeps.
fn taken<'a>(
    form: Form,
    samples: &[(&'a Sample, &'a [u8])],
    otp: &mut Otp,
    refused: &mut BTreeMap<String, Vec<&'static str>>,
) -> io::Result<Vec<(&'a Sample, &'a [u8])>> {
    let mut taken = Vec::new();
    for &(sample, octets) in samples {
        let mut takes = true;
        for &kind in Kind::beside(form) {
            takes &= otp.takes(kind, sample.version, octets)?;
        }
        if !takes {
            let forms = refused.entry(sample.name.clone()).or_default();
            forms.push(form.name());
            continue;
        }
        for &kind in Kind::beside(form) {
            otp.keep(kind, sample.version, octets)?;
        }
        taken.push((sample, octets));
    }
    Ok(taken)
}
