//! What a Call and its Segs are made with.

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
}

/// What a Call is made with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NewCall {
    /// How its Segs are kept apart.
    pub separation: Separation,
    /// What becomes of its Legs when their gateway is lost.
    pub on_gateway_loss: OnGatewayLoss,
}
