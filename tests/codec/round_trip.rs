//! Generated messages of every rule and version: text, model, binary, model, text.

use std::collections::BTreeMap;

use codec_h248::{
    Limits, Message, Style, TextProfile,
    binary::{self, BinaryProfile},
    decode, encode,
    package::PackageRegistry,
    strict,
};
use h248_generate::{Generated, Generator, RULES, Spelling};

use super::profile::provisioned;

/// Messages of the suite.
const MESSAGES: usize = 100_000;
const SPELLINGS: [Spelling; 3] = [Spelling::Compact, Spelling::Pretty, Spelling::Wild];

fn shown(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// The text written in both styles is the same message, and the grammar has all of it.
fn text_is_exact(generated: &Generated, limits: &Limits) {
    let found = strict::decode_strict(&generated.text, limits, &PackageRegistry::standard());
    let (message, departures) = found.unwrap_or_else(|e| panic!("{e}\n{}", shown(&generated.text)));
    // What clauses beyond the grammar forbid, such as ROOT in Add, is made by chance.
    let grammar = |found: &&strict::Departure| found.clause == "H.248.1 Annex B.2";
    let departures: Vec<_> = departures.iter().filter(grammar).collect();
    assert!(
        departures.is_empty(),
        "{departures:?}\n{}",
        shown(&generated.text)
    );
    for style in [Style::Pretty, Style::Compact] {
        let mut again = Vec::new();
        encode(&message, &TextProfile::of(style), &mut again);
        let read = decode(&again, limits).unwrap_or_else(|e| panic!("{e}\n{}", shown(&again)));
        assert_eq!(
            read,
            message,
            "{}\n{}",
            shown(&generated.text),
            shown(&again)
        );
    }
}

/// Why a message cannot be said in binary, if it cannot; else it comes back as it was, and is
/// written to the same octets again.
fn binary_is_exact(text: &[u8], profile: &BinaryProfile, limits: &Limits) -> Result<(), String> {
    let message = decode(text, limits).expect("it was read before");
    let mut octets = Vec::new();
    binary::encode(&message, profile, &mut octets).map_err(|error| error.to_string())?;
    let read: Message<'_> = binary::decode(&octets, limits, profile)
        .unwrap_or_else(|e| panic!("{e}\n{}\n{}", shown(text), octets.escape_ascii()));
    if read != message {
        let compact = |message: &Message<'_>| {
            let mut octets = Vec::new();
            encode(message, &TextProfile::of(Style::Compact), &mut octets);
            shown(&octets)
        };
        let (was, is) = (compact(&message), compact(&read));
        return Err(format!("said in another shape: {was} is {is}"));
    }
    let mut again = Vec::new();
    binary::encode(&read, profile, &mut again).expect("what was read can be written");
    assert_eq!(again, octets, "{}", shown(text));
    let mut back = Vec::new();
    encode(&read, &TextProfile::of(Style::Compact), &mut back);
    let last = decode(&back, limits).unwrap_or_else(|e| panic!("{e}\n{}", shown(&back)));
    assert_eq!(last, message, "{}\n{}", shown(text), shown(&back));
    Ok(())
}

#[test]
fn generated_messages_come_back_as_they_were() {
    let (profile, limits) = (provisioned(1), Limits::default());
    let mut generator = Generator::new(20_261_125);
    let mut unsaid: BTreeMap<String, usize> = BTreeMap::new();
    let mut octets = 0;
    for place in 0..MESSAGES {
        let version = [1, 2, 3][place % 3];
        let generated = generator.message(version, SPELLINGS[place / 3 % 3]);
        octets += generated.text.len();
        text_is_exact(&generated, &limits);
        if let Err(why) = binary_is_exact(&generated.text, &profile, &limits) {
            assert!(
                generated.traits.text_only,
                "{why}\n{}",
                shown(&generated.text)
            );
            *unsaid.entry(kind(&why)).or_default() += 1;
        }
    }
    println!("{MESSAGES} messages, {octets} octets");
    println!("binary has no element for: {unsaid:?}");
    let coverage = generator.coverage();
    for rule in RULES {
        println!(
            "{:>9} {rule}",
            coverage.get(rule).copied().unwrap_or_default()
        );
    }
    let missed: Vec<_> = RULES
        .iter()
        .filter(|rule| !coverage.contains_key(*rule))
        .collect();
    assert!(missed.is_empty(), "not reached: {missed:?}");
}

/// The reason without what it is about.
fn kind(why: &str) -> String {
    let why = why.split(" in mess").next().unwrap_or(why);
    why.split([':', '"'])
        .next()
        .unwrap_or(why)
        .trim()
        .to_owned()
}
