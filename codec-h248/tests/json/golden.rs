//! What documents look like: messages that reach every member and every word of the form, written
//! as they are kept beside this file. `BLESS=1`, with one thread, writes them anew.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use codec_h248::{Limits, Style, decode, json};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/json/golden")
}

/// The golden files of this ending, by path.
fn golden(ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the golden files are there");
    let paths = entries.map(|entry| entry.expect("an entry is readable").path());
    let mut paths: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

pub(crate) fn documents() -> Vec<(String, Vec<u8>)> {
    let read = |path: PathBuf| {
        (
            path.display().to_string(),
            fs::read(&path).expect("it is readable"),
        )
    };
    golden("json").into_iter().map(read).collect()
}

/// Compares what is kept with what is made, or keeps it.
pub(crate) fn assert_kept(path: &Path, made: &[u8]) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, made).expect("the file is writable");
    }
    let kept = fs::read(path).unwrap_or_default();
    let (kept, made) = (
        String::from_utf8_lossy(&kept),
        String::from_utf8_lossy(made),
    );
    assert!(
        kept == made,
        "{} is not what is made now:\n{made}",
        path.display()
    );
}

#[test]
fn text_becomes_the_document_that_is_kept() {
    for path in golden("txt") {
        let octets = fs::read(&path).expect("it is readable");
        let message = decode(&octets, &Limits::default())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut document = Vec::new();
        json::encode(&message, Style::Pretty, &mut document);
        assert_kept(&path.with_extension("json"), &document);
        assert_eq!(json::decode(&document).as_ref(), Ok(&message));
    }
}

#[test]
fn a_document_is_written_as_it_is_kept() {
    for path in golden("json") {
        let kept = fs::read(&path).expect("it is readable");
        let message = json::decode(&kept).unwrap_or_else(|error| panic!("{error}"));
        let mut document = Vec::new();
        json::encode(&message, Style::Pretty, &mut document);
        assert_kept(&path, &document);
    }
}

/// Every member's name and every string of a document.
fn said(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                words.insert(name.clone());
                said(member, words);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| said(entry, words)),
        Value::String(text) => {
            words.insert(text.clone());
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Every member's name and every fixed word of a schema.
fn sayable(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(keys) => {
            for (key, value) in keys {
                match (key.as_str(), value) {
                    ("properties", Value::Object(members)) => {
                        words.extend(members.keys().cloned());
                        members.values().for_each(|member| sayable(member, words));
                    }
                    ("const", Value::String(word)) => {
                        words.insert(word.clone());
                    }
                    ("enum", Value::Array(options)) => {
                        words.extend(options.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    (_, other) => sayable(other, words),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| sayable(entry, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_member_and_word_of_the_form_is_in_a_kept_document() {
    let mut missing = BTreeSet::new();
    sayable(&json::schema(), &mut missing);
    for (name, octets) in documents() {
        let document: Value =
            serde_json::from_slice(&octets).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut words = BTreeSet::new();
        said(&document, &mut words);
        missing.retain(|word| !words.contains(word));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_member_and_word_of_the_form_is_in_the_document_about_it() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.md");
    let text = fs::read_to_string(path).expect("the document is there");
    let mut words = BTreeSet::new();
    sayable(&json::schema(), &mut words);
    let named =
        |word: &str| text.contains(&format!("`{word}`")) || text.contains(&format!("`\"{word}\"`"));
    words.retain(|word| !named(word) && !text.contains(&format!("`{{\"{word}\"")));
    assert!(words.is_empty(), "{words:?}");
}

#[test]
fn the_examples_of_the_document_about_it_are_documents() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/json.md");
    let text = fs::read_to_string(path).expect("the document is there");
    let mut blocks = text.split("```json\n").skip(1);
    let example = blocks.next().and_then(|block| block.split("```").next());
    let message = json::decode(example.expect("there is one").as_bytes());
    assert!(message.is_ok(), "{message:?}");
    assert!(blocks.next().is_none());
}
