//! Puts stand-ins for names into a transaction, by the rules of its fields.

use serde_json::{Map, Value};

use super::{
    names::Names,
    rules::{Field, Rule, Rules},
};

/// Who says what is looked at: what our own side says is sent, what the peer says is expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    Sent,
    Expected,
}

pub(super) struct StandIns<'n> {
    pub(super) names: &'n mut Names,
    pub(super) rules: &'n Rules,
    pub(super) role: Role,
    /// Whether an address was left out that the live peer may well say.
    pub(super) says_less: bool,
    /// Whether a reply to something else than an Add is looked at, which names no new Termination.
    pub(super) names_known: bool,
}

impl StandIns<'_> {
    pub(super) fn put(&mut self, one: &mut Value) {
        match one {
            Value::Object(members) => self.object(members),
            Value::Array(entries) => entries.iter_mut().for_each(|entry| self.put(entry)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn object(&mut self, members: &mut Map<String, Value>) {
        let addresses = ["serviceChangeAddress", "serviceChangeMgcId"];
        let before = members.len();
        members.retain(|name, _| !(addresses.contains(&name.as_str()) && self.left_out(name)));
        self.says_less |= members.len() < before;
        members.retain(|name, _| !self.left_out(name));
        for (name, value) in members.iter_mut() {
            match name.as_str() {
                "contextId" => self.number(Field::Context, value),
                "requestId" => self.number(Field::Request, value),
                "contextAuditResult" => {
                    let before = std::mem::take(&mut self.names_known);
                    self.terminations(value);
                    self.names_known = before;
                }
                "modReply" | "moveReply" | "subtractReply" | "auditValueReply"
                | "auditCapReply" | "notifyReply" | "serviceChangeReply" => {
                    let before = std::mem::replace(&mut self.names_known, true);
                    self.put(value);
                    self.names_known = before;
                }
                "terminationIdList" | "terminationFrom" | "terminationTo" | "terminationList" => {
                    self.terminations(value)
                }
                "localDescriptor" | "remoteDescriptor" => {
                    if let Value::String(text) = value {
                        *text = self.session(text);
                    }
                }
                "statisticsDescriptor" => self.statistics(value),
                _ => self.put(value),
            }
        }
    }

    /// What is not compared is not expected, and a time or address of then is not said now.
    fn left_out(&self, member: &str) -> bool {
        let field = match member {
            "timeNotation" | "timeStamp" => Field::Time,
            "serviceChangeAddress" | "serviceChangeMgcId" => Field::Service,
            "errorText" => return self.role == Role::Expected,
            _ => return false,
        };
        self.rules.of(field) == Rule::Ignore
    }

    fn number(&mut self, field: Field, value: &mut Value) {
        let Some(number) = value.as_u64() else { return };
        match (self.rules.of(field), self.role) {
            (Rule::Any | Rule::Ignore, Role::Expected) => *value = Names::any_figure().into(),
            (Rule::Captured, role) => {
                let peer = role == Role::Expected;
                *value = self.names.figure(field, &number.to_string(), peer).into();
            }
            (Rule::Exact | Rule::Any | Rule::Ignore, _) => {}
        }
    }

    fn terminations(&mut self, value: &mut Value) {
        match value {
            Value::Array(entries) => entries.iter_mut().for_each(|one| self.terminations(one)),
            Value::String(name) => {
                let is_root = name.eq_ignore_ascii_case("root");
                if !is_root && !name.contains(['*', '$']) {
                    *name = self.word(Field::Termination, name, name);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
        }
    }

    /// What stands for a text, which is known by its key.
    fn word(&mut self, field: Field, key: &str, text: &str) -> String {
        let is_choice = !self.names_known || field != Field::Termination;
        match (self.rules.of(field), self.role) {
            (Rule::Any | Rule::Ignore, Role::Expected) => Names::any_word(),
            (Rule::Captured, Role::Expected) if !is_choice && !self.names.knows(field, key) => {
                text.to_owned()
            }
            (Rule::Captured, role) => self.names.word(field, key, role == Role::Expected),
            (Rule::Exact | Rule::Any | Rule::Ignore, _) => text.to_owned(),
        }
    }

    fn statistics(&self, value: &mut Value) {
        if self.role == Role::Sent {
            return;
        }
        let rule = self.rules.of(Field::Statistics);
        for one in value.as_array_mut().into_iter().flatten() {
            let Some(members) = one.as_object_mut() else {
                continue;
            };
            match rule {
                Rule::Ignore => drop(members.remove("statValue")),
                Rule::Any | Rule::Captured => {
                    if let Some(value) = members.get_mut("statValue") {
                        *value = Names::any_word().into();
                    }
                }
                Rule::Exact => {}
            }
        }
    }

    fn session(&mut self, text: &str) -> String {
        let ignored = self.role == Role::Expected && self.rules.of(Field::Session) == Rule::Ignore;
        let mut lines = Vec::new();
        for line in text.lines() {
            if ignored
                && ["v=", "o=", "s=", "t="]
                    .iter()
                    .any(|kind| line.starts_with(kind))
            {
                continue;
            }
            lines.push(self.session_line(line));
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn session_line(&mut self, line: &str) -> String {
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (field, place) = match line.get(..2) {
            Some("c=") => (Field::Address, 2),
            Some("o=") => (Field::Address, 5),
            Some("m=") => (Field::Port, 1),
            Some(_) | None => return line.to_owned(),
        };
        let Some(word) = words.get_mut(place) else {
            return line.to_owned();
        };
        // An address may have a lifetime behind it, a port a count.
        let (bare, behind) = match word.split_once('/') {
            Some((bare, behind)) => (bare.to_owned(), format!("/{behind}")),
            None => (word.clone(), String::new()),
        };
        if !["", "$", "-", "0"].contains(&bare.as_str()) {
            *word = self.word(field, &bare, &bare) + &behind;
        }
        words.join(" ")
    }
}
