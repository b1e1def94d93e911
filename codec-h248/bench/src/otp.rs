//! The third-party codec of Erlang/OTP in a process of its own, driven line by line.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use crate::messages::{Form, Sample};

/// The script that drives it.
const SCRIPT: &str = include_str!("../otp.escript");

/// The running process, and which messages it takes.
pub(crate) struct Otp {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    taken: BTreeSet<String>,
}

impl Otp {
    /// Starts it on these messages, which it reads from a folder of ours.
    pub(crate) fn start(samples: &[Sample]) -> io::Result<Self> {
        let folder = folder_of(samples)?;
        let script = folder.join("otp.escript");
        fs::write(&script, SCRIPT)?;
        let mut child = Command::new("escript")
            .arg(&script)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a piped child has both ends"));
        };
        let mut otp = Self {
            child,
            input,
            output: BufReader::new(output),
            taken: BTreeSet::new(),
        };
        loop {
            let line = otp.line()?;
            match line.strip_prefix("taken ") {
                Some(taken) => otp.taken.insert(taken.to_owned()),
                None => return Ok(otp),
            };
        }
    }

    /// Whether it takes this message in this form.
    pub(crate) fn takes(&self, form: Form, name: &str) -> bool {
        self.taken.contains(&format!("{} {name}", form.name()))
    }

    /// Nanoseconds that its messages of a form take, `rounds` times.
    pub(crate) fn batch(&mut self, what: &str, form: Form, rounds: u32) -> io::Result<f64> {
        writeln!(self.input, "{what} {} {rounds}", form.name())?;
        self.input.flush()?;
        let line = self.line()?;
        line.parse().map_err(|_| io::Error::other(format!("no number: {line:?}")))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(io::Error::other("escript has ended"));
        }
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Otp {
    fn drop(&mut self) {
        // It ends with its input; nobody waits for how.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder_of(samples: &[Sample]) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("codec-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    for sample in samples {
        for form in Form::ALL {
            if let Some(octets) = sample.octets(form) {
                fs::write(folder.join(format!("{}.{}", sample.name, form.name())), octets)?;
            }
        }
    }
    Ok(folder)
}
