//! Digit maps (H.248.1 Annex B.2 `digitMapDescriptor`, `digitMapValue`).

use std::borrow::Cow;

use nom::bytes::complete::take_while;

use super::{
    error::{Parsed, fail},
    lex::{equal, glued_two_digits, is_digit_map, line, lwsp, name, next_is, sign},
    reading::{Reading, fill},
    token::Token,
    write::Writer,
};
use crate::descriptor::{DigitMapDescriptor, DigitMapTimers, DigitMapValue};

/// `digitMapDescriptor` behind its keyword.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, DigitMapDescriptor<'a>> {
    let (i, ()) = equal_unless_braces(i, reading)?;
    let (i, name) = if next_is(i, b'{') {
        (i, None)
    } else {
        let (i, name) = name(i, "digitMapName", reading)?;
        (i, Some(name))
    };
    let (rest, value) = if next_is(i, b'{') {
        braced_value(i, reading, name.is_some())?
    } else {
        (i, None)
    };
    Ok((rest, DigitMapDescriptor { name, value }))
}

/// `=`, which some peers leave out before braces.
pub(super) fn equal_unless_braces<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ()> {
    if next_is(i, b'{') {
        reading.takes(i, "digitMapDescriptor", "no EQUAL before the braces");
        return Ok((i, ()));
    }
    equal(i)
}

/// A value in braces. Behind a name they may be empty, as peers send it.
fn braced_value<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    named: bool,
) -> Parsed<'a, Option<DigitMapValue<'a>>> {
    let (inside, ()) = sign(i, b'{', "LBRKT")?;
    if named && next_is(inside, b'}') {
        reading.takes(i, "digitMapDescriptor", "braces with nothing in them");
        return Ok((lwsp(&inside[1..]), None));
    }
    let (rest, value) = value(i, reading)?;
    Ok((rest, Some(value)))
}

/// `digitMapValue` in braces.
pub(super) fn value<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, DigitMapValue<'a>> {
    let (i, ()) = sign(i, b'{', "LBRKT")?;
    let (i, timers) = timers(i)?;
    let (i, body) = body(i, reading)?;
    let (rest, ()) = sign(i, b'}', "RBRKT")?;
    Ok((rest, DigitMapValue { timers, body }))
}

/// The timers, in any order.
fn timers(mut i: &[u8]) -> Parsed<'_, DigitMapTimers> {
    let mut timers = DigitMapTimers::default();
    while let [letter, b':', after @ ..] = i {
        let slot = match letter.to_ascii_uppercase() {
            b'T' => &mut timers.start_s,
            b'S' => &mut timers.short_s,
            b'L' => &mut timers.long_s,
            b'Z' => &mut timers.duration_ds,
            _ => return fail(i, "digitMapValue"),
        };
        let (after, ()) = fill(slot, i, "each timer", glued_two_digits(after, "Timer"))?;
        (i, ()) = sign(lwsp(after), b',', "COMMA")?;
    }
    Ok((i, timers))
}

/// `digitMap`, without the white space around it and the comments within.
fn body<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Cow<'a, str>> {
    let (mut rest, octets) = take_while(is_digit_map)(i)?;
    let mut body = Cow::Borrowed(reading.text(octets));
    while next_is(rest, b';') {
        let (after, _) = line(rest)?;
        let (after, octets) = take_while(is_digit_map)(after)?;
        body.to_mut().push_str(reading.text(octets));
        rest = after;
    }
    let body = match body {
        Cow::Borrowed(body) => Cow::Borrowed(body.trim_ascii()),
        Cow::Owned(body) => Cow::Owned(body.trim_ascii().to_owned()),
    };
    reading.bounds_digit_map(i, body.len())?;
    if body.is_empty() {
        return fail(i, "digitMap");
    }
    Ok((rest, body))
}

/// `digitMapDescriptor`
pub(super) fn write(w: &mut Writer<'_>, digit_map: &DigitMapDescriptor<'_>) {
    w.key(Token::DigitMap);
    if let Some(name) = &digit_map.name {
        w.text(name.as_str());
        if digit_map.value.is_some() {
            w.either(" ", "");
        }
    }
    if let Some(value) = &digit_map.value {
        w.either("{\n", "{");
        write_inner(w, value);
        w.either("\n}", "}");
    }
}

/// `digitMapValue` in braces.
pub(super) fn write_value(w: &mut Writer<'_>, value: &DigitMapValue<'_>) {
    w.sign(b'{');
    write_inner(w, value);
    w.sign(b'}');
}

fn write_inner(w: &mut Writer<'_>, value: &DigitMapValue<'_>) {
    let timers = [
        ("T:", value.timers.start_s),
        ("S:", value.timers.short_s),
        ("L:", value.timers.long_s),
        ("Z:", value.timers.duration_ds),
    ];
    for (name, timer) in timers {
        if let Some(timer) = timer {
            w.text(name);
            w.number(timer.min(99));
            w.sign(b',');
        }
    }
    w.text(&value.body);
}
