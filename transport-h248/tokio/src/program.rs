//! How both programs run and how they end.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

/// Why a program ends that was not told to.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Runs a program as a task of the caller's runtime, and says on stderr what makes it fail. A task
/// is woken by other tasks at once; what the runtime itself was started with is woken by way of the
/// kernel, which costs each message by TCP a call.
pub async fn run(
    name: &str,
    program: impl Future<Output = Result<(), Failure>> + Send + 'static,
) -> ExitCode {
    let ended = tokio::spawn(program).await;
    match ended.unwrap_or_else(|panicked| Err(panicked.into())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do where stderr is closed.
            let _ = writeln!(io::stderr(), "{name}: {error}");
            ExitCode::FAILURE
        }
    }
}
