//! Verdicts of catalogue rows: errors that are demanded, and the values that stand for `@PX_NAME`.

use std::fmt;

use codec_h248::{Message, MessageBody};
use serde_json::Value;

use crate::pattern::{self, Names};

/// Why a script ends before its last step.
#[derive(Debug)]
pub(crate) enum Halt {
    Fail(String),
    /// Nothing can be said of the gateway.
    Inconc(String),
    Skip(String),
}

impl fmt::Display for Halt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Fail(what) | Self::Inconc(what) | Self::Skip(what)) = self;
        formatter.write_str(what)
    }
}

impl From<String> for Halt {
    fn from(what: String) -> Self {
        Self::Fail(what)
    }
}

impl From<&str> for Halt {
    fn from(what: &str) -> Self {
        Self::Fail(what.to_owned())
    }
}

/// Values of the catalogue's section 3.1, as they are for our own gateway.
const DEFAULTS: [(&str, &str); 44] = [
    ("PX_ROLE", "MG"),
    ("PX_VERSION", "3"),
    ("mgcmid", "[192.0.2.1]:2944"),
    ("PX_MGC_MID", "[192.0.2.1]:2944"),
    ("PX_MG_MID", "[192.0.2.10]:2944"),
    ("PX_MGC2", "[192.0.2.2]:2944"),
    ("PX_PORT2", "2955"),
    ("PX_PHYS_1", "line/1"),
    ("PX_PHYS_2", "line/2"),
    ("PX_PHYS_GROUP", "line/*"),
    ("PX_EPH_PATTERN", "rtp/$"),
    ("PX_EPH_GROUP", "rtp/*"),
    ("PX_UNKNOWN_TERM", "nosuch/9"),
    ("PX_UNKNOWN_GROUP", "nosuch/*"),
    ("PX_UNKNOWN_CTX", "4294960000"),
    ("PX_CODEC", "8"),
    ("PX_CODEC2", "0"),
    ("PX_BAD_CODEC", "4"),
    ("PX_EVENT_1", "dd/d1"),
    ("PX_EVENT_2", "dd/d2"),
    ("PX_PHYS_EVENT", "al/of"),
    ("PX_ROOT_EVENT", "it/ito"),
    ("PX_SIGNAL", "cg/dt"),
    ("PX_SIGNAL_BR", "dg/d5"),
    ("PX_ONE_FAILS", "Events=4711 {al/of}"),
    ("PX_MAX_TERMS", "3"),
    ("PX_MAX_CTX", "2"),
    ("PX_T_REPLY", "2s"),
    ("PX_T_NOTIFY", "3s"),
    ("PX_T_TOTAL", "30s"),
    ("PX_RTO_MAX", "4s"),
    ("PX_T_MAX", "25s"),
    ("PX_LONG_TIMER", "30s"),
    ("PX_T_PEND", "2s"),
    ("PX_MWD", "2500ms"),
    ("PX_NET_DELAY", "20ms"),
    ("PX_MOVE_GAP", "100ms"),
    ("PX_RTP", "198.51.100.1"),
    ("PX_RTP_A", "40000"),
    ("PX_RTP_B", "40002"),
    ("PX_RTP_C", "40004"),
    ("PX_RTP_D", "40006"),
    ("PX_RTP_E", "40008"),
    ("PX_RTP_F", "40010"),
];

/// Items of the catalogue's section 3 that our gateway has not.
const LACKED: [&str; 3] = ["PIC_MUX", "PIC_MAXTRANS", "PIC_UNDET"];

/// The first of these items that keeps a purpose from being selected.
pub(crate) fn unmet(items: &[String]) -> Option<&String> {
    items.iter().find(|item| {
        let bare = item.trim_start_matches('!');
        LACKED.contains(&bare) != item.starts_with('!')
    })
}

pub(crate) fn defaults() -> Names {
    let pairs = DEFAULTS.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The commands in the actions of a transaction; none where they cannot be read.
pub(crate) fn commands(actions: &str) -> usize {
    let read = pattern::transaction(&format!("Transaction=1{{{actions}}}"));
    let Ok(transaction) = read else { return 0 };
    let actions = transaction["transactionRequest"]["actions"].as_array();
    let count = |action: &Value| action["commandRequests"].as_array().map_or(0, Vec::len);
    actions.into_iter().flatten().map(count).sum()
}

/// An error that has to come (catalogue, section 2 rule 4).
#[derive(Debug)]
pub(crate) struct Wanted {
    level: Option<Level>,
    first: u64,
    others: Vec<u64>,
    /// What it is if nothing comes.
    silence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Message,
    Transaction,
    Action,
    Command,
}

impl Wanted {
    /// Reads `fails [at LEVEL] CODE [alt CODE...] [silence VERDICT] [unverified]`.
    pub(crate) fn read(words: &[String]) -> Result<Self, String> {
        let mut codes = Vec::new();
        let (mut level, mut silence) = (None, "fail".to_owned());
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            let mut next = || words.next().map(String::as_str).unwrap_or_default();
            match word.as_str() {
                "at" => level = Some(Level::read(next())?),
                "silence" => next().clone_into(&mut silence),
                "id" | "within" => drop(next()),
                "alt" | "unverified" => {}
                code => codes.push(code.parse().map_err(|_| format!("{code} is no code"))?),
            }
        }
        if codes.is_empty() {
            return Err("fails wants a code".to_owned());
        }
        Ok(Self {
            level,
            first: codes.remove(0),
            others: codes,
            silence,
        })
    }

    /// What it is that nothing came.
    pub(crate) fn silence(&self, unread: &str) -> Result<Option<String>, Halt> {
        let told = format!("no error {} came; unread: {unread}", self.first);
        match self.silence.as_str() {
            "pass" => Ok(None),
            "remark" => Ok(Some(told)),
            "inconc" => Err(Halt::Inconc(told)),
            _ => Err(Halt::Fail(told)),
        }
    }

    /// Judges a reply to a transaction of so many commands; what it returns is a remark.
    pub(crate) fn judge(
        &self,
        message: &Message<'_>,
        commands: usize,
        text: &str,
    ) -> Result<Vec<String>, Halt> {
        let mut found = Vec::new();
        match &message.body {
            MessageBody::Error(error) => found.push((Level::Message, u64::from(error.code.0))),
            MessageBody::Transactions(_) => errors(
                &pattern::document(message)["message"]["messageBody"],
                Level::Transaction,
                &mut found,
            ),
        }
        let wanted = |code: u64| code == self.first || self.others.contains(&code);
        let Some((level, code)) = found.iter().copied().find(|(_, code)| wanted(*code)) else {
            let first = self.first;
            return Err(Halt::Fail(format!("expected error {first}; found {text}")));
        };
        let mut remarks = Vec::new();
        if code != self.first {
            remarks.push(format!("error {code} instead of {}", self.first));
        }
        if let Some(own) = self.level.filter(|own| *own != level) {
            if level < Level::Action && own >= Level::Action && commands > 1 {
                let told = format!("error {code} hides the results of other commands: {text}");
                return Err(Halt::Fail(told));
            }
            remarks.push(format!("error {code} at {level:?} instead of {own:?}"));
        }
        Ok(remarks)
    }
}

impl Level {
    fn read(word: &str) -> Result<Self, String> {
        match word {
            "msg" => Ok(Self::Message),
            "trans" => Ok(Self::Transaction),
            "act" => Ok(Self::Action),
            "cmd" => Ok(Self::Command),
            other => Err(format!("{other} is no level")),
        }
    }
}

/// The errors in a document, each with the level that it stands at.
fn errors(document: &Value, level: Level, found: &mut Vec<(Level, u64)>) {
    match document {
        Value::Array(entries) => entries.iter().for_each(|one| errors(one, level, found)),
        Value::Object(members) => {
            if let Some(code) = members.get("errorCode").and_then(Value::as_u64) {
                found.push((level, code));
            }
            for (name, one) in members {
                let level = match name.as_str() {
                    "actionReplies" => Level::Action,
                    "commandReply" => Level::Command,
                    _ => level,
                };
                errors(one, level, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
