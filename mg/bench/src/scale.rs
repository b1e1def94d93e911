//! A gateway filled with Contexts, and what commands cost then.

use std::time::Duration;

use codec_h248::{ActionReply, ContextId, List, Style, TransactionResult};

use crate::{memory::resident, pair::Pair};

/// What is measured, by columns.
pub(crate) const ROWS: [&str; 6] = ["make", "modify", "audit", "move", "subtract", "W-audit"];

/// A Context of two Terminations.
const MAKE: &str = "C=${A=$,A=$}";
/// Longer than replies are kept.
const LONG: Duration = Duration::from_secs(31);

/// A gateway with Contexts 1 to `contexts`, each of Terminations 2n-1 and 2n.
pub(crate) struct Scale {
    pair: Pair,
    contexts: usize,
    /// The number of the Context that was made last.
    last: usize,
}

/// What it takes to fill a gateway.
pub(crate) struct Filling {
    /// Processing time of the gateway.
    pub(crate) time: Duration,
    /// Octets of memory for each Context.
    pub(crate) octets: usize,
}

/// What an audit of everything takes.
pub(crate) struct Audit {
    /// What was asked for.
    pub(crate) what: &'static str,
    /// Processing time of the gateway.
    pub(crate) time: Duration,
    /// Messages of the reply.
    pub(crate) messages: usize,
    /// Octets of the reply.
    pub(crate) octets: usize,
    /// Contexts that the reply names.
    pub(crate) contexts: usize,
}

impl Scale {
    /// A gateway that takes so many Contexts, and writes in that style.
    pub(crate) fn new(most: usize, style: Style) -> Self {
        Self {
            pair: Pair::new(most, style),
            contexts: 0,
            last: 0,
        }
    }

    /// Makes so many Contexts.
    pub(crate) fn fill(&mut self, contexts: usize) -> Filling {
        let before = resident();
        let mut time = Duration::ZERO;
        for _ in 0..contexts {
            time += self.ask(MAKE);
        }
        self.contexts = contexts;
        self.last = contexts;
        self.pair.pass(LONG);
        let octets = resident().saturating_sub(before);
        Filling {
            time,
            octets: octets / contexts.max(1),
        }
    }

    /// The median cost of each kind of command, by column, where the commands are about `visited`
    /// Contexts in turn, spread over all. Each round leaves as many Contexts as it found.
    pub(crate) fn costs(&mut self, rounds: usize, visited: usize) -> [Duration; ROWS.len()] {
        let mut costs = ROWS.map(|_| Vec::with_capacity(rounds));
        for round in 0..rounds {
            // Prime, so that neighbours do not follow each other.
            let one = round * 7_919 % visited * (self.contexts / visited) + 1;
            self.last += 1;
            let last = self.last;
            let name = 2 * one - 1;
            let round = [
                MAKE.to_owned(),
                format!("C={one}{{MF=rtp/{name}{{M{{O{{MO=SR}}}}}}}}"),
                format!("C={one}{{AV=rtp/{name}{{AT{{M,SA}}}}}}"),
                format!("C={last}{{MV=rtp/{name}}},C={one}{{MV=rtp/{name}}}"),
                format!("C={last}{{S=*{{AT{{}}}}}}"),
                format!("C={one}{{W-AV=*{{AT{{PG}}}}}}"),
            ];
            for (column, actions) in costs.iter_mut().zip(&round) {
                column.push(self.ask(actions));
            }
        }
        costs.map(|mut column| {
            column.sort_unstable();
            column[column.len() / 2]
        })
    }

    /// Audits every Termination of every Context for these descriptors.
    pub(crate) fn audit_all(&mut self, descriptors: &'static str) -> Audit {
        let before = self.pair.sent;
        let what = if descriptors.is_empty() {
            "names"
        } else {
            descriptors
        };
        let answer = self
            .pair
            .ask(&format!("C=*{{AV=*{{AT{{{descriptors}}}}}}}"));
        let replies = actions(answer.result);
        let mut named: Vec<ContextId> = replies.iter().map(|reply| reply.context).collect();
        named.dedup();
        self.pair.pass(LONG);
        Audit {
            what,
            time: answer.cost,
            messages: self.pair.sent.0 - before.0,
            octets: self.pair.sent.1 - before.1,
            contexts: named.len(),
        }
    }

    /// Takes every Termination out of every Context.
    pub(crate) fn remove_all(&mut self) -> Duration {
        let cost = self.ask("C=*{W-S=*{AT{}}}");
        let left = self.pair.ask("C=*{AV=ROOT{AT{}}}");
        let left = actions(left.result);
        assert!(
            left.iter().all(|one| one.context == ContextId::All),
            "{left:?}"
        );
        self.contexts = 0;
        cost
    }

    fn ask(&mut self, text: &str) -> Duration {
        let answer = self.pair.ask(text);
        for reply in actions(answer.result) {
            assert!(reply.error.is_none(), "{text}: {:?}", reply.error);
        }
        answer.cost
    }
}

fn actions(result: TransactionResult<'static>) -> List<ActionReply<'static>> {
    match result {
        TransactionResult::Actions(actions) => actions,
        TransactionResult::Error(error) => panic!("{error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_costs_does_not_grow_with_the_number_of_contexts() {
        let mut few = Scale::new(20, Style::Compact);
        few.fill(10);
        let few = few.costs(300, 10);
        let mut many = Scale::new(5_010, Style::Compact);
        many.fill(5_000);
        let costs = many.costs(300, 5_000);
        for ((row, few), many) in ROWS.iter().zip(few).zip(costs) {
            // Trees are a few levels deeper; what walks all Contexts would be a hundred times slower.
            assert!(
                many < few * 4,
                "{row}: {few:?} at 10 Contexts, {many:?} at 5,000"
            );
        }
    }

    #[test]
    fn everything_can_be_audited_by_one_wildcard_and_removed_by_another() {
        let mut scale = Scale::new(3_000, Style::Compact);
        scale.fill(3_000);
        let audit = scale.audit_all("M");
        assert_eq!(audit.contexts, 3_000);
        assert!(audit.messages > 2, "the reply comes in segments");
        scale.remove_all();
    }
}
