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
