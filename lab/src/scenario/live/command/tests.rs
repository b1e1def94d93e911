use std::{path::Path, time::Instant};

use super::*;

fn call(name: &str) -> HookCall {
    HookCall {
        id: 1,
        name: name.to_owned(),
        words: Vec::new(),
        within: None,
        config: Vec::new(),
    }
}

fn commands(line: &str, limit: u64) -> Commands {
    Commands {
        lines: [("PROMPT".to_owned(), line.to_owned())].into(),
        limit: Duration::from_millis(limit),
        ..Commands::default()
    }
}

#[expect(clippy::disallowed_methods, reason = "tests measure time")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn a_hook_that_did_not_end_twice_is_not_called_again() {
    let hooks = commands("sh -c 'sleep 60'", 100);
    for told in [
        "did not end within 100ms",
        "did not end within 100ms",
        "not called any more",
    ] {
        let outcome = hooks.call(&call("PROMPT_COLD"), &[]).await;
        assert_eq!(outcome.status, None);
        assert!(outcome.told.contains(told), "{told}: {}", outcome.told);
    }
    let other = hooks.call(&call("PROMPT_WARM"), &[]).await;
    assert!(other.told.contains("sh did not end"), "{}", other.told);
}

#[tokio::test]
async fn a_hook_that_ends_in_between_is_called_again() {
    let folder = tempfile::tempdir().unwrap();
    let stone = folder.path().join("stone");
    let line = format!("sh -c 'test -e {} || sleep 60'", stone.display());
    let hooks = commands(&line, 400);
    for _ in 0..3 {
        let late = hooks.call(&call("PROMPT_COLD"), &[]).await;
        assert!(late.told.contains("did not end within"), "{}", late.told);
        std::fs::write(&stone, "").unwrap();
        assert_eq!(hooks.call(&call("PROMPT_COLD"), &[]).await.status, Some(0));
        std::fs::remove_file(&stone).unwrap();
    }
}

#[tokio::test]
async fn what_a_hook_has_said_is_heard_though_a_child_of_it_holds_its_output() {
    let hooks = commands("sh -c 'echo NAME=7; echo why >&2; sleep 3 & exit 4'", 2_000);
    let outcome = hooks.call(&call("PROMPT_COLD"), &[]).await;
    assert_eq!(outcome.status, Some(4));
    assert_eq!(outcome.names, [("NAME".to_owned(), "7".to_owned())]);
    assert_eq!(outcome.told, "why");
}

#[tokio::test]
async fn endless_output_ends_the_hook_with_a_reason() {
    for (line, stream) in [("yes", "stdout"), ("sh -c 'yes >&2'", "stderr")] {
        let began = now();
        let outcome = commands(line, 30_000).call(&call("PROMPT_COLD"), &[]).await;
        let told = format!("more than 65536 octets on {stream}");
        assert!(outcome.told.contains(&told), "{}", outcome.told);
        assert!(began.elapsed() < Duration::from_secs(20));
    }
}

#[tokio::test]
async fn what_the_tool_reads_of_a_hook_has_to_be_what_it_is_for() {
    let cases = [
        (
            "IUT_ADDR=rubbish",
            "line 2 of its output: IUT_ADDR: expected IP:PORT with a port from 1 to 65535; found rubbish",
        ),
        (
            "IUT_BINARY=127.0.0.1",
            "IUT_BINARY: expected IP:PORT with a port from 1 to 65535; found 127.0.0.1",
        ),
        (
            "IUT_ADDR=127.0.0.1:0",
            "IUT_ADDR: expected IP:PORT with a port from 1 to 65535; found 127.0.0.1:0",
        ),
        (
            "IUT_PID=x",
            "IUT_PID: expected the number of a process; found x",
        ),
        (
            "IUT_PORT=70000",
            "IUT_PORT: expected a port, 0 to 65535; found 70000",
        ),
    ];
    for (said, told) in cases {
        let hooks = commands(&format!("sh -c 'echo A=1; echo {said}'"), 30_000);
        let outcome = hooks.call(&call("PROMPT_COLD"), &[]).await;
        assert_eq!(outcome.status, None, "{said}");
        assert!(outcome.told.contains(told), "{}", outcome.told);
    }
    let hooks = commands("sh -c 'echo IUT_ADDR=[::1]:9; echo no name=1'", 30_000);
    let outcome = hooks.call(&call("PROMPT_COLD"), &[]).await;
    assert_eq!(
        outcome.names,
        [("IUT_ADDR".to_owned(), "[::1]:9".to_owned())]
    );
}

#[tokio::test]
async fn a_hook_that_was_killed_says_so() {
    let outcome = commands("sh -c 'kill -9 $$'", 30_000)
        .call(&call("PROMPT_COLD"), &[])
        .await;
    assert_eq!(
        (outcome.status, &*outcome.told),
        (None, "sh was ended by signal 9")
    );
}

#[tokio::test]
async fn whoever_stops_waiting_ends_all_that_the_hook_has_started() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let line = format!("sh -c 'sleep 60 & echo $! > {}; wait'", pid.display());
    let waiting = commands(&line, 30_000).call(&call("PROMPT_COLD"), &[]);
    let _no_time_to_end = time(Duration::from_secs(10), &pid, waiting).await;
    let child = std::fs::read_to_string(&pid).unwrap();
    let proc = Path::new("/proc").join(child.trim()).join("stat");
    for _ in 0..100 {
        let stat = std::fs::read_to_string(&proc).unwrap_or_default();
        if stat.is_empty() || stat.contains(") Z ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{child} still runs");
}

/// Waits until the file is written, and then no longer.
async fn time(limit: Duration, file: &Path, waiting: impl Future<Output = HookOutcome>) {
    let written = async {
        while std::fs::read_to_string(file)
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        _ = waiting => panic!("it ended"),
        done = tokio::time::timeout(limit, written) => done.unwrap(),
    }
}
