//! The schema: it is the one in docs/, and it takes what is written and what is read.

use std::path::Path;

use codec_h248::json;
use serde_json::Value;

use super::golden::{assert_kept, documents};

/// Why a value is none of a schema's, by the keywords that our schema uses; another is a panic.
pub(crate) fn refusal(root: &Value, schema: &Value, value: &Value) -> Option<String> {
    let Value::Object(keys) = schema else {
        return (schema == &Value::Bool(false)).then(|| format!("nothing may be here: {value}"));
    };
    keys.iter().find_map(|(key, wanted)| match key.as_str() {
        "$ref" => {
            let pointer = wanted.as_str()?.trim_start_matches('#');
            refusal(
                root,
                root.pointer(pointer).expect("a reference leads somewhere"),
                value,
            )
        }
        "type" => (!is_of_type(wanted, value)).then(|| format!("{value} is no {wanted}")),
        "const" => (wanted != value).then(|| format!("{value} is not {wanted}")),
        "enum" => {
            let known = wanted.as_array()?.contains(value);
            (!known).then(|| format!("{value} is none of {wanted}"))
        }
        "oneOf" => {
            let fit = alternatives(root, wanted, value);
            (fit != 1).then(|| format!("{value} is {fit} of the alternatives, not one"))
        }
        "anyOf" => {
            let fit = alternatives(root, wanted, value);
            (fit == 0).then(|| format!("{value} is none of the alternatives"))
        }
        "required" => {
            let lacks = |name: &&Value| value.get(name.as_str().unwrap_or_default()).is_none();
            let missing = value.as_object().and(wanted.as_array()?.iter().find(lacks));
            missing.map(|name| format!("{name} is missing"))
        }
        "properties" => value
            .as_object()?
            .iter()
            .find_map(|(name, member)| refusal(root, wanted.get(name)?, member)),
        "additionalProperties" => {
            assert_eq!(wanted, &Value::Bool(false));
            let known = &keys["properties"];
            let strange = value
                .as_object()?
                .keys()
                .find(|name| known.get(name).is_none());
            strange.map(|name| format!("{name} is unknown"))
        }
        "items" => value
            .as_array()?
            .iter()
            .find_map(|entry| refusal(root, wanted, entry)),
        "prefixItems" => {
            let entries = value.as_array()?.iter();
            let mut pairs = wanted.as_array()?.iter().zip(entries);
            pairs.find_map(|(schema, entry)| refusal(root, schema, entry))
        }
        "minimum" => (value.as_f64()? < wanted.as_f64()?).then(|| format!("{value} is too low")),
        "maximum" => (value.as_f64()? > wanted.as_f64()?).then(|| format!("{value} is too high")),
        "minItems" => (value.as_array()?.len() < length(wanted)).then(|| "too few".to_owned()),
        "maxItems" => (value.as_array()?.len() > length(wanted)).then(|| "too many".to_owned()),
        "pattern" | "description" | "title" | "$schema" | "$defs" | "format" | "default" => None,
        other => panic!("no check for {other}"),
    })
}

fn length(wanted: &Value) -> usize {
    usize::try_from(wanted.as_u64().expect("a length")).expect("a small one")
}

fn alternatives(root: &Value, schemas: &Value, value: &Value) -> usize {
    let schemas = schemas.as_array().expect("alternatives are a list");
    let fits = |schema: &&Value| refusal(root, schema, value).is_none();
    schemas.iter().filter(fits).count()
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    match wanted {
        Value::Array(types) => types.iter().any(|wanted| is_of_type(wanted, value)),
        Value::String(wanted) => match wanted.as_str() {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64() || value.is_i64(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            other => panic!("no check for the type {other}"),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            panic!("no type: {wanted}")
        }
    }
}

#[test]
fn the_schema_in_docs_is_this_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/h248-message.schema.json");
    let mut made = serde_json::to_vec_pretty(&json::schema()).expect("it is JSON");
    made.push(b'\n');
    assert_kept(&path, &made);
}

#[test]
fn kept_documents_are_of_the_schema_and_those_with_a_strange_member_are_not() {
    let schema = json::schema();
    for (name, octets) in documents() {
        let mut document: Value = serde_json::from_slice(&octets).expect("it is JSON");
        assert_eq!(refusal(&schema, &schema, &document), None, "{name}");
        document["message"]["mid"] = "mg/1".into();
        let expected = Some("mid is unknown".to_owned());
        assert_eq!(refusal(&schema, &schema, &document), expected, "{name}");
    }
}
