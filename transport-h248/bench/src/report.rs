//! The table, and what is asked of it.

use std::io;

use crate::{pair::Measured, row::Row};

/// Transactions per processor second of the controller must be so many times theirs.
const FLOOR: f64 = 5.0;

/// What has been told so far.
pub(crate) struct Report {
    short: Vec<String>,
}

impl Report {
    /// Tells what is measured beside what.
    pub(crate) fn begin(otp: &str) -> Self {
        println!("transactions between two processes on loopback, beside {otp}");
        println!(
            "{:<10} {:>9}  {:>10} {:>10} {:>6}  {:>10} {:>10} {:>6}",
            "", "in flight", "ours/s", "OTP/s", "", "ours/CPU s", "OTP/CPU s", "",
        );
        Self { short: Vec::new() }
    }

    /// Tells a row: the medians.
    pub(crate) fn row(&mut self, row: Row, ours: Vec<Measured>, theirs: Vec<Measured>) {
        let (wall, cpu) = (
            |one: &Measured| one.per_second,
            |one: &Measured| one.per_cpu_second,
        );
        let (our_wall, their_wall) = (median(&ours, wall), median(&theirs, wall));
        let (our_cpu, their_cpu) = (median(&ours, cpu), median(&theirs, cpu));
        println!(
            "{:<10} {:>9}  {:>10.0} {:>10.0} {:>5.1}x  {:>10.0} {:>10.0} {:>5.1}x",
            row.manner.to_string(),
            row.in_flight,
            our_wall,
            their_wall,
            our_wall / their_wall,
            our_cpu,
            their_cpu,
            our_cpu / their_cpu,
        );
        if our_cpu < FLOOR * their_cpu {
            let (manner, in_flight) = (row.manner, row.in_flight);
            self.short
                .push(format!("{manner} {in_flight}: {:.1}x", our_cpu / their_cpu));
        }
    }

    /// Says whether every row holds.
    ///
    /// # Errors
    ///
    /// One does not.
    pub(crate) fn end(self) -> io::Result<()> {
        if self.short.is_empty() {
            println!(
                "every row is {FLOOR}x theirs at least, per second of the controller's processor time"
            );
            return Ok(());
        }
        Err(io::Error::other(format!(
            "below {FLOOR}x: {}",
            self.short.join(", ")
        )))
    }
}

fn median(all: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = all.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
