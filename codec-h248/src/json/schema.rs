//! The JSON Schema of a document.

use schemars::{Schema, generate::SchemaSettings, transform::RecursiveTransform};

use super::document::Document;

/// The JSON Schema (draft 2020-12) of what [`super::encode`] writes and [`super::decode`] reads.
/// It says the form; what words may hold is [`crate::Message::validate`]'s to say.
///
/// ```
/// let schema = codec_h248::json::schema();
/// assert_eq!(schema["title"], "H.248 message");
/// ```
pub fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12();
    let generator = settings
        .with_transform(RecursiveTransform(without_example))
        .into_generator();
    let mut schema = generator.into_root_schema_for::<Document<'_>>();
    schema.insert("title".to_owned(), "H.248 message".into());
    schema.to_value()
}

/// Descriptions come from the model's documentation, whose examples are Rust.
fn without_example(schema: &mut Schema) {
    let Some(serde_json::Value::String(description)) = schema.get_mut("description") else {
        return;
    };
    if let Some(example) = description.find("```") {
        description.truncate(example);
        description.truncate(description.trim_end().len());
    }
}
