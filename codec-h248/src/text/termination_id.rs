//! Termination ids and lists of them (H.248.1 Annex B.2 `TerminationID`, `termIDList`).

use super::{
    error::{Read, fail},
    form::Form,
    lex::{lwsp, path_length},
    reader::{Reader, add, push},
    write::Writer,
};
use crate::{List, TerminationId};

/// `TerminationID`
#[inline(always)]
fn name<'a>(r: &mut Reader<'a>) -> Read<'a, &'a str> {
    let at = r.rest();
    let (name, rest) = at.split_at(path_length(at));
    if name.is_empty() {
        return fail(at, "TerminationID");
    }
    r.go_to(lwsp(rest));
    Ok(r.text(name))
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
    if r.next_is(b'[') {
        return bracketed(r, list);
    }
    let only = name(r)?;
    add(list, || TerminationId::from_name(only));
    Ok(())
}

/// A list in brackets.
#[inline(never)]
fn bracketed<'a>(r: &mut Reader<'a>, list: &mut List<TerminationId<'a>>) -> Read<'a, ()> {
    let at = r.rest();
    r.sign(b'[', "LSBRKT")?;
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
