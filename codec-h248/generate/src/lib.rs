//! Legal H.248 text by chance: one function for each rule of the grammar (H.248.1 Annex B.2),
//! called like the rule, each counting itself. It knows neither the codec's model nor its reader
//! and writer; of the codec it has the tables of packages alone.
//!
//! Messages keep to the grammar of their version, to what its comments demand, to the types of
//! package items, and to the clauses about what may stand where: a strict reader has nothing to
//! say about them.
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
mod catalogue;
mod chance;
mod command;
mod context;
mod context_audit;
mod description;
mod digit_map;
mod events;
mod identifiers;
mod individual_audit;
mod individual_media;
mod items;
mod lexis;
mod media;
mod message;
mod mid;
mod observed;
mod place;
mod quoted;
mod reply;
mod rules;
mod service_change;
mod signals;
mod statistics;
mod terminal;
mod topology;
mod transaction;
mod values;

use std::collections::BTreeMap;

use self::place::Place;
pub use self::rules::{FOLDED, RULES};

/// How a message may be spelled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Spelling {
    /// Long keywords, lines.
    Pretty,
    /// Short keywords, no white space that can be left out.
    Compact,
    /// Any case, either form of each keyword, white space and comments wherever they may be,
    /// numbers with leading zeros.
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
    /// Holds what the binary encoding has no element for, or has to say in another shape. Each of
    /// the next two is a case of it.
    pub text_only: bool,
    /// Names Terminations other than `tdm`, `rtp`, `line` or `card1` and one or two numbers from 1
    /// to 255 or wildcards, or digit maps other than `dialplan1` to `dialplan9`.
    pub other_names: bool,
    /// Holds items of the package `acme`, which no table has.
    pub vendor: bool,
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
    place: Place,
    /// The line end of session descriptions, one kind in a message.
    line_end: &'static str,
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
            place: Place::default(),
            line_end: "\n",
        }
    }

    /// One legal message of a version from 1 to 3.
    pub fn message(&mut self, version: u8, spelling: Spelling) -> Generated {
        self.version = version;
        self.spelling = spelling;
        self.traits = Traits::default();
        self.line_end = self.pick(&["\n", "\r\n"]);
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

    /// Notes down that binary may have no element for what is written, or another shape.
    fn text_only(&mut self) {
        self.traits.text_only = true;
    }
}
