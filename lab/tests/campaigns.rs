//! `h248 conform` where something is wrong, with the command line, a file or a hook; what hooks of `h248 run` leave behind.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

fn h248(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_h248"));
    command.args(arguments).stdin(Stdio::null());
    command
}

fn output(arguments: &[&str]) -> Output {
    h248(arguments).output().expect("h248 starts")
}

#[test]
fn no_usage_error_of_a_campaign_looks_like_a_verdict() {
    let cases: [(&[&str], &str); 7] = [
        (&["conform", "--rolle", "mg"], "--rolle"),
        (&["conform"], "--role"),
        (
            &["conform", "--role", "mg", "--target", "127.0.0.1:0"],
            "expected IP:PORT with a port from 1 to 65535, found 127.0.0.1:0",
        ),
        (
            &["run", "x.txt", "--to", "127.0.0.1:0"],
            "found 127.0.0.1:0",
        ),
        (
            &["conform", "--role", "mg", "--skip", "nonsense"],
            "--skip: expected a tag of the catalogue (destructive, media, prompt, slow, tcp, udp); found \"nonsense\"",
        ),
        (
            &["conform", "--role", "mg", "--only", "AD,nonsense"],
            "found \"nonsense\"",
        ),
        (
            &["conform", "--role", "mg", "--catalogue", "nofolder"],
            "nofolder: No such file or directory",
        ),
    ];
    for (arguments, told) in cases {
        let output = output(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}: {errors}");
        assert!(errors.contains(told), "{arguments:?}: {errors}");
    }
    assert_eq!(output(&["conform", "--help"]).status.code(), Some(0));
}

#[test]
fn a_file_without_end_is_told_by_its_bound() {
    let cases: [(&[&str], i32); 5] = [
        (&["conform", "--role", "mg", "--pics"], 3),
        (&["conform", "--role", "mg", "--pixit"], 3),
        (&["conform", "--role", "mg", "--known"], 3),
        (&["run"], 3),
        (&["leg", "add", "--api", "127.0.0.1:1", "call_1"], 1),
    ];
    for (arguments, code) in cases {
        let output = output(&[arguments, &["/dev/zero"]].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        let told = "h248: /dev/zero: more than 4194304 octets";
        assert!(errors.starts_with(told), "{arguments:?}: {errors}");
    }
}

#[test]
fn a_wrong_value_of_a_pixit_is_told_before_anything_is_played() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("px.toml");
    fs::write(&path, "[parameters]\nPX_FRESH = \"x\"\n").unwrap();
    let path = path.display().to_string();
    let output = output(&["conform", "--role", "mg", "--pixit", &path]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    let told = "px.toml: PX_FRESH: expected true or false; found x";
    assert!(errors.contains(told), "{errors}");
}

#[test]
fn a_list_of_known_failures_names_purposes_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.txt");
    let file = path.display().to_string();
    let list = |lines: &str| {
        fs::write(&path, lines).unwrap();
        output(&["conform", "--role", "mg", "--list", "--known", &file])
    };
    let good = "TP_MG_AD_BV_01: x\nTP_MG_AD_BV_02 binary: x\nTP_MGC_AD_BV_01: x\n";
    assert_eq!(list(good).status.code(), Some(0));
    for stranger in [
        "TP_MG_AD_BV_9999",
        "TP_MGC_AD_BV_9999",
        "AD_BV_01",
        "rubbish",
    ] {
        let output = list(&format!("{good}{stranger}: x\n"));
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{stranger}: {errors}");
        let told = format!("h248: {file}: expected a purpose of the catalogue; found {stranger}\n");
        assert_eq!(errors, told);
    }
}

/// Waits for its end, which must not take long.
fn ends(child: &mut Child) -> Option<i32> {
    for _ in 0..200 {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code();
        }
        pause();
    }
    let _it_ended_just_now = child.kill();
    panic!("it does not end");
}

#[expect(clippy::disallowed_methods, reason = "programs take their time")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

fn pid_in(file: &Path) -> Option<i32> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// Waits until a hook has said which process it has started.
fn has_begun(pid: &Path) {
    while pid_in(pid).is_none() {
        pause();
    }
}

fn has_ended(pid: &Path) -> bool {
    let pid = pid_in(pid).expect("the hook has said it");
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.is_empty() || stat.contains(") Z ")
}

fn tell(child: &Child, signal: Signal) {
    let own = Pid::from_raw(child.id().cast_signed()).expect("it has a number");
    kill_process(own, signal).expect("it is there");
}

#[test]
fn a_campaign_whose_hook_hangs_ends_at_once_when_it_is_told_to() {
    for (signal, told) in [(Signal::INT, "interrupted"), (Signal::TERM, "terminated")] {
        let folder = tempfile::tempdir().unwrap();
        let (out, pid) = (folder.path().join("out"), folder.path().join("pid"));
        let hook = format!(
            "PROMPT_COLD=sh -c 'sleep 99 & echo $! > {}; wait'",
            pid.display()
        );
        let mut child = h248(&["conform", "--role", "mg", "--only", "AD_BV_01,AD_BV_02"])
            .args(["--set", &hook, "--set", "PROMPT=", "--out"])
            .arg(&out)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        has_begun(&pid);
        tell(&child, signal);
        assert_eq!(ends(&mut child), Some(3));
        let results = fs::read_to_string(out.join("results.jsonl")).unwrap();
        let told = format!("\"interrupted\":\"{told}\"");
        assert!(results.lines().next().unwrap().contains(&told), "{results}");
        assert_eq!(
            results.matches("the campaign was interrupted").count(),
            2,
            "{results}"
        );
        let page = fs::read_to_string(out.join("report.html")).unwrap();
        assert!(page.contains("before its end"));
        for file in ["pctr.html", "junit.xml", "pics.toml", "pixit.toml"] {
            assert!(out.join(file).is_file(), "{file}");
        }
        assert!(has_ended(&pid));
    }
}

/// A hook that starts what waits, and says where that is, and may say which process it is.
fn starting(pid: &Path, says: &str) -> String {
    let waits = "sleep 97 > /dev/null 2>&1 &";
    format!(
        "PROMPT_COLD=sh -c '{waits} echo IUT_ADDR=127.0.0.1:9; {says} echo $! > {}'",
        pid.display()
    )
}

/// Starts a campaign of one row whose hook starts what waits, and waits for that.
fn campaign(hooks: [&str; 2], out: &Path, pid: &Path) -> Child {
    let child = h248(&["conform", "--role", "mg", "--only", "AD_BV_01"])
        .args(["--set", hooks[0], "--set", hooks[1], "--set", "PROMPT="])
        .args(["--set", "PX_T_REGISTER=2s", "--out"])
        .arg(out)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("h248 starts");
    has_begun(pid);
    child
}

#[test]
fn what_hooks_have_started_ends_with_the_campaign_however_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (out, pid) = (folder.path().join("out"), folder.path().join("pid"));
    for says in ["", "echo IUT_PID=$!;"] {
        let cold = starting(&pid, says);
        // Whoever is told twice does not wait for the hook that hangs.
        let mut child = campaign([&cold, "PROMPT_SHUTDOWN=sleep 96"], &out, &pid);
        for _ in 0..2 {
            assert!(!has_ended(&pid));
            tell(&child, Signal::INT);
            (0..4).for_each(|_| pause());
        }
        assert_eq!(ends(&mut child), Some(3));
        assert!(has_ended(&pid), "{says:?}");
        fs::remove_file(&pid).unwrap();
        // Nobody knows any more what was started there.
        let mut child = campaign([&cold, "PROMPT_SHUTDOWN=true"], &out, &pid);
        fs::remove_dir_all(&out).unwrap();
        assert!(ends(&mut child).is_some());
        assert!(has_ended(&pid), "{says:?}");
        fs::remove_file(&pid).unwrap();
    }
}

#[test]
fn what_hooks_have_started_ends_with_a_scenario_however_that_ends() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, pid) = (folder.path().join("x.txt"), folder.path().join("pid"));
    for (rest, signal, code) in [("", None, 0), ("wait 60s\n", Some(Signal::INT), 3)] {
        fs::write(&scenario, format!("given: none\nrestart\n{rest}")).unwrap();
        let mut child = h248(&["run", "--hook", &starting(&pid, "")])
            .arg(&scenario)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        has_begun(&pid);
        if let Some(signal) = signal {
            tell(&child, signal);
        }
        assert_eq!(ends(&mut child), Some(code), "{rest:?}");
        assert!(has_ended(&pid), "{rest:?}");
        fs::remove_file(&pid).unwrap();
    }
}

#[test]
fn hooks_that_hang_cost_their_time_twice_and_not_for_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let mut child = h248(&["conform", "--role", "mg", "--only", "AD_BV"])
        .args(["--set", "PROMPT_COLD=sleep 99", "--set", "PROMPT="])
        .args(["--set", "PX_T_HOOK=500ms", "--out"])
        .arg(&out)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(ends(&mut child), Some(2));
    let results = fs::read_to_string(out.join("results.jsonl")).unwrap();
    let rows = results.matches("\"verdict\":\"inconc\"").count();
    assert_eq!(results.matches("sleep did not end within 500ms").count(), 2);
    let rest = results.matches("is not called any more").count();
    assert!(rows > 10 && rest == rows - 2, "{rest} of {rows}");
}
