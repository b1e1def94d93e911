//! Whatever JSON document is read comes back as it was, by JSON and by text.
#![no_main]

use codec_h248::{Limits, Style, TextProfile, decode, encode, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(message) = json::decode(octets) else {
        return;
    };
    let mut again = Vec::new();
    json::encode(&message, Style::Compact, &mut again);
    assert_eq!(json::decode(&again).expect("we wrote it"), message);
    let mut text = Vec::new();
    encode(&message, &TextProfile::of(Style::Compact), &mut text);
    let wide = Limits { octets: usize::MAX, ..Limits::default() };
    // Text leaves out what only binary can say, so that what is compared is text.
    if let Ok(read) = decode(&text, &wide) {
        let mut last = Vec::new();
        encode(&read, &TextProfile::of(Style::Compact), &mut last);
        assert_eq!(last, text);
    }
});
