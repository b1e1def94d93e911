//! A thread that owns an engine and its sockets.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{
        Arc,
        mpsc::{
            Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel, sync_channel,
        },
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use mg_contract::{Command, GroupId, Report, RtpPort, StreamRef};
use mg_media::{Engine, Kind, Parcel, PortParcel, Transmit};
use tokio::sync::{Notify, mpsc};
use transport_h248_tokio::clock;

use crate::{
    counted::Counted,
    recorder::Entry,
    routes::{About, Thread},
    sockets::{Datagram, Pair, Reading, Sockets, Turn},
};

mod expected;

use expected::Expected;

/// Orders that may wait. If there are more, the control loop waits: the thread takes them all
/// whenever it wakes, and never waits for the control loop.
const ORDERS: usize = 4096;
/// So long datagrams are read before the tick has its turn. Each socket is read once before any is
/// read again, so that a flood to one takes nothing from the others; what a flood leaves room for
/// in its own socket is what is read of it until the next tick.
const READING: Duration = Duration::from_millis(5);
/// While answers find no room, it is looked for that often.
const RETRY: Duration = Duration::from_millis(5);
/// While a stream is to come, it is looked for that often.
const LOOK: Duration = Duration::from_millis(1);
/// So long before a tick no stream leaves any more: it would miss the tick here and there.
const MARGIN: Duration = Duration::from_millis(2);

/// It says so often what it has counted, where there is news.
const COUNTED: Duration = Duration::from_secs(1);

/// One thing that the thread is told to do.
#[derive(Debug)]
pub(crate) struct Step {
    /// It waits for these streams, if they are still to come.
    pub(crate) about: About,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    /// For the engine, and when it was ordered.
    Command(Command, Instant),
    /// Sockets that it has from now on.
    Take(Pair),
    /// Another thread will hand over this stream, or the pair that it is opened on.
    Expect(StreamRef),
    /// Hands a stream to another thread, for a group there.
    Carry {
        to: Thread,
        stream: StreamRef,
        group: GroupId,
    },
    /// Hands a pair to another thread, where this stream is to be opened on it.
    Hand {
        to: Thread,
        port: RtpPort,
        stream: StreamRef,
    },
}

/// What one thread hands to another.
#[derive(Debug)]
pub(crate) struct Mail {
    /// Whom the other waits for.
    stream: StreamRef,
    /// `None`: there was no such stream.
    parcel: Option<Parcel>,
    pair: Option<Pair>,
    known: Option<PortParcel>,
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

/// What a thread answers.
#[derive(Debug)]
pub(crate) enum Answer {
    /// From the engine.
    Media(Report),
    /// What a thread has counted, where that is more than before.
    Counted(Thread, Counted),
}

/// Where what a thread has to say goes.
#[derive(Debug)]
pub(crate) struct Outlets {
    pub(crate) answers: mpsc::Sender<Answer>,
    /// What is recorded.
    pub(crate) recorded: Option<SyncSender<Entry>>,
    /// To all threads, by number. No more is under way than streams are open.
    pub(crate) mail: Vec<Sender<Mail>>,
    /// Told when the thread ends, however it does.
    pub(crate) ended: Arc<Notify>,
}

/// Returns where to give what is for each of so many threads, and where they take it from.
pub(crate) fn mail_boxes(threads: usize) -> (Vec<Sender<Mail>>, Vec<Receiver<Mail>>) {
    (0..threads).map(|_| channel()).unzip()
}

/// The running thread, as the control loop has it.
#[derive(Debug)]
pub(crate) struct MediaThread {
    orders: SyncSender<Vec<Step>>,
    handle: JoinHandle<io::Result<Counted>>,
}

impl MediaThread {
    /// Starts the thread, without sockets. It makes its engine itself, so that all that a tick comes to
    /// lies in its own memory.
    pub(crate) fn start(
        number: Thread,
        engine: impl FnOnce() -> Engine + Send + 'static,
        mail: Receiver<Mail>,
        outlets: Outlets,
    ) -> io::Result<Self> {
        let (orders, ordered) = sync_channel(ORDERS);
        let builder = thread::Builder::new().name(format!("media {number}"));
        let handle = builder.spawn(move || {
            let _ended = Ended(outlets.ended.clone());
            if let Err(error) = mg_memory::ask_for_large_pages() {
                tracing::debug!(%error, "media thread without large pages");
            }
            Media::new(number, engine(), (ordered, mail), outlets)?.run()
        })?;
        Ok(Self { orders, handle })
    }

    /// Gives an order: what belongs together.
    pub(crate) fn order(&self, order: Vec<Step>) -> Result<(), MediaError> {
        if self.orders.send(order).is_err() {
            return Err(MediaError::Ended);
        }
        Ok(())
    }

    /// Ends the thread and waits for it. Returns what it has counted.
    pub(crate) fn stop(self) -> Result<Counted, MediaError> {
        drop(self.orders);
        Ok(self.handle.join().map_err(|_| MediaError::Panicked)??)
    }
}

/// Says that the thread has ended, even if it has panicked.
struct Ended(Arc<Notify>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// What the thread owns.
struct Media {
    number: Thread,
    /// What the control loop was told of what was counted, and when.
    told: Counted,
    told_at: Instant,
    engine: Engine,
    sockets: Sockets,
    orders: Receiver<Vec<Step>>,
    /// Orders that wait for the tick.
    held: VecDeque<Vec<Step>>,
    mail: Receiver<Mail>,
    /// What has come before the order to expect it.
    early: BTreeMap<StreamRef, Mail>,
    /// Streams that were played in a tick that is still to be played here.
    ahead: Vec<Mail>,
    expected: Expected,
    outlets: Outlets,
    /// Answers that found no room; as many as the core has asked for.
    unanswered: VecDeque<Answer>,
    /// Datagrams that the kernel did not take.
    unsent: u64,
    /// Frames of recordings that found no room.
    unrecorded: u64,
    /// What it reads datagrams into.
    reading: Reading,
}

impl Media {
    /// On the heap, where it is in the thread's large pages: its stack has small ones.
    fn new(
        number: Thread,
        engine: Engine,
        (orders, mail): (Receiver<Vec<Step>>, Receiver<Mail>),
        outlets: Outlets,
    ) -> io::Result<Box<Self>> {
        Ok(Box::new(Self {
            number,
            told: Counted::default(),
            told_at: clock::now(),
            engine,
            sockets: Sockets::new()?,
            orders,
            held: VecDeque::new(),
            mail,
            early: BTreeMap::new(),
            ahead: Vec::new(),
            expected: Expected::default(),
            outlets,
            unanswered: VecDeque::new(),
            unsent: 0,
            unrecorded: 0,
            reading: Reading::new(),
        }))
    }

    /// Runs until the control loop is gone.
    fn run(mut self: Box<Self>) -> io::Result<Counted> {
        loop {
            // What has arrived is read when the tick is due, which is soon enough for all that it
            // plays: a wake-up for each packet would cost more than the packet, and so would looking
            // into each socket for each order.
            let order = self.wait();
            if self.is_due() || clock::now() > self.reading.last() + READING {
                self.receive()?;
            }
            let ended = self.take_orders(order)?;
            self.take_mail()?;
            if self.tick(clock::now()) {
                self.transmit();
                self.carry_out_held()?;
                self.tell_counted();
            }
            self.transmit();
            self.record();
            if ended || self.answer().is_err() {
                return Ok(self.counted());
            }
        }
    }

    /// Sleeps until the tick is due, or an order comes, or it is time to look for what is to come.
    fn wait(&self) -> Result<Vec<Step>, RecvTimeoutError> {
        let due = self.engine.poll_timeout().map(|(at, _why)| at);
        let until = due.map(|at| at.saturating_duration_since(clock::now()));
        let retry = (!self.unanswered.is_empty()).then_some(RETRY);
        let look = (!self.expected.is_empty()).then_some(LOOK);
        match [until, retry, look].into_iter().flatten().min() {
            Some(timeout) => self.orders.recv_timeout(timeout),
            None => Ok(self.orders.recv()?),
        }
    }

    fn is_due(&self) -> bool {
        let due = self.engine.poll_timeout();
        due.is_some_and(|(at, _why)| at <= clock::now())
    }

    /// Reads what has arrived, one datagram of each socket after another.
    fn receive(&mut self) -> io::Result<()> {
        let Self {
            sockets,
            engine,
            reading,
            ..
        } = self;
        let end = clock::now() + READING;
        sockets.receive(reading, end, |turn| {
            let Datagram {
                port,
                kind,
                octets,
                from,
                at,
            } = match turn {
                Turn::Soon(port) => return engine.expect_rtp(port),
                Turn::Came(datagram) => datagram,
            };
            match kind {
                Kind::Rtp => engine.handle_rtp(port, octets, from, at),
                Kind::Rtcp => engine.handle_rtcp(port, octets, from, at),
            }
        })
    }

    /// Carries out what the control loop wants, or keeps it until after the tick that is about to be
    /// played. Returns whether the control loop is gone.
    fn take_orders(&mut self, first: Result<Vec<Step>, RecvTimeoutError>) -> io::Result<bool> {
        let mut next = first;
        loop {
            match next {
                Ok(order) if !self.held.is_empty() || self.has_to_wait(&order) => {
                    self.held.push_back(order);
                }
                Ok(order) => self.carry_out(order)?,
                Err(RecvTimeoutError::Timeout) => return Ok(false),
                Err(RecvTimeoutError::Disconnected) => return Ok(true),
            }
            next = self.orders.try_recv().map_err(|error| match error {
                TryRecvError::Empty => RecvTimeoutError::Timeout,
                TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
            });
        }
    }

    /// Tells whether a stream would leave so shortly before a tick that no thread plays it.
    fn has_to_wait(&self, order: &[Step]) -> bool {
        let leaves = |step: &Step| matches!(step.what, What::Carry { .. });
        let due = self.engine.poll_timeout().map(|(at, _why)| at);
        due.is_some_and(|at| clock::now() + MARGIN > at) && order.iter().any(leaves)
    }

    fn carry_out_held(&mut self) -> io::Result<()> {
        for mail in std::mem::take(&mut self.ahead) {
            self.arrive(mail)?;
        }
        while let Some(order) = self.held.pop_front() {
            self.carry_out(order)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, steps: impl IntoIterator<Item = Step>) -> io::Result<()> {
        for step in steps {
            if let Some(step) = self.expected.hold(step) {
                self.do_now(step.what)?;
                // What a stream says at its end is sent before its port has a new one.
                self.transmit();
            }
        }
        Ok(())
    }

    fn do_now(&mut self, what: What) -> io::Result<()> {
        match what {
            What::Command(command, at) => self.engine.handle_command(command, at),
            What::Take(pair) => self.sockets.put(pair)?,
            What::Expect(stream) => {
                self.expected.expect(stream);
                if let Some(mail) = self.early.remove(&stream) {
                    self.arrive(mail)?;
                }
            }
            What::Carry { to, stream, group } => {
                let parcel = self.engine.release(stream, group);
                let port = parcel.as_ref().and_then(Parcel::port);
                let pair = port.map(|port| self.sockets.take(port)).transpose()?;
                self.hand_over(
                    to,
                    Mail {
                        stream,
                        parcel,
                        pair: pair.flatten(),
                        known: None,
                    },
                );
            }
            What::Hand { to, port, stream } => {
                let known = Some(self.engine.release_port(port));
                let pair = self.sockets.take(port)?;
                self.hand_over(
                    to,
                    Mail {
                        stream,
                        parcel: None,
                        pair,
                        known,
                    },
                );
            }
        }
        Ok(())
    }

    /// If the other thread is gone, so is the program.
    fn hand_over(&self, to: Thread, mail: Mail) {
        if let Some(other) = self.outlets.mail.get(to) {
            let _ = other.send(mail);
        }
    }

    /// Takes what other threads hand over.
    fn take_mail(&mut self) -> io::Result<()> {
        while let Ok(mail) = self.mail.try_recv() {
            self.arrive(mail)?;
        }
        Ok(())
    }

    fn arrive(&mut self, mut mail: Mail) -> io::Result<()> {
        let stream = mail.stream;
        if !self.expected.awaits(stream) {
            self.early.insert(stream, mail);
            return Ok(());
        }
        if let Some(parcel) = mail.parcel.take()
            && let Err(parcel) = self.engine.adopt(parcel)
        {
            mail.parcel = Some(parcel);
            self.ahead.push(mail);
            return Ok(());
        }
        if let Some(known) = mail.known {
            self.engine.adopt_port(known);
        }
        if let Some(pair) = mail.pair {
            self.sockets.put(pair)?;
        }
        let waited = self.expected.arrived(stream);
        self.carry_out(waited)
    }

    /// Returns whether a tick was due.
    fn tick(&mut self, now: Instant) -> bool {
        let due = self.engine.poll_timeout();
        let is_due = due.is_some_and(|(at, _why)| at <= now);
        if is_due {
            let Self {
                engine,
                sockets,
                unsent,
                ..
            } = self;
            engine.handle_timeout_and_send(now, |packet| transmit(packet, sockets, unsent));
        }
        is_due
    }

    fn counted(&self) -> Counted {
        Counted {
            engine: self.engine.counters(),
            unsent: self.unsent,
            unrecorded: self.unrecorded,
        }
    }

    /// Says what was counted, where there is news.
    fn tell_counted(&mut self) {
        let now = clock::now();
        if now < self.told_at + COUNTED {
            return;
        }
        self.told_at = now;
        let counted = self.counted();
        if !counted.is_like(&self.told) {
            self.told = counted;
            let answer = Answer::Counted(self.number, counted);
            self.unanswered.push_back(answer);
        }
    }

    fn transmit(&mut self) {
        while let Some(packet) = self.engine.poll_transmit() {
            transmit(packet, &mut self.sockets, &mut self.unsent);
        }
    }

    fn record(&mut self) {
        while let Some(frame) = self.engine.poll_recorded() {
            if let Some(recorded) = &self.outlets.recorded {
                let entry = Entry::from(frame);
                self.unrecorded += u64::from(recorded.try_send(entry).is_err());
            }
        }
    }

    /// Hands answers over while there is room. Fails when the control loop is gone.
    fn answer(&mut self) -> Result<(), mpsc::error::TrySendError<()>> {
        while let Some(report) = self.engine.poll_report() {
            self.unanswered.push_back(Answer::Media(report));
        }
        while !self.unanswered.is_empty() {
            match self.outlets.answers.try_reserve() {
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

/// Sends a packet. Media that the kernel does not take is lost as on any network, and counted.
fn transmit(packet: Transmit<'_>, sockets: &mut Sockets, unsent: &mut u64) {
    let Transmit {
        port,
        kind,
        to,
        octets,
    } = packet;
    *unsent += u64::from(sockets.send(port, kind, to, octets).is_err());
}
