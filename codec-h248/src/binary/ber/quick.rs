//! Components that are values, read at once where they are as nearly all are: primitive, short and
//! right. All others are read as any component is, which tells what is wrong with them.

use std::borrow::Cow;

use super::{
    error::BerError,
    header::brief,
    leaf::{self, small_unsigned},
    reader::BerReader,
    tag::Tag,
};

/// The contents of the one element that there is, if it is short and of this identifier.
#[inline(always)]
fn alone(octets: &[u8], identifier: u8) -> Option<&[u8]> {
    match brief(octets)? {
        (found, contents, []) if found == identifier => Some(contents),
        _ => None,
    }
}

impl<'a> BerReader<'a> {
    /// INTEGER that must stand here, as [`leaf::unsigned`] takes it.
    #[inline]
    pub(in crate::binary) fn unsigned<T: TryFrom<u32>>(
        &mut self,
        number: u8,
        name: &'static str,
    ) -> Result<T, BerError> {
        let of = |contents| T::try_from(small_unsigned(contents)?).ok();
        match self.quick(Tag::from(number), of) {
            Some(value) => Ok(value),
            None => self.thorough(number, name, leaf::unsigned),
        }
    }

    /// INTEGER that may stand here.
    #[inline]
    pub(in crate::binary) fn optional_unsigned<T: TryFrom<u32>>(
        &mut self,
        number: u8,
        name: &'static str,
    ) -> Result<Option<T>, BerError> {
        if !self.next_is(Tag::from(number)) {
            return Ok(None);
        }
        self.unsigned(number, name).map(Some)
    }

    /// What `of` makes of the INTEGER that must stand here; `read` is the same for any form, and
    /// where nothing is made.
    #[inline]
    pub(in crate::binary) fn unsigned_as<T>(
        &mut self,
        number: u8,
        name: &'static str,
        of: impl FnOnce(u32) -> Option<T>,
        read: fn(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        match self.quick(Tag::from(number), |contents| of(small_unsigned(contents)?)) {
            Some(value) => Ok(value),
            None => self.thorough(number, name, read),
        }
    }

    /// OCTET STRING of `N` octets that must stand here.
    #[inline]
    pub(in crate::binary) fn array<const N: usize>(
        &mut self,
        number: u8,
        name: &'static str,
    ) -> Result<[u8; N], BerError> {
        match self.quick(Tag::from(number), |contents| contents.try_into().ok()) {
            Some(value) => Ok(value),
            None => self.thorough(number, name, leaf::array),
        }
    }

    /// OCTET STRING that must stand here.
    #[inline]
    pub(in crate::binary) fn octets(
        &mut self,
        number: u8,
        name: &'static str,
    ) -> Result<Cow<'a, [u8]>, BerError> {
        let most = self.limits().value;
        let of = |contents: &'a [u8]| (contents.len() <= most).then_some(contents);
        match self.quick(Tag::from(number), of) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.thorough(number, name, leaf::octets),
        }
    }

    /// OCTET STRING with its universal tag, an entry of a list.
    #[inline]
    pub(in crate::binary) fn octets_entry(
        &mut self,
        name: &'static str,
    ) -> Result<Cow<'a, [u8]>, BerError> {
        let most = self.limits().value;
        let of = |contents: &'a [u8]| (contents.len() <= most).then_some(contents);
        match self.quick(Tag::OCTET_STRING, of) {
            Some(value) => Ok(Cow::Borrowed(value)),
            None => self.element(Tag::OCTET_STRING, name, leaf::octets),
        }
    }

    /// IA5String or OCTET STRING of characters of ASCII that must stand here, so many octets at most
    /// and all of them legal; `read` is the same for any form.
    #[inline]
    pub(in crate::binary) fn ascii(
        &mut self,
        number: u8,
        name: &'static str,
        most: usize,
        legal: &[bool; 256],
        read: fn(&mut Self) -> Result<Cow<'a, str>, BerError>,
    ) -> Result<Cow<'a, str>, BerError> {
        let of = |contents: &'a [u8]| {
            if !(1..=most).contains(&contents.len()) {
                return None;
            }
            // All octets are looked at, since a loop that may end early is not unrolled.
            let all = |all, octet: &u8| all & legal[usize::from(*octet)];
            let text = std::str::from_utf8(contents).ok();
            text.filter(|_| contents.iter().fold(true, all))
        };
        match self.quick(Tag::from(number), of) {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.thorough(number, name, read),
        }
    }

    /// The text that is all that is left: a list, that component, of one OCTET STRING that holds an
    /// IA5String, each short and the text taken by `is_plain`. Nothing is taken where it is not.
    #[inline(always)]
    pub(in crate::binary) fn wrapped_text(
        &mut self,
        number: u8,
        is_plain: impl FnOnce(&'a [u8]) -> bool,
    ) -> Option<&'a [u8]> {
        let value = alone(self.rest(), Tag::from(number).constructed())?;
        let octets = alone(value, Tag::OCTET_STRING.primitive())?;
        let text = alone(octets, Tag::IA5_STRING.primitive())?;
        let fits = octets.len() <= self.limits().value && self.has_level();
        if !fits || !is_plain(text) {
            return None;
        }
        self.count(0).ok()?;
        self.go_to(&text[text.len()..]);
        Some(text)
    }

    /// Whether a list of nothing stands here, which is taken.
    #[inline]
    pub(in crate::binary) fn nothing(&mut self, number: u8) -> bool {
        match self.rest() {
            [identifier, 0, behind @ ..]
                if *identifier == Tag::from(number).constructed() && self.has_level() =>
            {
                self.go_to(behind);
                true
            }
            _ => false,
        }
    }

    /// What `of` makes of the contents of the element that begins here, if it has this tag and is
    /// one of nearly all. Nothing is taken where nothing is made.
    #[inline(always)]
    fn quick<T>(&mut self, tag: Tag, of: impl FnOnce(&'a [u8]) -> Option<T>) -> Option<T> {
        let (identifier, contents, behind) = brief(self.rest())?;
        if identifier != tag.primitive() {
            return None;
        }
        let value = of(contents)?;
        self.go_to(behind);
        Some(value)
    }

    #[cold]
    #[inline(never)]
    fn thorough<T>(
        &mut self,
        number: u8,
        name: &'static str,
        read: fn(&mut Self) -> Result<T, BerError>,
    ) -> Result<T, BerError> {
        self.mandatory(number, name, read)
    }
}
