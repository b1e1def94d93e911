//! Mux (H.248.1 Annex B.2 `muxDescriptor`).

use std::borrow::Cow;

use super::{
    error::{Parsed, fail},
    lex::{equal, is_extension, word},
    reading::Reading,
    termination_id,
    token::Token,
    write::Writer,
};
use crate::descriptor::{MuxDescriptor, MuxType};
use crate::name::is_name;

/// `MuxType`, but for extensions.
const TYPES: &[(Token, MuxType<'static>)] = &[
    (Token::H221, MuxType::H221),
    (Token::H223, MuxType::H223),
    (Token::H226, MuxType::H226),
    (Token::V76, MuxType::V76),
    (Token::Nx64k, MuxType::Nx64k),
];

/// `muxDescriptor` behind its keyword. Types that no version knows are kept too.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MuxDescriptor<'a>> {
    let (i, ()) = equal(i)?;
    let (rest, found) = type_name(i, "MuxType", reading)?;
    let (rest, terminations) = reading.list(rest, |i| termination_id::read(i, reading))?;
    let mux = MuxDescriptor {
        mux_type: named(TYPES, &found).unwrap_or(MuxType::Extension(found)),
        terminations,
        non_standard: None,
    };
    Ok((rest, mux))
}

/// The type of this keyword.
pub(super) fn named<T: Clone>(types: &[(Token, T)], found: &str) -> Option<T> {
    let token = Token::read(found.as_bytes())?;
    let known = types.iter().find(|(candidate, _)| *candidate == token);
    known.map(|(_, known)| known.clone())
}

/// The name of a type, or an `extensionParameter`.
pub(super) fn type_name<'a>(
    i: &'a [u8],
    rule: &'static str,
    reading: &Reading<'a>,
) -> Parsed<'a, Cow<'a, str>> {
    let (rest, found) = word(i, rule)?;
    if !is_name(found) && !is_extension(found) {
        return fail(i, rule);
    }
    Ok((rest, Cow::Borrowed(reading.text(found))))
}

/// `muxDescriptor`
pub(super) fn write(w: &mut Writer<'_>, mux: &MuxDescriptor<'_>) {
    w.key(Token::Mux);
    if let MuxType::Extension(name) = &mux.mux_type {
        w.text(name);
    } else {
        w.named(TYPES, &mux.mux_type);
    }
    w.block(&mux.terminations, |w, id| w.text(id.as_str()));
}
