//! The rules of rooms: how much goes in, who may, and when one closes by itself.

use super::SegPolicy;

/// When a Seg closes by itself. Who is left in it returns to the main Seg.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum AutoClose {
    /// It does not.
    #[default]
    Never,
    /// When the last Leg has left it.
    Empty,
    /// When one Leg is left of several, or none of one.
    One,
}

/// On whose behalf something may be asked. What the application asks on nobody's behalf it may
/// always.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Who {
    /// Any member; to bring others into a Seg, any who is in it, and hosts.
    #[default]
    Any,
    /// A Leg that is a host.
    Host,
    /// No member.
    Nobody,
}

/// What a member may be allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Right {
    /// To make a Seg.
    Create,
    /// To enter a Seg.
    Join,
    /// To bring another into a Seg.
    Invite,
}

impl Right {
    /// What it is, for people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Create => "make Segs in this Call",
            Self::Join => "enter this Seg",
            Self::Invite => "bring others into this Seg",
        }
    }
}

/// How much there may be in a Call; `None`: as much as the platform allows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CallLimits {
    /// Segs, the main one included.
    pub segs: Option<usize>,
    /// Legs.
    pub legs: Option<usize>,
}

/// How much there may be in a Seg.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SegLimits {
    /// Legs in it and on their way there; `None`: as many as the platform allows.
    pub legs: Option<usize>,
    /// So many seconds after it was made it closes by itself; `None`: it does not.
    pub seconds: Option<u32>,
}

/// What changes about a Seg; what is `None` stays.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SegChanges {
    /// Its name for people.
    pub name: Option<Option<String>>,
    /// Whether only supervisors are to see it.
    pub private: Option<bool>,
    /// When it closes by itself.
    pub auto_close: Option<AutoClose>,
    /// Whether nobody may enter.
    pub locked: Option<bool>,
    /// Who may enter.
    pub may_join: Option<Who>,
    /// Who may bring others in.
    pub may_invite: Option<Who>,
    /// How many Legs may be in it.
    pub legs_max: Option<Option<usize>>,
    /// After how many seconds from now it closes by itself.
    pub seconds: Option<Option<u32>>,
}

impl SegChanges {
    /// Changes what is named. When the Seg's time is over is for who knows the time.
    pub fn apply(&self, name: &mut Option<String>, policy: &mut SegPolicy) {
        if let Some(wanted) = &self.name {
            name.clone_from(wanted);
        }
        policy.private = self.private.unwrap_or(policy.private);
        policy.auto_close = self.auto_close.unwrap_or(policy.auto_close);
        policy.locked = self.locked.unwrap_or(policy.locked);
        policy.may_join = self.may_join.unwrap_or(policy.may_join);
        policy.may_invite = self.may_invite.unwrap_or(policy.may_invite);
        policy.limits.legs = self.legs_max.unwrap_or(policy.limits.legs);
        policy.limits.seconds = self.seconds.unwrap_or(policy.limits.seconds);
    }
}

/// Why a Seg closed by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Closing {
    /// Its last Leg left.
    Empty,
    /// One Leg was left.
    OneLeft,
    /// Its time was over.
    Expired,
}
