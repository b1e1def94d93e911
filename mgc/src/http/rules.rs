//! The rules of Calls and Segs as JSON.

use std::time::{Duration, UNIX_EPOCH};

use mgc_core::northbound::{self, CallView, SegPolicy, SegView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    extract::{between, one_or_more},
    problem::Problem,
};
use crate::shell::time_text;

/// A room may last so many seconds at most: a year.
const SECONDS_MAX: u32 = 31_536_000;

/// When a Seg closes by itself. Who is left in it returns to the main Seg.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "lowercase")]
pub(crate) enum AutoClose {
    /// It does not.
    #[default]
    Never,
    /// When the last Leg has left it.
    Empty,
    /// When one Leg is left of several, or none of one.
    One,
}

impl TryFrom<String> for AutoClose {
    type Error = &'static str;

    /// Takes the plain text only; serde alone would also take `{"one": null}`.
    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_str() {
            "never" => Ok(Self::Never),
            "empty" => Ok(Self::Empty),
            "one" => Ok(Self::One),
            _ => Err("expected `never`, `empty` or `one`"),
        }
    }
}

impl From<AutoClose> for northbound::AutoClose {
    fn from(rule: AutoClose) -> Self {
        match rule {
            AutoClose::Never => Self::Never,
            AutoClose::Empty => Self::Empty,
            AutoClose::One => Self::One,
        }
    }
}

impl From<northbound::AutoClose> for AutoClose {
    fn from(rule: northbound::AutoClose) -> Self {
        match rule {
            northbound::AutoClose::Never => Self::Never,
            northbound::AutoClose::Empty => Self::Empty,
            northbound::AutoClose::One => Self::One,
        }
    }
}

/// On behalf of which members (`by`) something may be asked. What is asked on nobody's behalf the
/// application may always.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "lowercase")]
pub(crate) enum Who {
    /// Any; to bring others into a Seg, any who is in it, and hosts.
    #[default]
    Any,
    /// Hosts.
    Host,
    /// None.
    Nobody,
}

impl TryFrom<String> for Who {
    type Error = &'static str;

    /// Takes the plain text only; serde alone would also take `{"host": null}`.
    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_str() {
            "any" => Ok(Self::Any),
            "host" => Ok(Self::Host),
            "nobody" => Ok(Self::Nobody),
            _ => Err("expected `any`, `host` or `nobody`"),
        }
    }
}

impl From<Who> for northbound::Who {
    fn from(who: Who) -> Self {
        match who {
            Who::Any => Self::Any,
            Who::Host => Self::Host,
            Who::Nobody => Self::Nobody,
        }
    }
}

impl From<northbound::Who> for Who {
    fn from(who: northbound::Who) -> Self {
        match who {
            northbound::Who::Any => Self::Any,
            northbound::Who::Host => Self::Host,
            northbound::Who::Nobody => Self::Nobody,
        }
    }
}

/// How much there may be in a Call; where absent, as much as the controller is configured for, which
/// nobody exceeds.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewCallLimits {
    /// Segs, the main one included.
    #[schema(minimum = 1)]
    max_segs: Option<usize>,
    /// Legs.
    #[schema(minimum = 1)]
    max_legs: Option<usize>,
}

impl NewCallLimits {
    /// The same for the core.
    pub(crate) fn read(self) -> Result<northbound::CallLimits, Problem> {
        one_or_more(self.max_segs, "limits.maxSegs")?;
        one_or_more(self.max_legs, "limits.maxLegs")?;
        Ok(northbound::CallLimits {
            segs: self.max_segs,
            legs: self.max_legs,
        })
    }
}

/// The rules of a Call.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewCallPolicy {
    /// Which members may make Segs; `any` where absent.
    #[serde(default)]
    may_create: Who,
}

impl NewCallPolicy {
    /// Which members may make Segs.
    pub(crate) fn may_create(self) -> northbound::Who {
        self.may_create.into()
    }
}

/// How much there may be in a Call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallLimits {
    /// Segs, the main one included.
    max_segs: usize,
    /// Legs.
    max_legs: usize,
}

impl From<&CallView> for CallLimits {
    fn from(call: &CallView) -> Self {
        Self {
            max_segs: call.segs_max,
            max_legs: call.legs_max,
        }
    }
}

/// The rules of a Call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallPolicy {
    /// Which members may make Segs.
    may_create: Who,
}

impl From<&CallView> for CallPolicy {
    fn from(call: &CallView) -> Self {
        Self {
            may_create: call.may_create.into(),
        }
    }
}

/// How much there may be in a Seg.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewSegLimits {
    /// Legs in it and on their way there; where absent, as many as the controller is configured for,
    /// which no Seg but the main one exceeds.
    #[schema(minimum = 1)]
    max_legs: Option<usize>,
    /// So long after it was made it closes by itself; where absent, it does not.
    #[schema(minimum = 1, maximum = 31_536_000)]
    seconds: Option<u32>,
}

impl NewSegLimits {
    /// The same for the core.
    pub(crate) fn read(self) -> Result<northbound::SegLimits, Problem> {
        Ok(northbound::SegLimits {
            legs: checked_legs(self.max_legs)?,
            seconds: checked_seconds(self.seconds)?,
        })
    }
}

/// How many Legs a Seg may have, if it may.
pub(crate) fn checked_legs(legs: Option<usize>) -> Result<Option<usize>, Problem> {
    one_or_more(legs, "limits.maxLegs")?;
    Ok(legs)
}

/// How long a Seg may last, if it may.
pub(crate) fn checked_seconds(seconds: Option<u32>) -> Result<Option<u32>, Problem> {
    between(seconds, 1..=SECONDS_MAX, "limits.seconds")?;
    Ok(seconds)
}

/// How much there may be in a Seg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SegLimits {
    /// Legs in it and on their way there; null: as many as the Call has.
    max_legs: Option<usize>,
    /// So long after it was made, or after this was last changed, it closes by itself; null: it does
    /// not.
    seconds: Option<u32>,
    /// When that is (RFC 3339, UTC).
    until: Option<String>,
}

impl From<&SegView> for SegLimits {
    fn from(seg: &SegView) -> Self {
        let until = seg.until.and_then(|until| {
            let time = UNIX_EPOCH.checked_add(Duration::from_millis(until))?;
            Some(time_text(time))
        });
        Self {
            max_legs: seg.legs_max,
            seconds: seg.policy.limits.seconds,
            until,
        }
    }
}

/// The rules of a Seg.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SegPolicy)]
pub(crate) struct Rules {
    /// Whether only callers of scope `supervise` see that it is there, and who is in it.
    private: bool,
    /// When it closes by itself.
    auto_close: AutoClose,
    /// Whether nobody may enter.
    locked: bool,
    /// Who may enter.
    may_join: Who,
    /// Who may bring others in.
    may_invite: Who,
}

impl From<&SegPolicy> for Rules {
    fn from(policy: &SegPolicy) -> Self {
        Self {
            private: policy.private,
            auto_close: policy.auto_close.into(),
            locked: policy.locked,
            may_join: policy.may_join.into(),
            may_invite: policy.may_invite.into(),
        }
    }
}
