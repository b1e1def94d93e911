//! Errors that a row demands: their codes and levels (catalogue, section 2 rule 4).

use codec_h248::{Message, MessageBody};
use serde_json::Value;

use super::{pattern, verdict::Halt};

/// The commands in the actions of a transaction; none where they cannot be read.
pub(super) fn commands(actions: &str) -> usize {
    let read = pattern::transaction(&format!("Transaction=1{{{actions}}}"));
    let Ok(transaction) = read else { return 0 };
    let actions = transaction["transactionRequest"]["actions"].as_array();
    let count = |action: &Value| action["commandRequests"].as_array().map_or(0, Vec::len);
    actions.into_iter().flatten().map(count).sum()
}

/// An error that has to come (catalogue, section 2 rule 4).
#[derive(Debug)]
pub(super) struct Wanted {
    level: Option<Level>,
    first: u64,
    others: Vec<u64>,
    /// What it is if nothing comes.
    silence: String,
    /// Whether another code is no pass.
    strict: bool,
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
    pub(super) fn read(words: &[String], strict: bool) -> Result<Self, Halt> {
        let mut codes = Vec::new();
        let (mut level, mut silence) = (None, "fail".to_owned());
        let mut verified = true;
        let mut words = words.iter().skip(1);
        while let Some(word) = words.next() {
            let mut next = || words.next().map(String::as_str).unwrap_or_default();
            match word.as_str() {
                "at" => level = Some(Level::read(next())?),
                "silence" => next().clone_into(&mut silence),
                "id" | "within" => drop(next()),
                "alt" => {}
                "unverified" => verified = false,
                code => {
                    let told = |_| Halt::Error(format!("{code} is no code"));
                    codes.push(code.parse().map_err(told)?);
                }
            }
        }
        if codes.is_empty() {
            return Err(Halt::Error("fails wants a code".to_owned()));
        }
        Ok(Self {
            level,
            first: codes.remove(0),
            others: codes,
            silence,
            strict: strict && verified,
        })
    }

    /// What it is that nothing came.
    pub(super) fn silence(&self, unread: &str) -> Result<Option<String>, Halt> {
        let told = format!("no error {} came; unread: {unread}", self.first);
        match self.silence.as_str() {
            "pass" => Ok(None),
            "remark" => Ok(Some(told)),
            "inconc" => Err(Halt::Inconc(told)),
            _ => Err(Halt::Fail(told)),
        }
    }

    /// Judges a reply to a transaction of so many commands; what it returns is a remark.
    pub(super) fn judge(
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
        if code != self.first && self.strict {
            let first = self.first;
            return Err(Halt::Fail(format!("expected error {first}; found {text}")));
        }
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
    fn read(word: &str) -> Result<Self, Halt> {
        match word {
            "msg" => Ok(Self::Message),
            "trans" => Ok(Self::Transaction),
            "act" => Ok(Self::Action),
            "cmd" => Ok(Self::Command),
            other => Err(Halt::Error(format!("{other} is no level"))),
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
