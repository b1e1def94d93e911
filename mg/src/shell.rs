//! The loop that owns the core. Socket, media threads, clock and capture meet it here and nowhere
//! else.

use std::{
    io::{self, Write},
    net::IpAddr,
    time::Duration,
};

use mg_contract::Report;
use mg_core::{Event, Mg, Question};
use tokio::{sync::mpsc, task::JoinSet};
use transport_h248::Anchor;
use transport_h248_tokio::{
    clock, log,
    network::{Incoming, Network},
    signals::Signals,
    sinks::Sinks,
};

use crate::{
    media::Media,
    media_thread::{Answer, MediaError},
    operator::Operator,
    processor::Busy,
};

/// The clocks are compared so often; the wall clock may be set while the program runs.
const ANCHOR_AGE: Duration = Duration::from_secs(60);

/// Why the gateway ended other than by request.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShellError {
    /// The H.248 socket, stdout or the signals failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// There is no media any more.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// How the gateway takes its leave; each signal hastens it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Leaving {
    No,
    /// It waits for its Contexts to end.
    Gracefully,
    /// It waits for the controller's answer.
    AtOnce,
}

/// Whether the program goes on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Life {
    /// It does.
    Running,
    /// The core has said goodbye.
    Over,
}

/// The core with everything it meets.
#[derive(Debug)]
pub(crate) struct Shell<'a> {
    mg: Mg,
    anchor: Anchor,
    network: Network,
    sinks: Sinks,
    media: &'a mut Media,
    graceful: Option<Duration>,
    operator: Operator,
    resolved: Resolved,
}

/// Names that are being looked up, and where they lead.
type Resolved = JoinSet<(Question, Option<IpAddr>)>;

impl Drop for Shell<'_> {
    /// Tells what was counted, however the program ends.
    fn drop(&mut self) {
        log::counted(&self.mg.snapshot().transport, &self.network.counters());
    }
}

impl<'a> Shell<'a> {
    /// Puts them together.
    pub(crate) fn new(
        mg: Mg,
        anchor: Anchor,
        network: Network,
        sinks: Sinks,
        media: &'a mut Media,
        graceful: Option<Duration>,
        operator: Operator,
    ) -> Self {
        Self {
            mg,
            anchor,
            network,
            sinks,
            media,
            graceful,
            operator,
            resolved: JoinSet::new(),
        }
    }

    /// Runs until a signal, and then until the core has said goodbye or the next signal; or until
    /// the socket or a media thread fails.
    pub(crate) async fn run(
        mut self,
        mut answers: mpsc::Receiver<Answer>,
        mut recordings: Option<mpsc::Receiver<Report>>,
    ) -> Result<(), ShellError> {
        let mut signals = Signals::new()?;
        let mut leaving = Leaving::No;
        let mut busy = Busy::new(clock::now());
        while self.flush().await? == Life::Running {
            let due = self.mg.poll_timeout().map(|(at, _why)| at);
            let idle_from = clock::now();
            let mut woke = idle_from;
            tokio::select! {
                () = clock::wake(due) => {
                    woke = clock::now();
                    self.mg.handle_timeout(woke);
                }
                Some(answer) = answers.recv() => {
                    woke = clock::now();
                    self.take(answer);
                }
                Some(report) = next(&mut recordings) => {
                    self.mg.handle_media(report, clock::now());
                }
                () = self.media.ended() => return Err(MediaError::Ended.into()),
                Some(found) = self.resolved.join_next() => {
                    // One that panicked is a name that was never known.
                    if let Ok((name, address)) = found {
                        self.mg.handle_resolved(&name, address, clock::now());
                    }
                }
                () = self.operator.next() => self.operator.read_again(&mut self.mg),
                incoming = self.network.next() => {
                    woke = clock::now();
                    receive(&mut self.mg, incoming?);
                }
                () = signals.recv() => {
                    match leaving {
                        Leaving::No => {}
                        Leaving::Gracefully => self.graceful = None,
                        Leaving::AtOnce => return Ok(()),
                    }
                    leaving = match self.graceful {
                        Some(_) => Leaving::Gracefully,
                        None => Leaving::AtOnce,
                    };
                    self.leave();
                }
            }
            self.receive_more()?;
            if let Some(percent) = busy.handle_wait(idle_from, woke) {
                self.mg.handle_processor_load(percent, clock::now());
            }
            self.renew_anchor();
        }
        Ok(())
    }

    fn leave(&mut self) {
        let now = clock::now();
        match self.graceful {
            Some(delay) => {
                tracing::info!(
                    "leaving within {} s, or when no Context is left",
                    delay.as_secs()
                );
                self.mg.handle_drain(delay, now);
            }
            None => {
                tracing::info!("leaving");
                self.mg.handle_shutdown(now);
            }
        }
    }

    fn renew_anchor(&mut self) {
        if clock::now() > self.anchor.instant + ANCHOR_AGE {
            self.anchor = clock::anchor();
            self.mg.handle_anchor(self.anchor);
        }
    }

    fn take(&mut self, answer: Answer) {
        match answer {
            Answer::Media(report) => {
                self.media.told(&report);
                self.mg.handle_media(report, clock::now());
            }
            Answer::Counted(thread, counted) => self.media.counted(thread, counted, clock::now()),
        }
    }

    /// Takes what has come in meanwhile.
    fn receive_more(&mut self) -> io::Result<()> {
        while let Some(incoming) = self.network.try_next()? {
            receive(&mut self.mg, incoming);
        }
        Ok(())
    }

    /// Carries out what the core wants, until it wants nothing.
    async fn flush(&mut self) -> Result<Life, ShellError> {
        self.order()?;
        while let Some(transmit) = self.mg.poll_transmit() {
            let to = transmit.to;
            match self.network.send(transmit).await {
                Ok(()) => {}
                Err(error) if error.is_final() => {
                    tracing::warn!(%error, "{to} cannot be reached from here");
                    self.mg.handle_closed(to, clock::now());
                }
                Err(error) => {
                    tracing::debug!(%error, %to, "not sent; repetition covers it");
                }
            }
        }
        while let Some(name) = self.mg.poll_resolve() {
            self.resolved.spawn(look_up(name));
        }
        let traces = std::iter::from_fn(|| self.mg.poll_trace());
        self.sinks.show(traces, &self.network, &self.anchor);
        let mut life = Life::Running;
        while let Some(event) = self.mg.poll_event() {
            if tell(event) == Life::Over {
                life = Life::Over;
            }
        }
        Ok(life)
    }

    /// Hands over what the core wants of media.
    fn order(&mut self) -> Result<(), MediaError> {
        while let Some(port) = self.mg.poll_bind() {
            let bound = self.media.bind(port);
            self.mg.handle_bound(port, bound, clock::now());
        }
        self.media
            .order(std::iter::from_fn(|| self.mg.poll_media()))
    }
}

/// Waits for the next recording that is complete; for ever, where none are made.
async fn next(recordings: &mut Option<mpsc::Receiver<Report>>) -> Option<Report> {
    match recordings {
        Some(recordings) => recordings.recv().await,
        None => std::future::pending().await,
    }
}

/// Asks the system's resolver.
async fn look_up(name: Question) -> (Question, Option<IpAddr>) {
    let found = tokio::net::lookup_host((name.host.as_str(), name.port)).await;
    let first = found.ok().and_then(|mut all| all.next());
    (name, first.map(|place| place.ip()))
}

/// Hands what came in to the core.
fn receive(mg: &mut Mg, incoming: Incoming) {
    let now = clock::now();
    match incoming {
        Incoming::Message { octets, from } => mg.handle_message(&octets, from, now),
        Incoming::Connected { route, local } => mg.handle_connected(route, local),
        Incoming::Closed(route) => mg.handle_closed(route, now),
    }
}

/// Tells the operator of an event.
fn tell(event: Event) -> Life {
    match event {
        Event::Registered { mgc, version } => {
            let mgc = mgc.map_or_else(
                || "a controller without a name".into(),
                |mgc| mgc.to_string(),
            );
            tracing::info!(mgc, version, "registered");
            // Calls outlive whoever read this.
            let mut stdout = io::stdout().lock();
            let _ = writeln!(stdout, "mg: registered with {mgc} version {version}");
            let _ = stdout.flush();
        }
        Event::Redirected { mgc } => tracing::info!(%mgc, "sent to another controller"),
        Event::Registering { to } => tracing::info!("registering with {to}"),
        Event::Unanswered { to } => {
            tracing::warn!("no answer from {to} yet, trying again");
        }
        Event::HandedOff { mgc } => {
            tracing::info!(%mgc, "handed over to another controller; what runs is kept");
        }
        Event::NotFound { mgc } => {
            tracing::warn!(%mgc, "sent to another controller that cannot be found");
        }
        Event::ControllerLost { mgc } => {
            tracing::warn!("{mgc} cannot be reached any more; what runs is kept");
        }
        Event::RegistrationFailed { to, error: None } => {
            tracing::warn!("not registered: no usable answer from {to}");
        }
        Event::RegistrationFailed {
            to,
            error: Some(error),
        } => tracing::warn!("not registered: {to} refused with {error}"),
        Event::Unauthenticated { from } => tracing::warn!(
            "not listened to: what comes from {from} is not authentic; is its ah-key ours?"
        ),
        Event::CutOff => {
            tracing::warn!("events set each other off without an end; they were cut off");
        }
        Event::MessageError { error } => tracing::warn!(%error, "controller cannot read us"),
        Event::Stopped => return Life::Over,
    }
    Life::Running
}
