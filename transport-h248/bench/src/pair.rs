//! Two processes, measured from outside.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::row::Row;

/// Processor time is counted in these (clock ticks of Linux).
const TICK: Duration = Duration::from_millis(10);

/// A gateway that runs, and how its controller is started.
pub(crate) struct Pair {
    gateway: Process,
    place: String,
    controller: Command,
    batch: Option<usize>,
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// Transactions in a second of wall time.
    pub(crate) per_second: f64,
    /// Transactions in a second of the controller's processor time.
    pub(crate) per_cpu_second: f64,
}

struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Pair {
    /// Starts the gateway.
    pub(crate) fn start(
        mut gateway: Command,
        controller: Command,
        batch: Option<usize>,
    ) -> io::Result<Self> {
        let mut gateway = Process::start(&mut gateway)?;
        let place = gateway.wait("at ")?;
        Ok(Self {
            gateway,
            place,
            controller,
            batch,
        })
    }

    /// Starts the controller and measures.
    pub(crate) fn measure(mut self, row: Row, seconds: u32) -> io::Result<Measured> {
        let command = &mut self.controller;
        command.args([
            &self.place,
            &row.in_flight.to_string(),
            &seconds.to_string(),
        ]);
        command.args(self.batch.map(|batch| batch.to_string()));
        let mut controller = Process::start(command)?;
        controller.wait("begin")?;
        let before = controller.cpu()?;
        controller.go()?;
        let told = controller.wait("end ")?;
        let cpu = controller.cpu()? - before;
        let odd = || io::Error::other(format!("expected `end COUNT NANOSECONDS`, found {told}"));
        let (count, took) = told.split_once(' ').ok_or_else(odd)?;
        let count: f64 = count.parse().map_err(|_| odd())?;
        let took: f64 = took.parse().map_err(|_| odd())?;
        drop(self.gateway.input.take());
        Ok(Measured {
            per_second: count / (took / 1e9),
            per_cpu_second: count / cpu.as_secs_f64(),
        })
    }
}

impl Process {
    fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take();
        let output = child.stdout.take().map(BufReader::new);
        let output = output.ok_or_else(|| io::Error::other("a piped child has both ends"))?;
        Ok(Self {
            child,
            input,
            output,
        })
    }

    /// Waits for the line that begins so, and returns the rest of it.
    fn wait(&mut self, beginning: &str) -> io::Result<String> {
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line)? == 0 {
                return Err(io::Error::other(format!(
                    "an end stopped before `{beginning}`"
                )));
            }
            if let Some(rest) = line.trim_end().strip_prefix(beginning) {
                return Ok(rest.to_owned());
            }
        }
    }

    fn go(&mut self) -> io::Result<()> {
        let none = || io::Error::other("its input is closed");
        writeln!(self.input.as_mut().ok_or_else(none)?, "go")
    }

    /// Processor time so far, of all threads, in user and in kernel mode (proc(5), fields 14 and 15).
    fn cpu(&self) -> io::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let odd = || io::Error::other("an odd /proc/PID/stat");
        let (_, fields) = stat.rsplit_once(") ").ok_or_else(odd)?;
        let times = fields.split(' ').skip(11).take(2);
        let ticks = times.map(|ticks| ticks.parse::<u32>().map_err(|_| odd()));
        let ticks: u32 = ticks.sum::<io::Result<u32>>()?;
        Ok(TICK * ticks)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
