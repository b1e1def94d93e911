//! What the parsers share: the limits, and lists under them.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
};

use super::{
    error::{Parsed, TextError, fail, wrong},
    lex::{equal, lwsp, next_is, safe_run, sign, word},
    token::Token,
};
use crate::{Expected, Limits};

/// Room for this many entries is made at once: most lists have no more.
const FEW: usize = 2;

/// One message being read: its octets, the limits, and what has been used of them.
pub(super) struct Reading<'a> {
    octets: &'a [u8],
    /// The octets as text, where they are that as a whole: then no word is validated again.
    text: Option<&'a str>,
    limits: Limits,
    entries: Cell<usize>,
    version: Cell<u8>,
    /// What was taken although the grammar does not have it, where somebody wants to know.
    liberties: Option<RefCell<Vec<Liberty>>>,
}

/// One thing that is read although the grammar does not have it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Liberty {
    /// The rule of Annex B.2 that it departs from.
    pub(crate) rule: &'static str,
    /// What is there, and what the rule wants.
    pub(crate) what: &'static str,
    /// Where.
    pub(crate) span: Range<usize>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(octets: &'a [u8], limits: &Limits) -> Self {
        Self {
            octets,
            text: std::str::from_utf8(octets).ok(),
            limits: *limits,
            entries: Cell::new(0),
            version: Cell::new(0),
            liberties: None,
        }
    }

    /// Notes down each liberty that is taken.
    pub(super) fn noting(octets: &'a [u8], limits: &Limits) -> Self {
        Self {
            liberties: Some(RefCell::default()),
            ..Self::new(octets, limits)
        }
    }

    /// The liberties that were noted down, in the order of their places.
    pub(super) fn liberties(self) -> Vec<Liberty> {
        let mut liberties = self.liberties.map(RefCell::into_inner).unwrap_or_default();
        liberties.sort_by_key(|liberty| liberty.span.start);
        liberties
    }

    /// Whether liberties are noted down.
    pub(super) fn notes(&self) -> bool {
        self.liberties.is_some()
    }

    /// Takes a liberty at this place.
    #[inline]
    pub(super) fn takes(&self, at: &'a [u8], rule: &'static str, what: &'static str) {
        if let Some(liberties) = &self.liberties {
            let start = self.octets.len() - at.len().min(self.octets.len());
            let end = (start + safe_run(at).max(1)).min(self.octets.len());
            liberties.borrow_mut().push(Liberty {
                rule,
                what,
                span: start..end,
            });
        }
    }

    /// The message as a whole.
    pub(super) fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Whether a value of this many octets is within the limits.
    #[inline]
    pub(super) fn bounds_value(&self, i: &'a [u8], length: usize) -> Parsed<'a, ()> {
        at_most(i, length, self.limits.value, "octets of a value")
    }

    /// Whether a digit map of this many octets is within the limits.
    pub(super) fn bounds_digit_map(&self, i: &'a [u8], length: usize) -> Parsed<'a, ()> {
        at_most(i, length, self.limits.digit_map, "octets of a digit map")
    }

    /// The version in the header, once that is read.
    pub(super) fn version(&self) -> u8 {
        self.version.get()
    }

    pub(super) fn set_version(&self, version: u8) {
        self.version.set(version);
    }

    /// For a look at a message's head: nothing is validated before it is read.
    pub(super) fn glance(octets: &'a [u8], limits: &Limits) -> Self {
        Self {
            octets,
            text: None,
            limits: *limits,
            entries: Cell::new(0),
            version: Cell::new(0),
            liberties: None,
        }
    }

    /// A part of the message as text, which the caller knows it to be.
    #[inline]
    pub(super) fn text(&self, part: &'a [u8]) -> &'a str {
        self.part_of_text(part)
            .unwrap_or_else(|| std::str::from_utf8(part).expect("SafeChar is ASCII"))
    }

    /// A part of the message as text, where it is that.
    #[inline]
    pub(super) fn text_if_any(&self, part: &'a [u8]) -> Option<&'a str> {
        self.part_of_text(part)
            .or_else(|| std::str::from_utf8(part).ok())
    }

    #[inline]
    fn part_of_text(&self, part: &'a [u8]) -> Option<&'a str> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.octets.as_ptr() as usize);
        self.text?.get(start..start.wrapping_add(part.len()))
    }

    /// How many transactions a message may have.
    pub(super) fn most_transactions(&self) -> usize {
        self.limits.transactions
    }

    /// Counts an entry, the `place`th of its list.
    fn count(&self, at: &'a [u8], place: usize) -> Result<(), nom::Err<TextError<'a>>> {
        let total = self.entries.get() + 1;
        self.entries.set(total);
        if place > self.limits.entries {
            return Err(wrong(
                at,
                Expected::AtMost(self.limits.entries, "entries of a list"),
            ));
        }
        if total > self.limits.entries_total {
            return Err(wrong(
                at,
                Expected::AtMost(self.limits.entries_total, "entries"),
            ));
        }
        Ok(())
    }

    /// One item or more, separated by commas, up to and with `close`.
    pub(super) fn each_until(
        &self,
        mut i: &'a [u8],
        close: u8,
        mut item: impl FnMut(&'a [u8]) -> Parsed<'a, ()>,
    ) -> Parsed<'a, ()> {
        let mut place = 0;
        loop {
            place += 1;
            self.count(i, place)?;
            (i, ()) = item(i)?;
            match i.first() {
                Some(b',') => i = lwsp(&i[1..]),
                Some(&octet) if octet == close => return Ok((lwsp(&i[1..]), ())),
                Some(_) | None => return fail(i, closing_rule(close)),
            }
        }
    }

    /// `{`, one item or more, `}`.
    pub(super) fn each(
        &self,
        i: &'a [u8],
        item: impl FnMut(&'a [u8]) -> Parsed<'a, ()>,
    ) -> Parsed<'a, ()> {
        let (i, ()) = sign(i, b'{', "LBRKT")?;
        self.each_until(i, b'}', item)
    }

    /// `{`, one item or more, `}`; or nothing at all.
    pub(super) fn each_if_any(
        &self,
        i: &'a [u8],
        rule: &'static str,
        item: impl FnMut(&'a [u8]) -> Parsed<'a, ()>,
    ) -> Parsed<'a, ()> {
        if !next_is(i, b'{') {
            return Ok((i, ()));
        }
        self.each_or_none(i, rule, item)
    }

    /// `{`, one item or more, `}`; braces without an item are a liberty.
    pub(super) fn each_or_none(
        &self,
        i: &'a [u8],
        rule: &'static str,
        item: impl FnMut(&'a [u8]) -> Parsed<'a, ()>,
    ) -> Parsed<'a, ()> {
        let (inside, ()) = sign(i, b'{', "LBRKT")?;
        if next_is(inside, b'}') {
            self.takes(i, rule, "braces with nothing in them");
            return Ok((lwsp(&inside[1..]), ()));
        }
        self.each_until(inside, b'}', item)
    }

    /// The items of [`Self::each_until`].
    pub(super) fn list_until<T>(
        &self,
        i: &'a [u8],
        close: u8,
        mut item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
    ) -> Parsed<'a, Vec<T>> {
        let mut list = Vec::with_capacity(FEW);
        let (i, ()) = self.each_until(i, close, |i| push(&mut list, item(i)))?;
        Ok((i, list))
    }

    /// The items in square brackets, of which the grammar wants two or more; or one without.
    pub(super) fn one_or_list<T>(
        &self,
        i: &'a [u8],
        rule: &'static str,
        mut item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
    ) -> Parsed<'a, Vec<T>> {
        if !next_is(i, b'[') {
            let (rest, only) = item(i)?;
            return Ok((rest, vec![only]));
        }
        let (rest, list) = self.list_until(lwsp(&i[1..]), b']', item)?;
        if list.len() == 1 {
            self.takes(i, rule, "a list of one, where two or more are wanted");
        }
        Ok((rest, list))
    }

    /// The items of [`Self::each`].
    pub(super) fn list<T>(
        &self,
        i: &'a [u8],
        item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
    ) -> Parsed<'a, Vec<T>> {
        let (i, ()) = sign(i, b'{', "LBRKT")?;
        self.list_until(i, b'}', item)
    }

    /// The items of [`Self::each_if_any`].
    pub(super) fn list_if_any<T>(
        &self,
        i: &'a [u8],
        rule: &'static str,
        mut item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
    ) -> Parsed<'a, Vec<T>> {
        let mut list = Vec::new();
        let (i, ()) = self.each_if_any(i, rule, |i| push(&mut list, item(i)))?;
        Ok((i, list))
    }
}

#[inline]
fn at_most<'a>(i: &'a [u8], length: usize, limit: usize, what: &'static str) -> Parsed<'a, ()> {
    if length > limit {
        return Err(wrong(i, Expected::AtMost(limit, what)));
    }
    Ok((i, ()))
}

fn closing_rule(close: u8) -> &'static str {
    if close == b']' {
        "COMMA or RSBRKT"
    } else {
        "COMMA or RBRKT"
    }
}

/// One thing in braces.
pub(super) fn in_braces<'a, T>(
    i: &'a [u8],
    inner: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, T> {
    let (i, ()) = sign(i, b'{', "LBRKT")?;
    let (rest, value) = inner(i)?;
    let (rest, ()) = sign(rest, b'}', "RBRKT")?;
    Ok((rest, value))
}

/// Puts what was read at the end of `list`.
pub(super) fn push<'a, T>(list: &mut Vec<T>, parsed: Parsed<'a, T>) -> Parsed<'a, ()> {
    let (rest, value) = parsed?;
    list.push(value);
    Ok((rest, ()))
}

/// Puts what was read into `slot`, which must be free; `at` is where it began.
pub(super) fn fill<'a, T>(
    slot: &mut Option<T>,
    at: &'a [u8],
    what: &'static str,
    parsed: Parsed<'a, T>,
) -> Parsed<'a, ()> {
    let (rest, value) = parsed?;
    if slot.replace(value).is_some() {
        return Err(wrong(at, Expected::Once(what)));
    }
    Ok((rest, ()))
}

/// A word that may be a keyword.
pub(super) fn keyword<'a>(i: &'a [u8], rule: &'static str) -> Parsed<'a, Option<Token>> {
    let (rest, found) = word(i, rule)?;
    Ok((rest, Token::read_first(i, found.len())))
}

/// A keyword that stands for one of the values of a table, which the writer uses too.
pub(super) fn choice<'a, T: Copy>(
    i: &'a [u8],
    rule: &'static str,
    values: &[(Token, T)],
) -> Parsed<'a, T> {
    let (rest, token) = keyword(i, rule)?;
    let value = values
        .iter()
        .find(|(candidate, _)| token == Some(*candidate));
    match value {
        Some(&(_, value)) => Ok((rest, value)),
        None => fail(i, rule),
    }
}

/// `ON` or `OFF`
pub(super) const ON_OFF: &[(Token, bool)] = &[(Token::On, true), (Token::Off, false)];

/// `=`, then `ON` or `OFF`.
pub(super) fn flag(i: &[u8]) -> Parsed<'_, bool> {
    let (i, ()) = equal(i)?;
    choice(i, "ON or OFF", ON_OFF)
}
