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
    let mut statistics = Vec::new();
    r.fill_sequences("StatisticsParameter", &mut statistics, statistic)?;
    Ok(StatisticsDescriptor { statistics })
}

/// `StatisticsParameter`, added to the list. A list of values says nothing of being one: of one value
/// it is that value.
fn statistic<'a>(r: &mut BerReader<'a>, list: &mut Vec<Statistic<'a>>) -> Result<(), BerError> {
    let (name, item) = package_item::read(r, 0, "statName", ItemKind::Statistic)?;
    let mut values = Values::default();
    let read = |r: &mut BerReader<'a>| value::read(r, item.value_kind(), &mut values);
    let stands = r.optional(1, "statValue", read)?.is_some();
    let value = match (stands, values.more.is_empty()) {
        (false, _) => None,
        (true, true) => Some(StatisticValue::One(
            values.first.unwrap_or_else(|| Value::bare("$")),
        )),
        (true, false) => Some(StatisticValue::List(values.into_vec())),
    };
    list.push(Statistic { name, value });
    Ok(())
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
