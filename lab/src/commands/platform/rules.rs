//! The rules of rooms at the command line.

use clap::ValueEnum;
use serde_json::Value;

use super::part;

/// When a Seg closes by itself.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum AutoClose {
    Never,
    Empty,
    One,
}

/// On behalf of which members something may be asked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Who {
    Any,
    Host,
    Nobody,
}

/// The rules of a Seg; what is not named is as it is, or as is usual.
#[derive(Debug, clap::Args)]
pub(super) struct Rules {
    /// Whether only supervisors see it
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    private: Option<bool>,
    /// When it closes by itself: at the last Leg, or when one is left
    #[arg(long)]
    auto_close: Option<AutoClose>,
    /// Whether nobody may enter
    #[arg(long, num_args = 0..=1, default_missing_value = "true")]
    locked: Option<bool>,
    /// Which members may enter
    #[arg(long)]
    may_join: Option<Who>,
    /// Which members may bring others in
    #[arg(long)]
    may_invite: Option<Who>,
    /// What it takes to stand: reserved, or mediaServer
    #[arg(long)]
    confirm: Option<String>,
    /// Its Legs hear the main Seg, which does not hear them
    #[arg(long)]
    listen_main: bool,
    /// How many Legs may be in it
    #[arg(long)]
    max_legs: Option<u32>,
    /// After how many seconds it closes by itself
    #[arg(long)]
    seconds: Option<u32>,
}

impl Rules {
    /// Its members in a body: `policy` and `limits`.
    pub(super) fn members(self) -> [(&'static str, Option<Value>); 2] {
        let policy = [
            ("private", self.private.map(Value::from)),
            ("autoClose", self.auto_close.map(name)),
            ("locked", self.locked.map(Value::from)),
            ("mayJoin", self.may_join.map(name)),
            ("mayInvite", self.may_invite.map(name)),
            ("confirm", self.confirm.map(Value::from)),
            ("listenMain", self.listen_main.then_some(true.into())),
        ];
        let limits = [
            ("maxLegs", self.max_legs.map(Value::from)),
            ("seconds", self.seconds.map(Value::from)),
        ];
        [("policy", part(policy)), ("limits", part(limits))]
    }
}

/// A choice as the API spells it, which is as the command line does.
pub(super) fn name(choice: impl ValueEnum) -> Value {
    let choice = choice.to_possible_value();
    choice.map_or(Value::Null, |choice| choice.get_name().into())
}
