//! The Error descriptor (H.248.1 Annex A.2 `ErrorDescriptor`).

use super::ber::{BerError, BerReader, BerWriter, leaf};
use crate::descriptor::{ErrorCode, ErrorDescriptor};

/// The text encoding has four digits for it.
const HIGHEST: u16 = 9999;

/// `ErrorDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<ErrorDescriptor<'a>, BerError> {
    let code = r.value(0, "errorCode", |r| leaf::within(r, 0..=HIGHEST))?;
    let text = r.optional_value(1, "errorText", leaf::text)?;
    let code = ErrorCode(code);
    Ok(ErrorDescriptor { code, text })
}

/// `ErrorDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, error: &ErrorDescriptor<'_>) {
    if let Some(text) = &error.text {
        w.text(1, text);
    }
    w.unsigned(0, error.code.0);
}
