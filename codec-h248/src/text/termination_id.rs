//! Termination ids and lists of them (H.248.1 Annex B.2 `TerminationID`, `termIDList`).

use super::{error::Read, form::Form, lex::path, reader::Reader, write::Writer};
use crate::TerminationId;

/// `TerminationID`
#[inline]
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, TerminationId<'a>> {
    let found = r.take(|i| path(i, "TerminationID"))?;
    Ok(TerminationId::from_name(r.text(found)))
}

/// `termIDList`, which the grammar has with two or more in brackets.
pub(super) fn read_list<'a>(r: &mut Reader<'a>) -> Read<'a, Vec<TerminationId<'a>>> {
    let at = r.rest();
    if !r.take_if(b'[') {
        return Ok(vec![read(r)?]);
    }
    let list = r.list_until(b']', read)?;
    if list.len() == 1 {
        r.takes(
            at,
            "termIDList",
            "a list of one, where two or more are wanted",
        );
    }
    Ok(list)
}

/// `termIDList`
pub(super) fn write_list(w: &mut Writer<'_, impl Form>, ids: &[TerminationId<'_>]) {
    let several = ids.len() > 1;
    if several {
        w.either("[ ", "[");
    }
    w.run(ids, |w, id| w.text(id.as_str()));
    if several {
        w.either(" ]", "]");
    }
}
