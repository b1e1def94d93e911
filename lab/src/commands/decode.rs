//! `h248 decode`: messages out of files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::ValueEnum;
use codec_h248::strict::Departure;
use lab::{
    capture::CaptureFile,
    message::{self, Encoding, Found, Reading},
};

use super::{
    captures::{self, Input},
    messages::{Agreement, Outcome, Shown, To, ended, named, unreadable},
};
use crate::output::{complain, say};

/// What to read, and how to show it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How the messages are encoded; binary may be in hexadecimal digits
    #[arg(long, value_enum, default_value_t = Said::Auto)]
    encoding: Said,
    /// How a message is shown
    #[arg(long, value_enum, default_value_t = To::Tree)]
    to: To,
    /// Tells what the standard forbids although it can be read; such a message is rejected
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    agreement: Agreement,
    /// One line for each file of a folder, or for each message of a capture: name or number of the
    /// frame, `ok` or `error`, the rule, the reason, with tabs between them
    #[arg(long, value_name = "PATH", conflicts_with_all = ["files", "to"])]
    batch: Option<PathBuf>,
    /// What passes this interface, for who may look (`CAP_NET_RAW`), instead of a file
    #[arg(long, value_name = "NAME", conflicts_with_all = ["files", "batch"])]
    interface: Option<String>,
    /// How long an interface is looked at; without it until it is interrupted
    #[arg(long, value_name = "TIME", requires = "interface", value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    /// Files of one message each, or captures (pcapng, pcap); `-`, or none, is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// How messages are said to be encoded.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Said {
    /// As their first octets tell
    Auto,
    /// H.248.1 Annex B
    Text,
    /// H.248.1 Annex A, BER
    Binary,
}

impl Said {
    fn encoding(self) -> Option<Encoding> {
        match self {
            Self::Auto => None,
            Self::Text => Some(Encoding::Text),
            Self::Binary => Some(Encoding::Binary),
        }
    }
}

/// Decodes the files; 0 if all are messages, 1 if one is not, 2 if one cannot be read.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let reading = match arguments.agreement.read() {
        Ok(agreed) => Reading {
            agreed,
            strict: arguments.strict,
        },
        Err(outcome) => return ended(outcome),
    };
    let said = arguments.encoding.encoding();
    let outcome = match &arguments.batch {
        Some(folder) if folder.is_dir() => batch(folder, &reading, said),
        Some(path) => {
            let name = path.display().to_string();
            match Input::open(path) {
                Ok(input) => captures::batch(&name, input.into_capture(), &reading),
                Err(error) => unreadable(&name, &error),
            }
        }
        None => match &arguments.interface {
            Some(interface) => live(interface, arguments, &reading),
            None => each_file(arguments, &reading, said),
        },
    };
    ended(outcome)
}

fn live(interface: &str, arguments: &Arguments, reading: &Reading) -> Outcome {
    match CaptureFile::of_interface(interface, arguments.time) {
        Ok(capture) => {
            let mut shown = Shown::new(arguments.to, 2, &reading.agreed);
            captures::show(interface, capture, reading, &mut shown)
        }
        Err(error) => unreadable(interface, &error),
    }
}

fn each_file(arguments: &Arguments, reading: &Reading, said: Option<Encoding>) -> Outcome {
    let mut shown = Shown::new(arguments.to, arguments.files.len(), &reading.agreed);
    let mut outcome = Outcome::Fine;
    for (name, path) in named(&arguments.files) {
        outcome = outcome.max(match Input::open(path) {
            Ok(input) if input.is_capture() => {
                shown.name_each();
                captures::show(&name, input.into_capture(), reading, &mut shown)
            }
            Ok(input) => match input.into_octets() {
                Ok(octets) => {
                    let found = message::recognise(&octets, said);
                    read_and_show(&name, &found, reading, &mut shown)
                }
                Err(error) => unreadable(&name, &error),
            },
            Err(error) => unreadable(&name, &error),
        });
    }
    outcome
}

/// Reads a message and shows it, or tells why it is none.
pub(crate) fn read_and_show(
    name: &str,
    found: &Found<'_>,
    reading: &Reading,
    shown: &mut Shown<'_>,
) -> Outcome {
    match reading.read(found) {
        Ok(read) => {
            for departure in &read.departures {
                complain!("{name}: {departure}");
            }
            let outcome = shown.show(name, &read.message);
            outcome.max(if read.departures.is_empty() {
                Outcome::Fine
            } else {
                Outcome::Rejected
            })
        }
        Err(rejection) => {
            complain!("{name}: {}", rejection.lines.join("\n"));
            Outcome::Rejected
        }
    }
}

/// Tells of each file of a folder, in the order of their names.
fn batch(folder: &Path, reading: &Reading, said: Option<Encoding>) -> Outcome {
    let paths = match files(folder) {
        Ok(paths) => paths,
        Err(error) => return unreadable(&folder.display().to_string(), &error),
    };
    if paths.is_empty() {
        let error = io::Error::other("expected files in the folder; found none");
        return unreadable(&folder.display().to_string(), &error);
    }
    let mut outcome = Outcome::Fine;
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some((rule, reason)) = judged(&path, reading, said) {
            outcome = Outcome::Rejected;
            say!("{}\terror\t{}\t{}", cell(&name), cell(&rule), cell(&reason));
        } else {
            say!("{}\tok\t\t", cell(&name));
        }
    }
    outcome
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The rule that a file breaks, and the reason; nothing where it is a message.
fn judged(path: &Path, reading: &Reading, said: Option<Encoding>) -> Option<(String, String)> {
    let octets = match message::read(path) {
        Ok(octets) => octets,
        Err(error) => return Some(("file".to_owned(), error.to_string())),
    };
    verdict(&message::recognise(&octets, said), reading)
}

/// The rule that octets break, and the reason; nothing where they are a message.
pub(crate) fn verdict(found: &Found<'_>, reading: &Reading) -> Option<(String, String)> {
    match reading.read(found) {
        Ok(read) => read
            .departures
            .first()
            .map(|first| forbidden(first, read.departures.len())),
        Err(rejection) => Some((rejection.rule, rejection.reason)),
    }
}

/// The rule of the first departure of so many, and the reason.
fn forbidden(first: &Departure, count: usize) -> (String, String) {
    let more = match count - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (first.rule.to_owned(), format!("{first}{more}"))
}

/// What fits between two tabs.
pub(crate) fn cell(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect()
}
