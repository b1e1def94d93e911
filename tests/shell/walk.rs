//! The newcomer's walk of `docs/api.md`: every command of the page is run, and prints what the page
//! says.

use std::{
    fmt::Write as _,
    fs,
    net::{TcpListener, UdpSocket},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use h248_tests::{programs, scratch};

use super::alone;

/// The page promises it.
const WITHIN: Duration = Duration::from_secs(300);

/// A block of commands, and what it prints where the page says so.
struct Step {
    commands: String,
    printed: Option<String>,
}

/// The blocks of a page: `sh`, and `text` behind it.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in page.split("\n```").skip(1).step_by(2) {
        let (language, body) = block.split_once('\n').expect("a block has lines");
        match language {
            "sh" => steps.push(Step {
                commands: body.to_owned(),
                printed: None,
            }),
            "text" => {
                let step = steps.last_mut().expect("what prints stands before");
                step.printed = Some(body.to_owned());
            }
            other => panic!("a block in {other}: sh or text was expected"),
        }
    }
    steps
}

/// A port that is free for UDP and TCP at this moment.
fn free() -> u16 {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("there are ports");
        let port = tcp.local_addr().expect("it is bound").port();
        if UdpSocket::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// One script of all blocks, with a line between what they print; on free ports.
fn script(steps: &[Step]) -> String {
    let mut script = String::from("set -u -o pipefail\ntrap 'kill $(jobs -p)' EXIT\n");
    for (index, step) in steps.iter().enumerate() {
        let _ = writeln!(script, "echo '## {index}'\n{}", step.commands);
    }
    for port in ["2944", "2946", "8080"] {
        script = script.replace(&format!(":{port}"), &format!(":{}", free()));
    }
    script.replace("target/debug", &programs().display().to_string())
}

#[test]
fn the_walk_of_the_page_prints_what_it_says() {
    let _alone = alone();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md");
    let page = fs::read_to_string(page).expect("there is the page");
    let steps = steps(&page);
    assert!(steps.len() > 8, "the page has {} blocks", steps.len());
    let start = Instant::now();
    let output = Command::new("timeout")
        .args([&WITHIN.as_secs().to_string(), "bash", "-c", &script(&steps)])
        .current_dir(scratch("walk"))
        .output()
        .expect("there is a shell");
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let mut printed = told.split("## ").skip(1);
    for (index, step) in steps.iter().enumerate() {
        let part = printed.next().unwrap_or_default();
        let (number, part) = part.split_once('\n').unwrap_or_default();
        assert_eq!(number, index.to_string(), "{told}\n{errors}");
        let expected = step.printed.as_deref().unwrap_or_default();
        assert_eq!(
            part.trim(),
            expected.trim(),
            "after\n{}\n{errors}",
            step.commands
        );
    }
    assert!(start.elapsed() < WITHIN);
}
