//! What the commands about single messages share.

use std::{
    fmt::Display,
    io::{self, IsTerminal as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::ValueEnum;
use codec_h248::{Message, binary::BinaryProfile};
use lab::message::{self, Form};

use crate::output::{complain, lost, octets, say};

/// How a message is shown or written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum To {
    /// An indented tree
    Tree,
    /// Text, long and indented
    Pretty,
    /// Text, as short as it can be
    Compact,
    /// BER
    Binary,
    /// BER in hexadecimal digits
    Hex,
    /// JSON, as docs/json.md says
    Json,
}

impl To {
    fn form(self) -> Form {
        match self {
            Self::Tree => Form::Tree,
            Self::Pretty => Form::Pretty,
            Self::Compact => Form::Compact,
            Self::Binary => Form::Binary,
            Self::Hex => Form::Hex,
            Self::Json => Form::Json,
        }
    }
}

/// What was agreed on with the sender.
#[derive(Debug, clap::Args)]
pub(crate) struct Agreement {
    /// Packages of vendors, as `codec_h248::package::PackageFile` describes them
    #[arg(long, value_name = "FILE.toml")]
    packages: Option<PathBuf>,
    /// How binary calls Terminations and digit maps: `levels` and `kinds` in `[terminations]`,
    /// numbers of names in `[digit-maps]`
    #[arg(long, value_name = "FILE.toml")]
    names: Option<PathBuf>,
}

impl Agreement {
    /// What the files say; tells what is wrong with them.
    pub(crate) fn read(&self) -> Result<BinaryProfile, Outcome> {
        message::agreed(self.packages.as_deref(), self.names.as_deref()).map_err(|error| {
            complain!("{error}");
            Outcome::Unreadable
        })
    }
}

/// How it went, the worse the greater.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Outcome {
    /// All are messages.
    Fine,
    /// One is no message, or has no such form.
    Rejected,
    /// One cannot be read, or what became of it cannot be written.
    Unreadable,
}

/// The exit code of a command that ends so, if all that it said was written.
pub(crate) fn ended(outcome: Outcome) -> ExitCode {
    let written = lost().map_or(Outcome::Fine, |error| {
        told("standard output", error, Outcome::Unreadable)
    });
    match outcome.max(written) {
        Outcome::Fine => ExitCode::SUCCESS,
        Outcome::Rejected => ExitCode::FAILURE,
        Outcome::Unreadable => ExitCode::from(2),
    }
}

/// Says what is wrong with a file.
pub(crate) fn told(name: &str, error: &dyn Display, outcome: Outcome) -> Outcome {
    complain!("{name}: {error}");
    outcome
}

/// Says why a file cannot be read; one that is too long is no message.
pub(crate) fn unreadable(name: &str, error: &io::Error) -> Outcome {
    let too_long = error.kind() == io::ErrorKind::FileTooLarge;
    let outcome = if too_long {
        Outcome::Rejected
    } else {
        Outcome::Unreadable
    };
    told(name, error, outcome)
}

/// The files with their names; without any, standard input.
pub(crate) fn named(files: &[PathBuf]) -> impl Iterator<Item = (String, &Path)> {
    let stdin = files.is_empty().then_some(Path::new("-"));
    let paths = files.iter().map(PathBuf::as_path).chain(stdin);
    paths.map(|path| (path.display().to_string(), path))
}

/// Shows messages one after another.
pub(crate) struct Shown<'p> {
    to: To,
    agreed: &'p BinaryProfile,
    several: bool,
    before: bool,
}

impl<'p> Shown<'p> {
    /// For messages out of so many files.
    pub(crate) fn new(to: To, files: usize, agreed: &'p BinaryProfile) -> Self {
        Self {
            to,
            agreed,
            several: files > 1,
            before: false,
        }
    }

    /// From now on each message is shown with its name.
    pub(crate) fn name_each(&mut self) {
        self.several = true;
    }

    /// Shows the message. Text that ends without a line end is left so, as it is sent, but for the
    /// next message and for people.
    pub(crate) fn show(&mut self, name: &str, message: &Message<'_>) -> Outcome {
        let written = match message::write(message, self.to.form(), self.agreed) {
            Ok(written) => written,
            Err(error) => return told(name, &error, Outcome::Rejected),
        };
        if std::mem::replace(&mut self.before, true) && self.to == To::Compact {
            say!("");
        }
        if self.several && self.to == To::Tree {
            say!("{name}:");
        }
        if let Err(error) = octets(&written) {
            return told("standard output", &error, Outcome::Unreadable);
        }
        if self.to == To::Compact && io::stdout().is_terminal() {
            say!("");
        }
        Outcome::Fine
    }
}
