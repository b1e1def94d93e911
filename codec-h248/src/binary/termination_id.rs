//! Termination ids and lists of them (H.248.1 Annex A.1, A.2 `TerminationID`).

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    naming::{self, Few, MOST_FIELDS, MOST_OCTETS},
};
use crate::{Expected, List, TerminationId, list::Entries};

/// `TerminationID`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<TerminationId<'a>, BerError> {
    let mut id = TerminationId::ROOT;
    read_in_place(r, &mut id)?;
    Ok(id)
}

/// `TerminationID` to the list.
pub(super) fn read_into<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<TerminationId<'a>>,
) -> Result<(), BerError> {
    read_in_place(r, list.add(|| TerminationId::ROOT))
}

#[inline(always)]
fn read_in_place<'a>(r: &mut BerReader<'a>, place: &mut TerminationId<'a>) -> Result<(), BerError> {
    let fields = if r.nothing(0) {
        Few::NONE
    } else {
        r.mandatory(0, "wildcard", wildcards)?
    };
    let start = r.offset();
    let id = r.octets(1, "id")?;
    if id.is_empty() || id.len() > MOST_OCTETS {
        return Err(r.wrong_since(start, Expected::Rule("id of 1 to 8 octets")));
    }
    r.extensions(1)?;
    let levels = &r.profile().terminations;
    naming::name(levels, fields.as_slice(), id, place);
    Ok(())
}

/// `SEQUENCE OF WildcardField`
fn wildcards(r: &mut BerReader<'_>) -> Result<Few<MOST_FIELDS>, BerError> {
    let mut fields = Few::NONE;
    r.every(|r| {
        let [field] = r.element(Tag::OCTET_STRING, "WildcardField", leaf::array)?;
        let most = Expected::AtMost(MOST_FIELDS, "wildcard fields");
        fields.push(field).ok_or_else(|| r.wrong(most))
    })?;
    Ok(fields)
}

/// `TerminationIDList`
#[inline]
pub(super) fn read_list<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<TerminationId<'a>>,
) -> Result<(), BerError> {
    let start = r.offset();
    r.fill_sequences("TerminationID", list, |r, list| {
        read_in_place(r, list.add(|| TerminationId::ROOT))
    })?;
    if list.is_empty() {
        return Err(r.wrong_since(start, Expected::Rule("TerminationID")));
    }
    Ok(())
}

/// `TerminationID`
pub(super) fn write(w: &mut BerWriter<'_>, id: &TerminationId<'_>) {
    w.extensions();
    let Some(found) = naming::binary(&w.profile().terminations, id.as_str()) else {
        w.fail(Unsayable::Name("Termination", id.as_str().to_owned()));
        return;
    };
    w.octets(1, found.id.as_slice());
    w.constructed(0, "wildcard", |w| {
        w.each(found.fields.as_slice(), |w, field| {
            w.octets(Tag::OCTET_STRING, &[*field])
        });
    });
}

/// `TerminationIDList`
pub(super) fn write_list(w: &mut BerWriter<'_>, ids: &[TerminationId<'_>]) {
    w.each_sequence(ids, write);
}
