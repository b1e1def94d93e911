//! `h248 encode`: messages out of their JSON form.

use std::{path::PathBuf, process::ExitCode};

use codec_h248::json;
use lab::message;

use super::messages::{Agreement, Outcome, Shown, To, ended, named, told, unreadable};

/// What to read, and how to write it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How a message is written
    #[arg(long, value_enum, default_value_t = To::Pretty)]
    to: To,
    #[command(flatten)]
    agreement: Agreement,
    /// Files of JSON documents as `h248 decode --to json` writes them; `-`, or none, is standard
    /// input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Encodes the files; 0 if all are written, 1 if one is no message, 2 if one cannot be read.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let agreed = match arguments.agreement.read() {
        Ok(agreed) => agreed,
        Err(outcome) => return ended(outcome),
    };
    let mut shown = Shown::new(arguments.to, arguments.files.len(), &agreed);
    let mut outcome = Outcome::Fine;
    for (name, path) in named(&arguments.files) {
        let one = match message::read(path) {
            Ok(octets) => encode(&name, &octets, &mut shown),
            Err(error) => unreadable(&name, &error),
        };
        outcome = outcome.max(one);
    }
    ended(outcome)
}

/// Encodes every document of a file.
fn encode(name: &str, octets: &[u8], shown: &mut Shown<'_>) -> Outcome {
    let each =
        message::documents(octets)
            .into_iter()
            .map(|document| match json::decode(document) {
                Ok(message) => shown.show(name, &message),
                Err(error) => told(name, &error, Outcome::Rejected),
            });
    each.max().unwrap_or(Outcome::Fine)
}
