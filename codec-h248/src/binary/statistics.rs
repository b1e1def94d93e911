//! Statistics (H.248.1 Annex A.2 `StatisticsDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter},
    package_item::{self, ItemKind},
    value::{self, Values},
};
use crate::{
    Value,
    descriptor::{Statistic, StatisticValue, StatisticsDescriptor},
};

/// `StatisticsDescriptor`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<StatisticsDescriptor<'a>, BerError> {
    let statistics = r.each_sequence("StatisticsParameter", statistic)?;
    Ok(StatisticsDescriptor { statistics })
}

/// `StatisticsParameter`. A list says nothing of being one: of one value it is that value.
fn statistic<'a>(r: &mut BerReader<'a>) -> Result<Statistic<'a>, BerError> {
    let (name, item) = package_item::read(r, 0, "statName", ItemKind::Statistic)?;
    let values = r.optional(1, "statValue", |r| value::read(r, item.value_kind()))?;
    let value = values.map(|values| match values {
        Values::None => StatisticValue::One(Value::bare("$")),
        Values::One(value) => StatisticValue::One(value),
        Values::Several(values) => StatisticValue::List(values),
    });
    Ok(Statistic { name, value })
}

/// `StatisticsDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, statistics: &StatisticsDescriptor<'_>) {
    w.each_sequence(&statistics.statistics, write_statistic);
}

/// `StatisticsParameter`
fn write_statistic(w: &mut BerWriter<'_>, statistic: &Statistic<'_>) {
    let found = package_item::find(w, ItemKind::Statistic, &statistic.name);
    let typed = found.typed(&statistic.name);
    match &statistic.value {
        None => {}
        Some(StatisticValue::One(value)) => w.constructed(1, "statValue", |w| {
            value::write_one(w, &typed, value);
        }),
        Some(StatisticValue::List(values)) => {
            w.since(3, "a list in statValue");
            w.constructed(1, "statValue", |w| {
                value::write_list(w, &typed, values);
            });
        }
    }
    found.write(w, 0);
}
