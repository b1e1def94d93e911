//! Whether a package may be added to those that are known (H.248.1 12).

use super::{
    EnumerationValue, ItemDefinition, ItemDetails, ItemKind, PackageDefinition, PackageError,
    PackageFault, PackageRegistry, ParameterDefinition, ValueForm, ValueType, words::is_name,
};

/// Ids of packages: 0000 is Annex C, FFFF is the wildcard.
const PACKAGE_IDS: (u16, u16) = (0x0001, 0xFFFE);

/// Ids of items: FFFF is the wildcard.
const ITEM_IDS: (u16, u16) = (0x0001, 0xFFFE);

/// Packages that extend each other in a line; an item is looked for in each.
const LONGEST_LINE: usize = 16;

const PARAMETER_IDS: (u16, u16) = (0x0001, 0xFFFF);

/// The words of the grammar, and their beginnings, that stand where the parameters of an event or
/// a signal stand (H.248.1 12.2).
struct Reserved {
    start: &'static str,
    words: &'static [&'static str],
}

const OF_EVENTS: Reserved = Reserved {
    start: "EPA",
    words: &[
        "ST",
        "Stream",
        "KA",
        "KeepActive",
        "EB",
        "Embed",
        "DM",
        "DigitMap",
    ],
};

const OF_SIGNALS: Reserved = Reserved {
    start: "SPA",
    words: &[
        "ST",
        "Stream",
        "SY",
        "SignalType",
        "DR",
        "Duration",
        "NC",
        "NotifyCompletion",
        "KA",
        "KeepActive",
    ],
};

impl Reserved {
    fn has(&self, name: &str) -> bool {
        let start = name.get(..self.start.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(self.start))
            || self
                .words
                .iter()
                .any(|word| name.eq_ignore_ascii_case(word))
    }
}

/// # Errors
/// The first thing that stands against it.
pub(super) fn check(
    registry: &PackageRegistry,
    package: &PackageDefinition,
) -> Result<(), PackageError> {
    let place = Place::root(&package.name);
    names(&place, &package.name, package.id, PACKAGE_IDS)?;
    if !(1..=99).contains(&package.version) {
        return place.refuse(PackageFault::Version(package.version));
    }
    let base = match package.extends.as_deref() {
        Some(base) => Some(known_base(registry, package, base)?),
        None => None,
    };
    contents(registry, base, package)
}

/// The package that it extends, which is another one.
fn known_base<'r>(
    registry: &'r PackageRegistry,
    package: &PackageDefinition,
    base: &str,
) -> Result<&'r PackageDefinition, PackageError> {
    let place = Place::root(&package.name);
    let known = registry.package(base);
    let Some(known) = known.filter(|known| known.id != package.id) else {
        return place.refuse(PackageFault::Base(base.to_owned()));
    };
    if registry.line(known).count() >= LONGEST_LINE {
        return place.refuse(PackageFault::Line(LONGEST_LINE));
    }
    Ok(known)
}

/// The items of a package, given the package that it extends.
pub(super) fn contents(
    registry: &PackageRegistry,
    base: Option<&PackageDefinition>,
    package: &PackageDefinition,
) -> Result<(), PackageError> {
    let root = Place::root(&package.name);
    for item in package.items.iter() {
        let place = root.within(item.kind().as_str(), &item.name);
        names(&place, &item.name, item.id, ITEM_IDS)?;
        if let Some(base) = base {
            inherited(registry, base, &place, item)?;
        }
        details(&place, &item.details)?;
    }
    apart(&root, package.items.iter().map(Known::of).collect())
}

/// One that has the name of an item of the base takes its place, and has its id too.
fn inherited(
    registry: &PackageRegistry,
    base: &PackageDefinition,
    place: &Place,
    item: &ItemDefinition,
) -> Result<(), PackageError> {
    let kind = item.kind();
    let namesake = registry.item_of(base, kind, &item.name);
    let same_id = registry.item_of_by_id(base, kind, item.id);
    let by = |other: &ItemDefinition| format!("{} in {}", other.name, base.name);
    match (namesake, same_id) {
        (Some(namesake), _) if namesake.id != item.id => {
            place.refuse(PackageFault::NameTaken { by: by(namesake) })
        }
        (None, Some(other)) => place.refuse(PackageFault::IdTaken {
            id: item.id,
            by: by(other),
        }),
        _ => Ok(()),
    }
}

fn details(place: &Place, details: &ItemDetails) -> Result<(), PackageError> {
    match details {
        ItemDetails::Property { form, .. } | ItemDetails::Statistic { form } => {
            check_form(place, form)
        }
        ItemDetails::Signal { parameters, .. } => check_parameters(place, &OF_SIGNALS, parameters),
        ItemDetails::Event {
            requested,
            observed,
        } => {
            check_parameters(place, &OF_EVENTS, requested)?;
            check_parameters(place, &OF_EVENTS, observed)?;
            shared(place, requested, observed)
        }
    }
}

fn check_parameters(
    place: &Place,
    reserved: &Reserved,
    parameters: &[ParameterDefinition],
) -> Result<(), PackageError> {
    for parameter in parameters {
        let place = place.within("parameter", &parameter.name);
        names(&place, &parameter.name, parameter.id, PARAMETER_IDS)?;
        if reserved.has(&parameter.name) {
            return place.refuse(PackageFault::Reserved);
        }
        check_form(&place, &parameter.form)?;
    }
    apart(place, parameters.iter().map(Known::of_parameter).collect())
}

/// A parameter that is both requested and observed is one parameter; others share neither name
/// nor id.
fn shared(
    place: &Place,
    requested: &[ParameterDefinition],
    observed: &[ParameterDefinition],
) -> Result<(), PackageError> {
    for parameter in observed {
        let is_near = |other: &&ParameterDefinition| {
            other.id == parameter.id || other.name.eq_ignore_ascii_case(&parameter.name)
        };
        let other = requested.iter().find(is_near);
        if other.is_some_and(|other| other != parameter) {
            let place = place.within("parameter", &parameter.name);
            return place.refuse(PackageFault::Differs);
        }
    }
    Ok(())
}

fn check_form(place: &Place, form: &ValueForm) -> Result<(), PackageError> {
    if let ValueType::Enumeration(values) = &form.value_type {
        if values.is_empty() || !values.iter().all(is_value) {
            return place.refuse(PackageFault::Enumeration);
        }
        apart(place, values.iter().map(Known::of_value).collect())?;
    }
    match form.bounds {
        Some((low, high)) if low > high || !form.value_type.is_number() => {
            place.refuse(PackageFault::Bounds)
        }
        _ => Ok(()),
    }
}

fn is_value(value: &EnumerationValue) -> bool {
    let part = |octet: u8| octet.is_ascii_alphanumeric() || b"+-&!_/'?@^`~\\()%|.".contains(&octet);
    !value.name.is_empty() && value.name.bytes().all(part)
}

fn names(
    place: &Place,
    name: &str,
    id: u16,
    (least, greatest): (u16, u16),
) -> Result<(), PackageError> {
    if !is_name(name) {
        return place.refuse(PackageFault::Name);
    }
    if !(least..=greatest).contains(&id) {
        return place.refuse(PackageFault::Id {
            found: id,
            least,
            greatest,
        });
    }
    Ok(())
}

/// Something with a name and an id among its like.
struct Known<'d> {
    kind: Option<ItemKind>,
    name: &'d str,
    id: u16,
}

impl<'d> Known<'d> {
    fn of(item: &'d ItemDefinition) -> Self {
        Self {
            kind: Some(item.kind()),
            name: &item.name,
            id: item.id,
        }
    }

    fn of_parameter(parameter: &'d ParameterDefinition) -> Self {
        Self {
            kind: None,
            name: &parameter.name,
            id: parameter.id,
        }
    }

    fn of_value(value: &'d EnumerationValue) -> Self {
        Self {
            kind: None,
            name: &value.name,
            id: value.id,
        }
    }
}

/// That no two of one kind have an id or a name in common.
fn apart(place: &Place, mut all: Vec<Known<'_>>) -> Result<(), PackageError> {
    all.sort_by_key(|known| (known.kind, known.id));
    for pair in all.windows(2) {
        if let [one, other] = pair
            && (one.kind, one.id) == (other.kind, other.id)
        {
            let by = one.name.to_owned();
            let id = one.id;
            return place.among(other).refuse(PackageFault::IdTaken { id, by });
        }
    }
    all.sort_by_key(|known| (known.kind, known.name.to_ascii_lowercase()));
    for pair in all.windows(2) {
        if let [one, other] = pair
            && one.kind == other.kind
            && one.name.eq_ignore_ascii_case(other.name)
        {
            let by = format!("another one, {:#06X}", one.id);
            return place.among(other).refuse(PackageFault::NameTaken { by });
        }
    }
    Ok(())
}

/// What the check is at.
struct Place(String);

impl Place {
    fn root(package: &str) -> Self {
        Self(package.to_owned())
    }

    fn within(&self, kind: &str, name: &str) -> Self {
        Self(format!("{}/{kind} {name}", self.0))
    }

    fn among(&self, known: &Known<'_>) -> Self {
        match known.kind {
            Some(kind) => self.within(kind.as_str(), known.name),
            None => Self(format!("{}/{}", self.0, known.name)),
        }
    }

    fn refuse<T>(&self, fault: PackageFault) -> Result<T, PackageError> {
        Err(PackageError {
            place: self.0.clone(),
            fault,
        })
    }
}
