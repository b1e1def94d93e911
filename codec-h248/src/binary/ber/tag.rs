//! Tags: the identifier octets of the elements that the module has.

/// The bit of an identifier octet that says that contents are elements themselves.
pub(super) const CONSTRUCTED: u8 = 0x20;
/// The bits of an identifier octet that say that the tag's number follows.
pub(super) const LONG: u8 = 0x1f;

/// The tag of an element: a context tag, made from its number, or a universal one. The module has
/// no number above 30, so that one octet says all.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::binary) struct Tag(u8);

impl Tag {
    /// BOOLEAN
    pub(in crate::binary) const BOOLEAN: Self = Self(0x01);
    /// INTEGER
    pub(in crate::binary) const INTEGER: Self = Self(0x02);
    /// OCTET STRING
    pub(in crate::binary) const OCTET_STRING: Self = Self(0x04);
    /// ENUMERATED
    pub(in crate::binary) const ENUMERATED: Self = Self(0x0a);
    /// UTF8String
    pub(in crate::binary) const UTF8_STRING: Self = Self(0x0c);
    /// SEQUENCE and SEQUENCE OF
    pub(in crate::binary) const SEQUENCE: Self = Self(0x10);
    /// IA5String
    pub(in crate::binary) const IA5_STRING: Self = Self(0x16);

    /// The identifier octet of a primitive element.
    pub(in crate::binary) const fn primitive(self) -> u8 {
        self.0
    }

    /// The identifier octet of a constructed element.
    pub(super) const fn constructed(self) -> u8 {
        self.0 | CONSTRUCTED
    }

    /// Whether an element that begins with this octet has this tag.
    pub(super) const fn begins(self, identifier: u8) -> bool {
        identifier & !CONSTRUCTED == self.0
    }
}

impl From<u8> for Tag {
    /// The context tag of this number.
    fn from(number: u8) -> Self {
        Self(0x80 | (number & LONG))
    }
}
