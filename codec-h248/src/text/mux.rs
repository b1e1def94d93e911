//! Mux (H.248.1 Annex B.2 `muxDescriptor`).

use std::borrow::Cow;

use super::{
    error::{Parsed, fail},
    lex::{equal, is_extension, is_name, text, word},
    reading::Reading,
    termination_id,
    token::Token,
    write::Writer,
};
use crate::descriptor::MuxDescriptor;

/// `muxDescriptor` behind its keyword. Types that no version knows are kept too.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'_>) -> Parsed<'a, MuxDescriptor<'a>> {
    let (i, ()) = equal(i)?;
    let (rest, mux_type) = type_name(i, "MuxType")?;
    let (rest, terminations) = reading.list(rest, termination_id::read)?;
    let mux = MuxDescriptor {
        mux_type,
        terminations,
    };
    Ok((rest, mux))
}

/// The name of a type, or an `extensionParameter`.
pub(super) fn type_name<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, Cow<'a, str>> {
    let (rest, found) = word(i, rule)?;
    if !is_name(found) && !is_extension(found) {
        return fail(i, rule);
    }
    Ok((rest, Cow::Borrowed(text(found))))
}

/// `muxDescriptor`
pub(super) fn write(w: &mut Writer<'_>, mux: &MuxDescriptor<'_>) {
    w.pair(Token::Mux, &mux.mux_type);
    w.block(&mux.terminations, |w, id| w.text(id.as_str()));
}
