//! The types of values (H.248.1 12.2), and the check that a value's text is of one.

use std::{borrow::Cow, fmt, ops::RangeInclusive};

use super::words::{is_name, is_same};
use crate::{ParmValue, Value, shown::write_shown};

/// The type of one value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ValueType {
    /// Characters of UTF-8.
    String,
    /// A number of 4 octets. Both readings of them are taken: -2147483648 to 4294967295.
    Integer,
    /// A signed integer of 8 octets.
    Double,
    /// A number of 4 octets, not negative.
    Unsigned,
    /// One character of UTF-8.
    Character,
    /// One of these values.
    Enumeration(Cow<'static, [EnumerationValue]>),
    /// `on` or `off`.
    Boolean,
    /// Octets, in hexadecimal digits.
    OctetString,
    /// The name of a package's item: `package/item` in text, its 4 octets in binary.
    PackageItemName,
    /// A tone's name in text; in binary an enumeration with the tone's id. Which there are is up
    /// to the packages that extend `tonegen` and `tonedet` ([`super::PackageRegistry::tone`]).
    ToneId,
}

/// A value of an enumeration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EnumerationValue {
    /// Its text id.
    pub name: Cow<'static, str>,
    /// Its binary id.
    pub id: u16,
}

/// The form of a value: its type, and whether it is a list of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ValueForm {
    /// The type of the value, or of each member of the list.
    pub value_type: ValueType,
    /// Whether it is a sub-list: `[a,b]` in text.
    pub is_list: bool,
    /// The least and the greatest that a number may be, both included, where the package narrows
    /// its type.
    pub bounds: Option<(i64, i64)>,
}

impl ValueForm {
    /// One value of a type.
    pub const fn one(value_type: ValueType) -> Self {
        Self {
            value_type,
            is_list: false,
            bounds: None,
        }
    }

    /// Checks every value within. `$` and `*` pass.
    ///
    /// # Errors
    /// The first value that is not of this form, or a list where one value is due.
    pub fn check(&self, value: &ParmValue<'_>) -> Result<(), ValueError> {
        match value {
            ParmValue::Equal(value)
            | ParmValue::NotEqual(value)
            | ParmValue::Greater(value)
            | ParmValue::Less(value) => self.check_one(value),
            ParmValue::Range(low, high) => self.check_one(low).and_then(|()| self.check_one(high)),
            ParmValue::OneOf(values) => values.iter().try_for_each(|value| self.check_one(value)),
            ParmValue::AllOf(values) if self.is_list => {
                values.iter().try_for_each(|value| self.check_one(value))
            }
            ParmValue::AllOf(values) => Err(ValueError {
                expected: Cow::Borrowed("one value"),
                found: format!("a list of {}", values.len()),
            }),
        }
    }

    fn check_one(&self, value: &Value<'_>) -> Result<(), ValueError> {
        self.value_type.check(value)?;
        match (self.bounds, self.value_type.number(&value.text)) {
            (Some((low, high)), Some(number)) if !(low..=high).contains(&number) => {
                Err(ValueError::of(between(low, high), value))
            }
            _ => Ok(()),
        }
    }
}

impl ValueType {
    /// Checks the text of one value. Quotes may stand or lack around any of them; `$` and `*`
    /// without quotes pass.
    ///
    /// # Errors
    /// Text that is not a value of this type.
    pub fn check(&self, value: &Value<'_>) -> Result<(), ValueError> {
        let text: &str = &value.text;
        let good = value.is_choose()
            || value.is_all()
            || match self {
                Self::String => true,
                Self::Integer | Self::Double | Self::Unsigned => self.number(text).is_some(),
                Self::Character => text.chars().count() == 1,
                Self::Enumeration(_) => self.enumeration_id(text).is_some(),
                Self::Boolean => boolean(text).is_some(),
                Self::OctetString => is_octets(text),
                Self::PackageItemName => is_package_item(text),
                Self::ToneId => is_name(text),
            };
        if good {
            Ok(())
        } else {
            Err(ValueError::of(self.expected(), value))
        }
    }

    /// The number that this text is, if this is a type of numbers and it is within the type:
    /// decimal digits, perhaps behind `-`, or `0x` and hexadecimal digits.
    pub fn number(&self, text: &str) -> Option<i64> {
        let range = self.range()?;
        let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let (digits, radix) = match hexadecimal {
            Some(digits) => (digits, 16),
            None => (text.strip_prefix('-').unwrap_or(text), 10),
        };
        if digits.starts_with(['+', '-']) {
            return None;
        }
        let number = match hexadecimal {
            Some(digits) => i64::from_str_radix(digits, radix),
            None => text.parse(),
        };
        number.ok().filter(|number| range.contains(number))
    }

    /// Whether values of this type are numbers.
    pub fn is_number(&self) -> bool {
        self.range().is_some()
    }

    fn range(&self) -> Option<RangeInclusive<i64>> {
        match self {
            Self::Integer => Some(i32::MIN.into()..=u32::MAX.into()),
            Self::Double => Some(i64::MIN..=i64::MAX),
            Self::Unsigned => Some(0..=u32::MAX.into()),
            Self::String
            | Self::Character
            | Self::Enumeration(_)
            | Self::Boolean
            | Self::OctetString
            | Self::PackageItemName
            | Self::ToneId => None,
        }
    }

    /// The binary id of a value of this enumeration, in any case.
    pub fn enumeration_id(&self, name: &str) -> Option<u16> {
        self.values()
            .iter()
            .find(|value| is_same(&value.name, name))
            .map(|value| value.id)
    }

    /// The text id of a value of this enumeration.
    pub fn enumeration_name(&self, id: u16) -> Option<&str> {
        self.values()
            .iter()
            .find(|value| value.id == id)
            .map(|value| value.name.as_ref())
    }

    fn values(&self) -> &[EnumerationValue] {
        match self {
            Self::Enumeration(values) => values,
            Self::String
            | Self::Integer
            | Self::Double
            | Self::Unsigned
            | Self::Character
            | Self::Boolean
            | Self::OctetString
            | Self::PackageItemName
            | Self::ToneId => &[],
        }
    }

    fn expected(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::String => "a string",
            Self::Integer => "an integer of 4 octets",
            Self::Double => "an integer of 8 octets",
            Self::Unsigned => "an integer of 4 octets that is not negative",
            Self::Character => "one character",
            Self::Enumeration(values) => {
                let names: Vec<&str> = values.iter().map(|value| value.name.as_ref()).collect();
                return Cow::Owned(format!("one of {}", names.join(", ")));
            }
            Self::Boolean => "on or off",
            Self::OctetString => "pairs of hexadecimal digits",
            Self::PackageItemName => "package/item",
            Self::ToneId => "the name of a tone",
        })
    }
}

fn between(low: i64, high: i64) -> Cow<'static, str> {
    Cow::Owned(match high {
        i64::MAX => format!("{low} or more"),
        _ => format!("{low} to {high}"),
    })
}

/// The value of a Boolean's text: `on` or `off`, in any case.
pub fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("on") {
        Some(true)
    } else if text.eq_ignore_ascii_case("off") {
        Some(false)
    } else {
        None
    }
}

fn is_octets(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|octet| octet.is_ascii_hexdigit())
}

fn is_package_item(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(package, item)| is_name(package) && is_name(item))
}

/// A value that is not of its type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ValueError {
    /// What a value of the type is.
    pub expected: Cow<'static, str>,
    /// What stands there.
    pub found: String,
}

/// The most octets of a value that an error repeats.
const LONGEST_FOUND: usize = 80;

impl ValueError {
    fn of(expected: Cow<'static, str>, value: &Value<'_>) -> Self {
        let mut end = value.text.len().min(LONGEST_FOUND);
        while !value.text.is_char_boundary(end) {
            end -= 1;
        }
        let mut found = value.text[..end].to_owned();
        if end < value.text.len() {
            found.push('…');
        }
        Self { expected, found }
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found ", self.expected)?;
        write_shown(f, &self.found)
    }
}

impl std::error::Error for ValueError {}
