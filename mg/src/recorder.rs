//! What lines are sent, written to WAV files by a thread of its own: a disk may be slow, media not.

use std::{
    io,
    io::BufWriter,
    path::PathBuf,
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use mg_contract::LineRef;

use crate::sound;

/// Frames that may wait for the disk: a second of fifty lines. More are lost, and counted.
const FRAMES: usize = 2_500;
/// Files at most, each of which is open all the time.
pub(crate) const FILES_MAX: usize = 256;
/// Samples after which a file's header is made to fit: a second. What a program that is killed has
/// written until then can be read.
const FLUSHED: u32 = sound::RATE;

#[expect(clippy::disallowed_types, reason = "this is a shell's file")]
type File = std::fs::File;
type Writer = hound::WavWriter<BufWriter<File>>;

/// 20 ms of a line.
pub(crate) type Frame = (LineRef, [i16; 160]);

/// Why what lines are sent is not written.
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

impl Recorder {
    /// Opens the files of those lines that have one, by the lines' places, and starts the thread.
    /// Returns where frames are given to; without a file, nowhere.
    ///
    /// # Errors
    ///
    /// A file cannot be written, or there are too many.
    pub(crate) fn start(
        paths: &[Option<PathBuf>],
    ) -> Result<Option<(Self, SyncSender<Frame>)>, RecorderError> {
        let wanted = paths.iter().flatten().count();
        if wanted == 0 {
            return Ok(None);
        }
        if wanted > FILES_MAX {
            return Err(RecorderError::TooMany);
        }
        let tapes = paths.iter().map(|path| path.clone().map(Tape::new));
        let tapes: Vec<Option<Tape>> = tapes.map(Option::transpose).collect::<Result<_, _>>()?;
        let (frames, taken) = sync_channel(FRAMES);
        let builder = thread::Builder::new().name("recorder".to_owned());
        let thread = builder.spawn(move || write(tapes, &taken))?;
        Ok(Some((Self { thread }, frames)))
    }

    /// Waits until all is written; nobody may give frames any more.
    ///
    /// # Errors
    ///
    /// A file could not be written.
    pub(crate) fn finish(self) -> Result<(), RecorderError> {
        self.thread.join().map_err(|_| RecorderError::Panicked)?
    }
}

/// Writes until nobody gives frames any more. A file that fails is given up; the first error is
/// told in the end.
fn write(mut tapes: Vec<Option<Tape>>, frames: &Receiver<Frame>) -> Result<(), RecorderError> {
    let mut failed = Ok(());
    for (LineRef(line), samples) in frames {
        let Some(place) = tapes.get_mut(line as usize) else {
            continue;
        };
        if let Some(tape) = place
            && let Err(error) = tape.write(&samples)
        {
            tracing::warn!(%error, "not recorded any more");
            failed = failed.and(Err(error));
            *place = None;
        }
    }
    tapes
        .into_iter()
        .flatten()
        .map(Tape::end)
        .fold(failed, Result::and)
}

/// One file.
struct Tape {
    path: PathBuf,
    writer: Writer,
    unflushed: u32,
}

impl Tape {
    fn new(path: PathBuf) -> Result<Self, RecorderError> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: sound::RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        match hound::WavWriter::create(&path, spec) {
            Ok(writer) => Ok(Self {
                path,
                writer,
                unflushed: 0,
            }),
            Err(error) => Err(RecorderError::File { path, error }),
        }
    }

    fn write(&mut self, samples: &[i16]) -> Result<(), RecorderError> {
        let mut written = samples
            .iter()
            .try_for_each(|&sample| self.writer.write_sample(sample));
        self.unflushed += samples.len() as u32;
        if self.unflushed >= FLUSHED {
            self.unflushed = 0;
            written = written.and_then(|()| self.writer.flush());
        }
        written.map_err(|error| RecorderError::File {
            path: self.path.clone(),
            error,
        })
    }

    fn end(self) -> Result<(), RecorderError> {
        let path = self.path;
        let ended = self.writer.finalize();
        ended.map_err(|error| RecorderError::File { path, error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_its_file_and_the_others_none() {
        let name = format!("mg-recorder-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let paths = [0, 1].map(|n| folder.join(format!("{n}.wav")));
        let wanted = [Some(paths[0].clone()), None, Some(paths[1].clone())];
        let (recorder, frames) = Recorder::start(&wanted).unwrap().unwrap();
        for line in [0, 1, 2, 2, 9] {
            let sample = line as i16 + 1;
            frames.send((LineRef(line), [sample; 160])).unwrap();
        }
        drop(frames);
        recorder.finish().unwrap();
        let read = paths.map(|path| sound::read(&path).unwrap().samples.to_vec());
        assert_eq!(read, [vec![1; 160], vec![3; 320]]);
        std::fs::remove_dir_all(&folder).unwrap();
        let error = Recorder::start(&wanted).unwrap_err().to_string();
        assert!(error.starts_with("record "), "{error}");
        assert!(Recorder::start(&[None]).unwrap().is_none());
    }
}
