//! What a playing holds, and the bounds of it (`docs/scenarios.md`).

use std::sync::Arc;

use super::{
    player::{Player, Received, Transmit},
    verdict::{Exchanged, Halt},
};

/// Messages that nobody has read yet, and their octets: decoded, they take many times as much.
const INBOX_MAX: usize = 4_000;
const INBOX_OCTETS_MAX: usize = 2 << 20;
/// Octets that wait to be sent before the next step is carried out.
const OUT_OCTETS_MAX: usize = 1 << 20;
/// Messages and their octets that are kept for a report.
const KEPT_MAX: usize = 100_000;
const KEPT_OCTETS_MAX: usize = 64 << 20;
/// Steps that are kept for a report, the longest text of one, and all texts of a report.
pub(super) const STEPS_MAX: usize = 20_000;
const TOLD_MAX: usize = 4_000;
const TOLD_OCTETS_MAX: usize = 32 << 20;
/// Remarks and records.
const REMARKS_MAX: usize = 10_000;
/// Names, and the octets of what they stand for.
const NAMES_MAX: usize = 10_000;
const NAMES_OCTETS_MAX: usize = 8 << 20;
/// A value so long counts.
const LONG: usize = 256;

/// Octets that are held.
#[derive(Debug, Default)]
pub(super) struct Held {
    kept: usize,
    /// Those of messages that nobody has read, at most: steps take some out here and there.
    inbox: usize,
    pub(super) out: usize,
    told: usize,
}

impl Held {
    /// Whether what is to be sent has to go before there is more of it.
    pub(super) fn is_waited_for(&self) -> bool {
        self.out > OUT_OCTETS_MAX
    }
}

impl Player {
    /// What nobody has read makes room for what comes, the oldest first.
    pub(super) fn receive(&mut self, came: Received) {
        if self.ended {
            return;
        }
        self.inbox.push_back(came);
        self.held.inbox += self.inbox.back().map_or(0, |came| came.octets.len());
        // Steps take messages out here and there: what is left is counted where it may be too much.
        if self.held.inbox > INBOX_OCTETS_MAX {
            self.held.inbox = self.inbox.iter().map(|one| one.octets.len()).sum();
        }
        while self.inbox.len() > INBOX_MAX
            || (self.held.inbox > INBOX_OCTETS_MAX && self.inbox.len() > 1)
        {
            let oldest = self.inbox.pop_front();
            self.held.inbox -= oldest.map_or(0, |oldest| oldest.octets.len());
            self.outcome.forgotten += 1;
        }
        self.advance();
    }

    /// What is sent waits until it is asked for.
    pub(super) fn put_out(&mut self, all: Vec<Transmit>) {
        self.held.out += all.iter().map(|one| one.octets.len()).sum::<usize>();
        self.out.extend(all);
    }

    /// Keeps a message for the report, where there is room; its place among those that are kept.
    pub(super) fn keep(&mut self, place: &Arc<str>, sent: bool, octets: &[u8]) -> Option<usize> {
        if !self.settings.keeps {
            return None;
        }
        let place = place.clone();
        let messages = &mut self.outcome.messages;
        let full = messages.len() >= KEPT_MAX || self.held.kept >= KEPT_OCTETS_MAX;
        if full || self.ended {
            self.outcome.forgotten += 1;
            return None;
        }
        self.held.kept += octets.len();
        messages.push(Exchanged {
            at: self.now,
            place,
            sent,
            octets: octets.to_vec(),
            line: self.program.ops.get(self.at).map_or(0, |op| op.step.line),
        });
        Some(messages.len() - 1)
    }

    pub(super) fn remark(&mut self, text: String) {
        if self.outcome.remarks.len() < REMARKS_MAX
            && let Some(text) = self.report(text)
        {
            self.outcome.remarks.push(text);
        }
    }

    pub(super) fn record(&mut self, text: String) {
        if self.outcome.records.len() < REMARKS_MAX
            && let Some(text) = self.report(text)
        {
            self.outcome.records.push(text);
        }
    }

    /// A text as it stands in the report, where there is room.
    pub(super) fn report(&mut self, mut text: String) -> Option<String> {
        if let Some((at, _)) = text.char_indices().nth(TOLD_MAX) {
            text.truncate(at);
            text.shrink_to_fit();
        }
        let whole = self.held.told + text.len();
        if whole > TOLD_OCTETS_MAX {
            self.outcome.untold += 1;
            return None;
        }
        self.held.told = whole;
        Some(text)
    }

    /// Lets a name stand for something.
    pub(super) fn name(&mut self, name: &str, value: String) -> Result<(), Halt> {
        if value.len() > LONG {
            let others = self.names.iter().filter(|(own, _)| *own != name);
            let octets: usize = others.map(|(_, value)| value.len()).sum();
            if octets + value.len() > NAMES_OCTETS_MAX {
                let told = format!("names would stand for more than {NAMES_OCTETS_MAX} octets");
                return Err(Halt::Error(told));
            }
        }
        self.names.insert(name.to_owned(), value);
        if self.names.len() > NAMES_MAX {
            return Err(Halt::Error(format!(
                "more than {NAMES_MAX} names stand for something"
            )));
        }
        Ok(())
    }
}
