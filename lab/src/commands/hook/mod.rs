//! `h248 hook`: what a conformance campaign cannot do over H.248, done with our own programs.
//! `docs/hooks.md` has the contract.

mod folder;
mod legs;
mod mg;
mod mgc;
mod ports;
mod sees;
mod started;
mod words;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use lab::api::ApiError;

use self::{folder::Folder, words::Words};
use super::Trouble;
use crate::output::{complain, say};

/// No hook takes longer; who calls it would not wait either.
const ENDS_WITHIN: Duration = Duration::from_secs(60);

/// Whose hook, and what it is to do.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where what was started and made is written down [default: what H248_STATE says]
    #[arg(long, global = true)]
    state: Option<PathBuf>,
    /// The folder of mg and mgc [default: what H248_BIN says, or where this program is]
    #[arg(long, global = true)]
    bin_dir: Option<PathBuf>,
    #[command(subcommand)]
    whose: Whose,
}

#[derive(Debug, clap::Subcommand)]
enum Whose {
    /// Of our gateway: cold, warm, shutdown, fail, restore
    Mg {
        #[arg(required = true)]
        words: Vec<String>,
    },
    /// Of our controller: cold, shutdown, sees, and every trigger of the catalogue
    Mgc {
        #[arg(required = true)]
        words: Vec<String>,
    },
}

/// How a hook ended, where there was no trouble.
#[derive(Debug, Eq, PartialEq)]
enum End {
    Done,
    /// What was to be done was refused, or what was to be seen is not so.
    No(String),
    /// There is no such thing here.
    Cannot(String),
}

impl From<ApiError> for End {
    fn from(error: ApiError) -> Self {
        Self::No(error.to_string())
    }
}

/// Does it, and says how it went by the exit status.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(async {
            let late = |_| Err(format!("not done within {ENDS_WITHIN:?}").into());
            tokio::time::timeout(ENDS_WITHIN, hook(arguments))
                .await
                .unwrap_or_else(late)
        }),
        Err(error) => Err(error.into()),
    };
    match ended {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::No(why)) => told(&why, 1),
        Ok(End::Cannot(why)) => told(&why, 3),
        Err(trouble) => told(&super::chain(trouble.as_ref()), 2),
    }
}

fn told(why: &str, status: u8) -> ExitCode {
    complain!("h248 hook: {why}");
    ExitCode::from(status)
}

async fn hook(arguments: Arguments) -> Result<End, Trouble> {
    let state = arguments
        .state
        .or_else(|| variable("H248_STATE").map(Into::into));
    let folder = Folder::open(state.ok_or("H248_STATE names no folder")?)?;
    let bin_dir = arguments
        .bin_dir
        .or_else(|| variable("H248_BIN").map(Into::into));
    let bin_dir = match bin_dir {
        Some(bin_dir) => bin_dir,
        None => std::env::current_exe()?
            .parent()
            .ok_or("this program is in no folder")?
            .to_owned(),
    };
    match arguments.whose {
        Whose::Mg { words } => mg::hook(&folder, &bin_dir, Words::of(&words)).await,
        Whose::Mgc { words } => mgc::hook(&folder, &bin_dir, Words::of(&words)).await,
    }
}

/// Gives the script a name.
fn name(name: &str, value: impl std::fmt::Display) {
    say!("{name}={value}");
}

/// A variable of the contract, where it says anything.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The carrier's prefix of addresses that are spoken to.
fn carrier() -> &'static str {
    match variable("H248_TRANSPORT").as_deref() {
        Some("tcp") => "tcp:",
        Some("sctp") => "sctp:",
        _ => "",
    }
}

/// That of an address that is listened at: without one it is UDP and TCP.
fn listening() -> &'static str {
    if carrier() == "sctp:" { carrier() } else { "" }
}

/// The words of `H248_CONFIG`.
fn config() -> Result<Vec<(String, String)>, Trouble> {
    let text = variable("H248_CONFIG").unwrap_or_default();
    let pairs = text.split_whitespace().map(|pair| {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("config: expected NAME=VALUE, found {pair}"))?;
        Ok((name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}
