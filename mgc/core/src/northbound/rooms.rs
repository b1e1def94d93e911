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

/// What a Call is made with.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct NewCall {
    /// How its Segs are kept apart.
    pub separation: Separation,
}
