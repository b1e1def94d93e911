//! Two exchanges compared by what they mean: transaction by transaction, each request with what came
//! of it; what varies from run to run by declared rules.

mod align;
mod bound;
mod leaves;
mod pieces;

use std::{fmt, time::Duration};

use crate::replay::{Exchange, Rules, Side};

use self::{
    align::{Pairing, align},
    bound::Bound,
    leaves::Leaf,
    pieces::{Piece, pieces},
};

/// What is compared in no case, in words.
pub const NOT_COMPARED: &str =
    "transaction ids, error texts, acknowledgements, Pending and repeats are not compared";

/// Where a request stands in its capture, and what it is about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// Its message, from 1.
    pub message: usize,
    /// How long after the first message.
    pub at: Duration,
    /// Who asked.
    pub by: Side,
    /// Its commands in a few words.
    pub words: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.by {
            Side::Mgc => "mgc",
            Side::Mg => "mg",
        };
        let (message, at, words) = (self.message, self.at.as_secs_f64(), &self.words);
        write!(f, "message {message} (+{at:.3} s) {by}: {words}")
    }
}

/// A field that differs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldDifference {
    /// Where it is: the members of the JSON form.
    pub path: String,
    /// What the first run has there, if anything.
    pub first: Option<String>,
    /// What the second run has there, if anything.
    pub second: Option<String>,
    /// What the first run's value has stood for so far, where it now stands for another one.
    pub stood_for: Option<String>,
}

impl fmt::Display for FieldDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "nothing".to_owned());
        let (first, second) = (word(&self.first), word(&self.second));
        write!(
            f,
            "{}: {first} in the first, {second} in the second",
            self.path
        )?;
        match &self.stood_for {
            Some(other) => write!(f, ", where {other} stood for it before"),
            None => Ok(()),
        }
    }
}

/// A difference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Difference {
    /// A transaction that is only in the first run.
    First(Place),
    /// A transaction that is only in the second run.
    Second(Place),
    /// A transaction that is in both, with fields that differ.
    Fields(Place, Place, Vec<FieldDifference>),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First(place) => write!(f, "- only in the first:  {place}"),
            Self::Second(place) => write!(f, "+ only in the second: {place}"),
            Self::Fields(first, second, fields) => {
                write!(f, "~ {first}\n  {second}")?;
                for field in fields {
                    write!(f, "\n    {field}")?;
                }
                Ok(())
            }
        }
    }
}

/// What a comparison found.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Transactions that are the same in both.
    pub same: usize,
    /// What is not the same, in the order of the first run.
    pub differences: Vec<Difference>,
}

/// Compares two runs.
pub fn compare(first: &Exchange, second: &Exchange, rules: &Rules) -> Comparison {
    let (first, second) = (pieces(first, rules), pieces(second, rules));
    let mut bound = Bound::default();
    let mut comparison = Comparison::default();
    for pairing in align(&first, &second) {
        let difference = match pairing {
            Pairing::First(place) => Some(Difference::First(first[place].place.clone())),
            Pairing::Second(place) => Some(Difference::Second(second[place].place.clone())),
            Pairing::Both(one, other) => of_both(&first[one], &second[other], rules, &mut bound),
        };
        match difference {
            Some(difference) => comparison.differences.push(difference),
            None => comparison.same += 1,
        }
    }
    comparison
}

fn of_both(first: &Piece, second: &Piece, rules: &Rules, bound: &mut Bound) -> Option<Difference> {
    let fields = leaves::beside(&first.leaves, &second.leaves);
    let mut differences = Vec::new();
    for (one, other) in fields {
        differences.extend(field(one, other, rules, bound));
    }
    let places = (first.place.clone(), second.place.clone());
    (!differences.is_empty()).then_some(Difference::Fields(places.0, places.1, differences))
}

fn field(
    first: Option<&Leaf>,
    second: Option<&Leaf>,
    rules: &Rules,
    bound: &mut Bound,
) -> Option<FieldDifference> {
    let text = |leaf: Option<&Leaf>| leaf.map(|leaf| leaf.text.clone());
    let path = first.or(second)?.path.clone();
    let mut difference = FieldDifference {
        path,
        first: text(first),
        second: text(second),
        stood_for: None,
    };
    let (Some(first), Some(second)) = (first, second) else {
        return Some(difference);
    };
    match bound.compare(first, second, rules) {
        Ok(()) => None,
        Err(stood_for) => {
            difference.stood_for = stood_for;
            Some(difference)
        }
    }
}

#[cfg(test)]
mod tests;
