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
        println!("bare: sockets alone, which exchange the same octets and read none");
        println!(
            "{:<10} {:>9}  {:>9} {:>9} {:>6} {:>9}   {:>9} {:>9} {:>6} {:>9}",
            "",
            "in flight",
            "ours/s",
            "OTP/s",
            "",
            "bare/s",
            "ours/CPUs",
            "OTP/CPUs",
            "",
            "bare/CPUs",
        );
        Self { short: Vec::new() }
    }

    /// Tells a row: the medians.
    pub(crate) fn row(&mut self, row: Row, ours: &[Measured], otp: &[Measured], bare: &[Measured]) {
        let (our_wall, our_cpu) = medians(ours);
        let (their_wall, their_cpu) = medians(otp);
        let (bare_wall, bare_cpu) = medians(bare);
        println!(
            "{:<10} {:>9}  {our_wall:>9.0} {their_wall:>9.0} {:>5.1}x {bare_wall:>9.0}   \
             {our_cpu:>9.0} {their_cpu:>9.0} {:>5.1}x {bare_cpu:>9.0}",
            row.manner.to_string(),
            row.in_flight,
            our_wall / their_wall,
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

fn medians(all: &[Measured]) -> (f64, f64) {
    let wall = median(all.iter().map(|one| one.per_second));
    let cpu = median(all.iter().map(|one| one.per_cpu_second));
    (wall, cpu)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
