//! The log, on stderr: written by a thread of its own, so that neither a reader that stalls nor a
//! disk that is full holds up or ends the program.

use std::{
    io::{self, IsTerminal as _},
    sync::mpsc,
    thread,
    time::Duration,
};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};

use crate::{counters, options::LogFilter};

/// Lines that may wait for the reader; what comes when there are more is lost.
const LINES_WAITING: usize = 8_192;

/// How long the end of the program waits for the log.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Keeps the log; see [`start`].
#[derive(Debug)]
pub struct LogGuard(Option<WorkerGuard>);

impl Drop for LogGuard {
    /// Writes what waits. The worker's own guard prints where it cannot, and may then be held up
    /// by the very reader that stalls; the program ends without it.
    fn drop(&mut self) {
        let (done, ended) = mpsc::channel();
        let worker = self.0.take();
        let ending = thread::Builder::new().spawn(move || {
            drop(worker);
            // Nobody may be waiting any more.
            let _ = done.send(());
        });
        if ending.is_ok() {
            let _ = ended.recv_timeout(LAST_WORDS);
        }
    }
}

/// Starts the log. What waits when the guard is dropped is written, for a second at most.
///
/// # Panics
///
/// When called twice.
#[must_use = "the log ends with the guard"]
pub fn start(filter: &LogFilter) -> LogGuard {
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(LINES_WAITING)
        .lossy(true)
        .finish(io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter.filter())
        .with_writer(writer)
        .with_ansi(io::stderr().is_terminal())
        // A line that cannot be written would be told on stderr, where it could not be written.
        .log_internal_errors(false)
        .init();
    LogGuard(Some(guard))
}

/// Tells in one line what was counted, as far as it is not 0.
pub fn counted(link: &transport_h248::Counters, sockets: &counters::Counters) {
    let link = some(link.each());
    let sockets = some(sockets.each());
    tracing::info!(link, sockets, "counted");
}

fn some(counters: impl Iterator<Item = (&'static str, u64)>) -> String {
    let some = counters.filter(|(_, count)| *count != 0);
    let texts: Vec<_> = some
        .map(|(name, count)| format!("{name}={count}"))
        .collect();
    texts.join(" ")
}
