//! Names and ids of the project's reference: each pair that stands there is in the tables.

use std::{fs, path::PathBuf};

use crate::package::{
    ItemKind, PackageDefinition, PackageRegistry, ParameterDefinition, ValueType, registered,
};

/// The reference's list of packages; nothing where the reference is absent.
fn reference() -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/packages.md");
    let text = fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: the reference's packages are not beside this repository");
    }
    text
}

/// The section with that number.
fn section(text: &str, number: u8) -> &str {
    let start = text.find(&format!("\n## {number}.")).expect("its heading");
    let rest = &text[start + 1..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// A binary id: four hexadecimal digits.
fn id(word: &str) -> Option<u16> {
    let digit = |octet: u8| octet.is_ascii_digit() || (b'A'..=b'F').contains(&octet);
    let is_id = word.len() == 4 && word.bytes().all(digit);
    is_id.then(|| u16::from_str_radix(word, 16).ok())?
}

#[test]
fn registered_ids_are_known_and_have_their_names() {
    let Some(text) = reference() else { return };
    let packages = PackageRegistry::standard();
    let mut named = 0;
    let mut all = 0;
    for line in section(&text, 6).lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, cell, name, title, _] = cells[..] else {
            continue;
        };
        let Some(id) = id(cell) else { continue };
        if title == "UNASSIGNED" {
            assert_eq!(registered(id), None);
            continue;
        }
        all += 1;
        assert!(registered(id).is_some(), "{line}");
        let name = name.trim_end_matches("*(m)*").trim();
        if !name.is_empty() {
            named += 1;
            let by_name = packages.package(name).expect(line);
            assert_eq!((by_name.id, by_name.name.as_ref()), (id, name));
            assert_eq!(packages.package_by_id(id), Some(by_name));
        }
    }
    assert!(all > 250 && named > 80, "{all} ids, {named} names");
}

/// Ids without a name of the tables before them.
const OTHERWISE: &[&str] = &[
    // The wildcard, not a tone.
    "tonedet list of tone ids binary 0000",
    // `os / or | 0002 / 0003`.
    "nt  0003",
    // From memory in the reference; a public implementation has `sa` first, `dm` as the name
    // of the digit map, and the pause interval before the keys.
    "aasdc fa failure announcement 0004",
    "aasdc sa success announcement 0005",
    "aasdc digit map 000A",
    "aasrec pse 001D",
    "aasrec pause key rsm 001E",
    "aasrec  001F",
];

#[test]
fn every_name_with_an_id_is_in_the_tables() {
    let Some(text) = reference() else { return };
    let mut walk = Walk::default();
    for number in [1, 2, 4, 5] {
        walk.text(section(&text, number));
    }
    assert_eq!(walk.missing, OTHERWISE);
    assert!(walk.pairs > 240, "{} pairs", walk.pairs);
    assert!(walk.packages > 40, "{} packages", walk.packages);
    assert!(walk.bases > 10, "{} extensions", walk.bases);
    assert!(walk.versions > 13, "{} versions", walk.versions);
}

/// Reads the reference word by word. An id belongs to one of the words before it.
#[derive(Default)]
struct Walk {
    packages: usize,
    pairs: usize,
    bases: usize,
    versions: usize,
    missing: Vec<String>,
    registry: PackageRegistry,
    current: Option<PackageDefinition>,
}

impl Walk {
    fn text(&mut self, text: &str) {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let words = text.split(|c| !part(c)).map(|word| word.trim_matches('.'));
        let mut before: Vec<&str> = Vec::new();
        for word in words.filter(|word| !word.is_empty()) {
            match (before.last(), id(word)) {
                (_, Some(id)) => {
                    self.id(&before, id);
                    before.clear();
                    continue;
                }
                (Some(&"extends"), None) => self.extends(word),
                (Some(&"version"), None) => self.version(word),
                _ => {}
            }
            before.push(word);
        }
    }

    fn id(&mut self, before: &[&str], id: u16) {
        let near = &before[before.len().saturating_sub(8)..];
        let package = |name: &&str| self.registry.package(name).filter(|found| found.id == id);
        if let Some(package) = near.iter().find_map(package) {
            self.packages += 1;
            self.current = Some(package.clone());
            return;
        }
        let current = self.current.as_ref().expect("a package comes first");
        let is_it = |name: &&&str| has(&self.registry, current, name, id);
        if near.iter().any(|name| is_it(&name)) {
            self.pairs += 1;
        } else {
            let pair = format!("{} {} {id:04X}", current.name, near.join(" "));
            self.missing.push(pair);
        }
    }

    fn extends(&mut self, base: &str) {
        if let Some(current) = &self.current {
            self.bases += 1;
            assert_eq!(current.extends.as_deref(), Some(base), "{}", current.name);
        }
    }

    fn version(&mut self, version: &str) {
        if let (Some(current), Ok(version)) = (&self.current, version.parse::<u16>()) {
            self.versions += 1;
            assert_eq!(current.version, version, "{}", current.name);
        }
    }
}

/// Whether an item of the package, a parameter of one or a value of one has that name and id.
fn has(registry: &PackageRegistry, package: &PackageDefinition, name: &str, id: u16) -> bool {
    let kinds = [
        ItemKind::Property,
        ItemKind::Event,
        ItemKind::Signal,
        ItemKind::Statistic,
    ];
    let of_kind = |kind| {
        let item = registry.item_of(package, kind, name);
        item.is_some_and(|item| item.id == id)
    };
    let of_value = |parameter: &ParameterDefinition| {
        matches!(parameter.form.value_type, ValueType::Enumeration(_))
            && parameter.form.value_type.enumeration_id(name) == Some(id)
    };
    let named = |parameter: &ParameterDefinition| parameter.name == name && parameter.id == id;
    let mut parameters = package.items.iter().flat_map(|item| item.parameters());
    kinds.into_iter().any(of_kind)
        || parameters.any(|parameter| named(parameter) || of_value(parameter))
}
