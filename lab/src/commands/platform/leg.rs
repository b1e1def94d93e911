//! `h248 leg`.

use std::path::PathBuf;

use lab::text_file;
use mgc_core::northbound::GAIN_DB;
use reqwest::Method;

use super::{
    CHANGES, Platform, Trouble, body, part,
    record::Tape,
    some_change,
    sound::Sound,
    terms::{Once, Terms},
};

/// What to do with the Legs of a Call.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Joins a party; prints the gateway's answer
    Add {
        call: String,
        /// A file with the party's SDP offer
        sdp: PathBuf,
        /// The Seg to join; the main one where absent
        #[arg(long)]
        seg: Option<String>,
        /// member, or supervisor: one that hears its Seg and is not heard
        #[arg(long)]
        role: Option<String>,
        /// It may do what the rules leave to hosts
        #[arg(long)]
        host: bool,
        #[command(flatten)]
        once: Once,
    },
    /// The Legs of a Call
    List { call: String },
    /// A Leg as it is
    Show {
        call: String,
        leg: String,
        /// Prints its tag alone, for `--if-match`
        #[arg(long)]
        tag: bool,
    },
    /// AttachMediaReq: moves a Leg into a Seg
    Attach(Attach),
    /// DetachMediaReq: closes a Leg's media where it is
    Detach {
        call: String,
        leg: String,
        #[command(flatten)]
        once: Once,
    },
    /// ModifyLeg: what of its media is cut off, how it is mixed, where it receives; what is not named stays
    Modify(Modify),
    /// Plays something to it alone
    Play {
        call: String,
        leg: String,
        #[command(flatten)]
        sound: Sound,
        #[command(flatten)]
        once: Once,
    },
    /// Collects the digits that it dials
    Collect(Collect),
    /// Records what it says and hears: the room
    Record(Record),
    /// Stops what is played to it
    Stop {
        call: String,
        leg: String,
        /// Stops the collection of its digits instead
        #[arg(long)]
        collect: bool,
        /// Stops its recording instead
        #[arg(long, conflicts_with = "collect")]
        record: bool,
        #[command(flatten)]
        once: Once,
    },
    /// Takes a Leg out of its Call
    Delete {
        call: String,
        leg: String,
        #[command(flatten)]
        terms: Terms,
    },
}

#[derive(Debug, clap::Args)]
struct Attach {
    call: String,
    leg: String,
    seg: String,
    /// How it is moved
    #[arg(long)]
    strategy: Option<String>,
    /// The Leg on whose behalf
    #[arg(long)]
    by: Option<String>,
    /// It waits so long for the party's consent
    #[arg(long, value_name = "SECONDS")]
    consent: Option<u32>,
    #[command(flatten)]
    once: Once,
}

impl Attach {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let path = ["calls", &self.call, "legs", &self.leg, "attach-media"];
        let body = body([
            ("seg", Some(self.seg.into())),
            ("strategy", self.strategy.map(Into::into)),
            ("by", self.by.map(Into::into)),
            ("consent", part([("within", self.consent.map(Into::into))])),
        ]);
        platform.ask_on(self.once, Method::POST, &path, body).await
    }
}

#[derive(Debug, clap::Args)]
#[command(group = some_change())]
struct Modify {
    call: String,
    leg: String,
    /// Its Seg does not hear it
    #[arg(long, group = CHANGES)]
    muted: Option<bool>,
    /// It does not hear its Seg
    #[arg(long, group = CHANGES)]
    deaf: Option<bool>,
    /// Both
    #[arg(long, group = CHANGES)]
    hold: Option<bool>,
    /// It is so many dB louder to the others, -40 to 20
    #[arg(long, value_name = "DB", allow_negative_numbers = true, value_parser = gain, group = CHANGES)]
    gain: Option<i8>,
    /// It is told when its party talks
    #[arg(long, group = CHANGES)]
    talking: Option<bool>,
    /// What its party offers now: an SDP offer
    #[arg(long, value_name = "FILE", group = CHANGES)]
    sdp: Option<PathBuf>,
    #[command(flatten)]
    terms: Terms,
}

fn gain(text: &str) -> Result<i8, String> {
    let db = text.parse().ok().filter(|db| GAIN_DB.contains(db));
    let (least, most) = (GAIN_DB.start(), GAIN_DB.end());
    db.ok_or_else(|| format!("expected {least} to {most}, found {text}"))
}

impl Modify {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let sdp = self.sdp.map(|path| text_file::read(&path)).transpose()?;
        let path = ["calls", &self.call, "legs", &self.leg];
        let body = body([
            ("muted", self.muted.map(Into::into)),
            ("deaf", self.deaf.map(Into::into)),
            ("hold", self.hold.map(Into::into)),
            ("gain", self.gain.map(Into::into)),
            ("talking", self.talking.map(Into::into)),
            ("sdp", sdp.map(Into::into)),
        ]);
        platform
            .ask_on(self.terms, Method::PATCH, &path, body)
            .await
    }
}

#[derive(Debug, clap::Args)]
struct Collect {
    call: String,
    leg: String,
    /// A digit map, such as 'xxxx|#'
    map: String,
    /// Seconds until the first digit
    #[arg(long, value_name = "SECONDS")]
    start: Option<u8>,
    /// Seconds between digits where what is dialled already fits
    #[arg(long, value_name = "SECONDS")]
    short: Option<u8>,
    /// Seconds between digits where more must come
    #[arg(long, value_name = "SECONDS")]
    long: Option<u8>,
    /// They are given up after so many milliseconds
    #[arg(long)]
    limit_ms: Option<u32>,
    #[command(flatten)]
    once: Once,
}

impl Collect {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let path = ["calls", &self.call, "legs", &self.leg, "collect"];
        let timers = [
            ("start", self.start.map(Into::into)),
            ("short", self.short.map(Into::into)),
            ("long", self.long.map(Into::into)),
        ];
        let body = body([
            ("map", Some(self.map.into())),
            ("timers", part(timers)),
            ("limitMs", self.limit_ms.map(Into::into)),
        ]);
        platform.ask_on(self.once, Method::POST, &path, body).await
    }
}

#[derive(Debug, clap::Args)]
struct Record {
    call: String,
    leg: String,
    #[command(flatten)]
    tape: Tape,
    /// Whose voices: own, others or all
    #[arg(long)]
    voices: Option<String>,
    #[command(flatten)]
    once: Once,
}

impl Record {
    async fn send(self, platform: &Platform) -> Result<Vec<String>, Trouble> {
        let path = ["calls", &self.call, "legs", &self.leg, "record"];
        let voices = [("voices", self.voices.map(Into::into))];
        let body = body(self.tape.members().into_iter().chain(voices));
        platform.ask_on(self.once, Method::POST, &path, body).await
    }
}

/// What is stopped.
fn stopped(collect: bool, record: bool) -> &'static str {
    match (collect, record) {
        (true, _) => "collect",
        (_, true) => "record",
        (false, false) => "play",
    }
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    match verb {
        Verb::Add {
            call,
            sdp,
            seg,
            role,
            host,
            once,
        } => {
            let body = body([
                ("sdp", Some(text_file::read(&sdp)?.into())),
                ("seg", seg.map(Into::into)),
                ("role", role.map(Into::into)),
                ("host", host.then_some(true.into())),
            ]);
            let path = ["calls", &call, "legs"];
            platform.ask_on(once, Method::POST, &path, body).await
        }
        Verb::List { call } => {
            let path = ["calls", &call, "legs"];
            platform.ask(Method::GET, &path, None).await
        }
        Verb::Show { call, leg, tag } => platform.show(&["calls", &call, "legs", &leg], tag).await,
        Verb::Attach(attach) => attach.send(&platform).await,
        Verb::Detach { call, leg, once } => {
            let path = ["calls", &call, "legs", &leg, "detach-media"];
            platform.ask_on(once, Method::POST, &path, body([])).await
        }
        Verb::Modify(modify) => modify.send(&platform).await,
        Verb::Play {
            call,
            leg,
            sound,
            once,
        } => {
            let path = ["calls", &call, "legs", &leg, "play"];
            platform
                .ask_on(once, Method::POST, &path, sound.body())
                .await
        }
        Verb::Collect(collect) => collect.send(&platform).await,
        Verb::Record(record) => record.send(&platform).await,
        Verb::Stop {
            call,
            leg,
            collect,
            record,
            once,
        } => {
            let path = ["calls", &call, "legs", &leg, stopped(collect, record)];
            platform.ask_on(once, Method::DELETE, &path, None).await
        }
        Verb::Delete { call, leg, terms } => {
            let path = ["calls", &call, "legs", &leg];
            platform.ask_on(terms, Method::DELETE, &path, None).await
        }
    }
}
