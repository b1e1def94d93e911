//! A third-party decoder opens the capture of the demo.

use std::{collections::BTreeSet, process::Command};

use super::recorded::{capture, datagrams};

fn tshark(arguments: &[&str]) -> Vec<String> {
    let ports: BTreeSet<u16> = datagrams()
        .iter()
        .flat_map(|datagram| [datagram.from.port(), datagram.to.port()])
        .flatten()
        .collect();
    let mut command = Command::new("tshark");
    command.arg("-r").arg(capture());
    for port in ports {
        command.args(["-d", &format!("udp.port=={port},megaco")]);
    }
    let output = command
        .args(arguments)
        .output()
        .expect("tshark is installed by `make test`");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_frame_is_h248_and_none_is_malformed() {
    let all = datagrams().len();
    assert_eq!(tshark(&["-Y", "megaco"]).len(), all);
    let malformed = tshark(&["-Y", "_ws.malformed"]);
    assert!(malformed.is_empty(), "{}", malformed.join("\n"));
    // It does not know the condensed reply to an audit of names, which is legal (Annex B.2
    // `contextTerminationAudit`).
    let known = "No Descriptor detectable";
    let warned = tshark(&[
        "-Y",
        "_ws.expert",
        "-T",
        "fields",
        "-e",
        "_ws.expert.message",
    ]);
    let odd: Vec<&String> = warned
        .iter()
        .filter(|line| line.split(',').any(|message| message != known))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn the_moves_of_every_strategy_are_visible() {
    let commands = tshark(&[
        "-Y",
        "megaco.transaction == \"Request\"",
        "-T",
        "fields",
        "-e",
        "megaco.command",
    ]);
    let count = |name: &str| {
        commands
            .iter()
            .filter(|command| command.contains(name))
            .count()
    };
    // Two legs there and back: by two-step and by move one Move each, by two-step a Modify before.
    assert_eq!(count("Move"), 8, "{commands:?}");
    assert_eq!(count("Modify"), 4, "{commands:?}");
    // Five joins and four Adds of subtract-add; as many Subtracts, the last five at the end.
    assert_eq!(count("Add"), 9, "{commands:?}");
    assert_eq!(count("Subtract"), 9, "{commands:?}");
}
