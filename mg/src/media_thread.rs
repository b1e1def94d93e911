//! The thread that owns the engine and all media sockets.

use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mg_contract::{Command, Report, RtpPort};
use mg_core::Bound;
use mg_media::{Engine, Kind, Transmit};
use mio::{Events, Poll, Token, Waker};
use tokio::sync::mpsc;
use transport_h248_tokio::clock;

use crate::{recorder::Frame, sockets::Sockets};

/// Orders that may wait. If there are more, the control loop waits: the thread takes them all
/// whenever it wakes, and never waits for the control loop.
const ORDERS: usize = 4096;
/// Answers that may wait. If there are more, they stay with the thread until there is room.
const ANSWERS: usize = 4096;
/// Sockets that one wake-up can tell of; more are told of by the next.
const EVENTS: usize = 1024;
/// Datagrams read from one socket before the others and the tick have their turn.
const BATCH: usize = 32;
/// Octets of the largest datagram that is read; the rest of a longer one is cut off. No media that
/// the engine plays needs half of it.
const DATAGRAM_MAX: usize = 2048;
/// While answers find no room, it is looked for that often.
const RETRY: Duration = Duration::from_millis(5);
/// Tells that orders wait; no port has this number.
const WAKE: Token = Token(usize::MAX);

/// What the thread is told.
#[derive(Debug)]
pub(crate) enum Order {
    /// For the engine: what belongs together, so that no tick falls between. A Termination that is
    /// moved and closed at once must not be open in its new Context for a frame.
    Media(Vec<Command>),
    /// Binds a port pair.
    Bind(RtpPort),
}

/// What the thread answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// From the engine.
    Media(Report),
    /// What became of a port pair.
    Bound(RtpPort, Bound),
}

/// Why media ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MediaError {
    /// The operating system refused something without which there is no media.
    #[error("media thread: {0}")]
    Io(#[from] io::Error),
    /// A bug.
    #[error("media thread: it has panicked")]
    Panicked,
    /// It takes no orders any more.
    #[error("media thread: it has ended")]
    Ended,
}

/// The running thread, as the control loop has it.
#[derive(Debug)]
pub(crate) struct MediaThread {
    orders: SyncSender<Order>,
    waker: Arc<Waker>,
    handle: JoinHandle<io::Result<()>>,
}

impl MediaThread {
    /// Starts the thread; its sockets will be at `address`, those of `ports` from the start, and what
    /// recorded lines are sent goes to `recorded`.
    pub(crate) fn start(
        engine: Engine,
        address: IpAddr,
        ports: impl Iterator<Item = RtpPort>,
        recorded: Option<SyncSender<Frame>>,
    ) -> io::Result<(Self, mpsc::Receiver<Answer>)> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKE)?);
        let mut sockets = Sockets::new(address);
        for port in ports {
            let bound = sockets.bind(port, poll.registry());
            bound.map_err(|error| {
                let told = format!("port {} and the next of a line's peer: {error}", port.0);
                io::Error::new(error.kind(), told)
            })?;
        }
        let (orders, ordered) = sync_channel(ORDERS);
        let (answers, answered) = mpsc::channel(ANSWERS);
        let media = Media {
            engine,
            sockets,
            poll,
            orders: ordered,
            answers,
            unanswered: VecDeque::new(),
            ready: Vec::new(),
            buffer: [0; DATAGRAM_MAX],
            unsent: 0,
            recorded,
            unrecorded: 0,
        };
        let builder = thread::Builder::new().name("media".to_owned());
        let handle = builder.spawn(move || media.run())?;
        Ok((
            Self {
                orders,
                waker,
                handle,
            },
            answered,
        ))
    }

    /// Gives an order. [`Self::wake`] must follow.
    pub(crate) fn order(&self, order: Order) -> Result<(), MediaError> {
        if self.orders.send(order).is_err() {
            return Err(MediaError::Ended);
        }
        Ok(())
    }

    /// Has the orders carried out.
    pub(crate) fn wake(&self) -> Result<(), MediaError> {
        Ok(self.waker.wake()?)
    }

    /// Ends the thread and waits for it.
    pub(crate) fn stop(self) -> Result<(), MediaError> {
        drop(self.orders);
        // Without a wake-up it ends at its next tick.
        let _ = self.waker.wake();
        self.handle.join().map_err(|_| MediaError::Panicked)??;
        Ok(())
    }
}

/// What the thread owns.
struct Media {
    engine: Engine,
    sockets: Sockets,
    poll: Poll,
    orders: Receiver<Order>,
    answers: mpsc::Sender<Answer>,
    /// Answers about sockets that found no room; as many as the core has asked for.
    unanswered: VecDeque<Answer>,
    /// Sockets that may hold more.
    ready: Vec<Token>,
    buffer: [u8; DATAGRAM_MAX],
    /// Datagrams that the kernel did not take.
    unsent: u64,
    /// Where what recorded lines are sent goes.
    recorded: Option<SyncSender<Frame>>,
    /// Frames of theirs that found no room there.
    unrecorded: u64,
}

impl Media {
    /// Runs until the control loop is gone.
    fn run(mut self) -> io::Result<()> {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            self.wait(&mut events)?;
            self.receive(clock::now());
            let ended = self.take_orders(clock::now());
            self.tick(clock::now());
            self.transmit();
            self.record();
            if ended || self.answer().is_err() {
                let (counters, unsent) = (self.engine.counters(), self.unsent);
                let unrecorded = self.unrecorded;
                tracing::debug!(?counters, unsent, unrecorded, "media has ended");
                return Ok(());
            }
        }
    }

    /// Sleeps until something arrives or the tick is due.
    fn wait(&mut self, events: &mut Events) -> io::Result<()> {
        let due = self.engine.poll_timeout().map(|(at, _why)| at);
        let timeout = if self.ready.is_empty() {
            let until = due.map(|at| at.saturating_duration_since(clock::now()));
            let retry = (!self.unanswered.is_empty()).then_some(RETRY);
            [until, retry].into_iter().flatten().min()
        } else {
            Some(Duration::ZERO)
        };
        match self.poll.poll(events, timeout) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => events.clear(),
            Err(error) => return Err(error),
        }
        let unread = self.ready.len();
        for event in &*events {
            let token = event.token();
            if token != WAKE && !self.ready[..unread].contains(&token) {
                self.ready.push(token);
            }
        }
        Ok(())
    }

    /// Reads a batch from each socket that may hold something.
    fn receive(&mut self, now: Instant) {
        let Self {
            ready,
            sockets,
            engine,
            buffer,
            ..
        } = self;
        ready.retain(|&token| {
            let Some((port, kind, socket)) = sockets.get(token) else {
                return false;
            };
            for _ in 0..BATCH {
                let (length, from) = match socket.recv_from(buffer) {
                    Ok(received) => received,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    // Nothing is left, or what a far end's host has answered is told; both leave
                    // the socket as it is.
                    Err(_) => return false,
                };
                match kind {
                    Kind::Rtp => engine.handle_rtp(port, &buffer[..length], from, now),
                    Kind::Rtcp => engine.handle_rtcp(port, &buffer[..length], from, now),
                }
            }
            true
        });
    }

    /// Carries out what the control loop wants. Returns whether it is gone.
    fn take_orders(&mut self, now: Instant) -> bool {
        loop {
            match self.orders.try_recv() {
                Ok(Order::Media(commands)) => {
                    for command in commands {
                        self.engine.handle_command(command, now);
                        // What a stream says at its end is sent before its port has a new one.
                        self.transmit();
                    }
                }
                Ok(Order::Bind(port)) => {
                    let bound = self.bind(port);
                    self.unanswered.push_back(Answer::Bound(port, bound));
                }
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }

    fn bind(&mut self, port: RtpPort) -> Bound {
        match self.sockets.bind(port, self.poll.registry()) {
            Ok(()) => Bound::Ready,
            Err(error) => {
                tracing::debug!(port = port.0, %error, "port pair not bound");
                Bound::Failed
            }
        }
    }

    fn tick(&mut self, now: Instant) {
        if self
            .engine
            .poll_timeout()
            .is_some_and(|(at, _why)| at <= now)
        {
            self.engine.handle_timeout(now);
        }
    }

    fn transmit(&mut self) {
        while let Some(transmit) = self.engine.poll_transmit() {
            let Transmit {
                port,
                kind,
                to,
                octets,
            } = transmit;
            // Media that the kernel does not take is lost as on any network.
            self.unsent += u64::from(self.sockets.send(port, kind, to, octets).is_err());
        }
    }

    fn record(&mut self) {
        while let Some(frame) = self.engine.poll_recorded() {
            if let Some(recorded) = &self.recorded {
                self.unrecorded += u64::from(recorded.try_send(frame).is_err());
            }
        }
    }

    /// Hands answers over while there is room. Fails when the control loop is gone.
    fn answer(&mut self) -> Result<(), mpsc::error::TrySendError<()>> {
        while let Some(report) = self.engine.poll_report() {
            self.unanswered.push_back(Answer::Media(report));
        }
        while !self.unanswered.is_empty() {
            match self.answers.try_reserve() {
                Ok(room) => {
                    if let Some(answer) = self.unanswered.pop_front() {
                        room.send(answer);
                    }
                }
                Err(mpsc::error::TrySendError::Full(())) => return Ok(()),
                Err(closed @ mpsc::error::TrySendError::Closed(())) => return Err(closed),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
