//! A cursor over the elements of a message.

use std::{borrow::Cow, ops::Range};

use super::{
    error::BerError,
    header::ElementHeader,
    tag::{LONG, Tag},
};
use crate::{Expected, Limits, Step, binary::BinaryProfile};

/// Elements within each other, whatever the limits say: segments of strings are joined by a function
/// that calls itself, and a thread's stack has an end.
const MOST_DEPTH: usize = 256;
/// What ends the contents of an element of indefinite length.
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// A place in a message, within the contents of one element. A noun's reader finds it at the
/// first octet of the noun's contents, and leaves it behind the last one.
pub(in crate::binary) struct BerReader<'a> {
    octets: &'a [u8],
    at: usize,
    /// Where the contents end; of an element of indefinite length, where they end at the latest.
    end: usize,
    indefinite: bool,
    /// Whether the contents are a value that no leaf has taken yet.
    value: bool,
    depth: usize,
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
struct Outer {
    end: usize,
    indefinite: bool,
    value: bool,
    depth: usize,
}

impl<'a> BerReader<'a> {
    pub(in crate::binary) fn new(
        octets: &'a [u8],
        limits: &Limits,
        profile: &'a BinaryProfile,
    ) -> Self {
        Self {
            octets,
            at: 0,
            end: octets.len(),
            indefinite: false,
            value: false,
            depth: 0,
            entries: 0,
            limits: Limits {
                depth: limits.depth.min(MOST_DEPTH),
                ..*limits
            },
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
        self.wrong_in(self.at..self.end.min(self.at + 1), expected)
    }

    /// An error about the octets from `start` to this place.
    #[cold]
    pub(in crate::binary) fn wrong_since(&self, start: usize, expected: Expected) -> BerError {
        self.wrong_in(start..self.at, expected)
    }

    #[cold]
    fn wrong_in(&self, span: Range<usize>, expected: Expected) -> BerError {
        BerError::new(span, expected)
    }

    /// How many octets stand before this place.
    pub(in crate::binary) fn offset(&self) -> usize {
        self.at
    }

    /// How many octets are left of the contents, at the most.
    pub(in crate::binary) fn left(&self) -> usize {
        self.end - self.at
    }

    /// Whether nothing is left of the contents.
    #[inline(always)]
    pub(in crate::binary) fn at_end(&self) -> bool {
        if self.indefinite {
            self.at >= self.end || self.rest().starts_with(&END_OF_CONTENTS)
        } else {
            self.at >= self.end
        }
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        &self.octets[self.at..self.end]
    }

    /// The number of the next element's context tag, where it has one that the module may know:
    /// the alternative of a CHOICE.
    #[inline]
    pub(in crate::binary) fn alternative(&self) -> Option<u8> {
        let &identifier = self.rest().first()?;
        let number = identifier & LONG;
        (Tag::from(number).begins(identifier) && number != LONG).then_some(number)
    }

    /// Whether the next element has this tag.
    #[inline(always)]
    pub(in crate::binary) fn next_is(&self, tag: Tag) -> bool {
        self.rest()
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
        if !self.next_is(Tag::from(number)) {
            return Err(self.wrong(Expected::Rule(name)));
        }
        self.component(number, name, read)
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
        self.component(number, name, read).map(Some)
    }

    #[inline(always)]
    fn component<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        self.inside(read)
            .map_err(|error| error.within(Step::Component(name, number.into())))
    }

    /// An element with a universal tag, such as those of most lists.
    #[inline(always)]
    pub(in crate::binary) fn element<T>(
        &mut self,
        tag: Tag,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        if !self.next_is(tag) {
            return Err(self.wrong(Expected::Rule(name)));
        }
        self.inside(read)
    }

    /// All elements up to the end of the contents; `read` takes one whole element.
    pub(in crate::binary) fn each<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, BerError>,
    ) -> Result<Vec<T>, BerError> {
        let mut list = Vec::new();
        self.every(|r| {
            list.push(read(r)?);
            Ok(())
        })?;
        Ok(list)
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
    fn count(&mut self, place: usize) -> Result<(), BerError> {
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
                .map_or_else(|| self.rest()[0] & 0xc0 != 0x80, |number| number <= last);
            if known {
                return Err(self.wrong(Expected::Rule("end of contents")));
            }
            self.count(place)?;
            place += 1;
            let start = self.at;
            self.skip()?;
            if let Some(kept) = &mut self.kept {
                kept.push(Kept {
                    place: self.extensible,
                    element: &self.octets[start..self.at],
                });
            }
        }
        Ok(())
    }

    /// The octets 0 that some peers send behind a message, and nothing else.
    pub(in crate::binary) fn padding(&mut self) -> Result<(), BerError> {
        if self.rest().iter().any(|&octet| octet != 0) {
            return Err(self.wrong(Expected::End));
        }
        self.at = self.end;
        Ok(())
    }

    /// One whole element, whatever it holds.
    fn skip(&mut self) -> Result<(), BerError> {
        let mut open = 0;
        loop {
            if open > 0 && self.rest().starts_with(&END_OF_CONTENTS) {
                self.at += END_OF_CONTENTS.len();
                open -= 1;
            } else {
                let header = self.header()?;
                match header.length {
                    Some(length) => self.at += length,
                    None => open += 1,
                }
                self.check_depth(self.depth + open)?;
            }
            if open == 0 {
                return Ok(());
            }
        }
    }

    /// The contents of the element that begins here.
    #[inline(always)]
    fn inside<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        let outer = self.enter()?;
        let value = read(self)?;
        self.leave(&outer)?;
        Ok(value)
    }

    #[inline(always)]
    fn enter(&mut self) -> Result<Outer, BerError> {
        let header = self.header()?;
        let outer = Outer {
            end: self.end,
            indefinite: self.indefinite,
            value: self.value,
            depth: self.depth,
        };
        self.indefinite = header.length.is_none();
        if let Some(length) = header.length {
            self.end = self.at + length;
        }
        self.value = !header.constructed;
        if header.constructed {
            self.depth += 1;
            self.check_depth(self.depth)?;
        }
        Ok(outer)
    }

    #[inline(always)]
    fn leave(&mut self, outer: &Outer) -> Result<(), BerError> {
        if self.value {
            return Err(self.wrong(Expected::Rule("constructed element")));
        }
        if !self.at_end() || (self.indefinite && self.at >= self.end) {
            return Err(self.wrong(Expected::Rule("end of contents")));
        }
        if self.indefinite {
            self.at += END_OF_CONTENTS.len();
        }
        self.end = outer.end;
        self.indefinite = outer.indefinite;
        self.value = outer.value;
        self.depth = outer.depth;
        Ok(())
    }

    fn check_depth(&self, depth: usize) -> Result<(), BerError> {
        if depth > self.limits.depth {
            let most = Expected::AtMost(self.limits.depth, "levels of elements");
            return Err(self.wrong(most));
        }
        Ok(())
    }

    /// Takes the header of the element that begins here, whose contents are all there.
    #[inline(always)]
    fn header(&mut self) -> Result<ElementHeader, BerError> {
        let Some(header) = ElementHeader::usual(self.rest()) else {
            return self.any_header();
        };
        self.at += header.octets;
        Ok(header)
    }

    #[cold]
    fn any_header(&mut self) -> Result<ElementHeader, BerError> {
        let header = ElementHeader::any(self.rest()).map_err(|expected| self.wrong(expected))?;
        self.at += header.octets;
        Ok(header)
    }

    /// The contents of a primitive element.
    #[inline(always)]
    pub(super) fn take_value(&mut self) -> Option<&'a [u8]> {
        if !self.value {
            return None;
        }
        let value = self.rest();
        self.at = self.end;
        self.value = false;
        Some(value)
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
            let segment = self.inside(Self::take_string)?;
            if joined.is_empty() {
                joined = segment;
            } else {
                joined.to_mut().extend_from_slice(&segment);
            }
        }
        Ok(joined)
    }
}
