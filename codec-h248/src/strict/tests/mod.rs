//! Each rule has messages that break it, and legal neighbours of theirs.

mod corpus;
mod generated;
mod hostile;
mod once;
mod packages;
mod prose;
mod values;
mod versions;

use super::{Departure, RULES, Rule, found};
use crate::{Limits, Message, decode, package::PackageRegistry};

/// A rule, a message that breaks it and no other, and one that is nearly the same and legal.
struct Case(&'static Rule, &'static str, &'static str);

/// The cases of all concerns.
fn cases() -> impl Iterator<Item = &'static Case> {
    [versions::CASES, once::CASES, prose::CASES, values::CASES]
        .into_iter()
        .flatten()
}

fn decoded(text: &str) -> Message<'_> {
    decode(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The departures of a message, each with its rule.
fn departing(text: &str) -> Vec<(&'static Rule, Departure)> {
    found(&decoded(text), &PackageRegistry::standard())
}

/// Checks that the message breaks this rule, once, and no other.
fn breaks(rule: &'static Rule, text: &str) {
    let found = departing(text);
    let rules: Vec<_> = found.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, [rule], "{text}\n{found:#?}");
}

/// Checks that the message breaks no rule.
fn is_legal(text: &str) {
    let found = departing(text);
    assert!(found.is_empty(), "{text}\n{found:#?}");
}

#[test]
fn a_rule_is_broken_by_its_message_and_kept_by_the_neighbour() {
    for Case(rule, breaking, legal) in cases() {
        breaks(rule, breaking);
        is_legal(legal);
    }
}

#[test]
fn every_rule_of_the_table_has_a_case() {
    for rule in RULES {
        assert!(
            cases().any(|Case(of, ..)| std::ptr::eq(*of, *rule)),
            "{rule:?}"
        );
    }
}

#[test]
fn the_table_says_each_rule_once_and_in_a_sentence() {
    for (place, rule) in RULES.iter().enumerate() {
        assert!(
            !RULES[..place].iter().any(|other| other.line == rule.line),
            "{rule:?}"
        );
        assert!(
            rule.line.ends_with('.') && rule.clause.starts_with("H.248."),
            "{rule:?}"
        );
    }
}

#[test]
fn a_place_leads_to_the_part_that_departs() {
    let text = "!/3 mg T=7{C=4{A=[rtp/1,rtp/2]{M{ST=2{O{a/b=1,a/b=2}}},E=1{x/y{EM{SG{z/*}}}}}}}";
    let places: Vec<_> = departing(text)
        .iter()
        .map(|(_, departure)| departure.place.to_string())
        .collect();
    assert_eq!(
        places,
        [
            "transaction 7, Context 4, Add rtp/1 and 1 more, Media, Stream 2, LocalControl",
            "transaction 7, Context 4, Add rtp/1 and 1 more, Events, x/y, Embed, Signals, z/*",
        ]
    );
}
