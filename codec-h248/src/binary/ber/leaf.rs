//! Values: the contents of elements that hold no others.
//!
//! Each reader takes the contents of one element, as a noun's reader does.

use std::{borrow::Cow, ops::RangeInclusive};

use asn1_rs::Boolean;

use super::{error::BerError, reader::BerReader};
use crate::Expected;

/// Named bits that are told apart; the module has ten at most.
const MOST_BITS: u32 = 32;

/// NULL
#[inline]
pub(in crate::binary) fn null(r: &mut BerReader<'_>) -> Result<(), BerError> {
    match r.take_value() {
        Some([]) => Ok(()),
        Some(_) | None => Err(r.wrong(Expected::Rule("NULL"))),
    }
}

/// BOOLEAN; whatever is not 0 is TRUE.
#[inline]
pub(in crate::binary) fn boolean(r: &mut BerReader<'_>) -> Result<bool, BerError> {
    match r.take_value() {
        Some(&[octet]) => Ok(Boolean::new(octet).bool()),
        Some(_) | None => Err(r.wrong(Expected::Rule("BOOLEAN"))),
    }
}

/// INTEGER of 0 to 4294967295, or to what `T` holds.
#[inline]
pub(in crate::binary) fn unsigned<T: TryFrom<u32>>(r: &mut BerReader<'_>) -> Result<T, BerError> {
    let start = r.offset();
    r.take_value()
        .and_then(small_unsigned)
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| r.wrong_since(start, Expected::Rule("INTEGER in range")))
}

/// INTEGER within a range.
#[inline]
pub(in crate::binary) fn within<T: TryFrom<u32> + PartialOrd>(
    r: &mut BerReader<'_>,
    range: RangeInclusive<T>,
) -> Result<T, BerError> {
    let start = r.offset();
    let number = unsigned(r)?;
    if !range.contains(&number) {
        return Err(r.wrong_since(start, Expected::Rule("INTEGER in range")));
    }
    Ok(number)
}

/// The contents of an INTEGER or ENUMERATED that is not negative. Half of all elements are one, and
/// asn1-rs needs three times as long for it.
#[inline]
pub(super) fn small_unsigned(octets: &[u8]) -> Option<u32> {
    match *octets {
        [octet @ 0..0x80] => Some(octet.into()),
        [high @ 0..0x80, low] => Some(u16::from_be_bytes([high, low]).into()),
        [0..0x80, ..] => octets.iter().try_fold(0_u32, |number, &octet| {
            Some(number.checked_mul(256)? | u32::from(octet))
        }),
        _ => None,
    }
}

/// ENUMERATED: one of the values of a table, which the writer uses too.
pub(in crate::binary) fn enumerated<T: Copy>(
    r: &mut BerReader<'_>,
    name: &'static str,
    values: &[(u32, T)],
) -> Result<T, BerError> {
    let start = r.offset();
    let number: u32 = unsigned(r)?;
    values
        .iter()
        .find(|(candidate, _)| *candidate == number)
        .map(|&(_, value)| value)
        .ok_or_else(|| r.wrong_since(start, Expected::Known(name)))
}

/// BIT STRING: named bit 0 is the lowest bit of the number, and those that are left out are 0.
pub(in crate::binary) fn bits(r: &mut BerReader<'_>) -> Result<u32, BerError> {
    let start = r.offset();
    r.take_value()
        .and_then(named_bits)
        .ok_or_else(|| r.wrong_since(start, Expected::Rule("BIT STRING")))
}

fn named_bits(contents: &[u8]) -> Option<u32> {
    let (&unused, octets) = contents.split_first()?;
    if unused > 7 || (octets.is_empty() && unused > 0) {
        return None;
    }
    let used = u32::try_from(octets.len()).ok()?.checked_mul(8)? - u32::from(unused);
    let mut first = [0; 4];
    let taken = octets.len().min(first.len());
    first[..taken].copy_from_slice(&octets[..taken]);
    let bits = u32::from_be_bytes(first).reverse_bits();
    Some(if used < MOST_BITS {
        bits & ((1 << used) - 1)
    } else {
        bits
    })
}

/// OCTET STRING
#[inline]
pub(in crate::binary) fn octets<'a>(r: &mut BerReader<'a>) -> Result<Cow<'a, [u8]>, BerError> {
    let start = r.offset();
    let octets = r.take_string()?;
    check_length(r, start, octets.len(), r.limits().value)?;
    Ok(octets)
}

/// OCTET STRING of `N` octets.
#[inline]
pub(in crate::binary) fn array<const N: usize>(r: &mut BerReader<'_>) -> Result<[u8; N], BerError> {
    let start = r.offset();
    let octets = r.take_string()?;
    <[u8; N]>::try_from(&*octets)
        .map_err(|_| r.wrong_since(start, Expected::Rule("OCTET STRING of the right size")))
}

/// IA5String; other characters than those of ASCII are taken in UTF-8.
#[inline]
pub(in crate::binary) fn text<'a>(r: &mut BerReader<'a>) -> Result<Cow<'a, str>, BerError> {
    text_up_to(r, r.limits().value)
}

/// IA5String of so many octets at most.
#[inline]
pub(in crate::binary) fn text_up_to<'a>(
    r: &mut BerReader<'a>,
    most: usize,
) -> Result<Cow<'a, str>, BerError> {
    let start = r.offset();
    let octets = r.take_string()?;
    check_length(r, start, octets.len(), most)?;
    let text = match octets {
        Cow::Borrowed(octets) => std::str::from_utf8(octets).ok().map(Cow::Borrowed),
        Cow::Owned(octets) => String::from_utf8(octets).ok().map(Cow::Owned),
    };
    text.ok_or_else(|| r.wrong_since(start, Expected::Rule("IA5String")))
}

fn check_length(
    r: &BerReader<'_>,
    start: usize,
    length: usize,
    most: usize,
) -> Result<(), BerError> {
    if length > most {
        return Err(r.wrong_since(start, Expected::AtMost(most, "octets of a value")));
    }
    Ok(())
}
