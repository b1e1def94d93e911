//! Values, and sets of them (H.248.1 Annex A.2 `Value`, `PropertyParm`): as many values as stand
//! there, and what `extraInfo` says of them.
//!
//! | values | extraInfo | in the model |
//! | --- | --- | --- |
//! | 0 | | `Equal` to `$`, CHOOSE |
//! | 1 | | `Equal` |
//! | 1 | relation | `Greater`, `Less`, `NotEqual` |
//! | 2 | range TRUE | `Range` |
//! | any | sublist TRUE | `AllOf` |
//! | any | sublist FALSE, or none with 2 or more | `OneOf` |
//!
//! With the alternatives of a property sublist FALSE is written; those of an event's or signal's
//! parameter go without, as other implementations have it.

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, leaf},
    kind::Kind,
    typed::Typed,
    wrapped::Wrapped,
};
use crate::{Expected, ParmValue, Value};

/// The values of a `Value`.
#[derive(Debug, Default)]
pub(super) struct Values<'a> {
    pub(super) first: Option<Value<'a>>,
    /// Those behind the first.
    pub(super) more: Vec<Value<'a>>,
}

impl<'a> Values<'a> {
    pub(super) fn into_vec(self) -> Vec<Value<'a>> {
        let mut values = self.more;
        values.splice(..0, self.first);
        values
    }
}

/// `extraInfo`
#[derive(Clone, Copy)]
pub(super) enum ExtraInfo {
    Relation(Relation),
    Range(bool),
    Sublist(bool),
}

/// `Relation`
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Relation {
    Greater,
    Less,
    NotEqual,
}

const RELATIONS: &[(u32, Relation)] = &[
    (0, Relation::Greater),
    (1, Relation::Less),
    (2, Relation::NotEqual),
];

/// `Value`, put in the place of no values.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    kind: Kind<'a>,
    values: &mut Values<'a>,
) -> Result<(), BerError> {
    r.every(|r| {
        let octets = r.octets_entry("value")?;
        let value = || kind.value(Wrapped::read(octets, r.limits(), r.profile()), r.profile());
        if values.first.is_none() {
            values.first.get_or_insert_with(value);
        } else {
            values.more.push(value());
        }
        Ok(())
    })
}

/// The components `value` and `extraInfo`.
#[inline(always)]
pub(super) fn read_parm<'a>(
    r: &mut BerReader<'a>,
    kind: Kind<'a>,
) -> Result<ParmValue<'a>, BerError> {
    let start = r.offset();
    let mut values = Values::default();
    r.mandatory(1, "value", |r| read(r, kind, &mut values))?;
    let extra = r.optional(2, "extraInfo", read_extra_info)?;
    parm(values, extra).map_err(|rule| r.wrong_since(start, Expected::Rule(rule)))
}

/// `extraInfo`
pub(super) fn read_extra_info(r: &mut BerReader<'_>) -> Result<ExtraInfo, BerError> {
    match r.alternative() {
        Some(0) => r
            .value(0, "relation", |r| {
                leaf::enumerated(r, "Relation", RELATIONS)
            })
            .map(ExtraInfo::Relation),
        Some(1) => r.value(1, "range", leaf::boolean).map(ExtraInfo::Range),
        Some(2) => r.value(2, "sublist", leaf::boolean).map(ExtraInfo::Sublist),
        Some(_) | None => Err(r.wrong(Expected::Rule("extraInfo"))),
    }
}

#[inline]
fn parm<'a>(values: Values<'a>, extra: Option<ExtraInfo>) -> Result<ParmValue<'a>, &'static str> {
    match (extra, values.first, values.more.is_empty()) {
        (None | Some(ExtraInfo::Range(false)), Some(value), true) => Ok(ParmValue::Equal(value)),
        (extra, first, _) => {
            let more = values.more;
            said(Values { first, more }, extra)
        }
    }
}

/// Values of which more is said than that there is one.
#[cold]
fn said<'a>(values: Values<'a>, extra: Option<ExtraInfo>) -> Result<ParmValue<'a>, &'static str> {
    let mut values = values.into_vec();
    match (extra, values.len()) {
        (_, 0) => Ok(ParmValue::Equal(Value::bare("$"))),
        (Some(ExtraInfo::Relation(relation)), 1) => {
            let value = values.remove(0);
            Ok(match relation {
                Relation::Greater => ParmValue::Greater(value),
                Relation::Less => ParmValue::Less(value),
                Relation::NotEqual => ParmValue::NotEqual(value),
            })
        }
        (Some(ExtraInfo::Relation(_)), _) => Err("one value of a relation"),
        (Some(ExtraInfo::Range(true)), _) => match <[_; 2]>::try_from(values) {
            Ok([low, high]) => Ok(ParmValue::Range(low, high)),
            Err(_) => Err("two values of a range"),
        },
        (Some(ExtraInfo::Sublist(true)), _) => Ok(ParmValue::AllOf(values)),
        (None | Some(ExtraInfo::Range(false) | ExtraInfo::Sublist(false)), _) => {
            Ok(ParmValue::OneOf(values))
        }
    }
}

/// `Value` of one value, which `$` leaves out.
pub(super) fn write_one(w: &mut BerWriter<'_>, typed: &Typed<'_>, value: &Value<'_>) {
    if !value.is_choose() {
        typed.write(w, value);
    }
}

/// `Value` of some values.
pub(super) fn write_list(w: &mut BerWriter<'_>, typed: &Typed<'_>, values: &[Value<'_>]) {
    if values.is_empty() {
        w.fail(Unsayable::Missing("value"));
    }
    w.each(values, |w, value| typed.write(w, value));
}

/// Whether it is said of alternatives that they are.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Alternatives {
    Said,
    Unsaid,
}

/// The components `value` and `extraInfo`.
pub(super) fn write_parm(
    w: &mut BerWriter<'_>,
    typed: &Typed<'_>,
    parm: &ParmValue<'_>,
    alternatives: Alternatives,
) {
    match parm {
        ParmValue::Equal(value) => {
            w.constructed(1, "value", |w| write_one(w, typed, value));
        }
        ParmValue::NotEqual(value) => write_relation(w, typed, Relation::NotEqual, value),
        ParmValue::Greater(value) => write_relation(w, typed, Relation::Greater, value),
        ParmValue::Less(value) => write_relation(w, typed, Relation::Less, value),
        ParmValue::Range(low, high) => {
            write_extra_info(w, ExtraInfo::Range(true));
            w.constructed(1, "value", |w| {
                typed.write(w, high);
                typed.write(w, low);
            });
        }
        ParmValue::AllOf(values) => {
            write_extra_info(w, ExtraInfo::Sublist(true));
            w.constructed(1, "value", |w| write_list(w, typed, values));
        }
        ParmValue::OneOf(values) => {
            if values.len() == 1 || alternatives == Alternatives::Said {
                write_extra_info(w, ExtraInfo::Sublist(false));
            }
            w.constructed(1, "value", |w| write_list(w, typed, values));
        }
    }
}

fn write_relation(w: &mut BerWriter<'_>, typed: &Typed<'_>, relation: Relation, value: &Value<'_>) {
    write_extra_info(w, ExtraInfo::Relation(relation));
    w.constructed(1, "value", |w| typed.write(w, value));
}

/// `extraInfo`
pub(super) fn write_extra_info(w: &mut BerWriter<'_>, extra: ExtraInfo) {
    w.constructed(2, "extraInfo", |w| match extra {
        ExtraInfo::Relation(relation) => w.enumerated(0, RELATIONS, relation),
        ExtraInfo::Range(on) => w.boolean(1, on),
        ExtraInfo::Sublist(on) => w.boolean(2, on),
    });
}
