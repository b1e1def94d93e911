//! How a scenario went, step by step, for people.

use crate::scenario::{Done, Outcome, Verdict};

/// The longest step and the longest difference that are shown whole.
const STEP_SHOWN: usize = 110;
const TOLD_SHOWN: usize = 600;

/// A line for each step, and behind it where it differs.
pub fn steps(outcome: &Outcome) -> Vec<String> {
    let mut left: Vec<_> = outcome.differences.iter().collect();
    let mut lines = Vec::new();
    let ended_at = outcome.line.filter(|_| outcome.verdict > Verdict::Pass);
    for done in &outcome.steps {
        let verb = done.text.split([' ', ':']).next().unwrap_or_default();
        if ["let", "recorded", "speak", "pause", "rest"].contains(&verb) {
            continue;
        }
        let found = left.iter().position(|one| one.line == done.line);
        let judged = match found {
            Some(_) => "differs",
            None if ended_at == Some(done.line) => "ended here",
            None if is_judged(verb) => "as expected",
            None => "done",
        };
        lines.push(format!("{:>6}  {judged:<11}  {}", done.line, step(done)));
        if let Some(at) = found {
            let difference = left.remove(at);
            lines.push(format!(
                "                     {}",
                cut(&difference.told, TOLD_SHOWN)
            ));
        }
    }
    let rest = left
        .iter()
        .map(|one| format!("        differs      {}", cut(&one.told, TOLD_SHOWN)));
    lines.extend(rest);
    lines.extend(
        outcome
            .remarks
            .iter()
            .map(|remark| format!("        remark       {remark}")),
    );
    lines
}

/// The verdict, with its reason.
pub fn verdict(outcome: &Outcome) -> String {
    let judged = outcome
        .steps
        .iter()
        .filter(|done| is_judged(done.text.split([' ', ':']).next().unwrap_or_default()));
    let (judged, differ) = (judged.count(), outcome.differences.len());
    let head = format!(
        "{judged} steps judged, {differ} differences: {}",
        outcome.verdict
    );
    let line = outcome
        .line
        .map_or(String::new(), |line| format!(" (line {line})"));
    match outcome.reason.as_str() {
        "" => head,
        reason => format!("{head}{line}: {}", cut(reason, TOLD_SHOWN)),
    }
}

/// Whether a step says something of what is under test.
fn is_judged(verb: &str) -> bool {
    ![
        "send", "answer", "message", "again", "let", "recorded", "speak", "pause", "rest", "fault",
    ]
    .contains(&verb)
}

fn step(done: &Done) -> String {
    cut(&done.text.replace('\n', " "), STEP_SHOWN)
}

fn cut(text: &str, most: usize) -> String {
    let text = text.trim_end();
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
