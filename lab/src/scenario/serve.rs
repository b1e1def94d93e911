//! Requests of the peer that belong to no step: a playing that has reached its state answers them.

use std::time::Instant;

use codec_h248::{Command, MessageBody, TerminationId, Transaction, TransactionRequest};

use super::{
    player::{How, Player},
    script::Step,
    verdict::Halt,
};

/// What became of the requests of a message.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Served {
    /// Requests that were answered as one does who is content.
    pub answered: u64,
    /// Requests that were answered by an error, or not at all.
    pub refused: u64,
}

impl Player {
    /// Answers the requests of a message: as what is standing says, or as one does who is content; what
    /// would have to be made for the answer is refused by error 501.
    pub fn serve(&mut self, place: &str, octets: &[u8], now: Instant) -> Served {
        self.now = self.now.max(now);
        let mut served = Served::default();
        let Ok(message) = self.read(octets) else {
            return served;
        };
        let MessageBody::Transactions(transactions) = &message.body else {
            return served;
        };
        for one in transactions {
            let Transaction::Request(request) = one else {
                continue;
            };
            if self.gives(one, place) || self.content(request, place).unwrap_or(false) {
                served.answered += 1;
            } else {
                served.refused += 1;
            }
        }
        served
    }

    /// Answers a request; whether as one does who is content.
    fn content(&mut self, request: &TransactionRequest<'_>, place: &str) -> Result<bool, Halt> {
        let id = request.id.0;
        let actions = replies(request, |_| true);
        let refusal = || "Error=501{\"no call expected it\"}".to_owned();
        let body = actions.clone().unwrap_or_else(refusal);
        let head = self.header(&Step::default(), place);
        let octets = self.octets(&format!("{head}Reply={id}{{{body}}}"), place)?;
        self.transmit(place, octets, How::Framed);
        Ok(actions.is_some())
    }
}

/// The actions of a reply to a request whose commands make nothing and are all taken.
pub(super) fn replies(
    request: &TransactionRequest<'_>,
    takes: impl Fn(&Command<'_>) -> bool,
) -> Option<String> {
    let mut actions = Vec::new();
    for action in &request.actions {
        let mut replies = Vec::new();
        for one in &action.commands {
            let (verb, names) = named(&one.command).filter(|_| takes(&one.command))?;
            replies.extend(names.iter().map(|name| format!("{verb}={name}")));
        }
        let replies = replies.join(",");
        actions.push(format!("Context={}{{{replies}}}", action.context));
    }
    Some(actions.join(","))
}

/// A command that makes nothing, and what it names.
fn named<'c>(command: &'c Command<'_>) -> Option<(&'static str, &'c [TerminationId<'c>])> {
    Some(match command {
        Command::Notify(notify) => ("Notify", &notify.terminations),
        Command::ServiceChange(change) => ("ServiceChange", &change.terminations),
        Command::AuditValue(audit) => ("AuditValue", &audit.terminations),
        Command::AuditCapability(audit) => ("AuditCapability", &audit.terminations),
        Command::Modify(modify) => ("Modify", &modify.terminations),
        Command::Add(_) | Command::Move(_) | Command::Subtract(_) => return None,
    })
}
