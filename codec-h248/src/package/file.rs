//! Packages from a file that an engineer writes: of a vendor, or of a Recommendation that the
//! tables lack.

use std::{
    borrow::Cow,
    collections::{BTreeMap, btree_map::Entry},
    fmt,
};

use serde::{Deserialize, Deserializer, de};

use super::{
    Access, EnumerationValue, ItemDefinition, ItemDetails, PackageDefinition, ParameterDefinition,
    PropertyPlace, ValueForm, ValueType,
};
use crate::descriptor::SignalType;

/// A file of packages. What there is none of is left out: bounds, parameters, items of a kind.
///
/// ```toml
#[doc = include_str!("example.toml")]
/// ```
///
/// ```
/// use codec_h248::package::{PackageFile, PackageRegistry};
///
/// let text = "[[package]]\nname = 'acme'\nid = 0x8001\nversion = 1";
/// let file: PackageFile = toml::from_str(text)?;
/// let mut packages = PackageRegistry::standard();
/// for package in file.package {
///     packages.add(package)?;
/// }
/// assert!(packages.package("acme").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageFile {
    /// The packages, each after the one that it extends.
    #[serde(default)]
    pub package: Vec<PackageDefinition>,
}

impl<'de> Deserialize<'de> for PackageDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = PackageTable::deserialize(deserializer)?;
        let mut items = Vec::new();
        items.extend(table.property.into_iter().map(ItemDefinition::from));
        items.extend(table.event.into_iter().map(ItemDefinition::from));
        items.extend(table.signal.into_iter().map(ItemDefinition::from));
        items.extend(table.statistic.into_iter().map(ItemDefinition::from));
        Ok(Self {
            name: Cow::Owned(table.name),
            id: table.id,
            version: table.version,
            extends: table.extends.map(Cow::Owned),
            items: Cow::Owned(items),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackageTable {
    name: String,
    id: u16,
    version: u16,
    extends: Option<String>,
    #[serde(default)]
    property: Vec<PropertyTable>,
    #[serde(default)]
    event: Vec<EventTable>,
    #[serde(default)]
    signal: Vec<SignalTable>,
    #[serde(default)]
    statistic: Vec<ValueTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyTable {
    name: String,
    id: u16,
    r#type: ValueType,
    #[serde(default)]
    list: bool,
    min: Option<i64>,
    max: Option<i64>,
    r#in: PropertyPlace,
    #[serde(default = "read_write")]
    access: Access,
}

const fn read_write() -> Access {
    Access::ReadWrite
}

impl From<PropertyTable> for ItemDefinition {
    fn from(table: PropertyTable) -> Self {
        Self {
            name: Cow::Owned(table.name),
            id: table.id,
            details: ItemDetails::Property {
                form: form(table.r#type, table.list, table.min, table.max),
                place: table.r#in,
                access: table.access,
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventTable {
    name: String,
    id: u16,
    #[serde(default)]
    requested: Vec<ValueTable>,
    #[serde(default)]
    observed: Vec<ValueTable>,
}

impl From<EventTable> for ItemDefinition {
    fn from(table: EventTable) -> Self {
        Self {
            name: Cow::Owned(table.name),
            id: table.id,
            details: ItemDetails::Event {
                requested: parameters(table.requested),
                observed: parameters(table.observed),
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignalTable {
    name: String,
    id: u16,
    default: SignalWord,
    #[serde(default)]
    parameter: Vec<ValueTable>,
}

/// A signal type in the words of the text encoding.
#[derive(Deserialize)]
enum SignalWord {
    OnOff,
    TimeOut,
    Brief,
}

impl From<SignalTable> for ItemDefinition {
    fn from(table: SignalTable) -> Self {
        Self {
            name: Cow::Owned(table.name),
            id: table.id,
            details: ItemDetails::Signal {
                default_type: match table.default {
                    SignalWord::OnOff => SignalType::OnOff,
                    SignalWord::TimeOut => SignalType::TimeOut,
                    SignalWord::Brief => SignalType::Brief,
                },
                parameters: parameters(table.parameter),
            },
        }
    }
}

/// A statistic, or a parameter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueTable {
    name: String,
    id: u16,
    r#type: ValueType,
    #[serde(default)]
    list: bool,
    min: Option<i64>,
    max: Option<i64>,
}

impl From<ValueTable> for ItemDefinition {
    fn from(table: ValueTable) -> Self {
        Self {
            name: Cow::Owned(table.name),
            id: table.id,
            details: ItemDetails::Statistic {
                form: form(table.r#type, table.list, table.min, table.max),
            },
        }
    }
}

impl From<ValueTable> for ParameterDefinition {
    fn from(table: ValueTable) -> Self {
        Self {
            name: Cow::Owned(table.name),
            id: table.id,
            form: form(table.r#type, table.list, table.min, table.max),
        }
    }
}

fn parameters(tables: Vec<ValueTable>) -> Cow<'static, [ParameterDefinition]> {
    Cow::Owned(tables.into_iter().map(ParameterDefinition::from).collect())
}

fn form(value_type: ValueType, is_list: bool, min: Option<i64>, max: Option<i64>) -> ValueForm {
    let bounds = match (min, max) {
        (None, None) => None,
        (min, max) => Some((min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX))),
    };
    ValueForm {
        value_type,
        is_list,
        bounds,
    }
}

/// A word, or a table of the names and ids of an enumeration.
impl<'de> Deserialize<'de> for ValueType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TypeVisitor)
    }
}

struct TypeVisitor;

impl<'de> de::Visitor<'de> for TypeVisitor {
    type Value = ValueType;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "string, integer, double, unsigned, character, boolean, octet-string, package-item, \
             tone-id, or a table of the names and ids of an enumeration",
        )
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<ValueType, E> {
        match word {
            "string" => Ok(ValueType::String),
            "integer" => Ok(ValueType::Integer),
            "double" => Ok(ValueType::Double),
            "unsigned" => Ok(ValueType::Unsigned),
            "character" => Ok(ValueType::Character),
            "boolean" => Ok(ValueType::Boolean),
            "octet-string" => Ok(ValueType::OctetString),
            "package-item" => Ok(ValueType::PackageItemName),
            "tone-id" => Ok(ValueType::ToneId),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<ValueType, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((name, id)) = map.next_entry::<String, u16>()? {
            match values.entry(id) {
                Entry::Vacant(vacant) => vacant.insert(name),
                Entry::Occupied(other) => {
                    let other = other.get();
                    let fault = format!("{name} has the id {id} of {other}");
                    return Err(de::Error::custom(fault));
                }
            };
        }
        let value = |(id, name)| EnumerationValue {
            name: Cow::Owned(name),
            id,
        };
        Ok(ValueType::Enumeration(
            values.into_iter().map(value).collect(),
        ))
    }
}
