//! Every form that BER allows for one message is read as that message.

use super::{corpus::examples, decoded, element, profile};

/// How elements are rewritten.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// Constructed elements end at an end of contents.
    Indefinite,
    /// Lengths have leading zeros.
    LongLengths,
    /// Strings are in two segments; the others as they were.
    Segmented,
    /// Strings are in segments of segments, and nothing has a length.
    SegmentedIndefinite,
}

/// The elements of `octets`, in another form.
fn rewritten(mut octets: &[u8], form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some((&identifier, rest)) = octets.split_first() {
        let (length, header) = match rest[0] {
            length @ 0..=0x7f => (usize::from(length), 1),
            0x81 => (usize::from(rest[1]), 2),
            _ => (usize::from(rest[1]) << 8 | usize::from(rest[2]), 3),
        };
        let (contents, behind) = rest[header..].split_at(length);
        octets = behind;
        if identifier & 0x20 != 0 {
            put(&mut out, identifier, &rewritten(contents, form), form);
        } else if is_string(identifier, contents) {
            put_string(&mut out, identifier, contents, form);
        } else {
            put(&mut out, identifier, contents, form);
        }
    }
    out
}

/// Whether this is a string for sure: no number has more than five octets.
fn is_string(identifier: u8, contents: &[u8]) -> bool {
    identifier == 0x04 || contents.len() > 5
}

fn put(out: &mut Vec<u8>, identifier: u8, contents: &[u8], form: Form) {
    let length = u32::try_from(contents.len()).expect("examples are small");
    match form {
        Form::Indefinite | Form::SegmentedIndefinite if identifier & 0x20 != 0 => {
            out.extend([identifier, 0x80]);
            out.extend(contents);
            out.extend([0, 0]);
        }
        Form::LongLengths => {
            out.extend([identifier, 0x86, 0, 0]);
            out.extend(length.to_be_bytes());
            out.extend(contents);
        }
        Form::Segmented | Form::Indefinite | Form::SegmentedIndefinite => {
            out.extend(element(identifier, &[contents]));
        }
    }
}

fn put_string(out: &mut Vec<u8>, identifier: u8, contents: &[u8], form: Form) {
    let (first, second) = contents.split_at(contents.len() / 2);
    let segments = [element(0x04, &[first]), element(0x04, &[second])];
    match form {
        Form::Indefinite | Form::LongLengths => put(out, identifier, contents, form),
        Form::Segmented => put(out, identifier | 0x20, &segments.concat(), form),
        Form::SegmentedIndefinite => {
            let mut nested = Vec::new();
            put(&mut nested, 0x24, &segments[0], form);
            nested.extend(&segments[1]);
            put(out, identifier | 0x20, &nested, form);
        }
    }
}

#[test]
fn every_form_of_every_example_is_the_same_message() {
    let profile = profile();
    for example in examples() {
        let message = decoded(&example.octets, &profile).expect("it is tested elsewhere");
        for form in [
            Form::Indefinite,
            Form::LongLengths,
            Form::Segmented,
            Form::SegmentedIndefinite,
        ] {
            let octets = rewritten(&example.octets, form);
            // One example has no string that is one for sure.
            let same = octets == example.octets;
            assert!(!same || matches!(form, Form::Segmented), "{}", example.name);
            let read = decoded(&octets, &profile);
            let read = read.unwrap_or_else(|error| panic!("{} {form:?}: {error}", example.name));
            assert_eq!(read, message, "{} {form:?}", example.name);
            let seen = super::peek(&octets);
            assert_eq!(seen.mid.as_ref(), Some(&message.mid), "{}", example.name);
            let kinds = |octets| super::peek(octets).transactions().collect::<Vec<_>>();
            assert_eq!(kinds(&octets), kinds(&example.octets), "{}", example.name);
        }
    }
}
