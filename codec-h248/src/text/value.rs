//! Values, parameters and the names of package items (H.248.1 Annex B.2 `parmValue`, `pkgdName`).

use std::borrow::Cow;

use super::{
    error::{Parsed, fail},
    lex::{bare_value, lwsp, next_is, package_item_runs, quoted_string, sign},
    reading::Reading,
    write::Writer,
};
use crate::{PackageItem, ParmValue, PropertyParm, Value, descriptor::NamedParameter};

/// `VALUE`
pub(super) fn value<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Value<'a>> {
    let quoted = next_is(i, b'"');
    let (rest, text) = if quoted {
        quoted_string(i, reading)?
    } else {
        bare_value(i, reading)?
    };
    Ok((rest, Value { text, quoted }))
}

/// `parmValue`
pub(super) fn parm_value<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ParmValue<'a>> {
    let Some((&relation, rest)) = i.split_first() else {
        return fail(i, "parmValue");
    };
    let with = |of: fn(Value<'a>) -> ParmValue<'a>| {
        let (rest, value) = value(lwsp(rest), reading)?;
        Ok((rest, of(value)))
    };
    match relation {
        b'=' => alternative_value(lwsp(rest), reading),
        b'#' => with(ParmValue::NotEqual),
        b'>' => with(ParmValue::Greater),
        b'<' => with(ParmValue::Less),
        _ => fail(i, "parmValue"),
    }
}

/// Whether a `parmValue` follows.
fn has_parm_value(i: &[u8]) -> bool {
    matches!(i.first(), Some(b'=' | b'#' | b'>' | b'<'))
}

/// `alternativeValue`
fn alternative_value<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ParmValue<'a>> {
    if next_is(i, b'[') {
        return range_or_all_of(lwsp(&i[1..]), reading);
    }
    if next_is(i, b'{') {
        let (rest, values) = reading.list(i, |i| value(i, reading))?;
        return Ok((rest, ParmValue::OneOf(values)));
    }
    let (rest, value) = value(i, reading)?;
    Ok((rest, ParmValue::Equal(value)))
}

/// What stands in square brackets, behind the first of them.
fn range_or_all_of<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ParmValue<'a>> {
    let (rest, low) = value(i, reading)?;
    if !next_is(rest, b':') {
        let (rest, values) = reading.list_until(i, b']', |i| value(i, reading))?;
        return Ok((rest, ParmValue::AllOf(values)));
    }
    let (rest, high) = value(lwsp(&rest[1..]), reading)?;
    let (rest, ()) = sign(rest, b']', "RSBRKT")?;
    Ok((rest, ParmValue::Range(low, high)))
}

pub(super) fn write_value(w: &mut Writer<'_>, value: &Value<'_>) {
    if value.quoted {
        w.quoted(&value.text);
    } else {
        w.text(&value.text);
    }
}

/// `[v1,v2]`
pub(super) fn write_brackets(w: &mut Writer<'_>, values: &[Value<'_>]) {
    w.sign(b'[');
    w.run(values, write_value);
    w.sign(b']');
}

/// `parmValue`
pub(super) fn write_parm_value(w: &mut Writer<'_>, value: &ParmValue<'_>) {
    match value {
        ParmValue::Equal(value) => {
            w.equal();
            write_value(w, value);
        }
        ParmValue::NotEqual(value) => write_relation(w, (" # ", "#"), value),
        ParmValue::Greater(value) => write_relation(w, (" > ", ">"), value),
        ParmValue::Less(value) => write_relation(w, (" < ", "<"), value),
        ParmValue::Range(low, high) => {
            w.equal();
            w.sign(b'[');
            write_value(w, low);
            w.sign(b':');
            write_value(w, high);
            w.sign(b']');
        }
        ParmValue::AllOf(values) => {
            w.equal();
            write_brackets(w, values);
        }
        ParmValue::OneOf(values) => {
            w.equal();
            w.braces(values, write_value);
        }
    }
}

fn write_relation(w: &mut Writer<'_>, sign: (&str, &str), value: &Value<'_>) {
    w.either(sign.0, sign.1);
    write_value(w, value);
}

/// `pkgdName`
pub(super) fn package_item<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, PackageItem<'a>> {
    let Some((package, item)) = package_item_runs(i) else {
        return fail(i, "pkgdName");
    };
    let end = package + 1 + item;
    let found = PackageItem {
        package: Cow::Borrowed(reading.text(&i[..package])),
        item: Cow::Borrowed(reading.text(&i[package + 1..end])),
    };
    Ok((lwsp(&i[end..]), found))
}

pub(super) fn write_package_item(w: &mut Writer<'_>, name: &PackageItem<'_>) {
    w.text(&name.package);
    w.sign(b'/');
    w.text(&name.item);
}

/// `propertyParm`
pub(super) fn property<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, PropertyParm<'a>> {
    let (rest, name) = package_item(i, reading)?;
    let (rest, value) = parm_value(rest, reading)?;
    Ok((rest, PropertyParm { name, value }))
}

/// A property, or one of some value.
pub(super) enum Found<'a> {
    /// `pkgdName`
    Property(PackageItem<'a>),
    /// `propertyParm`
    PropertyIs(PropertyParm<'a>),
}

/// `pkgdName`, or `propertyParm` where a value follows.
pub(super) fn property_or_name<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Found<'a>> {
    let (rest, name) = package_item(i, reading)?;
    if !has_parm_value(rest) {
        return Ok((rest, Found::Property(name)));
    }
    let (rest, value) = parm_value(rest, reading)?;
    Ok((rest, Found::PropertyIs(PropertyParm { name, value })))
}

pub(super) fn write_property(w: &mut Writer<'_>, property: &PropertyParm<'_>) {
    write_package_item(w, &property.name);
    write_parm_value(w, &property.value);
}

/// `eventOther`, `sigOther`
pub(super) fn named_parameter<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, NamedParameter<'a>> {
    let (rest, name) = super::lex::name(i, "eventParameterName", reading)?;
    let (rest, value) = parm_value(rest, reading)?;
    Ok((rest, NamedParameter { name, value }))
}

pub(super) fn write_named_parameter(w: &mut Writer<'_>, parameter: &NamedParameter<'_>) {
    w.text(parameter.name.as_str());
    write_parm_value(w, &parameter.value);
}
