//! Nouns that are one word in text and one string in JSON. What the parts of a word may hold is
//! checked with the whole message.

use std::{borrow::Cow, net::IpAddr};

use bounded_static::IntoBoundedStatic;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{Host, MId, PackageItem, TimeStamp};

/// A string, borrowed where the input has it without escapes.
#[derive(Deserialize)]
struct Word<'w>(#[serde(borrow)] Cow<'w, str>);

/// Ties a noun to its `Display` form and to the function that takes that apart.
macro_rules! word {
    ($type:ident $(<$life:lifetime>)?, $split:path, $expected:literal, $pattern:literal) => {
        impl $(<$life>)? Serialize for $type $(<$life>)? {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de $(: $life, $life)?> Deserialize<'de> for $type $(<$life>)? {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let found = match Word::deserialize(deserializer)?.0 {
                    Cow::Borrowed(word) => $split(word).ok_or(Cow::Borrowed(word)),
                    Cow::Owned(word) => match $split(&word) {
                        Some(noun) => Ok(noun.into_static()),
                        None => Err(Cow::Owned(word)),
                    },
                };
                found.map_err(|word| {
                    de::Error::invalid_value(de::Unexpected::Str(&word), &$expected)
                })
            }
        }

        #[cfg(feature = "schema")]
        super::own_schema!($type $(<$life>)?, _generator => schemars::json_schema!({
            "type": "string",
            "description": $expected,
            "pattern": $pattern,
        }));
    };
}

word!(
    PackageItem<'a>,
    package_item,
    "`package/item`, or `*` for either",
    "^[^/]+/[^/]+$"
);
word!(
    MId<'a>,
    mid,
    "`[address]:port`, `<domain>:port`, `MTP{hexadecimal}` or a device's path name",
    "^."
);
word!(
    TimeStamp,
    time_stamp,
    "`yyyymmddThhmmssss`",
    "^[0-9]{8}T[0-9]{8}$"
);

fn package_item(word: &str) -> Option<PackageItem<'_>> {
    let (package, item) = word.split_once('/')?;
    Some(PackageItem {
        package: Cow::Borrowed(package),
        item: Cow::Borrowed(item),
    })
}

/// The form that `MId` is displayed in.
pub(super) fn mid(word: &str) -> Option<MId<'_>> {
    if let Some(rest) = word.strip_prefix('[') {
        let (address, rest) = rest.split_once(']')?;
        let host = Host(address.parse::<IpAddr>().ok()?);
        let port = port(rest)?;
        return Some(MId::Address { host, port });
    }
    if let Some(rest) = word.strip_prefix('<') {
        let (name, rest) = rest.split_once('>')?;
        let name = Cow::Borrowed(name);
        let port = port(rest)?;
        return Some(MId::Domain { name, port });
    }
    match word.strip_prefix("MTP{") {
        Some(rest) => super::octets::from_hex(rest.strip_suffix('}')?).map(MId::Mtp),
        None => Some(MId::Device(Cow::Borrowed(word))),
    }
}

/// Nothing, or a colon and a port.
fn port(rest: &str) -> Option<Option<u16>> {
    match rest.strip_prefix(':') {
        Some(port) => Some(Some(digits(port)?)),
        None => rest.is_empty().then_some(None),
    }
}

fn time_stamp(word: &str) -> Option<TimeStamp> {
    let (date, time) = word.split_once('T')?;
    let eight = |part: &str| if part.len() == 8 { digits(part) } else { None };
    Some(TimeStamp {
        date: eight(date)?,
        time: eight(time)?,
    })
}

/// Digits alone as a number.
fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    let plain = text.bytes().all(|octet| octet.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}
