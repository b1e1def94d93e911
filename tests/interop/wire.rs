//! What the programs recorded of themselves is what a third-party sniffer saw on the wire.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    net::UdpSocket,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use h248_tests::scratch;
use lab::capture::{CaptureFile, Captured};

use super::recorded::demo;

/// A sniffer on the loopback interface; `None` where this user may not sniff.
fn sniff(file: &Path) -> Option<Child> {
    let mut sniffer = Command::new("tshark")
        .args(["-i", "lo", "-f", "udp", "-w"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("tshark is installed by `make test`");
    let told = BufReader::new(sniffer.stderr.take().expect("it was piped just above"));
    let mut lines = told.lines().map_while(Result::ok);
    if !lines.any(|line| line.starts_with("Capturing on")) {
        sniffer.wait().expect("it was started by us");
        return None;
    }
    wait_until_it_sees(file);
    Some(sniffer)
}

/// It says that it captures a moment before it does.
fn wait_until_it_sees(file: &Path) {
    let probe = UdpSocket::bind("127.0.0.1:0").expect("a loopback socket");
    let to = probe.local_addr().expect("it is bound");
    for _ in 0..100 {
        probe
            .send_to(b"!/1 probe PN=1{}", to)
            .expect("loopback takes it");
        sleep(Duration::from_millis(50));
        let seen = CaptureFile::new(file).read_on();
        if seen.is_ok_and(|seen| !seen.is_empty()) {
            return;
        }
    }
    panic!("the sniffer saw nothing of 100 datagrams");
}

fn stop(mut sniffer: Child) {
    // What the kernel holds back for a batch is written by then.
    sleep(Duration::from_millis(500));
    let pid = sniffer.id().to_string();
    let told = Command::new("kill").args(["-INT", &pid]).status();
    assert!(told.expect("kill is everywhere").success());
    sniffer.wait().expect("it was started by us");
}

/// The payloads between these ports.
fn payloads(datagrams: &[Captured<'_>], ports: &BTreeSet<Option<u16>>) -> Vec<String> {
    let between =
        |d: &&Captured<'_>| ports.contains(&d.from.port()) && ports.contains(&d.to.port());
    let told = |d: &Captured<'_>| {
        let text = String::from_utf8_lossy(&d.octets);
        format!("{} {} {text}", d.from, d.to)
    };
    datagrams.iter().filter(between).map(told).collect()
}

#[test]
fn the_capture_of_the_programs_is_what_was_on_the_wire() {
    let folder = scratch("wire");
    let file = folder.join("sniffed.pcapng");
    let Some(sniffer) = sniff(&file) else {
        println!("skipped: this user may not sniff the loopback interface (root may)");
        return;
    };
    let recorded = demo(&folder, &["--strategy", "move"]);
    stop(sniffer);
    let recorded = CaptureFile::new(&recorded).read_on();
    let recorded = recorded.expect("our capture reads");
    let sniffed = CaptureFile::new(&file).read_on();
    let sniffed = sniffed.expect("the sniffer's capture reads");
    let ports = recorded.iter().flat_map(|d| [d.from.port(), d.to.port()]);
    let ports: BTreeSet<Option<u16>> = ports.collect();
    let (recorded, sniffed) = (payloads(&recorded, &ports), payloads(&sniffed, &ports));
    assert!(recorded.len() > 30, "only {} messages", recorded.len());
    let unseen: Vec<_> = recorded
        .iter()
        .filter(|told| !sniffed.contains(told))
        .collect();
    assert!(unseen.is_empty(), "recorded, not on the wire: {unseen:#?}");
    let untold: Vec<_> = sniffed
        .iter()
        .filter(|seen| !recorded.contains(seen))
        .collect();
    assert!(untold.is_empty(), "on the wire, not recorded: {untold:#?}");
    assert_eq!(sniffed.len(), recorded.len());
}
