//! Hostile input of growing size takes time in proportion to its size.

use std::time::{Duration, Instant};

use codec_h248::{
    Limits,
    binary::{self, BinaryProfile},
    decode, decode_partly, peek,
};

/// Limits that stop nothing by size.
const WIDE: Limits = Limits {
    octets: usize::MAX,
    transactions: usize::MAX,
    entries: usize::MAX,
    entries_total: usize::MAX,
    depth: 64,
    value: usize::MAX,
    digit_map: usize::MAX,
};
/// Octets of each size in turn.
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// A hundred times the octets may take this many times the time; the square is ten thousand.
const STEEPEST: u32 = 1_000;

/// The best of several runs.
fn time(mut run: impl FnMut()) -> Duration {
    let once = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..5).map(|_| once(&mut run)).min().expect("five runs")
}

/// Prints the figures of an attack, and refuses what is steeper than proportion.
fn is_linear(name: &str, attack: impl Fn(usize) -> Vec<u8>, read: impl Fn(&[u8])) {
    let times = SIZES.map(|size| {
        let octets = attack(size);
        time(|| read(&octets))
    });
    println!(
        "{name:40} {:>10.1?} {:>10.1?} {:>10.1?}",
        times[0], times[1], times[2]
    );
    let floor = Duration::from_micros(20);
    let limit = times[0].max(floor) * STEEPEST;
    assert!(times[2] < limit, "{name}: {times:?}");
}

fn text(octets: &[u8]) {
    let _ = decode(octets, &WIDE);
    let _ = decode_partly(octets, &WIDE);
    let _ = peek(octets).transactions().count();
}

/// `lead`, then `unit` until the size is reached.
fn repeated(lead: &'static str, unit: &'static str) -> impl Fn(usize) -> Vec<u8> {
    move |size| {
        let count = size / unit.len();
        [lead.as_bytes(), unit.repeat(count).as_bytes()].concat()
    }
}

#[test]
fn hostile_text_takes_linear_time() {
    println!(
        "{:40} {:>10} {:>10} {:>10}",
        "", "10 kB", "100 kB", "1000 kB"
    );
    for (name, lead, unit) in [
        ("digits in a transaction id", "!/1 mg T=", "1"),
        ("digits in a value", "!/1 mg T=1{C=1{MF=a{M{O{a/b=", "1"),
        ("digits in a digit map", "!/1 mg T=1{C=1{MF=a{DM=d{", "1"),
        ("nested braces", "!/1 mg T=1{C=1{MF=a", "{"),
        (
            "nested descriptors",
            "!/1 mg T=1{C=1{MF=a{E=1{",
            "a/b{EM{E=1{",
        ),
        ("white space", "!/1 mg T=1{", " "),
        ("comments", "!/1 mg T=1{", ";x\n"),
        ("open comments", "!/1 mg T=1{", ";"),
        ("transactions", "!/1 mg ", "PN=1{}"),
        ("open transactions", "!/1 mg ", "T=1{"),
        ("commands", "!/1 mg T=1{C=1{S=a", ",S=a"),
        ("an open description", "!/1 mg T=1{C=1{MF=a{M{L{", "\\}"),
        ("an open string", "!/1 mg ER=400{\"", "x"),
        ("quotes", "!/1 mg ER=400{", "\""),
    ] {
        is_linear(name, repeated(lead, unit), text);
    }
}

/// Elements within each other, of indefinite length.
fn nested(size: usize) -> Vec<u8> {
    b"\x30\x80".iter().copied().cycle().take(size).collect()
}

#[test]
fn hostile_binary_takes_linear_time() {
    let profile = BinaryProfile::default();
    let read = |octets: &[u8]| {
        let _ = binary::decode(octets, &WIDE, &profile);
        let _ = binary::peek(octets).transactions().count();
    };
    println!(
        "{:40} {:>10} {:>10} {:>10}",
        "", "10 kB", "100 kB", "1000 kB"
    );
    is_linear("nested elements", nested, read);
    is_linear("a long length", |size| vec![0x82; size], read);
    is_linear("octets 0", |size| vec![0; size], read);
    let pendings = |size: usize| {
        let one = [0xa1, 0x03, 0x80, 0x01, 0x07];
        let list = one.repeat(size / one.len());
        let mut octets = vec![0x30, 0x80, 0xa1, 0x80, 0x80, 0x01, 0x01, 0xa1, 0x80];
        octets.extend([0xa3, 0x02, b'm', b'g', 0x00, 0x00, 0xa2, 0x80, 0xa1, 0x80]);
        octets.extend(list);
        octets.extend([0; 8]);
        octets
    };
    is_linear("transactions", pendings, read);
}
