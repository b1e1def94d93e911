//! The Error descriptor (H.248.1 Annex B.2 `errorDescriptor`).

use super::{
    error::{Parsed, fail},
    lex::{equal, lwsp, next_is, quoted_string, sign, uint16},
    reading::Reading,
    token::Token,
    write::Writer,
};
use crate::descriptor::{ErrorCode, ErrorDescriptor};

/// `errorDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ErrorDescriptor<'a>> {
    let (i, ()) = equal(i)?;
    let (rest, code) = uint16(i, "ErrorCode")?;
    if code > 9999 {
        return fail(i, "ErrorCode");
    }
    let (rest, ()) = sign(rest, b'{', "LBRKT")?;
    let (rest, text) = if next_is(rest, b'}') {
        (lwsp(&rest[1..]), None)
    } else {
        let (rest, text) = quoted_string(rest, reading)?;
        let (rest, ()) = sign(rest, b'}', "RBRKT")?;
        (rest, Some(text))
    };
    let code = ErrorCode(code);
    Ok((rest, ErrorDescriptor { code, text }))
}

/// `errorDescriptor`
pub(super) fn write(w: &mut Writer<'_>, error: &ErrorDescriptor<'_>) {
    w.pair(Token::Error, error.code);
    match &error.text {
        Some(text) => {
            w.either(" { ", "{");
            w.quoted(text);
            w.either(" }", "}");
        }
        None => w.either(" { }", "{}"),
    }
}
