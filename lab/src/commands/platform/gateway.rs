//! `h248 gateway`.

use reqwest::Method;

use super::{Platform, Trouble, body};

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
    /// Keeps new Calls from a gateway
    Drain {
        /// Its name, as `gateway list` has it
        gateway: String,
        /// It takes them again
        #[arg(long)]
        undo: bool,
    },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::List => platform.ask(Method::GET, &["gateways"], None).await,
        Verb::Drain { gateway, undo } => {
            let path = ["gateways", &gateway, "drain"];
            let body = body([("drain", Some((!undo).into()))]);
            platform.ask(Method::POST, &path, body).await
        }
    }
}
