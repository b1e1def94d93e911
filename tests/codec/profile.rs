//! What the suites provision: the names that the reference's binary examples use.

use codec_h248::{
    Name,
    binary::{BinaryProfile, TerminationKind, TerminationLevels},
};

/// Three levels of an octet; kinds of Terminations by number; digit maps 1 to 9. Numbers of `rtp`
/// have so many digits.
pub(crate) fn provisioned(rtp_digits: usize) -> BinaryProfile {
    let mut kinds: Vec<_> = [("tdm", 1), ("rtp", 2), ("line", 3), ("card1", 4)]
        .map(|(name, number)| TerminationKind::new(name, number))
        .into();
    kinds[1].digits = rtp_digits;
    let digit_maps = (1..10).map(|n| (Name::from(format!("dialplan{n}")), n));
    BinaryProfile {
        terminations: TerminationLevels::new(vec![8, 8, 8], kinds).expect("the levels make sense"),
        digit_maps: digit_maps.collect(),
        ..BinaryProfile::default()
    }
}
