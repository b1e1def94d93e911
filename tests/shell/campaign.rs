//! Conformance campaigns against the programs: a quick selection passes, and what is wrong is told by the
//! verdict, the folder and the exit code.

use std::{
    fs,
    net::UdpSocket,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use h248_tests::{program::Program, programs, scratch};
use serde_json::Value;

use super::alone;

/// Runs a campaign; its folder is its own.
fn conform(name: &str, arguments: &[&str]) -> (Output, PathBuf) {
    let folder = scratch(&format!("campaign-{name}")).join("out");
    let output = Command::new(programs().join("h248"))
        .arg("conform")
        .args(arguments)
        .args(["--seed", "1", "--out"])
        .arg(&folder)
        .env("H248_BIN", programs())
        .output()
        .unwrap();
    (output, folder)
}

/// The campaign's line of results, and the purposes'.
fn results(folder: &Path) -> (Value, Vec<Value>) {
    let text = fs::read_to_string(folder.join("results.jsonl")).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.next().unwrap(), lines.collect())
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The catalogue in a folder, with one text of a file of it replaced.
fn changed(name: &str, file: &str, from: &str, to: &str) -> String {
    let folder = scratch(&format!("campaign-{name}-catalogue"));
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lab/conformance");
    for part in ["", "common", "mg"] {
        fs::create_dir_all(folder.join(part)).unwrap();
        for entry in fs::read_dir(own.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::copy(&path, folder.join(part).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let text = fs::read_to_string(folder.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(folder.join(file), text.replacen(from, to, 1)).unwrap();
    folder.display().to_string()
}

#[test]
fn our_gateway_passes_a_quick_selection() {
    let _alone = alone();
    let only = "AD_BV,MD_BV_05,SU_BV,MO_BI,AV_BV_01,AV_BV_12,SC_BV_05";
    let (output, folder) = conform("mg", &["--role", "mg", "--only", only, "--jobs", "2"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    let (campaign, purposes) = results(&folder);
    assert!(campaign["counts"]["pass"].as_u64() > Some(30), "{campaign}");
    for purpose in purposes {
        let played = purpose["verdict"] != "not-selected" && purpose["verdict"] != "skipped";
        let capture = purpose["capture"].as_str();
        assert!(
            !played || folder.join(capture.unwrap()).is_file(),
            "{purpose}"
        );
    }
    for file in [
        "report.html",
        "pctr.html",
        "junit.xml",
        "pics.toml",
        "pixit.toml",
    ] {
        assert!(folder.join(file).is_file(), "{file}");
    }
}

#[test]
fn our_controller_passes_a_quick_selection() {
    let _alone = alone();
    let only = "SC_BV_01,AD_BV_01,AD_BV_03";
    let (output, _) = conform("mgc", &["--role", "mgc", "--only", only]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn what_is_not_as_expected_fails_with_step_and_messages() {
    let _alone = alone();
    let wrong = changed(
        "wrong",
        "mg/AD.txt",
        "between c 1 4294967293",
        "between c 1 0",
    );
    let only = ["--role", "mg", "--catalogue", &wrong, "--only", "AD_BV_01"];
    let (output, folder) = conform("wrong", &only);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    let (_, purposes) = results(&folder);
    assert_eq!(purposes[0]["verdict"], "fail");
    assert_eq!(purposes[0]["step"]["text"], "between c 1 0");
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("data-word=\"fail\""));
    let junit = fs::read_to_string(folder.join("junit.xml")).unwrap();
    assert!(junit.contains("failures=\"1\""), "{junit}");
}

#[test]
fn what_cannot_be_judged_is_not_green_and_what_cannot_be_run_is_an_error() {
    let _alone = alone();
    let broken = [
        "--role",
        "mg",
        "--only",
        "AD_BV_01",
        "--set",
        "PROMPT=false",
    ];
    let (output, folder) = conform("inconc", &broken);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert_eq!(results(&folder).1[0]["verdict"], "inconc");
    let silent = changed(
        "verb",
        "mg/AD.txt",
        "between c 1 4294967293",
        "betwixt c 1 2",
    );
    let only = ["--role", "mg", "--catalogue", &silent, "--only", "AD_BV_01"];
    let (output, _) = conform("error", &only);
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let (output, _) = conform("nobody", &["--role", "mg", "--only", "XX"]);
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
}

/// The purposes' ids, verdicts and records.
fn verdicts(folder: &Path) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (_, purposes) = results(folder);
    let rows = purposes.iter();
    rows.map(|row| {
        (
            text(&row["id"]),
            text(&row["verdict"]),
            row["records"].to_string(),
        )
    })
    .collect()
}

#[test]
fn a_gateway_that_no_hook_restarts_is_brought_back_behind_each_row() {
    let _alone = alone();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let tester = socket.local_addr().unwrap().to_string();
    drop(socket);
    let pixit = scratch("campaign-foreign-pixit").join("pixit.toml");
    let only = "AD_BV_01,AD_BV_03,AD_BI_01,AV_BV_12,SC_BV_01";
    let play = |name: &str, more: &str| {
        let _gateway = Program::start(
            "mg",
            &["--mgc", &tester, "--h248", "127.0.0.1:0", "--mwd", "0.1"],
        );
        let text = format!("[parameters]\nPX_TESTER_ADDR = \"{tester}\"\n{more}");
        fs::write(&pixit, text).unwrap();
        let pixit = pixit.display().to_string();
        let (output, folder) = conform(name, &["--role", "mg", "--pixit", &pixit, "--only", only]);
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        verdicts(&folder)
    };
    for destructive in ["", "PX_DESTRUCTIVE = true\n"] {
        let rows = play("foreign", destructive);
        assert_eq!(rows.len(), 5);
        for (id, verdict, records) in rows {
            // Nothing makes it register a second time.
            let expected = if id.ends_with("SC_BV_01") {
                "inconc"
            } else {
                "pass"
            };
            assert_eq!((&*verdict, &*records), (expected, "null"), "{id}");
        }
    }
    let rows = play("left", "PX_PHYS_GROUP = \"nosuch/*\"\n");
    let (_, verdict, records) = &rows[0];
    assert_eq!(verdict, "pass");
    assert!(records.contains("postamble: "), "{records}");
}

#[test]
fn a_process_that_dies_is_an_error_of_its_row_alone() {
    let _alone = alone();
    let dies = changed(
        "dies",
        "mg/AD.txt",
        "between c 1 4294967293",
        "sees killed\nbetween c 1 4294967293",
    );
    let kill = scratch("campaign-dies-hook").join("kill.sh");
    let pid = "grep -o '\"pid\":[0-9]*' \"$H248_STATE/mg\" | cut -d: -f2";
    fs::write(&kill, format!("kill -9 $({pid})\n")).unwrap();
    let kill = format!("NORTH=sh {}", kill.display());
    let only = [
        "--role",
        "mg",
        "--catalogue",
        &dies,
        "--only",
        "AD_BV_01,AD_BV_03",
    ];
    let arguments = [&only[..], &["--set", &kill]].concat();
    let (output, folder) = conform("dies", &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", told(&output));
    let rows = verdicts(&folder);
    assert_eq!((&*rows[0].1, &*rows[1].1), ("error", "pass"));
    let reason = results(&folder).1[0]["reason"].to_string();
    assert!(
        reason.contains("the process under test has ended"),
        "{reason}"
    );
}
