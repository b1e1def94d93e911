//! Headers of elements: what stands before their contents.

use asn1_rs::{FromBer, Header, Length};

use super::tag::{CONSTRUCTED, LONG};
use crate::Expected;

/// What a header says.
pub(super) struct ElementHeader {
    /// Octets of the header itself.
    pub(super) octets: usize,
    /// Whether the contents are elements.
    pub(super) constructed: bool,
    /// Octets of contents; `None` where they end at an end of contents.
    pub(super) length: Option<usize>,
}

/// The first element of `rest`, if it is one of nearly all: an identifier of one octet, a length of
/// one, and the contents all there. Its identifier, its contents, and what stands behind it. The
/// caller knows that the identifier is of one octet.
#[inline(always)]
pub(super) fn brief(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [identifier, length @ 0..=0x7f, behind @ ..] = rest else {
        return None;
    };
    let (contents, behind) = behind.split_at_checked(usize::from(*length))?;
    Some((*identifier, contents, behind))
}

/// As [`brief`], where the length may have one octet more, as it has in elements that hold many.
#[inline(always)]
pub(super) fn usual(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let ([identifier, length @ 0..=0x7f, behind @ ..] | [identifier, 0x81, length, behind @ ..]) =
        rest
    else {
        return None;
    };
    let (contents, behind) = behind.split_at_checked(usize::from(*length))?;
    Some((*identifier, contents, behind))
}

/// As [`brief`], where the length has two octets more, as it has in what is around most of a large
/// message.
#[inline(always)]
pub(super) fn large(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [identifier, 0x82, high, low, behind @ ..] = rest else {
        return None;
    };
    let length = u16::from_be_bytes([*high, *low]);
    let (contents, behind) = behind.split_at_checked(usize::from(length))?;
    Some((*identifier, contents, behind))
}

impl ElementHeader {
    /// The header of the first element of `rest`, if it is two octets, or a length of one or two
    /// octets more, and the contents all there. [`Self::any`] needs several times as long for it.
    pub(super) fn short(rest: &[u8]) -> Option<Self> {
        let (octets, length) = match rest {
            [_, length @ 0..=0x7f, ..] => (2, usize::from(*length)),
            [_, 0x81, length, ..] => (3, usize::from(*length)),
            [_, 0x82, high, low, ..] => (4, usize::from(u16::from_be_bytes([*high, *low]))),
            _ => return None,
        };
        let identifier = rest[0];
        if identifier & LONG == LONG || length > rest.len() - octets {
            return None;
        }
        Some(Self {
            octets,
            constructed: identifier & CONSTRUCTED != 0,
            length: Some(length),
        })
    }

    /// The header of the first element of `rest`, in any form.
    #[cold]
    pub(super) fn any(rest: &[u8]) -> Result<Self, Expected> {
        let Ok((contents, header)) = Header::from_ber(rest) else {
            return Err(Expected::Rule("element"));
        };
        let length = match header.length() {
            Length::Definite(length) if length > contents.len() => {
                return Err(Expected::AtMost(contents.len(), "octets of contents"));
            }
            Length::Definite(length) => Some(length),
            Length::Indefinite => None,
        };
        Ok(Self {
            octets: rest.len() - contents.len(),
            constructed: header.is_constructed(),
            length,
        })
    }
}
