//! What is generated is legal, reaches every rule, and is the same for the same seed.

use std::{collections::BTreeSet, fs};

use codec_h248::{
    Limits, MessageBody, decode, package::PackageRegistry, peek, strict::decode_strict,
};
use h248_generate::{FOLDED, Generated, Generator, RULES, Spelling};

/// Messages of each version and spelling.
const MESSAGES: usize = 20_000;
/// Of these, so many are read strictly.
const STRICTLY: usize = 2_000;
const SPELLINGS: [Spelling; 3] = [Spelling::Pretty, Spelling::Compact, Spelling::Wild];

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// So many messages of each version and spelling.
fn each(generator: &mut Generator, messages: usize, mut look: impl FnMut(u8, &Generated)) {
    for version in 1..=3 {
        for spelling in SPELLINGS {
            for _ in 0..messages {
                look(version, &generator.message(version, spelling));
            }
        }
    }
}

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
    let mut sizes = Vec::new();
    each(&mut generator, MESSAGES, |version, generated| {
        let text = &generated.text;
        sizes.push(text.len());
        let message = decode(text, &Limits::default());
        let message = message.unwrap_or_else(|error| panic!("{error}\n{}", shown(text)));
        assert_eq!(message.version, version, "{}", shown(text));
        let seen = peek(text);
        assert_eq!(seen.mid.as_ref(), Some(&message.mid));
        let transactions = match &message.body {
            MessageBody::Transactions(transactions) => transactions.len(),
            MessageBody::Error(_) => 0,
        };
        assert_eq!(seen.transactions().count(), transactions, "{}", shown(text));
    });
    sizes.sort_unstable();
    let at = |percent: usize| sizes[sizes.len() * percent / 100];
    println!(
        "{} messages; octets of 10, 50, 90 and 99 %: {}, {}, {}, {}",
        sizes.len(),
        at(10),
        at(50),
        at(90),
        at(99)
    );
    let coverage = generator.coverage();
    let hits = |rule: &&str| coverage.get(*rule).copied().unwrap_or_default();
    for rule in RULES {
        println!("{:>9} {rule}", hits(rule));
    }
    let missed: Vec<_> = RULES.iter().filter(|rule| hits(rule) == 0).collect();
    assert!(missed.is_empty(), "not reached: {missed:?}");
}

#[test]
fn nothing_departs_from_the_standard() {
    let packages = PackageRegistry::standard();
    let mut generator = Generator::new(249);
    each(&mut generator, STRICTLY, |_, generated| {
        let text = &generated.text;
        let read = decode_strict(text, &Limits::default(), &packages);
        let (_, departures) = read.unwrap_or_else(|error| panic!("{error}\n{}", shown(text)));
        assert!(departures.is_empty(), "{departures:?}\n{}", shown(text));
    });
}

#[test]
fn traits_are_those_of_the_text() {
    let mut generator = Generator::new(250);
    let mut seen = [0; 5];
    each(&mut generator, STRICTLY, |version, generated| {
        let (text, traits) = (shown(&generated.text), generated.traits);
        assert_eq!(traits.eighth_bit, !generated.text.is_ascii(), "{text}");
        assert_eq!(traits.escaped_brace, text.contains("\\}"), "{text}");
        let names_vendor = text.to_ascii_lowercase().contains("acme");
        assert_eq!(traits.vendor, names_vendor, "{text}");
        assert!(
            traits.text_only || !traits.vendor && !traits.other_names,
            "{text}"
        );
        let held = [
            traits.text_only,
            traits.other_names,
            traits.vendor,
            traits.escaped_brace,
        ];
        for (count, holds) in seen.iter_mut().zip(held) {
            *count += usize::from(holds);
        }
        seen[4] += usize::from(traits.eighth_bit && version < 3);
    });
    println!(
        "text only, other names, vendor, escaped brace, eighth bit before version 3: {seen:?}"
    );
    let [text_only, ..] = seen;
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    assert!(text_only < STRICTLY * 9 / 4, "binary can say most messages");
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
    let rules: BTreeSet<String> = grammar.lines().filter_map(named).collect();
    let listed = RULES.iter().chain(FOLDED).map(|rule| (*rule).to_owned());
    assert_eq!(rules, listed.collect());
}
