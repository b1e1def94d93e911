//! Properties with their values (H.248.1 Annex A.2 `PropertyParm`, `IndAudPropertyParm`).

use super::{
    ber::{BerError, BerReader, BerWriter},
    package_item::{self, ItemKind},
    value::{self, Alternatives},
};
use crate::{PackageItem, PropertyParm};

/// `SEQUENCE OF PropertyParm`
pub(super) fn read_list<'a>(r: &mut BerReader<'a>) -> Result<Vec<PropertyParm<'a>>, BerError> {
    let mut list = Vec::new();
    r.fill_sequences("PropertyParm", &mut list, read)?;
    Ok(list)
}

/// `PropertyParm`, added to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut Vec<PropertyParm<'a>>,
) -> Result<(), BerError> {
    let (name, item) = package_item::read(r, 0, "name", ItemKind::Property)?;
    let value = value::read_parm(r, item.value_kind())?;
    list.push(PropertyParm { name, value });
    r.extensions(2)
}

/// `IndAudPropertyParm`: a property, and where its value selects, that value too.
pub(super) fn read_audited<'a>(
    r: &mut BerReader<'a>,
) -> Result<(PackageItem<'a>, Option<PropertyParm<'a>>), BerError> {
    let (name, _) = package_item::read(r, 0, "name", ItemKind::Property)?;
    let mut selector = Vec::new();
    r.optional(1, "propertyParms", |r| read(r, &mut selector))?;
    r.extensions(1)?;
    Ok((name, selector.pop()))
}

/// `SEQUENCE OF PropertyParm`
pub(super) fn write_list(w: &mut BerWriter<'_>, properties: &[PropertyParm<'_>]) {
    w.each_sequence(properties, write);
}

/// `PropertyParm`
pub(super) fn write(w: &mut BerWriter<'_>, property: &PropertyParm<'_>) {
    let found = package_item::find(w, ItemKind::Property, &property.name);
    w.extensions();
    let typed = found.typed(&property.name);
    value::write_parm(w, &typed, &property.value, Alternatives::Said);
    found.write(w, 0);
}

/// `IndAudPropertyParm`
pub(super) fn write_audited(
    w: &mut BerWriter<'_>,
    name: &PackageItem<'_>,
    selector: Option<&PropertyParm<'_>>,
) {
    let found = package_item::find(w, ItemKind::Property, name);
    w.extensions();
    if let Some(selector) = selector {
        w.since(3, "propertyParms");
        w.constructed(1, "propertyParms", |w| write(w, selector));
    }
    found.write(w, 0);
}
