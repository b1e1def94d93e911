//! Modem (H.248.1 Annex A.2 `ModemDescriptor`, deprecated by version 3).

use super::{
    ber::{BerError, BerReader, BerWriter, Tag},
    mux::{kind, write_unknown},
    non_standard, property,
};
use crate::descriptor::{ModemDescriptor, ModemType};

/// `ModemType`
const TYPES: &[(u32, ModemType<'static>)] = &[
    (0, ModemType::V18),
    (1, ModemType::V22),
    (2, ModemType::V22bis),
    (3, ModemType::V32),
    (4, ModemType::V32bis),
    (5, ModemType::V34),
    (6, ModemType::V90),
    (7, ModemType::V91),
    (8, ModemType::SynchIsdn),
];

/// `ModemDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<ModemDescriptor<'a>, BerError> {
    let types = r.mandatory(0, "mtl", |r| {
        r.each(|r| {
            r.element(Tag::ENUMERATED, "ModemType", |r| {
                kind(r, TYPES, ModemType::Extension)
            })
        })
    })?;
    let properties = r.mandatory(1, "mpl", property::read_list)?;
    let non_standard = r.optional(2, "nonStandardData", non_standard::read)?;
    Ok(ModemDescriptor {
        types,
        properties,
        non_standard: non_standard.map(Box::new),
    })
}

/// `ModemDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, modem: &ModemDescriptor<'_>) {
    if let Some(data) = &modem.non_standard {
        w.constructed(2, "nonStandardData", |w| non_standard::write(w, data));
    }
    w.constructed(1, "mpl", |w| property::write_list(w, &modem.properties));
    w.constructed(0, "mtl", |w| w.each(&modem.types, write_type));
}

/// `ModemType`
fn write_type(w: &mut BerWriter<'_>, modem_type: &ModemType<'_>) {
    let known = TYPES.iter().find(|(_, known)| known == modem_type);
    match (known, modem_type) {
        (None, ModemType::Extension(name)) => {
            write_unknown(w, Tag::ENUMERATED, "ModemType", TYPES, name);
        }
        (Some((number, _)), _) => w.unsigned(Tag::ENUMERATED, *number),
        (
            None,
            ModemType::V18
            | ModemType::V22
            | ModemType::V22bis
            | ModemType::V32
            | ModemType::V32bis
            | ModemType::V34
            | ModemType::V90
            | ModemType::V91
            | ModemType::SynchIsdn,
        ) => {}
    }
}
