//! Kinds of values, and how what is read is spelled in text (H.248.1 12.2).
//!
//! | type | text | in the OCTET STRING |
//! | --- | --- | --- |
//! | String, Character | `"text"` | IA5String, or UTF8String where it is not ASCII |
//! | Integer, Double, Unsigned | `-5`, read from hex too | INTEGER |
//! | Enumeration | its name, or `enum_5` where the table has none | ENUMERATED |
//! | Boolean | `on`, `off` | BOOLEAN |
//! | Octet string | `0a1b`; `""` without octets | OCTET STRING |
//! | name of a package's item | `"cg/dt"` | OCTET STRING of four octets |
//! | tone | its name, `*` for 0, `enum_5` | ENUMERATED |
//! | rtp/pl | `0.130039011`, see [`fixed_point`] | INTEGER |
//! | not known, or not what the type says | see [`untyped`] | |
//!
//! ALL, `*` without quotes, and `$` among other values are UTF8String of that sign, but for tones.

use std::borrow::Cow;

use super::{
    BinaryProfile, enumeration, fixed_point, hex,
    package_item::{self, ItemKind},
    tone, untyped,
    wrapped::Wrapped,
};
use crate::{
    Value,
    package::{self, ItemDefinition, PackageRegistry, ValueForm, ValueType},
};

/// What is known of a value.
#[derive(Clone, Copy)]
pub(super) enum Kind<'p> {
    /// Nothing.
    Unknown,
    /// A number of 32 bits before the point and 32 behind.
    FixedPoint,
    /// Its type, in an item of a package with that id.
    Of(&'p ValueType, u16),
}

impl<'p> Kind<'p> {
    /// The kind of the values of this form.
    pub(super) fn of(form: &'p ValueForm, package: u16) -> Self {
        Self::Of(&form.value_type, package)
    }

    /// The kind of an item's own value.
    pub(super) fn of_item(
        item: &'p ItemDefinition,
        package: u16,
        packages: &'p PackageRegistry,
    ) -> Self {
        match item.form() {
            Some(_) if is_packet_loss(item, packages) => Self::FixedPoint,
            Some(form) => Self::of(form, package),
            None => Self::Unknown,
        }
    }

    /// A value as it is spelled in text.
    #[inline(always)]
    pub(super) fn value<'a>(self, wrapped: Wrapped<'a>, profile: &'a BinaryProfile) -> Value<'a>
    where
        'p: 'a,
    {
        match (self, wrapped) {
            (Self::FixedPoint, Wrapped::Integer(number)) => Value::bare(fixed_point::text(number)),
            (Self::FixedPoint, wrapped) => no_number(wrapped),
            (Self::Of(value_type, package), wrapped) => {
                of_type(value_type, package, wrapped, profile)
            }
            (Self::Unknown, wrapped) => untyped::value(wrapped),
        }
    }

    /// What stands for a value of this kind; nothing where it has none such.
    pub(super) fn wrapped<'v>(
        self,
        value: &'v Value<'_>,
        profile: &BinaryProfile,
    ) -> Option<Wrapped<'v>> {
        if value.is_all() && matches!(self, Self::Of(ValueType::ToneId, _)) {
            return Some(Wrapped::Enumerated(tone::ANY));
        }
        if let Some(sign) = untyped::wildcard(value) {
            return Some(Wrapped::Wildcard(sign));
        }
        match self {
            Self::Unknown => Some(untyped::element(value)),
            Self::FixedPoint => {
                let number = fixed_point::number(&value.text);
                number
                    .filter(|&number| !value.quoted || fixed_point::text(number) == value.text)
                    .map(Wrapped::Integer)
            }
            Self::Of(value_type, package) => wrapped_of(value_type, package, value, profile),
        }
    }

    /// The name of the type.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "value",
            Self::FixedPoint => "number",
            Self::Of(value_type, _) => match value_type {
                ValueType::String => "String",
                ValueType::Integer => "Integer",
                ValueType::Double => "Double",
                ValueType::Unsigned => "Unsigned",
                ValueType::Character => "Character",
                ValueType::Enumeration(_) => "value of the enumeration",
                ValueType::Boolean => "Boolean",
                ValueType::OctetString => "Octet string",
                ValueType::PackageItemName => "name of a signal",
                ValueType::ToneId => "tone",
            },
        }
    }
}

/// Whether this is the statistic of H.248.1 E.12.4, which other packages may inherit.
pub(crate) fn is_packet_loss(item: &ItemDefinition, packages: &PackageRegistry) -> bool {
    item.name == "pl"
        && packages
            .item(ItemKind::Statistic, "rtp", "pl")
            .is_some_and(|packet_loss| std::ptr::eq(packet_loss, item))
}

/// A value of a type as it is spelled in text.
#[inline(always)]
fn of_type<'a>(
    value_type: &'a ValueType,
    package: u16,
    wrapped: Wrapped<'a>,
    profile: &'a BinaryProfile,
) -> Value<'a> {
    match (value_type, wrapped) {
        (ValueType::String | ValueType::Character, wrapped) => string(wrapped),
        (
            ValueType::Integer | ValueType::Double | ValueType::Unsigned,
            Wrapped::Integer(number),
        ) => Value::bare(untyped::decimal(number)),
        (ValueType::Integer | ValueType::Double | ValueType::Unsigned, wrapped) => {
            no_number(wrapped)
        }
        (ValueType::Boolean, Wrapped::Boolean(on)) => Value::bare(if on { "on" } else { "off" }),
        (ValueType::Enumeration(_), Wrapped::Enumerated(number) | Wrapped::Integer(number)) => {
            let id = u16::try_from(number).ok();
            named(number, id.and_then(|id| value_type.enumeration_name(id)))
        }
        (ValueType::OctetString, Wrapped::Octets(octets)) if octets.is_empty() => Value::quoted(""),
        (ValueType::OctetString, Wrapped::Octets(octets)) => Value::bare(hex::text("", &octets)),
        (ValueType::PackageItemName, wrapped) => item_name(wrapped, profile),
        (ValueType::ToneId, wrapped) => tone_value(wrapped, package, profile),
        (ValueType::Boolean | ValueType::Enumeration(_) | ValueType::OctetString, wrapped) => {
            untyped::value(wrapped)
        }
    }
}

/// A value of a string, whatever stands there.
fn string(wrapped: Wrapped<'_>) -> Value<'_> {
    let is_text = matches!(wrapped, Wrapped::Text(_) | Wrapped::Raw(_));
    let mut value = untyped::value(wrapped);
    value.quoted |= is_text;
    value
}

/// Where a number is due. Quotes keep what is no number in decimal digits from being read as one.
fn no_number(wrapped: Wrapped<'_>) -> Value<'_> {
    let mut value = untyped::value(wrapped);
    value.quoted |= untyped::wildcard(&value).is_none() && untyped::number(&value.text).is_none();
    value
}

/// A number of an enumeration by its name.
fn named(number: i64, name: Option<&str>) -> Value<'_> {
    Value::bare(name.map_or_else(
        || Cow::Owned(enumeration::unknown_name(number)),
        Cow::Borrowed,
    ))
}

/// The name of a package's item.
fn item_name<'a>(wrapped: Wrapped<'a>, profile: &'a BinaryProfile) -> Value<'a> {
    let Some([a, b, c, d]) = number(&wrapped) else {
        return untyped::value(wrapped);
    };
    let (package, item) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    let (name, _) = package_item::name(&profile.packages, ItemKind::Signal, package, item);
    Value::quoted(name.to_string())
}

/// A tone of a package by its name.
fn tone_value<'a>(wrapped: Wrapped<'a>, package: u16, profile: &'a BinaryProfile) -> Value<'a> {
    let number = match (&wrapped, number(&wrapped)) {
        (Wrapped::Enumerated(number) | Wrapped::Integer(number), _) => *number,
        (_, Some(id)) => u16::from_be_bytes(id).into(),
        (_, None) => return untyped::value(wrapped),
    };
    tone::value(&profile.packages, package, number)
}

/// The octets of an id, which peers also send as they are; text of that length is text.
fn number<const N: usize>(wrapped: &Wrapped<'_>) -> Option<[u8; N]> {
    match wrapped {
        Wrapped::Octets(octets) => <[u8; N]>::try_from(&**octets).ok(),
        Wrapped::Raw(octets) if octets.iter().any(u8::is_ascii_control) => {
            <[u8; N]>::try_from(&**octets).ok()
        }
        Wrapped::Raw(_)
        | Wrapped::Boolean(_)
        | Wrapped::Integer(_)
        | Wrapped::Enumerated(_)
        | Wrapped::Text(_)
        | Wrapped::Wildcard(_) => None,
    }
}

/// What stands for a value of a type.
fn wrapped_of<'v>(
    value_type: &ValueType,
    package: u16,
    value: &'v Value<'_>,
    profile: &BinaryProfile,
) -> Option<Wrapped<'v>> {
    let text: &str = &value.text;
    match value_type {
        ValueType::String => Some(Wrapped::Text(Cow::Borrowed(text))),
        ValueType::Character => {
            (text.chars().count() == 1).then_some(Wrapped::Text(Cow::Borrowed(text)))
        }
        ValueType::Integer | ValueType::Double | ValueType::Unsigned => {
            let number = if value.quoted {
                untyped::number(text)
            } else {
                // An INTEGER takes more than four octets; so does the reader.
                ValueType::Double.number(text)
            };
            number.map(Wrapped::Integer)
        }
        ValueType::Enumeration(_) => {
            let unknown = |id: &i64| {
                let id = u16::try_from(*id).ok();
                id.and_then(|id| value_type.enumeration_name(id)).is_none()
            };
            let known = value_type.enumeration_id(text).map(i64::from);
            known
                .or_else(|| enumeration::unknown_number(text).filter(unknown))
                .map(Wrapped::Enumerated)
        }
        ValueType::Boolean => package::boolean(text).map(Wrapped::Boolean),
        ValueType::OctetString => hex::octets(text).map(|octets| Wrapped::Octets(octets.into())),
        ValueType::PackageItemName => {
            let (package, item) = text.split_once('/')?;
            let found = package_item::known(&profile.packages, ItemKind::Signal, package, item)?;
            Some(Wrapped::Octets(found.number.to_vec().into()))
        }
        ValueType::ToneId => {
            tone::number(&profile.packages, package, text).map(Wrapped::Enumerated)
        }
    }
}
