//! Mux (H.248.1 Annex A.2 `MuxDescriptor`).

use std::borrow::Cow;

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    enumeration, non_standard, termination_id,
};
use crate::{
    List,
    descriptor::{MuxDescriptor, MuxType},
};

/// `MuxType`
const TYPES: &[(u32, MuxType<'static>)] = &[
    (0, MuxType::H221),
    (1, MuxType::H223),
    (2, MuxType::H226),
    (3, MuxType::V76),
    (4, MuxType::Nx64k),
];

/// `MuxDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<MuxDescriptor<'a>, BerError> {
    let mux_type = r.mandatory(0, "muxType", |r| kind(r, TYPES, MuxType::Extension))?;
    let mut terminations = List::new();
    r.mandatory(1, "termList", |r| {
        r.fill_sequences(
            "TerminationID",
            &mut terminations,
            termination_id::read_into,
        )
    })?;
    let non_standard = r.optional(2, "nonStandardData", non_standard::read)?;
    r.extensions(2)?;
    Ok(MuxDescriptor {
        mux_type,
        terminations,
        non_standard: non_standard.map(Box::new),
    })
}

/// ENUMERATED of a table; a number that is not in it is a type of the name `enum_5`.
pub(super) fn kind<T: Clone>(
    r: &mut BerReader<'_>,
    types: &[(u32, T)],
    unknown: fn(Cow<'static, str>) -> T,
) -> Result<T, BerError> {
    let number: u32 = leaf::unsigned(r)?;
    let known = types.iter().find(|(candidate, _)| *candidate == number);
    Ok(known.map_or_else(
        || unknown(enumeration::unknown_name(number.into()).into()),
        |(_, known)| known.clone(),
    ))
}

/// `MuxDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, mux: &MuxDescriptor<'_>) {
    w.extensions();
    if let Some(data) = &mux.non_standard {
        w.constructed(2, "nonStandardData", |w| non_standard::write(w, data));
    }
    w.constructed(1, "termList", |w| {
        termination_id::write_list(w, &mux.terminations);
    });
    if mux.mux_type == MuxType::Nx64k {
        w.since(2, "nx64k");
    }
    let known = TYPES.iter().find(|(_, known)| *known == mux.mux_type);
    match (known, &mux.mux_type) {
        (None, MuxType::Extension(name)) => write_unknown(w, 0, "MuxType", TYPES, name),
        (Some((number, _)), _) => w.unsigned(0, *number),
        (None, MuxType::H221 | MuxType::H223 | MuxType::H226 | MuxType::V76 | MuxType::Nx64k) => {}
    }
}

/// ENUMERATED that the table does not have, by the name that it is read as.
pub(super) fn write_unknown<T>(
    w: &mut BerWriter<'_>,
    tag: impl Into<Tag>,
    kind: &'static str,
    types: &[(u32, T)],
    name: &str,
) {
    let number = enumeration::unknown_number(name).and_then(|number| u32::try_from(number).ok());
    let is_known = |number| types.iter().any(|(known, _)| *known == number);
    match number.filter(|&number| !is_known(number)) {
        Some(number) => w.unsigned(tag, number),
        None => w.fail(Unsayable::Name(kind, name.to_owned())),
    }
}
