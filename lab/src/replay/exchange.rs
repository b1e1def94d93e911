//! What a controller and a gateway said to each other in a capture, transaction by transaction.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    time::{Duration, SystemTime},
};

use codec_h248::{Message, Style, json};
use serde_json::{Value, json};

use super::segments::Segments;
use crate::{
    capture::{Address, Captured, Encoding},
    ladder::Seen,
};

/// Which of the two speaks.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, clap::ValueEnum)]
pub enum Side {
    /// The controller
    Mgc,
    /// The gateway
    Mg,
}

impl Side {
    /// The one that it speaks to.
    pub fn other(self) -> Self {
        match self {
            Self::Mgc => Self::Mg,
            Self::Mg => Self::Mgc,
        }
    }
}

/// A transaction, or the error that a message is, as the document that `docs/json.md` describes.
#[derive(Clone, Debug)]
pub struct Said {
    /// The place of its message in the capture, from 1.
    pub message: usize,
    /// How long after the first message.
    pub at: Duration,
    /// Who said it.
    pub by: Side,
    /// Whether more of the same message follows.
    pub more: bool,
    /// Whether these octets had come before.
    pub repeat: bool,
    /// What was said.
    pub what: Value,
}

/// Everything that two said.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// In the order of the capture.
    pub said: Vec<Said>,
    /// The controller's address.
    pub mgc: Address,
    /// The gateway's address.
    pub mg: Address,
    /// What the controller calls itself.
    pub mgc_mid: String,
    /// What the gateway calls itself.
    pub mg_mid: String,
    /// The version of the last message.
    pub version: u8,
    /// Whether it was in binary.
    pub binary: bool,
    /// Messages between these two that do not decode.
    pub undecoded: u64,
    /// Messages between others.
    pub of_others: u64,
}

/// Why nothing can be played.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// No message decodes.
    #[error("the capture has no H.248 message that decodes ({0} packets of another kind)")]
    Nothing(usize),
    /// Two said more than is held.
    #[error(
        "expected up to {SAID_MAX} messages of two, found {0}: name another gateway, or cut the capture (editcap)"
    )]
    Long(usize),
    /// Nobody with this address speaks H.248.
    #[error("no H.248 message comes from or goes to {0}")]
    Nobody(IpAddr),
}

/// Messages of two that are held as documents, which take some 5 KB each.
const SAID_MAX: usize = 100_000;

/// The exchange of two ends in a capture: of this gateway, or of the two that said most.
pub fn exchange(
    messages: &[Captured<'_>],
    gateway: Option<IpAddr>,
) -> Result<Exchange, ExchangeError> {
    let mut pairs: BTreeMap<(Address, Address), Vec<&Captured<'_>>> = BTreeMap::new();
    let mut undecoded: BTreeMap<(Address, Address), u64> = BTreeMap::new();
    for message in messages {
        let key = pair(message);
        match decoded(message) {
            Some(_) => pairs.entry(key).or_default().push(message),
            None => *undecoded.entry(key).or_default() += 1,
        }
    }
    let all: usize = pairs.values().map(Vec::len).sum();
    let wanted = |key: &(Address, Address)| {
        gateway.is_none_or(|address| host(key.0) == Some(address) || host(key.1) == Some(address))
    };
    let most = pairs.iter().filter(|(key, _)| wanted(key));
    let Some((key, own)) = most.max_by_key(|(_, own)| own.len()) else {
        return Err(match gateway {
            Some(address) if all > 0 => ExchangeError::Nobody(address),
            Some(_) | None => ExchangeError::Nothing(messages.len()),
        });
    };
    if own.len() > SAID_MAX {
        return Err(ExchangeError::Long(own.len()));
    }
    let mut exchange = gather(own, *key);
    exchange.undecoded = undecoded.get(key).copied().unwrap_or(0);
    exchange.of_others = (all - own.len()) as u64;
    Ok(exchange)
}

/// Two ends, whoever of them speaks. Some send from another port than the one where they listen, so that
/// ports count only where both are on one host.
fn pair(message: &Captured<'_>) -> (Address, Address) {
    let (mut one, mut other) = (message.from, message.to);
    if host(one) != host(other) {
        (one, other) = (anywhere(one), anywhere(other));
    }
    (one.min(other), one.max(other))
}

fn host(address: Address) -> Option<IpAddr> {
    address.socket().map(|socket| socket.ip())
}

/// The same host, whatever its port.
fn anywhere(address: Address) -> Address {
    address.socket().map_or(address, |mut socket| {
        socket.set_port(0);
        socket.into()
    })
}

fn decoded<'d>(captured: &'d Captured<'_>) -> Option<Message<'d>> {
    Seen::from(captured).message().ok()
}

/// A message that decodes, as a document.
fn read(captured: &Captured<'_>) -> Value {
    let message = decoded(captured);
    message
        .and_then(|message| document(&message))
        .unwrap_or_default()
}

fn document(message: &Message<'_>) -> Option<Value> {
    let mut octets = Vec::new();
    json::encode(message, Style::Compact, &mut octets);
    serde_json::from_slice(&octets).ok()
}

fn gather(messages: &[&Captured<'_>], key: (Address, Address)) -> Exchange {
    let mut exchange = Exchange {
        said: Vec::new(),
        mgc: key.0,
        mg: key.1,
        mgc_mid: String::new(),
        mg_mid: String::new(),
        version: 1,
        binary: messages.iter().any(|one| one.encoding == Encoding::Binary),
        undecoded: 0,
        of_others: 0,
    };
    let is_first = |address: Address| address == key.0 || anywhere(address) == key.0;
    let votes = messages.iter().map(|one| {
        let vote = vote(&read(one));
        if is_first(one.from) { vote } else { -vote }
    });
    let first_is_mgc = votes.sum::<i64>() >= 0;
    let start = messages.first().map(|one| one.time);
    let mut segments = Segments::default();
    let mut seen: BTreeMap<(Side, &[u8]), ()> = BTreeMap::new();
    for (place, one) in messages.iter().enumerate() {
        let document = read(one);
        let by = match is_first(one.from) == first_is_mgc {
            true => Side::Mgc,
            false => Side::Mg,
        };
        exchange.learn(one, &document, by);
        let repeat = seen.insert((by, one.octets.as_ref()), ()).is_some();
        let mut all = Vec::new();
        for what in transactions(&document) {
            all.extend(segments.push(by, what));
        }
        let count = all.len();
        for (at, what) in all.into_iter().enumerate() {
            exchange.said.push(Said {
                message: place + 1,
                at: since(start, one.time),
                by,
                more: at + 1 < count,
                repeat,
                what,
            });
        }
    }
    exchange
}

impl Exchange {
    fn learn(&mut self, one: &Captured<'_>, document: &Value, by: Side) {
        let (from, to) = (one.from, one.to);
        (self.mgc, self.mg) = match by {
            Side::Mgc => (from, to),
            Side::Mg => (to, from),
        };
        let message = &document["message"];
        if let Some(version) = message["version"].as_u64() {
            self.version = u8::try_from(version).unwrap_or(1);
        }
        if let Some(mid) = message["mId"].as_str() {
            let own = match by {
                Side::Mgc => &mut self.mgc_mid,
                Side::Mg => &mut self.mg_mid,
            };
            mid.clone_into(own);
        }
    }
}

fn since(start: Option<SystemTime>, time: SystemTime) -> Duration {
    start
        .and_then(|start| time.duration_since(start).ok())
        .unwrap_or_default()
}

fn transactions(document: &Value) -> Vec<Value> {
    let body = &document["message"]["messageBody"];
    match body["transactions"].as_array() {
        Some(transactions) => transactions.clone(),
        None => vec![json!({"messageError": body["messageError"]})],
    }
}

/// How many commands of a message speak for its sender being the controller, less those against it.
fn vote(document: &Value) -> i64 {
    let mut votes = 0;
    for one in transactions(document) {
        let (actions, list, sign) = match one.get("transactionRequest") {
            Some(request) => (&request["actions"], "commandRequests", 1),
            None => {
                let result = &one["transactionReply"]["transactionResult"];
                (&result["actionReplies"], "commandReply", -1)
            }
        };
        let actions = actions.as_array().into_iter().flatten();
        let commands = actions
            .filter_map(|action| action[list].as_array())
            .flatten();
        for command in commands {
            let inner = command.get("command").unwrap_or(command);
            let name = inner.as_object().and_then(|members| members.keys().next());
            votes += sign * name.map_or(0, |name| weight(name));
        }
    }
    votes
}

/// A ServiceChange may be either's, though it is mostly the gateway's.
fn weight(command: &str) -> i64 {
    match command {
        "notifyReq" | "notifyReply" => -4,
        "serviceChangeReq" | "serviceChangeReply" => -1,
        _ => 4,
    }
}
