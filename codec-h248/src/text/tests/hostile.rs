//! Octets that nobody meant: no panic, and time in proportion to their number.

use super::{corpus::examples, decode, written};
use crate::{DecodeError, Limits, Style, peek};

/// Limits that stop nothing by size.
const WIDE: Limits = Limits {
    octets: usize::MAX,
    transactions: usize::MAX,
    entries: usize::MAX,
    entries_total: usize::MAX,
    depth: usize::MAX,
    value: usize::MAX,
    digit_map: usize::MAX,
};

/// Messages that between them reach most of the grammar.
const OWN: [&str; 4] = [
    "AU=0x00000007:0xFFFFFFFF:0x0102030405060708090A0B0C !/2 [2001:db8::1]:5 K{1,3-9}PN=4{}",
    "!/3 MTP{00AB} T=1{C=*{CA{PR=3,EGV=EGO,CT{CLT={1,-}},ORLgc},O-W-MF=[a,b]{E=1{a/b{EM{SG{c/d{p=1}},\
     E=2{e/f{DM={T:1,[0-9]x.}}}}}},AT{M{TS{SI}},SG{SL=1}}}}}",
    "!/3 mg P=1/2/END{IA,C=1{AV=C{a,b},A=a{M{L{\nv=0\ns=\\}\n}},OE=1{20260102T03040506:a/b},PG{a-1},\
     ER=500{\"x\"}}}}",
    "!/1 mg T=1{C=-{SC=ROOT{SV{MT=X-Gone,RE=\"904\",AD=2944,V=3,PF=p/9,X+a=[1:5]}}}} ; end",
];

fn messages() -> Vec<Vec<u8>> {
    let own = OWN.iter().map(|text| text.as_bytes().to_vec());
    let reference = examples()
        .into_iter()
        .flat_map(|(_, pretty, compact)| [Some(pretty), compact]);
    own.chain(reference.flatten()).collect()
}

/// Decodes and peeks. An error must lie within the octets; a message must be written so that it is
/// read as what was written. (The first writing may add a line end behind a session description.)
fn try_out(octets: &[u8]) {
    let _ = peek(octets);
    match decode(octets, &Limits::default()) {
        Err(DecodeError { span, .. }) => {
            assert!(span.start <= span.end && span.end <= octets.len());
        }
        Ok(message) => {
            let once = written(&message, Style::Pretty);
            let message = decode(&once, &Limits::default()).expect("it was written");
            let twice = written(&message, Style::Compact);
            assert_eq!(decode(&twice, &Limits::default()), Ok(message));
        }
    }
}

#[test]
fn no_prefix_of_a_message_panics() {
    for message in messages() {
        for end in 0..message.len() {
            try_out(&message[..end]);
        }
    }
}

#[test]
fn no_change_of_an_octet_panics() {
    let mut rng = fastrand::Rng::with_seed(0x248);
    for message in messages() {
        for _ in 0..400 {
            let mut changed = message.clone();
            let at = rng.usize(..changed.len());
            changed[at] = if rng.bool() {
                rng.u8(..)
            } else {
                *rng.choice(b"{}[]()\",;:=#<>/\\-*$. \n\0").unwrap_or(&0)
            };
            try_out(&changed);
        }
    }
}

/// How many octets a run takes off before it gives up, measured as the place of its error.
fn fails(octets: &[u8]) -> usize {
    decode(octets, &WIDE)
        .expect_err("it is no message")
        .span
        .start
}

#[test]
fn a_hundred_thousand_octets_of_nonsense_fail_at_once() {
    const MANY: usize = 100_000;
    let heads = [
        "",
        "!/",
        "!/1 ",
        "!/1 [",
        "!/1 mg T=",
        "!/1 mg T=1{",
        "!/1 mg T=1{C=",
        "!/1 mg T=1{C=1{MF=",
        "!/1 mg T=1{C=1{MF=a{M{L{",
        "!/1 mg T=1{C=1{MF=a{DM={",
        "!/1 mg T=1{C=1{MF=a{E=1{a/b{p=\"",
        "!/1 mg T=1{C=1{TP{a,b,",
        "!/1 mg T=1{C=1{MF=a{E=1{a/b{EM{",
        "!/1 mg ER=400{",
    ];
    let runs = [
        "{",
        "}",
        "9",
        " ",
        ";",
        ";\n",
        "\"",
        "a/",
        "\\}",
        "C=1{",
        "T=1{",
        "a,",
        "E=1{a/b{EM{",
    ];
    for head in heads {
        for run in runs {
            let mut octets = head.as_bytes().to_vec();
            octets.extend(run.bytes().cycle().take(MANY));
            assert!(fails(&octets) <= octets.len(), "{head}");
        }
    }
}

#[test]
fn the_default_limits_refuse_a_long_message_unread() {
    let octets = vec![b' '; 100_000];
    let error = decode(&octets, &Limits::default()).expect_err("it is too long");
    assert_eq!(error.span.start, Limits::default().octets);
}
