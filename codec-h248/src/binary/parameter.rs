//! Parameters of events and signals (H.248.1 Annex A.2 `EventParameter`, `SigParameter`).

use super::{
    ber::{BerError, BerReader, BerWriter, Tag},
    package_item::{self, Item},
    value::{self, Alternatives},
};
use crate::descriptor::NamedParameter;

/// `SEQUENCE OF EventParameter`, `SEQUENCE OF SigParameter`
pub(super) fn read_list<'a>(
    r: &mut BerReader<'a>,
    item: Item<'a>,
) -> Result<Vec<NamedParameter<'a>>, BerError> {
    r.each_into(|r, list| read(r, item, |parameter| list.push(parameter)))
}

/// `EventParameter`, `SigParameter`, a whole element, which `put` puts in its place.
#[inline]
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    item: Item<'a>,
    put: impl FnOnce(NamedParameter<'a>),
) -> Result<(), BerError> {
    r.element(Tag::SEQUENCE, "EventParameter", |r| {
        let (name, kind) = package_item::read_parameter(r, item)?;
        let value = value::read_parm(r, kind)?;
        put(NamedParameter { name, value });
        r.extensions(2)
    })
}

/// `SEQUENCE OF EventParameter`, `SEQUENCE OF SigParameter`
pub(super) fn write_list(w: &mut BerWriter<'_>, item: Item<'_>, parameters: &[NamedParameter<'_>]) {
    w.each_sequence(parameters, |w, parameter| write(w, item, parameter));
}

/// `EventParameter`, `SigParameter`
pub(super) fn write(w: &mut BerWriter<'_>, item: Item<'_>, parameter: &NamedParameter<'_>) {
    let (number, typed) = package_item::find_parameter(w, item, &parameter.name);
    w.extensions();
    value::write_parm(w, &typed, &parameter.value, Alternatives::Unsaid);
    w.octets(0, &number);
}
