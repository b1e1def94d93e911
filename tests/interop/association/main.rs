//! Our programs under OTP's `megaco`, and OTP's under ours: each carrier, encoding and version.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "this suite is about processes, and a test ends where something is not as it must be"
)]

mod killed;
mod otp_controller;
mod otp_gateway;
mod platform;
mod scenario;

use std::{
    fmt,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    thread,
};

use h248_tests::{program::Program, scratch};

/// How two sides speak.
#[derive(Clone, Copy)]
struct Row {
    encoding: &'static str,
    carrier: &'static str,
    version: &'static str,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            encoding,
            carrier,
            version,
        } = self;
        write!(f, "{encoding} {carrier} version {version}")
    }
}

/// All rows at once. What each row says is evidence, and is shown however the test ends.
fn each(title: &str, run: impl Fn(Row) -> String + Sync) {
    thread::scope(|scope| {
        for encoding in ["text", "binary"] {
            for carrier in ["udp", "tcp"] {
                for version in ["1", "2", "3"] {
                    let row = Row {
                        encoding,
                        carrier,
                        version,
                    };
                    let run = &run;
                    scope.spawn(move || {
                        let exchanged = run(row);
                        let line = format!("{title}, {row}: {exchanged}\n");
                        std::io::stdout().write_all(line.as_bytes()).unwrap();
                    });
                }
            }
        }
    });
}

/// Starts one of the Erlang programs.
fn otp(program: &str, row: Row, more: &[&str]) -> Program {
    let Row {
        encoding,
        carrier,
        version,
    } = row;
    let mut command = Command::new("erl");
    command.args(["-noshell", "-pa"]).arg(compiled());
    command.args(["-run", program, "main", encoding, carrier, version]);
    Program::of(command.args(more))
}

/// The folder of the compiled Erlang programs.
fn compiled() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = scratch("otp-association");
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/erlang");
        let mut command = Command::new("erlc");
        command.args(["-Wall", "-Werror", "-o"]).arg(&folder);
        for name in [
            "otp_names",
            "otp_link",
            "otp_mgc",
            "otp_mg",
            "otp_gateway",
            "otp_killed",
            "otp_scenario",
        ] {
            command.arg(sources.join(name).with_extension("erl"));
        }
        let output = command.output().expect("erlc is installed by `make test`");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{said}");
        folder
    })
}

/// What an Erlang program has said, in one line.
fn exchanged(otp: &Program) -> String {
    let lines = otp.said().iter();
    lines
        .filter_map(|line| Some(format!("{}; ", line.strip_prefix("otp: ")?)))
        .collect()
}
