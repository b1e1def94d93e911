//! `h248 gateway`.

use reqwest::Method;

use super::{Platform, Trouble};

/// What to do with gateways.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// The gateways that are known, and how they stand
    List,
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::List => platform.ask(Method::GET, &["gateways"], None).await,
    }
}
