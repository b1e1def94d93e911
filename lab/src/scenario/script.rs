//! Scenarios as text, line by line. `docs/scenarios.md` has the format.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

/// The version of the format that this reads.
pub const FORMAT: u32 = 1;
/// What a scenario may hold.
const STEPS_MAX: usize = 200_000;

/// One exchange.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The purpose, the requirement, or the name of the file.
    pub id: String,
    /// Where it stands.
    pub path: PathBuf,
    /// Whether it is a purpose of the catalogue.
    pub purpose: bool,
    /// What is shown, in one line.
    pub title: String,
    /// Rows of the runnable catalogue that it plays, in part at least.
    pub rows: Vec<String>,
    /// The state that it begins in.
    pub given: String,
    /// The line that says so; 0 where none does.
    pub given_at: usize,
    /// What is under test is configured with, name and value.
    pub config: Vec<(String, String)>,
    /// Whether it is about spelling and cannot be said in binary.
    pub text_only: bool,
    /// Whether it is about octets.
    pub binary_only: bool,
    /// The other words of its head: `version`, `clause`, `status`, `needs`, `tags`, `unchecked`.
    pub head: BTreeMap<String, String>,
    /// What is said and expected.
    pub steps: Vec<Step>,
}

/// One step: a verb with its words, and what follows the colon.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its line in the file.
    pub line: usize,
    /// The verb and its words; there is one at least.
    pub words: Vec<String>,
    /// What it says.
    pub body: String,
    /// The step that ends or opens its block, or that its `or`s and its `gives` end before.
    pub(super) partner: usize,
}

impl Step {
    /// The verb.
    pub fn verb(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Its words, of an `if` those of what it asks.
    pub(super) fn asked(&self) -> &[String] {
        match self.words.split_first() {
            Some((first, asked)) if first == "if" => asked,
            _ => &self.words,
        }
    }

    /// Whether this word is among its words.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }

    /// The word after this one.
    pub fn after(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().position(|own| own == word)?;
        self.word(at + 1)
    }

    /// A word by its place; the verb is 0.
    pub fn word(&self, at: usize) -> Option<&str> {
        self.words.get(at).map(String::as_str)
    }
}

impl Script {
    /// The PICS items that it needs, and behind `!` those that must not be.
    pub fn pics(&self) -> impl Iterator<Item = &str> {
        let heads = ["status", "needs"].into_iter();
        let words = heads
            .filter_map(|name| self.head.get(name))
            .flat_map(|text| text.split([' ', ',']));
        words.filter(|word| word.contains("PIC_"))
    }

    /// Whether it is about octets of a connection.
    pub fn is_over_tcp(&self) -> bool {
        let tags = self.head.get("tags").map(String::as_str);
        tags.is_some_and(|tags| tags.split_whitespace().any(|tag| tag == "tcp"))
    }
}

/// Why a text is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// A version that this does not read.
    #[error("line {line}: expected format {FORMAT}, found {found:?}")]
    Format {
        /// Where.
        line: usize,
        /// What it says.
        found: String,
    },
    /// A block without its end, or an end without its block.
    #[error("line {line}: {verb} stands alone")]
    Block {
        /// Where.
        line: usize,
        /// The verb.
        verb: String,
    },
    /// A word of the head that says nothing.
    #[error("line {line}: expected NAME=VALUE, found {found:?}")]
    Config {
        /// Where.
        line: usize,
        /// What it says.
        found: String,
    },
    /// A state that nobody knows.
    #[error("{place}: expected a state that is there ({known}), found {name:?}")]
    State {
        /// Its file and line; line 0 where nothing says so.
        place: String,
        /// What it says.
        name: String,
        /// Those that are there.
        known: String,
    },
    /// A word of the head with a value that it has not.
    #[error("line {line}: expected {expected} behind {word}, found {found:?}")]
    Head {
        /// Where.
        line: usize,
        /// The word.
        word: String,
        /// Its values.
        expected: &'static str,
        /// What it says.
        found: String,
    },
    /// A word of the head that stands there already.
    #[error("line {line}: expected {word} once, found it again")]
    Twice {
        /// Where.
        line: usize,
        /// The word.
        word: String,
    },
    /// A step that says what no step can.
    #[error("{place}: {told}")]
    Step {
        /// Its file and line.
        place: String,
        /// What is wrong.
        told: String,
    },
    /// Too much.
    #[error("more than {STEPS_MAX} steps")]
    Long,
}

/// Reads one exchange, which begins at a line of its file.
pub fn parse(text: &str, first_line: usize) -> Result<Script, ScriptError> {
    let mut script = Script {
        given: "S1".to_owned(),
        ..Script::default()
    };
    let (mut head, mut open) = (BTreeSet::new(), None::<Step>);
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.starts_with('#') {
            continue;
        }
        if line.is_empty() || line.starts_with([' ', '\t']) {
            if let Some(step) = &mut open {
                step.body.push('\n');
                step.body.push_str(line.trim_start());
            }
            continue;
        }
        finish(open.take(), &mut head, &mut script)?;
        let (words, body) = line
            .split_once(": ")
            .unwrap_or((line.trim_end_matches(':'), ""));
        open = Some(Step {
            line: first_line + at,
            words: words.split_whitespace().map(str::to_owned).collect(),
            body: body.trim_start().to_owned(),
            partner: 0,
        });
    }
    finish(open, &mut head, &mut script)?;
    pair(&mut script.steps)?;
    Ok(script)
}

/// Reads the purposes of a file.
pub fn purposes(text: &str, path: &str) -> Result<Vec<Script>, ScriptError> {
    let lines: Vec<&str> = text.lines().collect();
    let begins: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("purpose:"))
        .collect();
    let ends = begins.iter().skip(1).copied().chain([lines.len()]);
    let block = |(begin, end): (&usize, usize)| {
        let mut script = parse(&lines[*begin..end].join("\n"), begin + 1)?;
        script.path = path.into();
        Ok(script)
    };
    begins.iter().zip(ends).map(block).collect()
}

fn finish(
    step: Option<Step>,
    head: &mut BTreeSet<&'static str>,
    script: &mut Script,
) -> Result<(), ScriptError> {
    let Some(mut step) = step else { return Ok(()) };
    step.body = step.body.trim().to_owned();
    bare(&step)?;
    once(&step, head)?;
    let many = || step.body.split_whitespace().map(str::to_owned);
    match step.verb() {
        "format" if step.body != FORMAT.to_string() => {
            return Err(ScriptError::Format {
                line: step.line,
                found: step.body,
            });
        }
        "format" => {}
        "purpose" => {
            script.id = step.body;
            script.purpose = true;
        }
        "title" => script.title = step.body,
        "rows" => script.rows.extend(many()),
        "given" => {
            script.given = step.body;
            script.given_at = step.line;
        }
        "text-only" => script.text_only = true,
        "binary-only" => script.binary_only = true,
        "config" => script.config = config(&step)?,
        "as" | "encoding" | "transport" | "version" if chosen(&step).is_err() => {
            return chosen(&step);
        }
        "version" | "clause" | "status" | "needs" | "tags" | "unchecked" | "as" | "encoding"
        | "transport" => {
            script.text_only |= step.body.ends_with(" text");
            script.binary_only |= step.body.ends_with(" bin");
            let name = step.verb().to_owned();
            script.head.insert(name, step.body);
        }
        _ if script.steps.len() >= STEPS_MAX => return Err(ScriptError::Long),
        "contexts" => script.steps.extend(no_context(step.line)?),
        _ => script.steps.push(step),
    }
    Ok(())
}

/// Words of the head.
const HEAD: [&str; 17] = [
    "format",
    "purpose",
    "title",
    "rows",
    "given",
    "text-only",
    "binary-only",
    "config",
    "as",
    "encoding",
    "transport",
    "version",
    "clause",
    "status",
    "needs",
    "tags",
    "unchecked",
];

/// What a word of the head says stands behind its colon.
fn bare(step: &Step) -> Result<(), ScriptError> {
    let said = step.word(1).filter(|_| HEAD.contains(&step.verb()));
    let other = step
        .words
        .get(1..)
        .filter(|words| step.verb() == "contexts" && *words != ["none"]);
    let (expected, found) = match (said, other) {
        (Some(found), _) => ("a colon", found.to_owned()),
        (None, Some(words)) => ("none", words.join(" ")),
        (None, None) => return Ok(()),
    };
    Err(ScriptError::Head {
        line: step.line,
        word: step.verb().to_owned(),
        expected,
        found,
    })
}

/// A word of the head stands there once: a second would take the place of the first.
fn once(step: &Step, head: &mut BTreeSet<&'static str>) -> Result<(), ScriptError> {
    let word = HEAD.iter().find(|word| **word == step.verb());
    if word.is_none_or(|word| head.insert(word)) {
        return Ok(());
    }
    Err(ScriptError::Twice {
        line: step.line,
        word: step.verb().to_owned(),
    })
}

/// Whether these are versions and encodings: `2+ text`.
fn is_version(text: &str) -> bool {
    let Some((version, spoken)) = text.split_once(' ') else {
        return false;
    };
    ["1", "2", "3"].contains(&version.trim_end_matches('+'))
        && ["any", "text", "bin"].contains(&spoken.trim())
}

/// Words of the head that have few values.
fn chosen(step: &Step) -> Result<(), ScriptError> {
    let (expected, values): (_, &[&str]) = match step.verb() {
        "as" => ("mgc or mg", &["mgc", "mg"]),
        "encoding" => ("text or binary", &["text", "binary"]),
        "version" => ("1, 2 or 3, maybe +, and any, text or bin", &[]),
        _ => ("udp, tcp or sctp", &["udp", "tcp", "sctp"]),
    };
    let right = values.contains(&step.body.as_str());
    if right || step.verb() == "version" && is_version(&step.body) {
        return Ok(());
    }
    Err(ScriptError::Head {
        line: step.line,
        word: step.verb().to_owned(),
        expected,
        found: step.body.clone(),
    })
}

/// What a gateway without Contexts answers to an audit of all.
const NO_CONTEXT: &str = "send: Context=* {AuditValue=* {Audit {}}}
reply: Context=* {AuditValue=* {Error=431 {}}}
or: Context=* {Error=411 {}}
or: Context=* {Error=431 {}}
or remark: Context=* {AuditValue=* {Error=430 {}}}
or remark: Error=411 {}
";

/// The steps that `contexts none` stands for.
fn no_context(line: usize) -> Result<Vec<Step>, ScriptError> {
    let mut steps = parse(NO_CONTEXT, line)?.steps;
    steps.iter_mut().for_each(|step| step.line = line);
    Ok(steps)
}

fn config(step: &Step) -> Result<Vec<(String, String)>, ScriptError> {
    let pairs = step.body.split_whitespace().map(|pair| {
        let parts = pair.split_once('=').ok_or_else(|| ScriptError::Config {
            line: step.line,
            found: pair.to_owned(),
        });
        parts.map(|(name, value)| (name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

/// Tells each step of a block where it goes on.
fn pair(steps: &mut [Step]) -> Result<(), ScriptError> {
    let mut open: Vec<usize> = Vec::new();
    let alone = |step: &Step| ScriptError::Block {
        line: step.line,
        verb: step.verb().to_owned(),
    };
    for at in 0..steps.len() {
        match steps[at].verb() {
            "repeat" | "if" => open.push(at),
            "else" | "end" => {
                let opener = open.pop().ok_or_else(|| alone(&steps[at]))?;
                steps[opener].partner = at;
                steps[at].partner = opener;
                if steps[at].verb() == "else" {
                    open.push(at);
                }
            }
            "or" | "gives" => {}
            "leave" if !open.iter().any(|at| steps[*at].verb() == "repeat") => {
                return Err(alone(&steps[at]));
            }
            _ => {
                let others = steps[at + 1..].iter();
                let more = others.take_while(|one| matches!(one.verb(), "or" | "gives"));
                steps[at].partner = at + 1 + more.count();
            }
        }
    }
    match open.last() {
        Some(at) => Err(alone(&steps[*at])),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_ends_and_lines_are_those_of_the_file() {
        let text = "# two\npurpose: A\nversion: 2+ text\nrepeat 2\nwait 1s\nend\n\npurpose: B\nsend: Context=-\n {x}\nreply: a\nor: b\n";
        let all = purposes(text, "AD.txt").unwrap();
        let ids: Vec<&str> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["A", "B"]);
        assert!(all[0].text_only && all[0].purpose);
        assert_eq!((all[0].steps[0].partner, all[0].steps[2].partner), (2, 0));
        assert_eq!(all[1].steps[1].line, 11);
        assert_eq!(all[1].steps[1].partner, 3);
        assert_eq!(all[1].steps[0].body, "Context=-\n{x}");
    }

    #[test]
    fn what_is_no_scenario_is_told() {
        for (text, expected) in [
            ("format: 9\n", "line 1: expected format 1, found \"9\""),
            ("wait 1s\nend\n", "line 2: end stands alone"),
            ("repeat 3\nwait 1s\n", "line 1: repeat stands alone"),
            ("if given A\nleave\nend\n", "line 2: leave stands alone"),
            ("config: a\n", "line 1: expected NAME=VALUE, found \"a\""),
        ] {
            assert_eq!(parse(text, 1).unwrap_err().to_string(), expected);
        }
    }
}
