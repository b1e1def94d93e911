//! What is generated is legal, reaches every rule, and is the same for the same seed.

use std::fs;

use codec_h248::{Limits, decode, peek};
use h248_generate::{FOLDED, Generator, RULES, Spelling};

const SPELLINGS: [Spelling; 3] = [Spelling::Pretty, Spelling::Compact, Spelling::Wild];

#[test]
fn the_same_seed_makes_the_same_messages() {
    let texts = |seed| {
        let mut generator = Generator::new(seed);
        let text = |_| generator.message(3, Spelling::Wild).text;
        (0..50).map(text).collect::<Vec<_>>()
    };
    assert_eq!(texts(1), texts(1));
    assert_ne!(texts(1), texts(2));
}

#[test]
fn every_message_decodes_and_every_rule_is_reached() {
    let mut generator = Generator::new(248);
    let mut octets = 0;
    for place in 0..60_000_usize {
        let version = [1, 2, 3][place % 3];
        let generated = generator.message(version, SPELLINGS[place / 3 % 3]);
        octets += generated.text.len();
        let message = decode(&generated.text, &Limits::default());
        let message = message.unwrap_or_else(|error| {
            panic!("{error}\n{}", String::from_utf8_lossy(&generated.text));
        });
        let seen = peek(&generated.text);
        assert_eq!(seen.mid.as_ref(), Some(&message.mid));
        let transactions = match &message.body {
            codec_h248::MessageBody::Transactions(transactions) => transactions.len(),
            codec_h248::MessageBody::Error(_) => 0,
        };
        assert_eq!(
            seen.transactions().count(),
            transactions,
            "{}",
            String::from_utf8_lossy(&generated.text)
        );
    }
    println!("60000 messages of {} octets in the mean", octets / 60_000);
    let coverage = generator.coverage();
    let missed: Vec<_> = RULES
        .iter()
        .filter(|rule| !coverage.contains_key(*rule))
        .collect();
    assert!(missed.is_empty(), "not reached: {missed:?}");
}

#[test]
fn the_rules_are_those_of_the_grammar() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/spec/text.abnf"
    );
    let Ok(grammar) = fs::read_to_string(path) else {
        println!("skipped: the reference's grammar is not beside this repository");
        return;
    };
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|o| o.is_ascii_alphanumeric());
    let named = |line: &'_ str| {
        let (name, _) = line.split_once('=')?;
        let name = name.trim_end();
        is_name(name).then(|| name.to_owned())
    };
    let mut rules: Vec<String> = grammar.lines().filter_map(named).collect();
    let mut listed: Vec<String> = RULES
        .iter()
        .chain(FOLDED)
        .map(|rule| (*rule).to_owned())
        .collect();
    rules.sort();
    listed.sort();
    assert_eq!(rules, listed);
}
