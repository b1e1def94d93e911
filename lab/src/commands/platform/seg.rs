//! `h248 seg`.

use reqwest::Method;

use super::{Platform, Trouble, body, sound::Sound};

/// What to do with the Segs of a Call.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// CreateSegReq: another room
    Create {
        call: String,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
        /// What it takes to stand: reserved, or mediaServer
        #[arg(long)]
        confirm: Option<String>,
        /// Its Legs hear the main Seg, which does not hear them
        #[arg(long)]
        listen_main: bool,
    },
    /// The Segs of a Call
    List { call: String },
    /// Ends a Seg
    Delete {
        call: String,
        seg: String,
        /// What becomes of its Legs: return (to the main Seg), refuse or release
        #[arg(long)]
        members: Option<String>,
    },
    /// Some of its Legs get a Seg of their own
    Split {
        call: String,
        seg: String,
        #[arg(required = true)]
        legs: Vec<String>,
        /// A name for people
        #[arg(long)]
        name: Option<String>,
        /// How they are moved
        #[arg(long)]
        strategy: Option<String>,
    },
    /// Plays something to all Legs that hear it
    Play {
        call: String,
        seg: String,
        #[command(flatten)]
        sound: Sound,
    },
    /// Stops what is played into it
    Stop { call: String, seg: String },
    /// All its Legs go to another Seg, and it ends
    Merge {
        call: String,
        seg: String,
        into: String,
        /// How they are moved
        #[arg(long)]
        strategy: Option<String>,
    },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Create {
            call,
            name,
            confirm,
            listen_main,
        } => {
            let policy = body([
                ("confirm", confirm.map(Into::into)),
                ("listenMain", listen_main.then_some(true.into())),
            ]);
            let body = body([("name", name.map(Into::into)), ("policy", policy)]);
            platform
                .ask(Method::POST, &["calls", &call, "segs"], body)
                .await
        }
        Verb::List { call } => {
            platform
                .ask(Method::GET, &["calls", &call, "segs"], None)
                .await
        }
        Verb::Delete { call, seg, members } => {
            let path = ["calls", &call, "segs", &seg];
            let query = [("members", members.as_deref())];
            platform.ask_with(Method::DELETE, &path, &query, None).await
        }
        Verb::Split {
            call,
            seg,
            legs,
            name,
            strategy,
        } => {
            let path = ["calls", &call, "segs", &seg, "split"];
            let body = body([
                ("legs", Some(legs.into())),
                ("name", name.map(Into::into)),
                ("strategy", strategy.map(Into::into)),
            ]);
            platform.ask(Method::POST, &path, body).await
        }
        Verb::Play { call, seg, sound } => {
            let path = ["calls", &call, "segs", &seg, "play"];
            platform.ask(Method::POST, &path, sound.body()).await
        }
        Verb::Stop { call, seg } => {
            let path = ["calls", &call, "segs", &seg, "play"];
            platform.ask(Method::DELETE, &path, None).await
        }
        Verb::Merge {
            call,
            seg,
            into,
            strategy,
        } => {
            let path = ["calls", &call, "segs", &seg, "merge"];
            let body = body([
                ("into", Some(into.into())),
                ("strategy", strategy.map(Into::into)),
            ]);
            platform.ask(Method::POST, &path, body).await
        }
    }
}
