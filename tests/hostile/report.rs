//! What an attack did, in a few lines, and whether that may be.

use std::{fmt::Write as _, io::Write as _, time::Duration};

use crate::{
    measure::{median_of_rounds, pooled, quantile},
    rounds::Measured,
};

/// Others may take twice as long as while nobody attacks, or as while the same machine floods a
/// socket that nobody reads, if that is longer: with two cores the attacker itself takes one of them
/// from those who are measured…
const RATIO: u32 = 2;
/// …and this much longer: one message that is being carried out is not broken off, and the largest
/// takes a program without optimisation as long; with it, what a clock tells apart on a busy machine.
const ALLOWANCE: Duration = if cfg!(debug_assertions) {
    Duration::from_millis(2)
} else {
    Duration::from_micros(100)
};
/// A machine that is busy with something else may disturb a measurement; who does no harm shows it
/// in one of so many.
const ATTEMPTS: usize = 3;
/// The most memory that a program may hold, in MiB.
const PEAK_MAX: u64 = 256;

/// What was seen of an attack.
pub(crate) struct Report<'a> {
    pub(crate) name: &'a str,
    pub(crate) measured: Measured,
    pub(crate) counter: &'a str,
    /// How far the counter moved.
    pub(crate) counted: u64,
    pub(crate) peak_mib: u64,
    pub(crate) alive: bool,
}

/// Attacks until nothing is found that may not be, or often enough; returns what was found last.
pub(crate) fn judge<'a>(mut attack: impl FnMut() -> Report<'a>) -> Vec<String> {
    let mut faults = Vec::new();
    for _ in 0..ATTEMPTS {
        faults = attack().tell();
        if faults.is_empty() {
            break;
        }
    }
    faults
}

impl Report<'_> {
    /// Shows it, and returns what may not be.
    fn tell(&self) -> Vec<String> {
        let Self {
            name,
            counter,
            counted,
            peak_mib,
            measured,
            ..
        } = self;
        let sent = measured.sent;
        let mut lines =
            format!("{name}: {sent} sent, {counter} +{counted}, {peak_mib} MiB at most\n");
        let mut faults = self.faults();
        for (at, (who, _)) in measured.idle[0].0.iter().enumerate() {
            let (told, bearable) = self.latencies(at);
            let _ = writeln!(lines, "    {who:<5} {told}");
            if !bearable {
                faults.push(format!("{name}: {who} {told}"));
            }
        }
        // Evidence, shown however the test ends.
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
        faults
    }

    /// The latencies of one of those who behave, and whether they may be.
    fn latencies(&self, who: usize) -> (String, bool) {
        let measured = &self.measured;
        let idle = median_of_rounds(&measured.idle, who);
        // Connections that are held open keep no core busy: there is nothing to compare them with.
        let beside = match measured.beside.as_slice() {
            [] => idle,
            rounds => median_of_rounds(rounds, who),
        };
        let attacked = median_of_rounds(&measured.attacked, who);
        let late = quantile(&pooled(&measured.attacked, who), 0.99);
        let ratio = attacked.as_secs_f64() / idle.as_secs_f64();
        let [idle_ms, beside_ms, attacked_ms, late_ms] = [idle, beside, attacked, late].map(ms);
        let flood = if measured.beside.is_empty() {
            String::new()
        } else {
            format!("beside a flood {beside_ms:>5.2} ms, ")
        };
        let told = format!(
            "idle {idle_ms:>5.2} ms, {flood}attacked {attacked_ms:>5.2} ms (x{ratio:.2} of idle), p99 {late_ms:>6.2} ms"
        );
        (told, attacked <= idle.max(beside) * RATIO + ALLOWANCE)
    }

    fn faults(&self) -> Vec<String> {
        let Self { name, counter, .. } = self;
        let mut faults = Vec::new();
        if !self.alive {
            faults.push(format!("{name}: the program has ended"));
        }
        if self.counted == 0 {
            faults.push(format!("{name}: {counter} did not move"));
        }
        if self.peak_mib > PEAK_MAX {
            faults.push(format!("{name}: {} MiB", self.peak_mib));
        }
        faults
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
