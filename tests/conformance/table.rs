//! The table of `docs/gateway-table.md`: what the gateway answers to each command with each descriptor and each item
//! of each package, asked of the gateway itself, and which scripts and suites have it.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use codec_h248::{
    Limits, decode,
    package::{ItemDefinition, ItemDetails, PackageDefinition, PackageRegistry, PropertyPlace},
};
use lab::scenario;
use serde_json::Value;
use transport_h248::Encoding;

use crate::{
    play,
    rig::{self, Rig},
    script,
};

/// What is asked.
const COMMANDS: [&str; 8] = [
    "Add",
    "Move",
    "Modify",
    "Subtract",
    "AuditValue",
    "AuditCapability",
    "Notify",
    "ServiceChange",
];
/// Commands that carry items of packages.
const CARRIERS: [&str; 6] = [
    "Add",
    "Move",
    "Modify",
    "Subtract",
    "AuditValue",
    "AuditCapability",
];
/// Whom: a name for the reader, and how it is called; an ephemeral one is made.
const OWNERS: [(&str, &str); 4] = [
    ("ROOT", "ROOT"),
    ("RTP", "$"),
    ("line", "line/1"),
    ("trunk", "tr/1/1"),
];
/// Descriptors as the controller writes them, and how an audit asks for them.
const DESCRIPTORS: [(&str, &str, &str); 17] = [
    (
        "Media: TerminationState",
        "Media{TerminationState{ServiceStates=InService}}",
        "Media",
    ),
    (
        "Media: LocalControl",
        "Media{LocalControl{Mode=SendReceive}}",
        "Media",
    ),
    (
        "Media: Local",
        "Media{Stream=1{Local{v=0\nc=IN IP4 $\nm=audio $ RTP/AVP 8\n}}}",
        "Media",
    ),
    (
        "Media: Remote",
        "Media{Stream=1{Remote{v=0\nc=IN IP4 198.51.100.1\nm=audio 40000 RTP/AVP 8\n}}}",
        "Media",
    ),
    (
        "Media: Statistics",
        "Media{Stream=1{Statistics{nt/dur}}}",
        "Media",
    ),
    ("Modem", "Modem=V90", "Modem"),
    ("Mux", "Mux=H221{a/1}", "Mux"),
    ("Events", "Events=1{g/cause}", "Events"),
    ("EventBuffer", "EventBuffer{g/cause}", "EventBuffer"),
    ("Signals", "Signals{}", "Signals"),
    ("DigitMap", "DigitMap=dm1{(1xx)}", "DigitMap"),
    ("Statistics", "Statistics{nt/dur}", "Statistics"),
    ("Packages", "Packages{g-1}", "Packages"),
    ("Audit", "Audit{}", ""),
    (
        "ObservedEvents",
        "ObservedEvents=1{g/cause}",
        "ObservedEvents",
    ),
    (
        "Services",
        "Services{Method=Restart,Reason=\"900 Service Restored\"}",
        "",
    ),
    ("Error", "Error=500{\"\"}", ""),
];

/// A registered gateway with a line and a trunk.
fn gateway() -> Rig {
    let text = "given: S1\nconfig: lines=1 trunks=1\nrest\n";
    let script = scenario::parse(text, 1).expect("it is a scenario");
    let (outcome, rig) = play::play(&script, Encoding::Text, &script::states());
    assert_eq!(outcome.verdict, scenario::Verdict::Pass, "{outcome:?}");
    rig
}

/// The gateway and the number of the last transaction.
struct Asked {
    rig: Rig,
    id: u32,
}

impl Asked {
    /// What is answered, as a document.
    fn ask(&mut self, actions: &str) -> Value {
        self.id += 1;
        let text = format!(
            "MEGACO/3 [192.0.2.1]:2944 Transaction={}{{{actions}}}",
            self.id
        );
        let rig = &mut self.rig;
        rig.inbox.clear();
        rig.send(text.as_bytes(), rig::place("mgc1"));
        // Some answers wait for the next tick of the engine.
        let until = rig.now + std::time::Duration::from_millis(100);
        while rig.inbox.is_empty()
            && let Some(at) = rig.next_wake().filter(|at| *at <= until)
        {
            rig.advance(at, |_| {});
        }
        rig.now = rig.now.max(until);
        let Some((_, octets)) = rig.inbox.pop_front() else {
            return Value::Null;
        };
        let message = decode(&octets, &Limits::default());
        scenario::document(&message.expect("the gateway sends what can be read"))
    }

    /// Forgets all Contexts, and what was armed outside of them.
    fn clean(&mut self) {
        self.ask("Context=*{O-Subtract=*{Audit{}}}");
        for name in ["ROOT", "line/1", "tr/1/1"] {
            self.ask(&format!(
                "Context=-{{Modify={name}{{Events}},Modify={name}{{Signals{{}}}}}}"
            ));
        }
    }

    /// The answer to one command on an owner, with the descriptors that it carries: `yes` or a code.
    fn cell(&mut self, command: &str, owner: &str, before: &str, descriptors: &str) -> String {
        let made = owner != "ROOT" && command != "Add";
        let (mut context, mut name) = ("-".to_owned(), owner.to_owned());
        if made {
            let reply = self.ask(&format!("Context=${{Add={owner}}}"));
            let found = first(&reply, "terminationIdList").and_then(|names| names.get(0).cloned());
            name = found
                .and_then(|name| Some(name.as_str()?.to_owned()))
                .unwrap_or_default();
            context = first(&reply, "contextId").map_or_else(String::new, |id| id.to_string());
            if !before.is_empty() {
                self.ask(&format!("Context={context}{{Modify={name}{{{before}}}}}"));
            }
        } else if !before.is_empty() && command != "Add" {
            self.ask(&format!("Context=-{{Modify={name}{{{before}}}}}"));
        }
        if matches!(command, "Add" | "Move") {
            context = "$".to_owned();
        }
        let reply = self.ask(&format!(
            "Context={context}{{{command}={name}{{{descriptors}}}}}"
        ));
        self.clean();
        match first(&reply, "errorCode") {
            Some(code) => code.to_string(),
            None if reply.is_null() => "no answer".to_owned(),
            None => "yes".to_owned(),
        }
    }

    /// The best answer to several ways of saying the same.
    fn best(&mut self, command: &str, owner: &str, ways: &[(String, String)]) -> (String, usize) {
        let mut found = (String::new(), 0);
        for (at, (before, descriptors)) in ways.iter().enumerate() {
            let answer = self.cell(command, owner, before, descriptors);
            if answer == "yes" {
                return (answer, at);
            }
            // What the first way is refused with is about the item, not about its values.
            if at == 0 || matches!(found.0.as_str(), "449" | "457" | "454" | "442" | "422") {
                found = (answer, at);
            }
        }
        found
    }
}

/// The first member of this name, wherever it is.
fn first<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(members) => members
            .get(name)
            .or_else(|| members.values().find_map(|member| first(member, name))),
        Value::Array(entries) => entries.iter().find_map(|entry| first(entry, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Ways to write an item in a command that sets it.
fn settings(package: &str, item: &ItemDefinition) -> Vec<String> {
    let name = format!("{package}/{}", item.name);
    let with = |forms: &[&str], ends: (&str, &str)| -> Vec<String> {
        let each = forms.iter();
        each.map(|form| format!("{}{name}{form}{}", ends.0, ends.1))
            .collect()
    };
    match &item.details {
        ItemDetails::Property { place, .. } => {
            let ends = match place {
                PropertyPlace::TerminationState => ("Media{TerminationState{", "}}"),
                PropertyPlace::LocalControl | PropertyPlace::ContextAttribute => {
                    ("Media{LocalControl{Mode=Inactive,", "}}")
                }
            };
            with(&["=$", "=1", "=1000", "=ON", "=\"a\""], ends)
        }
        ItemDetails::Event { .. } => {
            let forms = [
                "",
                "{DigitMap={(1xx)}}",
                "{tl=[d1]}",
                "{tl=[d1],dur=1000}",
                "{mit=100}",
                "{th=10}",
            ];
            with(&forms, ("Events=1{", "}"))
        }
        ItemDetails::Signal { .. } => with(&["", "{an=1}", "{tl=[d1]}"], ("Signals{", "}")),
        ItemDetails::Statistic { .. } => with(&[""], ("Statistics{", "}")),
    }
}

/// How an audit asks for one item.
fn audit(package: &str, item: &ItemDefinition) -> String {
    let name = format!("{package}/{}", item.name);
    let what = match &item.details {
        ItemDetails::Property {
            place: PropertyPlace::TerminationState,
            ..
        } => {
            format!("Media{{TerminationState{{{name}}}}}")
        }
        ItemDetails::Property { .. } => format!("Media{{Stream=1{{LocalControl{{{name}}}}}}}"),
        ItemDetails::Event { .. } => format!("Events=1{{{name}}}"),
        ItemDetails::Signal { .. } => format!("Signals{{{name}}}"),
        ItemDetails::Statistic { .. } => format!("Statistics{{{name}}}"),
    };
    format!("Audit{{{what}}}")
}

/// The row of an item for one owner.
fn row(asked: &mut Asked, package: &str, item: &ItemDefinition, owner: (&str, &str)) -> String {
    let ways = settings(package, item);
    let plain: Vec<(String, String)> = ways
        .iter()
        .map(|way| (String::new(), way.clone()))
        .collect();
    let (modify, at) = asked.best("Modify", owner.1, &plain);
    let before = if modify == "yes" {
        ways[at].clone()
    } else {
        String::new()
    };
    let mut cells = String::new();
    for command in CARRIERS {
        let answer = match command {
            "Modify" => modify.clone(),
            "Add" | "Move" => asked.best(command, owner.1, &plain).0,
            _ => asked.cell(command, owner.1, &before, &audit(package, item)),
        };
        let _ = write!(cells, " {answer} |");
    }
    cells
}

fn kind(item: &ItemDefinition) -> &'static str {
    match item.details {
        ItemDetails::Property { .. } => "property",
        ItemDetails::Event { .. } => "event",
        ItemDetails::Signal { .. } => "signal",
        ItemDetails::Statistic { .. } => "statistic",
    }
}

/// Who has a package, by an audit of each.
fn published(asked: &mut Asked) -> BTreeMap<&'static str, Vec<String>> {
    let mut found = BTreeMap::new();
    for (owner, name) in OWNERS {
        let (context, name) = match owner {
            "RTP" => ("$", "Add=$"),
            _ => ("-", name),
        };
        let reply = if owner == "RTP" {
            asked.ask(&format!("Context={context}{{{name}{{Audit{{Packages}}}}}}"))
        } else {
            asked.ask(&format!(
                "Context=-{{AuditValue={name}{{Audit{{Packages}}}}}}"
            ))
        };
        let packages = first(&reply, "packagesDescriptor")
            .and_then(Value::as_array)
            .cloned();
        let names = packages.unwrap_or_default();
        let names = names
            .iter()
            .filter_map(|one| Some(one["packageName"].as_str()?.to_owned()));
        found.insert(owner, names.collect());
        asked.clean();
    }
    found
}

/// Words of requests in scripts, each with the scripts that have it, and of the suites.
struct Tested {
    /// Requests of each script, as decoded documents in text, in small letters.
    scripts: BTreeMap<String, String>,
    suites: BTreeMap<String, String>,
}

fn sources(folder: &Path, ending: &str, found: &mut BTreeMap<String, String>) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, ending, found);
        } else if path.extension().is_some_and(|own| own == ending)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            let name = path
                .strip_prefix(&root)
                .unwrap_or(&path)
                .display()
                .to_string();
            found.insert(name.replace("../", ""), text.to_ascii_lowercase());
        }
    }
}

impl Tested {
    fn read() -> Self {
        let common = script::read(&script::catalogue().join("common/S0.txt"));
        let mut names = scenario::defaults();
        for step in common.steps.iter().filter(|step| step.words[0] == "let") {
            let text = scenario::filled(&step.body, &names);
            names.insert(step.words[1].clone(), text);
        }
        let scripts = script::all().into_iter().map(|script| {
            let sent = script.steps.iter().filter(|step| step.words[0] == "send");
            let documents = sent.filter_map(|step| {
                let text = scenario::filled(&step.body, &names);
                let decoded = scenario::transaction(&format!("Transaction=1{{{text}}}")).ok()?;
                Some(decoded.to_string().to_ascii_lowercase())
            });
            (script.id.clone(), documents.collect::<String>())
        });
        let mut suites = BTreeMap::new();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
        sources(&root.join("mg/core/src/mg/tests"), "rs", &mut suites);
        sources(&root.join("tests/interop/erlang"), "erl", &mut suites);
        Self {
            scripts: scripts.collect(),
            suites,
        }
    }

    /// Scripts that have one of these words, or else suites that have the text; by name, a few of them.
    fn by(&self, document: &[&str], text: &str) -> String {
        const SHOWN: usize = 3;
        let words: Vec<String> = document
            .iter()
            .map(|word| word.to_ascii_lowercase())
            .collect();
        let scripts = self
            .scripts
            .iter()
            .filter(|(_, sent)| words.iter().any(|word| sent.contains(word)));
        let mut all: Vec<&str> = scripts.map(|(id, _)| id.as_str()).collect();
        if all.is_empty() {
            let text = text.to_ascii_lowercase();
            let suites = self
                .suites
                .iter()
                .filter(|(_, source)| source.contains(&text));
            all = suites.map(|(name, _)| name.as_str()).collect();
        }
        match all.len() {
            0 => "this table".to_owned(),
            count if count > SHOWN => {
                format!("{} and {} more", all[..SHOWN].join(", "), count - SHOWN)
            }
            _ => all.join(", "),
        }
    }
}

/// Members of requests as documents, by command and by descriptor.
fn member(name: &str) -> &'static str {
    match name {
        "Add" => "\"addreq\"",
        "Move" => "\"movereq\"",
        "Modify" => "\"modreq\"",
        "Subtract" => "\"subtractreq\"",
        "AuditValue" => "\"auditvaluerequest\"",
        "AuditCapability" => "\"auditcaprequest\"",
        "Notify" => "\"notifyreq\"",
        "ServiceChange" => "\"servicechangereq\"",
        "Media: TerminationState" => "\"termstatedescr\"",
        "Media: LocalControl" => "\"localcontroldescriptor\"",
        "Media: Local" => "\"localdescriptor\"",
        "Media: Remote" => "\"remotedescriptor\"",
        "Media: Statistics" | "Statistics" => "\"statisticsdescriptor\"",
        "Modem" => "\"modemdescriptor\"",
        "Mux" => "\"muxdescriptor\"",
        "Events" => "\"eventsdescriptor\"",
        "EventBuffer" => "\"eventbufferdescriptor\"",
        "Signals" => "\"signalsdescriptor\"",
        "DigitMap" => "\"digitmapdescriptor\"",
        "Packages" => "\"packagestoken\"",
        "Audit" => "\"auditdescriptor\"",
        "ObservedEvents" => "\"observedeventsdescriptor\"",
        "Services" => "\"servicechangeparms\"",
        _ => "\"errordescriptor\"",
    }
}

fn descriptors(asked: &mut Asked, tested: &Tested, out: &mut String) {
    for (owner, name) in OWNERS {
        let _ = write!(
            out,
            "\n### On {owner}\n\n| descriptor | {} | tested by |\n",
            COMMANDS.join(" | ")
        );
        let _ = writeln!(out, "| --- |{}", " --- |".repeat(COMMANDS.len() + 1));
        for (title, text, item) in DESCRIPTORS {
            let mut cells = String::new();
            for command in COMMANDS {
                let audit = format!("Audit{{{item}}}");
                let audits =
                    ["AuditValue", "AuditCapability"].contains(&command) && !item.is_empty();
                let answer = asked.cell(command, name, "", if audits { &audit } else { text });
                let _ = write!(cells, " {answer} |");
            }
            let token = match title {
                "Statistics" => "\"statstoken\"".to_owned(),
                _ => format!("\"{item}token\""),
            };
            let text = title.rsplit(' ').next().unwrap_or(title);
            let by = tested.by(&[member(title), &token], text);
            let _ = writeln!(out, "| {title} |{cells} {by} |");
        }
    }
}

fn packages(asked: &mut Asked, tested: &Tested, out: &mut String) {
    let had = published(asked);
    let registry = PackageRegistry::standard();
    let is_had = |package: &PackageDefinition, owner: &str| {
        had[owner]
            .iter()
            .any(|name| name.eq_ignore_ascii_case(&package.name))
    };
    let mut others = Vec::new();
    for package in registry.packages() {
        let owners: Vec<(&str, &str)> = OWNERS
            .into_iter()
            .filter(|(owner, _)| is_had(package, owner))
            .collect();
        if owners.is_empty() {
            others.push(package);
            continue;
        }
        let _ = write!(
            out,
            "\n### {}\n\n| item | kind | on | {} | tested by |\n",
            package.name,
            CARRIERS.join(" | ")
        );
        let _ = writeln!(
            out,
            "| --- | --- | --- |{}",
            " --- |".repeat(CARRIERS.len() + 1)
        );
        for item in package.items.iter() {
            let name = format!("{}/{}", package.name, item.name);
            let by = tested.by(&[&format!("\"{name}\"")], &name);
            for owner in &owners {
                let cells = row(asked, &package.name, item, *owner);
                let _ = writeln!(
                    out,
                    "| {name} | {} | {} |{cells} {by} |",
                    kind(item),
                    owner.0
                );
            }
        }
        if package.items.is_empty() {
            let _ = writeln!(
                out,
                "| no item of its own | - | - |{} - |",
                " - |".repeat(CARRIERS.len())
            );
        }
    }
    let _ = write!(
        out,
        "\n## Packages that the gateway does not have\n\nEach item, as Modify of an RTP Termination has it.\n\n| package | items | answer |\n| --- | --- | --- |\n"
    );
    for package in others {
        let mut answers: Vec<String> = Vec::new();
        for item in package.items.iter() {
            let ways = settings(&package.name, item);
            let answer = asked.cell("Modify", "$", "", &ways[0]);
            if !answers.contains(&answer) {
                answers.push(answer);
            }
        }
        let answers = if answers.is_empty() {
            "nothing to ask for".to_owned()
        } else {
            answers.join(", ")
        };
        let _ = writeln!(
            out,
            "| {} | {} | {answers} |",
            package.name,
            package.items.len()
        );
    }
}

fn table() -> String {
    let mut asked = Asked {
        rig: gateway(),
        id: 100_000,
    };
    let tested = Tested::read();
    let mut out = "# What the gateway answers\n\n\
        Made by the suite `conformance` (`UPDATE_TABLE=1` renews this file), which asks the gateway itself: `yes` where the \
        command is carried out, else the code of its refusal. An item is asked for in several ways, with the parameters that \
        it may want, and the best answer stands here. Tested by: the scripts of `tests/conformance/` whose requests have the \
        descriptor or item, or else the suites whose sources do; `this table` where it is asked for here alone.\n\n\
        ## Commands and descriptors\n".to_owned();
    descriptors(&mut asked, &tested, &mut out);
    out.push_str("\n## Items of packages\n\nNotify and ServiceChange carry no items that a gateway takes. An audit is one of that item alone, after it was set.\n");
    packages(&mut asked, &tested, &mut out);
    out
}

#[test]
fn the_table_says_what_the_gateway_answers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gateway-table.md");
    let now = table();
    assert!(!now.contains("|  |"), "an empty cell");
    if std::env::var("UPDATE_TABLE").is_ok() {
        std::fs::write(&path, &now).expect("the folder of documents can be written");
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = now
        .lines()
        .zip(before.lines())
        .find(|(new, old)| new != old);
    assert!(
        before == now,
        "docs/gateway-table.md is not what the gateway answers (UPDATE_TABLE=1 renews it): {differs:?}"
    );
}
