//! Two nodes of Erlang/OTP.

use std::{io, process::Command};

use crate::{exchange, pair::Pair, row::Row};

/// What both nodes run.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/otp.escript");

/// Its own word on its versions.
pub(crate) fn version() -> io::Result<String> {
    let output = Command::new("escript").args([SCRIPT, "version"]).output();
    let output = output
        .map_err(|error| io::Error::other(format!("escript: {error}; `make setup` installs it")))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Starts their two ends.
pub(crate) fn pair(row: Row) -> io::Result<Pair> {
    let node = |role| {
        let mut command = Command::new("escript");
        command.args([SCRIPT, role, &row.manner.to_string()]);
        command
            .env("REQUEST", exchange::REQUEST)
            .env("REPLY", exchange::REPLY);
        command
    };
    Pair::start(node("gateway"), node("controller"), None)
}
