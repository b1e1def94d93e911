//! Properties of a circuit: echo control and gain (H.248.1 E.13.1).

use codec_h248::{PackageItem, ParmValue, PropertyParm, ToBoundedStatic, Value};

use super::packages::Kept;
use crate::CommandError;

/// `tdmc/gain` in dB, and the value that leaves it to the gateway.
const GAIN_DB: std::ops::RangeInclusive<i64> = -60..=60;
const AUTOMATIC: i64 = 0xffff_ffff;

/// Whether it is one of them.
pub(super) fn is_known(name: &PackageItem<'_>) -> bool {
    is_echo_control(name) || is_gain(name)
}

fn is_echo_control(name: &PackageItem<'_>) -> bool {
    name.is("tdmc", "ec")
}

fn is_gain(name: &PackageItem<'_>) -> bool {
    name.is("tdmc", "gain")
}

/// What holds where nothing is said or provisioned: neither of them.
pub(super) fn defaults() -> Vec<PropertyParm<'static>> {
    vec![kept_parm("ec", "OFF"), kept_parm("gain", "0")]
}

fn kept_parm(item: &'static str, value: impl Into<String>) -> PropertyParm<'static> {
    PropertyParm {
        name: PackageItem::known("tdmc", item),
        value: ParmValue::Equal(Value::bare(value.into())),
    }
}

/// Takes one of them. The first of several values that are offered is chosen, and the default where it
/// is left open.
pub(super) fn take(parm: &PropertyParm<'_>) -> Result<Kept, CommandError> {
    let read = if is_gain(&parm.name) { gain } else { on_or_off };
    let (value, chosen) = match &parm.value {
        ParmValue::Equal(value) if value.is_choose() => (default(&parm.name), true),
        ParmValue::Equal(value) => (read(&value.text), false),
        ParmValue::OneOf(values) => (values.iter().find_map(|one| read(&one.text)), true),
        ParmValue::Range(from, _) if is_gain(&parm.name) => (read(&from.text), true),
        ParmValue::Range(..)
        | ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::AllOf(_) => (None, true),
    };
    let value = value.ok_or_else(|| CommandError::PropertyValue(parm.name.to_static()))?;
    Ok(Kept {
        parm: PropertyParm {
            name: parm.name.to_static(),
            value: ParmValue::Equal(Value::bare(value)),
        },
        chosen,
    })
}

fn default(name: &PackageItem<'_>) -> Option<String> {
    let value = if is_gain(name) { "0" } else { "OFF" };
    Some(value.to_owned())
}

fn on_or_off(text: &str) -> Option<String> {
    let said = ["ON", "OFF"].into_iter();
    let mut said = said.filter(|one| one.eq_ignore_ascii_case(text));
    said.next().map(str::to_owned)
}

fn gain(text: &str) -> Option<String> {
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let number = match hex {
        Some(hex) => i64::from_str_radix(hex, 16).ok()?,
        None => text.parse().ok()?,
    };
    (GAIN_DB.contains(&number) || number == AUTOMATIC).then(|| number.to_string())
}
