//! Elements written from the last octet to the first.

use super::tag::Tag;
use crate::{
    Step,
    binary::{BinaryProfile, EncodeError, Unsayable, ber::reader::Kept},
};

/// Room is made for at least so many octets at once.
const ROOM: usize = 512;

/// Writes a message behind what stands in a buffer already. Everything is written in reverse:
/// the last component first.
pub(in crate::binary) struct BerWriter<'w> {
    out: &'w mut Vec<u8>,
    /// How much of `out` is not ours.
    before: usize,
    /// Where in `out` the first octet written stands.
    at: usize,
    version: u8,
    profile: &'w BinaryProfile,
    depth: usize,
    /// What cannot be said, and how deep in the message the way to it is known to begin.
    error: Option<(EncodeError, usize)>,
    /// How many extensible SEQUENCEs are still to end, and what stands at their ends.
    extensible: usize,
    kept: &'w [Kept<'w>],
}

impl<'w> BerWriter<'w> {
    pub(in crate::binary) fn new(
        version: u8,
        profile: &'w BinaryProfile,
        out: &'w mut Vec<u8>,
    ) -> Self {
        let before = out.len();
        out.resize(before + ROOM, 0);
        Self {
            at: out.len(),
            out,
            before,
            version,
            profile,
            depth: 0,
            error: None,
            extensible: 0,
            kept: &[],
        }
    }

    /// Writes elements that the module does not know at the ends of SEQUENCEs, of which there are to
    /// be `extensible`.
    pub(in crate::binary) fn keeping(mut self, extensible: usize, kept: &'w [Kept<'w>]) -> Self {
        self.extensible = extensible;
        self.kept = kept;
        self
    }

    /// Whether as many SEQUENCEs have ended as were to be, so that all that was kept has its place.
    pub(in crate::binary) fn has_kept(&self) -> bool {
        self.extensible == 0 && self.kept.is_empty()
    }

    /// What the two sides have agreed on.
    pub(in crate::binary) fn profile(&self) -> &'w BinaryProfile {
        self.profile
    }

    /// The version of the syntax that is written.
    pub(in crate::binary) fn version(&self) -> u8 {
        self.version
    }

    /// Moves what was written to its place, or takes it away again.
    pub(in crate::binary) fn finish(self) -> Result<(), EncodeError> {
        if let Some((mut error, _)) = self.error {
            self.out.truncate(self.before);
            error.path.reverse();
            return Err(error);
        }
        let written = self.out.len() - self.at;
        self.out.copy_within(self.at.., self.before);
        self.out.truncate(self.before + written);
        Ok(())
    }

    /// Notes what cannot be said here. What is written from here on is thrown away.
    #[cold]
    pub(in crate::binary) fn fail(&mut self, what: Unsayable) {
        let error = EncodeError {
            what,
            path: Vec::new(),
        };
        let depth = self.depth;
        self.error.get_or_insert((error, depth));
    }

    /// Notes that `component` exists since a version, which must have been reached.
    #[inline]
    pub(in crate::binary) fn since(&mut self, version: u8, component: &'static str) {
        if self.version < version {
            self.fail(Unsayable::Newer { component, version });
        }
    }

    /// The end of a SEQUENCE that may be extended; it comes before its components.
    #[inline]
    pub(in crate::binary) fn extensions(&mut self) {
        if !self.kept.is_empty() {
            self.write_kept();
        }
        self.extensible = self.extensible.wrapping_sub(1);
    }

    #[cold]
    fn write_kept(&mut self) {
        while let Some((last, others)) = self.kept.split_last() {
            if last.place != self.extensible {
                break;
            }
            self.put(last.element);
            self.kept = others;
        }
    }

    /// Octets before all others.
    #[inline]
    pub(in crate::binary) fn put(&mut self, octets: &[u8]) {
        if self.at - self.before < octets.len() {
            self.make_room(octets.len());
        }
        let start = self.at - octets.len();
        self.out[start..self.at].copy_from_slice(octets);
        self.at = start;
    }

    #[cold]
    fn make_room(&mut self, octets: usize) {
        let end = self.out.len();
        let more = octets.max(end - self.before).max(ROOM);
        self.out.resize(end + more, 0);
        self.out.copy_within(self.at..end, self.at + more);
        self.at += more;
    }

    /// How many octets have been written.
    #[inline]
    fn written(&self) -> usize {
        self.out.len() - self.at
    }

    /// Identifier and length of an element, in the shortest form.
    #[inline]
    fn header(&mut self, identifier: u8, length: usize) {
        if let Ok(length @ 0..0x80) = u8::try_from(length) {
            self.put(&[identifier, length]);
        } else {
            self.long_header(identifier, length);
        }
    }

    fn long_header(&mut self, identifier: u8, length: usize) {
        let octets = (length as u64).to_be_bytes();
        match octets {
            [0, 0, 0, 0, 0, 0, 0, low] => self.put(&[identifier, 0x81, low]),
            [0, 0, 0, 0, 0, 0, high, low] => self.put(&[identifier, 0x82, high, low]),
            _ => {
                let leading = octets.iter().take_while(|&&octet| octet == 0).count();
                self.put(&octets[leading..]);
                let count = u8::try_from(octets.len() - leading).expect("eight at most");
                self.put(&[identifier, 0x80 | count]);
            }
        }
    }

    /// A step deeper into the message: what cannot be said within it is found by it.
    #[inline]
    fn within(&mut self, step: impl FnOnce() -> Step, write: impl FnOnce(&mut Self)) {
        self.depth += 1;
        write(self);
        self.depth -= 1;
        if self.error.is_some() {
            self.trace(step());
        }
    }

    #[cold]
    fn trace(&mut self, step: Step) {
        if let Some((error, depth)) = &mut self.error
            && *depth > self.depth
        {
            error.path.push(step);
            *depth = self.depth;
        }
    }

    /// A component that holds others: SEQUENCE, SEQUENCE OF, or the shell of a CHOICE.
    #[inline]
    pub(in crate::binary) fn constructed(
        &mut self,
        number: u8,
        name: &'static str,
        write: impl FnOnce(&mut Self),
    ) {
        let step = || Step::Component(name, number.into());
        self.within(step, |w| w.element(Tag::from(number), write));
    }

    /// An element that holds others, such as those of most lists.
    #[inline]
    pub(in crate::binary) fn element(&mut self, tag: Tag, write: impl FnOnce(&mut Self)) {
        let behind = self.written();
        write(self);
        let length = self.written() - behind;
        self.header(tag.constructed(), length);
    }

    /// All entries of a list; `write` writes one whole element.
    pub(in crate::binary) fn each<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        for (place, item) in list.iter().enumerate().rev() {
            self.entry(place, |w| write(w, item));
        }
    }

    /// An entry of a list, of which those behind it have been written.
    pub(in crate::binary) fn entry(&mut self, place: usize, write: impl FnOnce(&mut Self)) {
        self.within(|| Step::Element(place), write);
    }

    /// All entries of a list, each a SEQUENCE; `write` writes its contents.
    pub(in crate::binary) fn each_sequence<T>(
        &mut self,
        list: &[T],
        mut write: impl FnMut(&mut Self, &T),
    ) {
        self.each(list, |w, item| w.element(Tag::SEQUENCE, |w| write(w, item)));
    }

    /// OCTET STRING that holds the element that `write` writes.
    pub(in crate::binary) fn wrapped(&mut self, write: impl FnOnce(&mut Self)) {
        let behind = self.written();
        write(self);
        let length = self.written() - behind;
        self.header(Tag::OCTET_STRING.primitive(), length);
    }

    /// A primitive element with these contents.
    #[inline]
    pub(in crate::binary) fn primitive(&mut self, tag: impl Into<Tag>, contents: &[u8]) {
        self.put(contents);
        self.header(tag.into().primitive(), contents.len());
    }

    /// NULL
    pub(in crate::binary) fn null(&mut self, tag: impl Into<Tag>) {
        self.primitive(tag, &[]);
    }

    /// NULL, where it is to stand.
    pub(in crate::binary) fn null_if(&mut self, tag: impl Into<Tag>, stands: bool) {
        if stands {
            self.null(tag);
        }
    }

    /// BOOLEAN
    pub(in crate::binary) fn boolean(&mut self, tag: impl Into<Tag>, value: bool) {
        self.primitive(tag, &[if value { 0xff } else { 0 }]);
    }

    /// INTEGER or ENUMERATED that is not negative.
    #[inline]
    pub(in crate::binary) fn unsigned(&mut self, tag: impl Into<Tag>, value: impl Into<u32>) {
        let value = value.into();
        match u8::try_from(value) {
            Ok(value @ 0..0x80) => self.put(&[tag.into().primitive(), 1, value]),
            Ok(_) | Err(_) => self.integer(tag, i64::from(value)),
        }
    }

    /// INTEGER
    #[inline]
    pub(in crate::binary) fn integer(&mut self, tag: impl Into<Tag>, value: i64) {
        let octets = value.to_be_bytes();
        let sign = if value < 0 { u64::MAX } else { 0 };
        let same = ((value as u64) ^ sign).leading_zeros();
        // One bit of the sign must stay.
        let leading = (same.saturating_sub(1) / 8) as usize;
        self.primitive(tag, &octets[leading..]);
    }

    /// ENUMERATED: the number that a table, which the reader uses too, gives a value.
    pub(in crate::binary) fn enumerated<T: Copy + PartialEq>(
        &mut self,
        tag: impl Into<Tag>,
        values: &[(u32, T)],
        value: T,
    ) {
        let number = values.iter().find(|(_, candidate)| *candidate == value);
        let &(number, _) = number.expect("a table has all values of its type");
        self.unsigned(tag, number);
    }

    /// BIT STRING of named bits, of which the lowest bit of the number is the first; the shortest
    /// form leaves out what is 0 at its end.
    pub(in crate::binary) fn bits(&mut self, tag: impl Into<Tag>, bits: u32) {
        let used = 32 - bits.leading_zeros();
        let octets = bits.reverse_bits().to_be_bytes();
        let taken = used.div_ceil(8) as usize;
        let unused = (8 - used % 8) % 8;
        let mut contents = [0; 5];
        contents[0] = unused as u8;
        contents[1..].copy_from_slice(&octets);
        self.primitive(tag, &contents[..=taken]);
    }

    /// OCTET STRING
    pub(in crate::binary) fn octets(&mut self, tag: impl Into<Tag>, octets: &[u8]) {
        self.primitive(tag, octets);
    }

    /// IA5String
    pub(in crate::binary) fn text(&mut self, tag: impl Into<Tag>, text: &str) {
        self.primitive(tag, text.as_bytes());
    }
}
