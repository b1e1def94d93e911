//! Our two ends: the endpoint in a loop like that of the programs.

use std::{
    io::{self, BufRead as _, Write as _},
    net::{Ipv4Addr, SocketAddr},
    process::Command,
    time::{Duration, Instant},
};

use codec_h248::{ActionRequest, MId, Style, TransactionResult};
use transport_h248::{Address, Config, Endpoint, Event, Limits, PeerId};
use transport_h248_tokio::{
    clock,
    network::{Incoming, Listen, Network},
    program::Failure,
};

use crate::{
    exchange,
    pair::Pair,
    row::{Manner, Row},
};

/// One end.
struct End {
    endpoint: Endpoint,
    network: Network,
}

/// Starts our two ends.
pub(crate) fn pair(row: Row, batch: usize) -> io::Result<Pair> {
    let program = std::env::current_exe()?;
    let manner = row.manner.to_string();
    let mut gateway = Command::new(&program);
    gateway.args(["gateway", &manner, &batch.to_string()]);
    let mut controller = Command::new(&program);
    controller.args(["controller", &manner]);
    Pair::start(gateway, controller, Some(batch))
}

/// Answers every request, until the input ends.
pub(crate) fn gateway(manner: Manner, batch: usize) -> Result<(), Failure> {
    run(async move {
        let mut end = End::open("gateway", manner, batch)?;
        say(&format!("at {}", end.network.local(0).ok_or("no socket")?))?;
        let reply = exchange::reply();
        // Whatever the end of the input is, it is the end.
        let mut over = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
        loop {
            tokio::select! {
                _ = &mut over => return Ok(()),
                advanced = end.advance() => advanced?,
            }
            while let Some((peer, event)) = end.endpoint.poll_event() {
                if let Event::Request { id, .. } = event {
                    end.endpoint.reply(peer, id, reply.clone(), clock::now());
                }
            }
            end.flush().await?;
        }
    })
}

/// Keeps `in_flight` requests under way for a second to warm up and for `seconds`, and says how many
/// were answered.
pub(crate) fn controller(
    manner: Manner,
    gateway: Address,
    in_flight: u32,
    seconds: u32,
    batch: usize,
) -> Result<(), Failure> {
    run(async move {
        let mut end = End::open("controller", manner, batch)?;
        let peer = end.endpoint.connect(gateway, clock::now());
        end.endpoint.set_version(peer, 3);
        let request = exchange::request();
        for _ in 0..in_flight {
            end.endpoint.request(peer, request.clone(), clock::now());
        }
        end.flush().await?;
        end.ask_until(peer, &request, clock::now() + Duration::from_secs(1))
            .await?;
        say("begin")?;
        await_go()?;
        let start = clock::now();
        let until = start + Duration::from_secs(seconds.into());
        let answered = end.ask_until(peer, &request, until).await?;
        let took = clock::now() - start;
        say(&format!("end {answered} {}", took.as_nanos()))?;
        await_go()?;
        Ok(())
    })
}

impl End {
    fn open(name: &'static str, manner: Manner, batch: usize) -> Result<Self, Failure> {
        let place = Listen {
            carrier: Some(manner.carrier),
            socket: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        };
        let config = Config {
            encoding: manner.encoding,
            style: Style::Compact,
            batch_octets: batch,
            // All replies of LONG-TIMER are kept, however many they are.
            limits: Limits {
                kept_per_peer: 16 << 20,
                kept_octets_per_peer: 8 << 30,
                ..Limits::default()
            },
            ..Config::default()
        };
        Ok(Self {
            endpoint: Endpoint::new(config, MId::Device(name.into()), 1),
            network: Network::open(&[place])?,
        })
    }

    /// Waits for what comes in or is due, and takes what else is there.
    async fn advance(&mut self) -> io::Result<()> {
        let due = self.endpoint.poll_timeout().map(|(at, _)| at);
        tokio::select! {
            () = clock::wake(due) => self.endpoint.handle_timeout(clock::now()),
            incoming = self.network.next() => receive(&mut self.endpoint, incoming?),
        }
        while let Some(incoming) = self.network.try_next()? {
            receive(&mut self.endpoint, incoming);
        }
        Ok(())
    }

    async fn flush(&mut self) -> io::Result<()> {
        while let Some(transmit) = self.endpoint.poll_transmit() {
            let sent = self.network.send(transmit).await;
            sent.map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Asks again for each reply; returns how many came.
    async fn ask_until(
        &mut self,
        peer: PeerId,
        request: &[ActionRequest<'static>],
        until: Instant,
    ) -> Result<u64, Failure> {
        let mut answered = 0;
        while clock::now() < until {
            self.advance().await?;
            while let Some((_, event)) = self.endpoint.poll_event() {
                let Event::Reply {
                    result: TransactionResult::Actions(_),
                    ..
                } = event
                else {
                    return Err(format!("expected a reply, found {event:?}").into());
                };
                answered += 1;
                self.endpoint
                    .request(peer, request.to_vec().into(), clock::now());
            }
            self.flush().await?;
        }
        Ok(answered)
    }
}

fn receive(endpoint: &mut Endpoint, incoming: Incoming) {
    let now = clock::now();
    match incoming {
        Incoming::Message { octets, from } => endpoint.handle_message(&octets, from, now),
        Incoming::Connected { route, local } => endpoint.handle_connected(route, local),
        Incoming::Closed(route) => endpoint.handle_closed(route, now),
    }
}

fn run(end: impl Future<Output = Result<(), Failure>> + Send + 'static) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async { tokio::spawn(end).await? })
}

pub(crate) fn say(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Waits for the measurement's next line.
pub(crate) fn await_go() -> io::Result<()> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map(|_| ())
}
