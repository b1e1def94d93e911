//! Every prefix and every change of a single octet of every example: an answer, and no panic.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use codec_h248::{
    Limits, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, decode_partly, encode, peek,
};

use super::examples;

/// Reads text in every way there is; what is read is written and read again.
fn text(octets: &[u8]) {
    let limits = Limits::default();
    let _ = peek(octets).transactions().count();
    let Ok(decoded) = decode_partly(octets, &limits) else {
        return;
    };
    if decoded.error.is_some() {
        return;
    }
    let mut again = Vec::new();
    encode(
        &decoded.message,
        &TextProfile::of(Style::Compact),
        &mut again,
    );
    let read = decode(&again, &limits).unwrap_or_else(|error| {
        let (was, is) = (octets.escape_ascii(), again.escape_ascii());
        panic!("{error}: {was} was written as {is}");
    });
    assert!(
        read == decoded.message,
        "{} became {}",
        octets.escape_ascii(),
        again.escape_ascii()
    );
}

/// Reads binary in every way there is; what is read and can be written is read again.
fn binary(octets: &[u8], profile: &BinaryProfile) {
    let limits = Limits::default();
    let _ = binary::peek(octets).transactions().count();
    let Ok(decoded) = binary::decode_partly(octets, &limits, profile) else {
        return;
    };
    let mut again = Vec::new();
    if decoded.error.is_some() || binary::encode(&decoded.message, profile, &mut again).is_err() {
        return;
    }
    let read = binary::decode(&again, &limits, profile).expect("we wrote it");
    assert!(read == decoded.message, "{}", octets.escape_ascii());
}

/// Runs `check` on every prefix and every change of one octet; says how many there were.
fn mutations(messages: &[Vec<u8>], check: impl Fn(&[u8]) + Sync) -> usize {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        while let Some(message) = messages.get(next.fetch_add(1, Ordering::Relaxed)) {
            for end in 0..message.len() {
                check(&message[..end]);
            }
            let mut changed = message.clone();
            for place in 0..message.len() {
                for octet in (0..=u8::MAX).filter(|&octet| octet != message[place]) {
                    changed[place] = octet;
                    check(&changed);
                }
                changed[place] = message[place];
            }
            done.fetch_add(message.len() * 256, Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(work);
        }
    });
    done.into_inner()
}

#[test]
fn changed_text_is_read_or_refused() {
    let mut messages = Vec::new();
    for example in examples::all() {
        messages.push(example.pretty);
        messages.extend(example.compact);
    }
    let count = mutations(&messages, text);
    println!("{} messages, {count} mutations", messages.len());
}

#[test]
fn changed_binary_is_read_or_refused() {
    let messages: Vec<_> = examples::all()
        .into_iter()
        .filter_map(|example| example.binary)
        .collect();
    let profile = BinaryProfile::default();
    let count = mutations(&messages, |octets| binary(octets, &profile));
    println!("{} messages, {count} mutations", messages.len());
}
