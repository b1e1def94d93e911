//! The rules of rooms at the command line.

use clap::ValueEnum;
use serde_json::Value;

use super::{CHANGES, part};

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

/// The rules of a Seg that can be changed; what is not named is as it is, or as is usual.
#[derive(Debug, clap::Args)]
pub(super) struct Rules {
    /// Whether only supervisors see it
    #[arg(long, group = CHANGES, num_args = 0..=1, default_missing_value = "true")]
    private: Option<bool>,
    /// When it closes by itself: at the last Leg, or when one is left
    #[arg(long, group = CHANGES)]
    auto_close: Option<AutoClose>,
    /// Whether nobody may enter
    #[arg(long, group = CHANGES, num_args = 0..=1, default_missing_value = "true")]
    locked: Option<bool>,
    /// Which members may enter
    #[arg(long, group = CHANGES)]
    may_join: Option<Who>,
    /// Which members may bring others in
    #[arg(long, group = CHANGES)]
    may_invite: Option<Who>,
    /// How many Legs may be in it
    #[arg(long, group = CHANGES)]
    max_legs: Option<u32>,
    /// After how many seconds it closes by itself, from now on
    #[arg(long, group = CHANGES)]
    seconds: Option<u32>,
}

/// The rules of a new Seg.
#[derive(Debug, clap::Args)]
pub(super) struct NewRules {
    #[command(flatten)]
    rules: Rules,
    /// What it takes to stand: reserved, or mediaServer
    #[arg(long)]
    confirm: Option<String>,
    /// Its Legs hear the main Seg, which does not hear them
    #[arg(long)]
    listen_main: bool,
}

/// A member of a body, and its value where it has one.
type Member = (&'static str, Option<Value>);

impl Rules {
    /// Its members in a body: `policy` and `limits`.
    pub(super) fn members(self) -> [Member; 2] {
        self.members_with([])
    }

    /// The same with more of `policy`.
    fn members_with<const N: usize>(self, more: [Member; N]) -> [Member; 2] {
        let policy = [
            ("private", self.private.map(Value::from)),
            ("autoClose", self.auto_close.map(name)),
            ("locked", self.locked.map(Value::from)),
            ("mayJoin", self.may_join.map(name)),
            ("mayInvite", self.may_invite.map(name)),
        ];
        let limits = [
            ("maxLegs", self.max_legs.map(Value::from)),
            ("seconds", self.seconds.map(Value::from)),
        ];
        let policy = part(policy.into_iter().chain(more));
        [("policy", policy), ("limits", part(limits))]
    }
}

impl NewRules {
    /// Its members in a body: `policy` and `limits`.
    pub(super) fn members(self) -> [Member; 2] {
        self.rules.members_with([
            ("confirm", self.confirm.map(Value::from)),
            ("listenMain", self.listen_main.then_some(true.into())),
        ])
    }
}

/// A choice as the API spells it, which is as the command line does.
pub(super) fn name(choice: impl ValueEnum) -> Value {
    let choice = choice.to_possible_value();
    choice.map_or(Value::Null, |choice| choice.get_name().into())
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Parser)]
    struct Line<Given: clap::Args> {
        #[command(flatten)]
        given: Given,
    }

    #[test]
    fn what_a_seg_has_from_its_making_on_is_offered_for_new_ones_alone() {
        let line = [
            "seg",
            "--locked",
            "--confirm",
            "mediaServer",
            "--listen-main",
        ];
        let new = Line::<NewRules>::try_parse_from(line).unwrap();
        let policy = json!({"locked": true, "confirm": "mediaServer", "listenMain": true});
        let expected = [("policy", Some(policy)), ("limits", None)];
        assert_eq!(new.given.members(), expected);
        let changed = Line::<Rules>::try_parse_from(&line[..2]).unwrap();
        let expected = [("policy", Some(json!({"locked": true}))), ("limits", None)];
        assert_eq!(changed.given.members(), expected);
        assert!(Line::<Rules>::try_parse_from(["seg", "--confirm", "reserved"]).is_err());
        assert!(Line::<Rules>::try_parse_from(["seg", "--listen-main"]).is_err());
    }
}
