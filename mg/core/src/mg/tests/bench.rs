//! A controller that speaks text, and an engine that keeps what it is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant, SystemTime},
};

use codec_h248::{
    Host, IntoBoundedStatic, Limits as DecodeLimits, List, MId, Message, MessageBody, Style,
    TextProfile, Transaction, TransactionReply, TransactionRequest, decode, encode, list,
};
use mg_contract::{GroupId, Hears, LineRef, StreamRef, StreamSettings, StreamStatistics, Ticket};

use transport_h248::Address;

use super::super::*;
use crate::{Codecs, Limits, Secret};

/// Where the controller listens.
pub(super) const MGC: &str = "192.0.2.1:2944";

/// A gateway, its controller and its engine.
pub(super) struct Bench {
    pub(super) mg: Mg,
    pub(super) now: Instant,
    pub(super) engine: Engine,
    /// Port pairs that do not bind.
    pub(super) unbindable: BTreeSet<RtpPort>,
    /// Whether the shell answers no binding.
    pub(super) binding_stalls: bool,
    pub(super) sent: Vec<Transmit>,
    next_transaction: u32,
}

/// What the engine has been told.
#[derive(Default)]
pub(super) struct Engine {
    pub(super) streams: BTreeMap<StreamRef, EngineStream>,
    ports: BTreeSet<RtpPort>,
    /// What listeners hear of sources, where they were told.
    hears: BTreeMap<(StreamRef, StreamRef), Hears>,
    /// Every command so far.
    pub(super) log: Vec<Command>,
    /// What it says of every stream.
    pub(super) statistics: StreamStatistics,
    /// Whether it answers nothing.
    pub(super) silent: bool,
    /// Tickets that it has not answered.
    pub(super) unanswered: Vec<Ticket>,
}

/// One stream of the engine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct EngineStream {
    /// Its port pair, if it is not a line's.
    pub(super) port: Option<RtpPort>,
    pub(super) line: Option<LineRef>,
    pub(super) group: GroupId,
    pub(super) settings: StreamSettings,
}

pub(super) fn config() -> Config {
    Config {
        mid: MId::Address {
            host: Host("192.0.2.10".parse().expect("an address")),
            port: Some(2944),
        },
        mgcs: vec![MGC.parse().expect("an address")],
        waiting_max: Duration::ZERO,
        profile: None,
        rtp_address: "192.0.2.10".parse().expect("an address"),
        rtp_ports: 20_000..=20_099,
        ports_ahead: 4,
        codecs: Codecs::default(),
        secret: Some(Secret([9; 32])),
        lines: Vec::new(),
        packages: Vec::new(),
        announcements: BTreeSet::from([12, 21]),
        duck: 12,
        records: false,
        zconfmix: false,

        strict: false,
        limits: Limits::default(),
        transport: transport_h248::Config::default(),
    }
}

impl Bench {
    /// A gateway that has sent its registration.
    pub(super) fn started(config: Config) -> Self {
        Self::started_at(config, Instant::now())
    }

    fn started_at(config: Config, now: Instant) -> Self {
        let anchor = Anchor {
            instant: now,
            system: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_502_280),
        };
        let mut bench = Self {
            mg: Mg::new(config, 7, anchor, now),
            now,
            engine: Engine::default(),
            unbindable: BTreeSet::new(),
            binding_stalls: false,
            sent: Vec::new(),
            next_transaction: 9_000,
        };
        bench.pump();
        bench
    }

    /// A gateway that is registered.
    pub(super) fn registered(config: Config) -> Self {
        Self::registered_at(config, Instant::now())
    }

    /// The same at that instant.
    pub(super) fn registered_at(config: Config, now: Instant) -> Self {
        let mut bench = Self::started_at(config, now);
        let id = bench.sent_request().id.0;
        bench.receive(&format!(
            "MEGACO/1 [192.0.2.1]:2944 Reply={id}{{Context=-{{ServiceChange=ROOT{{Services\
             {{Version=3}}}}}}}}"
        ));
        assert!(bench.mg.snapshot().registered);
        while bench.mg.poll_event().is_some() {}
        bench.sent.clear();
        bench
    }

    /// A registered gateway with everything as usual.
    pub(super) fn usual() -> Self {
        Self::registered(config())
    }

    /// Takes a message of the controller.
    pub(super) fn receive(&mut self, text: &str) {
        self.receive_from(text, MGC);
    }

    /// Takes a message from anywhere.
    pub(super) fn receive_from(&mut self, text: &str, from: &str) {
        let from = from.parse::<Address>().expect("an address");
        self.mg
            .handle_message(text.as_bytes(), from.into(), self.now);
        self.pump();
    }

    /// Sends a transaction without waiting for its reply.
    pub(super) fn send(&mut self, actions: &str) -> u32 {
        self.next_transaction += 1;
        let id = self.next_transaction;
        self.receive(&format!(
            "MEGACO/3 [192.0.2.1]:2944 Transaction={id}{{{actions}}}"
        ));
        id
    }

    /// Sends a transaction, and returns what its reply says in compact text.
    pub(super) fn ask(&mut self, actions: &str) -> String {
        let id = self.send(actions);
        self.reply_to(id)
            .unwrap_or_else(|| panic!("no reply to {actions}"))
    }

    /// What the reply to a transaction says in compact text, if it has been sent.
    pub(super) fn reply_to(&mut self, id: u32) -> Option<String> {
        let mut found = None;
        for transmit in std::mem::take(&mut self.sent) {
            for transaction in transactions(&transmit) {
                if let Transaction::Reply(reply) = transaction
                    && reply.id.0 == id
                {
                    found = Some(compact(reply));
                }
            }
        }
        found
    }

    /// The request that the gateway has sent last.
    pub(super) fn sent_request(&self) -> TransactionRequest<'static> {
        self.requests().pop().expect("a request was sent")
    }

    /// The requests that the gateway has sent.
    pub(super) fn requests(&self) -> Vec<TransactionRequest<'static>> {
        let all = self.sent.iter().flat_map(transactions);
        let requests = all.filter_map(|transaction| match transaction {
            Transaction::Request(request) => Some(request),
            Transaction::Reply(_)
            | Transaction::Pending(_)
            | Transaction::ResponseAck(_)
            | Transaction::SegmentReply(_) => None,
        });
        requests.collect()
    }

    /// Lets time pass, waking the gateway whenever it wants to be woken.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some((at, _)) = self.mg.poll_timeout().filter(|(at, _)| *at <= end) {
            self.now = at.max(self.now);
            self.mg.handle_timeout(self.now);
            self.pump();
        }
        self.now = end;
    }

    /// Does all that the shell and the engine do.
    pub(super) fn pump(&mut self) {
        loop {
            let mut idle = true;
            while !self.binding_stalls
                && let Some(port) = self.mg.poll_bind()
            {
                let fails = self.unbindable.contains(&port);
                let bound = if fails { Bound::Failed } else { Bound::Ready };
                self.mg.handle_bound(port, bound, self.now);
                idle = false;
            }
            while let Some(command) = self.mg.poll_media() {
                if let Some(report) = self.engine.handle(command) {
                    self.mg.handle_media(report, self.now);
                }
                idle = false;
            }
            while let Some(transmit) = self.mg.poll_transmit() {
                self.sent.push(transmit);
                idle = false;
            }
            if idle {
                return;
            }
        }
    }

    /// Answers what the engine has left unanswered.
    pub(super) fn answer_late(&mut self) {
        for ticket in std::mem::take(&mut self.engine.unanswered) {
            let statistics = self.engine.statistics;
            self.mg
                .handle_media(Report::Statistics { ticket, statistics }, self.now);
        }
        self.pump();
    }

    /// Everything that a command can change.
    pub(super) fn state(&self) -> String {
        format!("{:?}", self.mg.gateway)
    }

    /// Names of Terminations by Context.
    pub(super) fn members(&self) -> Vec<(u32, Vec<String>)> {
        let contexts = self.mg.snapshot().contexts.into_iter();
        let names = |one: &TerminationView| one.id.to_string();
        contexts
            .map(|one| (one.id, one.terminations.iter().map(names).collect()))
            .collect()
    }

    /// Stream 1 of a Termination at the engine.
    pub(super) fn stream(&self, name: &str) -> (StreamRef, EngineStream) {
        let snapshot = self.mg.snapshot();
        let all = snapshot.contexts.iter().flat_map(|one| &one.terminations);
        let found = all.into_iter().find(|one| one.id.as_str() == name);
        let stream = found.expect("it exists").streams[0].stream;
        let stream = stream.expect("it has a port pair");
        (stream, self.engine.streams[&stream].clone())
    }
}

impl Engine {
    /// What one stream hears of another.
    pub(super) fn hears(&self, listener: StreamRef, source: StreamRef) -> Hears {
        let told = self.hears.get(&(listener, source)).copied();
        told.unwrap_or(Hears {
            received: true,
            sent: false,
        })
    }

    fn forget(&mut self, stream: StreamRef) {
        self.hears
            .retain(|(listener, source), _| *listener != stream && *source != stream);
    }

    fn open(&mut self, stream: StreamRef, new: EngineStream) {
        let former = self.streams.insert(stream, new);
        assert_eq!(former, None, "a stream's name is used twice");
    }

    fn handle(&mut self, command: Command) -> Option<Report> {
        self.log.push(command.clone());
        let ticket = match command {
            Command::Open {
                stream,
                port,
                group,
                settings,
            } => {
                assert!(self.ports.insert(port), "{port:?} is opened twice");
                let new = EngineStream {
                    port: Some(port),
                    line: None,
                    group,
                    settings,
                };
                self.open(stream, new);
                return None;
            }
            Command::Modify { stream, settings } => {
                self.streams.get_mut(&stream).expect("it is open").settings = settings;
                return None;
            }
            Command::Move { stream, group } => {
                self.streams.get_mut(&stream).expect("it is open").group = group;
                self.forget(stream);
                return None;
            }
            Command::Hear {
                listener,
                source,
                hears,
            } => {
                let group = |stream| self.streams.get(&stream).expect("it is open").group;
                assert_eq!(group(listener), group(source), "they are not mixed");
                self.hears.insert((listener, source), hears);
                return None;
            }
            Command::OpenLine {
                stream,
                line,
                group,
                settings,
            } => {
                let busy = self.streams.values().any(|one| one.line == Some(line));
                assert!(!busy, "{line:?} is opened twice");
                let new = EngineStream {
                    port: None,
                    line: Some(line),
                    group,
                    settings,
                };
                self.open(stream, new);
                return None;
            }
            Command::Play { .. }
            | Command::Stop { .. }
            | Command::Detect { .. }
            | Command::Speak { .. } => return None,
            Command::Close { stream, ticket } => {
                let closed = self.streams.remove(&stream).expect("it is open");
                if let Some(port) = closed.port {
                    self.ports.remove(&port);
                }
                self.forget(stream);
                ticket
            }
            Command::Audit { stream, ticket } => {
                assert!(self.streams.contains_key(&stream), "it is open");
                ticket
            }
        };
        if self.silent {
            self.unanswered.push(ticket);
            return None;
        }
        let statistics = self.statistics;
        Some(Report::Statistics { ticket, statistics })
    }
}

/// What a datagram of the gateway holds.
pub(super) fn transactions(transmit: &Transmit) -> List<Transaction<'static>> {
    let message = decode(&transmit.octets, &DecodeLimits::default());
    match message
        .expect("the gateway sends what can be read")
        .into_static()
        .body
    {
        MessageBody::Error(error) => panic!("the gateway could not read: {error}"),
        MessageBody::Transactions(transactions) => transactions,
    }
}

/// A reply in compact text, without its number, line ends as `|`.
pub(super) fn compact(mut reply: TransactionReply<'static>) -> String {
    reply.id.0 = 1;
    reply.immediate_ack = false;
    let profile = TextProfile::of(Style::Compact);
    let mut octets = Vec::new();
    let message = Message {
        authentication: None,
        version: 3,
        mid: MId::Device("mg".into()),
        body: MessageBody::Transactions(list![Transaction::Reply(reply)]),
    };
    encode(&message, &profile, &mut octets);
    let text = String::from_utf8(octets).expect("the codec writes text");
    let text = text.trim().replace("\r\n", "|").replace('\n', "|");
    let inner = text
        .strip_prefix("!/3 mg P=1{")
        .and_then(|text| text.strip_suffix('}'));
    inner.expect("a reply").to_owned()
}

/// Media of an Add: one stream with that Mode, both ends said.
pub(super) fn media(mode: &str, formats: &str, remote_port: u16) -> String {
    format!(
        "Media{{Stream=1{{LocalControl{{Mode={mode}}},Local{{\nv=0\nc=IN IP4 $\nm=audio $ RTP/AVP \
         {formats}\n}},Remote{{\nv=0\nc=IN IP4 198.51.100.1\nm=audio {remote_port} RTP/AVP \
         {formats}\n}}}}}}"
    )
}

/// An Add of one Termination that hears and is heard.
pub(super) fn add(remote_port: u16) -> String {
    format!("Add=${{{}}}", media("SendReceive", "8", remote_port))
}
