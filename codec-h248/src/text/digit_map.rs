//! Digit maps (H.248.1 Annex B.2 `digitMapDescriptor`, `digitMapValue`).

use std::borrow::Cow;

use nom::bytes::complete::take_while;

use super::{
    error::{Read, fail},
    form::Form,
    lex::{glued_two_digits, is_digit_map, line, lwsp},
    reader::{Reader, fill},
    token::Token,
    write::Writer,
};
use crate::descriptor::{DigitMapDescriptor, DigitMapTimers, DigitMapValue};

/// `digitMapDescriptor` behind its keyword.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, DigitMapDescriptor<'a>> {
    equal_unless_braces(r)?;
    let name = if r.next_is(b'{') {
        None
    } else {
        Some(r.name("digitMapName")?)
    };
    let value = if r.next_is(b'{') {
        braced_value(r, name.is_some())?
    } else {
        None
    };
    Ok(DigitMapDescriptor { name, value })
}

/// `=`, which some peers leave out before braces.
pub(super) fn equal_unless_braces<'a>(r: &mut Reader<'a>) -> Read<'a, ()> {
    if r.next_is(b'{') {
        let what = "no EQUAL before the braces";
        r.takes(r.rest(), "digitMapDescriptor", what);
        return Ok(());
    }
    r.equal()
}

/// A value in braces. Behind a name they may be empty, as peers send it.
fn braced_value<'a>(r: &mut Reader<'a>, named: bool) -> Read<'a, Option<DigitMapValue<'a>>> {
    let at = r.rest();
    if named && r.empty_braces() {
        r.takes(at, "digitMapDescriptor", "braces with nothing in them");
        return Ok(None);
    }
    Ok(Some(value(r)?))
}

/// `digitMapValue` in braces.
pub(super) fn value<'a>(r: &mut Reader<'a>) -> Read<'a, DigitMapValue<'a>> {
    r.in_braces(|r| {
        Ok(DigitMapValue {
            timers: timers(r)?,
            body: body(r)?,
        })
    })
}

/// The timers. The grammar has them in one order, and any other is let through.
fn timers<'a>(r: &mut Reader<'a>) -> Read<'a, DigitMapTimers> {
    let mut timers = DigitMapTimers::default();
    let mut last = 0;
    while let at @ [letter, b':', after @ ..] = r.rest() {
        let (place, slot) = match letter.to_ascii_uppercase() {
            b'T' => (0, &mut timers.start_s),
            b'S' => (1, &mut timers.short_s),
            b'L' => (2, &mut timers.long_s),
            b'Z' => (3, &mut timers.duration_ds),
            _ => return fail(at, "digitMapValue"),
        };
        if place < last {
            r.takes(at, "digitMapValue", "a timer out of the order T, S, L, Z");
        }
        last = place;
        r.go_to(after);
        let timer = r.take(|i| glued_two_digits(i, "Timer"));
        fill(slot, at, "each timer", timer)?;
        r.go_to(lwsp(r.rest()));
        r.sign(b',', "COMMA")?;
    }
    Ok(timers)
}

/// `digitMap`, without the white space around it and the comments within.
fn body<'a>(r: &mut Reader<'a>) -> Read<'a, Cow<'a, str>> {
    let at = r.rest();
    let octets = r.take(take_while(is_digit_map))?;
    let mut body = Cow::Borrowed(r.text(octets));
    while r.next_is(b';') {
        r.take(line)?;
        let octets = r.take(take_while(is_digit_map))?;
        body.to_mut().push_str(r.text(octets));
    }
    let body = match body {
        Cow::Borrowed(body) => Cow::Borrowed(body.trim_ascii()),
        Cow::Owned(body) => Cow::Owned(body.trim_ascii().to_owned()),
    };
    r.bounds_digit_map(at, body.len())?;
    if body.is_empty() {
        return fail(at, "digitMap");
    }
    Ok(body)
}

/// `digitMapDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, digit_map: &DigitMapDescriptor<'_>) {
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
pub(super) fn write_value(w: &mut Writer<'_, impl Form>, value: &DigitMapValue<'_>) {
    w.sign(b'{');
    write_inner(w, value);
    w.sign(b'}');
}

fn write_inner(w: &mut Writer<'_, impl Form>, value: &DigitMapValue<'_>) {
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
