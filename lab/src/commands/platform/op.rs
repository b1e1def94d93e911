//! `h248 op`.

use reqwest::Method;

use super::{Platform, Trouble, body, terms::Once};

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
    /// What the party says whose move waits for its consent
    Consent {
        operation: String,
        /// Whether it wants to be there
        #[arg(value_enum)]
        answer: Answer,
        #[command(flatten)]
        once: Once,
    },
}

/// What a party says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
enum Answer {
    Accept,
    Decline,
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Show { operation } => {
            let path = ["operations", &operation];
            platform.ask(Method::GET, &path, None).await
        }
        Verb::Consent {
            operation,
            answer,
            once,
        } => {
            let path = ["operations", &operation, "consent"];
            let accept = answer == Answer::Accept;
            let body = body([("accept", Some(accept.into()))]);
            platform.ask_on(once, Method::POST, &path, body).await
        }
    }
}
