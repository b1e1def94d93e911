//! Values by the types that their packages say (H.248.1 12.2).

use std::{borrow::Cow, fmt::Display};

use super::table::*;
use crate::{
    PackageItem, ParmValue, Value,
    package::{ValueForm, ValueType},
    strict::walk::{Walk, shown},
};

/// A value in any relation. `item` is what it belongs to, `name` what it is told as.
pub(super) fn check(
    walk: &mut Walk<'_>,
    item: &PackageItem<'_>,
    name: &impl Display,
    form: &ValueForm,
    value: &ParmValue<'_>,
) {
    match value {
        ParmValue::Equal(one)
        | ParmValue::NotEqual(one)
        | ParmValue::Greater(one)
        | ParmValue::Less(one) => check_one(walk, item, name, form, one),
        ParmValue::Range(low, high) => {
            check_one(walk, item, name, form, low);
            check_one(walk, item, name, form, high);
        }
        ParmValue::AllOf(_) if !form.is_list => {
            walk.departs(&VALUE_TYPE, format!("{}: a list", shown(name)));
        }
        ParmValue::AllOf(several) | ParmValue::OneOf(several) => {
            for one in several {
                check_one(walk, item, name, form, one);
            }
        }
    }
}

/// One value.
pub(super) fn check_one(
    walk: &mut Walk<'_>,
    item: &PackageItem<'_>,
    name: &impl Display,
    form: &ValueForm,
    value: &Value<'_>,
) {
    let one = Value {
        text: Cow::Borrowed(&value.text),
        quoted: value.quoted,
    };
    if let Err(error) = form.check(&ParmValue::Equal(one)) {
        return walk.departs(&VALUE_TYPE, format!("{}: {error}", shown(name)));
    }
    let wildcard = value.is_choose() || value.is_all();
    if wildcard {
        return;
    }
    if form.value_type == ValueType::ToneId && !is_tone(walk, item, value) {
        let what = format!("{}: no tone {} in the package", shown(name), shown(value));
        return walk.departs(&VALUE_TYPE, what);
    }
    let wants_quotes = stands_in_quotes(&form.value_type);
    if value.quoted != wants_quotes {
        let what = if wants_quotes {
            "without quotes"
        } else {
            "in quotes"
        };
        let what = format!("{}: {} {what}", shown(name), shown(&value.text));
        walk.departs(&VALUE_QUOTES, what);
    }
}

/// Whether the item's package has the tone; one that extends no other has none of its own.
fn is_tone(walk: &Walk<'_>, item: &PackageItem<'_>, value: &Value<'_>) -> bool {
    let packages = walk.packages();
    let package = packages.package(&item.package);
    let extends = package.is_some_and(|package| package.extends.is_some());
    !extends || packages.tone(&item.package, &value.text).is_some()
}

/// Whether text has values of the type in quotes.
fn stands_in_quotes(value_type: &ValueType) -> bool {
    match value_type {
        ValueType::String | ValueType::Character | ValueType::PackageItemName => true,
        ValueType::Integer
        | ValueType::Double
        | ValueType::Unsigned
        | ValueType::Enumeration(_)
        | ValueType::Boolean
        | ValueType::OctetString
        | ValueType::ToneId => false,
    }
}
