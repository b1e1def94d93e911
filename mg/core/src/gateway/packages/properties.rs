//! Package properties of LocalControl and TerminationState.

use codec_h248::{
    PackageItem, ParmValue, PropertyParm, ToBoundedStatic, Value,
    package::{Access, ItemDetails, ItemKind, PropertyPlace, ValueForm, ValueType},
};

use super::{
    Owner, Set, line,
    table::{Package, Possible, Property},
};
use crate::CommandError;

/// A property as it is kept, and whether the gateway chose its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Kept {
    /// The property with its value.
    pub(crate) parm: PropertyParm<'static>,
    /// Whether the value is the gateway's choice.
    pub(crate) chosen: bool,
}

impl Set<'_> {
    /// Takes the package properties of a LocalControl descriptor.
    pub(crate) fn local_control(
        self,
        parms: &[PropertyParm<'_>],
    ) -> Result<Vec<Kept>, CommandError> {
        self.take_properties(parms, true)
    }

    /// Takes the package properties of TerminationState.
    pub(crate) fn termination_state(
        self,
        parms: &[PropertyParm<'_>],
    ) -> Result<Vec<Kept>, CommandError> {
        self.take_properties(parms, false)
    }

    fn take_properties(
        self,
        parms: &[PropertyParm<'_>],
        of_stream: bool,
    ) -> Result<Vec<Kept>, CommandError> {
        for parm in parms {
            self.check_package(&parm.name)?;
        }
        let mut kept: Vec<Kept> = Vec::new();
        for parm in parms {
            let one = self.take_property(parm, of_stream)?;
            if kept
                .iter()
                .any(|other| is_same(&other.parm.name, &parm.name))
            {
                return Err(CommandError::PropertyTwice(parm.name.to_static()));
            }
            kept.push(one);
        }
        Ok(kept)
    }

    fn take_property(self, parm: &PropertyParm<'_>, of_stream: bool) -> Result<Kept, CommandError> {
        let name = || parm.name.to_static();
        let bad = || CommandError::PropertyValue(name());
        if let Some((_, known)) = property(self.owner, &parm.name) {
            if known.of_stream != of_stream {
                return Err(CommandError::IllegalProperty(name()));
            }
            let (value, chosen) = choose(known, &parm.value).ok_or_else(bad)?;
            let value = ParmValue::Equal(Value::bare(value));
            let parm = PropertyParm {
                name: name(),
                value,
            };
            return Ok(Kept { parm, chosen });
        }
        let of_vendor = self.vendor_item(ItemKind::Property, &parm.name);
        let Some(ItemDetails::Property {
            form,
            place,
            access,
        }) = of_vendor.map(|item| &item.details)
        else {
            return Err(CommandError::NoSuchProperty(name()));
        };
        let here = if of_stream {
            PropertyPlace::LocalControl
        } else {
            PropertyPlace::TerminationState
        };
        if *place != here {
            return Err(CommandError::IllegalProperty(name()));
        }
        if *access == Access::ReadOnly {
            return Err(CommandError::ReadOnly(name()));
        }
        if !is_value(form, &parm.value) {
            return Err(bad());
        }
        let parm = parm.to_static();
        let chosen = false;
        Ok(Kept { parm, chosen })
    }
}

/// Whether this is one value of a vendor's property, of which the gateway cannot choose one.
pub(super) fn is_value(form: &ValueForm, value: &ParmValue<'_>) -> bool {
    let values = match value {
        ParmValue::Equal(value) => std::slice::from_ref(value),
        ParmValue::AllOf(values) => values,
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..)
        | ParmValue::OneOf(_) => return false,
    };
    let fixed = |value: &Value<'_>| !value.is_choose() && !value.is_all();
    values.iter().all(fixed) && form.check(value).is_ok()
}

/// A property by its name, and the package that defines it: those of a base are had, too.
fn property(owner: Owner, name: &PackageItem<'_>) -> Option<(&'static Package, &'static Property)> {
    let all = line(owner.package(&name.package)?);
    let all = all.flat_map(|package| package.properties.iter().map(move |one| (package, one)));
    let mut named = all.filter(|(_, one)| one.name.eq_ignore_ascii_case(&name.item));
    named.next()
}

/// Whether two names mean the same property, by inheritance perhaps.
fn is_same(one: &PackageItem<'_>, other: &PackageItem<'_>) -> bool {
    let origin = |name: &PackageItem<'_>| {
        let mut owners = super::TERMINATIONS.iter();
        owners.find_map(|owner| Some(property(*owner, name)?.0.name))
    };
    let one_origin = origin(one);
    one == other
        || (one_origin.is_some()
            && one_origin == origin(other)
            && one.item.eq_ignore_ascii_case(&other.item))
}

/// One value of a property, and whether it is the gateway's choice.
fn choose(property: &Property, value: &ParmValue<'_>) -> Option<(String, bool)> {
    match property.possible {
        Possible::Number(low, high) => {
            let (number, chosen) = choose_number(property, (low, high), None, value)?;
            Some((number.to_string(), chosen))
        }
        Possible::NumberOr(low, high, other) => {
            let (number, chosen) = choose_number(property, (low, high), Some(other), value)?;
            Some((number.to_string(), chosen))
        }
        Possible::Word(words) => {
            let named = |value: &Value<'_>| {
                let mut words = words.iter();
                let found = words.find(|word| value.text.eq_ignore_ascii_case(word));
                found.map(|word| (*word).to_owned())
            };
            match value {
                ParmValue::Equal(value) if value.is_choose() => {
                    Some((property.default.to_owned(), true))
                }
                ParmValue::Equal(value) => Some((named(value)?, false)),
                ParmValue::OneOf(values) => Some((values.iter().find_map(named)?, true)),
                ParmValue::NotEqual(_)
                | ParmValue::Greater(_)
                | ParmValue::Less(_)
                | ParmValue::Range(..)
                | ParmValue::AllOf(_) => None,
            }
        }
        Possible::Numbers(..) | Possible::Text | Possible::Tones | Possible::AnyTones => None,
    }
}

fn choose_number(
    property: &Property,
    (low, high): (i64, i64),
    other: Option<i64>,
    value: &ParmValue<'_>,
) -> Option<(i64, bool)> {
    let default = property.default.parse::<i64>().ok()?;
    let number = |value: &Value<'_>| {
        let number = ValueType::Double.number(&value.text)?;
        ((low..=high).contains(&number) || Some(number) == other).then_some(number)
    };
    let within = |low: i64, high: i64| (low <= high).then(|| default.clamp(low, high));
    Some(match value {
        ParmValue::Equal(value) if value.is_choose() => (default, true),
        ParmValue::Equal(value) => (number(value)?, false),
        ParmValue::Range(from, to) => (within(number(from)?, number(to)?)?, true),
        ParmValue::Greater(than) => (within(number(than)?.checked_add(1)?, high)?, true),
        ParmValue::Less(than) => (within(low, number(than)?.checked_sub(1)?)?, true),
        ParmValue::NotEqual(not) if number(not)? == default => {
            let beside = if default < high {
                default + 1
            } else {
                default - 1
            };
            (beside, true)
        }
        ParmValue::NotEqual(_) => (default, true),
        ParmValue::OneOf(values) => (values.iter().find_map(number)?, true),
        ParmValue::AllOf(_) => return None,
    })
}

/// The properties of a LocalControl descriptor that is not given. Those of RTP are left out: nobody has
/// provisioned them.
pub(crate) fn defaults(owner: Owner) -> Vec<PropertyParm<'static>> {
    match owner {
        Owner::Root | Owner::Rtp => Vec::new(),
        Owner::Analog | Owner::Trunk => assumed(owner),
    }
}

/// What properties are while nobody has set them.
pub(crate) fn assumed(owner: Owner) -> Vec<PropertyParm<'static>> {
    let own = |package: &'static Package| {
        let own = package.properties.iter().filter(|one| one.of_stream);
        own.map(|property| PropertyParm {
            name: PackageItem::known(package.name, property.name),
            value: ParmValue::Equal(Value::bare(property.default)),
        })
    };
    // A gain that nobody has set is left out (project): who has never heard of it is told nothing.
    let told = owner
        .packages()
        .filter(|package| package.name != "zconfmix");
    told.flat_map(own).collect()
}

/// Properties with others in the place of those of the same name; one that is inherited has several.
pub(crate) fn over<'a>(
    mut under: Vec<PropertyParm<'static>>,
    over: impl IntoIterator<Item = &'a PropertyParm<'static>>,
) -> Vec<PropertyParm<'static>> {
    for parm in over {
        let mut places = under.iter_mut();
        match places.find(|other| is_same(&other.name, &parm.name)) {
            Some(place) => *place = parm.clone(),
            None => under.push(parm.clone()),
        }
    }
    under
}

#[cfg(test)]
mod tests {
    use super::{super::Packages, *};

    fn take(value: ParmValue<'static>) -> Option<(String, bool)> {
        let parm = PropertyParm {
            name: PackageItem::known("nt", "jit"),
            value,
        };
        let kept = Packages::default()
            .of(Owner::Rtp)
            .local_control(&[parm])
            .ok()?
            .remove(0);
        let ParmValue::Equal(value) = kept.parm.value else {
            panic!("one value is kept");
        };
        Some((value.text.into_owned(), kept.chosen))
    }

    fn values(texts: &[&'static str]) -> Vec<Value<'static>> {
        texts.iter().map(|text| Value::bare(*text)).collect()
    }

    #[test]
    fn one_value_is_chosen_from_every_form() {
        let bare = |text: &'static str| Value::bare(text);
        let some = |text: &str, chosen| Some((text.to_owned(), chosen));
        assert_eq!(take(ParmValue::Equal(bare("40"))), some("40", false));
        assert_eq!(take(ParmValue::Equal(bare("$"))), some("60", true));
        assert_eq!(
            take(ParmValue::Range(bare("20"), bare("50"))),
            some("50", true)
        );
        assert_eq!(
            take(ParmValue::OneOf(values(&["30", "50"]))),
            some("30", true)
        );
        assert_eq!(take(ParmValue::Greater(bare("80"))), some("81", true));
        assert_eq!(take(ParmValue::Less(bare("10"))), some("9", true));
        assert_eq!(take(ParmValue::NotEqual(bare("60"))), some("61", true));
        assert_eq!(take(ParmValue::Equal(bare("soon"))), None);
        assert_eq!(take(ParmValue::Range(bare("50"), bare("20"))), None);
        assert_eq!(take(ParmValue::Less(bare("0"))), None);
        assert_eq!(take(ParmValue::Greater(bare("10000"))), None);
        assert_eq!(take(ParmValue::AllOf(values(&["1"]))), None);
    }
}
