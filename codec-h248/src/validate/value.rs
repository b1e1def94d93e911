//! Parameters and their values (H.248.1 Annex B.2 `parmValue`).

use super::{Check, Walk};
use crate::{
    ParmValue, PropertyParm,
    descriptor::{NamedParameter, PackageVersion, Statistic, StatisticValue, StatisticsDescriptor},
};

impl Check for ParmValue<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Equal(value) => value.check(walk),
            Self::NotEqual(value) => walk.member("unequalTo", value),
            Self::Greater(value) => walk.member("greaterThan", value),
            Self::Less(value) => walk.member("smallerThan", value),
            Self::Range(low, high) => walk.at("range", |walk| {
                low.check(walk);
                high.check(walk);
            }),
            Self::AllOf(values) => walk.filled("allOf", values),
            Self::OneOf(values) => walk.filled("oneOf", values),
        }
    }
}

impl Check for PropertyParm<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("name", &self.name);
        walk.member("value", &self.value);
    }
}

/// Words that mean something else where a parameter of a package may stand.
#[derive(Clone, Copy)]
pub(super) enum Keywords {
    /// Whatever stands behind them.
    Always(&'static [&'static str]),
    /// With an equals sign behind them.
    BehindEqual(&'static [&'static str]),
}

impl Keywords {
    fn has(self, parameter: &NamedParameter<'_>) -> bool {
        let is = |words: &[&str]| words.iter().any(|word| parameter.name.is(word));
        match self {
            Self::Always(words) => is(words),
            Self::BehindEqual(words) => !is_inequal(&parameter.value) && is(words),
        }
    }
}

/// Whether `INEQUAL` says the value.
fn is_inequal(value: &ParmValue<'_>) -> bool {
    matches!(
        value,
        ParmValue::NotEqual(_) | ParmValue::Greater(_) | ParmValue::Less(_)
    )
}

/// Parameters of a package where these words mean something else.
pub(super) fn parameters(
    walk: &mut Walk,
    name: &'static str,
    list: &[NamedParameter<'_>],
    keywords: Keywords,
) {
    struct Parameter<'p, 'a>(&'p NamedParameter<'a>, Keywords);
    impl Check for Parameter<'_, '_> {
        fn check(&self, walk: &mut Walk) {
            parameter(walk, self.0, self.1);
        }
    }
    let list: Vec<_> = list.iter().map(|one| Parameter(one, keywords)).collect();
    walk.member(name, &list);
}

/// A parameter of a package where these words mean something else.
pub(super) fn parameter(walk: &mut Walk, parameter: &NamedParameter<'_>, keywords: Keywords) {
    walk.at("name", |walk| {
        parameter.name.check(walk);
        let taken = keywords.has(parameter);
        walk.wants(!taken, "a name that is no keyword here");
    });
    walk.member("value", &parameter.value);
}

impl Check for StatisticsDescriptor<'_> {
    fn check(&self, walk: &mut Walk) {
        self.statistics.check(walk);
    }
}

impl Check for Statistic<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("statName", &self.name);
        walk.member("statValue", &self.value);
    }
}

impl Check for StatisticValue<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::One(value) => value.check(walk),
            Self::List(values) => {
                walk.wants(!values.is_empty(), "one entry or more");
                values.check(walk);
            }
        }
    }
}

impl Check for PackageVersion<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("packageName", &self.name);
    }
}
