//! What a Call and its Segs are made with.

use super::{AutoClose, CallLimits, SegLimits, Who};

/// How the Segs of a Call are kept apart.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Separation {
    /// Each Seg has a Context of its own.
    #[default]
    Contexts,
    /// All Segs share one Context, and Topology descriptors say who hears whom.
    Topology,
}

/// What becomes of the Legs of a Call when their gateway restarts, leaves or stays silent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum OnGatewayLoss {
    /// They leave the Call.
    #[default]
    Release,
    /// They are made anew from what their parties offered, at another gateway or at the same after
    /// its restart; where there is none, they leave.
    Recreate,
}

/// The rules of a Seg.
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SegPolicy {
    /// Whether only supervisors are to see it.
    pub private: bool,
    /// What its CreateSegRes says.
    pub confirm: Confirm,
    /// Whether its Legs hear the main Seg, which does not hear them. Only in a Call of separation
    /// topology.
    pub listen_main: bool,
    /// When it closes by itself.
    pub auto_close: AutoClose,
    /// Whether nobody may enter. Legs may leave, and a Leg whose move fails is back in it.
    pub locked: bool,
    /// Who may enter.
    pub may_join: Who,
    /// Who may bring others in.
    pub may_invite: Who,
    /// How much there may be in it.
    pub limits: SegLimits,
}

/// What it takes for a Seg to stand.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Confirm {
    /// That the controller has reserved it: its Context is made by the first Leg, and dies with the
    /// last.
    #[default]
    Reserved,
    /// That the media server has made its Context, which a holder keeps open while it is empty.
    MediaServer,
}

/// What a Leg is in its Call.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Role {
    /// One that hears its Seg and is heard there.
    #[default]
    Member,
    /// One that hears its Seg and is not heard; the Seg is told of as supervised.
    Supervisor,
}

/// What a Call is made with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NewCall {
    /// How its Segs are kept apart.
    pub separation: Separation,
    /// What becomes of its Legs when their gateway is lost.
    pub on_gateway_loss: OnGatewayLoss,
    /// What it takes for the Call with its main Seg to stand.
    pub confirm: Confirm,
    /// How much there may be in it.
    pub limits: CallLimits,
    /// Which of its members may make Segs.
    pub may_create: Who,
    /// Whether it is told when its members talk, where their gateway can tell.
    pub talking: bool,
}
