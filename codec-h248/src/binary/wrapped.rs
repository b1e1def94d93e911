//! Values of packages: an OCTET STRING that holds one whole BER element (H.248.1 12.2, Annex A.2
//! `Value`). Some peers put the value's octets there as they are; these are read too.

use std::borrow::Cow;

use asn1_rs::Integer;

use super::{
    BinaryProfile,
    ber::{BerReader, BerWriter, Tag, leaf},
};
use crate::Limits;

/// What a value's OCTET STRING holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Wrapped<'a> {
    /// BOOLEAN
    Boolean(bool),
    /// INTEGER
    Integer(i64),
    /// ENUMERATED
    Enumerated(i64),
    /// IA5String or UTF8String.
    Text(Cow<'a, str>),
    /// OCTET STRING
    Octets(Cow<'a, [u8]>),
    /// `$` or `*` where no form of their own stands for them: UTF8String of that sign alone, which
    /// no string is written as.
    Wildcard(&'static str),
    /// Octets that are none of these elements.
    Raw(Cow<'a, [u8]>),
}

impl<'a> Wrapped<'a> {
    /// What an OCTET STRING holds.
    #[inline]
    pub(super) fn read(octets: Cow<'a, [u8]>, limits: &Limits, profile: &'a BinaryProfile) -> Self {
        match octets {
            Cow::Borrowed(octets) => Self::of(octets, limits, profile),
            Cow::Owned(octets) => Wrapped::of(&octets, limits, profile).into_owned(),
        }
    }

    /// What these octets are.
    #[inline(always)]
    pub(super) fn of(octets: &'a [u8], limits: &Limits, profile: &'a BinaryProfile) -> Self {
        // Nearly all values are short.
        if let [identifier, length @ 0..0x80, contents @ ..] = octets
            && contents.len() == usize::from(*length)
            && let Some(tag) = TAGS.iter().find(|tag| tag.primitive() == *identifier)
        {
            let found = Self::element(*tag, Cow::Borrowed(contents));
            return found.unwrap_or(Self::Raw(Cow::Borrowed(octets)));
        }
        Self::of_any(octets, limits, profile)
    }

    /// What octets are that may be an element in any form.
    #[cold]
    fn of_any(octets: &'a [u8], limits: &Limits, profile: &'a BinaryProfile) -> Self {
        let mut r = BerReader::new(octets, limits, profile);
        any_element(&mut r).unwrap_or(Self::Raw(Cow::Borrowed(octets)))
    }

    /// The element of this tag and these contents.
    #[inline(always)]
    fn element(tag: Tag, contents: Cow<'a, [u8]>) -> Option<Self> {
        match tag {
            Tag::BOOLEAN => match *contents {
                [octet] => Some(Self::Boolean(octet != 0)),
                _ => None,
            },
            Tag::INTEGER => number(&contents).map(Self::Integer),
            Tag::ENUMERATED => number(&contents).map(Self::Enumerated),
            Tag::OCTET_STRING => Some(Self::Octets(contents)),
            Tag::UTF8_STRING if *contents == *b"$" => Some(Self::Wildcard("$")),
            Tag::UTF8_STRING if *contents == *b"*" => Some(Self::Wildcard("*")),
            _ => text(contents).ok().map(Self::Text),
        }
    }

    fn into_owned<'b>(self) -> Wrapped<'b> {
        match self {
            Self::Boolean(on) => Wrapped::Boolean(on),
            Self::Integer(number) => Wrapped::Integer(number),
            Self::Enumerated(number) => Wrapped::Enumerated(number),
            Self::Text(text) => Wrapped::Text(Cow::Owned(text.into_owned())),
            Self::Octets(octets) => Wrapped::Octets(Cow::Owned(octets.into_owned())),
            Self::Wildcard(sign) => Wrapped::Wildcard(sign),
            Self::Raw(octets) => Wrapped::Raw(Cow::Owned(octets.into_owned())),
        }
    }

    /// Writes the OCTET STRING.
    pub(super) fn write(&self, w: &mut BerWriter<'_>) {
        match self {
            Self::Boolean(on) => w.wrapped(|w| w.boolean(Tag::BOOLEAN, *on)),
            Self::Integer(number) => w.wrapped(|w| w.integer(Tag::INTEGER, *number)),
            Self::Enumerated(number) => w.wrapped(|w| w.integer(Tag::ENUMERATED, *number)),
            Self::Text(text) => {
                let tag = if text.is_ascii() {
                    Tag::IA5_STRING
                } else {
                    Tag::UTF8_STRING
                };
                w.wrapped(|w| w.text(tag, text));
            }
            Self::Octets(octets) => w.wrapped(|w| w.octets(Tag::OCTET_STRING, octets)),
            Self::Wildcard(sign) => w.wrapped(|w| w.text(Tag::UTF8_STRING, sign)),
            Self::Raw(octets) => w.octets(Tag::OCTET_STRING, octets),
        }
    }
}

/// The tags of the elements that values are.
const TAGS: [Tag; 6] = [
    Tag::INTEGER,
    Tag::IA5_STRING,
    Tag::ENUMERATED,
    Tag::OCTET_STRING,
    Tag::BOOLEAN,
    Tag::UTF8_STRING,
];

/// An element in any form of BER, and nothing behind it.
fn any_element<'a>(r: &mut BerReader<'a>) -> Option<Wrapped<'a>> {
    let tag = TAGS.into_iter().find(|&tag| r.next_is(tag))?;
    let contents = r.element(tag, "value", leaf::octets).ok()?;
    if !r.at_end() {
        return None;
    }
    Wrapped::element(tag, contents)
}

/// The contents of an INTEGER or ENUMERATED. Those of few octets are nearly all, and asn1-rs copies
/// them.
#[inline]
fn number(contents: &[u8]) -> Option<i64> {
    match *contents {
        [] => None,
        [octet] => Some(i8::from_be_bytes([octet]).into()),
        [high, low] => Some(i16::from_be_bytes([high, low]).into()),
        [a, b, c, d] => Some(i32::from_be_bytes([a, b, c, d]).into()),
        _ => Integer::new(contents).as_i64().ok(),
    }
}

/// Octets as text, or as they were.
pub(super) fn text(octets: Cow<'_, [u8]>) -> Result<Cow<'_, str>, Cow<'_, [u8]>> {
    match octets {
        Cow::Borrowed(octets) => std::str::from_utf8(octets)
            .map(Cow::Borrowed)
            .map_err(|_| Cow::Borrowed(octets)),
        Cow::Owned(octets) => String::from_utf8(octets)
            .map(Cow::Owned)
            .map_err(|error| Cow::Owned(error.into_bytes())),
    }
}
