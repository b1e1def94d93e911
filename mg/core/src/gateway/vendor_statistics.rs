//! Statistics of packages of vendors: they are kept, returned and emptied as all are, and nothing counts
//! here (H.248.1 7.1.15, 12).

use codec_h248::{
    PackageItem, Value,
    descriptor::{Statistic, StatisticValue},
    package::{ItemDetails, ItemKind, PackageDefinition, PackageRegistry, ValueForm, ValueType},
};

use super::statistics::NAMES;

/// Statistics of vendors at most: which are kept of a Termination is a bit each, beside the eight of
/// nt and rtp.
pub const VENDOR_STATISTICS_MAX: usize = 56;

/// The statistics of all packages of vendors.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Vendors {
    /// Each with what it is where nothing has happened.
    pub(super) zeros: Vec<Statistic<'static>>,
    /// Those that a package has of its base, and their places.
    inherited: Vec<(PackageItem<'static>, usize)>,
}

impl Vendors {
    /// Takes a package that is in the registry, after its base. What is over the most is left out: who
    /// read the package has refused it.
    pub(crate) fn add(&mut self, registry: &PackageRegistry, package: &PackageDefinition) {
        for item in package.items_of(ItemKind::Statistic) {
            if let ItemDetails::Statistic { form } = &item.details
                && self.zeros.len() < VENDOR_STATISTICS_MAX
            {
                self.zeros.push(Statistic {
                    name: named(package, &item.name),
                    value: zero(form),
                });
            }
        }
        let extended = |package: &PackageDefinition| registry.package(package.extends.as_ref()?);
        for base in std::iter::successors(extended(package), |base| extended(base)) {
            for item in base.items_of(ItemKind::Statistic) {
                if let Some(place) = self.place(&named(base, &item.name)) {
                    self.inherited.push((named(package, &item.name), place));
                }
            }
        }
    }

    /// The place of a statistic among all, those of the tables before them.
    pub(super) fn place(&self, name: &PackageItem<'_>) -> Option<usize> {
        let own = self.zeros.iter().position(|one| one.name == *name);
        let inherited = || self.inherited.iter().find(|(one, _)| one == name);
        let of_tables = || {
            let mut names = NAMES.iter();
            names.position(|(package, item)| name.is(package, item))
        };
        own.map(|place| NAMES.len() + place)
            .or_else(|| inherited().map(|(_, place)| *place))
            .or_else(of_tables)
    }
}

fn named(package: &PackageDefinition, item: &str) -> PackageItem<'static> {
    PackageItem {
        package: package.name.to_string().into(),
        item: item.to_owned().into(),
    }
}

/// What a statistic is where nothing has happened; a list, or a value of a type without a zero, is only
/// named.
fn zero(form: &ValueForm) -> Option<StatisticValue<'static>> {
    let text = match &form.value_type {
        ValueType::Integer | ValueType::Double | ValueType::Unsigned => {
            let (low, high) = form.bounds.unwrap_or((0, 0));
            0.clamp(low, high.max(low)).to_string()
        }
        ValueType::Boolean => "off".to_owned(),
        ValueType::String
        | ValueType::Character
        | ValueType::Enumeration(_)
        | ValueType::OctetString
        | ValueType::PackageItemName
        | ValueType::ToneId => return None,
    };
    (!form.is_list).then(|| StatisticValue::One(Value::bare(text)))
}
