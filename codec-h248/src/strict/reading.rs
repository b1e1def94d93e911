//! A reading that tells of spelling too.

use std::borrow::Cow;

use super::{Departure, Place, departures};
use crate::{DecodeError, Limits, Message, package::PackageRegistry, text};

/// Reads text as [`crate::decode`] does, and tells what of it departs from the standard: first how
/// it is spelled, then what it says.
///
/// ```
/// use codec_h248::{Limits, package::PackageRegistry, strict::decode_strict};
///
/// let octets = b"MEGACO/1 [192.0.2.1] Transaction=7{Context=0{Subtract=rtp/1}}";
/// let packages = PackageRegistry::standard();
/// let (_, found) = decode_strict(octets, &Limits::default(), &packages)?;
/// assert_eq!(
///     found[0].to_string(),
///     "octet 43: 0 for the null Context, which is - (ContextID, H.248.1 Annex B.2)"
/// );
/// # Ok::<(), codec_h248::DecodeError>(())
/// ```
pub fn decode_strict<'a>(
    octets: &'a [u8],
    limits: &Limits,
    packages: &PackageRegistry,
) -> Result<(Message<'a>, Vec<Departure>), DecodeError> {
    let (message, liberties) = text::decode_noting(octets, limits)?;
    let spelled = liberties.into_iter().map(|liberty| Departure {
        rule: liberty.rule,
        clause: "H.248.1 Annex B.2",
        text_only: true,
        what: Cow::Borrowed(liberty.what),
        place: Place::Octets(liberty.span),
    });
    let mut found: Vec<_> = spelled.collect();
    found.extend(departures(&message, packages));
    Ok((message, found))
}
