//! Names of packages, their items and the parameters of these (H.248.1 Annex A.2 `PkgdName`,
//! `Name`): numbers by the tables of packages. What these do not know is named by its number,
//! `id_8123/id_0001`; what they know has no other name than theirs.

use std::borrow::Cow;

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, Tag, leaf},
    kind::Kind,
    naming::number,
    typed::Typed,
};
pub(super) use crate::package::ItemKind;
use crate::{
    Name, PackageItem,
    package::{ItemDefinition, PackageDefinition, PackageRegistry},
};

/// The number that stands for all.
const ALL: u16 = 0xffff;
/// The sign that stands for all.
const ALL_SIGN: &str = "*";

/// What the tables know of an item.
#[derive(Clone, Copy)]
pub(super) struct Item<'p> {
    packages: &'p PackageRegistry,
    package: u16,
    definition: Option<&'p ItemDefinition>,
}

impl<'p> Item<'p> {
    /// The kind of its value.
    pub(super) fn value_kind(self) -> Kind<'p> {
        self.definition.map_or(Kind::Unknown, |item| {
            Kind::of_item(item, self.package, self.packages)
        })
    }
}

/// `PkgdName`, a component of that number and name.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    tag: u8,
    component: &'static str,
    kind: ItemKind,
) -> Result<(PackageItem<'a>, Item<'a>), BerError> {
    let [a, b, c, d] = r.array(tag, component)?;
    let (package, item) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    Ok(name(&r.profile().packages, kind, package, item))
}

/// The name of an item, and what is known of it.
pub(super) fn name(
    packages: &PackageRegistry,
    kind: ItemKind,
    package: u16,
    item: u16,
) -> (PackageItem<'_>, Item<'_>) {
    let known = packages.package_by_id(package);
    let definition = known.and_then(|package| packages.item_of_by_id(package, kind, item));
    let package_name = match known {
        Some(known) => Cow::Borrowed(known.name.as_ref()),
        None if (package, item) == (ALL, ALL) => Cow::Borrowed(ALL_SIGN),
        None => Cow::Owned(number::name(package)),
    };
    let item_name = match definition {
        Some(definition) => Cow::Borrowed(definition.name.as_ref()),
        None if item == ALL => Cow::Borrowed(ALL_SIGN),
        None => Cow::Owned(number::name(item)),
    };
    let name = PackageItem {
        package: package_name,
        item: item_name,
    };
    let item = Item {
        packages,
        package,
        definition,
    };
    (name, item)
}

/// The name of a parameter, the first component of its SEQUENCE, and the kind of its value.
pub(super) fn read_parameter<'a>(
    r: &mut BerReader<'a>,
    item: Item<'a>,
) -> Result<(Name<'a>, Kind<'a>), BerError> {
    let id = r.array(0, "eventParameterName")?;
    let id = u16::from_be_bytes(id);
    let known = item
        .definition
        .and_then(|definition| definition.parameter_by_id(id));
    Ok(match known {
        Some(parameter) => (
            Name::from(parameter.name.as_ref()),
            Kind::of(&parameter.form, item.package),
        ),
        None => (Name::from(number::name(id)), Kind::Unknown),
    })
}

/// The name of a package.
pub(super) fn read_package<'a>(r: &mut BerReader<'a>) -> Result<Name<'a>, BerError> {
    let id = leaf::array(r).map(u16::from_be_bytes)?;
    Ok(match r.profile().packages.package_by_id(id) {
        Some(package) => Name::from(package.name.as_ref()),
        None => Name::from(number::name(id)),
    })
}

/// The number of an item, and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Found<'p> {
    pub(super) number: [u8; 4],
    pub(super) item: Item<'p>,
}

impl<'p> Found<'p> {
    /// How the values of the item of that name are written.
    pub(super) fn typed<'t>(&self, name: &'t PackageItem<'_>) -> Typed<'t>
    where
        'p: 't,
    {
        Typed::new(self.item.value_kind(), name)
    }

    /// `PkgdName`
    pub(super) fn write(&self, w: &mut BerWriter<'_>, tag: impl Into<Tag>) {
        w.octets(tag, &self.number);
    }
}

/// The number of an item.
pub(super) fn find<'w>(w: &mut BerWriter<'w>, kind: ItemKind, name: &PackageItem<'_>) -> Found<'w> {
    let packages = &w.profile().packages;
    known(packages, kind, &name.package, &name.item).unwrap_or_else(|| {
        w.fail(Unsayable::Name(kind.as_str(), name.to_string()));
        found(packages, [0, 0], None)
    })
}

/// The number of an item, where it has one.
pub(super) fn known<'p>(
    packages: &'p PackageRegistry,
    kind: ItemKind,
    package: &str,
    item: &str,
) -> Option<Found<'p>> {
    if package == ALL_SIGN {
        return (item == ALL_SIGN).then(|| found(packages, [ALL, ALL], None));
    }
    let (id, package) = package_of(packages, package)?;
    if item == ALL_SIGN {
        return Some(found(packages, [id, ALL], None));
    }
    let by_name = package.and_then(|package| packages.item_of(package, kind, item));
    if let Some(definition) = by_name {
        return Some(found(packages, [id, definition.id], by_name));
    }
    let number = number::read(item).filter(|&number| number != ALL)?;
    let by_number = package.and_then(|package| packages.item_of_by_id(package, kind, number));
    by_number
        .is_none()
        .then(|| found(packages, [id, number], None))
}

/// The number of a package, and what is known of it.
fn package_of<'p>(
    packages: &'p PackageRegistry,
    name: &str,
) -> Option<(u16, Option<&'p PackageDefinition>)> {
    if let Some(package) = packages.package(name) {
        return Some((package.id, Some(package)));
    }
    let number = number::read(name).filter(|&number| number != ALL)?;
    let known = packages.package_by_id(number).is_some();
    (!known).then_some((number, None))
}

fn found<'p>(
    packages: &'p PackageRegistry,
    [package, item]: [u16; 2],
    definition: Option<&'p ItemDefinition>,
) -> Found<'p> {
    let ([a, b], [c, d]) = (package.to_be_bytes(), item.to_be_bytes());
    Found {
        number: [a, b, c, d],
        item: Item {
            packages,
            package,
            definition,
        },
    }
}

/// `PkgdName`, where nothing more is to be known of the item.
pub(super) fn write(
    w: &mut BerWriter<'_>,
    tag: impl Into<Tag>,
    kind: ItemKind,
    name: &PackageItem<'_>,
) {
    find(w, kind, name).write(w, tag);
}

/// The number of a parameter, and how its values are written.
pub(super) fn find_parameter<'t>(
    w: &mut BerWriter<'_>,
    item: Item<'t>,
    name: &'t Name<'_>,
) -> ([u8; 2], Typed<'t>) {
    let definition = item.definition;
    let by_name = definition.and_then(|definition| definition.parameter(name.as_str()));
    if let Some(parameter) = by_name {
        let kind = Kind::of(&parameter.form, item.package);
        return (parameter.id.to_be_bytes(), Typed::new(kind, name));
    }
    let is_known = |id| definition.is_some_and(|known| known.parameter_by_id(id).is_some());
    let number = number::read(name.as_str()).filter(|&number| !is_known(number));
    if number.is_none() {
        w.fail(Unsayable::Name("parameter", name.as_str().to_owned()));
    }
    let number = number.unwrap_or_default().to_be_bytes();
    (number, Typed::new(Kind::Unknown, name))
}

/// The name of a package.
pub(super) fn write_package(w: &mut BerWriter<'_>, tag: impl Into<Tag>, name: &Name<'_>) {
    match package_of(&w.profile().packages, name.as_str()) {
        Some((id, _)) => w.octets(tag, &id.to_be_bytes()),
        None => w.fail(Unsayable::Name("package", name.as_str().to_owned())),
    }
}
