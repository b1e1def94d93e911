//! `make bench-codec`: how fast the codec is, beside Erlang/OTP's on the same messages in the same
//! run, and beside a bare tokenizer over the same octets.

mod messages;
mod otp;
mod ours;
mod report;
mod tokenizer;

use std::{io, path::PathBuf, process::ExitCode};

use clap::Parser;
use codec_h248::binary::BinaryProfile;

use self::{
    messages::{Form, Sample},
    otp::Otp,
    ours::{Set, Work},
    report::Row,
};

/// Measures the codec beside Erlang/OTP's.
#[derive(Parser)]
struct Options {
    /// Pairs of batches, ours and theirs in turn.
    #[arg(long, default_value_t = 10)]
    rounds: u32,
    /// A folder of text messages (*.txt) instead of the reference's examples.
    #[arg(long)]
    messages: Option<PathBuf>,
    /// Writes the figures to this file too, as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
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
    let profile = profile();
    let samples = messages::samples(options.messages.clone(), &profile)?;
    let mut otp = Otp::start(&samples)?;
    println!("{} messages; each figure is the median of {} pairs", samples.len(), options.rounds);
    let mut rows = Vec::new();
    for form in Form::ALL {
        let set = Set::new(form, of_form(&samples, form, &otp), &profile);
        for work in [Work::Decode, Work::Encode] {
            rows.push(beside_otp(&set, form, work, &mut otp, options.rounds)?);
        }
        rows.push(alone(&set, form, Work::Peek, options.rounds));
        if form != Form::Binary {
            rows.push(alone(&set, form, Work::Tokenize, options.rounds));
        }
    }
    report::print(&rows);
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&rows)?)?;
    }
    Ok(report::judge(&rows))
}

/// Names as eight octets, which is the width that the third party takes.
fn profile() -> BinaryProfile {
    BinaryProfile::default()
}

/// The messages of a form that the third party takes.
fn of_form<'a>(samples: &'a [Sample], form: Form, otp: &Otp) -> Vec<&'a [u8]> {
    let taken = samples.iter().filter(|sample| otp.takes(form, &sample.name));
    taken.filter_map(|sample| sample.octets(form)).collect()
}

/// Ours and theirs in turn.
fn beside_otp(
    set: &Set<'_>,
    form: Form,
    work: Work,
    otp: &mut Otp,
    rounds: u32,
) -> io::Result<Row> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(set.batch(work, 400) / 400.0);
        theirs.push(otp.batch(work.name(), form, 40)? / 40.0);
    }
    Ok(Row::new(set, form, work, &ours, &theirs))
}

fn alone(set: &Set<'_>, form: Form, work: Work, rounds: u32) -> Row {
    let ours: Vec<_> = (0..rounds).map(|_| set.batch(work, 400) / 400.0).collect();
    Row::new(set, form, work, &ours, &[])
}
