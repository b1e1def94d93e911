//! A gateway as the platform sees it: Contexts and Terminations, and refusals on request.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Instant,
};

use codec_h248::{
    ActionReply, ActionRequest, AmmRequest, AmmsReply, AuditReply, AuditRequest, Command,
    CommandReply, ContextId, List, MId, NotifyRequest, PackageItem, ParmValue, ServiceChangeReply,
    ServiceChangeRequest, ServiceChangeResult, TerminationId, TimeStamp, TopologyDirection,
    TransactionId, TransactionResult, Value,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditItem, AuditReturn, ErrorCode, ErrorDescriptor,
        EventsDescriptor, MediaDescriptor, NamedParameter, ObservedEvent, ObservedEventsDescriptor,
        PackageVersion, PackagesDescriptor, RequestId, ServiceChangeDescriptor,
        ServiceChangeMethod, ServiceChangeProfile, SessionDescription, SignalParm,
        SignalsDescriptor, StatisticsDescriptor, StreamDescriptor, StreamId, StreamMode,
        StreamParms, Streams,
    },
    list,
};
use transport_h248::{Address, Config, Endpoint, Event, PeerId};

/// The kinds of commands that a test refuses or counts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Add,
    Move,
    Modify,
    Subtract,
    Audit,
    ServiceChange,
}

/// What audits tell of Terminations.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Tells {
    All,
    Names,
    /// Names, where nothing else is asked; else it refuses.
    NamesAlone,
}

/// A Termination.
#[derive(Clone, Debug)]
pub(crate) struct Termination {
    pub(crate) context: u32,
    pub(crate) mode: StreamMode,
    pub(crate) port: u16,
    pub(crate) remote: String,
    pub(crate) events: EventsDescriptor<'static>,
    pub(crate) signals: SignalsDescriptor<'static>,
    /// The package properties of its last LocalControl.
    pub(crate) properties: Vec<String>,
}

/// A played gateway.
#[derive(Debug)]
pub(crate) struct Gateway {
    pub(crate) endpoint: Endpoint,
    pub(crate) address: Address,
    peer: PeerId,
    pub(crate) terminations: BTreeMap<String, Termination>,
    next_context: u32,
    next_termination: u32,
    next_port: u16,
    /// The commands that are refused, in the order in which they come.
    pub(crate) refusals: VecDeque<(Kind, ErrorCode)>,
    /// What was asked, in order, without audits.
    pub(crate) log: Vec<String>,
    /// How many Subtracts wanted no statistics.
    pub(crate) unasked: usize,
    /// The replies to requests of this gateway.
    pub(crate) replies: Vec<TransactionResult<'static>>,
    /// Requests that wait until the test lets them be executed.
    pub(crate) held: VecDeque<(TransactionId, List<ActionRequest<'static>>)>,
    pub(crate) hold: bool,
    /// Whether requests are refused because the reply to the registration is not there yet.
    pub(crate) unready: bool,
    /// Whether nothing that is sent to it arrives.
    pub(crate) deaf: bool,
    /// What Add's replies say of Local instead of the truth.
    pub(crate) local_override: Option<&'static str>,
    /// What it tells of a Termination that is subtracted.
    pub(crate) counted: Option<StatisticsDescriptor<'static>>,
    /// Whether CHOOSE gives the Context that was made last, which others are in.
    pub(crate) mixes: bool,
    /// Whether it tells the files of its recordings itself, of which this is how many there are.
    pub(crate) recordings: Option<u32>,
    /// What its audits tell of Terminations.
    pub(crate) tells: Tells,
    /// Whether its replies are about another Termination than was asked for.
    pub(crate) misnames: bool,
    /// What it tells of its packages.
    pub(crate) packages: Vec<&'static str>,
    /// How often it was asked for them.
    pub(crate) packages_asked: usize,
    /// The profile that it registers with.
    pub(crate) profile: Option<ServiceChangeProfile<'static>>,
}

impl Termination {
    /// Takes the LocalControl of a command, which takes the place of the one before (H.248.1 7.1.7).
    fn control(&mut self, request: &AmmRequest<'static>) {
        if let Some(mode) = mode_of(request) {
            self.mode = mode;
            self.properties = properties_of(request);
        }
    }

    /// The events that are armed.
    pub(crate) fn armed(&self) -> Vec<String> {
        let events = self.events.events.iter();
        events.map(|event| event.name.to_string()).collect()
    }
}

impl Gateway {
    pub(crate) fn new(name: &'static str, address: Address, mgc: Address, now: Instant) -> Self {
        let mid = MId::Device(name.into());
        let mut endpoint = Endpoint::new(Config::default(), mid, u64::from(address.socket.port()));
        let peer = endpoint.connect(mgc, now);
        Self {
            endpoint,
            address,
            peer,
            terminations: BTreeMap::new(),
            next_context: 1,
            next_termination: 1,
            next_port: 20_000,
            refusals: VecDeque::new(),
            log: Vec::new(),
            unasked: 0,
            replies: Vec::new(),
            held: VecDeque::new(),
            hold: false,
            unready: false,
            deaf: false,
            local_override: None,
            counted: None,
            mixes: false,
            recordings: None,
            tells: Tells::All,
            misnames: false,
            packages: Vec::new(),
            packages_asked: 0,
            profile: None,
        }
    }

    /// Asks for a ServiceChange.
    pub(crate) fn service_change(
        &mut self,
        termination: &str,
        method: ServiceChangeMethod<'static>,
        reason: &'static str,
        now: Instant,
    ) {
        let mut services = ServiceChangeDescriptor::new(method, Value::quoted(reason));
        services.version = (termination == "ROOT").then_some(3);
        services.profile = self.profile.clone();
        let command = Command::ServiceChange(ServiceChangeRequest {
            terminations: list![TerminationId::from_name(termination.to_owned())],
            services: Box::new(services),
        });
        self.request(ContextId::Null, command, now);
    }

    /// Takes a Termination out of service.
    pub(crate) fn force_out(&mut self, termination: &str, now: Instant) {
        let (method, reason) = (
            ServiceChangeMethod::Forced,
            "905 Termination taken out of service",
        );
        self.service_change(termination, method, reason, now);
    }

    /// Forgets everything and registers anew.
    pub(crate) fn restart(&mut self, now: Instant) {
        self.terminations.clear();
        self.held.clear();
        self.register(now);
    }

    fn register(&mut self, now: Instant) {
        self.service_change("ROOT", ServiceChangeMethod::Restart, "901 Cold Boot", now);
    }

    /// Notifies an event.
    pub(crate) fn notify(&mut self, event: PackageItem<'static>, now: Instant) {
        let event = ObservedEvent {
            time_stamp: Some(TimeStamp {
                date: 20_261_124,
                time: 0,
            }),
            name: event,
            stream: None,
            parameters: Vec::new(),
        };
        let command = Command::Notify(NotifyRequest {
            terminations: list![TerminationId::from_name("rtp/1")],
            observed_events: ObservedEventsDescriptor {
                request_id: RequestId::Id(1),
                events: vec![event],
            },
            error: None,
        });
        self.request(ContextId::Id(1), command, now);
    }

    /// Notifies what was observed at a Termination, under a request.
    pub(crate) fn observe(
        &mut self,
        termination: &str,
        request: RequestId,
        name: PackageItem<'static>,
        parameters: &[(&'static str, Value<'static>)],
        now: Instant,
    ) {
        let parameter = |(name, value): &(&'static str, Value<'static>)| NamedParameter {
            name: (*name).into(),
            value: ParmValue::Equal(value.clone()),
        };
        let event = ObservedEvent {
            time_stamp: None,
            name,
            stream: None,
            parameters: parameters.iter().map(parameter).collect(),
        };
        let command = Command::Notify(NotifyRequest {
            terminations: list![TerminationId::from_name(termination.to_owned())],
            observed_events: ObservedEventsDescriptor {
                request_id: request,
                events: vec![event],
            },
            error: None,
        });
        self.request(ContextId::Id(1), command, now);
    }

    fn request(&mut self, context: ContextId, command: Command<'static>, now: Instant) {
        let action = ActionRequest::new(context, list![command.into()]);
        self.endpoint.request(self.peer, list![action], now);
    }

    /// Carries out what has arrived.
    pub(crate) fn advance(&mut self, now: Instant) {
        while let Some((peer, event)) = self.endpoint.poll_event() {
            match event {
                Event::Request { id, actions, .. } if self.hold => {
                    assert_eq!(peer, self.peer);
                    self.held.push_back((id, actions));
                }
                Event::Request { id, actions, .. } => self.execute(id, actions, now),
                Event::Reply { result, .. } => self.replies.push(result),
                // Nothing but a registration is asked through a cut network.
                Event::TimedOut { .. } if !self.deaf => self.register(now),
                Event::TimedOut { .. } | Event::Unsent { .. } => {}
                Event::MessageError { .. } | Event::CarrierLost => {}
            }
        }
    }

    /// Carries out the held requests, the last one first.
    pub(crate) fn release_backwards(&mut self, now: Instant) {
        self.hold = false;
        while let Some((id, actions)) = self.held.pop_back() {
            self.execute(id, actions, now);
        }
    }

    fn execute(&mut self, id: TransactionId, actions: List<ActionRequest<'static>>, now: Instant) {
        if self.unready {
            let error = ErrorDescriptor::new(ErrorCode::NOT_REGISTERED);
            let result = TransactionResult::Error(error);
            self.endpoint.reply(self.peer, id, result, now);
            return;
        }
        let mut replies = Vec::new();
        for action in actions {
            self.log_topology(&action);
            for request in action.commands {
                replies.extend(self.command(action.context, request.command, now));
            }
        }
        let result = TransactionResult::Actions(replies.into());
        self.endpoint.reply(self.peer, id, result, now);
    }

    fn log_topology(&mut self, action: &ActionRequest<'static>) {
        let triples = action.topologies().flatten().map(|triple| {
            let way = match triple.direction {
                TopologyDirection::Bothway => "BW",
                TopologyDirection::Isolate => "IS",
                TopologyDirection::Oneway => "OW",
                TopologyDirection::OnewayExternal | TopologyDirection::OnewayBoth => "?",
            };
            format!("{} {} {way}", triple.from, triple.to)
        });
        let triples: Vec<String> = triples.collect();
        if !triples.is_empty() {
            let line = format!("Topology {} {}", action.context, triples.join(", "));
            self.log.push(line);
        }
    }

    fn command(
        &mut self,
        context: ContextId,
        command: Command<'static>,
        now: Instant,
    ) -> List<ActionReply<'static>> {
        match command {
            Command::Add(request) => {
                let done = self.add(context, &request);
                list![self.amms(Kind::Add, context, request, done)]
            }
            Command::Move(request) => {
                let done = self.move_to(context, &request);
                list![self.amms(Kind::Move, context, request, done)]
            }
            Command::Modify(request) if request.terminations[0].is_root() => {
                self.log
                    .push(format!("Modify ROOT {:?}", request.descriptors));
                let reply = AmmsReply {
                    terminations: request.terminations,
                    descriptors: List::new(),
                };
                list![action_reply(context, CommandReply::Modify(reply))]
            }
            Command::Modify(request) => {
                let done = self.modify(context, &request, now);
                list![self.amms(Kind::Modify, context, request, done)]
            }
            Command::Subtract(request) => {
                let wanted = request.audit.is_none_or(|audit| !audit.items.is_empty());
                self.unasked += usize::from(!wanted);
                let request = AmmRequest {
                    terminations: request.terminations,
                    descriptors: List::new(),
                };
                let done = self.subtract(context, &request);
                list![self.amms(Kind::Subtract, context, request, done)]
            }
            Command::AuditValue(request) if request.terminations[0].is_root() => {
                let root = AmmsReply {
                    descriptors: self.audit_root(&request.audit),
                    terminations: request.terminations,
                };
                let reply = CommandReply::AuditValue(AuditReply::Termination(root));
                list![action_reply(context, reply)]
            }
            Command::AuditValue(request)
                if request.audit.items.is_empty() || self.tells == Tells::Names =>
            {
                self.audit(&request.terminations[0])
            }
            Command::AuditValue(request) => self.audit_one(&request),
            Command::ServiceChange(request) => list![self.service_changed(request)],
            Command::AuditCapability(_) | Command::Notify(_) => {
                panic!("the platform does not ask that")
            }
        }
    }

    fn audit_root(&mut self, audit: &AuditDescriptor<'static>) -> List<AuditReturn<'static>> {
        if !audit.items.contains(&AuditItem::Packages) {
            return List::new();
        }
        self.packages_asked += 1;
        if let Err(code) = self.refuse(Kind::Audit) {
            return list![AuditReturn::Error(ErrorDescriptor::new(code))];
        }
        let packages = self.packages.iter().map(|name| PackageVersion {
            name: (*name).into(),
            version: 1,
        });
        list![AuditReturn::Packages(PackagesDescriptor {
            packages: packages.collect(),
        })]
    }

    /// Goes to another controller, unless it is to refuse.
    fn service_changed(&mut self, request: ServiceChangeRequest<'static>) -> ActionReply<'static> {
        let services = request.services;
        let to = services.mgc_id.as_ref().map(ToString::to_string);
        self.log.push(format!(
            "{:?} to {}",
            services.method,
            to.unwrap_or_default()
        ));
        let result = match self.refuse(Kind::ServiceChange) {
            Ok(()) => ServiceChangeResult::Accepted,
            Err(code) => ServiceChangeResult::Error(ErrorDescriptor::new(code)),
        };
        let reply = ServiceChangeReply {
            terminations: request.terminations,
            result,
        };
        action_reply(ContextId::Null, CommandReply::ServiceChange(reply))
    }

    fn amms(
        &mut self,
        kind: Kind,
        context: ContextId,
        request: AmmRequest<'static>,
        done: Result<(u32, String, List<AuditReturn<'static>>), ErrorCode>,
    ) -> ActionReply<'static> {
        let name = request.terminations[0].as_str();
        let mode = mode_of(&request).map_or("", mode_name);
        self.log.push(match &done {
            Ok((at, made, _)) => format!("{kind:?} {context} {made}{mode} -> {at}"),
            Err(code) => format!("{kind:?} {context} {name}{mode} -> error {code}"),
        });
        let (context, name, descriptors) = match done {
            Ok((at, name, descriptors)) => (ContextId::Id(at), name, descriptors),
            Err(code) => {
                let error = AuditReturn::Error(ErrorDescriptor::new(code));
                (context, name.to_owned(), list![error])
            }
        };
        let name = if self.misnames {
            "rtp/0".to_owned()
        } else {
            name
        };
        let reply = AmmsReply {
            terminations: list![TerminationId::from_name(name)],
            descriptors,
        };
        let command = match kind {
            Kind::Add => CommandReply::Add(reply),
            Kind::Move => CommandReply::Move(reply),
            Kind::Modify => CommandReply::Modify(reply),
            Kind::Subtract => CommandReply::Subtract(reply),
            Kind::Audit | Kind::ServiceChange => {
                CommandReply::AuditValue(AuditReply::Termination(reply))
            }
        };
        action_reply(context, command)
    }

    fn refuse(&mut self, kind: Kind) -> Result<(), ErrorCode> {
        match self.refusals.front() {
            Some((next, code)) if *next == kind => {
                let code = *code;
                self.refusals.pop_front();
                Err(code)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn target(&mut self, context: ContextId) -> Result<u32, ErrorCode> {
        match context {
            ContextId::Choose if self.mixes => Ok(self.next_context - 1),
            ContextId::Choose => {
                self.next_context += 1;
                Ok(self.next_context - 1)
            }
            ContextId::Id(id) if self.terminations.values().any(|term| term.context == id) => {
                Ok(id)
            }
            ContextId::Id(_) | ContextId::Null | ContextId::All => Err(ErrorCode::UNKNOWN_CONTEXT),
        }
    }

    fn add(
        &mut self,
        context: ContextId,
        request: &AmmRequest<'static>,
    ) -> Result<(u32, String, List<AuditReturn<'static>>), ErrorCode> {
        self.refuse(Kind::Add)?;
        let parms = stream_of(request).expect("an Add has a stream");
        let local = text(parms.local.as_ref());
        let asked = local.split("m=audio ").nth(1).expect("Local has m=audio");
        let (port, formats) = asked.split_once(" RTP/AVP ").expect("RTP");
        let port = match port {
            "$" => {
                self.next_port += 2;
                self.next_port - 2
            }
            port => port.parse().expect("a port"),
        };
        if self.terminations.values().any(|term| term.port == port) {
            return Err(ErrorCode::INSUFFICIENT_RESOURCES);
        }
        let context = self.target(context)?;
        let name = format!("rtp/{}", self.next_termination);
        self.next_termination += 1;
        let termination = Termination {
            context,
            mode: mode_of(request).unwrap_or_default(),
            port,
            // A holder has none.
            remote: parms
                .remote
                .as_ref()
                .map_or_else(String::new, |remote| text(Some(remote))),
            events: events_of(request).cloned().unwrap_or_default(),
            signals: SignalsDescriptor::default(),
            properties: properties_of(request),
        };
        self.terminations.insert(name.clone(), termination);
        let format = formats.split([' ', '\r']).next().expect("a format");
        let answer = format!("v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio {port} RTP/AVP {format}\r\n");
        let answer = self.local_override.map_or(answer, str::to_owned);
        Ok((context, name, list![local_return(answer)]))
    }

    fn move_to(
        &mut self,
        context: ContextId,
        request: &AmmRequest<'static>,
    ) -> Result<(u32, String, List<AuditReturn<'static>>), ErrorCode> {
        self.refuse(Kind::Move)?;
        let name = request.terminations[0].as_str().to_owned();
        if !self.terminations.contains_key(&name) {
            return Err(ErrorCode::UNKNOWN_TERMINATION);
        }
        let context = self.target(context)?;
        let termination = self.terminations.get_mut(&name).expect("looked up above");
        termination.context = context;
        termination.control(request);
        Ok((context, name, List::new()))
    }

    fn find(&self, context: ContextId, name: &str) -> Result<u32, ErrorCode> {
        let at = self.terminations.get(name).map(|term| term.context);
        let at = at.ok_or(ErrorCode::UNKNOWN_TERMINATION)?;
        if context != ContextId::Id(at) {
            return Err(ErrorCode::NOT_IN_CONTEXT);
        }
        Ok(at)
    }

    fn modify(
        &mut self,
        context: ContextId,
        request: &AmmRequest<'static>,
        now: Instant,
    ) -> Result<(u32, String, List<AuditReturn<'static>>), ErrorCode> {
        self.refuse(Kind::Modify)?;
        let name = request.terminations[0].as_str().to_owned();
        let at = self.find(context, &name)?;
        let termination = self.terminations.get_mut(&name).expect("found above");
        termination.control(request);
        let remote = stream_of(request).and_then(|parms| parms.remote.as_ref());
        if remote.is_some() {
            termination.remote = text(remote);
        }
        if let Some(events) = events_of(request) {
            termination.events = events.clone();
        }
        let signals = request.descriptors.iter().find_map(|descriptor| {
            if let AmmDescriptor::Signals(signals) = descriptor {
                Some(signals.clone())
            } else {
                None
            }
        });
        if let Some(signals) = signals {
            let before = std::mem::replace(&mut termination.signals, signals);
            self.note_recording(&name, &before, now);
        }
        Ok((at, name, List::new()))
    }

    fn subtract(
        &mut self,
        context: ContextId,
        request: &AmmRequest<'static>,
    ) -> Result<(u32, String, List<AuditReturn<'static>>), ErrorCode> {
        self.refuse(Kind::Subtract)?;
        let name = request.terminations[0].as_str().to_owned();
        let at = self.find(context, &name)?;
        self.terminations.remove(&name);
        let counted = self.counted.clone().map(AuditReturn::Statistics);
        Ok((at, name, counted.into_iter().collect()))
    }

    fn audit(&mut self, pattern: &TerminationId<'static>) -> List<ActionReply<'static>> {
        if let Err(code) = self.refuse(Kind::Audit) {
            return list![audit_error(pattern, code)];
        }
        let mut contexts: BTreeMap<u32, Vec<TerminationId<'static>>> = BTreeMap::new();
        for (name, termination) in &self.terminations {
            let name = TerminationId::from_name(name.clone());
            if pattern.matches(&name) {
                contexts.entry(termination.context).or_default().push(name);
            }
        }
        if contexts.is_empty() {
            let code = if pattern.is_all() {
                ErrorCode::NO_MATCH
            } else {
                ErrorCode::UNKNOWN_TERMINATION
            };
            return list![audit_error(pattern, code)];
        }
        contexts
            .into_iter()
            .map(|(context, names)| {
                let reply = CommandReply::AuditValue(AuditReply::Context(names.into()));
                action_reply(ContextId::Id(context), reply)
            })
            .collect()
    }

    /// Tells what is asked of one Termination, where it is somewhere.
    fn audit_one(&mut self, request: &AuditRequest<'static>) -> List<ActionReply<'static>> {
        let name = &request.terminations[0];
        let Some(found) = self.terminations.get(name.as_str()).cloned() else {
            return self.audit(name);
        };
        if self.tells == Tells::NamesAlone {
            return list![audit_error(name, ErrorCode::NOT_IMPLEMENTED)];
        }
        let asked = &request.audit.items;
        assert_eq!(*asked, [AuditItem::Events, AuditItem::Signals]);
        let reply = AmmsReply {
            terminations: list![name.clone()],
            descriptors: list![
                AuditReturn::Events(found.events),
                AuditReturn::Signals(found.signals),
            ],
        };
        let reply = CommandReply::AuditValue(AuditReply::Termination(reply));
        list![action_reply(ContextId::Id(found.context), reply)]
    }

    /// Ends what a Termination records, and tells its file under the request that is armed by now.
    pub(crate) fn end_recording(&mut self, name: &str, now: Instant) {
        let Some(number) = self.recordings else {
            return;
        };
        let termination = self.terminations.get_mut(name).expect("it is there");
        termination.signals = SignalsDescriptor::default();
        let request = termination.events.request_id;
        self.tell_file(name, number, request.expect("it is armed"), now);
    }

    fn tell_file(&mut self, name: &str, number: u32, request: RequestId, now: Instant) {
        let event = PackageItem::known("aasrec", "precsucc");
        let told = [
            ("ri", Value::quoted(format!("{number}.wav"))),
            ("rdur", Value::bare("250")),
        ];
        self.observe(name, request, event, &told, now);
    }

    /// Carries out what a Signals descriptor means for recordings.
    fn note_recording(&mut self, name: &str, before: &SignalsDescriptor<'static>, now: Instant) {
        let Some(number) = self.recordings else {
            return;
        };
        let termination = &self.terminations[name];
        let begins = records(&termination.signals).is_some_and(|kept| !kept);
        let goes_on = records(&termination.signals) == Some(true);
        let request = termination.events.request_id;
        if begins {
            self.recordings = Some(number + 1);
        }
        if let Some(request) = request.filter(|_| records(before).is_some() && !goes_on) {
            self.tell_file(name, number, request, now);
        }
    }

    /// The Terminations of each Context, with those that are not open marked.
    pub(crate) fn picture(&self) -> Vec<Vec<String>> {
        let mut contexts: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (name, termination) in &self.terminations {
            let mark = match termination.mode {
                StreamMode::SendReceive => "",
                StreamMode::SendOnly
                | StreamMode::ReceiveOnly
                | StreamMode::Inactive
                | StreamMode::Loopback => " (closed)",
            };
            let names = contexts.entry(termination.context).or_default();
            names.push(format!("{name}{mark}"));
        }
        contexts.into_values().collect()
    }
}

/// Whether signals record, and whether they only keep a recording.
fn records(signals: &SignalsDescriptor<'static>) -> Option<bool> {
    signals.parms.iter().find_map(|parm| match parm {
        SignalParm::Signal(signal) if signal.name.is("aasrec", "playrec") => {
            Some(signal.keep_active)
        }
        SignalParm::Signal(_) | SignalParm::List(_) => None,
    })
}

fn action_reply(context: ContextId, command: CommandReply<'static>) -> ActionReply<'static> {
    ActionReply {
        context,
        properties: List::new(),
        commands: list![command],
        error: None,
    }
}

fn audit_error(pattern: &TerminationId<'static>, code: ErrorCode) -> ActionReply<'static> {
    let reply = AmmsReply {
        terminations: list![pattern.clone()],
        descriptors: list![AuditReturn::Error(ErrorDescriptor::new(code))],
    };
    let reply = CommandReply::AuditValue(AuditReply::Termination(reply));
    action_reply(ContextId::All, reply)
}

fn stream_of<'a>(request: &'a AmmRequest<'static>) -> Option<&'a StreamParms<'static>> {
    let media = request.descriptors.iter().find_map(|descriptor| {
        if let AmmDescriptor::Media(media) = descriptor {
            Some(media)
        } else {
            None
        }
    });
    match &media?.streams {
        Streams::Single(parms) => Some(parms),
        Streams::Several(streams) => Some(&streams.first()?.parms),
    }
}

fn events_of<'a>(request: &'a AmmRequest<'static>) -> Option<&'a EventsDescriptor<'static>> {
    request.descriptors.iter().find_map(|descriptor| {
        if let AmmDescriptor::Events(events) = descriptor {
            Some(events)
        } else {
            None
        }
    })
}

fn mode_of(request: &AmmRequest<'static>) -> Option<StreamMode> {
    stream_of(request)?.local_control.as_ref()?.mode
}

fn properties_of(request: &AmmRequest<'static>) -> Vec<String> {
    let control = stream_of(request).and_then(|parms| parms.local_control.as_ref());
    let properties = control.into_iter().flat_map(|control| &control.properties);
    let told = properties.map(|one| {
        let ParmValue::Equal(value) = &one.value else {
            panic!("{}: {:?}", one.name, one.value);
        };
        format!("{}={}", one.name, value.text)
    });
    told.collect()
}

fn mode_name(mode: StreamMode) -> &'static str {
    match mode {
        StreamMode::SendReceive => " SR",
        StreamMode::Inactive => " IN",
        StreamMode::SendOnly => " SO",
        StreamMode::ReceiveOnly => " RC",
        StreamMode::Loopback => " LB",
    }
}

fn text(description: Option<&SessionDescription<'static>>) -> String {
    let octets = &description.expect("it is given").octets;
    String::from_utf8(octets.to_vec()).expect("SDP is text")
}

fn local_return(local: String) -> AuditReturn<'static> {
    let parms = StreamParms {
        local: Some(SessionDescription::new(local.into_bytes())),
        ..StreamParms::default()
    };
    let id = StreamId(1);
    AuditReturn::Media(MediaDescriptor {
        termination_state: None,
        streams: Streams::Several(list![StreamDescriptor { id, parms }]),
    })
}
