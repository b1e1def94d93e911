//! A cursor over the elements of a message.

use std::{borrow::Cow, ops::Range};

use super::{
    error::BerError,
    header::{ElementHeader, brief, large, usual},
    tag::{LONG, Tag},
};
use crate::{Expected, Limits, Step, binary::BinaryProfile, list::Entries};

/// Elements within each other, whatever the limits say: segments of strings are joined by a function
/// that calls itself, and a thread's stack has an end.
const MOST_DEPTH: usize = 256;
/// For how many entries a list of more than one has room at first.
const FEW: usize = 4;
/// What ends the contents of an element of indefinite length.
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// The bit of a state that says that the contents are a value that no leaf has taken yet. It stands
/// above all levels, so that one comparison tells that a state has neither flags nor too many levels.
const VALUE: usize = 1 << 16;
/// The bit of a state that says that the contents end at an end of contents.
const INDEFINITE: usize = 1 << 17;
const FLAGS: usize = VALUE | INDEFINITE;

/// A place in a message, within the contents of one element. A noun's reader finds it at the
/// first octet of the noun's contents, and leaves it behind the last one.
pub(in crate::binary) struct BerReader<'a> {
    octets: &'a [u8],
    /// What is left of the contents; of an element of indefinite length, all up to where they end at
    /// the latest. It is always a part of `octets`, and where it begins is the place.
    rest: &'a [u8],
    /// How many elements there are within each other here, and what is to be known of the innermost, in
    /// flags: one word of a full register, since it is kept and restored at each element, and a
    /// processor waits where it loads more than was stored.
    state: usize,
    entries: usize,
    limits: Limits,
    profile: &'a BinaryProfile,
    /// How many SEQUENCEs that may be extended have ended.
    extensible: usize,
    kept: Option<Vec<Kept<'a>>>,
}

/// An element that the module does not know, and where it stands: at the end of the extensible
/// SEQUENCE that is the `place`th to end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::binary) struct Kept<'a> {
    pub(in crate::binary) place: usize,
    pub(in crate::binary) element: &'a [u8],
}

/// What is known of the outer element while an inner one is read.
struct Outer<'a> {
    /// What stands behind the inner element, where its length is known.
    behind: &'a [u8],
    state: usize,
}

impl<'a> BerReader<'a> {
    pub(in crate::binary) fn new(
        octets: &'a [u8],
        limits: &Limits,
        profile: &'a BinaryProfile,
    ) -> Self {
        let limits = Limits {
            depth: limits.depth.min(MOST_DEPTH),
            ..*limits
        };
        Self {
            octets,
            rest: octets,
            state: 0,
            entries: 0,
            limits,
            profile,
            extensible: 0,
            kept: None,
        }
    }

    /// Keeps elements that the module does not know.
    pub(in crate::binary) fn keeping(mut self) -> Self {
        self.kept = Some(Vec::new());
        self
    }

    /// How many extensible SEQUENCEs have ended, and what stood at their ends.
    pub(in crate::binary) fn into_kept(self) -> (usize, Vec<Kept<'a>>) {
        (self.extensible, self.kept.unwrap_or_default())
    }

    /// What the two sides have agreed on.
    pub(in crate::binary) fn profile(&self) -> &'a BinaryProfile {
        self.profile
    }

    /// How much of everything is taken.
    pub(in crate::binary) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// An error at this place.
    #[cold]
    pub(in crate::binary) fn wrong(&self, expected: Expected) -> BerError {
        let at = self.offset();
        self.wrong_in(at..at + self.rest.len().min(1), expected)
    }

    /// An error about the octets from `start` to this place.
    #[cold]
    pub(in crate::binary) fn wrong_since(&self, start: usize, expected: Expected) -> BerError {
        self.wrong_in(start..self.offset(), expected)
    }

    #[cold]
    fn wrong_in(&self, span: Range<usize>, expected: Expected) -> BerError {
        BerError::new(span, expected)
    }

    /// How many octets stand before this place.
    #[inline]
    pub(in crate::binary) fn offset(&self) -> usize {
        self.rest.as_ptr().addr() - self.octets.as_ptr().addr()
    }

    /// How many octets are left of the contents, at the most.
    pub(in crate::binary) fn left(&self) -> usize {
        self.rest.len()
    }

    /// Whether nothing is left of the contents.
    #[inline(always)]
    pub(in crate::binary) fn at_end(&self) -> bool {
        self.rest.is_empty()
            || (self.state & INDEFINITE != 0 && self.rest.starts_with(&END_OF_CONTENTS))
    }

    /// The number of the next element's context tag, where it has one that the module may know:
    /// the alternative of a CHOICE.
    #[inline]
    pub(in crate::binary) fn alternative(&self) -> Option<u8> {
        let &identifier = self.rest.first()?;
        let number = identifier & LONG;
        (Tag::from(number).begins(identifier) && number != LONG).then_some(number)
    }

    /// Whether the next element has this tag.
    #[inline(always)]
    pub(in crate::binary) fn next_is(&self, tag: Tag) -> bool {
        self.rest
            .first()
            .is_some_and(|&identifier| tag.begins(identifier))
    }

    /// A component that must stand here.
    #[inline(always)]
    pub(in crate::binary) fn mandatory<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        let outer = match self.enter_usual(Tag::from(number)) {
            Some(outer) => outer,
            None => self.enter_component(number, name)?,
        };
        self.contents(&outer, read)
            .map_err(|error| error.within(Step::Component(name, number.into())))
    }

    /// A component that may stand here.
    #[inline(always)]
    pub(in crate::binary) fn optional<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<Option<T>, BerError> {
        if !self.next_is(Tag::from(number)) {
            return Ok(None);
        }
        self.mandatory(number, name, read).map(Some)
    }

    /// A value that must stand here; as [`Self::mandatory`], in less time where it is primitive and
    /// short.
    #[inline(always)]
    pub(in crate::binary) fn value<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        let outer = match self.enter_value(Tag::from(number)) {
            Some(outer) => outer,
            None => self.enter_component(number, name)?,
        };
        self.contents(&outer, read)
            .map_err(|error| error.within(Step::Component(name, number.into())))
    }

    /// A value that may stand here.
    #[inline(always)]
    pub(in crate::binary) fn optional_value<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<Option<T>, BerError> {
        if !self.next_is(Tag::from(number)) {
            return Ok(None);
        }
        self.value(number, name, read).map(Some)
    }

    /// An element with a universal tag, such as those of most lists.
    #[inline(always)]
    pub(in crate::binary) fn element<T>(
        &mut self,
        tag: Tag,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        let outer = match self.enter_usual(tag) {
            Some(outer) => outer,
            None => self.enter_element(tag, name)?,
        };
        self.contents(&outer, read)
    }

    /// All elements up to the end of the contents; `read` takes one whole element.
    pub(in crate::binary) fn each<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, BerError>,
    ) -> Result<Vec<T>, BerError> {
        self.each_into(|r, list| {
            list.push(read(r)?);
            Ok(())
        })
    }

    /// As [`Self::each`], where `read` adds what it reads itself, so that what is large is not handed
    /// up from reader to reader.
    #[inline(always)]
    pub(in crate::binary) fn each_into<T>(
        &mut self,
        read: impl FnMut(&mut Self, &mut Vec<T>) -> Result<(), BerError>,
    ) -> Result<Vec<T>, BerError> {
        let mut list = Vec::new();
        self.fill(&mut list, read)?;
        Ok(list)
    }

    /// As [`Self::each_into`], of a list that is there already and has nothing in it. Most lists have one
    /// entry, and have room for it at first. The first one's length is taken to be one octet; one that is
    /// longer has room for others, which is little beside what it is itself.
    #[inline(always)]
    pub(in crate::binary) fn fill<T, L: Entries<T>>(
        &mut self,
        list: &mut L,
        mut read: impl FnMut(&mut Self, &mut L) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        // Constants, so that how much that is need not be worked out.
        *list = match self.rest {
            [] => L::with_room(0),
            [_, length, behind @ ..] if behind.len() > usize::from(*length) => L::with_room(FEW),
            [..] => L::with_room(1),
        };
        self.every(|r| read(r, list))
    }

    /// As [`Self::fill`], of elements that are each a SEQUENCE; `read` takes its contents.
    #[inline(always)]
    pub(in crate::binary) fn fill_sequences<T, L: Entries<T>>(
        &mut self,
        name: &'static str,
        list: &mut L,
        mut read: impl FnMut(&mut Self, &mut L) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        self.fill(list, |r, list| {
            r.element(Tag::SEQUENCE, name, |r| read(r, list))
        })
    }

    /// As [`Self::each`], where `read` keeps what it reads.
    #[inline(always)]
    pub(in crate::binary) fn every(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<(), BerError>,
    ) -> Result<(), BerError> {
        let mut place = 0;
        while !self.at_end() {
            self.count(place)?;
            read(self).map_err(|error| error.within(Step::Element(place)))?;
            place += 1;
        }
        Ok(())
    }

    /// All elements up to the end of the contents, each a SEQUENCE; `read` takes its contents.
    pub(in crate::binary) fn each_sequence<T>(
        &mut self,
        name: &'static str,
        mut read: impl FnMut(&mut Self) -> Result<T, BerError>,
    ) -> Result<Vec<T>, BerError> {
        self.each(|r| r.element(Tag::SEQUENCE, name, &mut read))
    }

    /// Counts an entry behind `place` others of its list.
    #[inline(always)]
    pub(super) fn count(&mut self, place: usize) -> Result<(), BerError> {
        self.entries += 1;
        if place >= self.limits.entries {
            let most = Expected::AtMost(self.limits.entries, "entries of a list");
            return Err(self.wrong(most));
        }
        if self.entries > self.limits.entries_total {
            let most = Expected::AtMost(self.limits.entries_total, "entries");
            return Err(self.wrong(most));
        }
        Ok(())
    }

    /// The end of a SEQUENCE that may be extended, behind its component `last`: what the module
    /// does not know is skipped.
    #[inline]
    pub(in crate::binary) fn extensions(&mut self, last: u8) -> Result<(), BerError> {
        self.extensible += 1;
        if self.at_end() {
            return Ok(());
        }
        self.skip_unknown(last)
    }

    #[cold]
    fn skip_unknown(&mut self, last: u8) -> Result<(), BerError> {
        let mut place = 0;
        while !self.at_end() {
            let known = self
                .alternative()
                .map_or_else(|| self.rest[0] & 0xc0 != 0x80, |number| number <= last);
            if known {
                return Err(self.wrong(Expected::Rule("end of contents")));
            }
            self.count(place)?;
            place += 1;
            let start = self.offset();
            self.skip()?;
            let element = &self.octets[start..self.offset()];
            if let Some(kept) = &mut self.kept {
                let place = self.extensible;
                kept.push(Kept { place, element });
            }
        }
        Ok(())
    }

    /// The octets 0 that some peers send behind a message, and nothing else.
    pub(in crate::binary) fn padding(&mut self) -> Result<(), BerError> {
        if self.rest.iter().any(|&octet| octet != 0) {
            return Err(self.wrong(Expected::End));
        }
        self.take_rest();
        Ok(())
    }

    #[inline(always)]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Goes on at a part of what is left, to its end.
    #[inline(always)]
    pub(super) fn go_to(&mut self, behind: &'a [u8]) {
        self.rest = behind;
    }

    /// What is left of the contents.
    #[inline(always)]
    fn take_rest(&mut self) -> &'a [u8] {
        let (rest, end) = self.rest.split_at(self.rest.len());
        self.rest = end;
        rest
    }

    /// One whole element, whatever it holds.
    fn skip(&mut self) -> Result<(), BerError> {
        let mut open = 0;
        loop {
            if open > 0 && self.rest.starts_with(&END_OF_CONTENTS) {
                self.rest = &self.rest[END_OF_CONTENTS.len()..];
                open -= 1;
            } else {
                let header = self.header()?;
                match header.length {
                    Some(length) => self.rest = &self.rest[length..],
                    None => open += 1,
                }
                self.check_depth(self.levels() + open)?;
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    fn check_depth(&self, depth: usize) -> Result<(), BerError> {
        if depth > self.limits.depth {
            return Err(self.too_deep());
        }
        Ok(())
    }

    /// How many elements there are within each other here.
    fn levels(&self) -> usize {
        self.state & !FLAGS
    }

    /// Whether the limits allow an element within this one, which is of known length itself.
    #[inline]
    pub(super) fn has_level(&self) -> bool {
        self.state < self.limits.depth
    }

    #[cold]
    fn too_deep(&self) -> BerError {
        self.wrong(Expected::AtMost(self.limits.depth, "levels of elements"))
    }

    /// What `read` makes of the contents of the element that was entered from `outer`.
    #[inline(always)]
    fn contents<T>(
        &mut self,
        outer: &Outer<'a>,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        let value = read(self)?;
        self.leave(outer)?;
        Ok(value)
    }

    /// Enters the element that begins here, if it has this tag and is one of nearly all that hold
    /// others. Nothing is taken where it is not.
    #[inline(always)]
    fn enter_usual(&mut self, tag: Tag) -> Option<Outer<'a>> {
        self.enter_constructed(tag, usual(self.rest)?)
    }

    /// The same of an element of so many contents that its length has two octets more.
    #[inline(always)]
    fn enter_large(&mut self, tag: Tag) -> Option<Outer<'a>> {
        self.enter_constructed(tag, large(self.rest)?)
    }

    #[inline(always)]
    fn enter_constructed(
        &mut self,
        tag: Tag,
        (identifier, contents, behind): (u8, &'a [u8], &'a [u8]),
    ) -> Option<Outer<'a>> {
        if identifier != tag.constructed() || !self.has_level() {
            return None;
        }
        let state = self.state;
        self.rest = contents;
        self.state = state + 1;
        Some(Outer { behind, state })
    }

    /// Enters the element that begins here, if it has this tag and is one of nearly all that are values.
    /// Nothing is taken where it is not.
    #[inline(always)]
    fn enter_value(&mut self, tag: Tag) -> Option<Outer<'a>> {
        let (identifier, contents, behind) = brief(self.rest)?;
        if identifier != tag.primitive() {
            return None;
        }
        let state = self.state;
        self.rest = contents;
        self.state = self.levels() | VALUE;
        Some(Outer { behind, state })
    }

    /// Enters a component that must stand here, in any form.
    #[inline(never)]
    fn enter_component(&mut self, number: u8, name: &'static str) -> Result<Outer<'a>, BerError> {
        let tag = Tag::from(number);
        if let Some(outer) = self.enter_large(tag) {
            return Ok(outer);
        }
        if !self.next_is(tag) {
            return Err(self.wrong(Expected::Rule(name)));
        }
        self.enter()
            .map_err(|error| error.within(Step::Component(name, number.into())))
    }

    /// Enters an element that must stand here, in any form.
    #[inline(never)]
    fn enter_element(&mut self, tag: Tag, name: &'static str) -> Result<Outer<'a>, BerError> {
        if let Some(outer) = self.enter_large(tag) {
            return Ok(outer);
        }
        if !self.next_is(tag) {
            return Err(self.wrong(Expected::Rule(name)));
        }
        self.enter()
    }

    #[cold]
    fn enter(&mut self) -> Result<Outer<'a>, BerError> {
        let header = self.header()?;
        let state = self.state;
        self.state = self.levels();
        let mut behind = self.rest;
        match header.length {
            Some(length) => (self.rest, behind) = self.rest.split_at(length),
            None => self.state |= INDEFINITE,
        }
        if header.constructed {
            self.state += 1;
            self.check_depth(self.levels())?;
        } else {
            self.state |= VALUE;
        }
        Ok(Outer { behind, state })
    }

    #[inline(always)]
    fn leave(&mut self, outer: &Outer<'a>) -> Result<(), BerError> {
        self.rest = if self.state & FLAGS == 0 && self.rest.is_empty() {
            outer.behind
        } else {
            self.behind_unusual()?
        };
        self.state = outer.state;
        Ok(())
    }

    /// What stands behind an element of indefinite length, if it ends here.
    #[cold]
    fn behind_unusual(&self) -> Result<&'a [u8], BerError> {
        if self.state & VALUE != 0 {
            return Err(self.wrong(Expected::Rule("constructed element")));
        }
        match self.rest.strip_prefix(&END_OF_CONTENTS) {
            Some(behind) if self.state & INDEFINITE != 0 => Ok(behind),
            Some(_) | None => Err(self.wrong(Expected::Rule("end of contents"))),
        }
    }

    /// Takes the header of the element that begins here, whose contents are all there.
    fn header(&mut self) -> Result<ElementHeader, BerError> {
        let header = match ElementHeader::short(self.rest) {
            Some(header) => header,
            None => ElementHeader::any(self.rest).map_err(|expected| self.wrong(expected))?,
        };
        self.rest = &self.rest[header.octets..];
        Ok(header)
    }

    /// The contents of a primitive element.
    #[inline(always)]
    pub(super) fn take_value(&mut self) -> Option<&'a [u8]> {
        if self.state & VALUE == 0 {
            return None;
        }
        self.state &= !VALUE;
        Some(self.take_rest())
    }

    /// The contents of a string, which may be in segments.
    #[inline]
    pub(super) fn take_string(&mut self) -> Result<Cow<'a, [u8]>, BerError> {
        match self.take_value() {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.join_segments(),
        }
    }

    #[cold]
    fn join_segments(&mut self) -> Result<Cow<'a, [u8]>, BerError> {
        let mut joined = Cow::Borrowed(&[][..]);
        let mut place = 0;
        while !self.at_end() {
            self.count(place)?;
            place += 1;
            let known = [Tag::OCTET_STRING, Tag::IA5_STRING, Tag::UTF8_STRING];
            if !known.iter().any(|&tag| self.next_is(tag)) {
                return Err(self.wrong(Expected::Rule("segment of a string")));
            }
            let outer = self.enter()?;
            let segment = self.contents(&outer, Self::take_string)?;
            if joined.is_empty() {
                joined = segment;
            } else {
                joined.to_mut().extend_from_slice(&segment);
            }
        }
        Ok(joined)
    }
}
