//! `h248 bench-media`: what conferences cost the gateway, beside a floor.

use lab::media::{self, MediaError, Rooms, Row, Silence, Speech};

use super::{Trouble, chain, folders::Folders};
use crate::output::say;

/// Fewer packets than this share of what must come: the row is not what it says.
const HEARD_LEAST: f64 = 0.98;
/// Microseconds of each 20 ms: who takes more and loses packets has no more of a core. The rest is what
/// others may take of one.
const BUSY: f64 = 15_000.0;
/// Of the share of the floor's packets that came, what must come of the gateway's even then.
const HEARD_BUSY: f64 = 0.5;
/// What the gateway is to cost at most, as a share of the floor: where all speak G.711.
const AIM_LAW: f64 = 1.5;
/// Where all speak Opus and three of fifty talk.
const AIM_OPUS: f64 = 2.0;

/// What is measured.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long each row is measured, the floor and the gateway each, second by second in turn; as many for
    /// each start
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..))]
    seconds: u16,
    /// How often each row is begun anew within that time, with other sockets and programs
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    starts: u16,
    /// Rather this row: rooms, legs of each, talking of each
    #[arg(long, num_args = 3, value_names = ["ROOMS", "LEGS", "TALKING"])]
    row: Option<Vec<u16>>,
    /// What is spoken; each in turn where absent
    #[arg(long, value_enum)]
    codec: Option<Speech>,
    /// How those who speak Opus are silent
    #[arg(long, value_enum, default_value = "dtx")]
    silence: Silence,
    #[command(flatten)]
    folders: Folders,
}

impl Arguments {
    /// How often a row is begun, and how many seconds it is measured then: whole ones, and no less in all
    /// than was asked for.
    fn starts(&self) -> (u16, u16) {
        let starts = self.starts.min(self.seconds);
        (starts, self.seconds.div_ceil(starts))
    }

    fn rows(&self) -> Result<Vec<Rooms>, Trouble> {
        if let Some(&[count, legs, talking]) = self.row.as_deref()
            && (count == 0 || legs == 0 || talking > legs)
        {
            let wanted = "a room and a leg at least, and no more who talk than a room has legs";
            return Err(format!("--row {count} {legs} {talking}: {wanted}").into());
        }
        let spoken = match self.codec {
            Some(speech) => vec![speech],
            None => Speech::ALL.to_vec(),
        };
        let rows = |speech| match self.row.as_deref() {
            Some(&[count, legs, talking]) => vec![Rooms {
                count: count.into(),
                legs: legs.into(),
                talking: talking.into(),
                speech,
            }],
            _ => Rooms::all(speech),
        };
        Ok(spoken.into_iter().flat_map(rows).collect())
    }
}

/// Runs it; returns the rows in which not all was heard.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let rows = arguments.rows()?;
    let places = arguments.folders.places("bench.pcapng")?;
    let mut faults = Vec::new();
    let (starts, seconds) = arguments.starts();
    if cfg!(debug_assertions) {
        say!(
            "a debug build, as the programs beside it may be: `make bench-media` measures optimised ones"
        );
    }
    say!("us of a core a leg and frame of 20 ms; medians of {starts} starts, {seconds} s each");
    say!(
        "{:>5} {:>5} {:>4} {:>7}  {:>7} = {:>7} {:>7} {:>7}  {:>7} {:>6} {:>4} {:>8}",
        "spoken",
        "rooms",
        "legs",
        "talking",
        "floor",
        "packets",
        "decodes",
        "encodes",
        "mg",
        "ratio",
        "aim",
        "enc/tick"
    );
    for rooms in rows {
        match media::row(&places, rooms, arguments.silence, (starts, seconds)).await {
            Ok(row) => tell(rooms, &row, &mut faults),
            Err(MediaError::Program(error)) => return Err(error.into()),
            Err(error) => faults.push(format!("{}: {}", named(rooms), chain(&error))),
        }
    }
    Ok(faults)
}

fn named(rooms: Rooms) -> String {
    let Rooms {
        count,
        legs,
        talking,
        speech,
    } = rooms;
    format!("{} {count} x {legs}, {talking} talking", speech.name())
}

fn aim(rooms: Rooms) -> Option<f64> {
    match rooms.speech {
        Speech::Pcmu => Some(AIM_LAW),
        Speech::Opus if (rooms.legs, rooms.talking) == (50, 3) => Some(AIM_OPUS),
        Speech::Opus | Speech::Half => None,
    }
}

fn tell(rooms: Rooms, row: &Row, faults: &mut Vec<String>) {
    let head = head(rooms);
    let short = short_of_time(rooms, row);
    if short.contains(&true) {
        let [floor, gateway] = row.heard.map(|heard| heard * 100.0);
        say!(
            "{head}        - more than a core has time for: {floor:.1} % of the floor's came, \
             {gateway:.1} % of mg's"
        );
    } else {
        tell_times(rooms, row);
    }
    for (at, who) in ["the floor", "mg"].into_iter().enumerate() {
        if !short[at] {
            judge(rooms, who, (row.heard[at], row.deaf[at]), faults);
        }
    }
}

/// Who has lost packets because it has no more of a core: the floor, the gateway.
fn short_of_time(rooms: Rooms, row: &Row) -> [bool; 2] {
    let [floor, gateway] = row.heard;
    let short = |heard, time| heard < HEARD_LEAST && time * rooms.total() as f64 > BUSY;
    [
        short(floor, row.floor),
        short(gateway, row.gateway) && gateway >= floor * HEARD_BUSY,
    ]
}

fn judge(rooms: Rooms, who: &str, (heard, deaf): (f64, usize), faults: &mut Vec<String>) {
    let row = named(rooms);
    if heard < HEARD_LEAST {
        let percent = heard * 100.0;
        faults.push(format!(
            "{row}: of {who} {percent:.1} % of the packets came"
        ));
    }
    if deaf > 0 {
        faults.push(format!(
            "{row}: {deaf} legs of {who} did not hear exactly those who talked"
        ));
    }
}

fn tell_times(rooms: Rooms, row: &Row) {
    let head = head(rooms);
    let packets = row.floor - row.decoding - row.encoding;
    let aim = match aim(rooms) {
        Some(aim) if row.ratio > aim => format!("{aim:.1} !"),
        Some(aim) => format!("{aim:.1}"),
        None => "-".to_owned(),
    };
    say!(
        "{head}  {:>7.2} = {packets:>7.2} {:>7.2} {:>7.2}  {:>7.2} {:>6.2} {aim:>4} {:>8.1}",
        row.floor,
        row.decoding,
        row.encoding,
        row.gateway,
        row.ratio,
        row.encodes,
    );
}

/// What a row begins with.
fn head(rooms: Rooms) -> String {
    let sizes = format!("{:>5} {:>4} {:>7}", rooms.count, rooms.legs, rooms.talking);
    format!("{:>6} {sizes}", rooms.speech.name())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn arguments(line: &str) -> Arguments {
        let words = ["bench-media"].into_iter().chain(line.split_whitespace());
        Line::try_parse_from(words).unwrap().arguments
    }

    #[test]
    fn a_row_is_measured_no_shorter_than_asked_for() {
        let lines = [
            ("", (3, 2)),
            ("--seconds 5", (3, 2)),
            ("--seconds 1", (1, 1)),
            ("--seconds 20 --starts 1", (1, 20)),
            ("--seconds 65535 --starts 2", (2, 32_768)),
        ];
        for (line, starts) in lines {
            assert_eq!(arguments(line).starts(), starts, "{line}");
        }
    }

    #[test]
    fn lost_packets_are_a_fault_unless_who_lost_them_has_no_more_of_a_core() {
        let rooms = Rooms {
            count: 1,
            legs: 500,
            talking: 500,
            speech: Speech::Opus,
        };
        for (floor, gateway, heard, deaf, wanted) in [
            (3.0, 4.0, [1.0, 1.0], [0, 0], 0),
            (3.0, 4.0, [1.0, 1.0], [0, 1], 1),
            (3.0, 4.0, [0.5, 0.5], [0, 0], 2),
            (36.0, 20.0, [1.0, 0.5], [0, 0], 1),
            (36.0, 38.0, [1.0, 0.8], [0, 500], 0),
            (36.0, 38.0, [1.0, 0.8], [7, 500], 1),
            (36.0, 38.0, [1.0, 0.0], [0, 500], 2),
            (38.0, 38.0, [0.5, 0.4], [500, 500], 0),
            (38.0, 20.0, [0.5, 0.4], [500, 500], 2),
            (38.0, 38.0, [0.5, 0.1], [500, 500], 2),
        ] {
            let row = Row {
                floor,
                decoding: 0.0,
                encoding: 0.0,
                gateway,
                ratio: 1.0,
                heard,
                deaf,
                encodes: 0.0,
            };
            let mut faults = Vec::new();
            tell(rooms, &row, &mut faults);
            assert_eq!(faults.len(), wanted, "{faults:?}");
        }
    }

    #[test]
    fn a_row_without_legs_is_none_and_nobody_talks_who_is_not_there() {
        for row in ["0 3 1", "1 0 0", "1 3 4"] {
            let told = arguments(&format!("--row {row}")).rows().unwrap_err();
            assert!(
                told.to_string().starts_with(&format!("--row {row}: ")),
                "{told}"
            );
        }
        let rows = arguments("--row 1 3 0 --codec opus").rows().unwrap();
        assert_eq!((rows.len(), rows[0].total()), (1, 3));
    }
}
