//! The verbs of scenarios and the words that each takes, looked at before anything is sent.

use super::{
    faults, leaning, readable,
    say::{COPIES, hex},
    script::Step,
    settings::Role,
    step::is_check,
    text::{duration, phone_named},
    wanted::Wanted,
};

/// A block may be played so often: no scenario carries more steps out.
pub(super) const ROUNDS_MAX: u64 = 10_000_000;

/// Transactions of one message.
pub(super) const MANY: u32 = 1_000;

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
    ("speak", "[SPOKEN] from:PLACE as:MID"),
    ("mid", ""),
    (
        "send",
        "id:NUMBER from:PLACE as:MID version:VERSION named:NAME joined indefinite extended strange half swap:PAIR unreadable",
    ),
    (
        "message",
        "from:PLACE as:MID version:VERSION indefinite extended strange half swap:PAIR unreadable",
    ),
    ("raw", "from:PLACE"),
    ("octets", "from:PLACE"),
    ("stream", "from:PLACE"),
    ("again", "from:PLACE"),
    ("many", "MANY unreadable"),
    ("prefixes", "from:PLACE"),
    ("noise", "COPIES from:PLACE as:MID version:VERSION"),
    (
        "answer",
        "pending acked joined id:NUMBER from:PLACE as:MID version:VERSION indefinite extended strange half swap:PAIR unreadable",
    ),
    ("standing", "off with some any"),
    ("gives", "from:PLACE as:MID version:VERSION unreadable"),
    ("gather", ""),
    ("release", "from:PLACE"),
    ("drip", ""),
    ("reopen", "from:PLACE"),
    ("fault", "NAME …"),
    ("reply", "with some any id:NUMBER at:PLACE within:TIME"),
    (
        "request",
        "with some any fitting at:PLACE within:TIME named:NAME",
    ),
    (
        "notify",
        "with some any fitting at:PLACE within:TIME named:NAME",
    ),
    ("skim", "new with some any at:PLACE within:TIME"),
    ("or", "with some any remark inconc"),
    ("fails", "at:LEVEL id:NUMBER silence:SILENCE within:TIME …"),
    ("final", "id:NUMBER at:PLACE within:TIME"),
    ("answered", "id:NUMBER at:PLACE within:TIME"),
    ("same", "id:NUMBER at:PLACE within:TIME"),
    ("repeated", "at:PLACE within:TIME"),
    ("pending", "id:NUMBER at:PLACE within:TIME"),
    ("ack", "at:PLACE within:TIME"),
    ("context-list", "before after"),
    ("error", "or-silence within:TIME"),
    ("segments", "NAME NAME"),
    ("acknowledge", "but:NUMBER"),
    ("segmented", "NUMBER within:TIME"),
    ("times", "NAME NUMBER within:TIME"),
    ("unrepeated", "TIME"),
    ("quiet", "TIME or remark"),
    ("record", "[TIME]"),
    ("closed", "from:PLACE within:TIME"),
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
    ("connect", "PHONE PORT [NAME]"),
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

/// Verbs that are nothing without a text behind their colon; a message of no octets is `octets:`.
const SAYING: [&str; 16] = [
    "send",
    "message",
    "raw",
    "stream",
    "many",
    "prefixes",
    "noise",
    "mid",
    "holds",
    "lacks",
    "holds-octets",
    "spells",
    "error",
    "fail",
    "inconc",
    "skip",
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
    leaning::check(steps)
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
    if SAYING.contains(&verb) && step.body.is_empty() {
        return Err(format!(
            "expected a colon and a text behind {verb}, found nothing"
        ));
    }
    match verb {
        "gets" if step.word(2) == Some("payload") => {
            kind("payload", "PAYLOAD", step.word(3).unwrap_or_default())
        }
        "mid" if !step.body.contains('@') => kind(verb, "MID", &step.body),
        "octets" | "stream" | "holds-octets" if !step.body.contains('@') => hex(&step.body)
            .map(drop)
            .map_err(|halt| format!("{} behind {verb}", halt.told())),
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
        "ROUNDS" => "a count from 1 to 10000000",
        "TIME" => "a time like 250ms or 5s",
        "MANY" => "a count from 1 to 1000",
        "COPIES" => "a count from 1 to 100000",
        "VERSION" => "a version from 0 to 99",
        "SPOKEN" => "a version from 1 to 3",
        "PLACE" => "a place of the tool (mgc1, mgc2, mgc3, port2, stranger, mg1, mg2, tcp or ber)",
        "MID" => "an MId",
        "PERCENT" => "a percentage",
        "PHONE" => "a phone from a to f",
        "CODEC" => "PCMU or PCMA",
        "PORT" => "a port from 1 to 65535",
        "PAYLOAD" => "a payload type from 0 to 127",
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
        "ROUNDS" => word
            .parse()
            .is_ok_and(|rounds| (1..=ROUNDS_MAX).contains(&rounds)),
        "TIME" => duration(word).is_ok(),
        "MANY" => word.parse().is_ok_and(|count| (1..=MANY).contains(&count)),
        "COPIES" => word
            .parse()
            .is_ok_and(|count| (1..=COPIES).contains(&count)),
        "VERSION" => word.parse().is_ok_and(|version: u8| version <= 99),
        "SPOKEN" => word
            .parse()
            .is_ok_and(|version: u8| (1..=3).contains(&version)),
        "PLACE" => Role::ALL.iter().any(|role| role.places().contains(&word)),
        "MID" => readable::is_mid(word),
        "PERCENT" => word.parse().is_ok_and(|percent: u32| percent <= 100),
        "PHONE" => phone_named(word).is_some(),
        "CODEC" => ["PCMU", "PCMA"].contains(&word),
        "PORT" => word.parse().is_ok_and(|port: u16| port != 0),
        "PAYLOAD" => word.parse().is_ok_and(|kind: u8| kind <= 127),
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
