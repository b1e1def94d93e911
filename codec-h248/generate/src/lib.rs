//! Legal H.248 text by chance: one function for each rule of the grammar (H.248.1 Annex B.2),
//! called like the rule, each counting itself. It knows neither the codec's model nor its writer.
//!
//! ```
//! use h248_generate::{Generator, Spelling};
//!
//! let mut generator = Generator::new(7);
//! let generated = generator.message(3, Spelling::Compact);
//! assert!(generated.text.starts_with(b"!/3 ") || generated.text.starts_with(b"AU="));
//! assert_eq!(generator.coverage()["megacoMessage"], 1);
//! ```

mod audit;
mod command;
mod context;
mod events;
mod identifiers;
mod items;
mod lexis;
mod media;
mod message;
mod rules;
mod service_change;
mod signals;
mod values;

use std::collections::BTreeMap;

pub use rules::{FOLDED, RULES};

/// How the same message may be spelled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Spelling {
    /// Long keywords, lines.
    Pretty,
    /// Short keywords, no white space that can be left out.
    Compact,
    /// Any case, either form of each keyword, white space and comments wherever they may be.
    Wild,
}

/// A message, and what is special about it.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The octets.
    pub text: Vec<u8>,
    /// What some receivers need to be told.
    pub traits: Traits,
}

/// What is special about a message.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Traits {
    /// Holds what the binary encoding has no element for.
    pub text_only: bool,
    /// Holds a backslash that escapes a brace.
    pub escaped_brace: bool,
    /// Holds octets above 0x7F.
    pub eighth_bit: bool,
}

/// Makes messages from a seed.
#[derive(Clone, Debug)]
pub struct Generator {
    chance: fastrand::Rng,
    version: u8,
    spelling: Spelling,
    out: Vec<u8>,
    traits: Traits,
    coverage: BTreeMap<&'static str, u64>,
    /// How much may still be nested; at 0 optional parts are left out.
    depth: u8,
}

impl Generator {
    /// The same seed makes the same messages.
    pub fn new(seed: u64) -> Self {
        Self {
            chance: fastrand::Rng::with_seed(seed),
            version: 3,
            spelling: Spelling::Compact,
            out: Vec::new(),
            traits: Traits::default(),
            coverage: BTreeMap::new(),
            depth: 0,
        }
    }

    /// One legal message of a version from 1 to 3.
    pub fn message(&mut self, version: u8, spelling: Spelling) -> Generated {
        self.version = version;
        self.spelling = spelling;
        self.traits = Traits::default();
        self.out.clear();
        self.megaco_message();
        Generated {
            text: std::mem::take(&mut self.out),
            traits: self.traits,
        }
    }

    /// How often each rule was used, by its name in the grammar.
    pub fn coverage(&self) -> &BTreeMap<&'static str, u64> {
        &self.coverage
    }

    fn rule(&mut self, name: &'static str) {
        *self.coverage.entry(name).or_default() += 1;
    }

    /// Whether the message's version has what came with version `first`.
    fn since(&self, first: u8) -> bool {
        self.version >= first
    }

    /// Once in `n` times.
    fn once_in(&mut self, n: u32) -> bool {
        self.chance.u32(0..n) == 0
    }

    fn coin(&mut self) -> bool {
        self.chance.bool()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.chance.usize(0..from.len())]
    }

    /// `write` so many times, with commas between.
    fn list(&mut self, least: usize, most: usize, mut write: impl FnMut(&mut Self)) {
        let count = self.chance.usize(least..=most);
        for place in 0..count {
            if place > 0 {
                self.comma();
            }
            write(self);
        }
    }

    /// Some of these parts, at least `least`, each at most once, in any order, with commas between.
    fn some_of(&mut self, least: usize, parts: &[fn(&mut Self)]) {
        let mut order: Vec<usize> = (0..parts.len()).collect();
        self.chance.shuffle(&mut order);
        let most = parts.len().min(least + 2);
        let count = self.chance.usize(least..=most);
        for (place, part) in order.into_iter().take(count).enumerate() {
            if place > 0 {
                self.comma();
            }
            parts[part](self);
        }
    }
}
