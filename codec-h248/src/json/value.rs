//! Values. One without quotes is a string, one with quotes is `{"quoted": …}`; a set of values, or
//! a value in another relation than equality, is an object of one member too.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{ParmValue, Value, descriptor::StatisticValue};

/// What is an object of one member.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
enum Form<'a> {
    /// The value in double quotes.
    Quoted(#[serde(borrow)] Cow<'a, str>),
    /// `# v`
    UnequalTo(Value<'a>),
    /// `> v`
    GreaterThan(Value<'a>),
    /// `< v`
    SmallerThan(Value<'a>),
    /// `[low:high]`, bounds included.
    Range(Value<'a>, Value<'a>),
    /// `[a,b]`: all of them.
    AllOf(Vec<Value<'a>>),
    /// `{a,b}`: one of them.
    OneOf(Vec<Value<'a>>),
}

impl<'a> From<Form<'a>> for ParmValue<'a> {
    fn from(form: Form<'a>) -> Self {
        match form {
            Form::Quoted(text) => Self::Equal(Value::quoted(text)),
            Form::UnequalTo(value) => Self::NotEqual(value),
            Form::GreaterThan(value) => Self::Greater(value),
            Form::SmallerThan(value) => Self::Less(value),
            Form::Range(low, high) => Self::Range(low, high),
            Form::AllOf(values) => Self::AllOf(values),
            Form::OneOf(values) => Self::OneOf(values),
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.quoted {
            Form::Quoted(Cow::Borrowed(&self.text)).serialize(serializer)
        } else {
            serializer.serialize_str(&self.text)
        }
    }
}

impl Serialize for ParmValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = match self {
            Self::Equal(value) => return value.serialize(serializer),
            Self::NotEqual(value) => Form::UnequalTo(value.clone()),
            Self::Greater(value) => Form::GreaterThan(value.clone()),
            Self::Less(value) => Form::SmallerThan(value.clone()),
            Self::Range(low, high) => Form::Range(low.clone(), high.clone()),
            Self::AllOf(values) => Form::AllOf(values.clone()),
            Self::OneOf(values) => Form::OneOf(values.clone()),
        };
        form.serialize(serializer)
    }
}

impl Serialize for StatisticValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value) => value.serialize(serializer),
            Self::List(values) => values.serialize(serializer),
        }
    }
}

/// A string, an object of one member, or a list of the former.
enum Given<'a> {
    Bare(Cow<'a, str>),
    Form(Form<'a>),
    List(Vec<Value<'a>>),
}

struct GivenVisitor;

impl<'de> de::Visitor<'de> for GivenVisitor {
    type Value = Given<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value: a string or an object of one member")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Given::Bare(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Given::Bare(Cow::Owned(text.to_owned())))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Form::deserialize(de::value::MapAccessDeserializer::new(map)).map(Given::Form)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Given::List)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(GivenVisitor)? {
            Given::Bare(text) => Ok(Self::bare(text)),
            Given::Form(Form::Quoted(text)) => Ok(Self::quoted(text)),
            Given::Form(_) | Given::List(_) => Err(de::Error::custom(
                "expected one value: a string or {\"quoted\": …}",
            )),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ParmValue<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(GivenVisitor)? {
            Given::Bare(text) => Ok(Self::Equal(Value::bare(text))),
            Given::Form(form) => Ok(form.into()),
            Given::List(_) => Err(de::Error::custom(
                "expected a value; a list is {\"allOf\": […]} or {\"oneOf\": […]}",
            )),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for StatisticValue<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(GivenVisitor)? {
            Given::Bare(text) => Ok(Self::One(Value::bare(text))),
            Given::Form(Form::Quoted(text)) => Ok(Self::One(Value::quoted(text))),
            Given::Form(_) => Err(de::Error::custom(
                "expected a value or a list of values: strings or {\"quoted\": …}",
            )),
            Given::List(values) => Ok(Self::List(values)),
        }
    }
}

#[cfg(feature = "schema")]
super::own_schema!(Value<'a>, _generator => schemars::json_schema!({
    "description": "a value without quotes, or with",
    "oneOf": [
        { "type": "string" },
        {
            "type": "object",
            "properties": { "quoted": { "type": "string" } },
            "required": ["quoted"],
            "additionalProperties": false,
        },
    ],
}));

#[cfg(feature = "schema")]
super::own_schema!(ParmValue<'a>, generator => schemars::json_schema!({
    "description": "a value that is to be equal, or another relation or set",
    "oneOf": [{ "type": "string" }, generator.subschema_for::<Form<'_>>()],
}));

#[cfg(feature = "schema")]
super::own_schema!(StatisticValue<'a>, generator => schemars::json_schema!({
    "description": "a value, or a list of them",
    "oneOf": [
        generator.subschema_for::<Value<'_>>(),
        { "type": "array", "items": generator.subschema_for::<Value<'_>>() },
    ],
}));
