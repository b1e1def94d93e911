//! One TCP connection: a task that reads it and one that writes it.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::codec::{Decoder as _, Encoder as _};

use crate::tpkt::{self, Tpkt, TpktError};

/// How long a peer may take for a message that it has begun, and for its first after it has
/// connected. 10 s: no network takes as long for 64 KiB, and who holds connections open to no
/// purpose holds them no longer.
const MESSAGE_TIME: Duration = Duration::from_secs(10);
/// How long a peer may take nothing of what is written to it.
const WRITE_TIME: Duration = Duration::from_secs(10);
/// Octets that may wait for a peer that reads slowly. 4 MiB: 64 of the largest messages.
const WAITING_MAX: usize = 4 << 20;
/// Octets of messages that were read and wait to be served; whoever sends more waits.
const IN_FLIGHT: usize = 8 << 10;
/// A message above this takes of the room that all connections share.
const SMALL: usize = 4 << 10;
/// Octets read at a time, at least: most messages are smaller, and it is the most that the usual
/// allocator keeps at hand.
const READ: usize = 1_024;
/// Octets that are written together.
const WRITE: usize = 64 << 10;

/// Why a connection has ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The peer has closed it.
    #[error("the peer closed the connection")]
    ByPeer,
    /// The peer has closed it within a message.
    #[error("the peer closed the connection {0} octets into a message")]
    WithinMessage(usize),
    /// What came is no TPKT, or the network failed.
    #[error(transparent)]
    Broken(#[from] TpktError),
    /// A message was begun and not ended, or none was begun after connecting.
    #[error("no whole message within 10 s")]
    Slow,
    /// The peer does not read.
    #[error("the peer does not read what is written to it")]
    Deaf,
    /// We have closed it.
    #[error("it was closed")]
    ByUs,
    /// An association of SCTP was aborted, did not come about, or begins anew.
    #[error("{0}")]
    Association(String),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// What a message holds of what its connection, and all of them, may have waiting.
#[derive(Debug)]
pub(crate) struct Held {
    _in_flight: OwnedSemaphorePermit,
    _room: Option<OwnedSemaphorePermit>,
}

/// The end of a connection at which messages go in.
#[derive(Debug)]
pub(crate) struct Connection {
    queue: mpsc::UnboundedSender<Bytes>,
    waiting: Arc<AtomicUsize>,
    tasks: [JoinHandle<()>; 2],
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Connection {
    /// Starts to read and write. Each message is handed to `received`, which holds up the reading
    /// for as long as it takes, with what it gives back when it has been served; a large one needs
    /// its octets of `room` before it is read. The first of both sides to end says so to `ended`.
    pub(crate) fn start<Received, Receiving, Told, Telling>(
        stream: TcpStream,
        room: Arc<Semaphore>,
        received: Received,
        ended: Told,
    ) -> Self
    where
        Received: Fn(Bytes, Held) -> Receiving + Send + 'static,
        Receiving: Future<Output = ()> + Send,
        Told: Fn(Ended) -> Telling + Clone + Send + 'static,
        Telling: Future<Output = ()> + Send,
    {
        let (reader, writer) = stream.into_split();
        let (queue, queued) = mpsc::unbounded_channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let tell = ended.clone();
        let reading = tokio::spawn(async move {
            let why = read(reader, &room, received).await;
            tell(why).await;
        });
        let written = Arc::clone(&waiting);
        let writing = tokio::spawn(async move {
            if let Err(why) = write(writer, queued, &written).await {
                ended(why).await;
            }
        });
        Self {
            queue,
            waiting,
            tasks: [reading, writing],
        }
    }

    /// Queues a message; returns false where the peer reads too slowly for one more.
    pub(crate) fn send(&self, message: Bytes) -> bool {
        let waiting = self.waiting.fetch_add(cost(&message), Ordering::Relaxed);
        // A queue whose task has ended takes nothing; the end has been told.
        waiting <= WAITING_MAX && self.queue.send(message).is_ok()
    }
}

/// Octets that a waiting message takes, with what holds it.
fn cost(message: &Bytes) -> usize {
    message.len() + size_of::<Bytes>()
}

async fn read<Received, Receiving>(
    mut reader: OwnedReadHalf,
    room: &Arc<Semaphore>,
    received: Received,
) -> Ended
where
    Received: Fn(Bytes, Held) -> Receiving,
    Receiving: Future<Output = ()>,
{
    let mut stream = BytesMut::new();
    let mut spoken = false;
    let in_flight = Arc::new(Semaphore::new(IN_FLIGHT));
    loop {
        if spoken && stream.is_empty() {
            // A connection that waits holds no room.
            stream = BytesMut::new();
            if let Err(error) = reader.readable().await {
                return error.into();
            }
        }
        match timeout(MESSAGE_TIME, message(&mut reader, &mut stream, room)).await {
            Ok(Ok((message, room))) => {
                let _in_flight = take(&in_flight, message.len().min(IN_FLIGHT)).await;
                let held = Held {
                    _in_flight,
                    _room: room,
                };
                received(message, held).await;
            }
            Ok(Err(why)) => return why,
            // Readiness may have been told for nothing.
            Err(_) if spoken && stream.is_empty() => continue,
            Err(_) => return Ended::Slow,
        }
        spoken = true;
    }
}

/// Takes octets of what there is, once they are free.
async fn take(of: &Arc<Semaphore>, octets: usize) -> OwnedSemaphorePermit {
    let octets = u32::try_from(octets).expect("a message has 64 KiB at most");
    let permit = Arc::clone(of).acquire_many_owned(octets).await;
    permit.expect("nobody closes it")
}

/// Reads until a message is whole; with the room that it takes.
async fn message(
    reader: &mut OwnedReadHalf,
    stream: &mut BytesMut,
    room: &Arc<Semaphore>,
) -> Result<(Bytes, Option<OwnedSemaphorePermit>), Ended> {
    let mut taken = None;
    loop {
        if let Some(message) = Tpkt.decode(stream)? {
            return Ok((message, taken));
        }
        let whole = tpkt::length(stream).unwrap_or(0);
        if taken.is_none() && whole > SMALL {
            taken = Some(take(room, whole).await);
        }
        let begun = stream.len();
        stream.reserve(READ.max(whole.saturating_sub(begun)));
        match (reader.read_buf(stream).await?, begun) {
            (0, 0) => return Err(Ended::ByPeer),
            (0, _) => return Err(Ended::WithinMessage(begun)),
            (..) => {}
        }
    }
}

async fn write(
    mut writer: OwnedWriteHalf,
    mut queued: mpsc::UnboundedReceiver<Bytes>,
    waiting: &AtomicUsize,
) -> Result<(), Ended> {
    let mut octets = BytesMut::new();
    while let Some(message) = queued.recv().await {
        let mut next = Some(message);
        while let Some(message) = next.take() {
            waiting.fetch_sub(cost(&message), Ordering::Relaxed);
            Tpkt.encode(message, &mut octets)?;
            if octets.len() < WRITE {
                next = queued.try_recv().ok();
            }
        }
        while !octets.is_empty() {
            // One stretch of octets needs no vectored call, which costs more.
            match timeout(WRITE_TIME, writer.write(&octets)).await {
                Ok(written) => octets.advance(written?),
                Err(_) => return Err(Ended::Deaf),
            }
        }
    }
    Ok(())
}
