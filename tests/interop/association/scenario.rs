//! OTP as a controller that drives our gateway through all commands and wildcards, step by step.

use std::{fs, io::Write as _};

use h248_tests::{program::Program, scratch};

use super::{Row, otp};

/// Three lines; whoever is at the third answers when it rings, and dials.
const LINES: &str = r#"
[[line]]
name = "line/1"

[[line]]
name = "line/2"

[[line]]
name = "line/3"
on-ring = ["500ms off-hook", "1500ms dial 42"]
"#;

/// Fewer steps than this are no scenario.
const STEPS_MIN: usize = 60;

/// Runs the scenario; each step is a line of evidence.
fn run(encoding: &'static str, carrier: &'static str) {
    let row = Row {
        encoding,
        carrier,
        version: "3",
    };
    let mut otp = otp("otp_scenario", row, &["0"]);
    let mgc = otp.wait("otp: listening ");
    let lines = scratch(&format!("scenario-{encoding}")).join("lines.toml");
    fs::write(&lines, LINES).expect("the build folder can be written");
    let lines = lines.to_str().expect("the path is text");
    let mgc = format!("{carrier}:{mgc}");
    let mut mg = Program::start(
        "mg",
        &[
            "--mgc",
            &mgc,
            "--h248",
            "127.0.0.1:0",
            "--encoding",
            encoding,
            "--mwd",
            "0",
            "--lines",
            lines,
        ],
    );
    mg.wait("mg: registered with ");
    let done = otp.wait("otp: done ");
    let told: String = otp
        .said()
        .iter()
        .map(|line| format!("{row}: {line}\n"))
        .collect();
    std::io::stdout()
        .write_all(told.as_bytes())
        .expect("somebody reads");
    let steps = done
        .split(' ')
        .next()
        .and_then(|count| count.parse::<usize>().ok());
    assert!(steps.is_some_and(|steps| steps >= STEPS_MIN), "{done}");
}

#[test]
fn otp_drives_the_gateway_step_by_step_by_udp_in_text() {
    run("text", "udp");
}

#[test]
fn otp_drives_the_gateway_step_by_step_by_tcp_in_binary() {
    run("binary", "tcp");
}
