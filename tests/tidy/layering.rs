//! Who may use whom, by manifest and by the whole dependency tree.

use std::{collections::BTreeSet, fs, process::Command};

use super::source::root;

/// Each crate of ours, where it stands, and which of ours it may name.
const MAY_USE: &[(&str, &str, &[&str])] = &[
    ("codec-h248", "codec-h248", &[]),
    ("codec-bench", "codec-h248/bench", &["codec-h248"]),
    ("h248-generate", "codec-h248/generate", &["codec-h248"]),
    ("transport-h248", "transport-h248", &["codec-h248"]),
    (
        "transport-h248-tokio",
        "transport-h248/tokio",
        &["transport-h248", "codec-h248"],
    ),
    (
        "link-bench",
        "transport-h248/bench",
        &["transport-h248", "transport-h248-tokio", "codec-h248"],
    ),
    ("mg-contract", "mg/contract", &[]),
    ("mg-media", "mg/media", &["mg-contract"]),
    ("mg-memory", "mg/memory", &[]),
    (
        "mg-core",
        "mg/core",
        &["codec-h248", "transport-h248", "mg-contract"],
    ),
    (
        "mg-bench",
        "mg/bench",
        &["codec-h248", "transport-h248", "mg-core"],
    ),
    ("mgc-core", "mgc/core", &["codec-h248", "transport-h248"]),
    (
        "mg",
        "mg",
        &[
            "codec-h248",
            "transport-h248",
            "transport-h248-tokio",
            "mg-contract",
            "mg-core",
            "mg-media",
            "mg-memory",
        ],
    ),
    (
        "mgc",
        "mgc",
        &[
            "codec-h248",
            "transport-h248",
            "transport-h248-tokio",
            "mgc-core",
        ],
    ),
    (
        "lab",
        "lab",
        &[
            "codec-h248",
            "transport-h248",
            "transport-h248-tokio",
            "mg-contract",
            "mg-core",
            "mg-media",
            "mgc-core",
        ],
    ),
];

/// The crates that know no socket, thread, clock or file.
pub(crate) const CORES: &[(&str, &str)] = &[
    ("codec-h248", "codec-h248/src"),
    ("transport-h248", "transport-h248/src"),
    ("mg-contract", "mg/contract/src"),
    ("mg-media", "mg/media/src"),
    ("mg-core", "mg/core/src"),
    ("mgc-core", "mgc/core/src"),
];

/// What must not stand anywhere below a core.
const SHELL_CRATES: &[&str] = &[
    "tokio",
    "tokio-util",
    "mio",
    "socket2",
    "async-io",
    "async-std",
    "smol",
    "axum",
    "hyper",
    "reqwest",
    "rtp",
    "pcap-file",
    "libc",
    "getrandom",
];

fn dependencies(folder: &str) -> BTreeSet<String> {
    let path = root().join(folder).join("Cargo.toml");
    let text = fs::read_to_string(path).expect("every crate has a manifest");
    let manifest: toml::Table = text.parse().expect("the manifest is TOML");
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    table
        .map(|table| table.keys().cloned().collect())
        .unwrap_or_default()
}

#[test]
fn every_crate_uses_only_those_of_ours_that_it_may() {
    let ours: BTreeSet<&str> = MAY_USE.iter().map(|(name, ..)| *name).collect();
    let mut faults = Vec::new();
    for (name, folder, allowed) in MAY_USE {
        for used in dependencies(folder) {
            if ours.contains(used.as_str()) && !allowed.contains(&used.as_str()) {
                faults.push(format!("{name} must not use {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The crate in which one function does what the compiler cannot check.
const UNSAFE: &str = "mg-memory";

#[test]
fn only_one_crate_is_free_of_the_lints_of_all() {
    let free = MAY_USE.iter().filter(|(_, folder, _)| {
        let path = root().join(folder).join("Cargo.toml");
        let text = fs::read_to_string(path).expect("every crate has a manifest");
        let manifest: toml::Table = text.parse().expect("the manifest is TOML");
        let shared = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        shared.and_then(toml::Value::as_bool) != Some(true)
    });
    assert_eq!(free.map(|(name, ..)| *name).collect::<Vec<_>>(), [UNSAFE]);
}

#[test]
fn the_table_names_every_member_of_the_workspace() {
    let text = fs::read_to_string(root().join("Cargo.toml")).expect("the root has a manifest");
    let manifest: toml::Table = text.parse().expect("the manifest is TOML");
    let members = manifest["workspace"]["members"]
        .as_array()
        .expect("members are a list");
    let members: BTreeSet<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    let mut named: BTreeSet<&str> = MAY_USE.iter().map(|(_, folder, _)| *folder).collect();
    named.insert("tests");
    assert_eq!(members, named);
}

#[test]
fn no_core_has_a_socket_a_runtime_or_a_clock_anywhere_below_it() {
    let mut faults = Vec::new();
    for (name, _) in CORES {
        let output = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--locked",
                "-e",
                "normal",
                "--prefix",
                "none",
                "-p",
                name,
            ])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "cargo tree: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let tree = String::from_utf8_lossy(&output.stdout);
        let below = tree.lines().filter_map(|line| line.split(' ').next());
        let bad: BTreeSet<&str> = below.filter(|used| SHELL_CRATES.contains(used)).collect();
        faults.extend(bad.iter().map(|used| format!("{used} is below {name}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
