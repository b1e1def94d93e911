//! Whatever text decodes is written to an equal message in every style, and a peek agrees with it.
#![no_main]

use codec_h248::{
    package::PackageRegistry,
    Limits, MessageBody, Style, TextProfile, decode, decode_partly, encode, peek, strict,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let limits = Limits::default();
    let seen = peek(octets);
    let kinds = seen.transactions().count();
    let _ = decode_partly(octets, &limits);
    let Ok(message) = decode(octets, &limits) else {
        return;
    };
    assert_eq!(seen.mid.as_ref(), Some(&message.mid));
    assert_eq!(seen.authentication, message.authentication);
    assert!(seen.body.is_some());
    if let MessageBody::Transactions(transactions) = &message.body {
        assert_eq!(kinds, transactions.len());
    }
    let _ = strict::decode_strict(octets, &limits, &PackageRegistry::standard());
    for style in [Style::Pretty, Style::Compact] {
        let mut again = Vec::new();
        encode(&message, &TextProfile::of(style), &mut again);
        let wide = Limits { octets: usize::MAX, ..limits };
        let read = decode(&again, &wide).unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&again));
        });
        assert_eq!(read, message);
    }
});
