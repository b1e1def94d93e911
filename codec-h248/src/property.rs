//! Parameters and their values, in every relation (H.248.1 7.1.1, Annex B.2 `parmValue`).

use std::{borrow::Cow, fmt};

use bounded_static::ToStatic;

use crate::PackageItem;

/// A package's property with its value.
///
/// ```
/// use codec_h248::{PackageItem, ParmValue, PropertyParm, Value};
///
/// let name = PackageItem::known("nt", "jit");
/// let jitter_buffer = PropertyParm { name, value: ParmValue::Equal(Value::bare("40")) };
/// assert_eq!(jitter_buffer.name.to_string(), "nt/jit");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PropertyParm<'a> {
    /// Which property.
    pub name: PackageItem<'a>,
    /// The value, or the values it may have.
    pub value: ParmValue<'a>,
}

/// A value, or a set of them.
///
/// ```
/// use codec_h248::{ParmValue, Value};
///
/// let some_port = ParmValue::Range(Value::bare("20000"), Value::bare("29999"));
/// let either = ParmValue::OneOf(vec![Value::bare("20"), Value::bare("30")]);
/// assert_ne!(some_port, either);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ParmValue<'a> {
    /// `= v`
    Equal(Value<'a>),
    /// `# v`
    NotEqual(Value<'a>),
    /// `> v`
    Greater(Value<'a>),
    /// `< v`
    Less(Value<'a>),
    /// `= [low:high]`, bounds included.
    Range(Value<'a>, Value<'a>),
    /// `= [a,b]`: all of them.
    AllOf(Vec<Value<'a>>),
    /// `= {a,b}`: one of them.
    OneOf(Vec<Value<'a>>),
}

/// One value as it is spelled; its type is the package's to say (H.248.1 12.2). Quotes are
/// spelling, but for `$` and `*`, which mean something only without; so is case outside of quotes.
///
/// ```
/// use codec_h248::Value;
///
/// assert_eq!(Value::bare("on"), Value::quoted("ON"));
/// assert!(Value::bare("$").is_choose() && !Value::quoted("$").is_choose());
/// assert_eq!(Value::quoted("123").to_string(), "\"123\"");
/// ```
#[derive(Clone, Debug, ToStatic)]
pub struct Value<'a> {
    /// The value without quotes.
    pub text: Cow<'a, str>,
    /// Whether it stands in double quotes.
    pub quoted: bool,
}

impl<'a> Value<'a> {
    /// A value without quotes. The caller vouches that it holds only SafeChar.
    pub fn bare(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            quoted: false,
        }
    }

    /// A value in quotes. The caller vouches that it holds none.
    pub fn quoted(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            quoted: true,
        }
    }

    /// Whether this is CHOOSE: the gateway picks.
    pub fn is_choose(&self) -> bool {
        !self.quoted && self.text == "$"
    }

    /// Whether this is ALL.
    pub fn is_all(&self) -> bool {
        !self.quoted && self.text == "*"
    }

    fn is_wildcard(&self) -> bool {
        self.is_choose() || self.is_all()
    }
}

impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = if self.quoted && other.quoted {
            self.text == other.text
        } else {
            self.text.eq_ignore_ascii_case(&other.text)
        };
        same && self.is_wildcard() == other.is_wildcard()
    }
}

impl Eq for Value<'_> {}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted {
            write!(f, "\"{}\"", self.text)
        } else {
            f.write_str(&self.text)
        }
    }
}
