//! Requests that no step waits for, and what a scenario says that they are answered.

use codec_h248::Transaction;

use super::{
    pattern,
    player::{How, Player},
    script::Step,
    verdict::Halt,
};

/// What may stand at a time.
const MANY: usize = 100;

/// A request, and its answer.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    asks: Step,
    gives: Step,
}

impl Player {
    /// `standing with: ACTIONS`, with its `gives: ACTIONS`; `standing off`.
    pub(super) fn stand(&mut self, step: &Step) -> Result<(), Halt> {
        if step.has("off") {
            self.standing.clear();
            return Ok(());
        }
        let next = self.program.ops.get(self.at + 1).map(|op| &op.step);
        let gives = next.filter(|next| next.verb() == "gives");
        let told = || Halt::Error("standing wants its gives".to_owned());
        let gives = gives.ok_or_else(told)?.clone();
        if self.standing.len() >= MANY {
            return Err(Halt::Error(format!("more than {MANY} are standing")));
        }
        let asks = step.clone();
        self.standing.push(Standing { asks, gives });
        Ok(())
    }

    /// Answers a request that is standing; whether it is.
    pub(super) fn gives(&mut self, one: &Transaction<'_>, place: &str) -> bool {
        let Transaction::Request(request) = one else {
            return false;
        };
        let fitting = self.standing.iter().rev().find_map(|standing| {
            let fits = self.fits(&standing.asks, &standing.asks, one);
            let names = fits.ok()?.ok()?;
            Some((standing.gives.clone(), names))
        });
        let Some((gives, names)) = fitting else {
            return false;
        };
        let value = |name: &str| {
            names
                .get(name)
                .map(String::as_str)
                .or_else(|| self.value(name))
        };
        let body = pattern::fill(&gives.body, value);
        if let Some(name) = body.holes.first() {
            let place = self.stands(gives.line);
            self.remark(format!(
                "{place}: nothing is given: @{name} stands for nothing yet"
            ));
            return false;
        }
        let body = body.text;
        let head = self.header(&gives, place);
        let id = request.id.0;
        let Ok(octets) = self.octets(&format!("{head}Reply={id}{{{body}}}"), place) else {
            return false;
        };
        self.note_answer(id, place, &octets);
        self.transmit(place, octets, How::Framed);
        true
    }
}
