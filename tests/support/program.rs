//! A program that runs beside a test, and what it says.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a thread waits for the lines of each program"
)]

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Lines, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// So long may a line take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A program that ends with its owner, and its lines.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: mpsc::Receiver<String>,
    /// The lines that were taken so far.
    said: Vec<String>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send_on(lines: Lines<BufReader<ChildStdout>>, to: &mpsc::Sender<String>) {
    for line in lines.map_while(Result::ok) {
        if to.send(line).is_err() {
            return;
        }
    }
}

impl Program {
    /// Starts one of our programs.
    ///
    /// # Panics
    ///
    /// Where it is not built or does not start.
    pub fn start(name: &str, arguments: &[&str]) -> Self {
        Self::of(Command::new(crate::programs().join(name)).args(arguments))
    }

    /// Starts one of our programs; its stderr goes to a file.
    ///
    /// # Panics
    ///
    /// Where it is not built or does not start, or the file cannot be written.
    pub fn logged(name: &str, arguments: &[&str], log: &Path) -> Self {
        let log = File::create(log).expect("the log can be written");
        let mut command = Command::new(crate::programs().join(name));
        Self::with(command.args(arguments), log.into())
    }

    /// Starts a program; its stderr is not looked at.
    ///
    /// # Panics
    ///
    /// Where it does not start.
    pub fn of(command: &mut Command) -> Self {
        Self::with(command, Stdio::null())
    }

    fn with(command: &mut Command, stderr: Stdio) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let child = command.stderr(stderr).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = child.stdout.take().expect("it is a pipe");
        let (to, lines) = mpsc::channel();
        thread::spawn(move || send_on(BufReader::new(output).lines(), &to));
        Self {
            child,
            lines,
            said: Vec::new(),
        }
    }

    /// Waits for the line that begins so, and returns the rest of it.
    ///
    /// # Panics
    ///
    /// Where it does not come within [`PATIENCE`]; with all lines that came instead.
    pub fn wait(&mut self, beginning: &str) -> String {
        self.wait_for(beginning, PATIENCE)
    }

    /// The same with another patience.
    ///
    /// # Panics
    ///
    /// Where it does not come in time; with all lines that came instead.
    pub fn wait_for(&mut self, beginning: &str, patience: Duration) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(patience) else {
                panic!("no line `{beginning}…` after:\n{}", self.said.join("\n"));
            };
            self.said.push(line);
            let line = &self.said[self.said.len() - 1];
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// Waits for a line that has this in it.
    ///
    /// # Panics
    ///
    /// Where it does not come within [`PATIENCE`]; with all lines that came instead.
    pub fn wait_until(&mut self, words: &str) {
        while !self.said.last().is_some_and(|line| line.contains(words)) {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("no line with `{words}` after:\n{}", self.said.join("\n"));
            };
            self.said.push(line);
        }
    }

    /// Gives it an empty line.
    ///
    /// # Panics
    ///
    /// Where it takes none any more.
    pub fn nudge(&mut self) {
        self.tell("");
    }

    /// Gives it a line.
    ///
    /// # Panics
    ///
    /// Where it takes none any more.
    pub fn tell(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().expect("it is a pipe");
        writeln!(input, "{line}").expect("it reads");
    }

    /// All lines that were waited for, and those before them.
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to read its files again.
    ///
    /// # Panics
    ///
    /// Where it cannot be asked.
    pub fn hang_up(&self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-HUP", &pid]).status();
        assert!(asked.is_ok_and(|status| status.success()), "kill -HUP");
    }

    /// Kills it as `kill -9` does: it can say and save nothing.
    ///
    /// # Panics
    ///
    /// Where it has ended by itself.
    pub fn kill(mut self) {
        assert!(self.is_alive(), "it has ended already");
        drop(self);
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    ///
    /// Where it cannot be asked.
    pub fn interrupt(&mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-INT", &pid]).status();
        assert!(asked.is_ok_and(|status| status.success()), "kill -INT");
        let _ = self.child.wait();
    }
}

/// The port of an address.
///
/// # Panics
///
/// Never: what has no colon is a port.
pub fn port(address: &str) -> &str {
    address.rsplit(':').next().unwrap_or(address)
}
