//! What a conference sounds like at the real programs, in short: how long sound is under way, what
//! moves do to it, and who hears whom while legs are moved at random.

use std::process::Command;

use h248_tests::{programs, scratch};

use super::alone;

/// What it prints, and whether it found nothing wrong.
fn measured(name: &str, arguments: &[&str]) -> (String, bool) {
    let _alone = alone();
    let out = scratch(name);
    let output = Command::new(programs().join("h248"))
        .args(arguments)
        .arg("--out")
        .arg(&out)
        .output()
        .expect("h248 starts");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    (told, output.status.success())
}

#[test]
fn sound_is_under_way_for_little_more_than_a_tick_and_a_move_leaves_no_gap() {
    let few = ["--chirps", "200", "--jitter", "0", "--moves", "4"];
    // The machine has other tests to run; encoders of Opus would have to be optimised besides.
    let bounds = ["--p50-most", "25", "--p99-most", "80"];
    let (told, _) = measured("latency", &[&["latency"], &few[..], &bounds].concat());
    let heard = told.lines().find_map(|line| {
        let (heard, _) = line.strip_prefix("PCMU: ")?.split_once(" chirps, ")?;
        heard.parse::<u32>().ok()
    });
    // A packet that the machine was too late for is a chirp that is lost.
    assert!(heard.is_some_and(|heard| heard >= 196), "{told}");
    assert!(told.contains("4 move moves"), "{told}");
    let wrong = |line: &str| {
        let late = line.ends_with("did not come out");
        (line.starts_with("  PCMU") || line.starts_with("  move")) && !late
    };
    assert!(!told.lines().any(wrong), "{told}");
}

#[test]
fn who_hears_whom_is_right_at_every_look_while_legs_are_moved_at_random() {
    let small = ["--time", "14s", "--rooms", "12", "--moves", "3"];
    let (told, right) = measured(
        "soak",
        &[&["soak"], &small[..], &["--late-most", "5"]].concat(),
    );
    assert!(right && told.contains("late ticks of mg"), "{told}");
}
