//! A gateway that is killed while OTP has Contexts on it, and comes back (H.248.1 11.4, 7.2.8).

use std::fs;

use h248_tests::{
    program::{Program, port},
    scratch,
};

use super::{Row, each, otp};

/// A line, and a trunk group of two channels of which one is out of service. Binary has names of eight
/// octets here.
const LINES: &str = "
[[line]]
name = \"line/1\"

[[trunk]]
name = \"t/1\"
channels = \"1-2\"

[[trunk.channel]]
number = 2
service = { out = { reason = 906 } }
";

fn gateway(row: Row, mgc: &str, h248: &str) -> Program {
    let lines = scratch(&format!("killed-{row}").replace(' ', "-")).join("lines.toml");
    fs::write(&lines, LINES).unwrap();
    let mgc = format!("{}:{mgc}", row.carrier);
    let lines = lines.to_str().unwrap();
    let arguments = [
        ["--mgc", &mgc],
        ["--h248", h248],
        ["--encoding", row.encoding],
        ["--h248-version", row.version],
        ["--mwd", "0"],
        ["--lines", lines],
    ];
    Program::start("mg", &arguments.concat())
}

/// What OTP has said, from the last line that begins so on.
fn said<'a>(otp: &'a Program, from: &str) -> Vec<&'a str> {
    let all: Vec<&str> = otp.said().iter().map(String::as_str).collect();
    let begin = all.iter().rposition(|line| line.starts_with(from)).unwrap();
    all[begin..].to_vec()
}

/// Each Termination where it was asked for, by what was asked.
const BEFORE: [&str; 7] = [
    "Context=${Add=t/1/1{Media{LocalControl{Mode=SendReceive}}},Add=$}: context 1 t/1/1 rtp/1",
    "Context=${Add=line/1,Add=$}: context 2 line/1 rtp/2",
    "Context=1{AuditValue=*{Audit{}}}: context 1 t/1/1 rtp/1",
    "Context=2{AuditValue=*{Audit{}}}: context 2 line/1 rtp/2",
    "Context=*{AuditValue=*{Audit{}}}: context 1 t/1/1 rtp/1; context 2 line/1 rtp/2",
    "Context=*{AuditValue=rtp/1{Audit{}}}: context 1 rtp/1",
    "Context=-{AuditValue=*{Audit{}}}: context - t/1/2",
];
const AFTER: [&str; 7] = [
    "Context=1{AuditValue=*{Audit{}}}: context 1  error 411",
    "Context=2{AuditValue=*{Audit{}}}: context 2  error 411",
    "Context=*{AuditValue=*{Audit{}}}: context * * error 431",
    "Context=*{AuditValue=rtp/1{Audit{}}}: context * rtp/1 error 430",
    "Context=-{AuditValue=*{Audit{}}}: context - line/1 t/1/1 t/1/2",
    "Context=-{AuditValue=t/1/1{Audit{Media}}}: context - t/1/1 mode inactive",
    "Context=${Add=t/1/1,Add=$}: context 1 t/1/1 rtp/1",
];

fn check(otp: &Program, expected: &[&str], end: &str) -> String {
    let found = said(otp, "otp: told root restart");
    let lines = [
        "told root restart \"901 Cold Boot\"",
        "told t/1/2 forced \"906 Loss of lower layer connectivity\"",
    ];
    let expected = lines.iter().chain(expected).chain([&end]);
    let expected: Vec<String> = expected.map(|line| format!("otp: {line}")).collect();
    let found: Vec<String> = found
        .iter()
        .filter(|line| !line.starts_with("otp: refuses with 406"))
        .map(|line| line.replace("told ROOT", "told root"))
        .collect();
    assert_eq!(found, expected);
    expected
        .iter()
        .map(|line| format!("\n    {line}"))
        .collect()
}

fn run(row: Row) -> String {
    let mut otp = otp("otp_killed", row, &[]);
    let mgc = otp.wait("otp: listening ");
    let mut mg = gateway(row, &mgc, "127.0.0.1:0");
    let place = mg.wait("mg: h248 ");
    mg.wait("mg: registered with ");
    otp.wait("otp: contexts stand");
    let before = check(&otp, &BEFORE, "contexts stand");
    let killed = mg.id();
    mg.kill();
    let mut mg = gateway(row, &mgc, &format!("127.0.0.1:{}", port(&place)));
    mg.wait("mg: registered with ");
    otp.wait("otp: done");
    let after = check(&otp, &AFTER, "done");
    format!("{before}\n    kill -9 {killed}{after}")
}

#[test]
fn a_killed_gateway_comes_back_without_contexts_and_with_its_physical_terminations() {
    each("Killed under OTP", run);
}
