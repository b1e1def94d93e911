//! The Statistics descriptor (H.248.1 7.1.15).

use bounded_static::ToStatic;

use crate::{PackageItem, Value};

/// Statistics, in the order written; empty means none.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent, bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatisticsDescriptor<'a> {
    /// The statistics.
    pub statistics: Vec<Statistic<'a>>,
}

/// One statistic; without a value it is asked for.
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
pub struct Statistic<'a> {
    /// Which one.
    #[cfg_attr(feature = "serde", serde(rename = "statName"))]
    pub name: PackageItem<'a>,
    /// What it says.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "statValue", skip_serializing_if = "Option::is_none")
    )]
    pub value: Option<StatisticValue<'a>>,
}

/// What a statistic says.
#[derive(Clone, Debug, ToStatic)]
pub enum StatisticValue<'a> {
    /// One value.
    One(Value<'a>),
    /// A list (version 3).
    List(Vec<Value<'a>>),
}

impl StatisticValue<'_> {
    /// The value, or the values of the list.
    pub fn values(&self) -> &[Value<'_>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::List(values) => values,
        }
    }
}

impl PartialEq for StatisticValue<'_> {
    /// A list of one is that one.
    fn eq(&self, other: &Self) -> bool {
        self.values() == other.values()
    }
}

impl Eq for StatisticValue<'_> {}
