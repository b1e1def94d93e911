//! An endpoint as its program and its peers see it.

mod agreed;
mod authentication;
mod bad_input;
mod identity;
mod link;
mod network;
mod segments;
mod simulation;
mod tables;

use std::time::Duration;

use codec_h248::{
    Command, CommandRequest, ContextId, List, Message, MessageBody, TerminationId, Transaction,
    descriptor::{AuditDescriptor, ErrorCode, ErrorDescriptor},
    list,
};

use super::*;

const OURS: &str = "192.0.2.1:2944";
const THEIRS: &str = "192.0.2.2:2944";
/// Another port of the same host.
const THEIRS_TOO: &str = "192.0.2.2:4000";
const ELSEWHERE: &str = "198.51.100.3:4000";

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn route(text: &str) -> Route {
    address(text).into()
}

fn device(name: &'static str) -> MId<'static> {
    MId::Device(name.into())
}

fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// What a program asks: an audit of ROOT.
fn actions() -> List<ActionRequest<'static>> {
    let audit = Command::AuditValue(codec_h248::AuditRequest {
        terminations: list![TerminationId::ROOT],
        audit: AuditDescriptor::default(),
    });
    list![ActionRequest::new(
        ContextId::Null,
        list![CommandRequest::from(audit)],
    )]
}

/// A result that can be told from others.
fn result(number: u32) -> TransactionResult<'static> {
    let code = ErrorCode::NOT_IMPLEMENTED;
    TransactionResult::Error(ErrorDescriptor::about(code, number))
}

/// One endpoint that is driven by hand, with its peer's messages written as text.
struct Bench {
    endpoint: Endpoint,
    start: Instant,
    now: Instant,
}

impl Bench {
    fn new(config: Config) -> Self {
        let now = Instant::now();
        Self {
            endpoint: Endpoint::new(config, device("us"), 1),
            start: now,
            now,
        }
    }

    /// With an association to [`THEIRS`].
    fn connected() -> (Self, PeerId) {
        let mut bench = Self::new(Config::default());
        let peer = bench.endpoint.connect(address(THEIRS), bench.now);
        (bench, peer)
    }

    fn receive(&mut self, text: &str) {
        self.receive_from(text, THEIRS);
    }

    fn receive_from(&mut self, text: &str, from: &str) {
        self.endpoint
            .handle_message(text.as_bytes(), route(from), self.now);
    }

    fn request(&mut self, peer: PeerId) -> u32 {
        self.endpoint.request(peer, actions(), self.now).0
    }

    fn reply(&mut self, peer: PeerId, id: u32) {
        self.endpoint
            .reply(peer, TransactionId(id), result(id), self.now);
    }

    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.endpoint.handle_timeout(self.now);
    }

    /// Goes to the next timer.
    fn wake(&mut self) -> Option<Why> {
        let (at, why) = self.endpoint.poll_timeout()?;
        self.now = self.now.max(at);
        self.endpoint.handle_timeout(self.now);
        Some(why)
    }

    fn sent(&mut self) -> Vec<Transmit> {
        std::iter::from_fn(|| self.endpoint.poll_transmit()).collect()
    }

    /// What was sent, in one line each.
    fn said(&mut self) -> Vec<String> {
        self.sent().iter().map(one_line).collect()
    }

    fn events(&mut self) -> Vec<(PeerId, Event)> {
        std::iter::from_fn(|| self.endpoint.poll_event()).collect()
    }

    /// The numbers of the requests that have come in since the last call, and whose they are.
    fn requests(&mut self) -> Vec<(PeerId, u32)> {
        let request = |(peer, event)| match event {
            Event::Request { id, .. } => Some((peer, id.0)),
            Event::Reply { .. }
            | Event::TimedOut { .. }
            | Event::Unsent { .. }
            | Event::CarrierLost
            | Event::MessageError { .. } => None,
        };
        self.events().into_iter().filter_map(request).collect()
    }
}

/// A message in short: its version, its target, and its transactions.
fn one_line(transmit: &Transmit) -> String {
    let limits = codec_h248::Limits::default();
    let message = codec_h248::decode(&transmit.octets, &limits).unwrap();
    assert_eq!(message.mid, device("us"));
    format!(
        "v{} to {}: {}",
        message.version,
        transmit.to,
        body(&message)
    )
}

fn body(message: &Message<'_>) -> String {
    match &message.body {
        MessageBody::Error(error) => format!("error {}", error.code),
        MessageBody::Transactions(transactions) => {
            let all: Vec<_> = transactions.iter().map(transaction).collect();
            all.join(", ")
        }
    }
}

fn transaction(transaction: &Transaction<'_>) -> String {
    match transaction {
        Transaction::Request(request) => format!("request {}", request.id),
        Transaction::Reply(reply) => {
            let mark = if reply.immediate_ack { "!" } else { "" };
            if let Some(segment) = reply.segment {
                return format!("part {}{mark} {}", reply.id, segment.number);
            }
            match &reply.result {
                TransactionResult::Error(error) => {
                    format!("reply {}{mark} {}", reply.id, error.code)
                }
                TransactionResult::Actions(actions) => {
                    let results: Vec<_> = actions.iter().map(action).collect();
                    format!("reply {}{mark} {}", reply.id, results.join(" "))
                }
            }
        }
        Transaction::Pending(id) => format!("pending {id}"),
        Transaction::ResponseAck(ranges) => {
            let range = |range: &codec_h248::AckRange| format!("{}-{}", range.first, range.last);
            let all: Vec<_> = ranges.iter().map(range).collect();
            format!("ack {}", all.join(" "))
        }
        Transaction::SegmentReply(segment) => format!("segment of {}", segment.id),
    }
}

fn action(action: &codec_h248::ActionReply<'_>) -> String {
    match &action.error {
        Some(error) => format!("context {} {}", action.context, error.code),
        None => format!("context {}", action.context),
    }
}

/// A request of the peer.
fn ask(id: u32) -> String {
    format!("MEGACO/2 them Transaction={id}{{Context=-{{AuditValue=ROOT{{Audit{{}}}}}}}}")
}

/// A ServiceChange of the peer on ROOT.
fn service_change(id: u32, method: &str) -> String {
    format!(
        "MEGACO/1 them Transaction={id}{{Context=-{{ServiceChange=ROOT{{Services{{Method={method},\
         Reason=\"901 Cold Boot\"}}}}}}}}"
    )
}

/// A reply of the peer.
fn answer(id: u32) -> String {
    format!("MEGACO/1 them Reply={id}{{Context=-{{AuditValue=ROOT}}}}")
}
