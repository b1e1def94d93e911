//! Messages of every rule of the grammar go to JSON and back, are of the schema, and have no faults.

use codec_h248::{Limits, Style, TextProfile, decode, encode, json};
use h248_generate::{Generator, Spelling};

use super::schema::refusal;

/// Messages of each version.
const EACH: usize = 1_000;

#[test]
fn generated_messages_come_back_from_json_to_the_spelling() {
    let schema = json::schema();
    let mut generator = Generator::new(248);
    let mut decoded = 0;
    for version in [1, 2, 3] {
        for place in 0..EACH {
            let generated = generator.message(version, Spelling::Pretty);
            let shown = String::from_utf8_lossy(&generated.text);
            // That all of them decode is another suite's to say.
            let Ok(message) = decode(&generated.text, &Limits::default()) else {
                continue;
            };
            decoded += 1;
            assert_eq!(message.validate(), [], "{shown}");
            let mut document = Vec::new();
            json::encode(&message, Style::Compact, &mut document);
            let back = json::decode(&document).unwrap_or_else(|error| panic!("{error}\n{shown}"));
            assert_eq!(back, message, "{shown}");
            let text = |message| {
                let mut text = Vec::new();
                encode(message, &TextProfile::of(Style::Compact), &mut text);
                text
            };
            assert_eq!(text(&back), text(&message), "{shown}");
            // The schema's checker is slow.
            if place % 10 == 0 {
                let value = serde_json::from_slice(&document).expect("it is JSON");
                assert_eq!(refusal(&schema, &schema, &value), None, "{shown}");
            }
        }
    }
    assert!(decoded > EACH * 3 * 9 / 10, "{decoded}");
}
