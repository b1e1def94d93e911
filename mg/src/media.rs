//! All media threads, as the control loop has them.

use std::{
    collections::BTreeMap,
    io,
    net::IpAddr,
    sync::{Arc, mpsc::SyncSender},
    time::Instant,
};

use mg_contract::{Command, Report, RtpPort, Sound};
use mg_core::Bound;
use mg_media::Engine;
use tokio::sync::{Notify, mpsc};
use transport_h248_tokio::clock;

use crate::{
    counted::{self, Counted, Teller},
    media_thread::{Answer, MediaError, MediaThread, Outlets, Step, What, mail_boxes},
    recorder::Entry,
    routes::{About, Routes, Thread, Way},
    sockets::Pair,
};

/// Answers that may wait. If there are more, they stay with the threads until there is room.
const ANSWERS: usize = 4096;

/// The running threads.
#[derive(Debug)]
pub(crate) struct Media {
    threads: Vec<MediaThread>,
    routes: Routes,
    address: IpAddr,
    /// Pairs that no thread has had yet.
    pairs: BTreeMap<RtpPort, Pair>,
    /// Where recordings are begun.
    recorded: Option<SyncSender<Entry>>,
    /// Told when a thread ends.
    ended: Arc<Notify>,
    teller: Teller,
}

impl Media {
    /// Starts a thread for each engine, which makes it; sockets will be at `address`, those of the lines that have
    /// peers from the start, and what is recorded goes to `recorded`. A thread is given groups until
    /// it has `enough`, before another is.
    pub(crate) fn start(
        engines: Vec<impl FnOnce() -> Engine + Send + 'static>,
        address: IpAddr,
        lines: Vec<Option<RtpPort>>,
        recorded: Option<&SyncSender<Entry>>,
        enough: usize,
    ) -> io::Result<(Self, mpsc::Receiver<Answer>)> {
        let (answers, answered) = mpsc::channel(ANSWERS);
        let ended = Arc::new(Notify::new());
        let mut media = Self {
            threads: Vec::new(),
            routes: Routes::new(engines.len(), lines.clone(), enough),
            address,
            pairs: BTreeMap::new(),
            recorded: recorded.cloned(),
            ended: ended.clone(),
            teller: Teller::new(engines.len()),
        };
        for port in lines.into_iter().flatten() {
            media.open(port).map_err(|error| {
                let told = format!("port {} and the next of a line's peer: {error}", port.0);
                io::Error::new(error.kind(), told)
            })?;
        }
        let (mail, boxes) = mail_boxes(engines.len());
        for (engine, mail_box) in engines.into_iter().zip(boxes) {
            let outlets = Outlets {
                answers: answers.clone(),
                recorded: recorded.cloned(),
                mail: mail.clone(),
                ended: ended.clone(),
            };
            let number = media.threads.len();
            media
                .threads
                .push(MediaThread::start(number, engine, mail_box, outlets)?);
        }
        Ok((media, answered))
    }

    /// Binds a port pair.
    pub(crate) fn bind(&mut self, port: RtpPort) -> Bound {
        match self.open(port) {
            Ok(()) => Bound::Ready,
            Err(error) => {
                tracing::debug!(port = port.0, %error, "port pair not bound");
                Bound::Failed
            }
        }
    }

    /// Has commands carried out. What one thread does of them it does without a tick between: a
    /// Termination that is moved and closed at once must not be open in its new Context for a frame.
    /// Their time is now, however late a thread comes to them: who is told of a port may send at once.
    pub(crate) fn order(
        &mut self,
        commands: impl Iterator<Item = Command>,
    ) -> Result<(), MediaError> {
        let mut ways = Vec::new();
        for command in commands {
            self.begin_recording(&command);
            self.routes.route(command, &mut ways);
        }
        let mut orders: Vec<Vec<Step>> = self.threads.iter().map(|_| Vec::new()).collect();
        let now = clock::now();
        for way in ways {
            self.add_steps(way, now, &mut orders);
        }
        for (thread, order) in self.threads.iter().zip(orders) {
            if !order.is_empty() {
                thread.order(order)?;
            }
        }
        Ok(())
    }

    /// Tells the recorder before anything is heard. If it has no room, nothing is recorded, which is told
    /// in the end.
    fn begin_recording(&self, command: &Command) {
        if let Command::Play {
            signal,
            sound: Sound::Record { name, .. },
            ..
        } = command
            && let Some(recorded) = &self.recorded
        {
            let begun = recorded.try_send(Entry::begin(*signal, name.clone()));
            if begun.is_err() {
                tracing::warn!(name, "the disk is too slow: not recorded");
            }
        }
    }

    /// Takes note of what a thread tells.
    pub(crate) fn told(&mut self, report: &Report) {
        if let Report::Played { signal, .. } = report {
            self.routes.played(*signal);
        }
    }

    /// Tells the operator what a thread has counted, if it is time to.
    pub(crate) fn counted(&mut self, thread: Thread, counted: Counted, now: Instant) {
        if let Some(new) = self.teller.take(thread, counted, now) {
            counted::tell(&new);
        }
    }

    /// Returns when a thread has ended, which none does by itself.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Ends the threads, waits for them, and tells the operator what they have counted. Returns what
    /// went wrong first.
    pub(crate) fn stop(self) -> Result<(), MediaError> {
        let mut all = Counted::default();
        let mut ended = Ok(());
        for thread in self.threads {
            match thread.stop() {
                Ok(counted) => all = all.and(counted),
                Err(error) => ended = ended.and(Err(error)),
            }
        }
        let (ticks, encoded) = (all.engine.ticks, all.engine.encoded);
        tracing::info!(ticks, encoded, "media has ended: {all}");
        ended
    }

    fn open(&mut self, port: RtpPort) -> io::Result<()> {
        let pair = Pair::bind(self.address, port)?;
        self.pairs.insert(port, pair);
        Ok(())
    }

    fn add_steps(&mut self, way: Way, now: Instant, orders: &mut [Vec<Step>]) {
        let (thread, about, what) = match way {
            Way::Do(thread, about, command) => (thread, about, What::Command(command, now)),
            Way::Give(thread, port) => {
                let Some(pair) = self.pairs.remove(&port) else {
                    return;
                };
                (thread, About(None, None), What::Take(pair))
            }
            Way::Expect(thread, stream) => {
                let about = About(Some(stream), None);
                (thread, about, What::Expect(stream))
            }
            Way::Carry {
                from,
                to,
                stream,
                group,
            } => {
                let about = About(Some(stream), None);
                (from, about, What::Carry { to, stream, group })
            }
            Way::Hand {
                from,
                to,
                port,
                had,
                stream,
            } => {
                let about = About(Some(had), None);
                (from, about, What::Hand { to, port, stream })
            }
        };
        orders[thread].push(Step { about, what });
    }
}

#[cfg(test)]
mod tests;
