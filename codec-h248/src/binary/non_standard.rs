//! Data outside the standard (H.248.1 Annex A.2 `NonStandardData`).

use std::borrow::Cow;

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, leaf},
};
use crate::{
    Expected,
    descriptor::{NonStandardData, NonStandardIdentifier},
};

/// Characters of `experimental`.
pub(super) const EXPERIMENTAL: usize = 8;

/// `NonStandardData`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<NonStandardData<'a>, BerError> {
    let identifier = r.mandatory(0, "nonStandardIdentifier", identifier)?;
    let data = r.octets(1, "data")?;
    Ok(NonStandardData { identifier, data })
}

/// `NonStandardIdentifier`
fn identifier<'a>(r: &mut BerReader<'a>) -> Result<NonStandardIdentifier<'a>, BerError> {
    match r.alternative() {
        Some(0) => r.octets(0, "object").map(NonStandardIdentifier::Object),
        Some(1) => r.mandatory(1, "h221NonStandard", h221),
        Some(2) => r
            .mandatory(2, "experimental", experimental)
            .map(NonStandardIdentifier::Experimental),
        Some(_) | None => Err(r.wrong(Expected::Rule("NonStandardIdentifier"))),
    }
}

/// `H221NonStandard`
fn h221<'a>(r: &mut BerReader<'a>) -> Result<NonStandardIdentifier<'a>, BerError> {
    let country_1 = r.unsigned(0, "t35CountryCode1")?;
    let country_2 = r.unsigned(1, "t35CountryCode2")?;
    let extension = r.unsigned(2, "t35Extension")?;
    let manufacturer = r.unsigned(3, "manufacturerCode")?;
    r.extensions(3)?;
    Ok(NonStandardIdentifier::H221 {
        country_1,
        country_2,
        extension,
        manufacturer,
    })
}

fn experimental<'a>(r: &mut BerReader<'a>) -> Result<Cow<'a, str>, BerError> {
    let start = r.offset();
    let name = leaf::text(r)?;
    if name.len() != EXPERIMENTAL {
        return Err(r.wrong_since(start, Expected::Rule("experimental of 8 characters")));
    }
    Ok(name)
}

/// `NonStandardData`
pub(super) fn write(w: &mut BerWriter<'_>, data: &NonStandardData<'_>) {
    w.octets(1, &data.data);
    w.constructed(0, "nonStandardIdentifier", |w| {
        write_identifier(w, &data.identifier);
    });
}

/// `NonStandardIdentifier`
fn write_identifier(w: &mut BerWriter<'_>, identifier: &NonStandardIdentifier<'_>) {
    match identifier {
        NonStandardIdentifier::Object(octets) => w.octets(0, octets),
        NonStandardIdentifier::H221 {
            country_1,
            country_2,
            extension,
            manufacturer,
        } => w.constructed(1, "h221NonStandard", |w| {
            w.extensions();
            w.unsigned(3, *manufacturer);
            w.unsigned(2, *extension);
            w.unsigned(1, *country_2);
            w.unsigned(0, *country_1);
        }),
        NonStandardIdentifier::Experimental(name) => {
            if name.len() != EXPERIMENTAL {
                w.fail(Unsayable::Value(
                    "experimental identifier",
                    name.to_string(),
                ));
            }
            w.text(2, name);
        }
    }
}
