//! `h248 gateway`.

use reqwest::Method;

use super::{Platform, Trouble, body, terms::Once};

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
        #[command(flatten)]
        once: Once,
    },
    /// Hands a gateway over to another controller, with all that it holds
    Handoff {
        /// Its name, as `gateway list` has it
        gateway: String,
        /// The controller's, such as [127.0.0.1]:2954
        mgc: String,
        #[command(flatten)]
        once: Once,
    },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::List => platform.ask(Method::GET, &["gateways"], None).await,
        Verb::Drain {
            gateway,
            undo,
            once,
        } => {
            let path = ["gateways", &gateway, "drain"];
            let body = body([("drain", Some((!undo).into()))]);
            platform.ask_on(once, Method::POST, &path, body).await
        }
        Verb::Handoff { gateway, mgc, once } => {
            let path = ["gateways", &gateway, "handoff"];
            let body = body([("mgc", Some(mgc.into()))]);
            platform.ask_on(once, Method::POST, &path, body).await
        }
    }
}
