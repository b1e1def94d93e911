//! H.248 as a ladder for the terminal: a line for each transaction of each message.

mod describe;

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    time::{Duration, SystemTime},
};

use codec_h248::{
    Command, Limits, Message, MessageBody, ServiceChangeRequest, TerminationId, Transaction,
    TransactionId, TransactionRequest, TransactionResult,
    binary::{self, BinaryProfile},
    decode,
    descriptor::ServiceChangeMethod,
};

use crate::capture::{Address, Captured, Encoding};

/// Messages that are remembered to tell repeats.
const REMEMBERED: usize = 1_024;
/// Where controllers listen for text over UDP (H.248.1 D.1).
const CONTROLLER_PORT: u16 = 2_944;

/// Draws messages one after another.
#[derive(Debug, Default)]
pub struct Ladder {
    controller: Option<Address>,
    seen: VecDeque<(Address, Vec<u8>)>,
    asked: BTreeMap<(Address, TransactionId), SystemTime>,
    undecoded: u64,
    messages: u64,
    agreed: BinaryProfile,
}

impl Ladder {
    /// A ladder whose controller is known; otherwise the messages tell.
    pub fn with_controller(controller: SocketAddr) -> Self {
        Self {
            controller: Some(controller.into()),
            ..Self::default()
        }
    }

    /// How many messages were drawn.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// How many datagrams did not decode.
    pub fn undecoded(&self) -> u64 {
        self.undecoded
    }

    /// The lines of one message.
    pub fn draw(&mut self, datagram: &Captured<'_>) -> Vec<String> {
        let agreed = std::mem::take(&mut self.agreed);
        let limits = Limits::default();
        let decoded = match datagram.encoding {
            Encoding::Text => decode(&datagram.octets, &limits),
            Encoding::Binary => binary::decode(&datagram.octets, &limits, &agreed),
        };
        self.messages += 1;
        let (lines, repeat) = match decoded {
            Ok(message) => {
                self.learn(datagram, &message);
                let repeat = self.is_repeat(datagram);
                (self.body(datagram, &message.body), repeat)
            }
            Err(error) => {
                self.undecoded += 1;
                (vec![format!("does not decode: {error}")], false)
            }
        };
        let mark = if repeat { "  (repeat)" } else { "" };
        self.agreed = agreed;
        let head = self.head(datagram);
        let blank = " ".repeat(head.chars().count());
        let line = |(n, line): (usize, String)| {
            let head = if n == 0 { &head } else { &blank };
            format!("{head}  {line}{mark}")
        };
        lines.into_iter().enumerate().map(line).collect()
    }

    /// Time and direction; the controller stands on the left.
    fn head(&self, datagram: &Captured<'_>) -> String {
        let arrow = if self.controller == Some(datagram.from) {
            "mgc ──▶ mg"
        } else {
            "mgc ◀── mg"
        };
        format!("{} {arrow}", time_of_day(datagram.time))
    }

    /// Finds out which address is the controller's.
    fn learn(&mut self, datagram: &Captured<'_>, message: &Message<'_>) {
        if self.controller.is_none() {
            let by_port = [datagram.from, datagram.to]
                .into_iter()
                .find(|address| address.port() == Some(CONTROLLER_PORT));
            let from_gateway = is_from_gateway(message);
            let by_command = from_gateway.map(|it| if it { datagram.to } else { datagram.from });
            self.controller = by_command.or(by_port);
        }
    }

    fn is_repeat(&mut self, datagram: &Captured<'_>) -> bool {
        let same = |(from, octets): &(Address, Vec<u8>)| {
            *from == datagram.from && octets[..] == datagram.octets[..]
        };
        if self.seen.iter().any(same) {
            return true;
        }
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen
            .push_back((datagram.from, datagram.octets.to_vec()));
        false
    }

    fn body(&mut self, datagram: &Captured<'_>, body: &MessageBody<'_>) -> Vec<String> {
        match body {
            MessageBody::Error(error) => vec![describe::error(error)],
            MessageBody::Transactions(transactions) => transactions
                .iter()
                .map(|transaction| self.transaction(datagram, transaction))
                .collect(),
        }
    }

    fn transaction(&mut self, datagram: &Captured<'_>, transaction: &Transaction<'_>) -> String {
        match transaction {
            Transaction::Request(request) => self.request(datagram, request),
            Transaction::Reply(reply) => {
                let result = match &reply.result {
                    TransactionResult::Error(error) => describe::error(error),
                    TransactionResult::Actions(actions) => {
                        joined(actions.iter().map(describe::action_reply))
                    }
                };
                let asked = self.asked.remove(&(datagram.to, reply.id));
                let took = asked.and_then(|asked| datagram.time.duration_since(asked).ok());
                let took = took.map_or_else(String::new, |took| format!("  [{}]", brief(took)));
                format!("T{} reply    {result}{took}", reply.id)
            }
            Transaction::Pending(id) => format!("T{id} pending"),
            Transaction::ResponseAck(ranges) => {
                let range = |range: &codec_h248::AckRange| {
                    if range.first == range.last {
                        format!("T{}", range.first)
                    } else {
                        format!("T{}-{}", range.first, range.last)
                    }
                };
                format!("ack {}", joined(ranges.iter().map(range)))
            }
            Transaction::SegmentReply(segment) => {
                format!(
                    "T{} segment {} received",
                    segment.id, segment.segment.number
                )
            }
        }
    }

    fn request(&mut self, datagram: &Captured<'_>, request: &TransactionRequest<'_>) -> String {
        if self.asked.len() == REMEMBERED {
            self.asked.pop_first();
        }
        self.asked
            .entry((datagram.from, request.id))
            .or_insert(datagram.time);
        let actions = joined(request.actions.iter().map(describe::action_request));
        format!("T{} request  {actions}", request.id)
    }
}

/// Whether a gateway sent it, where its commands tell (H.248.1 7.2).
fn is_from_gateway(message: &Message<'_>) -> Option<bool> {
    let MessageBody::Transactions(transactions) = &message.body else {
        return None;
    };
    let requests = transactions
        .iter()
        .filter_map(|transaction| match transaction {
            Transaction::Request(request) => Some(request),
            Transaction::Reply(_)
            | Transaction::Pending(_)
            | Transaction::ResponseAck(_)
            | Transaction::SegmentReply(_) => None,
        });
    let actions = requests.flat_map(|request| &request.actions);
    let mut commands = actions.flat_map(|action| &action.commands);
    commands.find_map(|request| match &request.command {
        Command::Add(_)
        | Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_) => Some(false),
        Command::Notify(_) => Some(true),
        Command::ServiceChange(change) => registers(change).then_some(true),
    })
}

/// Whether a ServiceChange is one by which gateways register (H.248.1 7.2.8).
fn registers(change: &ServiceChangeRequest<'_>) -> bool {
    let method = match change.services.method {
        ServiceChangeMethod::Restart
        | ServiceChangeMethod::Disconnected
        | ServiceChangeMethod::Failover => true,
        ServiceChangeMethod::HandOff
        | ServiceChangeMethod::Forced
        | ServiceChangeMethod::Graceful
        | ServiceChangeMethod::Extension(_) => false,
    };
    method && change.terminations.iter().any(TerminationId::is_root)
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join("; ")
}

fn brief(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1e3)
}

/// `hh:mm:ss.mmm`, UTC.
fn time_of_day(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let since = since.unwrap_or_default();
    let seconds = since.as_secs() % 86_400;
    format!(
        "{:02}:{:02}:{:02}.{:03}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60,
        since.subsec_millis()
    )
}

#[cfg(test)]
mod tests;
