//! `h248 seg`.

use lab::api::Place;
use reqwest::Method;

use super::{
    CHANGES, Platform, Trouble, body,
    record::Tape,
    rules::{NewRules, Rules},
    some_change,
    sound::Sound,
    terms::{Once, Terms},
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
    /// A Seg as it is
    Show {
        call: String,
        seg: String,
        /// Prints its tag alone, for `--if-match`
        #[arg(long)]
        tag: bool,
    },
    /// Changes its name and rules
    Modify(Modify),
    /// Ends a Seg
    Delete {
        call: String,
        seg: String,
        /// What becomes of its Legs: return (to the main Seg), refuse or release
        #[arg(long)]
        members: Option<String>,
        #[command(flatten)]
        terms: Terms,
    },
    /// Some of its Legs get a Seg of their own
    Split(Split),
    /// Plays something to all Legs that hear it
    Play {
        call: String,
        seg: String,
        #[command(flatten)]
        sound: Sound,
        #[command(flatten)]
        once: Once,
    },
    /// Records all that is heard in it
    Record {
        call: String,
        seg: String,
        #[command(flatten)]
        tape: Tape,
        #[command(flatten)]
        once: Once,
    },
    /// Stops what is played into it
    Stop {
        call: String,
        seg: String,
        /// Stops its recording instead
        #[arg(long)]
        record: bool,
        #[command(flatten)]
        once: Once,
    },
    /// All its Legs go to another Seg, and it ends
    Merge(Merge),
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
    #[command(flatten)]
    once: Once,
}

impl Create {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let own = [
            ("name", self.name.map(Into::into)),
            ("by", self.by.map(Into::into)),
        ];
        let body = body(own.into_iter().chain(self.rules.members()));
        let path = ["calls", &self.call, "segs"];
        platform.ask_on(self.once, Method::POST, &path, body).await
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
    #[command(flatten)]
    terms: Terms,
}

impl Modify {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let own = [("name", self.name.map(Into::into))];
        let body = body(own.into_iter().chain(self.rules.members()));
        let path = ["calls", &self.call, "segs", &self.seg];
        platform
            .ask_on(self.terms, Method::PATCH, &path, body)
            .await
    }
}

#[derive(Debug, clap::Args)]
struct Split {
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
    #[command(flatten)]
    once: Once,
}

impl Split {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let path = ["calls", &self.call, "segs", &self.seg, "split"];
        let body = body([
            ("legs", Some(self.legs.into())),
            ("name", self.name.map(Into::into)),
            ("strategy", self.strategy.map(Into::into)),
        ]);
        platform.ask_on(self.once, Method::POST, &path, body).await
    }
}

#[derive(Debug, clap::Args)]
struct Merge {
    call: String,
    seg: String,
    into: String,
    /// How they are moved
    #[arg(long)]
    strategy: Option<String>,
    #[command(flatten)]
    once: Once,
}

impl Merge {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let path = ["calls", &self.call, "segs", &self.seg, "merge"];
        let body = body([
            ("into", Some(self.into.into())),
            ("strategy", self.strategy.map(Into::into)),
        ]);
        platform.ask_on(self.once, Method::POST, &path, body).await
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
        Verb::Show { call, seg, tag } => platform.show(&["calls", &call, "segs", &seg], tag).await,
        Verb::Delete {
            call,
            seg,
            members,
            terms,
        } => {
            let place = Place {
                path: vec!["calls", &call, "segs", &seg],
                query: vec![("members", members.as_deref())],
            };
            platform.ask_at(terms, Method::DELETE, place, None).await
        }
        Verb::Split(split) => split.send(&platform).await,
        Verb::Play {
            call,
            seg,
            sound,
            once,
        } => {
            let path = ["calls", &call, "segs", &seg, "play"];
            platform
                .ask_on(once, Method::POST, &path, sound.body())
                .await
        }
        Verb::Record {
            call,
            seg,
            tape,
            once,
        } => {
            let path = ["calls", &call, "segs", &seg, "record"];
            let body = body(tape.members());
            platform.ask_on(once, Method::POST, &path, body).await
        }
        Verb::Stop {
            call,
            seg,
            record,
            once,
        } => {
            let what = if record { "record" } else { "play" };
            let path = ["calls", &call, "segs", &seg, what];
            platform.ask_on(once, Method::DELETE, &path, None).await
        }
        Verb::Merge(merge) => merge.send(&platform).await,
    }
}
