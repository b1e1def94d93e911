//! What a core may not name: the standard library's own sockets, threads, clocks and files.

use super::{
    layering::CORES,
    source::{code_lines, files, root, shown},
};

const FORBIDDEN: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::process",
    "std::env",
    "Mutex",
    "RwLock",
    "Condvar",
    "Atomic",
    "mpsc",
    "std::os",
    "Instant::now",
    "SystemTime::now",
    ".elapsed()",
    "UdpSocket",
    "TcpStream",
    "TcpListener",
    "println!",
    "eprintln!",
    "allow(clippy::disallowed",
    "expect(clippy::disallowed",
];

/// The whole process has one fault on purpose, in builds that are no release.
const OF_THE_PROCESS: &str = "transport-h248/src/mutants.rs";

fn offences(line: &str) -> impl Iterator<Item = &'static str> + '_ {
    let code = line.split("//").next().unwrap_or_default();
    let only_tests = code.contains("cfg_attr(test");
    FORBIDDEN
        .iter()
        .copied()
        .filter(move |word| !only_tests && code.contains(word))
}

#[test]
fn no_core_names_a_socket_a_thread_a_clock_or_a_file() {
    let mut faults = Vec::new();
    for (_, folder) in CORES {
        let all = files(&root().join(folder), "rs").into_iter();
        for path in all.filter(|path| !path.ends_with(OF_THE_PROCESS)) {
            for (number, line) in code_lines(&path) {
                let found =
                    offences(&line).map(|word| format!("{}:{number}: {word}", shown(&path)));
                faults.extend(found);
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_check_sees_a_clock_read_without_parentheses() {
    assert_eq!(
        offences("let now = given.unwrap_or_else(Instant::now);").count(),
        1
    );
    assert_eq!(offences("// Instant::now is for shells").count(), 0);
}
