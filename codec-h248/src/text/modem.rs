//! Modem (H.248.1 Annex B.2 `modemDescriptor`).

use super::{
    error::Parsed,
    lex::{equal, lwsp, next_is},
    mux::type_name,
    reading::Reading,
    token::Token,
    value::{property, write_property},
    write::Writer,
};
use crate::descriptor::ModemDescriptor;

/// `modemDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'_>) -> Parsed<'a, ModemDescriptor<'a>> {
    let modem_type = |i| type_name(i, "modemType");
    let (rest, types) = if next_is(i, b'[') {
        reading.list_until(lwsp(&i[1..]), b']', modem_type)?
    } else {
        let (i, ()) = equal(i)?;
        let (rest, found) = modem_type(i)?;
        (rest, vec![found])
    };
    let (rest, properties) = reading.list_if_any(rest, |i| property(i, reading))?;
    Ok((rest, ModemDescriptor { types, properties }))
}

/// `modemDescriptor`
pub(super) fn write(w: &mut Writer<'_>, modem: &ModemDescriptor<'_>) {
    w.token(Token::Modem);
    match modem.types.as_slice() {
        [only] => {
            w.equal();
            w.text(only);
        }
        several => {
            w.text("[");
            w.run(several, |w, name| w.text(name));
            w.text("]");
        }
    }
    w.block_if_any(&modem.properties, write_property);
}
