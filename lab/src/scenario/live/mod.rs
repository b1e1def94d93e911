//! Plays scenarios against a live peer: sockets, connections, phones with real packets, hooks as child
//! processes.

mod command;
mod operator;
mod outlet;
mod places;

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::{sync::mpsc, task::JoinSet, time};
use transport_h248::{Address, Carrier, Encoding};

use super::{HookOutcome, Names, Outcome, Player, Program, Role, Rtp, Settings, Transmit, Verdict};
pub use command::Commands;
pub use operator::Operator;
use places::{Event, Places};

/// Events that wait to be looked at.
const EVENTS_MAX: usize = 4_096;
/// A request that crossed its answer on the way is no repetition.
const CROSSING: Duration = Duration::from_millis(200);

/// Between two looks at whether something has come.
const LOOKS: Duration = Duration::from_millis(10);

/// Who the tool is on the network.
#[derive(Clone, Debug)]
pub struct Options {
    /// The side that the tool plays.
    pub role: Role,
    /// What carries messages.
    pub carrier: Carrier,
    /// How messages are encoded.
    pub encoding: Encoding,
    /// The address of all the tool's places.
    pub address: IpAddr,
    /// The port of its first place; 0 takes any.
    pub port: u16,
    /// Where what is under test listens; a gateway may be met as it comes.
    pub target: Option<SocketAddr>,
    /// Where it listens for binary, if that is another place.
    pub target_binary: Option<SocketAddr>,
    /// So long one scenario may take.
    pub limit: Duration,
    /// The number before that of the first transaction; each scenario goes on behind the one before.
    pub first_id: u32,
    /// So many messages may come while it is played.
    pub messages: u64,
}

/// Where numbers of transactions begin. What is under test may have been played with a moment ago, and
/// answers numbers that it knows out of its memory (H.248.1 D.1.1): a beginning is drawn, small enough never to
/// wrap, and behind the numbers that scenarios say themselves.
pub fn first_id(seed: u64) -> u32 {
    fastrand::Rng::with_seed(seed).u32(100_000..1_000_000_000)
}

impl Options {
    /// On loopback, by UDP and in text, five minutes and a million messages a scenario, numbers of
    /// transactions from anywhere.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            carrier: Carrier::Udp,
            encoding: Encoding::Text,
            address: IpAddr::from([127, 0, 0, 1]),
            port: 0,
            target: None,
            target_binary: None,
            limit: Duration::from_secs(300),
            first_id: first_id(fastrand::u64(..)),
            messages: 1_000_000,
        }
    }
}

/// How a scenario ended, and where its messages went.
#[derive(Debug)]
pub struct Played {
    /// How it ended; times of messages are those of `anchor`.
    pub outcome: Outcome,
    /// Own address and that of the other end, of each place that spoke.
    pub addresses: BTreeMap<String, (SocketAddr, Address)>,
    /// An instant, and what the wall showed then.
    pub anchor: (Instant, SystemTime),
    /// What names stood for at the end.
    pub names: Names,
}

/// The tool's places on the network.
#[derive(Debug)]
pub struct Live {
    options: Options,
    places: Places,
    events: mpsc::Receiver<Event>,
    sender: mpsc::Sender<Event>,
    /// Hooks that run, by numbers of their own: a late one is not taken for another scenario's.
    calls: BTreeMap<u64, u32>,
    last_call: u64,
    hooks: JoinSet<()>,
    /// Messages that came for the scenario that is played.
    came: u64,
    /// Who spoke that is not what is said to be under test, in words.
    stranger: Option<String>,
}

/// What [`far_end`] takes.
pub const FAR_END: &str = "IP:PORT with a port from 1 to 65535";

/// Where what is under test listens: nobody does at port 0.
pub fn far_end(text: &str) -> Option<SocketAddr> {
    let at = text.parse().ok();
    at.filter(|at: &SocketAddr| at.port() != 0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the clock of live scenarios"
)]
fn now() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "reports tell when messages were sent"
)]
fn wall() -> SystemTime {
    SystemTime::now()
}

impl Live {
    /// Takes the places; from then on what is under test may speak to them.
    ///
    /// # Errors
    ///
    /// An address that cannot be taken.
    pub async fn bind(options: Options) -> io::Result<Self> {
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        let places = Places::bind(&options, &sender).await?;
        Ok(Self {
            options,
            places,
            events,
            sender,
            calls: BTreeMap::new(),
            last_call: 0,
            hooks: JoinSet::new(),
            came: 0,
            stranger: None,
        })
    }

    /// Where the tool's places listen, by their names.
    pub fn places(&self) -> BTreeMap<String, SocketAddr> {
        self.places.addresses()
    }

    /// Where the controllers listen, as `H248_TESTER` says it: `mgc1` first.
    pub fn tester(&self) -> String {
        let all = self.places();
        let homes = ["mgc1", "mgc2", "mgc3", "mg1", "mg2"].into_iter();
        let homes = homes.filter_map(|name| all.get(name).map(SocketAddr::to_string));
        homes.collect::<Vec<_>>().join(" ")
    }

    /// Tells where what is under test listens, and where for binary.
    pub fn set_target(&mut self, target: Option<SocketAddr>, binary: Option<SocketAddr>) {
        self.places.set_target(target, binary);
    }

    /// Where what is under test is, as far as is known.
    pub fn target(&self) -> Option<SocketAddr> {
        self.places.target()
    }

    /// What carries messages.
    pub fn carrier(&self) -> Carrier {
        self.options.carrier
    }

    /// Forgets what came so far.
    pub async fn clear(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            // Connections were made and have ended, whoever is played with next.
            match event {
                Event::Closed { place, number } => {
                    self.places.closed(&place, number);
                }
                Event::Opened { place, outlet } => self.places.opened(&place, outlet).await,
                Event::Message { .. }
                | Event::Garbled { .. }
                | Event::Rtp { .. }
                | Event::Associated { .. }
                | Event::Hook { .. } => {}
            }
        }
    }

    /// Waits for something to come, which is left for what is played next; whether it came in time.
    pub async fn comes(&self, within: Duration) -> bool {
        let come = async {
            while self.events.is_empty() {
                time::sleep(LOOKS).await;
            }
        };
        time::timeout(within, come).await.is_ok()
    }

    /// Plays a scenario. The values of the settings stand; those that say where the tool is are set here.
    pub async fn play(
        &mut self,
        program: Arc<Program>,
        mut settings: Settings,
        hooks: &Commands,
    ) -> Played {
        self.fit(&mut settings);
        settings.hook_limit = hooks.longest();
        self.came = 0;
        self.stranger = None;
        let anchor = (now(), wall());
        let mut player = Player::new(program, Arc::new(settings), anchor.0);
        // Prompts that are carried out by hand have their own time.
        let by_hand = hooks.operator.as_ref().map(Operator::limit);
        let end = anchor.0 + self.options.limit + by_hand.unwrap_or_default();
        player.handle_timeout(anchor.0);
        let outcome = loop {
            self.carry_out(&mut player, hooks).await;
            if let Some(told) = self.stranger.as_ref().filter(|_| player.ended) {
                player.stop(Verdict::Inconc, told, now());
            }
            if let Some(outcome) = player.poll_end() {
                break outcome;
            }
            let wake = player.poll_timeout().map_or(end, |wake| wake.min(end));
            tokio::select! {
                biased;
                event = self.events.recv() => self.handle(event, &mut player).await,
                () = time::sleep_until(wake.into()) => {}
            }
            player.handle_timeout(now());
            if now() >= end {
                let limit = humantime::format_duration(self.options.limit);
                player.stop(
                    Verdict::Inconc,
                    &format!("it took more than {limit}"),
                    now(),
                );
            }
            if self.came > self.options.messages {
                let told = format!("more than {} messages came", self.options.messages);
                player.stop(Verdict::Fail, &told, now());
            }
        };
        self.options.first_id = player.last_id();
        self.end_hooks().await;
        Played {
            outcome,
            addresses: self.places.used(),
            anchor,
            names: player.names().clone(),
        }
    }

    /// A hook that still runs when its scenario ends is ended, with all that it has started.
    pub async fn end_hooks(&mut self) {
        self.hooks.shutdown().await;
        self.calls.clear();
    }

    /// What the settings have to say of this network.
    fn fit(&self, settings: &mut Settings) {
        settings.role = self.options.role;
        settings.first_id = self.options.first_id;
        settings.encoding = self.options.encoding;
        settings.repeats = self.options.carrier == Carrier::Udp;
        if settings.repeats {
            settings.crossing = CROSSING;
        }
        if self.options.role == Role::Mg {
            settings
                .encodings
                .insert("ber".to_owned(), Encoding::Binary);
        }
        settings.values.extend(self.values());
        let main = self.options.role.home();
        for (name, at) in self.places() {
            let fixed = settings.mids.contains_key(&name) || ["port2", "tcp"].contains(&&*name);
            if name != main && !fixed {
                settings
                    .mids
                    .insert(name, format!("[{}]:{}", at.ip(), at.port()));
            }
        }
    }

    /// The values that say where the tool is.
    pub fn values(&self) -> Names {
        let mut values = Names::new();
        let mut set = |name: &str, value: String| values.insert(name.to_owned(), value);
        let mid = |at: &SocketAddr| format!("[{}]:{}", at.ip(), at.port());
        set("PX_HOST", self.options.address.to_string());
        set("PX_RTP", self.options.address.to_string());
        for (name, value) in [
            ("mgc1", "PX_MGC_MID"),
            ("mgc2", "PX_MGC2"),
            ("mg1", "PX_MG_MID"),
            ("mg2", "PX_MG2_MID"),
        ] {
            if let Some(at) = self.places().get(name) {
                set(value, mid(at));
            }
        }
        if let Some(at) = self.places().get("port2") {
            set("PX_PORT2", at.port().to_string());
        }
        for (phone, port) in self.places.phones() {
            set(
                &format!("PX_RTP_{}", phone.to_ascii_uppercase()),
                port.to_string(),
            );
        }
        values
    }

    /// Sends what the player has to send, and begins what it has begun.
    async fn carry_out(&mut self, player: &mut Player, hooks: &Commands) {
        loop {
            if let Some(Transmit { place, octets, how }) = player.poll_transmit() {
                if let Err(error) = self.places.send(&place, &octets, how).await {
                    let told = format!("{place} cannot send: {error}");
                    let no_place = error.kind() == io::ErrorKind::NotFound;
                    let verdict = if no_place {
                        Verdict::Error
                    } else {
                        Verdict::Inconc
                    };
                    player.stop(verdict, &told, now());
                }
            } else if let Some(rtp) = player.poll_rtp(now()) {
                self.speak(&rtp);
            } else if let Some(call) = player.poll_hook() {
                if let Some(lacking) = hooks.lacks(&call) {
                    player.handle_hook(call.id, lacking, now());
                    continue;
                }
                let outcome = hooks.call(&call, &self.variables());
                let sender = self.sender.clone();
                self.last_call += 1;
                let number = self.last_call;
                self.calls.insert(number, call.id);
                self.hooks.spawn(async move {
                    let outcome = outcome.await;
                    let _nobody_waits = sender.send(Event::Hook { number, outcome }).await;
                });
            } else {
                return;
            }
        }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let target = self.places.target().map(|target| target.to_string());
        vec![
            ("H248_TESTER".to_owned(), self.tester()),
            ("H248_TARGET".to_owned(), target.unwrap_or_default()),
        ]
    }

    fn speak(&self, rtp: &Rtp) {
        let host = rtp.host.as_ref().and_then(|host| host.parse().ok());
        let host = host.or(self.places.target().map(|target| target.ip()));
        let to = SocketAddr::new(host.unwrap_or(self.options.address), rtp.port);
        self.places.speak(rtp.phone, &rtp.octets, to);
    }

    /// What passes has to have been said by the gateway that is said to be under test. A controller may ask from any of its
    /// ports, and a connection or an association comes from any: of those the host is known.
    fn strange(&self, from: Address) -> Option<String> {
        let said = self
            .options
            .target
            .filter(|_| self.options.role == Role::Mgc)?;
        if self.places.said() != Some(said) {
            // A hook has said otherwise.
            return None;
        }
        let host = |at: SocketAddr| at.ip().to_canonical();
        let is_another = match from.carrier {
            Carrier::Udp => from.socket.port() != said.port() || host(from.socket) != host(said),
            Carrier::Tcp | Carrier::Sctp => host(from.socket) != host(said),
        };
        is_another.then(|| {
            format!(
                "expected {said}, which is said to be under test; found {} speaking",
                from.socket
            )
        })
    }

    /// Takes what came.
    async fn handle(&mut self, event: Option<Event>, player: &mut Player) {
        match event {
            Some(Event::Message {
                place,
                octets,
                from,
                at,
            }) => {
                if is_media(&octets) && self.places.target() != Some(from.socket) {
                    return;
                }
                self.came += 1;
                self.stranger = self.stranger.take().or_else(|| self.strange(from));
                self.places.heard(&place, from);
                player.handle_message(&place, &octets, at);
            }
            Some(Event::Garbled { place, told, at }) => {
                self.came += 1;
                player.handle_garbled(&place, &told, at);
            }
            Some(Event::Rtp { phone, octets, at }) => player.handle_rtp(phone, &octets, at),
            Some(Event::Opened { place, outlet }) => {
                self.places.opened(&place, outlet).await;
                player.handle_opened(&place);
            }
            Some(Event::Closed { place, number }) if self.places.closed(&place, number) => {
                player.handle_closed(&place, now());
            }
            Some(Event::Associated {
                place,
                peer,
                is_open,
            }) => {
                if is_open {
                    player.handle_opened(&place);
                } else if self.places.speaks_to(&place, peer) {
                    player.handle_closed(&place, now());
                }
            }
            Some(Event::Hook { number, outcome }) if self.calls.contains_key(&number) => {
                let id = self.calls.remove(&number).unwrap_or_default();
                self.learn(&outcome);
                player.handle_hook(id, outcome, now());
            }
            Some(Event::Closed { .. } | Event::Hook { .. }) | None => {}
        }
    }

    /// A hook may say where what is under test listens now.
    fn learn(&mut self, outcome: &HookOutcome) {
        let address = |wanted: &str| {
            let mut names = outcome.names.iter();
            let (_, value) = names.find(|(name, _)| name == wanted)?;
            value.parse().ok()
        };
        if let Some(target) = address("IUT_ADDR") {
            self.places.set_target(Some(target), address("IUT_BINARY"));
        }
    }
}

/// Whether it is RTP or RTCP (RFC 3550 5.1), which strangers send to whoever had a port before.
fn is_media(octets: &[u8]) -> bool {
    octets.first().is_some_and(|first| first >> 6 == 2)
}

#[cfg(test)]
mod tests;
