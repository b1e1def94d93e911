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
    r.each(|r| read(r, item))
}

/// `EventParameter`, `SigParameter`, a whole element.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    item: Item<'a>,
) -> Result<NamedParameter<'a>, BerError> {
    r.element(Tag::SEQUENCE, "EventParameter", |r| {
        let (name, kind) = package_item::read_parameter(r, item)?;
        let value = value::read_parm(r, kind)?;
        r.extensions(2)?;
        Ok(NamedParameter { name, value })
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
