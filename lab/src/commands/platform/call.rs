//! `h248 call`.

use reqwest::Method;

use super::{
    Platform, Trouble, body, part,
    rules::{Who, name},
    terms::{Once, Terms},
};

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
        /// How many Segs it may have, the main one included
        #[arg(long)]
        max_segs: Option<u32>,
        /// How many Legs it may have
        #[arg(long)]
        max_legs: Option<u32>,
        /// Which members may make Segs
        #[arg(long)]
        may_create: Option<Who>,
        /// It is told when its members talk
        #[arg(long)]
        talking: bool,
        #[command(flatten)]
        once: Once,
    },
    /// The Calls
    List,
    /// A Call as it is
    Show {
        call: String,
        /// Prints its tag alone, for `--if-match`
        #[arg(long)]
        tag: bool,
    },
    /// Ends a Call with all its Legs
    Delete {
        call: String,
        #[command(flatten)]
        terms: Terms,
    },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Create {
            confirm,
            separation,
            max_segs,
            max_legs,
            may_create,
            talking,
            once,
        } => {
            let limits = [
                ("maxSegs", max_segs.map(Into::into)),
                ("maxLegs", max_legs.map(Into::into)),
            ];
            let policy = [("mayCreate", may_create.map(name))];
            let body = body([
                ("confirm", confirm.map(Into::into)),
                ("separation", separation.map(Into::into)),
                ("limits", part(limits)),
                ("policy", part(policy)),
                ("talking", talking.then_some(true.into())),
            ]);
            let path = ["calls"];
            platform.ask_on(once, Method::POST, &path, body).await
        }
        Verb::List => platform.ask(Method::GET, &["calls"], None).await,
        Verb::Show { call, tag } => platform.show(&["calls", &call], tag).await,
        Verb::Delete { call, terms } => {
            let path = ["calls", &call];
            platform.ask_on(terms, Method::DELETE, &path, None).await
        }
    }
}
