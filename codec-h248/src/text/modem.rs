//! Modem (H.248.1 Annex B.2 `modemDescriptor`).

use super::{
    error::Read,
    form::Form,
    mux::{named, type_name},
    reader::Reader,
    token::Token,
    value::{property, write_property},
    write::Writer,
};
use crate::descriptor::{ModemDescriptor, ModemType};

/// `modemType`, but for extensions.
const TYPES: &[(Token, ModemType<'static>)] = &[
    (Token::V18, ModemType::V18),
    (Token::V22, ModemType::V22),
    (Token::V22bis, ModemType::V22bis),
    (Token::V32, ModemType::V32),
    (Token::V32bis, ModemType::V32bis),
    (Token::V34, ModemType::V34),
    (Token::V90, ModemType::V90),
    (Token::V91, ModemType::V91),
    (Token::SynchIsdn, ModemType::SynchIsdn),
];

/// `modemDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, ModemDescriptor<'a>> {
    let types = if r.take_if(b'[') {
        r.list_until(b']', modem_type)?
    } else {
        r.equal()?;
        vec![modem_type(r)?]
    };
    Ok(ModemDescriptor {
        types,
        properties: r.list_if_any("modemDescriptor", property)?,
        non_standard: None,
    })
}

/// Whether the word is the keyword of a type.
pub(crate) fn is_modem_type(word: &str) -> bool {
    named(TYPES, word).is_some()
}

fn modem_type<'a>(r: &mut Reader<'a>) -> Read<'a, ModemType<'a>> {
    let found = type_name(r, "modemType")?;
    Ok(named(TYPES, &found).unwrap_or(ModemType::Extension(found)))
}

fn write_type(w: &mut Writer<'_, impl Form>, modem_type: &ModemType<'_>) {
    if let ModemType::Extension(name) = modem_type {
        w.text(name);
    } else {
        w.named(TYPES, modem_type);
    }
}

/// `modemDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, modem: &ModemDescriptor<'_>) {
    w.token(Token::Modem);
    match modem.types.as_slice() {
        [only] => {
            w.equal();
            write_type(w, only);
        }
        several => {
            w.sign(b'[');
            w.run(several, write_type);
            w.sign(b']');
        }
    }
    w.block_if_any(&modem.properties, write_property);
}
