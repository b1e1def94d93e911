//! Messages that are made by the grammar keep to it. What a clause forbids beyond the grammar they
//! do by chance.

use h248_generate::{Generator, Spelling};

use super::{super::rules::table::*, Rule, found};
use crate::{Limits, package::PackageRegistry, text::decode_noting};

/// Messages of each version and spelling.
const MESSAGES: usize = 5_000;

#[test]
fn generated_messages_keep_to_the_grammar() {
    let packages = PackageRegistry::standard();
    let mut generator = Generator::new(1);
    for version in 1..=3 {
        for spelling in [Spelling::Compact, Spelling::Wild] {
            for _ in 0..MESSAGES {
                keeps(&generator.message(version, spelling).text, &packages);
            }
        }
    }
}

fn keeps(text: &[u8], packages: &PackageRegistry) {
    let shown = String::from_utf8_lossy(text);
    let (message, liberties) = decode_noting(text, &Limits::default()).unwrap_or_else(|error| {
        panic!("{error}\n{shown}");
    });
    assert!(liberties.is_empty(), "{shown}\n{liberties:#?}");
    let found = found(&message, packages);
    let of_grammar = |rule: &Rule| rule.clause == "H.248.1 Annex B.2";
    // One of the generator's digit maps has A-D for a range, which only digits have.
    let known = |rule: &Rule| std::ptr::eq(rule, &DIGIT_MAP);
    let wrong = found
        .iter()
        .find(|(rule, _)| of_grammar(rule) && !known(rule));
    assert!(wrong.is_none(), "{shown}\n{wrong:#?}");
}
