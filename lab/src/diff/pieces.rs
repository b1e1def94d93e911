//! A run as its transactions: each request with the replies to it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    Place,
    leaves::{Leaf, leaves},
};
use crate::replay::{Exchange, Rule, Rules, Said, Side};

/// A request and the replies to it; or a reply to what the capture does not have.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) place: Place,
    pub(super) leaves: Vec<Leaf>,
    /// What is the same in transactions that are the same by the rules.
    pub(super) shape: String,
    /// What is the same in transactions of which one may have become the other.
    pub(super) outline: String,
}

/// The transactions of a run, in the order of their requests.
pub(super) fn pieces(exchange: &Exchange, rules: &Rules) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut open: BTreeMap<(Side, u64), usize> = BTreeMap::new();
    for said in exchange.said.iter().filter(|said| !said.repeat) {
        let Some((what, asks)) = kind(&said.what) else {
            continue;
        };
        let asker = if asks { said.by } else { said.by.other() };
        let id = what["transactionId"].as_u64().unwrap_or_default();
        let known = open.get(&(asker, id)).copied().filter(|_| !asks);
        let place = known.unwrap_or_else(|| {
            found.push(Piece::new(said, asker));
            found.len() - 1
        });
        if asks {
            open.insert((asker, id), place);
        }
        let name = if asks { "request" } else { "reply" };
        leaves(what, name, rules, &mut found[place].leaves);
    }
    for piece in &mut found {
        piece.finish(rules);
    }
    found
}

/// A request or a reply, and whether it is a request; what else there is does not count.
fn kind(what: &Value) -> Option<(&Value, bool)> {
    let request = what.get("transactionRequest").map(|what| (what, true));
    request.or_else(|| Some((what.get("transactionReply")?, false)))
}

impl Piece {
    fn new(said: &Said, by: Side) -> Self {
        Self {
            place: Place {
                message: said.message,
                at: said.at,
                by,
                words: String::new(),
            },
            leaves: Vec::new(),
            shape: String::new(),
            outline: String::new(),
        }
    }

    fn finish(&mut self, rules: &Rules) {
        let by = self.place.by;
        self.shape = format!("{by:?}");
        self.outline = format!("{by:?}");
        let mut words = Vec::new();
        let mut last = "";
        let mut shape: Vec<String> = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            let free = leaf.kind.is_some_and(|kind| rules.of(kind) != Rule::Exact);
            let text = if free { "…" } else { &leaf.text };
            shape.push(format!("\n{}={text}", leaf.path));
            if let Some((begin, command)) = command(&leaf.path) {
                if begin != last {
                    self.outline.push_str(&format!(" {command}"));
                    last = begin;
                }
                let text = format!("{} {}", command_name(command), leaf.text);
                words.push((action(&leaf.path), text));
            } else if leaf.path.ends_with(".contextId") {
                words.push((action(&leaf.path), format!("C={}", leaf.text)));
            }
        }
        shape.sort_unstable();
        self.shape.extend(shape);
        // The Context of an action stands before its commands.
        words.retain(|(action, _)| action.is_some());
        words.sort_by_key(|(action, text)| (*action, !text.starts_with("C=")));
        let words: Vec<String> = words.into_iter().map(|(_, text)| text).collect();
        self.place.words = match words.is_empty() {
            true => "a reply alone".to_owned(),
            false => words.join(" "),
        };
    }
}

/// The number of an action of a request.
fn action(path: &str) -> Option<usize> {
    let (number, _) = path.strip_prefix("request.actions[")?.split_once(']')?;
    number.parse().ok()
}

/// The command that a path to a Termination's name leads into, and the path to it.
fn command(path: &str) -> Option<(&str, &str)> {
    let (begin, _) = path.split_once(".terminationIdList")?;
    let named = begin.strip_suffix(".auditResult").unwrap_or(begin);
    Some((begin, named.rsplit('.').next()?))
}

/// A command of the JSON form as people call it.
fn command_name(member: &str) -> &str {
    match member {
        "addReq" => "Add",
        "moveReq" => "Move",
        "modReq" => "Modify",
        "subtractReq" => "Subtract",
        "auditValueRequest" => "AuditValue",
        "auditCapRequest" => "AuditCapability",
        "notifyReq" => "Notify",
        "serviceChangeReq" => "ServiceChange",
        other => other,
    }
}
