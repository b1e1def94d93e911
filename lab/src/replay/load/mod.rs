//! Load: a scenario over and over, at a rate that grows, over one socket.

mod calls;
mod figures;

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{net::UdpSocket, time};

use self::calls::Calls;
pub use self::figures::{Figures, Second};
use crate::scenario::{Library, Player, Program, Role, Script, Settings, Verdict, live};

/// What the kernel is to hold for us.
const KERNEL_BUFFER: usize = 4 << 20;
const DATAGRAM_MAX: usize = 65_536;
/// Datagrams that are read before time is looked at again.
const AT_ONCE: usize = 64;
/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(1);
/// So long the registration may take, and the last calls.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much load.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Calls a second.
    pub rate: f64,
    /// In this time the rate grows to it.
    pub ramp: Duration,
    /// Calls that run at a time, at most.
    pub in_flight: usize,
    /// For so long calls are begun.
    pub time: Duration,
}

/// How it went.
#[derive(Debug)]
pub struct Loaded {
    /// All that was counted.
    pub figures: Figures,
    /// Why the first calls failed that did.
    pub told: Vec<String>,
    /// Calls that were not over when nobody waited any longer.
    pub left: usize,
    /// How long it took.
    pub took: Duration,
}

/// Why there is no load.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The socket.
    #[error("cannot listen at {0} over UDP: {1}")]
    Io(SocketAddr, io::Error),
    /// The scenario.
    #[error(transparent)]
    Script(#[from] crate::scenario::ScriptError),
    /// The state that calls begin in is not reached.
    #[error("the state that calls begin in is not reached: {0}")]
    State(String),
}

impl Load {
    /// How many calls are to be begun by then.
    fn due(&self, since: Duration) -> f64 {
        let (now, ramp) = (since.min(self.time).as_secs_f64(), self.ramp.as_secs_f64());
        if now < ramp {
            self.rate * now * now / (2.0 * ramp)
        } else {
            self.rate * (now - ramp / 2.0)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock of load")]
fn now() -> Instant {
    Instant::now()
}

/// One socket, and who is at the other end.
struct Line {
    socket: UdpSocket,
    peer: Option<SocketAddr>,
    home: &'static str,
    buffer: Vec<u8>,
}

impl Line {
    fn bind(listen: SocketAddr, peer: Option<SocketAddr>, role: Role) -> io::Result<Self> {
        let domain = socket2::Domain::for_address(listen);
        let socket = socket2::Socket::new(domain, socket2::Type::DGRAM, None)?;
        socket.set_recv_buffer_size(KERNEL_BUFFER)?;
        socket.set_nonblocking(true)?;
        socket.bind(&listen.into())?;
        Ok(Self {
            socket: UdpSocket::from_std(socket.into())?,
            peer,
            home: role.home(),
            buffer: vec![0; DATAGRAM_MAX],
        })
    }

    fn send(&self, octets: &[u8]) {
        if let Some(peer) = self.peer {
            let _lost_as_datagrams_may_be = self.socket.try_send_to(octets, peer);
        }
    }

    /// The next message that has come.
    fn next(&mut self) -> Option<&[u8]> {
        let (length, from) = self.socket.try_recv_from(&mut self.buffer).ok()?;
        self.peer = Some(from);
        Some(&self.buffer[..length])
    }

    /// Waits for something to come, or for this moment.
    async fn wait(&self, until: Instant) {
        tokio::select! {
            biased;
            _readable = self.socket.readable() => {}
            () = time::sleep_until(until.into()) => {}
        }
    }
}

/// Plays the state that a scenario begins in once, and then the scenario over and over. `each` is told every
/// second how it goes, and `listening` where the tool is.
///
/// # Errors
///
/// A socket that cannot be had, a scenario that is none, a state that is not reached.
pub async fn load(
    script: &Script,
    settings: Settings,
    (listen, to): (SocketAddr, Option<SocketAddr>),
    wanted: Load,
    mut listening: impl FnMut(SocketAddr),
    mut each: impl FnMut(&Second),
) -> Result<Loaded, LoadError> {
    let told = |error| LoadError::Io(listen, error);
    let mut line = Line::bind(listen, to, settings.role).map_err(told)?;
    let own = line.socket.local_addr().map_err(told)?;
    listening(own);
    let mut settings = settings;
    settings.keeps = false;
    settings.first_id = live::first_id(fastrand::u64(..));
    // What is wrong with the steps is told before the state is reached.
    Program::new(script, &Library::ours())?.check_names(&settings.values)?;
    let mid = format!("[{}]:{}", own.ip(), own.port());
    for name in ["PX_MGC_MID", "PX_MG_MID", "mgcmid"] {
        settings.values.insert(name.to_owned(), mid.clone());
    }
    let host = reach(script, &settings, &mut line).await?;
    settings.values.extend(host.names().clone());
    let mut body = script.clone();
    "none".clone_into(&mut body.given);
    let program = Program::new(&body, &Library::ours())?;
    let mut calls = Calls::new(program, Arc::new(settings), host);
    let (left, took) = run(&mut calls, &mut line, wanted, &mut each).await;
    Ok(Loaded {
        figures: calls.figures,
        told: calls.told,
        left,
        took,
    })
}

/// Plays what calls begin in; who has reached it answers what the peer asks for.
async fn reach(script: &Script, settings: &Settings, line: &mut Line) -> Result<Player, LoadError> {
    let program = Program::reaching(script, &Library::ours())?;
    let start = now();
    let mut player = Player::new(program, Arc::new(settings.clone()), start);
    player.handle_timeout(start);
    loop {
        while let Some(transmit) = player.poll_transmit() {
            line.send(&transmit.octets);
        }
        if let Some(outcome) = player.poll_end() {
            if outcome.verdict != Verdict::Pass {
                return Err(LoadError::State(outcome.reason));
            }
            return Ok(player);
        }
        let end = start + PATIENCE;
        line.wait(player.poll_timeout().unwrap_or(end).min(end))
            .await;
        let home = line.home;
        while let Some(octets) = line.next() {
            player.handle_message(home, octets, now());
        }
        player.handle_timeout(now());
        if now() >= end {
            return Err(LoadError::State(format!("not within {PATIENCE:?}")));
        }
    }
}

async fn run(
    calls: &mut Calls,
    line: &mut Line,
    wanted: Load,
    each: &mut impl FnMut(&Second),
) -> (usize, Duration) {
    let start = now();
    let mut told = (start, Figures::default());
    loop {
        let at = now();
        let since = at.duration_since(start);
        while (calls.figures.started as f64) < wanted.due(since)
            && calls.running() < wanted.in_flight
        {
            calls.begin(at);
            pump(calls, line, at);
        }
        calls.handle_timeout(at);
        pump(calls, line, at);
        let over = since >= wanted.time;
        let done = over && (calls.running() == 0 || since >= wanted.time + PATIENCE);
        if done || at.duration_since(told.0) >= Duration::from_secs(1) {
            each(&Second {
                at: since.as_secs_f64(),
                in_flight: calls.running(),
                figures: calls.figures.since(&told.1),
            });
            told = (at, calls.figures.clone());
        }
        if done {
            return (calls.running(), since);
        }
        let next = at + TICK;
        line.wait(
            calls
                .poll_timeout()
                .map_or(next, |wake| wake.clamp(at, next)),
        )
        .await;
        let home = line.home;
        let at = now();
        for _ in 0..AT_ONCE {
            let Some(octets) = line.next() else { break };
            calls.handle_message(home, octets, at);
            while let Some(transmit) = calls.poll_transmit(at) {
                line.send(&transmit.octets);
            }
        }
    }
}

fn pump(calls: &mut Calls, line: &Line, at: Instant) {
    while let Some(transmit) = calls.poll_transmit(at) {
        line.send(&transmit.octets);
    }
}
