//! A capture that is read in pieces, as far as it has been written.

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use pcap_file::PcapError;

use super::{
    Captured, Counts, Kind, Sink,
    dissector::Dissector,
    format::{Block, CaptureError, Format, LONGEST_BLOCK},
    interface::Interface,
    outlet::At,
};

/// Octets taken from the file at one go.
const READ_AT_ONCE: usize = 256 << 10;

/// A capture file, read as far as it has been written.
pub struct CaptureFile {
    source: Source,
    /// What has been read; packets before `used` have been taken out.
    buffer: Vec<u8>,
    used: usize,
    filled: usize,
    /// Where the buffer begins in the file.
    offset: u64,
    format: Option<Format>,
    /// Where the last packet stands.
    last: At,
    dissector: Dissector,
}

enum Source {
    NotYet(PathBuf),
    Open(Box<dyn Read + Send>),
}

impl CaptureFile {
    /// The file at this path, standard input where it is `-`; it need not exist yet.
    pub fn new(path: &Path) -> Self {
        Self::from_source(Source::NotYet(path.to_owned()))
    }

    /// A capture out of anything.
    pub fn from_reader(reader: Box<dyn Read + Send>) -> Self {
        Self::from_source(Source::Open(reader))
    }

    /// What passes an interface from now on, for a time or for ever. The kernel gives it to those
    /// who may (`CAP_NET_RAW`).
    pub fn of_interface(name: &str, time: Option<Duration>) -> io::Result<Self> {
        Ok(Self::from_reader(Box::new(Interface::open(name, time)?)))
    }

    fn from_source(source: Source) -> Self {
        Self {
            source,
            buffer: vec![0; READ_AT_ONCE],
            used: 0,
            filled: 0,
            offset: 0,
            format: None,
            last: At::default(),
            dissector: Dissector::default(),
        }
    }

    /// The messages that were added since the last time.
    pub fn read_on(&mut self) -> Result<Vec<Captured<'static>>, CaptureError> {
        let mut messages = Vec::new();
        self.each(&mut |message| messages.push(message.into_owned()))?;
        Ok(messages)
    }

    /// Gives the messages that were added since the last time, one after another, to `sink`.
    pub fn each(&mut self, sink: &mut Sink<'_>) -> Result<(), CaptureError> {
        loop {
            self.take_blocks(sink)?;
            if self.fill()? == 0 {
                return Ok(());
            }
        }
    }

    /// Gives what was held back in case that something before it still comes. Nothing does.
    pub fn finish(&mut self, sink: &mut Sink<'_>) {
        self.dissector.finish(self.last, sink);
    }

    /// Gives all messages of a file that nobody writes any more; why it is not whole, if it is not.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is no capture.
    pub fn whole(&mut self, sink: &mut Sink<'_>) -> Result<Option<String>, CaptureError> {
        let read = self.each(sink);
        self.finish(sink);
        let bad = self.counts().of(Kind::BadBlock);
        let (pending, begun) = (self.pending(), self.format.is_some());
        match read {
            Err(error @ (CaptureError::Damaged { .. } | CaptureError::TooLong { .. })) => {
                let cause = std::error::Error::source(&error);
                Ok(Some(cause.map_or(error.to_string(), |cause| {
                    format!("{error}: {cause}")
                })))
            }
            Err(error) => Err(error),
            Ok(()) if !begun => Err(CaptureError::NoCapture(PcapError::IncompleteBuffer)),
            Ok(()) if pending > 0 => Ok(Some(format!(
                "it breaks off: the last {pending} octets are no whole packet"
            ))),
            Ok(()) if bad > 0 => Ok(Some(format!("{bad} of its blocks are damaged"))),
            Ok(()) => Ok(None),
        }
    }

    /// What there was so far.
    pub fn counts(&self) -> &Counts {
        &self.dissector.books.counts
    }

    /// Octets at the end of the file that are no whole block.
    pub fn pending(&self) -> usize {
        self.filled - self.used
    }

    /// Reads on behind what is in the buffer; the number of octets read.
    fn fill(&mut self) -> io::Result<usize> {
        if let Source::NotYet(path) = &self.source {
            self.source = Source::Open(open(path)?);
        }
        let Source::Open(reader) = &mut self.source else {
            return Ok(0);
        };
        self.buffer.copy_within(self.used..self.filled, 0);
        self.offset += self.used as u64;
        self.filled -= self.used;
        self.used = 0;
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match reader.read(&mut self.buffer[self.filled..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(read) => {
                    self.filled += read;
                    return Ok(read);
                }
            }
        }
    }

    /// Takes all whole blocks out of the buffer.
    fn take_blocks(&mut self, sink: &mut Sink<'_>) -> Result<(), CaptureError> {
        loop {
            let source = &self.buffer[self.used..self.filled];
            let Some(format) = &mut self.format else {
                match Format::of(source) {
                    Ok((rest, format)) => {
                        self.used = self.filled - rest.len();
                        self.format = Some(format);
                        continue;
                    }
                    Err(PcapError::IncompleteBuffer) => return self.short(),
                    Err(error) => return Err(CaptureError::NoCapture(error)),
                }
            };
            match format.next(source) {
                Ok((rest, block)) => {
                    self.used = self.filled - rest.len();
                    match block {
                        Block::Packet(link, since_epoch, octets) => {
                            let counts = &mut self.dissector.books.counts;
                            counts.packets += 1;
                            let frame = counts.packets;
                            self.last = At { since_epoch, frame };
                            self.dissector.packet(link, octets, self.last, sink);
                        }
                        Block::Other => {}
                        Block::Bad => {
                            let counts = &mut self.dissector.books.counts;
                            counts.packets += 1;
                            counts.add(Kind::BadBlock);
                        }
                    }
                }
                Err(PcapError::IncompleteBuffer) => return self.short(),
                Err(error) => {
                    return Err(CaptureError::Damaged {
                        packets: self.dissector.books.counts.packets,
                        offset: self.offset + self.used as u64,
                        error,
                    });
                }
            }
        }
    }

    /// That a block goes on behind the buffer is no damage unless it is too long for any.
    fn short(&self) -> Result<(), CaptureError> {
        if self.pending() <= LONGEST_BLOCK {
            return Ok(());
        }
        Err(CaptureError::TooLong {
            packets: self.dissector.books.counts.packets,
            offset: self.offset + self.used as u64,
        })
    }
}

fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    Ok(Box::new(std::fs::OpenOptions::new().read(true).open(path)?))
}
