//! Nouns that are a number or a word: Contexts, requests, addresses of a ServiceChange.

use std::{borrow::Cow, fmt};

use bounded_static::IntoBoundedStatic;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::words;
use crate::{
    ContextId,
    descriptor::{RequestId, ServiceChangeAddress},
};

/// A JSON number or string.
enum Scalar<'w> {
    Number(u64),
    Word(Cow<'w, str>),
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> de::Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a string")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_borrowed_str<E: de::Error>(self, word: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Word(Cow::Borrowed(word)))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Word(Cow::Owned(word.to_owned())))
    }
}

impl Scalar<'_> {
    fn wrong<E: de::Error>(&self, expected: &str) -> E {
        let found = match self {
            Self::Number(number) => de::Unexpected::Unsigned(*number),
            Self::Word(word) => de::Unexpected::Str(word),
        };
        E::invalid_value(found, &expected)
    }
}

impl Serialize for ContextId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.serialize_u32(*id),
            Self::Null | Self::Choose | Self::All => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for ContextId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        let found = match &scalar {
            Scalar::Number(number) => u32::try_from(*number).ok().map(Self::Id),
            Scalar::Word(word) => match word.as_ref() {
                "-" => Some(Self::Null),
                "$" => Some(Self::Choose),
                "*" => Some(Self::All),
                _ => None,
            },
        };
        found.ok_or_else(|| scalar.wrong("a number below 2^32, `-`, `$` or `*`"))
    }
}

impl Serialize for RequestId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.serialize_u32(*id),
            Self::All => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for RequestId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        let found = match &scalar {
            Scalar::Number(number) => u32::try_from(*number).ok().map(Self::Id),
            Scalar::Word(word) => (word == "*").then_some(Self::All),
        };
        found.ok_or_else(|| scalar.wrong("a number below 2^32 or `*`"))
    }
}

impl Serialize for ServiceChangeAddress<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Port(port) => serializer.serialize_u16(*port),
            Self::MId(mid) => mid.serialize(serializer),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ServiceChangeAddress<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = Scalar::deserialize(deserializer)?;
        let found = match &scalar {
            Scalar::Number(number) => u16::try_from(*number).ok().map(Self::Port),
            Scalar::Word(Cow::Borrowed(word)) => words::mid(word).map(Self::MId),
            Scalar::Word(Cow::Owned(word)) => {
                words::mid(word).map(|mid| Self::MId(mid.into_static()))
            }
        };
        found.ok_or_else(|| scalar.wrong("a port or a message identifier"))
    }
}

#[cfg(feature = "schema")]
super::own_schema!(ContextId, _generator => schemars::json_schema!({
    "description": "a Context: its number, or null, CHOOSE, ALL",
    "oneOf": [
        { "type": "integer", "minimum": 1, "maximum": 0xffff_fffd_u32 },
        { "enum": ["-", "$", "*"] },
    ],
}));

#[cfg(feature = "schema")]
super::own_schema!(RequestId, _generator => schemars::json_schema!({
    "description": "a request: its number, or all of them",
    "oneOf": [
        { "type": "integer", "minimum": 0, "maximum": u32::MAX },
        { "const": "*" },
    ],
}));

#[cfg(feature = "schema")]
super::own_schema!(ServiceChangeAddress<'a>, generator => schemars::json_schema!({
    "description": "a port of the sender's address, or a whole address",
    "oneOf": [
        { "type": "integer", "minimum": 0, "maximum": u16::MAX },
        generator.subschema_for::<crate::MId<'_>>(),
    ],
}));
