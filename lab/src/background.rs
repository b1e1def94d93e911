//! Work that may wait: it is done by a thread that takes nothing from those that keep real time.

use std::{fs, io, process::Command, thread};

use tokio::sync::oneshot;

/// Does it on a thread of its own that stands back, even where this program was started to run
/// before others (`chrt -r`). `None` where it panicked, which was told there.
pub(crate) async fn done<What: Send + 'static>(
    work: impl FnOnce() -> What + Send + 'static,
) -> io::Result<Option<What>> {
    let (tell, told) = oneshot::channel();
    let thread = thread::Builder::new().name("background".to_owned());
    thread.spawn(move || {
        stand_back();
        // Who asked may have gone.
        let _ = tell.send(work());
    })?;
    Ok(told.await.ok())
}

/// Gives up what priority the thread has. Where `chrt` is missing, none was given by it.
fn stand_back() {
    let task = fs::read_link("/proc/thread-self").ok();
    let name = task.as_ref().and_then(|path| path.file_name());
    if let Some(name) = name {
        let arguments = ["--other".as_ref(), "--pid".as_ref(), "0".as_ref(), name];
        let _ = Command::new("chrt").args(arguments).output();
    }
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn what_is_done_is_told() {
        assert_eq!(super::done(|| 7).await.unwrap(), Some(7));
    }
}
