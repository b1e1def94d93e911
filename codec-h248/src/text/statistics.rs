//! Statistics (H.248.1 Annex B.2 `statisticsDescriptor`).

use super::{
    error::Read,
    form::Form,
    reader::{Reader, add},
    token::Token,
    value::{
        equal_value, of_text, of_words, package_and_item, value, write_brackets,
        write_package_item, write_value,
    },
    write::Writer,
};
use crate::descriptor::{Statistic, StatisticValue, StatisticsDescriptor};

/// `statisticsDescriptor` behind its keyword; without braces it is empty.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, StatisticsDescriptor<'a>> {
    let mut statistics = Vec::new();
    r.each_if_any("statisticsDescriptor", |r| statistic(r, &mut statistics))?;
    Ok(StatisticsDescriptor { statistics })
}

/// `statisticsParameter`
fn statistic<'a>(r: &mut Reader<'a>, list: &mut Vec<Statistic<'a>>) -> Read<'a, ()> {
    let name = package_and_item(r)?;
    if let Some(found) = equal_value(r)? {
        add(list, || Statistic {
            name: of_words(name),
            value: Some(StatisticValue::One(of_text(found))),
        });
        return Ok(());
    }
    let value = other_value(r)?;
    add(list, || Statistic {
        name: of_words(name),
        value,
    });
    Ok(())
}

/// What is not one value behind an equals sign: a list or nothing; the `=` before a list may be missing.
fn other_value<'a>(r: &mut Reader<'a>) -> Read<'a, Option<StatisticValue<'a>>> {
    let equal = r.take_if(b'=');
    let at = r.rest();
    if r.take_if(b'[') {
        if !equal {
            r.takes(at, "statisticsParameter", "no EQUAL before the list");
        }
        let values = r.list_until(b']', value)?;
        return Ok(Some(StatisticValue::List(values)));
    }
    if !equal {
        return Ok(None);
    }
    Ok(Some(StatisticValue::One(value(r)?)))
}

/// `statisticsDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, statistics: &StatisticsDescriptor<'_>) {
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
