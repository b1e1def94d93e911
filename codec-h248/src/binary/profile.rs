//! What two sides that speak binary have agreed on.

/// What two sides have agreed on: names that stand for numbers.
#[derive(Clone, Debug, Default)]
pub struct BinaryProfile {
    /// Digit maps by name, each with its number (`Name` of Annex A.2).
    pub digit_maps: Vec<(String, u16)>,
}
