//! What of one run stands for what of the other.

use std::collections::BTreeMap;

use super::leaves::Leaf;
use crate::replay::{Field, Rule, Rules};

/// Names of the first run and of the second that stand for each other, by kind.
#[derive(Debug, Default)]
pub(super) struct Bound {
    there: BTreeMap<(Field, String), String>,
    back: BTreeMap<(Field, String), String>,
}

impl Bound {
    /// Whether two fields are the same by the rules; where not, what the first one stood for before,
    /// or what stood for the second one.
    pub(super) fn compare(
        &mut self,
        first: &Leaf,
        second: &Leaf,
        rules: &Rules,
    ) -> Result<(), Option<String>> {
        let same = |same: bool| if same { Ok(()) } else { Err(None) };
        let (Some(kind), Some(_)) = (first.kind, second.kind) else {
            return same(first.kind == second.kind && first.text == second.text);
        };
        match rules.of(kind) {
            Rule::Exact => same(first.text == second.text),
            Rule::Any | Rule::Ignore => Ok(()),
            Rule::Captured => self.bind(kind, spelled(kind, first), spelled(kind, second)),
        }
    }

    fn bind(&mut self, kind: Field, first: String, second: String) -> Result<(), Option<String>> {
        let (one, other) = ((kind, first.clone()), (kind, second.clone()));
        match (self.there.get(&one), self.back.get(&other)) {
            (None, None) => {
                self.there.insert(one, second);
                self.back.insert(other, first);
                Ok(())
            }
            (Some(known), _) if *known == second => Ok(()),
            (Some(known), _) | (None, Some(known)) => Err(Some(known.clone())),
        }
    }
}

/// Names of Terminations are the same in any case (H.248.1 6.2.2).
fn spelled(kind: Field, leaf: &Leaf) -> String {
    match kind {
        Field::Termination => leaf.text.to_ascii_lowercase(),
        Field::Context
        | Field::Request
        | Field::Address
        | Field::Port
        | Field::Session
        | Field::Time
        | Field::Statistics
        | Field::Service => leaf.text.clone(),
    }
}
