//! Statistics (H.248.1 Annex B.2 `statisticsDescriptor`).

use super::{
    error::Parsed,
    lex::{lwsp, next_is},
    reading::Reading,
    token::Token,
    value::{package_item, value, write_brackets, write_package_item, write_value},
    write::Writer,
};
use crate::descriptor::{Statistic, StatisticValue, StatisticsDescriptor};

/// `statisticsDescriptor` behind its keyword; without braces it is empty.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, StatisticsDescriptor<'a>> {
    let (rest, statistics) =
        reading.list_if_any(i, "statisticsDescriptor", |i| statistic(i, reading))?;
    Ok((rest, StatisticsDescriptor { statistics }))
}

/// `statisticsParameter`; the `=` before a list may be missing.
fn statistic<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Statistic<'a>> {
    let (rest, name) = package_item(i, reading)?;
    let equal = next_is(rest, b'=');
    let rest = if equal { lwsp(&rest[1..]) } else { rest };
    if next_is(rest, b'[') {
        if !equal {
            reading.takes(rest, "statisticsParameter", "no EQUAL before the list");
        }
        let (rest, values) = reading.list_until(lwsp(&rest[1..]), b']', |i| value(i, reading))?;
        let value = Some(StatisticValue::List(values));
        return Ok((rest, Statistic { name, value }));
    }
    if !equal {
        return Ok((rest, Statistic { name, value: None }));
    }
    let (rest, value) = value(rest, reading)?;
    let value = Some(StatisticValue::One(value));
    Ok((rest, Statistic { name, value }))
}

/// `statisticsDescriptor`
pub(super) fn write(w: &mut Writer<'_>, statistics: &StatisticsDescriptor<'_>) {
    w.token(Token::Statistics);
    w.block_if_any(&statistics.statistics, |w, statistic| {
        write_package_item(w, &statistic.name);
        match &statistic.value {
            Some(StatisticValue::One(value)) => {
                w.equal();
                write_value(w, value);
            }
            Some(StatisticValue::List(values)) => {
                w.equal();
                write_brackets(w, values);
            }
            None => {}
        }
    });
}
