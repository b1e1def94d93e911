//! Termination ids and lists of them (H.248.1 Annex B.2 `TerminationID`, `termIDList`).

use super::{
    error::Read,
    form::Form,
    lex::path,
    reader::{Reader, add, push},
    write::Writer,
};
use crate::{List, TerminationId};

/// `TerminationID`
#[inline(always)]
fn name<'a>(r: &mut Reader<'a>) -> Read<'a, &'a str> {
    let found = r.take(|i| path(i, "TerminationID"))?;
    Ok(r.text(found))
}

/// `TerminationID`
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, TerminationId<'a>> {
    Ok(TerminationId::from_name(name(r)?))
}

/// `termIDList`, which the grammar has with two or more in brackets.
pub(super) fn read_list<'a>(
    r: &mut Reader<'a>,
    list: &mut List<TerminationId<'a>>,
) -> Read<'a, ()> {
    let at = r.rest();
    if !r.take_if(b'[') {
        let only = name(r)?;
        add(list, || TerminationId::from_name(only));
        return Ok(());
    }
    r.each_until(b']', |r| push(list, read(r)))?;
    if list.len() == 1 {
        r.takes(
            at,
            "termIDList",
            "a list of one, where two or more are wanted",
        );
    }
    Ok(())
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
