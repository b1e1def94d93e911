//! The verbs of scenarios and the words that each takes, looked at before anything is sent.

use super::{
    faults, readable,
    script::Step,
    step::is_check,
    text::{duration, phone_named},
    wanted::Wanted,
};

/// A block may be played so often: no scenario carries more steps out.
pub(super) const ROUNDS_MAX: u64 = 10_000_000;

/// What each verb takes. A word in capitals stands for one of its kind, in brackets where it may be
/// missing; `…` is any number of words; `id:NUMBER` is a word with the one behind it; another word
/// stands for itself and may be missing.
const VERBS: [(&str, &str); 92] = [
    ("repeat", "ROUNDS [NAME]"),
    ("else", ""),
    ("end", ""),
    ("leave", ""),
    ("let", "NAME"),
    ("forget", "NAME …"),
    ("recorded", "NAME"),
    ("ids", "NAME …"),
    ("speak", "[VERSION] from:NAME as:NAME"),
    ("mid", ""),
    (
        "send",
        "id:NUMBER from:NAME as:NAME version:VERSION named:NAME joined indefinite extended strange half swap:PAIR unreadable",
    ),
    (
        "message",
        "from:NAME as:NAME version:VERSION indefinite extended strange half swap:PAIR unreadable",
    ),
    ("raw", "from:NAME"),
    ("octets", "from:NAME"),
    ("stream", "from:NAME"),
    ("again", "from:NAME"),
    ("many", "NUMBER unreadable"),
    ("prefixes", "from:NAME"),
    ("noise", "NUMBER from:NAME as:NAME version:VERSION"),
    (
        "answer",
        "pending acked joined id:NUMBER from:NAME as:NAME version:VERSION indefinite extended strange half swap:PAIR unreadable",
    ),
    ("standing", "off with some any"),
    ("gives", "from:NAME as:NAME version:VERSION unreadable"),
    ("gather", ""),
    ("release", "from:NAME"),
    ("drip", ""),
    ("reopen", "from:NAME"),
    ("fault", "NAME …"),
    ("reply", "with some any id:NUMBER at:NAME within:TIME"),
    (
        "request",
        "with some any fitting at:NAME within:TIME named:NAME",
    ),
    (
        "notify",
        "with some any fitting at:NAME within:TIME named:NAME",
    ),
    ("skim", "new with some any at:NAME within:TIME"),
    ("or", "with some any remark inconc"),
    ("fails", "at:LEVEL id:NUMBER silence:SILENCE within:TIME …"),
    ("final", "id:NUMBER at:NAME within:TIME"),
    ("answered", "id:NUMBER at:NAME within:TIME"),
    ("same", "id:NUMBER at:NAME within:TIME"),
    ("repeated", "at:NAME within:TIME"),
    ("pending", "id:NUMBER at:NAME within:TIME"),
    ("ack", "at:NAME within:TIME"),
    ("context-list", "before after"),
    ("error", "or-silence within:TIME"),
    ("segments", "NAME NAME"),
    ("acknowledge", "but:NUMBER"),
    ("segmented", "NUMBER within:TIME"),
    ("times", "NAME NUMBER within:TIME"),
    ("unrepeated", "TIME"),
    ("quiet", "TIME or remark"),
    ("record", "[TIME]"),
    ("closed", "from:NAME within:TIME"),
    ("wait", "TIME"),
    ("pause", "TIME"),
    ("drop", ""),
    ("rest", ""),
    ("holds", ""),
    ("lacks", ""),
    ("holds-octets", ""),
    ("spells", ""),
    ("strict", ""),
    ("equal", "NAME NAME"),
    ("differ", "NAME NAME"),
    ("atleast", "NAME NAME"),
    ("atmost", "NAME NAME"),
    ("between", "NAME NAME NAME"),
    ("grows", "NAME NAME …"),
    ("spread", "NAME NAME NAME …"),
    ("given", "NAME"),
    ("absent", "NAME NAME"),
    ("ids-differ", ""),
    ("keep", "NAME"),
    ("sum", "NAME NAME …"),
    ("minus", "NAME NAME …"),
    ("product", "NAME NAME …"),
    ("mark", "NAME"),
    ("stamp", "NAME"),
    ("stamps", "NAME NAME NAME NAME"),
    ("packages", "NAME"),
    ("items", "NAME"),
    ("counts", "PHONE NAME NAME"),
    ("remark", ""),
    ("fail", ""),
    ("inconc", ""),
    ("skip", ""),
    ("prompt", "NAME …"),
    ("trigger", "NAME …"),
    ("sees", "NAME …"),
    ("restart", ""),
    ("shutdown", ""),
    ("engine", "NAME …"),
    ("drain", "NAME"),
    ("connect", "PHONE NAME [NAME]"),
    ("speaks", "PHONE CODEC"),
    ("loses", "PHONE PERCENT"),
];

/// The same of phones that speak and listen.
const AUDIO: [(&str, &str); 7] = [
    ("says", "PHONE NAME for:TIME"),
    ("stops", "PHONE"),
    ("dials", "PHONE NAME for:TIME"),
    ("presses", "PHONE NAME for:TIME"),
    ("hears", "PHONE NAME for:TIME within:TIME now"),
    ("misses", "PHONE NAME for:TIME within:TIME now"),
    ("gets", "PHONE NAME [NUMBER] for:TIME within:TIME now"),
];

/// What a verb takes; none where there is no such verb.
fn takes(verb: &str) -> Option<&'static str> {
    let mut all = VERBS.iter().chain(&AUDIO);
    let found = all.find(|(own, _)| *own == verb);
    found.map(|(_, takes)| *takes)
}

/// Looks at every step; what is wrong with the first that is, and its place.
pub(super) fn check(steps: &[&Step]) -> Result<(), (usize, String)> {
    // The step that an `or` or a `gives` belongs to.
    let mut main = None;
    for (at, step) in steps.iter().copied().enumerate() {
        let own = match (step.verb(), main) {
            ("or", Some("reply" | "request" | "notify" | "skim" | "spells")) => main,
            ("gives", Some("standing")) => main,
            ("or" | "gives", _) => {
                let wanted = match step.verb() {
                    "or" => "reply, request, notify, skim or spells",
                    _ => "standing",
                };
                return Err((at, format!("expected {wanted} before {}", step.verb())));
            }
            (verb, _) => Some(verb),
        };
        let next = steps.get(at + 1).map_or("", |next| next.verb());
        let alone = step.verb() == "standing" && !step.has("off") && next != "gives";
        let told = match alone {
            true => Err("expected gives behind standing".to_owned()),
            false => words(step).and_then(|()| readable::check(step, own.unwrap_or_default())),
        };
        told.map_err(|told| (at, told))?;
        main = own;
    }
    Ok(())
}

fn words(step: &Step) -> Result<(), String> {
    if step.verb() == "if" {
        let mut question = step.clone();
        question.words.remove(0);
        if !is_check(question.verb()) {
            let found = question.verb();
            return Err(format!(
                "expected a check behind if (as holds, equal, given), found {found:?}"
            ));
        }
        return words(&question);
    }
    let verb = step.verb();
    let Some(takes) = takes(verb) else {
        return Err(format!(
            "expected a word of docs/scenarios.md, found {verb:?}"
        ));
    };
    each(verb, takes, &step.words[1..])?;
    match verb {
        "fails" if !open(&step.words) => Wanted::read(&step.words, true)
            .map(drop)
            .map_err(|halt| halt.told().to_owned()),
        "fault" if !open(&step.words) => faults::read(step)
            .map(drop)
            .map_err(|halt| halt.told().to_owned()),
        _ => Ok(()),
    }
}

/// Whether a name stands among the words: what it stands for is not known yet.
fn open(words: &[String]) -> bool {
    words.iter().any(|word| word.contains('@'))
}

/// Looks at the words of a verb.
fn each(verb: &str, takes: &str, words: &[String]) -> Result<(), String> {
    let parts: Vec<&str> = takes.split_whitespace().collect();
    let mut places = parts.iter().filter(|part| {
        let first = part.trim_start_matches('[').chars().next();
        first.is_some_and(|first| first.is_ascii_uppercase())
    });
    let any = parts.contains(&"…");
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let keyed = parts
            .iter()
            .find_map(|part| part.strip_prefix(word)?.strip_prefix(':'));
        if let Some(wanted) = keyed {
            let told = || format!("expected {} behind {word}", meaning(wanted));
            kind(word, wanted, words.next().ok_or_else(told)?)?;
            if wanted == "PAIR" {
                kind(word, wanted, words.next().ok_or_else(told)?)?;
            }
        } else if parts.contains(&word) && !word.contains(|c: char| c.is_ascii_uppercase()) {
            // It stands for itself.
        } else if let Some(wanted) = places.next() {
            kind(verb, wanted.trim_matches(['[', ']']), word)?;
        } else if !any {
            let takes = if takes.is_empty() { "no words" } else { takes };
            return Err(format!("expected {takes} behind {verb}, found {word:?}"));
        }
    }
    match places.next().filter(|place| !place.starts_with('[')) {
        Some(missing) => Err(format!(
            "expected {} behind {verb}, found nothing",
            meaning(missing)
        )),
        None => Ok(()),
    }
}

/// A kind of word, in words.
fn meaning(kind: &str) -> &str {
    match kind {
        "NUMBER" => "a number",
        "ROUNDS" => "a count up to 10000000",
        "TIME" => "a time like 250ms or 5s",
        "VERSION" => "a version from 0 to 255",
        "PERCENT" => "a percentage",
        "PHONE" => "a phone from a to f",
        "CODEC" => "PCMU or PCMA",
        "LEVEL" => "msg, trans, act or cmd",
        "PAIR" => "two times pairs of hex digits",
        "SILENCE" => "pass, remark, inconc or fail",
        _ => "a word",
    }
}

/// Whether a word is of its kind; one with a name in it may be.
fn kind(before: &str, kind: &str, word: &str) -> Result<(), String> {
    let right = match kind {
        _ if word.contains('@') => true,
        "NUMBER" => word.parse::<u32>().is_ok(),
        "ROUNDS" => word.parse().is_ok_and(|rounds: u64| rounds <= ROUNDS_MAX),
        "TIME" => duration(word).is_ok(),
        "VERSION" => word.parse::<u8>().is_ok(),
        "PERCENT" => word.parse().is_ok_and(|percent: u32| percent <= 100),
        "PHONE" => phone_named(word).is_some(),
        "CODEC" => ["PCMU", "PCMA"].contains(&word),
        "PAIR" => word.len().is_multiple_of(2) && word.chars().all(|sign| sign.is_ascii_hexdigit()),
        "LEVEL" => ["msg", "trans", "act", "cmd"].contains(&word),
        "SILENCE" => ["pass", "remark", "inconc", "fail"].contains(&word),
        _ => true,
    };
    if right {
        return Ok(());
    }
    let wanted = meaning(kind);
    Err(format!("expected {wanted} behind {before}, found {word:?}"))
}
