//! LocalControl (H.248.1 Annex B.2 `localControlDescriptor`).

use super::{
    error::Read,
    form::Form,
    reader::{ON_OFF, Reader, fill},
    token::Token,
    value::{property_into, write_property},
    write::Writer,
};
use crate::descriptor::{LocalControlDescriptor, StreamMode};

/// `streamModes`
pub(super) const MODES: &[(Token, StreamMode)] = &[
    (Token::SendOnly, StreamMode::SendOnly),
    (Token::ReceiveOnly, StreamMode::ReceiveOnly),
    (Token::SendReceive, StreamMode::SendReceive),
    (Token::Inactive, StreamMode::Inactive),
    (Token::Loopback, StreamMode::Loopback),
];

/// `localControlDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, LocalControlDescriptor<'a>> {
    let mut found = LocalControlDescriptor::default();
    r.each_or_none("localControlDescriptor", |r| parm(r, &mut found))?;
    Ok(found)
}

/// `localParm`
fn parm<'a>(r: &mut Reader<'a>, found: &mut LocalControlDescriptor<'a>) -> Read<'a, ()> {
    let at = r.rest();
    // So no keyword begins, but most names of properties.
    if r.begins_otherwise(b"MR") {
        return property_into(r, &mut found.properties);
    }
    match r.keyword("localParm")? {
        Some(Token::Mode) => {
            let mode = r.equal_choice("streamModes", MODES);
            fill(&mut found.mode, at, "streamMode", mode)
        }
        Some(Token::ReservedValue) => {
            fill(&mut found.reserved_value, at, "reservedValueMode", r.flag())
        }
        Some(Token::ReservedGroup) => {
            fill(&mut found.reserved_group, at, "reservedGroupMode", r.flag())
        }
        _ => {
            r.go_to(at);
            property_into(r, &mut found.properties)
        }
    }
}

/// `localControlDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, local_control: &LocalControlDescriptor<'_>) {
    w.token(Token::LocalControl);
    w.open();
    if let Some(mode) = local_control.mode {
        w.item();
        w.key(Token::Mode);
        w.choice(MODES, mode);
    }
    let flags = [
        (Token::ReservedValue, local_control.reserved_value),
        (Token::ReservedGroup, local_control.reserved_group),
    ];
    for (token, flag) in flags {
        if let Some(flag) = flag {
            w.item();
            w.key(token);
            w.choice(ON_OFF, flag);
        }
    }
    for property in &local_control.properties {
        w.item();
        write_property(w, property);
    }
    w.close();
}
