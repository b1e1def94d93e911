//! What is recorded, written to files by a thread of its own: a disk may be slow, media not.

mod name;
mod tape;

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mg_contract::{LineRef, Rate, Report, SignalRef};
use mg_media::{Recorded, Source};
use tokio::sync::mpsc;

use self::{name::Format, tape::Tape};

/// Frames that may wait for the disk: a second of fifty recordings. More are lost; what is recorded is
/// silent there.
const FRAMES: usize = 2_500;
/// Files at most, each of which is open all the time.
pub(crate) const FILES_MAX: usize = 256;
/// Reports that may wait.
const REPORTS: usize = 1_024;

#[expect(clippy::disallowed_types, reason = "this is a shell's file")]
type File = std::fs::File;

/// What the thread is told.
#[derive(Debug)]
pub(crate) struct Entry {
    source: Source,
    what: What,
    samples: [i16; Rate::Full.frame()],
}

#[derive(Debug)]
enum What {
    /// A recording of that name begins.
    Begin(String),
    /// 20 ms of it.
    Frame(Instant, Rate),
    /// It is over.
    End,
}

impl Entry {
    /// A signal records to a file of that name from now on.
    pub(crate) fn begin(signal: SignalRef, name: String) -> Self {
        Self {
            source: Source::Signal(signal),
            what: What::Begin(name),
            samples: [0; _],
        }
    }
}

impl From<Recorded<'_>> for Entry {
    fn from(recorded: Recorded<'_>) -> Self {
        let mut samples = [0; _];
        let there = recorded.samples.len().min(samples.len());
        samples[..there].copy_from_slice(&recorded.samples[..there]);
        let what = match there {
            0 => What::End,
            _ => What::Frame(recorded.at, recorded.rate),
        };
        Self {
            source: recorded.source,
            what,
            samples,
        }
    }
}

/// Why what is recorded is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecorderError {
    /// A file cannot be written.
    #[error("record {}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: hound::Error,
    },
    /// More lines are to be recorded than files are opened.
    #[error("{FILES_MAX} lines at most can be recorded")]
    TooMany,
    /// The folder of recordings is none.
    #[error("recordings {}: expected a folder", .0.display())]
    NoFolder(PathBuf),
    /// There is no thread.
    #[error("recorder: {0}")]
    Thread(#[from] io::Error),
    /// A bug.
    #[error("recorder: it has panicked")]
    Panicked,
}

/// The running thread.
#[derive(Debug)]
pub(crate) struct Recorder {
    thread: JoinHandle<Result<(), RecorderError>>,
}

/// Where the thread is told things, and where it tells which recordings are complete.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) entries: SyncSender<Entry>,
    pub(crate) reports: mpsc::Receiver<Report>,
}

impl Recorder {
    /// Opens the files of those lines that have one, by the lines' places, and starts the thread. What
    /// signals record goes to `folder`. Returns `None` if there is nothing to record.
    ///
    /// # Errors
    ///
    /// A file cannot be written, there are too many, or the folder is none.
    pub(crate) fn start(
        lines: &[Option<PathBuf>],
        folder: Option<&Path>,
    ) -> Result<Option<(Self, Ends)>, RecorderError> {
        let wanted = lines.iter().flatten().count();
        if wanted > FILES_MAX {
            return Err(RecorderError::TooMany);
        }
        if let Some(none) = folder.filter(|folder| !folder.is_dir()) {
            return Err(RecorderError::NoFolder(none.to_owned()));
        }
        if wanted == 0 && folder.is_none() {
            return Ok(None);
        }
        let mut shelf = Shelf {
            tapes: BTreeMap::new(),
            folder: folder.map(Path::to_owned),
            failed: Ok(()),
        };
        for (line, path) in (0..).zip(lines) {
            if let Some(path) = path {
                shelf.open_line(LineRef(line), path)?;
            }
        }
        let (entries, taken) = sync_channel(FRAMES);
        let (told, reports) = mpsc::channel(REPORTS);
        let builder = thread::Builder::new().name("recorder".to_owned());
        let thread = builder.spawn(move || shelf.write(&taken, &told))?;
        Ok(Some((Self { thread }, Ends { entries, reports })))
    }

    /// Waits until all is written; nobody may tell it anything any more.
    ///
    /// # Errors
    ///
    /// A file could not be written.
    pub(crate) fn finish(self) -> Result<(), RecorderError> {
        self.thread.join().map_err(|_| RecorderError::Panicked)?
    }
}

/// All that is recorded.
struct Shelf {
    tapes: BTreeMap<Source, Slot>,
    folder: Option<PathBuf>,
    /// The first error.
    failed: Result<(), RecorderError>,
}

/// One recording.
enum Slot {
    /// Its file is created with its first frame.
    Empty(String),
    Open(Box<Named>),
}

struct Named {
    /// The name that is told.
    name: String,
    path: PathBuf,
    tape: Tape,
}

impl Shelf {
    /// The file of a line is written over, as it always was.
    fn open_line(&mut self, line: LineRef, path: &Path) -> Result<(), RecorderError> {
        let wrong = |error: hound::Error| RecorderError::File {
            path: path.to_owned(),
            error,
        };
        let file = File::create(path).map_err(|error| wrong(error.into()))?;
        let tape = Tape::new(file, Format::Wav, Rate::Narrow, None).map_err(wrong)?;
        let named = Named {
            name: String::new(),
            path: path.to_owned(),
            tape,
        };
        self.tapes
            .insert(Source::Line(line), Slot::Open(Box::new(named)));
        Ok(())
    }

    /// Writes until nobody tells anything any more. A file that fails is given up, which is told at once
    /// of a signal; the first error of a line is told in the end.
    fn write(
        mut self,
        entries: &Receiver<Entry>,
        told: &mpsc::Sender<Report>,
    ) -> Result<(), RecorderError> {
        for Entry {
            source,
            what,
            samples,
        } in entries
        {
            match (what, source) {
                (What::Begin(name), _) if self.tapes.len() < FILES_MAX => {
                    self.tapes.insert(source, Slot::Empty(name));
                }
                (What::Begin(_), _) => {
                    tracing::warn!("not recorded: {FILES_MAX} files are written already");
                    tell(told, source, None, Duration::ZERO);
                }
                (What::Frame(at, rate), _) => {
                    let heard = self.hear(source, at, rate, &samples[..rate.frame()]);
                    if let Err(error) = heard {
                        self.tapes.remove(&source);
                        self.fail(source, error);
                        tell(told, source, None, Duration::ZERO);
                    }
                }
                (What::End, Source::Signal(_)) => {
                    let (file, time) = self.end(source);
                    tell(told, source, file, time);
                }
                (What::End, Source::Line(_)) => {}
            }
        }
        for source in self.tapes.keys().copied().collect::<Vec<_>>() {
            self.end(source);
        }
        self.failed
    }

    fn hear(
        &mut self,
        source: Source,
        at: Instant,
        rate: Rate,
        samples: &[i16],
    ) -> Result<(), RecorderError> {
        let Some(slot) = self.tapes.get_mut(&source) else {
            return Ok(());
        };
        if let (Slot::Empty(wanted), Some(folder)) = (&*slot, &self.folder) {
            *slot = Slot::Open(Box::new(open(folder, wanted, rate, at)?));
        }
        let Slot::Open(named) = slot else {
            return Ok(());
        };
        let written = named.tape.write(at, rate, samples);
        written.map_err(|error| RecorderError::File {
            path: named.path.clone(),
            error,
        })
    }

    /// Ends a recording. Returns the name of its file, if all could be written, and how long it is.
    fn end(&mut self, source: Source) -> (Option<String>, Duration) {
        let Some(Slot::Open(named)) = self.tapes.remove(&source) else {
            return (None, Duration::ZERO);
        };
        let Named { name, path, tape } = *named;
        let time = tape.time();
        match tape.end() {
            Ok(()) => (Some(name), time),
            Err(error) => {
                self.fail(source, RecorderError::File { path, error });
                (None, time)
            }
        }
    }

    fn fail(&mut self, source: Source, error: RecorderError) {
        tracing::warn!(%error, "not recorded any more");
        if let (Source::Line(_), Ok(())) = (source, &self.failed) {
            self.failed = Err(error);
        }
    }
}

fn open(folder: &Path, wanted: &str, rate: Rate, at: Instant) -> Result<Named, RecorderError> {
    let (stem, format) = name::fit(wanted);
    let created = name::create(folder, &stem, format).map_err(hound::Error::from);
    let opened = created.and_then(|(name, file)| {
        let path = folder.join(&name);
        let tape = Tape::new(file, format, rate, Some(at))?;
        Ok(Named { name, path, tape })
    });
    opened.map_err(|error| RecorderError::File {
        path: folder.join(stem),
        error,
    })
}

/// Tells what became of the recording of a signal.
fn tell(told: &mpsc::Sender<Report>, source: Source, file: Option<String>, time: Duration) {
    if let Source::Signal(signal) = source {
        // If nobody listens any more, the program ends.
        let _ = told.blocking_send(Report::Recorded { signal, file, time });
    }
}

#[cfg(test)]
mod tests;
