//! Controller and gateway killed at random moments, and the path between them bad, in short; the
//! command itself judges every operation, leg, Context, port, event and stream.

use std::process::Command;

use h248_tests::{programs, scratch};

use super::alone;

fn crash(name: &str, arguments: &[&str]) {
    let _alone = alone();
    let output = Command::new(programs().join("h248"))
        .args(["crash", "--out"])
        .arg(scratch(name))
        .args(arguments)
        .output()
        .expect("h248 starts");
    let told = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}\n{errors}");
}

#[test]
fn a_controller_that_is_killed_comes_back_and_audio_never_stops() {
    crash("crash-mgc", &["--runs", "5"]);
}

#[test]
fn the_legs_of_a_gateway_that_is_killed_leave_and_nothing_is_left() {
    crash("crash-mg", &["--runs", "3", "--kill", "mg"]);
}

#[test]
fn a_path_that_is_cut_for_a_second_loses_no_leg() {
    crash("crash-cut", &["--runs", "2", "--cut", "1"]);
}

#[test]
fn a_cable_that_is_cut_for_a_second_loses_no_leg() {
    let may = Command::new("ip")
        .args(["netns", "add", "h248-may"])
        .output();
    if !may.is_ok_and(|may| may.status.success()) {
        println!("skipped: network namespaces need root, CAP_NET_ADMIN and iproute2");
        return;
    }
    let _ = Command::new("ip")
        .args(["netns", "delete", "h248-may"])
        .output();
    crash("crash-netns", &["--runs", "2", "--cut", "1", "--netns"]);
}

#[test]
fn a_path_that_loses_a_fifth_of_all_datagrams_only_takes_longer() {
    crash("crash-loss", &["--runs", "2", "--loss", "20"]);
}
