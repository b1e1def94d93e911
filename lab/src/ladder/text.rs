//! Lines for the terminal.

use std::{
    fmt::Write as _,
    time::{Duration, SystemTime},
};

use chrono::DateTime;

use super::{
    exchange::Tie,
    peers::{Peer, Peers, Side},
    reader::Entry,
};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Writes messages as lines; the columns keep the width that they once had.
#[derive(Debug, Default)]
pub(super) struct Lines {
    left: usize,
    right: usize,
    /// The day that was told last, where days are told.
    day: Option<u64>,
}

impl Lines {
    /// Each day is told, but for that which begins time: a capture without a clock has no other.
    pub(super) fn tell_days(&mut self) {
        self.day = Some(0);
    }

    fn tell_day(&mut self, out: &mut String, time: SystemTime) {
        let since = time.duration_since(SystemTime::UNIX_EPOCH);
        let day = since.unwrap_or_default().as_secs() / DAY;
        if self.day.is_some_and(|told| told != day) {
            self.day = Some(day);
            let date = i64::try_from(day * DAY).ok();
            let date = date.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            // A clock may say what no calendar has.
            let date = date.map_or_else(
                || format!("day {day} since 1970-01-01"),
                |date| date.date_naive().to_string(),
            );
            writeln!(out, "{date} (UTC)").expect("a string takes all");
        }
    }

    /// Writes the lines of a message; each ends with a line end.
    pub(super) fn write(&mut self, out: &mut String, entry: &Entry, peers: &Peers) {
        self.tell_day(out, entry.time);
        let begin = out.len();
        time_of_day(out, entry.time);
        self.arrow(out, peers.get(entry.from), peers.get(entry.to));
        let width = out[begin..].chars().count();
        for (n, line) in entry.lines.iter().enumerate() {
            if n > 0 {
                out.extend(std::iter::repeat_n(' ', width));
            }
            out.push_str("  ");
            out.push_str(entry.words(line));
            if let Some(took) = line.tie.took {
                out.push_str("  [");
                brief(out, took);
                out.push(']');
            }
            out.push_str(&mark(&line.tie));
            if let Some(note) = &line.note {
                out.push_str("  ");
                out.push_str(note);
            }
            out.push('\n');
        }
    }

    /// The controller stands on the left.
    fn arrow(&mut self, out: &mut String, from: &Peer, to: &Peer) {
        let from_controller = from.side == Some(Side::Controller);
        let (left, right) = if from_controller {
            (from, to)
        } else {
            (to, from)
        };
        self.left = self.left.max(left.name.chars().count());
        self.right = self.right.max(right.name.chars().count());
        let arrow = if from_controller {
            "──▶"
        } else {
            "◀──"
        };
        out.push(' ');
        pad(out, &left.name, self.left);
        out.push(' ');
        out.push_str(arrow);
        out.push(' ');
        pad(out, &right.name, self.right);
    }
}

fn pad(out: &mut String, name: &str, width: usize) {
    out.push_str(name);
    let missing = width.saturating_sub(name.chars().count());
    out.extend(std::iter::repeat_n(' ', missing));
}

/// What there is to say of a line that was seen before.
pub(super) fn mark(tie: &Tie) -> String {
    let seen = match tie.repeats {
        0 => String::new(),
        1 => "  (repeat)".to_owned(),
        times => format!("  (repeat {times})"),
    };
    if tie.differs {
        format!("  (the same id with other words){seen}")
    } else {
        seen
    }
}

/// A time in milliseconds, to a tenth.
pub(super) fn brief(out: &mut String, took: Duration) {
    let tenths = took.as_micros().saturating_add(50) / 100;
    write!(out, "{}.{} ms", tenths / 10, tenths % 10).expect("a string takes all");
}

/// `hh:mm:ss.mmm`, UTC.
pub(super) fn time_of_day(out: &mut String, time: SystemTime) {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    let seconds = since.as_secs() % DAY;
    two_digits(out, seconds / 3_600);
    out.push(':');
    two_digits(out, seconds / 60 % 60);
    out.push(':');
    two_digits(out, seconds % 60);
    out.push('.');
    let milliseconds = u64::from(since.subsec_millis());
    out.push(digit(milliseconds / 100));
    two_digits(out, milliseconds % 100);
}

fn two_digits(out: &mut String, number: u64) {
    out.push(digit(number / 10 % 10));
    out.push(digit(number % 10));
}

fn digit(number: u64) -> char {
    char::from(b'0' + (number % 10) as u8)
}
