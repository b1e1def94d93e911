//! `h248 call`.

use reqwest::Method;

use super::{
    Platform, Trouble, body, part,
    rules::{Who, name},
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
            max_segs,
            max_legs,
            may_create,
            talking,
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
            platform.ask(Method::POST, &["calls"], body).await
        }
        Verb::List => platform.ask(Method::GET, &["calls"], None).await,
        Verb::Show { call } => platform.ask(Method::GET, &["calls", &call], None).await,
        Verb::Delete { call } => platform.ask(Method::DELETE, &["calls", &call], None).await,
    }
}
