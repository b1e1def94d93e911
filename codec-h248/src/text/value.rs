//! Values, parameters and the names of package items (H.248.1 Annex B.2 `parmValue`, `pkgdName`).

use std::borrow::Cow;

use super::{
    error::{Parsed, Read, fail, fail_word},
    form::Form,
    lex::{lwsp, package_item_runs},
    reader::{Reader, add},
    write::Writer,
};
use crate::{PackageItem, ParmValue, PropertyParm, Value, descriptor::NamedParameter};

/// `VALUE`
pub(super) fn value<'a>(r: &mut Reader<'a>) -> Read<'a, Value<'a>> {
    Ok(of_text(text_of_value(r)?))
}

/// The text of a `VALUE`, and whether it is quoted.
type ValueText<'a> = (&'a str, bool);

#[inline]
fn text_of_value<'a>(r: &mut Reader<'a>) -> Read<'a, ValueText<'a>> {
    if r.next_is(b'"') {
        return Ok((r.quoted_string()?, true));
    }
    Ok((r.bare_value()?, false))
}

#[inline]
pub(super) fn of_text((text, quoted): ValueText<'_>) -> Value<'_> {
    Value {
        text: Cow::Borrowed(text),
        quoted,
    }
}

/// `EQUAL VALUE`, where no list or range comes next.
#[inline(always)]
pub(super) fn equal_value<'a>(r: &mut Reader<'a>) -> Read<'a, Option<ValueText<'a>>> {
    let at = r.rest();
    if !r.take_if(b'=') {
        return Ok(None);
    }
    if matches!(r.rest().first(), Some(b'[' | b'{')) {
        r.go_to(at);
        return Ok(None);
    }
    Ok(Some(text_of_value(r)?))
}

/// `parmValue`
#[inline]
pub(super) fn parm_value<'a>(r: &mut Reader<'a>) -> Read<'a, ParmValue<'a>> {
    match equal_value(r)? {
        Some(found) => Ok(ParmValue::Equal(of_text(found))),
        None => other_value(r),
    }
}

/// `parmValue` that is not one value behind an equals sign.
fn other_value<'a>(r: &mut Reader<'a>) -> Read<'a, ParmValue<'a>> {
    if r.take_if(b'=') {
        return alternative_value(r);
    }
    if r.take_if(b'#') {
        return Ok(ParmValue::NotEqual(value(r)?));
    }
    if r.take_if(b'>') {
        return Ok(ParmValue::Greater(value(r)?));
    }
    if r.take_if(b'<') {
        return Ok(ParmValue::Less(value(r)?));
    }
    fail(r.rest(), "parmValue")
}

/// `alternativeValue` in brackets or braces.
fn alternative_value<'a>(r: &mut Reader<'a>) -> Read<'a, ParmValue<'a>> {
    if r.take_if(b'[') {
        return range_or_all_of(r);
    }
    Ok(ParmValue::OneOf(r.list(value)?))
}

/// What stands in square brackets, behind the first of them.
fn range_or_all_of<'a>(r: &mut Reader<'a>) -> Read<'a, ParmValue<'a>> {
    let start = r.rest();
    let low = value(r)?;
    if !r.take_if(b':') {
        r.go_to(start);
        return Ok(ParmValue::AllOf(r.list_until(b']', value)?));
    }
    let high = value(r)?;
    r.sign(b']', "RSBRKT")?;
    Ok(ParmValue::Range(low, high))
}

pub(super) fn write_value(w: &mut Writer<'_, impl Form>, value: &Value<'_>) {
    if value.quoted {
        w.quoted(&value.text);
    } else {
        w.text(&value.text);
    }
}

/// `[v1,v2]`
pub(super) fn write_brackets(w: &mut Writer<'_, impl Form>, values: &[Value<'_>]) {
    w.sign(b'[');
    w.run(values, write_value);
    w.sign(b']');
}

/// `parmValue`
pub(super) fn write_parm_value(w: &mut Writer<'_, impl Form>, value: &ParmValue<'_>) {
    match value {
        ParmValue::Equal(value) => {
            w.equal();
            write_value(w, value);
        }
        ParmValue::NotEqual(value) => {
            w.either(" # ", "#");
            write_value(w, value);
        }
        ParmValue::Greater(value) => {
            w.either(" > ", ">");
            write_value(w, value);
        }
        ParmValue::Less(value) => {
            w.either(" < ", "<");
            write_value(w, value);
        }
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

/// `pkgdName`
pub(super) fn package_item<'a>(r: &mut Reader<'a>) -> Read<'a, PackageItem<'a>> {
    Ok(of_words(package_and_item(r)?))
}

/// The words of a `pkgdName`: package and item.
type Words<'a> = (&'a str, &'a str);

/// `pkgdName`
#[inline(always)]
pub(super) fn package_and_item<'a>(r: &mut Reader<'a>) -> Read<'a, Words<'a>> {
    let (package, item) = r.take(package_item_words)?;
    Ok((r.text(package), r.text(item)))
}

#[inline]
pub(super) fn of_words<'a>((package, item): Words<'a>) -> PackageItem<'a> {
    PackageItem {
        package: Cow::Borrowed(package),
        item: Cow::Borrowed(item),
    }
}

/// The two words of `pkgdName`.
#[inline(always)]
fn package_item_words(i: &[u8]) -> Parsed<'_, (&[u8], &[u8])> {
    let Some((package, item)) = package_item_runs(i) else {
        return fail_word(i, "pkgdName");
    };
    let end = package + 1 + item;
    Ok((lwsp(&i[end..]), (&i[..package], &i[package + 1..end])))
}

pub(super) fn write_package_item(w: &mut Writer<'_, impl Form>, name: &PackageItem<'_>) {
    w.text(&name.package);
    w.sign(b'/');
    w.text(&name.item);
}

/// `propertyParm`
pub(super) fn property<'a>(r: &mut Reader<'a>) -> Read<'a, PropertyParm<'a>> {
    Ok(PropertyParm {
        name: package_item(r)?,
        value: parm_value(r)?,
    })
}

/// `propertyParm`, into a list.
pub(super) fn property_into<'a>(
    r: &mut Reader<'a>,
    list: &mut Vec<PropertyParm<'a>>,
) -> Read<'a, ()> {
    let name = package_and_item(r)?;
    if let Some(found) = equal_value(r)? {
        add(list, || PropertyParm {
            name: of_words(name),
            value: ParmValue::Equal(of_text(found)),
        });
        return Ok(());
    }
    let value = other_value(r)?;
    add(list, || PropertyParm {
        name: of_words(name),
        value,
    });
    Ok(())
}

/// A property, or one of some value.
pub(super) enum Found<'a> {
    /// `pkgdName`
    Property(PackageItem<'a>),
    /// `propertyParm`
    PropertyIs(PropertyParm<'a>),
}

/// `pkgdName`, or `propertyParm` where a value follows.
pub(super) fn property_or_name<'a>(r: &mut Reader<'a>) -> Read<'a, Found<'a>> {
    let name = package_item(r)?;
    if !matches!(r.rest().first(), Some(b'=' | b'#' | b'>' | b'<')) {
        return Ok(Found::Property(name));
    }
    let value = parm_value(r)?;
    Ok(Found::PropertyIs(PropertyParm { name, value }))
}

pub(super) fn write_property(w: &mut Writer<'_, impl Form>, property: &PropertyParm<'_>) {
    write_package_item(w, &property.name);
    write_parm_value(w, &property.value);
}

/// `eventOther`, `sigOther`
pub(super) fn named_parameter<'a>(r: &mut Reader<'a>) -> Read<'a, NamedParameter<'a>> {
    Ok(NamedParameter {
        name: r.name("eventParameterName")?,
        value: parm_value(r)?,
    })
}

pub(super) fn write_named_parameter(w: &mut Writer<'_, impl Form>, parameter: &NamedParameter<'_>) {
    w.text(parameter.name.as_str());
    write_parm_value(w, &parameter.value);
}
