//! Termination ids and lists of them (H.248.1 Annex B.2 `TerminationID`, `termIDList`).

use super::{error::Parsed, lex::path, reading::Reading, write::Writer};
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
    reading.one_or_list(i, "termIDList", |i| read(i, reading))
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
