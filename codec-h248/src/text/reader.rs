//! The reader: where it stands in a message, what bounds it, and lists under these bounds.
//!
//! It walks over the nouns, which fill in what they read; the words between are parsers of their
//! own, in [`super::lex`].

use std::ops::Range;

use ascii::{AsAsciiStr, AsciiStr};

use super::{
    error::{Parsed, Read, TextError, fail, plain, wrong},
    lex,
    token::Token,
};
use crate::{Expected, Limits, Name, list::Entries};

/// Room for as many entries as most lists have.
#[inline]
fn room_for_few<T, L: Entries<T>>() -> L {
    L::with_room(4)
}

/// One message being read: what is left of it, the limits, and what has been used of them.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    octets: &'a [u8],
    limits: Limits,
    /// How many entries the lists may have yet.
    room: usize,
    version: u8,
    /// What was taken although the grammar does not have it, where somebody wants to know.
    liberties: Option<Vec<Liberty>>,
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

impl<'a> Reader<'a> {
    pub(super) fn new(octets: &'a [u8], limits: &Limits) -> Self {
        Self {
            rest: octets,
            octets,
            limits: *limits,
            room: limits.entries_total,
            version: 0,
            liberties: None,
        }
    }

    /// Notes down each liberty that is taken.
    pub(super) fn noting(octets: &'a [u8], limits: &Limits) -> Self {
        Self {
            liberties: Some(Vec::new()),
            ..Self::new(octets, limits)
        }
    }

    /// The liberties that were noted down, in the order of their places.
    pub(super) fn liberties(self) -> Vec<Liberty> {
        let mut liberties = self.liberties.unwrap_or_default();
        liberties.sort_by_key(|liberty| liberty.span.start);
        liberties
    }

    /// Whether liberties are noted down.
    pub(super) fn notes(&self) -> bool {
        self.liberties.is_some()
    }

    /// Takes a liberty at this place.
    #[inline]
    pub(super) fn takes(&mut self, at: &'a [u8], rule: &'static str, what: &'static str) {
        if let Some(liberties) = &mut self.liberties {
            let start = self.octets.len() - at.len().min(self.octets.len());
            let end = (start + lex::safe_run(at).max(1)).min(self.octets.len());
            liberties.push(Liberty {
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

    /// What is not read yet.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on, or back, to a place of the message.
    #[inline]
    pub(super) fn go_to(&mut self, place: &'a [u8]) {
        self.rest = place;
    }

    /// The version in the header, once that is read.
    pub(super) fn version(&self) -> u8 {
        self.version
    }

    pub(super) fn set_version(&mut self, version: u8) {
        self.version = version;
    }

    /// How many transactions a message may have.
    pub(super) fn most_transactions(&self) -> usize {
        self.limits.transactions
    }

    /// Reads a word by its parser.
    #[inline(always)]
    pub(super) fn take<T>(
        &mut self,
        parser: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
    ) -> Read<'a, T> {
        match parser(self.rest) {
            Ok((rest, value)) => {
                self.rest = rest;
                Ok(value)
            }
            Err(error) => Err(plain(error)),
        }
    }

    /// Whether the next octet is this one.
    #[inline]
    pub(super) fn next_is(&self, octet: u8) -> bool {
        lex::next_is(self.rest, octet)
    }

    /// Takes the octet and the white space behind it, where it comes next.
    #[inline]
    pub(super) fn take_if(&mut self, octet: u8) -> bool {
        let next = self.next_is(octet);
        if next {
            self.rest = lex::lwsp(&self.rest[1..]);
        }
        next
    }

    /// What the first reading gives, or the second where that fails at the same place. The error is
    /// that of the one that got further, and the first one's where both got as far.
    #[inline(never)]
    pub(super) fn either<T>(
        &mut self,
        first: impl FnOnce(&mut Self) -> Read<'a, T>,
        second: impl FnOnce(&mut Self) -> Read<'a, T>,
    ) -> Read<'a, T> {
        let (rest, room) = (self.rest, self.room);
        let taken = self.liberties.as_ref().map(Vec::len);
        let error = match first(self) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        self.rest = rest;
        self.room = room;
        if let (Some(liberties), Some(taken)) = (&mut self.liberties, taken) {
            liberties.truncate(taken);
        }
        second(self).map_err(|other| error.or_further(other))
    }

    /// One octet of punctuation.
    #[inline]
    pub(super) fn sign(&mut self, octet: u8, rule: &'static str) -> Read<'a, ()> {
        if !self.take_if(octet) {
            return fail(self.rest, rule);
        }
        Ok(())
    }

    /// `EQUAL`
    #[inline]
    pub(super) fn equal(&mut self) -> Read<'a, ()> {
        self.sign(b'=', "EQUAL")
    }

    /// `LBRKT`
    #[inline]
    pub(super) fn open(&mut self) -> Read<'a, ()> {
        self.sign(b'{', "LBRKT")
    }

    /// `RBRKT`
    #[inline]
    pub(super) fn close(&mut self) -> Read<'a, ()> {
        self.sign(b'}', "RBRKT")
    }

    /// Takes `{}`, where that comes next.
    pub(super) fn empty_braces(&mut self) -> bool {
        let empty = lex::empty_braces(self.rest);
        self.rest = empty.unwrap_or(self.rest);
        empty.is_some()
    }

    /// The longest run of `SafeChar`.
    #[inline]
    pub(super) fn word(&mut self, rule: &'static str) -> Read<'a, &'a [u8]> {
        self.take(|i| lex::word(i, rule))
    }

    /// Takes a keyword of one letter, which is upper case here, and the equals sign behind it, where nothing is
    /// between them, as most messages have it.
    #[inline(always)]
    pub(super) fn take_letter_equal(&mut self, letter: u8) -> bool {
        match self.rest {
            [first, b'=', rest @ ..] if first & !0x20 == letter => {
                self.rest = lex::lwsp(rest);
                true
            }
            _ => false,
        }
    }

    /// A word that may be a keyword.
    #[inline(always)]
    pub(super) fn keyword(&mut self, rule: &'static str) -> Read<'a, Option<Token>> {
        match self.word_if_any() {
            Some(token) => Ok(token),
            None => fail(self.rest, rule),
        }
    }

    /// Whether a word comes next that begins with none of these letters, which are upper case here.
    #[inline(always)]
    pub(super) fn begins_otherwise(&self, letters: &[u8]) -> bool {
        let otherwise = |octet: &u8| !letters.contains(&(octet & !0x20));
        let first = self
            .rest
            .first()
            .filter(|octet| octet.is_ascii_alphabetic());
        first.is_some_and(otherwise)
    }

    /// Takes this keyword, where it is the next word.
    #[inline(always)]
    pub(super) fn take_keyword(&mut self, token: Token, rule: &'static str) -> Read<'a, bool> {
        // Most other words need not be looked up.
        if self.begins_otherwise(&token.long().octets[..1]) {
            return Ok(false);
        }
        let at = self.rest;
        let found = self.keyword(rule)? == Some(token);
        if !found {
            self.rest = at;
        }
        Ok(found)
    }

    /// The keyword, if it is one, that the next word is, if there is one. It is small enough for a
    /// register.
    fn word_if_any(&mut self) -> Option<Option<Token>> {
        let at = self.rest;
        if let Some((token, length)) = Token::read_short(at) {
            self.rest = lex::lwsp(&at[length..]);
            return Some(Some(token));
        }
        self.longer_word_if_any()
    }

    /// A word that is no keyword of one or two letters.
    #[inline(never)]
    fn longer_word_if_any(&mut self) -> Option<Option<Token>> {
        let at = self.rest;
        let length = lex::safe_run(at);
        if length == 0 {
            return None;
        }
        self.rest = lex::lwsp(&at[length..]);
        Some(Token::read_within(self.octets, at, length))
    }

    /// A keyword that stands for one of the values of a table, which the writer uses too.
    pub(super) fn choice<T: Copy>(
        &mut self,
        rule: &'static str,
        values: &[(Token, T)],
    ) -> Read<'a, T> {
        let at = self.rest;
        let token = self.keyword(rule)?;
        let value = values
            .iter()
            .find(|(candidate, _)| token == Some(*candidate));
        match value {
            Some(&(_, value)) => Ok(value),
            None => fail(at, rule),
        }
    }

    /// `=` and one of the values of a table.
    pub(super) fn equal_choice<T: Copy>(
        &mut self,
        rule: &'static str,
        values: &[(Token, T)],
    ) -> Read<'a, T> {
        self.equal()?;
        self.choice(rule, values)
    }

    /// `=`, then `ON` or `OFF`.
    pub(super) fn flag(&mut self) -> Read<'a, bool> {
        self.equal_choice("ON or OFF", ON_OFF)
    }

    /// `UINT32`
    #[inline(always)]
    pub(super) fn uint32(&mut self, rule: &'static str) -> Read<'a, u32> {
        self.number(u32::MAX, rule)
    }

    /// `UINT16`
    #[inline(always)]
    pub(super) fn uint16(&mut self, rule: &'static str) -> Read<'a, u16> {
        Ok(self.number(u32::from(u16::MAX), rule)? as u16)
    }

    #[inline(always)]
    fn number(&mut self, max: u32, rule: &'static str) -> Read<'a, u32> {
        match self.few_digits(max) {
            Some(number) => Ok(number),
            None => self.long_number(max, rule),
        }
    }

    /// A number of few digits, where one comes next. It is small enough for a register.
    #[inline(never)]
    fn few_digits(&mut self, max: u32) -> Option<u32> {
        let (number, length) = lex::few_digits(self.rest)?;
        if number > max {
            return None;
        }
        self.rest = lex::lwsp(&self.rest[length..]);
        Some(number)
    }

    #[inline(never)]
    fn long_number(&mut self, max: u32, rule: &'static str) -> Read<'a, u32> {
        let number = self.take(|i| lex::long_number(i, max, rule))?;
        self.rest = lex::lwsp(self.rest);
        Ok(number)
    }

    /// `=` and `UINT16`
    pub(super) fn equal_uint16(&mut self, rule: &'static str) -> Read<'a, u16> {
        self.equal()?;
        self.uint16(rule)
    }

    /// A `NAME`
    pub(super) fn name(&mut self, rule: &'static str) -> Read<'a, Name<'a>> {
        let name = self.take(|i| lex::name(i, rule))?;
        Ok(Name::from(self.text(name)))
    }

    /// `quotedString`, without its quotes.
    #[inline]
    pub(super) fn quoted_string(&mut self) -> Read<'a, &'a str> {
        let at = self.rest;
        let octets = self.take(lex::quoted_string)?;
        self.value_text(at, octets, "UTF-8 in quotedString")
    }

    /// An unquoted `VALUE`.
    #[inline]
    pub(super) fn bare_value(&mut self) -> Read<'a, &'a str> {
        let at = self.rest;
        let octets = self.take(lex::bare_value)?;
        self.value_text(at, octets, "UTF-8 in VALUE")
    }

    #[inline]
    fn value_text(&self, at: &'a [u8], octets: &'a [u8], rule: &'static str) -> Read<'a, &'a str> {
        at_most(at, octets.len(), self.limits.value, "octets of a value")?;
        match self.text_if_any(octets) {
            Some(text) => Ok(text),
            None => fail(self.behind_text(octets), rule),
        }
    }

    /// The message from the octet of this part of it that is no UTF-8.
    #[cold]
    fn behind_text(&self, part: &'a [u8]) -> &'a [u8] {
        let legal = std::str::from_utf8(part).map_or_else(|error| error.valid_up_to(), str::len);
        let start = (part.as_ptr() as usize).wrapping_sub(self.octets.as_ptr() as usize);
        self.octets.get(start + legal..).unwrap_or_default()
    }

    /// Whether a digit map of this many octets is within the limits.
    pub(super) fn bounds_digit_map(&self, at: &'a [u8], length: usize) -> Read<'a, ()> {
        at_most(at, length, self.limits.digit_map, "octets of a digit map")
    }

    /// A part of the message as text, which the caller knows it to be.
    #[inline]
    pub(super) fn text(&self, part: &'a [u8]) -> &'a str {
        self.ascii(part)
            .unwrap_or_else(|| std::str::from_utf8(part).expect("SafeChar is ASCII"))
    }

    /// A part of the message as text, where it is that.
    #[inline]
    pub(super) fn text_if_any(&self, part: &'a [u8]) -> Option<&'a str> {
        self.ascii(part).or_else(|| std::str::from_utf8(part).ok())
    }

    /// A part of ASCII as text. Of a short one the octets behind it are looked at too, since eight at
    /// once are seen quickest to be ASCII.
    #[inline]
    fn ascii(&self, part: &'a [u8]) -> Option<&'a str> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.octets.as_ptr() as usize);
        match self.octets.get(start..)?.first_chunk::<8>() {
            Some(chunk) if part.len() <= chunk.len() => {
                Some(chunk.as_ascii_str().ok()?[..part.len()].as_str())
            }
            Some(_) | None => long_ascii(part),
        }
    }

    /// Counts an entry of a list that has room for so many yet.
    #[inline]
    fn count(&mut self, room: &mut usize) -> Read<'a, ()> {
        if *room == 0 || self.room == 0 {
            return Err(self.too_many(*room == 0));
        }
        *room -= 1;
        self.room -= 1;
        Ok(())
    }

    #[cold]
    fn too_many(&self, in_list: bool) -> TextError<'a> {
        let expected = if in_list {
            Expected::AtMost(self.limits.entries, "entries of a list")
        } else {
            Expected::AtMost(self.limits.entries_total, "entries")
        };
        wrong(self.rest, expected)
    }

    /// One item or more, separated by commas, up to and with `close`.
    #[inline]
    pub(super) fn each_until(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Read<'a, ()>,
    ) -> Read<'a, ()> {
        let mut room = self.limits.entries;
        loop {
            self.count(&mut room)?;
            item(self)?;
            if !self.take_if(b',') {
                return self.sign(close, closing_rule(close));
            }
        }
    }

    /// `{`, one item or more, `}`.
    #[inline]
    pub(super) fn each(&mut self, item: impl FnMut(&mut Self) -> Read<'a, ()>) -> Read<'a, ()> {
        self.open()?;
        self.each_until(b'}', item)
    }

    /// `{`, one item or more, `}`; or nothing at all.
    #[inline]
    pub(super) fn each_if_any(
        &mut self,
        rule: &'static str,
        item: impl FnMut(&mut Self) -> Read<'a, ()>,
    ) -> Read<'a, ()> {
        if !self.next_is(b'{') {
            return Ok(());
        }
        self.each_or_none(rule, item)
    }

    /// `{`, one item or more, `}`; braces without an item are a liberty.
    #[inline]
    pub(super) fn each_or_none(
        &mut self,
        rule: &'static str,
        item: impl FnMut(&mut Self) -> Read<'a, ()>,
    ) -> Read<'a, ()> {
        let at = self.rest;
        self.open()?;
        if self.take_if(b'}') {
            self.takes(at, rule, "braces with nothing in them");
            return Ok(());
        }
        self.each_until(b'}', item)
    }

    /// The items of [`Self::each_until`].
    #[inline]
    pub(super) fn list_until<T>(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Read<'a, T>,
    ) -> Read<'a, Vec<T>> {
        let mut list: Vec<T> = room_for_few();
        self.each_until(close, |r| {
            list.push(item(r)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// The items of [`Self::each`].
    #[inline]
    pub(super) fn list<T>(
        &mut self,
        item: impl FnMut(&mut Self) -> Read<'a, T>,
    ) -> Read<'a, Vec<T>> {
        self.open()?;
        self.list_until(b'}', item)
    }

    /// The items of [`Self::each_if_any`].
    #[inline]
    pub(super) fn list_if_any<T>(
        &mut self,
        rule: &'static str,
        mut item: impl FnMut(&mut Self) -> Read<'a, T>,
    ) -> Read<'a, Vec<T>> {
        let mut list = Vec::new();
        self.each_if_any(rule, |r| push(&mut list, item(r)))?;
        Ok(list)
    }

    /// One thing in braces.
    #[inline]
    pub(super) fn in_braces<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Read<'a, T>,
    ) -> Read<'a, T> {
        self.open()?;
        let value = inner(self)?;
        self.close()?;
        Ok(value)
    }
}

#[inline(never)]
fn long_ascii(part: &[u8]) -> Option<&str> {
    part.as_ascii_str().ok().map(AsciiStr::as_str)
}

#[inline]
fn at_most<'a>(at: &'a [u8], length: usize, limit: usize, what: &'static str) -> Read<'a, ()> {
    if length > limit {
        return Err(wrong(at, Expected::AtMost(limit, what)));
    }
    Ok(())
}

fn closing_rule(close: u8) -> &'static str {
    if close == b']' {
        "COMMA or RSBRKT"
    } else {
        "COMMA or RBRKT"
    }
}

/// Puts what was read at the end of `list`.
#[inline]
pub(super) fn push<'a, T>(list: &mut impl Entries<T>, read: Read<'a, T>) -> Read<'a, ()> {
    let entry = read?;
    add(list, || entry);
    Ok(())
}

/// Makes an entry at the end of `list`, where the rest of it may be filled in. Large entries are
/// made in their place, since moving them there costs more than reading what they say.
#[inline(always)]
pub(super) fn add<T, L: Entries<T>>(list: &mut L, entry: impl FnOnce() -> T) -> &mut T {
    if !list.has_room() {
        *list = room_for_few();
    }
    list.add(entry)
}

/// Makes a blank entry of this kind at the end of a list, and reads into it.
macro_rules! read_into {
    ($list:expr, $kind:path, $blank:expr, $read:expr) => {
        if let $kind(entry) = $crate::text::reader::add($list, || $kind($blank)) {
            $read(entry)?;
        }
    };
}
pub(super) use read_into;

/// Puts what was read into `slot`, which must be free; `at` is where it began.
#[inline]
pub(super) fn fill<'a, T>(
    slot: &mut Option<T>,
    at: &'a [u8],
    what: &'static str,
    read: Read<'a, T>,
) -> Read<'a, ()> {
    let value = read?;
    if slot.is_some() {
        return Err(wrong(at, Expected::Once(what)));
    }
    *slot = Some(value);
    Ok(())
}

/// `ON` or `OFF`
pub(super) const ON_OFF: &[(Token, bool)] = &[(Token::On, true), (Token::Off, false)];
