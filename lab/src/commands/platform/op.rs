//! `h248 op`.

use reqwest::Method;

use super::{Platform, Trouble};

/// What to do with operations.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// How far an operation is, or how it ended
    Show { operation: String },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Show { operation } => {
            let path = ["operations", &operation];
            platform.ask(Method::GET, &path, None).await
        }
    }
}
