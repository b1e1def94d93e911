//! The table of figures, and the floors that they are judged by.

use serde::Serialize;

use crate::{
    messages::Form,
    ours::{Set, Work},
};

/// One line of the table. Times are nanoseconds a message.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    form: &'static str,
    work: &'static str,
    messages: usize,
    octets_per_message: f64,
    ns: f64,
    megabytes_per_second: f64,
    allocations: f64,
    octets_allocated: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    otp: Option<Otp>,
}

/// Theirs in the same rounds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Otp {
    ns: f64,
    /// The ratio of each pair: median, least, most.
    ratio: f64,
    least: f64,
    most: f64,
}

impl Row {
    /// A row of what all messages took in each round, ours and, where there is one, theirs.
    pub(crate) fn new(set: &Set<'_>, form: Form, work: Work, ours: &[f64], theirs: &[f64]) -> Self {
        let count = set.len() as f64;
        let octets = set.size() as f64 / count;
        let ns = median(ours) / count;
        let (allocations, allocated) = set.allocations(work);
        Self {
            form: form.name(),
            work: work.name(),
            messages: set.len(),
            octets_per_message: octets,
            ns,
            megabytes_per_second: octets / ns * 1e3,
            allocations: allocations as f64 / count,
            octets_allocated: allocated as f64 / count,
            otp: beside(ours, theirs, count),
        }
    }
}

fn beside(ours: &[f64], theirs: &[f64], count: f64) -> Option<Otp> {
    let mut ratios: Vec<_> = ours.iter().zip(theirs).map(|(ours, theirs)| theirs / ours).collect();
    ratios.sort_by(f64::total_cmp);
    Some(Otp {
        ns: median(theirs) / count,
        ratio: median(&ratios),
        least: *ratios.first()?,
        most: *ratios.last()?,
    })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Prints the table.
pub(crate) fn print(rows: &[Row]) {
    println!(
        "{:8} {:9} {:>5} {:>7} {:>8} {:>7} {:>7} {:>8} {:>9} {:>7}  {}",
        "form", "work", "msgs", "octets", "ns", "MB/s", "allocs", "bytes", "OTP ns", "ratio", "least..most"
    );
    for row in rows {
        print!(
            "{:8} {:9} {:5} {:7.0} {:8.0} {:7.0} {:7.1} {:8.0}",
            row.form,
            row.work,
            row.messages,
            row.octets_per_message,
            row.ns,
            row.megabytes_per_second,
            row.allocations,
            row.octets_allocated
        );
        match &row.otp {
            Some(otp) => println!(
                " {:9.0} {:6.1}x  {:.1}..{:.1}",
                otp.ns, otp.ratio, otp.least, otp.most
            ),
            None => println!(),
        }
    }
}

/// Judges the floors and prints each; whether all hold.
pub(crate) fn judge(rows: &[Row]) -> bool {
    let find = |form, work| rows.iter().find(|row| row.form == form && row.work == work);
    let mut all = true;
    let mut floor = |what: String, holds: bool| {
        println!("{} {what}", if holds { "ok   " } else { "below" });
        all &= holds;
    };
    for (form, work, least) in [
        ("compact", "decode", 25.0),
        ("compact", "encode", 25.0),
        ("ber", "decode", 8.0),
        ("ber", "encode", 8.0),
    ] {
        let ratio = find(form, work).and_then(|row| row.otp.as_ref()).map(|otp| otp.ratio);
        let ratio = ratio.unwrap_or_default();
        floor(format!("{form} {work}: {ratio:.1}x of OTP, floor {least}x, aim 40x"), ratio >= least);
    }
    for form in ["compact", "pretty", "ber"] {
        let ns = find(form, "peek").map_or(f64::INFINITY, |row| row.ns);
        floor(format!("{form} peek: {ns:.0} ns, floor 60 ns"), ns < 60.0);
    }
    let by = |work| find("compact", work).map_or(f64::NAN, |row| row.ns);
    let ratio = by("decode") / by("tokenize");
    println!("      compact decode takes {ratio:.2}x of the bare tokenizer, aim 1.2x");
    all
}
