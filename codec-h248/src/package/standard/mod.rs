//! The tables of packages: one family a file.

mod analog_line;
mod call_progress;
mod dtmf;
mod generic;
mod network;
mod root;
mod row;
mod tones;

use super::PackageDefinition;

/// All packages, by their binary ids.
static STANDARD: &[PackageDefinition] = &[
    generic::G,
    root::ROOT,
    tones::TONEGEN,
    tones::TONEDET,
    dtmf::DG,
    dtmf::DD,
    call_progress::CG,
    call_progress::CD,
    analog_line::AL,
    analog_line::CT,
    network::NT,
    network::RTP,
    network::TDMC,
];

pub(super) fn by_name(name: &str) -> Option<&'static PackageDefinition> {
    STANDARD
        .iter()
        .find(|package| package.name.eq_ignore_ascii_case(name))
}

pub(super) fn by_id(id: u16) -> Option<&'static PackageDefinition> {
    let place = STANDARD.binary_search_by_key(&id, |package| package.id);
    STANDARD.get(place.ok()?)
}
