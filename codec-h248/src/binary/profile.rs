//! What two sides that speak binary have agreed on.

use std::borrow::Cow;

use super::naming::{TerminationLevels, number};
use crate::{Name, package::PackageRegistry};

/// What two sides have agreed on: which numbers stand for which names.
///
/// The default has the packages of the standards, no levels and no digit maps: Terminations are then
/// called by the octets of their names, and digit maps by numbers.
#[derive(Clone, Debug, Default)]
pub struct BinaryProfile {
    /// The packages whose names, items and types are known.
    pub packages: PackageRegistry,
    /// How the names of Terminations lie in their ids.
    pub terminations: TerminationLevels,
    /// Digit maps by name, each with its number (`DigitMapName` of Annex A.2). A number that is not
    /// here is the name `id_0001`.
    pub digit_maps: Vec<(Name<'static>, u16)>,
}

impl BinaryProfile {
    /// The standard packages, and nothing agreed on.
    pub(super) const NOTHING: Self = Self {
        packages: PackageRegistry::standard(),
        terminations: TerminationLevels::NONE,
        digit_maps: Vec::new(),
    };

    /// The number of a digit map.
    pub(super) fn digit_map_number(&self, name: &Name<'_>) -> Option<u16> {
        let mut known = self.digit_maps.iter();
        known
            .find(|(candidate, _)| candidate == name)
            .map(|&(_, number)| number)
            .or_else(|| number::read(name.as_str()))
    }

    /// The name of a digit map.
    pub(super) fn digit_map_name(&self, number: u16) -> Name<'_> {
        let mut known = self.digit_maps.iter();
        known
            .find(|(_, candidate)| *candidate == number)
            .map_or_else(
                || Name::from(number::name(number)),
                |(name, _)| Name::from(Cow::Borrowed(name.as_str())),
            )
    }
}
