//! The books of a run: each request is executed at most once in a life of whoever executes it, and
//! ends exactly once for whoever asked.

use crate::sim::Side;

/// How a request ended for the program that asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// With the reply of the other program.
    Replied,
    /// With an error of the other link: no room (510), or too long at work (506).
    Refused,
    /// It was reported as timed out.
    TimedOut,
    /// The other side has restarted and knows nothing of it, which was reported.
    PeerRestarted,
    /// With the program itself.
    AskerRestarted,
}

/// Counts of requests by how they ended.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Ends {
    /// With the reply of the other program.
    pub replied: u64,
    /// With an error of the other link.
    pub refused: u64,
    /// Timed out, and reported.
    pub timed_out: u64,
    /// Given up because the other side had restarted, and reported.
    pub peer_restarted: u64,
    /// With the program that had asked.
    pub asker_restarted: u64,
}

impl Ends {
    fn count(&mut self, end: End) {
        let count = match end {
            End::Replied => &mut self.replied,
            End::Refused => &mut self.refused,
            End::TimedOut => &mut self.timed_out,
            End::PeerRestarted => &mut self.peer_restarted,
            End::AskerRestarted => &mut self.asker_restarted,
        };
        *count += 1;
    }
}

#[derive(Debug)]
struct Entry {
    asker: Side,
    /// The life of the other program in which it was last executed.
    executed_in: Option<u32>,
    end: Option<End>,
}

/// What was asked in a run, executed and answered.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    pub(super) ends: Ends,
    /// Executions, in all lives.
    pub(super) executed: u64,
    pub(super) faults: Vec<String>,
}

impl Ledger {
    /// Enters a request; returns its number, from 1 on.
    pub(super) fn ask(&mut self, asker: Side) -> u32 {
        self.entries.push(Entry {
            asker,
            executed_in: None,
            end: None,
        });
        u32::try_from(self.entries.len()).expect("a run has few requests")
    }

    fn entry(&mut self, number: u32) -> Option<&mut Entry> {
        let index = (number as usize).checked_sub(1)?;
        self.entries.get_mut(index)
    }

    /// Notes that a program executes a request.
    pub(super) fn executes(&mut self, number: u32, executor: Side, life: u32) {
        self.executed += 1;
        let fault = match self.entry(number) {
            None => Some("was never asked"),
            Some(entry) if entry.asker == executor => Some("came back to who asked it"),
            Some(entry) if entry.executed_in.is_some_and(|last| last >= life) => {
                Some("was executed twice in one life")
            }
            Some(entry) => {
                entry.executed_in = Some(life);
                None
            }
        };
        self.note(number, fault);
    }

    /// Notes how a request ended.
    pub(super) fn ends(&mut self, number: u32, end: End) {
        let fault = match self.entry(number) {
            None => Some("ended and was never asked"),
            Some(entry) if entry.end.is_some() => Some("ended twice"),
            Some(entry) => {
                entry.end = Some(end);
                let executed = entry.executed_in.is_some();
                (end == End::Replied && !executed).then_some("was answered and never executed")
            }
        };
        self.ends.count(end);
        self.note(number, fault);
    }

    fn note(&mut self, number: u32, fault: Option<&str>) {
        self.faults
            .extend(fault.map(|fault| format!("request {number} {fault}")));
    }

    /// Notes what has not ended, now that nothing happens any more.
    pub(super) fn close(&mut self) {
        let open = self
            .entries
            .iter()
            .zip(1..)
            .filter(|(entry, _)| entry.end.is_none());
        let lost = open
            .map(|(_, number): (_, u32)| format!("request {number} was lost and nobody was told"));
        self.faults.extend(lost);
    }

    /// How many were asked.
    pub(super) fn asked(&self) -> u64 {
        self.entries.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        assert_eq!(ledger.ask(Side::Gateway), 1);
        ledger
    }

    #[test]
    fn a_request_may_be_executed_once_in_each_life_and_must_end_once() {
        let mut ledger = ledger();
        for life in [0, 1] {
            ledger.executes(1, Side::Controller, life);
        }
        ledger.ends(1, End::Replied);
        ledger.close();
        assert_eq!(ledger.faults, [""; 0]);
        assert_eq!((ledger.executed, ledger.ends.replied), (2, 1));
    }

    #[test]
    fn what_must_not_be_is_noted() {
        let mut ledger = ledger();
        ledger.executes(2, Side::Controller, 0);
        ledger.executes(1, Side::Gateway, 0);
        ledger.ends(1, End::Replied);
        ledger.executes(1, Side::Controller, 0);
        ledger.executes(1, Side::Controller, 0);
        ledger.ends(1, End::TimedOut);
        ledger.ask(Side::Controller);
        ledger.close();
        let expected = [
            "request 2 was never asked",
            "request 1 came back to who asked it",
            "request 1 was answered and never executed",
            "request 1 was executed twice in one life",
            "request 1 ended twice",
            "request 2 was lost and nobody was told",
        ];
        assert_eq!(ledger.faults, expected);
    }
}
