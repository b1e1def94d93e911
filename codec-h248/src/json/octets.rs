//! Octets: hexadecimal, but for session descriptions that are text.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::descriptor::SessionDescription;

/// Octets as hexadecimal digits, for the schema.
#[cfg(feature = "schema")]
pub(crate) struct Hex;

/// Reads and writes fields of octets as hexadecimal digits.
pub(crate) mod hex {
    use super::{Cow, Deserialize, Deserializer, Serializer, de, from_hex, to_hex};

    pub(crate) fn serialize<S: Serializer>(
        octets: &impl AsRef<[u8]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(octets.as_ref()))
    }

    pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
    where
        D: Deserializer<'de>,
        T: From<Vec<u8>>,
    {
        let text = Cow::<str>::deserialize(deserializer)?;
        from_hex(&text).map(T::from).ok_or_else(|| {
            let found = de::Unexpected::Str(&text);
            de::Error::invalid_value(found, &"an even number of hexadecimal digits")
        })
    }
}

fn to_hex(octets: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    octets
        .iter()
        .flat_map(|octet| [digit(octet >> 4), digit(octet & 15)])
        .collect()
}

/// The octets of an even number of hexadecimal digits.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let nibble = |octet: u8| u8::try_from(char::from(octet).to_digit(16)?).ok();
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            &[high, low] => Some(nibble(high)? << 4 | nibble(low)?),
            _ => None,
        })
        .collect()
}

/// A description that is no text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Octets {
    #[serde(with = "hex")]
    hex: Vec<u8>,
}

impl Serialize for SessionDescription<'_> {
    /// A string, or `{"hex": …}` where the octets are no UTF-8.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.octets) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Octets {
                hex: self.octets.to_vec(),
            }
            .serialize(serializer),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for SessionDescription<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SessionVisitor)
    }
}

struct SessionVisitor;

impl<'de> de::Visitor<'de> for SessionVisitor {
    type Value = SessionDescription<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or {\"hex\": …}")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(SessionDescription::new(text.as_bytes()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(SessionDescription::new(text.as_bytes().to_vec()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Octets { hex } = Octets::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(SessionDescription::new(hex))
    }
}

#[cfg(feature = "schema")]
super::own_schema!(Hex, _generator => schemars::json_schema!({
    "type": "string",
    "description": "octets, two hexadecimal digits each",
    "pattern": "^([0-9A-Fa-f]{2})*$",
}));

#[cfg(feature = "schema")]
super::own_schema!(SessionDescription<'a>, generator => schemars::json_schema!({
    "description": "SDP with its line ends; `hex` where it is no UTF-8",
    "oneOf": [
        { "type": "string" },
        {
            "type": "object",
            "properties": { "hex": generator.subschema_for::<Hex>() },
            "required": ["hex"],
            "additionalProperties": false,
        },
    ],
}));
