//! What steps lean on: a request that was asked, segments that came, names that something gives.

use std::collections::BTreeSet;

use super::{pattern, script::Step};

/// Steps by which a request of the peer is the one that answers are for.
const ASKED: &[&str] = &["request", "notify", "skim"];
/// Steps that say octets which can be said again.
const SAID: &[&str] = &[
    "send",
    "message",
    "raw",
    "octets",
    "stream",
    "many",
    "acknowledge",
];
/// Steps by which something has come.
const CAME: &[&str] = &[
    "reply",
    "request",
    "notify",
    "skim",
    "pending",
    "ack",
    "same",
    "repeated",
    "answered",
    "final",
    "context-list",
    "error",
    "fails",
    "record",
    "segments",
    "segmented",
    "times",
    "unrepeated",
];
/// Names that the tool gives itself.
const OURS: [&str; 10] = [
    "t", "v", "r", "m", "h", "mgcmid", "mgmid", "mgv", "first", "_",
];

/// Looks whether each step has before it what it leans on; what the first that has not lacks, and its place.
pub(super) fn check(steps: &[&Step]) -> Result<(), (usize, String)> {
    // The end of the outermost loop: what stands behind a step of it may have been carried out before.
    let mut loop_end = 0;
    for (at, step) in steps.iter().copied().enumerate() {
        if step.verb() == "repeat" {
            loop_end = step.partner.max(loop_end);
        }
        let Some(wanted) = leans_on(step) else {
            continue;
        };
        let before = steps[..at.max(loop_end)].iter();
        if !before
            .map(|one| one.verb())
            .any(|verb| wanted.contains(&verb))
        {
            let verb = verb_of(step.asked());
            let one_of = if wanted.len() > 1 { "one of " } else { "" };
            let wanted = wanted.join(", ");
            return Err((
                at,
                format!("expected {one_of}{wanted} before {verb}, found none"),
            ));
        }
    }
    Ok(())
}

fn verb_of(words: &[String]) -> &str {
    words.first().map_or("", String::as_str)
}

/// One of which has to be before a step, where it leans on any.
fn leans_on(step: &Step) -> Option<&'static [&'static str]> {
    let verb = match verb_of(step.asked()) {
        "fault" if step.word(1) == Some("pending") => "answer",
        verb => verb,
    };
    match verb {
        "answer" | "times" | "unrepeated" | "segmented" => Some(ASKED),
        "acknowledge" => Some(&["segments"]),
        "again" => Some(SAID),
        "holds" | "lacks" | "holds-octets" | "spells" | "strict" | "keep" | "stamp"
        | "packages" | "items" => Some(CAME),
        _ => None,
    }
}

/// Names that something gives while a scenario is played.
#[derive(Debug, Default)]
struct Given {
    names: BTreeSet<String>,
    /// How names begin that are put together.
    beginnings: Vec<String>,
    /// Whether hooks may give any.
    any: bool,
}

impl Given {
    fn add(&mut self, name: &str) {
        match name.split_once('@') {
            Some((beginning, _)) => self.beginnings.push(beginning.to_owned()),
            None => drop(self.names.insert(name.to_owned())),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.any
            || OURS.contains(&name)
            || name.starts_with("PX_")
            || self.names.contains(name)
            || self.beginnings.iter().any(|own| name.starts_with(own))
    }

    /// Notes what a step gives.
    fn note(&mut self, step: &Step) {
        let asked = step.asked();
        let words: &[String] = match verb_of(asked) {
            "let" | "recorded" | "keep" | "sum" | "minus" | "product" | "mark" | "stamp"
            | "packages" | "given" => asked.get(1..2),
            "ids" => asked.get(1..),
            "repeat" => asked.get(2..3),
            "counts" => asked.get(2..4),
            "segments" => asked.get(1..3),
            "times" => {
                self.beginnings.extend(asked.get(1).cloned());
                None
            }
            "prompt" | "restart" | "shutdown" | "trigger" | "sees" | "engine" | "drain" => {
                self.any = true;
                None
            }
            _ => None,
        }
        .unwrap_or_default();
        words.iter().for_each(|name| self.add(name));
        if let Some(name) = step.after("named") {
            self.add(name);
        }
        if ["reply", "request", "notify", "skim", "or", "standing"].contains(&step.verb()) {
            pattern::named(&step.body).for_each(|name| self.add(name));
        }
    }
}

/// Names that steps say and that nothing in them gives, each with the step's place: a scenario may have been
/// given them beforehand.
pub(super) fn open(steps: &[&Step]) -> Vec<(usize, String)> {
    let mut given = Given::default();
    steps.iter().for_each(|step| given.note(step));
    let mut open = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let said = says(verb_of(step.asked())).then_some(&step.body);
        let texts = step.words.iter().chain(said);
        let names = texts.flat_map(|text| pattern::named(text));
        let strange = names.filter(|name| !given.has(name));
        open.extend(strange.map(|name| (at, name.to_owned())));
    }
    open
}

/// Whether names in the text of a step have to stand for something.
fn says(verb: &str) -> bool {
    matches!(
        verb,
        "let"
            | "send"
            | "message"
            | "raw"
            | "octets"
            | "stream"
            | "many"
            | "prefixes"
            | "noise"
            | "answer"
            | "gives"
            | "mid"
            | "remark"
            | "fail"
            | "inconc"
            | "skip"
            | "holds"
            | "lacks"
            | "holds-octets"
            | "spells"
    )
}
