//! Scripts: what a file of this folder says, line by line. `tests/conformance/README.md` has the format.

use std::path::{Path, PathBuf};

/// One exchange.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// The requirement, which is the name of the file.
    pub(crate) id: String,
    /// Where it stands.
    pub(crate) path: PathBuf,
    pub(crate) title: String,
    /// Rows of the runnable catalogue that it plays, in part at least.
    pub(crate) rows: Vec<String>,
    /// The state that it begins in.
    pub(crate) given: String,
    /// What the gateway is configured with, name and value.
    pub(crate) config: Vec<(String, String)>,
    /// Whether it is about spelling and cannot be said in binary.
    pub(crate) text_only: bool,
    /// Whether it is about octets.
    pub(crate) binary_only: bool,
    /// What the implementation must have, and what, behind `!`, it must not.
    pub(crate) pics: Vec<String>,
    /// `tcp` where it is about octets of a connection; `media`, `slow` and so on.
    pub(crate) tags: Vec<String>,
    /// Whether it is a purpose of the catalogue.
    pub(crate) purpose: bool,
    pub(crate) steps: Vec<Step>,
}

impl Script {
    /// `1+ text`: the lowest version, and the encodings that it is about.
    fn encoding(&mut self, version: &str) {
        self.text_only |= version.ends_with("text");
        self.binary_only |= version.ends_with("bin");
    }
}

/// One step: a verb with its words, and what follows the colon.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) line: usize,
    pub(crate) words: Vec<String>,
    pub(crate) body: String,
}

impl Step {
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }

    /// The word after this one.
    pub(crate) fn after(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().position(|own| own == word)?;
        self.words.get(at + 1).map(String::as_str)
    }
}

/// The folder of the catalogue as data, and of the states that scripts begin in.
pub(crate) fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../lab/conformance")
}

/// The purposes of the catalogue for a gateway, in the order of their files.
pub(crate) fn purposes() -> Vec<Script> {
    let Ok(files) = std::fs::read_dir(catalogue().join("mg")) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "txt"))
        .collect();
    paths.sort();
    paths.iter().flat_map(|path| blocks(path)).collect()
}

/// The purposes of one file; their steps have the lines of the file.
fn blocks(path: &Path) -> Vec<Script> {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines: Vec<&str> = text.lines().collect();
    let begins: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].starts_with("purpose:"))
        .collect();
    let ends = begins.iter().skip(1).copied().chain([lines.len()]);
    let block = |(begin, end): (&usize, usize)| {
        let mut script = parse(&lines[*begin..end].join("\n"));
        script.steps.iter_mut().for_each(|step| step.line += begin);
        script.path = path.to_path_buf();
        script.purpose = true;
        script
    };
    begins.iter().zip(ends).map(block).collect()
}

/// The folder of the scripts.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance")
}

/// Reads one file.
pub(crate) fn read(path: &Path) -> Script {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut script = parse(&text);
    let stem = path.file_stem().expect("a file has a name");
    script.id = stem.to_string_lossy().into_owned();
    script.path = path.to_path_buf();
    script
}

/// Every script, in the order of their paths.
pub(crate) fn all() -> Vec<Script> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder()).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() && !path.ends_with("common") {
            let files = std::fs::read_dir(&path).expect("the folder can be read");
            paths.extend(files.map(|file| file.expect("the folder can be read").path()));
        }
    }
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// Steps without a script around them.
pub(crate) fn steps(text: &str) -> Vec<Step> {
    parse(text).steps
}

fn parse(text: &str) -> Script {
    let mut script = Script {
        given: "S1".to_owned(),
        ..Script::default()
    };
    let mut open: Option<Step> = None;
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
        finish(open.take(), &mut script);
        let (head, body) = line
            .split_once(": ")
            .unwrap_or((line.trim_end_matches(':'), ""));
        open = Some(Step {
            line: at + 1,
            words: head.split_whitespace().map(str::to_owned).collect(),
            body: body.trim_start().to_owned(),
        });
    }
    finish(open, &mut script);
    script
}

fn finish(step: Option<Step>, script: &mut Script) {
    let Some(mut step) = step else { return };
    step.body = step.body.trim().to_owned();
    let many = || step.body.split_whitespace().map(str::to_owned);
    match step.words[0].as_str() {
        "purpose" => script.id = step.body,
        "version" => script.encoding(&step.body),
        // What the campaign selects by.
        "status" | "needs" => {
            let items = many().map(|item| item.trim_end_matches(',').to_owned());
            let items = items.filter(|item| item.contains("PIC_"));
            script.pics.extend(items);
        }
        "tags" => script.tags.extend(many()),
        "clause" => {}
        "title" => script.title = step.body,
        "rows" => script.rows.extend(many()),
        "given" => script.given = step.body,
        "text-only" => script.text_only = true,
        "binary-only" => script.binary_only = true,
        "config" => {
            let pairs = many().map(|pair| {
                let (name, value) = pair.split_once('=').expect("config is NAME=VALUE");
                (name.to_owned(), value.to_owned())
            });
            script.config = pairs.collect();
        }
        _ => script.steps.push(step),
    }
}
