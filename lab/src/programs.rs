//! `mgc` and `mg` as child processes.

use std::{
    ffi::OsStr,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, kill_process},
    thread::{CpuSet, sched_setaffinity},
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};
use transport_h248::Carrier;

/// A program says within this time where it listens.
const READY_WITHIN: Duration = Duration::from_secs(10);
/// A program whose output has ended is gone within this time.
const REAPED_WITHIN: Duration = Duration::from_secs(1);
/// A program ends within this time after SIGINT.
const END_WITHIN: Duration = Duration::from_secs(8);

/// Why a program did not start or end as it must.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It cannot be started or spoken to.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// It is not where it was looked for.
    #[error("there is no program {}: build it (make build) or name its folder with --bin-dir", .0.display())]
    Missing(PathBuf),
    /// It ended before it was told to.
    #[error("{name} has ended early: {status} (its log: {log})")]
    Ended {
        /// The program.
        name: String,
        /// How it ended.
        status: ExitStatus,
        /// Where its log is.
        log: String,
    },
    /// It did not say where it listens.
    #[error("{name} did not print `{line} ADDRESS` (its log: {log})")]
    NotReady {
        /// The program.
        name: String,
        /// The start of the line that is missing.
        line: String,
        /// Where its log is.
        log: String,
    },
    /// It did not end cleanly on SIGINT.
    #[error("{0} did not end cleanly on SIGINT: {1}")]
    Unclean(String, String),
}

/// A running program. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    log: PathBuf,
    child: Child,
    output: Option<Lines<BufReader<ChildStdout>>>,
}

impl Program {
    /// Starts it; it writes its log there.
    pub(crate) async fn start(
        name: &'static str,
        bin_dir: &Path,
        log: PathBuf,
        arguments: &[&str],
    ) -> Result<Self, ProgramError> {
        Self::start_within(&[], name, bin_dir, log, arguments).await
    }

    /// Starts it by a command that becomes it, of which these words are the begin.
    pub(crate) async fn start_within(
        within: &[&str],
        name: &'static str,
        bin_dir: &Path,
        log: PathBuf,
        arguments: &[&str],
    ) -> Result<Self, ProgramError> {
        let io = |error| ProgramError::Io(name.to_owned(), error);
        let errors = tokio::fs::File::create(&log).await.map_err(io)?;
        let path = bin_dir.join(name);
        let mut words = within.iter().map(OsStr::new).chain([path.as_os_str()]);
        let mut command = Command::new(words.next().unwrap_or_default());
        let mut child = command
            .args(words)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors.into_std().await)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                if error.kind() == io::ErrorKind::NotFound {
                    ProgramError::Missing(path)
                } else {
                    io(error)
                }
            })?;
        let output = child.stdout.take();
        Ok(Self {
            name,
            log,
            child,
            output: output.map(|output| BufReader::new(output).lines()),
        })
    }

    /// Waits for the line that says where the program listens.
    pub(crate) async fn address(&mut self, listener: &str) -> Result<SocketAddr, ProgramError> {
        let line = format!("{}: {listener} ", self.name);
        let output = &mut self.output;
        let search = async {
            while let Some(text) = output.as_mut()?.next_line().await.ok()? {
                if let Some(address) = text.strip_prefix(&line) {
                    return address.trim().parse().ok();
                }
            }
            None
        };
        if let Some(address) = timeout(READY_WITHIN, search).await.ok().flatten() {
            return Ok(address);
        }
        // Its output ends a moment before itself.
        if let Ok(Ok(status)) = timeout(REAPED_WITHIN, self.child.wait()).await {
            return Err(self.ended(status));
        }
        Err(ProgramError::NotReady {
            name: self.name.to_owned(),
            line: line.trim_end().to_owned(),
            log: self.log.display().to_string(),
        })
    }

    fn ended(&self, status: ExitStatus) -> ProgramError {
        ProgramError::Ended {
            name: self.name.to_owned(),
            status,
            log: self.log.display().to_string(),
        }
    }

    /// An error where it has ended by itself.
    pub(crate) fn still_runs(&mut self) -> Result<(), ProgramError> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(self.ended(status)),
            Err(error) => Err(ProgramError::Io(self.name.to_owned(), error)),
        }
    }

    /// Reads on what it prints, so that it never waits for us.
    pub(crate) fn drain(&mut self) {
        if let Some(mut output) = self.output.take() {
            tokio::spawn(async move { while let Ok(Some(_)) = output.next_line().await {} });
        }
    }

    /// Its number at the system, while it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// The processor time that its threads have had.
    pub(crate) fn cpu_time(&self) -> io::Result<Duration> {
        let pid = self.child.id().ok_or(io::ErrorKind::NotFound)?;
        let mut nanos = 0;
        for task in std::fs::read_dir(format!("/proc/{pid}/task"))? {
            let told = std::fs::read_to_string(task?.path().join("schedstat"))?;
            let first = told.split(' ').next().and_then(|text| text.parse().ok());
            nanos += first.unwrap_or(0_u64);
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Its resident memory in KiB.
    fn memory(&self) -> io::Result<u64> {
        let pid = self.child.id().ok_or(io::ErrorKind::NotFound)?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        number.ok_or_else(|| io::Error::other(format!("no VmRSS in /proc/{pid}/status")))
    }

    /// Ends it as a failure of the machine would: nothing is told, nothing is put away.
    pub(crate) async fn kill(mut self) -> Result<(), ProgramError> {
        self.still_runs()?;
        let killed = self.child.kill().await;
        killed.map_err(|error| ProgramError::Io(self.name.to_owned(), error))
    }

    /// Asks it to end, as Ctrl-C does, and sees that it does so cleanly.
    pub(crate) async fn stop(mut self) -> Result<(), ProgramError> {
        self.still_runs()?;
        let io = |error| ProgramError::Io(self.name.to_owned(), error);
        let unclean = |why: String| ProgramError::Unclean(self.name.to_owned(), why);
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = id.and_then(Pid::from_raw) {
            kill_process(pid, Signal::INT).map_err(|error| io(error.into()))?;
        }
        match timeout(END_WITHIN, self.child.wait()).await {
            Ok(status) => match status.map_err(io)? {
                status if status.success() => Ok(()),
                status => Err(unclean(status.to_string())),
            },
            Err(_) => Err(unclean(format!("still there after {END_WITHIN:?}"))),
        }
    }
}

/// A controller and a gateway on loopback, each on ports of its own choice.
#[derive(Debug)]
pub struct Programs {
    mgc: Program,
    mg: Program,
    /// Where the controller speaks H.248.
    pub h248: SocketAddr,
    /// Where the controller speaks HTTP.
    pub http: SocketAddr,
    /// Where the gateway speaks H.248.
    pub gateway: SocketAddr,
    /// The controller's capture of all H.248 datagrams.
    pub capture: PathBuf,
}

/// Where programs are found and what they leave.
#[derive(Clone, Debug)]
pub struct Places {
    /// The directory of `mgc` and `mg`.
    pub bin_dir: PathBuf,
    /// The directory for captures and logs; it is made where it is missing.
    pub out: PathBuf,
    /// The name of the capture.
    pub capture: &'static str,
    /// What the controller is told beside its addresses.
    pub controller: &'static [&'static str],
    /// What carries H.248 between both.
    pub carrier: Carrier,
}

impl Places {
    /// With the programs beside this one where no directory is named.
    pub fn new(
        bin_dir: Option<PathBuf>,
        out: PathBuf,
        capture: &'static str,
    ) -> Result<Self, ProgramError> {
        let beside = || {
            let own = std::env::current_exe()?;
            own.parent()
                .map(Path::to_owned)
                .ok_or_else(|| io::Error::other("this program is in no directory"))
        };
        let bin_dir = match bin_dir {
            Some(bin_dir) => bin_dir,
            None => beside().map_err(|error| ProgramError::Io("h248".to_owned(), error))?,
        };
        std::fs::create_dir_all(&out)
            .map_err(|error| ProgramError::Io(out.display().to_string(), error))?;
        Ok(Self {
            bin_dir,
            out,
            capture,
            controller: &[],
            carrier: Carrier::Udp,
        })
    }
}

impl Programs {
    /// Starts both; they listen when this returns.
    pub async fn start(places: &Places) -> Result<Self, ProgramError> {
        let capture = places.out.join(places.capture);
        let capture_text = capture.display().to_string();
        let any = "127.0.0.1:0";
        let log = places.out.join("mgc.log");
        let listening = format!("{}:{any}", places.carrier);
        let mut mgc_arguments = vec![
            "--h248",
            &listening,
            "--http",
            any,
            "--capture",
            &capture_text,
        ];
        mgc_arguments.extend(places.controller);
        let mut mgc = Program::start("mgc", &places.bin_dir, log, &mgc_arguments).await?;
        let h248 = mgc.address("h248").await?;
        let http = mgc.address("http").await?;
        let mgc_address = format!("{}:{h248}", places.carrier);
        let mg_arguments = [
            "--mgc",
            &mgc_address,
            "--h248",
            any,
            "--rtp-address",
            "127.0.0.1",
            "--mwd",
            "0",
        ];
        let log = places.out.join("mg.log");
        let mut mg = Program::start("mg", &places.bin_dir, log, &mg_arguments).await?;
        let gateway = mg.address("h248").await?;
        mgc.drain();
        mg.drain();
        Ok(Self {
            mgc,
            mg,
            h248,
            http,
            gateway,
            capture,
        })
    }

    /// An error where one of them has ended by itself.
    pub fn check(&mut self) -> Result<(), ProgramError> {
        self.mgc.still_runs()?;
        self.mg.still_runs()
    }

    /// The processor time that the gateway has had.
    pub fn gateway_time(&self) -> io::Result<Duration> {
        self.mg.cpu_time()
    }

    /// The resident memory of the gateway and of the controller, in KiB.
    pub fn memory(&self) -> io::Result<[u64; 2]> {
        Ok([self.mg.memory()?, self.mgc.memory()?])
    }

    /// Holds the gateway's threads, or lets them go on.
    pub fn hold_gateway(&self, held: bool) -> io::Result<()> {
        let id = self.mg.pid().ok_or(io::ErrorKind::NotFound)?;
        let signal = if held { Signal::STOP } else { Signal::CONT };
        Ok(kill_process(pid(id)?, signal)?)
    }

    /// Has the gateway's threads run on these cores.
    pub fn run_gateway_on(&self, cores: &CpuSet) -> io::Result<()> {
        let id = self.mg.pid().ok_or(io::ErrorKind::NotFound)?;
        for thread in fs::read_dir(format!("/proc/{id}/task"))? {
            let name = thread?.file_name();
            let number = name.to_str().and_then(|name| name.parse().ok());
            match sched_setaffinity(Some(pid(number.unwrap_or(id))?), cores) {
                // It has ended meanwhile.
                Ok(()) | Err(Errno::SRCH) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Ends both as Ctrl-C does, the gateway first; what was not clean is returned.
    pub async fn stop(self) -> Vec<ProgramError> {
        let mg = self.mg.stop().await;
        let mgc = self.mgc.stop().await;
        [mg, mgc].into_iter().filter_map(Result::err).collect()
    }
}

fn pid(id: u32) -> io::Result<Pid> {
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
    pid.ok_or_else(|| io::ErrorKind::NotFound.into())
}

#[cfg(test)]
mod tests {
    use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

    use super::*;

    /// A folder with such a script in the place of `mgc`.
    fn places(name: &str, script: &str) -> Places {
        let out = std::env::temp_dir().join(format!("h248-{name}-{}", std::process::id()));
        let places = Places::new(Some(out.clone()), out, "none.pcapng").unwrap();
        let path = places.bin_dir.join("mgc");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        places
    }

    #[tokio::test]
    async fn a_program_that_ends_early_is_told_with_its_status_and_log() {
        let places = places("early", "#!/bin/sh\nexit 3\n");
        let told = Programs::start(&places).await.unwrap_err().to_string();
        assert!(told.starts_with("mgc has ended early: exit status: 3 (its log: "));
        assert!(told.ends_with("mgc.log)"), "{told}");
        std::fs::remove_dir_all(places.out).unwrap();
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_told_with_its_path() {
        let script = "#!/bin/sh\necho mgc: h248 127.0.0.1:1\necho mgc: http 127.0.0.1:2\nread x\n";
        let places = places("missing", script);
        let told = Programs::start(&places).await.unwrap_err().to_string();
        let path = places.bin_dir.join("mg").display().to_string();
        assert!(
            told.contains(&path) && told.contains("make build"),
            "{told}"
        );
        std::fs::remove_dir_all(places.out).unwrap();
    }
}
