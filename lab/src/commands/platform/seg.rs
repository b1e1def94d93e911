//! `h248 seg`.

use reqwest::Method;

use super::{
    CHANGES, Platform, Trouble, body,
    record::Tape,
    rules::{NewRules, Rules},
    some_change,
    sound::Sound,
};

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
    Create(Create),
    /// The Segs of a Call
    List { call: String },
    /// Changes its name and rules
    Modify(Modify),
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
    /// Records all that is heard in it
    Record {
        call: String,
        seg: String,
        #[command(flatten)]
        tape: Tape,
    },
    /// Stops what is played into it
    Stop {
        call: String,
        seg: String,
        /// Stops its recording instead
        #[arg(long)]
        record: bool,
    },
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

#[derive(Debug, clap::Args)]
struct Create {
    call: String,
    /// A name for people
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    rules: NewRules,
    /// The Leg on whose behalf
    #[arg(long)]
    by: Option<String>,
}

impl Create {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let own = [
            ("name", self.name.map(Into::into)),
            ("by", self.by.map(Into::into)),
        ];
        let body = body(own.into_iter().chain(self.rules.members()));
        let path = ["calls", &self.call, "segs"];
        platform.ask(Method::POST, &path, body).await
    }
}

#[derive(Debug, clap::Args)]
#[command(group = some_change())]
struct Modify {
    call: String,
    seg: String,
    /// A name for people
    #[arg(long, group = CHANGES)]
    name: Option<String>,
    #[command(flatten)]
    rules: Rules,
}

impl Modify {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let own = [("name", self.name.map(Into::into))];
        let body = body(own.into_iter().chain(self.rules.members()));
        let path = ["calls", &self.call, "segs", &self.seg];
        platform.ask(Method::PATCH, &path, body).await
    }
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Create(create) => create.send(&platform).await,
        Verb::List { call } => {
            platform
                .ask(Method::GET, &["calls", &call, "segs"], None)
                .await
        }
        Verb::Modify(modify) => modify.send(&platform).await,
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
        Verb::Record { call, seg, tape } => {
            let path = ["calls", &call, "segs", &seg, "record"];
            platform
                .ask(Method::POST, &path, body(tape.members()))
                .await
        }
        Verb::Stop { call, seg, record } => {
            let what = if record { "record" } else { "play" };
            let path = ["calls", &call, "segs", &seg, what];
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
