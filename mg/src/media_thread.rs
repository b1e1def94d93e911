//! The thread that owns the engine and all media sockets.

use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mg_contract::{Command, Report, RtpPort};
use mg_core::Bound;
use mg_media::{Engine, Kind, Transmit};
use tokio::sync::mpsc;
use transport_h248_tokio::clock;

use crate::{
    recorder::Frame,
    sockets::{Datagram, Reading, Sockets},
};

/// Orders that may wait. If there are more, the control loop waits: the thread takes them all
/// whenever it wakes, and never waits for the control loop.
const ORDERS: usize = 4096;
/// Answers that may wait. If there are more, they stay with the thread until there is room.
const ANSWERS: usize = 4096;
/// So long datagrams are read before the tick has its turn. Each socket is read once before any is
/// read again, so that a flood to one takes nothing from the others; what a flood leaves room for
/// in its own socket is what is read of it until the next tick.
const READING: Duration = Duration::from_millis(5);
/// While answers find no room, it is looked for that often.
const RETRY: Duration = Duration::from_millis(5);

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
        let mut sockets = Sockets::new(address)?;
        for port in ports {
            let bound = sockets.bind(port);
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
            orders: ordered,
            answers,
            unanswered: VecDeque::new(),
            unsent: 0,
            recorded,
            unrecorded: 0,
        };
        let builder = thread::Builder::new().name("media".to_owned());
        let handle = builder.spawn(move || media.run())?;
        Ok((Self { orders, handle }, answered))
    }

    /// Gives an order.
    pub(crate) fn order(&self, order: Order) -> Result<(), MediaError> {
        if self.orders.send(order).is_err() {
            return Err(MediaError::Ended);
        }
        Ok(())
    }

    /// Ends the thread and waits for it.
    pub(crate) fn stop(self) -> Result<(), MediaError> {
        drop(self.orders);
        self.handle.join().map_err(|_| MediaError::Panicked)??;
        Ok(())
    }
}

/// What the thread owns.
struct Media {
    engine: Engine,
    sockets: Sockets,
    orders: Receiver<Order>,
    answers: mpsc::Sender<Answer>,
    /// Answers about sockets that found no room; as many as the core has asked for.
    unanswered: VecDeque<Answer>,
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
        let mut reading = Reading::new();
        loop {
            // What has arrived is read when the tick is due, which is soon enough for all that it
            // plays: a wake-up for each packet would cost more than the packet.
            let due = self.engine.poll_timeout().map(|(at, _why)| at);
            let order = self.wait(due);
            self.receive(&mut reading)?;
            let ended = self.take_orders(order, clock::now());
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

    /// Sleeps until it is due, or an order comes.
    fn wait(&self, due: Option<Instant>) -> Result<Order, RecvTimeoutError> {
        let until = due.map(|at| at.saturating_duration_since(clock::now()));
        let retry = (!self.unanswered.is_empty()).then_some(RETRY);
        match [until, retry].into_iter().flatten().min() {
            Some(timeout) => self.orders.recv_timeout(timeout),
            None => Ok(self.orders.recv()?),
        }
    }

    /// Reads what has arrived, one datagram of each socket after another.
    fn receive(&mut self, reading: &mut Reading) -> io::Result<()> {
        let Self {
            sockets, engine, ..
        } = self;
        let end = clock::now() + READING;
        loop {
            let any = sockets.receive(reading, |datagram| {
                let Datagram {
                    port,
                    kind,
                    octets,
                    from,
                    at,
                } = datagram;
                match kind {
                    Kind::Rtp => engine.handle_rtp(port, octets, from, at),
                    Kind::Rtcp => engine.handle_rtcp(port, octets, from, at),
                }
            })?;
            if !any || clock::now() > end {
                return Ok(());
            }
        }
    }

    /// Carries out what the control loop wants. Returns whether it is gone.
    fn take_orders(&mut self, first: Result<Order, RecvTimeoutError>, now: Instant) -> bool {
        let mut next = first;
        loop {
            match next {
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
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
            next = self.orders.try_recv().map_err(|error| match error {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            });
        }
    }

    fn bind(&mut self, port: RtpPort) -> Bound {
        match self.sockets.bind(port) {
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
