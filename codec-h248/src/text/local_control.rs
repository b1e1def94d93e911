//! LocalControl (H.248.1 Annex B.2 `localControlDescriptor`).

use super::{
    error::Parsed,
    lex::equal,
    reading::{ON_OFF, Reading, choice, fill, flag, keyword, push},
    token::Token,
    value::{property, write_property},
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
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, LocalControlDescriptor<'a>> {
    let mut found = LocalControlDescriptor::default();
    let (rest, ()) = reading.each_or_none(i, "localControlDescriptor", |i| {
        let (after, token) = keyword(i, "localParm")?;
        match token {
            Some(Token::Mode) => fill(&mut found.mode, i, "streamMode", mode(after)),
            Some(Token::ReservedValue) => fill(
                &mut found.reserved_value,
                i,
                "reservedValueMode",
                flag(after),
            ),
            Some(Token::ReservedGroup) => fill(
                &mut found.reserved_group,
                i,
                "reservedGroupMode",
                flag(after),
            ),
            _ => push(&mut found.properties, property(i, reading)),
        }
    })?;
    Ok((rest, found))
}

fn mode(i: &[u8]) -> Parsed<'_, StreamMode> {
    let (i, ()) = equal(i)?;
    choice(i, "streamModes", MODES)
}

/// `localControlDescriptor`
pub(super) fn write(w: &mut Writer<'_>, local_control: &LocalControlDescriptor<'_>) {
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
