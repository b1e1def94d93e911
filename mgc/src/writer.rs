//! The thread that writes down: one batch at a time, while the loop gathers the next.

use std::{sync::mpsc as threads, thread, time::Duration};

use tokio::sync::mpsc;
use transport_h248_tokio::clock;

use crate::store::{Batch, Store, StoreError};

/// The loop's end: at most one batch is under way.
#[derive(Debug)]
pub(crate) struct Writer {
    name: &'static str,
    thread: Option<Thread>,
}

#[derive(Debug)]
struct Thread {
    batches: threads::SyncSender<Batch>,
    written: mpsc::Receiver<Result<Written, StoreError>>,
    handle: thread::JoinHandle<()>,
}

/// A batch that outlives the program from now on.
#[derive(Debug)]
pub(crate) struct Written {
    /// What it was.
    pub(crate) batch: Batch,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Writer {
    /// Writes to this store; to none, if nothing is kept.
    pub(crate) fn new(store: Option<Box<dyn Store>>) -> std::io::Result<Self> {
        let name = store.as_ref().map_or("none", |store| store.name());
        let thread = store.map(Thread::start).transpose()?;
        Ok(Self { name, thread })
    }

    /// What it writes to, for those who look on.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Begins to write a batch, of which [`Self::written`] tells when it is done; gives it back if
    /// nothing is kept.
    pub(crate) fn write(&self, batch: Batch) -> Result<Option<Batch>, StoreError> {
        let Some(thread) = &self.thread else {
            return Ok(Some(batch));
        };
        let sent = thread.batches.try_send(batch);
        sent.map_err(|_full_or_gone| StoreError::Gone)?;
        Ok(None)
    }

    /// Waits until the batch is written down. Giving up the waiting loses nothing.
    pub(crate) async fn written(&mut self) -> Result<Written, StoreError> {
        match &mut self.thread {
            Some(thread) => thread.written.recv().await.ok_or(StoreError::Gone)?,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Writer {
    /// Waits until the file is closed.
    fn drop(&mut self) {
        if let Some(Thread {
            batches, handle, ..
        }) = self.thread.take()
        {
            drop(batches);
            // It has told of its panic itself.
            let _ = handle.join();
        }
    }
}

impl Thread {
    fn start(mut store: Box<dyn Store>) -> std::io::Result<Self> {
        let (batches, receiver) = threads::sync_channel::<Batch>(1);
        let (sender, written) = mpsc::channel(1);
        let work = move || {
            for batch in receiver {
                let begin = clock::now();
                let result = store.commit(&batch).map(|()| Written {
                    batch,
                    took: clock::now() - begin,
                });
                if sender.blocking_send(result).is_err() {
                    break;
                }
            }
        };
        let builder = thread::Builder::new().name("store".to_owned());
        Ok(Self {
            batches,
            written,
            handle: builder.spawn(work)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Full;

    impl Store for Full {
        fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
            match batch.forget_before {
                0 => Ok(()),
                1 => Err(StoreError::Damaged("full".to_owned())),
                _ => panic!("as a database that finds its file damaged"),
            }
        }

        fn name(&self) -> &'static str {
            "full"
        }
    }

    fn batch(forget_before: u64) -> Batch {
        Batch {
            forget_before,
            delivered: Some(7),
            ..Batch::default()
        }
    }

    #[tokio::test]
    async fn what_became_of_a_batch_is_told() {
        let mut writer = Writer::new(Some(Box::new(Full))).unwrap();
        assert_eq!(writer.name(), "full");
        assert!(writer.write(batch(0)).unwrap().is_none());
        assert_eq!(writer.written().await.unwrap().batch.delivered, Some(7));
        assert!(writer.write(batch(1)).unwrap().is_none());
        let error = writer.written().await.unwrap_err();
        assert_eq!(error.to_string(), "the file is damaged: full");
        assert!(writer.write(batch(2)).unwrap().is_none());
        let error = writer.written().await.unwrap_err();
        assert!(matches!(error, StoreError::Gone), "{error}");
        assert!(matches!(writer.write(batch(0)), Err(StoreError::Gone)));
    }

    #[test]
    fn where_nothing_is_kept_a_batch_comes_back_at_once() {
        let writer = Writer::new(None).unwrap();
        assert_eq!(writer.name(), "none");
        let back = writer.write(batch(1)).unwrap();
        assert_eq!(back.and_then(|batch| batch.delivered), Some(7));
    }
}
