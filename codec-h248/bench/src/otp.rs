//! The codec of Erlang/OTP in a process of its own, driven line by line.

use std::{
    fmt::Write as _,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use codec_bench::{messages::Form, ours::Work};

/// The script that drives it.
const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/otp.escript");

/// An encoding as it has them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Compact,
    Pretty,
    /// BER with the names of Terminations and package items made of their ids, as ours.
    Ber,
    /// BER alone: ids stay as they are.
    Native,
}

impl Kind {
    /// What is measured beside a form of ours; the first does the same work as ours.
    pub(crate) fn beside(form: Form) -> &'static [Self] {
        match form {
            Form::Compact => &[Self::Compact],
            Form::Pretty => &[Self::Pretty],
            Form::Binary => &[Self::Ber, Self::Native],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Pretty => "pretty",
            Self::Ber => "ber",
            Self::Native => "native",
        }
    }
}

/// The running process.
pub(crate) struct Otp {
    /// Its own word on its versions.
    pub(crate) version: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Otp {
    /// Starts it.
    pub(crate) fn start() -> io::Result<Self> {
        let mut command = Command::new("escript");
        command
            .arg(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| missing(&error.to_string()))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a piped child has both ends"));
        };
        let mut otp = Self {
            version: String::new(),
            child,
            input,
            output: BufReader::new(output),
        };
        otp.version = otp.line().map_err(|error| missing(&error.to_string()))?;
        Ok(otp)
    }

    /// Whether it decodes this message and writes it again.
    pub(crate) fn takes(&mut self, kind: Kind, version: u8, octets: &[u8]) -> io::Result<bool> {
        self.offer("try", kind, version, octets)
    }

    /// Gives it a message to be measured on.
    pub(crate) fn keep(&mut self, kind: Kind, version: u8, octets: &[u8]) -> io::Result<()> {
        self.offer("keep", kind, version, octets).map(drop)
    }

    fn offer(&mut self, how: &str, kind: Kind, version: u8, octets: &[u8]) -> io::Result<bool> {
        let mut line = format!("{how} {} {version} ", kind.name());
        for octet in octets {
            // Writing to a String cannot fail.
            let _ = write!(line, "{octet:02x}");
        }
        Ok(self.ask(&line)? == "taken")
    }

    /// Nanoseconds of so many passes over the messages that it keeps.
    pub(crate) fn time(&mut self, kind: Kind, work: Work, passes: u32) -> io::Result<f64> {
        let line = self.ask(&format!("{} {} {passes}", work.name(), kind.name()))?;
        let error = || io::Error::other(format!("OTP: expected nanoseconds, found {line:?}"));
        line.parse().map_err(|_| error())
    }

    fn ask(&mut self, line: &str) -> io::Result<String> {
        writeln!(self.input, "{line}")?;
        self.input.flush()?;
        self.line()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other("OTP: the process has ended"));
        }
        Ok(line.trim_end().to_owned())
    }
}

fn missing(reason: &str) -> io::Error {
    io::Error::other(format!(
        "Erlang/OTP with megaco is missing ({reason}); `scripts/setup.sh test` installs it"
    ))
}

impl Drop for Otp {
    fn drop(&mut self) {
        // It holds nothing that is worth an orderly end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
