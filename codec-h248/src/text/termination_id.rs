//! Termination ids and lists of them (H.248.1 Annex B.2 `TerminationID`, `termIDList`).

use super::{
    error::Parsed,
    lex::{lwsp, next_is, path},
    reading::Reading,
    write::Writer,
};
use crate::TerminationId;

/// `TerminationID`
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, TerminationId<'a>> {
    let (rest, found) = path(i, "TerminationID")?;
    Ok((rest, TerminationId::from_name(reading.text(found))))
}

/// `termIDList`
pub(super) fn read_list<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Vec<TerminationId<'a>>> {
    if next_is(i, b'[') {
        return reading.list_until(lwsp(&i[1..]), b']', |i| read(i, reading));
    }
    let (rest, id) = read(i, reading)?;
    Ok((rest, vec![id]))
}

/// `termIDList`
pub(super) fn write_list(w: &mut Writer<'_>, ids: &[TerminationId<'_>]) {
    let several = ids.len() > 1;
    if several {
        w.either("[ ", "[");
    }
    w.run(ids, |w, id| w.text(id.as_str()));
    if several {
        w.either(" ]", "]");
    }
}
