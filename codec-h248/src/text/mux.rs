//! Mux (H.248.1 Annex B.2 `muxDescriptor`).

use std::borrow::Cow;

use super::{
    error::{Read, fail},
    form::Form,
    lex::is_extension,
    reader::Reader,
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
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, MuxDescriptor<'a>> {
    r.equal()?;
    let found = type_name(r, "MuxType")?;
    Ok(MuxDescriptor {
        mux_type: named(TYPES, &found).unwrap_or(MuxType::Extension(found)),
        terminations: r.list(termination_id::read)?.into(),
        non_standard: None,
    })
}

/// Whether the word is the keyword of a type.
pub(crate) fn is_mux_type(word: &str) -> bool {
    named(TYPES, word).is_some()
}

/// The type of this keyword.
pub(super) fn named<T: Clone>(types: &[(Token, T)], found: &str) -> Option<T> {
    let token = Token::read(found.as_bytes())?;
    let known = types.iter().find(|(candidate, _)| *candidate == token);
    known.map(|(_, known)| known.clone())
}

/// The name of a type, or an `extensionParameter`.
pub(super) fn type_name<'a>(r: &mut Reader<'a>, rule: &'static str) -> Read<'a, Cow<'a, str>> {
    let at = r.rest();
    let found = r.word(rule)?;
    if !is_name(found) && !is_extension(found) {
        return fail(at, rule);
    }
    Ok(Cow::Borrowed(r.text(found)))
}

/// `muxDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, mux: &MuxDescriptor<'_>) {
    w.key(Token::Mux);
    if let MuxType::Extension(name) = &mux.mux_type {
        w.text(name);
    } else {
        w.named(TYPES, &mux.mux_type);
    }
    w.block(&mux.terminations, |w, id| w.text(id.as_str()));
}
