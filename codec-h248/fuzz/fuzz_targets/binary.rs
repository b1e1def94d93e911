//! Whatever binary decodes and can be written is written to an equal message, in binary, and a
//! peek agrees with it.
#![no_main]

use codec_h248::{
    Limits, MessageBody, Style, TextProfile, binary, decode, encode,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let limits = Limits::default();
    let profile = binary::BinaryProfile::default();
    let seen = binary::peek(octets);
    let kinds = seen.transactions().count();
    let _ = binary::decode_partly(octets, &limits, &profile);
    let Ok(message) = binary::decode(octets, &limits, &profile) else {
        return;
    };
    assert_eq!(seen.mid.as_ref(), Some(&message.mid));
    assert_eq!(seen.authentication, message.authentication);
    assert!(seen.body.is_some());
    if let MessageBody::Transactions(transactions) = &message.body {
        assert_eq!(kinds, transactions.len());
    }
    let mut text = Vec::new();
    encode(&message, &TextProfile::of(Style::Compact), &mut text);
    let _ = decode(&text, &limits);
    let mut again = Vec::new();
    if binary::encode(&message, &profile, &mut again).is_ok() {
        let wide = Limits { octets: usize::MAX, ..limits };
        let read = binary::decode(&again, &wide, &profile).expect("we wrote it");
        assert_eq!(read, message);
    }
});
