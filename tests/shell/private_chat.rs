//! The private chat by each strategy and codec; the demo itself judges every cell and report.

use std::process::Command;

use h248_tests::{programs, scratch};

use super::alone;

fn demo(codec: &str, transport: &str) {
    let _alone = alone();
    let out = scratch(&format!("demo-{codec}-{transport}"));
    let output = Command::new(programs().join("h248"))
        .args(["demo", "--strategy", "all", "--codec", codec])
        .args(["--transport", transport, "--out"])
        .arg(&out)
        .output()
        .expect("h248 starts");
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
    for strategy in ["two-step", "move", "subtract-add"] {
        let heading = format!("Private chat, moved by {strategy}");
        assert!(told.contains(&heading), "{strategy} was not shown:\n{told}");
    }
    assert_eq!(
        told.matches("Hearing, ").count(),
        7,
        "a matrix is missing:\n{told}"
    );
}

#[test]
fn every_strategy_keeps_rooms_apart_with_pcmu() {
    demo("pcmu", "udp");
}

#[test]
fn every_strategy_keeps_rooms_apart_over_sctp() {
    demo("pcmu", "sctp");
}

#[test]
fn every_strategy_keeps_rooms_apart_with_pcma() {
    demo("pcma", "udp");
}

#[test]
fn every_strategy_keeps_rooms_apart_with_both_laws_in_one_room() {
    demo("mixed", "tcp");
}

#[test]
fn sixty_legs_in_twelve_segs_all_move_to_the_neighbour_and_back() {
    let _alone = alone();
    let output = Command::new(programs().join("h248"))
        .args(["scale", "--legs", "60", "--segs", "12", "--out"])
        .arg(scratch("scale"))
        .output()
        .expect("h248 starts");
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
}
