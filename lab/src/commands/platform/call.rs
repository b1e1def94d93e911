//! `h248 call`.

use reqwest::Method;

use super::{Platform, Trouble, body};

/// What to do with Calls.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Makes a Call with its main Seg
    Create {
        /// What it takes to stand: reserved, or mediaServer
        #[arg(long)]
        confirm: Option<String>,
        /// How its Segs are kept apart: contexts, or topology
        #[arg(long)]
        separation: Option<String>,
    },
    /// The Calls
    List,
    /// A Call as it is
    Show { call: String },
    /// Ends a Call with all its Legs
    Delete { call: String },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Create {
            confirm,
            separation,
        } => {
            let body = body([
                ("confirm", confirm.map(Into::into)),
                ("separation", separation.map(Into::into)),
            ]);
            platform.ask(Method::POST, &["calls"], body).await
        }
        Verb::List => platform.ask(Method::GET, &["calls"], None).await,
        Verb::Show { call } => platform.ask(Method::GET, &["calls", &call], None).await,
        Verb::Delete { call } => platform.ask(Method::DELETE, &["calls", &call], None).await,
    }
}
