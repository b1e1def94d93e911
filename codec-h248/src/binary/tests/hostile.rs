//! Octets that nobody meant: no panic, and an error that says where.

use super::{corpus::examples, decode_partly, decoded, element, encode, peek, profile, written};
use crate::{DecodeError, Expected, Limits, binary::BinaryProfile};

/// Decodes and peeks. An error must lie within the octets; what can be written must be read as what
/// was written.
fn try_out(octets: &[u8], profile: &BinaryProfile) {
    let _ = peek(octets).transactions().count();
    match decoded(octets, profile) {
        Err(DecodeError { span, path, .. }) => {
            assert!(
                span.start <= span.end && span.end <= octets.len(),
                "{path:?}"
            );
        }
        Ok(message) => {
            if let Ok(again) = written(&message, profile) {
                assert_eq!(decoded(&again, profile), Ok(message));
            }
        }
    }
}

#[test]
fn no_prefix_of_a_message_is_a_message() {
    let profile = profile();
    for example in examples() {
        for end in 0..example.octets.len() {
            let prefix = &example.octets[..end];
            let _ = peek(prefix).transactions().count();
            let partly = decode_partly(prefix, &Limits::default(), &profile);
            assert!(partly.is_err(), "{}", example.name);
        }
    }
}

#[test]
fn no_change_of_an_octet_panics() {
    let profile = profile();
    let mut random = fastrand::Rng::with_seed(11);
    for mut example in examples() {
        for place in 0..example.octets.len() {
            let kept = example.octets[place];
            for octet in [0, 1, 0x7f, 0x80, 0xff, kept ^ 0x20, kept ^ 1, random.u8(..)] {
                example.octets[place] = octet;
                try_out(&example.octets, &profile);
            }
            example.octets[place] = kept;
        }
    }
}

#[test]
fn no_noise_panics() {
    let profile = profile();
    let mut random = fastrand::Rng::with_seed(7);
    let examples = examples();
    for _ in 0..20_000 {
        let mut octets = match random.choice(&examples) {
            Some(example) => example.octets.clone(),
            None => vec![0x30, 0x80, 0xa1, 0x80],
        };
        for _ in 0..random.usize(1..6) {
            let place = random.usize(..octets.len());
            match random.u8(..3) {
                0 => octets[place] = random.u8(..),
                1 => octets.insert(place, random.u8(..)),
                _ => {
                    let end = octets.len().min(place + random.usize(..9));
                    octets.drain(place..end);
                }
            }
            if octets.is_empty() {
                break;
            }
        }
        try_out(&octets, &profile);
    }
}

/// A message of version 3 whose list of transactions is this.
fn message(transactions: &[u8]) -> Vec<u8> {
    let mid = element(0xa1, &[&[0x84, 2, 0x0a, 0x12]]);
    let body = element(0xa2, &[&element(0xa1, &[transactions])]);
    element(0x30, &[&element(0xa1, &[&[0x80, 1, 3], &mid, &body])])
}

#[test]
fn depth_is_bounded() {
    let profile = profile();
    let deep = |levels: usize| {
        // Behind the actions of a request stands what the module does not know.
        let unknown = [[0xa9, 0x80].repeat(levels), [0, 0].repeat(levels)].concat();
        let request = element(0xa0, &[&[0x80, 1, 7], &[0xa1, 0], &unknown]);
        let read = decoded(&message(&request), &profile).map(|_| ());
        read.map_err(|error| error.expected)
    };
    let most = Expected::AtMost(64, "levels of elements");
    assert_eq!(deep(65).unwrap_err(), most);
    assert_eq!(deep(10_000).unwrap_err(), most);
    assert!(deep(50).is_ok());
    try_out(&[0x30, 0x80].repeat(30_000), &profile);
    try_out(&[0xa1, 0x80].repeat(30_000), &profile);
}

#[test]
fn more_than_the_limits_is_refused() {
    let profile = profile();
    let pending = [0xa1, 3, 0x80, 1, 7];
    let many = message(&pending.repeat(129));
    let error = decoded(&many, &profile).unwrap_err();
    assert_eq!(error.expected, Expected::AtMost(128, "transactions"));
    assert!(decoded(&message(&pending.repeat(128)), &profile).is_ok());
    let tight = Limits {
        octets: 20,
        ..Limits::default()
    };
    let error = decode_partly(&many, &tight, &profile).unwrap_err();
    assert_eq!(error.expected, Expected::AtMost(20, "octets"));
}

#[test]
fn octets_0_behind_a_message_are_padding_and_others_are_not() {
    let profile = profile();
    let mut octets = message(&[0xa1, 3, 0x80, 1, 7]);
    octets.extend([0, 0, 0]);
    let read = decoded(&octets, &profile).unwrap();
    let mut again = Vec::new();
    encode(&read, &profile, &mut again).unwrap();
    assert_eq!(again, octets[..octets.len() - 3]);
    octets.push(1);
    assert_eq!(
        decoded(&octets, &profile).unwrap_err().expected,
        Expected::End
    );
}
