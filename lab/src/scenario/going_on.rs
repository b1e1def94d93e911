//! A scenario that was made of a capture: what differs is noted, and it goes on.

use std::{collections::BTreeMap, time::Duration};

use codec_h248::{
    ActionReply, List, Transaction, TransactionId, TransactionReply, TransactionResult,
};
use serde_json::Value;

use super::{
    measures::SEGMENTED_MAX,
    pattern,
    player::{How, Player},
    script::Step,
    text::{duration, has},
    verdict::{Difference, Flow, Halt, Outcome, Stepped, Verdict},
};

/// Differences that are told; behind them a scenario ends.
const DIFFERENCES_MAX: usize = 10_000;
/// What transactions of one message may be.
const JOINED_MAX: usize = 1 << 20;
/// Behind a step that has heard nothing, the next wait for this part of their time until something comes.
const IN_SILENCE: u32 = 10;

/// Segments of the reply that comes in them, by number, and the number of the last.
#[derive(Debug, Default)]
pub(super) struct Parts {
    parts: BTreeMap<u16, List<ActionReply<'static>>>,
    last: Option<u16>,
    octets: usize,
}

impl Outcome {
    /// It is played to its end.
    pub(super) fn conclude(&mut self) {
        let Some(first) = self.differences.first() else {
            self.verdict = Verdict::Pass;
            return;
        };
        self.verdict = Verdict::Fail;
        self.line = Some(first.line);
        self.reason = match self.differences.len() {
            1 => first.told.clone(),
            more => format!("{more} differences; the first: {}", first.told),
        };
    }
}

impl Player {
    /// Notes what failed and goes on behind it, where the settings say so.
    pub(super) fn overlook(&mut self, step: &Step, halt: Halt) -> Result<(), Halt> {
        let full = self.outcome.differences.len() >= DIFFERENCES_MAX;
        if let Halt::Inconc(told) = &halt
            && step.verb() == "prompt"
            && self.settings.goes_on
        {
            self.remark(format!("{}: {told}", self.stands(step.line)));
            self.began = None;
            self.at += 1;
            return Ok(());
        }
        let Halt::Fail(told) = &halt else {
            return Err(halt);
        };
        if !self.settings.goes_on || full {
            return Err(halt);
        }
        let Some(told) = self.report(told.clone()) else {
            return Err(halt);
        };
        self.outcome.differences.push(Difference {
            line: step.line,
            told,
        });
        if let Some(done) = self.outcome.steps.last_mut() {
            done.ended = self.now;
        }
        self.silent = self.inbox.is_empty();
        if matches!(step.verb(), "request" | "notify") {
            self.settle_with(step)?;
        }
        self.began = None;
        // What nobody expected is told one by one.
        if step.verb() != "rest" {
            self.at = step.partner.max(self.at + 1);
        }
        Ok(())
    }

    /// What a step leans on is not there: nothing can be said of what is under test. Where what differs is told, this is.
    pub(super) fn amiss(&self, told: String) -> Halt {
        match self.settings.goes_on {
            true => Halt::Fail(told),
            false => Halt::Inconc(told),
        }
    }

    /// Where another request came than the one that was expected, its answer would be no answer to it.
    fn settle_with(&mut self, step: &Step) -> Result<(), Halt> {
        let Some((id, place)) = self.asked.take() else {
            return Ok(());
        };
        let message = self
            .last
            .as_ref()
            .and_then(|last| last.message.as_ref().ok());
        let is_this = |one: &Transaction<'_>| matches!(one, Transaction::Request(request) if request.id.0 == id);
        let Some(message) = message.filter(|message| has(message, is_this)) else {
            return Ok(());
        };
        let found = pattern::document(message)["message"]["messageBody"]["transactions"][0].clone();
        let text = pattern::fill(&step.body, |name| self.value(name)).text;
        let expected = pattern::transaction(&format!("Transaction=1{{{text}}}"));
        if expected.is_ok_and(|expected| commands(&expected) == commands(&found)) {
            self.asked = Some((id, place));
            return Ok(());
        }
        if let Some(name) = step.after("named") {
            self.names.remove(name);
        }
        let head = self.header(&Step::default(), &place);
        let refusal = format!("{head}Reply={id}{{Error=501{{\"another was expected\"}}}}");
        let octets = self.octets(&refusal, &place)?;
        self.note_answer(id, &place, &octets);
        self.transmit(&place, octets, How::Framed);
        Ok(())
    }

    /// The request that fits the step; where none has come in time, the first.
    pub(super) fn fitting(&self, step: &Step) -> Result<Option<TransactionId>, Halt> {
        let is_late = self.now >= self.patience(step, self.id)?;
        let mut first = None;
        for came in &self.inbox {
            let Ok(message) = &came.message else { continue };
            let codec_h248::MessageBody::Transactions(transactions) = &message.body else {
                continue;
            };
            for one in transactions {
                let Transaction::Request(request) = one else {
                    continue;
                };
                if self.fits(step, step, one)?.is_ok() {
                    return Ok(Some(request.id));
                }
                first = first.or(Some(request.id));
            }
        }
        Ok(first.filter(|_| is_late))
    }

    /// How long a step of such a scenario waits; nothing where it is none.
    pub(super) fn shortened(&self, step: &Step) -> Result<Option<Duration>, Halt> {
        if !self.settings.goes_on {
            return Ok(None);
        }
        let own = step.time("within")?.unwrap_or(self.settings.patience);
        let time = self
            .settings
            .longest
            .map_or(own, |longest| own.min(longest));
        Ok(Some(if self.silent { time / IN_SILENCE } else { time }))
    }

    /// Lets time pass as it did in the capture, or quicker, or not at all.
    pub(super) fn pause(&self, step: &Step) -> Stepped {
        let time = duration(step.wanted(1)?)?.mul_f64(self.settings.pace.max(0.0));
        let until = self.began() + time;
        if self.now >= until {
            return Ok(Flow::Next);
        }
        Ok(Flow::Wait(until))
    }

    /// A transaction with those that wait to go in one message with it; none where it waits too.
    pub(super) fn join(&mut self, step: &Step, text: String) -> Result<Option<String>, Halt> {
        if self.joined.len() + text.len() > JOINED_MAX {
            let told = format!("expected up to {JOINED_MAX} octets in one message, found more");
            return Err(Halt::Error(told));
        }
        self.joined.push_str(&text);
        Ok((!step.has("joined")).then(|| std::mem::take(&mut self.joined)))
    }

    /// Says which names stand for what they were in the capture, since nothing that came says otherwise.
    pub(super) fn note_recorded(&mut self, step: &Step) {
        if self.recorded.is_empty() {
            return;
        }
        let holes = pattern::fill(&step.body, |name| self.value(name)).holes;
        for name in holes {
            if let Some(value) = self.recorded.get(&name).cloned() {
                let place = self.stands(step.line);
                self.remark(format!(
                    "{place}: nothing came for @{name}: it is {value}, as recorded"
                ));
            }
        }
    }

    /// Takes the segments of a reply as far as they are there; each is acknowledged (H.248.1 D.1.3).
    pub(super) fn gather(
        &mut self,
        step: &Step,
        first: &TransactionReply<'static>,
    ) -> Result<Result<TransactionReply<'static>, Flow>, Halt> {
        let id = first.id;
        let mut next = Some(first.clone());
        while let Some(mut part) = next {
            let segment = part.segment.take();
            let Some(segment) = segment else {
                return Ok(Ok(part));
            };
            self.parts.octets += self.last.as_ref().map_or(0, |last| last.octets.len());
            if self.parts.octets > SEGMENTED_MAX {
                self.parts = Parts::default();
                return Err(Halt::Fail(format!(
                    "a reply of more than {SEGMENTED_MAX} octets"
                )));
            }
            let end = if segment.last { "/END" } else { "" };
            let place = self.last.as_ref().map(|last| last.place.clone());
            if let Some(place) = place {
                let head = self.header(&Step::default(), &place);
                let text = format!("{head}Segment={}/{}{end}", id.0, segment.number);
                let octets = self.octets(&text, &place)?;
                self.transmit(&place, octets, How::Framed);
            }
            if let TransactionResult::Actions(actions) = &mut part.result {
                let actions = std::mem::take(actions);
                self.parts.parts.insert(segment.number, actions);
            }
            if segment.last {
                self.parts.last = Some(segment.number);
            }
            if self.parts.last.map(usize::from) == Some(self.parts.parts.len()) {
                let parts = std::mem::take(&mut self.parts);
                part.result = TransactionResult::Actions(whole(parts));
                return Ok(Ok(part));
            }
            let found = self.take(|one| matches!(one, Transaction::Reply(reply) if reply.id == id));
            next = found.and_then(|found| match found {
                Transaction::Reply(reply) => Some(reply),
                Transaction::Request(_)
                | Transaction::Pending(_)
                | Transaction::ResponseAck(_)
                | Transaction::SegmentReply(_) => None,
            });
        }
        let until = self.patience(step, id.0)?;
        let flow = self.wait_until(until, |_| "not all segments of the reply came".to_owned())?;
        Ok(Err(flow))
    }
}

/// The actions of all segments; one that was cut goes on in the next.
fn whole(parts: Parts) -> List<ActionReply<'static>> {
    let mut whole: List<ActionReply<'static>> = List::new();
    for mut actions in parts.parts.into_values() {
        let goes_on = match (whole.last(), actions.first()) {
            (Some(last), Some(first)) => last.context == first.context,
            (None | Some(_), _) => false,
        };
        if goes_on && let Some(last) = whole.last_mut() {
            let first = actions.remove(0);
            last.commands.extend(first.commands);
        }
        whole.extend(actions);
    }
    whole
}

/// The commands of a request, in their order, and which of them are about ROOT.
fn commands(transaction: &Value) -> Vec<String> {
    let actions = transaction["transactionRequest"]["actions"].as_array();
    let commands = actions.into_iter().flatten().filter_map(|action| {
        let commands = action["commandRequests"].as_array()?;
        let name = |one: &Value| {
            let (name, command) = one["command"].as_object()?.iter().next()?;
            let first = command["terminationIdList"][0].as_str().unwrap_or_default();
            let about = if first.eq_ignore_ascii_case("root") {
                "ROOT"
            } else {
                ""
            };
            Some(format!("{name} {about}"))
        };
        Some(commands.iter().filter_map(name).collect::<Vec<_>>())
    });
    commands.flatten().collect()
}
