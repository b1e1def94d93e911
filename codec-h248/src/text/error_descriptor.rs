//! The Error descriptor (H.248.1 Annex B.2 `errorDescriptor`).

use super::{
    error::{Read, fail},
    form::Form,
    reader::Reader,
    token::Token,
    write::Writer,
};
use crate::descriptor::{ErrorCode, ErrorDescriptor};

/// `errorDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, ErrorDescriptor<'a>> {
    r.equal()?;
    let at = r.rest();
    let code = r.uint16("ErrorCode")?;
    if code > 9999 {
        return fail(at, "ErrorCode");
    }
    r.open()?;
    let text = if r.next_is(b'}') {
        None
    } else {
        Some(r.quoted_string()?.into())
    };
    r.close()?;
    let code = ErrorCode(code);
    Ok(ErrorDescriptor { code, text })
}

/// `errorDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, error: &ErrorDescriptor<'_>) {
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
