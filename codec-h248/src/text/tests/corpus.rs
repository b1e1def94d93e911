//! The example messages of the project's reference: pretty and compact forms of one message decode
//! to equal models and are written to equal models.

use std::{fs, path::PathBuf};

use super::{decode, encode, written};
use crate::{
    AuthenticationHeader, Limits, Message, Style, TextProfile, encode_authenticated, encode_header,
    peek,
};

/// The examples as name, pretty octets and compact octets; nothing where the reference is absent.
pub(super) fn examples() -> Vec<(String, Vec<u8>, Option<Vec<u8>>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: the reference's examples are not beside this repository");
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".txt"))
        .collect();
    names.sort();
    let read = |name: String| {
        let pretty = fs::read(folder.join(&name)).expect("the folder lists it");
        let compact = fs::read(folder.join("compact").join(&name)).ok();
        (name, pretty, compact)
    };
    names.into_iter().map(read).collect()
}

fn decoded<'a>(name: &str, octets: &'a [u8]) -> Message<'a> {
    decode(octets, &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_example_decodes_and_both_of_its_forms_say_the_same() {
    for (name, pretty, compact) in examples() {
        let message = decoded(&name, &pretty);
        if let Some(compact) = compact {
            assert_eq!(decoded(&name, &compact), message, "{name}");
        }
    }
}

#[test]
fn every_example_is_written_in_both_styles_to_an_equal_message() {
    for (name, pretty, _) in examples() {
        let message = decoded(&name, &pretty);
        for style in [Style::Pretty, Style::Compact] {
            let octets = written(&message, style);
            let text = String::from_utf8_lossy(&octets);
            assert_eq!(decoded(&name, &octets), message, "{name}:\n{text}");
        }
    }
}

#[test]
fn every_example_is_written_as_the_reference_writes_it() {
    // What one spelling of a message cannot tell: comments and a mix of keywords.
    let unlike = ["124-comments-whitespace.txt", "125-mixed-tokens.txt"];
    for (name, pretty, compact) in examples() {
        let message = decoded(&name, &pretty);
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).trim_end().to_owned();
        if !unlike.contains(&name.as_str()) {
            assert_eq!(
                text(&written(&message, Style::Pretty)),
                text(&pretty),
                "{name}"
            );
        }
        if let Some(compact) = compact {
            assert_eq!(
                text(&written(&message, Style::Compact)),
                text(&compact),
                "{name}"
            );
        }
    }
}

#[test]
fn every_example_says_the_same_in_keywords_of_any_length_and_case() {
    use crate::{KeywordCase::*, KeywordForm::*};
    for (name, pretty, _) in examples() {
        let message = decoded(&name, &pretty);
        for style in [Style::Pretty, Style::Compact] {
            let as_usual = written(&message, style);
            for (keywords, case) in [(Long, AsPrinted), (Short, Lower), (OfStyle, Upper)] {
                let profile = TextProfile {
                    keywords,
                    case,
                    ..TextProfile::of(style)
                };
                let mut out = Vec::new();
                encode(&message, &profile, &mut out);
                assert_eq!(decoded(&name, &out), message, "{name}");
                let same_length =
                    keywords == OfStyle || (keywords == Long) == (style == Style::Pretty);
                assert_eq!(out.eq_ignore_ascii_case(&as_usual), same_length, "{name}");
            }
        }
    }
}

#[test]
fn the_body_that_is_told_of_every_example_says_what_the_message_says() {
    for (name, pretty, compact) in examples() {
        for octets in [Some(pretty), compact].into_iter().flatten() {
            let message = decoded(&name, &octets);
            let seen = peek(&octets);
            assert_eq!(seen.authentication, message.authentication, "{name}");
            let (mut again, profile) = (Vec::new(), TextProfile::of(Style::Pretty));
            encode_header(None, message.version, &message.mid, &profile, &mut again);
            again.extend_from_slice(seen.body.expect("there is one"));
            assert_eq!(decoded(&name, &again).body, message.body, "{name}");
        }
    }
}

#[test]
fn every_example_is_authenticated_as_if_it_were_written_with_the_header() {
    let header = AuthenticationHeader {
        security_parameter_index: 256,
        sequence_number: 7,
        data: vec![0xa5; 12],
    };
    for (name, pretty, _) in examples() {
        let mut message = decoded(&name, &pretty);
        for style in [Style::Pretty, Style::Compact] {
            message.authentication = None;
            let plain = written(&message, style);
            message.authentication = Some(header.clone());
            let mut out = Vec::new();
            encode_authenticated(&header, &plain, &TextProfile::of(style), &mut out);
            assert_eq!(out, written(&message, style), "{name}");
        }
    }
}
