//! Names for what varies from run to run, and the stand-ins that mark their places in a message until it is text.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::Field;

/// Numbers from here on stand for names where the grammar wants a number.
const FIRST_NUMBER: u64 = 4_100_000_000;
const OPEN: &str = "zzname";
/// The stand-in of `@_`, which stands for anything.
const ANYTHING: &str = "zzanythingz";
const ANY_NUMBER: u64 = 4_199_999_999;

/// A name, and what it stood for in the capture.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) value: String,
    /// Whether the live peer chooses it.
    pub(super) captured: bool,
}

#[derive(Debug, Default)]
pub(super) struct Names {
    all: Vec<Name>,
    known: BTreeMap<(Field, String), usize>,
    taken: BTreeSet<String>,
    /// Those for which something stands in the transaction at hand.
    used: BTreeSet<usize>,
}

impl Names {
    /// The number of the name for this value, which the peer or our own side now says.
    fn number(&mut self, field: Field, value: &str, peer: bool) -> usize {
        let key = (field, value.to_ascii_lowercase());
        if let Some(number) = self.known.get(&key) {
            self.used.insert(*number);
            return *number;
        }
        let number = self.all.len();
        let name = self.fresh(field, value);
        self.all.push(Name {
            name,
            value: value.to_owned(),
            captured: peer,
        });
        self.known.insert(key, number);
        self.used.insert(number);
        number
    }

    /// Whether this value has a name.
    pub(super) fn knows(&self, field: Field, value: &str) -> bool {
        self.known
            .contains_key(&(field, value.to_ascii_lowercase()))
    }

    fn fresh(&mut self, field: Field, value: &str) -> String {
        let letter = match field {
            Field::Context => "C",
            Field::Termination => "T_",
            Field::Request => "R",
            Field::Address => "A",
            Field::Port | Field::Session | Field::Time | Field::Statistics | Field::Service => "P",
        };
        let clean = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let name: String = letter.chars().chain(value.chars().map(clean)).collect();
        let others = (2..).map(|number: u32| format!("{name}_{number}"));
        let all = std::iter::once(name.clone()).chain(others);
        all.into_iter()
            .find(|name| self.taken.insert(name.clone()))
            .unwrap_or(name)
    }

    /// What stands in a text for the name of this value.
    pub(super) fn word(&mut self, field: Field, value: &str, peer: bool) -> String {
        format!("{OPEN}{}z", self.number(field, value, peer))
    }

    /// What stands in a number's place for the name of this value.
    pub(super) fn figure(&mut self, field: Field, value: &str, peer: bool) -> u64 {
        FIRST_NUMBER + self.number(field, value, peer) as u64
    }

    pub(super) fn any_word() -> String {
        ANYTHING.to_owned()
    }

    pub(super) fn any_figure() -> u64 {
        ANY_NUMBER
    }

    pub(super) fn all(&self) -> &[Name] {
        &self.all
    }

    /// The text of the transaction at hand, with names where stand-ins were.
    pub(super) fn written(&mut self, text: &str) -> String {
        let mut text = text.replace(ANYTHING, "@_");
        text = text.replace(&ANY_NUMBER.to_string(), "@_");
        for number in std::mem::take(&mut self.used) {
            let put = format!("@{}", self.all[number].name);
            text = text.replace(&format!("{OPEN}{number}z"), &put);
            text = text.replace(&(FIRST_NUMBER + number as u64).to_string(), &put);
        }
        text
    }
}
