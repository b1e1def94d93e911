//! The platform, its gateways and the datagrams between them.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use codec_h248::{MId, descriptor::ServiceChangeMethod};
use mgc_core::{
    Config, Mgc,
    northbound::{
        CallId, Cause, Collect, Completion, Done, Event, EventKind, LegEvent, LegId, LegView,
        Members, NewCall, OnGatewayLoss, OperationId, OperationState, Refusal, Request, Role,
        SegId, SegPolicy, Separation, Strategy,
    },
};
use transport_h248::{Address, Anchor};

use super::gateway::Gateway;

/// Which way a datagram goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    ToGateway,
    ToMgc,
}

/// What the network does.
#[derive(Debug)]
pub(crate) struct Weather {
    pub(crate) random: fastrand::Rng,
    /// Of a hundred.
    pub(crate) lost: u32,
    pub(crate) doubled: u32,
    pub(crate) jitter_ms: u64,
    /// Nothing passes this way.
    pub(crate) cut: Option<Way>,
    pub(crate) cut_both: bool,
}

/// Everything.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) anchor: Anchor,
    pub(crate) mgc: Mgc,
    pub(crate) gateways: Vec<Gateway>,
    pub(crate) weather: Weather,
    pub(crate) events: Vec<Event>,
    pub(crate) completions: Vec<Completion>,
    flying: BTreeMap<(Instant, u64), (Address, Address, Bytes)>,
    sent: u64,
}

pub(crate) const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n\
     m=audio 4000 RTP/AVP 0 8\r\na=ptime:20\r\n";

pub(crate) fn config() -> Config {
    Config::new(MId::Device("mgc".into()))
}

/// Of a controller that tells what is to be written down.
pub(crate) fn durable() -> Config {
    let mut config = config();
    config.durable = true;
    config
}

/// Asks a Leg for two digits.
pub(crate) fn two_digits(call: &CallId, leg: &LegId) -> Request {
    Request::Collect {
        call: call.clone(),
        leg: leg.clone(),
        collect: Collect {
            map: "xx".to_owned(),
            start_s: None,
            short_s: None,
            long_s: None,
            limit_ms: None,
        },
    }
}

impl World {
    /// A platform with one registered gateway.
    pub(crate) fn new() -> Self {
        Self::with(config())
    }

    /// The same, configured so.
    pub(crate) fn with(config: Config) -> Self {
        let mut world = Self::of(config, 1);
        world.add_gateway("gw1");
        world.run();
        world.events.clear();
        world
    }

    pub(crate) fn without_gateway(seed: u64) -> Self {
        Self::of(config(), seed)
    }

    #[expect(clippy::disallowed_methods, reason = "some instant must be the first")]
    pub(crate) fn of(config: Config, seed: u64) -> Self {
        let now = Instant::now();
        let system = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_502_280);
        let anchor = Anchor {
            instant: now,
            system,
        };
        Self {
            now,
            anchor,
            mgc: Mgc::new(config, seed, anchor, now),
            gateways: Vec::new(),
            weather: Weather {
                random: fastrand::Rng::with_seed(seed),
                lost: 0,
                doubled: 0,
                jitter_ms: 0,
                cut: None,
                cut_both: false,
            },
            events: Vec::new(),
            completions: Vec::new(),
            flying: BTreeMap::new(),
            sent: 0,
        }
    }

    pub(crate) fn add_gateway(&mut self, name: &'static str) -> &mut Gateway {
        let port = 3_000 + u16::try_from(self.gateways.len()).expect("few");
        let address = local(port);
        let mut gateway = Gateway::new(name, address, mgc_address(), self.now);
        gateway.restart(self.now);
        self.gateways.push(gateway);
        self.gateways.last_mut().expect("pushed above")
    }

    pub(crate) fn gateway(&mut self) -> &mut Gateway {
        &mut self.gateways[0]
    }

    /// Lets one second pass.
    pub(crate) fn run(&mut self) {
        self.run_for(Duration::from_secs(1));
    }

    pub(crate) fn run_for(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            self.collect();
            let next = [
                self.flying.keys().next().map(|(at, _)| *at),
                self.mgc.poll_timeout().map(|(at, _)| at),
                self.gateways
                    .iter()
                    .filter_map(|gateway| gateway.endpoint.poll_timeout())
                    .map(|(at, _)| at)
                    .min(),
            ];
            let Some(next) = next.into_iter().flatten().min().filter(|at| *at <= end) else {
                break;
            };
            self.now = next.max(self.now);
            self.step();
        }
        self.now = end;
    }

    fn step(&mut self) {
        while let Some(entry) = self
            .flying
            .first_entry()
            .filter(|entry| entry.key().0 <= self.now)
        {
            let (from, to, octets) = entry.remove();
            if to == mgc_address() {
                self.mgc.handle_message(&octets, from.into(), self.now);
            }
            for gateway in self
                .gateways
                .iter_mut()
                .filter(|gateway| gateway.address == to && !gateway.deaf)
            {
                gateway
                    .endpoint
                    .handle_message(&octets, from.into(), self.now);
                gateway.advance(self.now);
            }
        }
        self.mgc.handle_timeout(self.now);
        for gateway in &mut self.gateways {
            gateway.endpoint.handle_timeout(self.now);
            gateway.advance(self.now);
        }
    }

    /// Takes what has come out.
    pub(crate) fn collect(&mut self) {
        while let Some(transmit) = self.mgc.poll_transmit() {
            self.fly(
                mgc_address(),
                transmit.to.address,
                transmit.octets,
                Way::ToGateway,
            );
        }
        for index in 0..self.gateways.len() {
            let from = self.gateways[index].address;
            while let Some(transmit) = self.gateways[index].endpoint.poll_transmit() {
                self.fly(from, transmit.to.address, transmit.octets, Way::ToMgc);
            }
        }
        self.events
            .extend(std::iter::from_fn(|| self.mgc.poll_event()));
        self.completions
            .extend(std::iter::from_fn(|| self.mgc.poll_completion()));
    }

    fn fly(&mut self, from: Address, to: Address, octets: Bytes, way: Way) {
        let weather = &mut self.weather;
        if weather.cut_both || weather.cut == Some(way) {
            return;
        }
        let copies = 1 + u64::from(weather.random.u32(..100) < weather.doubled);
        for _ in 0..copies {
            if weather.random.u32(..100) < weather.lost {
                continue;
            }
            let delay = 5 + weather.random.u64(..=weather.jitter_ms);
            let at = self.now + Duration::from_millis(delay);
            self.sent += 1;
            self.flying
                .insert((at, self.sent), (from, to, octets.clone()));
        }
    }

    /// Asks the platform, and lets nothing happen yet.
    pub(crate) fn ask(&mut self, request: Request) -> Result<OperationId, Refusal> {
        let accepted = self.mgc.handle_request(request, self.now);
        self.collect();
        Ok(accepted?.operation)
    }

    /// How an operation ended; exactly once.
    pub(crate) fn completion(&self, operation: &OperationId) -> Result<Done, Refusal> {
        let mut ends = self
            .completions
            .iter()
            .filter(|completion| completion.operation == *operation);
        let end = ends.next().expect("it has ended");
        assert!(ends.next().is_none(), "it has ended twice");
        end.result.clone()
    }

    pub(crate) fn has_ended(&self, operation: &OperationId) -> bool {
        self.completions
            .iter()
            .any(|completion| completion.operation == *operation)
    }

    pub(crate) fn state(&self, operation: &OperationId) -> OperationState {
        self.mgc.operation(operation).expect("it is known").state
    }

    /// Asks, lets a second pass, and returns how it ended.
    pub(crate) fn carry_out(&mut self, request: Request) -> Result<Done, Refusal> {
        let operation = self.ask(request)?;
        self.run();
        self.completion(&operation)
    }

    pub(crate) fn create_call(&mut self) -> (CallId, SegId) {
        self.create_call_with(NewCall::default())
    }

    pub(crate) fn create_lasting_call(&mut self) -> (CallId, SegId) {
        self.create_call_with(NewCall {
            on_gateway_loss: OnGatewayLoss::Recreate,
            ..NewCall::default()
        })
    }

    pub(crate) fn create_call_of(&mut self, separation: Separation) -> (CallId, SegId) {
        self.create_call_with(NewCall {
            separation,
            ..NewCall::default()
        })
    }

    pub(crate) fn create_call_with(&mut self, new: NewCall) -> (CallId, SegId) {
        match self.carry_out(Request::CreateCall(new)) {
            Ok(Done::CallCreated { call, main_seg }) => (call, main_seg),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn create_seg(&mut self, call: &CallId) -> SegId {
        self.create_seg_of(call, SegPolicy::default())
    }

    pub(crate) fn create_seg_of(&mut self, call: &CallId, policy: SegPolicy) -> SegId {
        match self.carry_out(create_seg(call, policy)) {
            Ok(Done::SegCreated { seg }) => seg,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn add_leg(&mut self, call: &CallId) -> LegId {
        match self.carry_out(join(call, None)) {
            Ok(Done::LegAdded { leg, .. }) => leg,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn leg(&self, call: &CallId, leg: &LegId) -> LegView {
        let legs = self.mgc.legs(call).expect("the Call is there");
        let found = legs.into_iter().find(|view| view.id == *leg);
        found.expect("the Leg is there")
    }

    /// What was told about a Leg.
    pub(crate) fn reports(&self, leg: &LegId) -> Vec<LegEvent> {
        let of_leg = |event: &&Event| event.leg.as_ref() == Some(leg);
        self.events
            .iter()
            .filter(of_leg)
            .filter_map(report)
            .collect()
    }

    pub(crate) fn cause_of(&self, wanted: &LegEvent) -> Option<Cause> {
        let told = self
            .events
            .iter()
            .find(|event| report(event).as_ref() == Some(wanted));
        told.expect("it was told").cause.clone()
    }

    pub(crate) fn service_change(
        &mut self,
        termination: &'static str,
        method: ServiceChangeMethod<'static>,
        reason: &'static str,
    ) {
        let now = self.now;
        self.gateway()
            .service_change(termination, method, reason, now);
        self.run();
    }
}

pub(crate) fn report(event: &Event) -> Option<LegEvent> {
    match &event.kind {
        EventKind::LegEventReport(report) => Some(report.clone()),
        EventKind::CallCreated
        | EventKind::CallEnded
        | EventKind::CreateSegRes
        | EventKind::SegChanged
        | EventKind::SegEnded
        | EventKind::SupervisionBegan
        | EventKind::SupervisionEnded
        | EventKind::RecordingBegan
        | EventKind::RecordingEnded(_)
        | EventKind::GatewayUp(_)
        | EventKind::GatewayDown(_) => None,
    }
}

pub(crate) fn mgc_address() -> Address {
    local(2944)
}

pub(crate) fn join(call: &CallId, seg: Option<&SegId>) -> Request {
    Request::AddLeg {
        call: call.clone(),
        seg: seg.cloned(),
        sdp: OFFER.to_owned(),
        role: Role::Member,
        host: false,
    }
}

pub(crate) fn attach(call: &CallId, leg: &LegId, seg: &SegId, strategy: Strategy) -> Request {
    Request::AttachMedia {
        call: call.clone(),
        leg: leg.clone(),
        seg: seg.clone(),
        strategy: Some(strategy),
        by: None,
        consent: None,
    }
}

pub(crate) fn create_seg(call: &CallId, policy: SegPolicy) -> Request {
    Request::CreateSeg {
        call: call.clone(),
        name: None,
        policy,
        by: None,
    }
}

pub(crate) fn delete_leg(call: &CallId, leg: &LegId) -> Request {
    Request::DeleteLeg {
        call: call.clone(),
        leg: leg.clone(),
    }
}

pub(crate) fn delete_seg(call: &CallId, seg: &SegId) -> Request {
    delete_seg_with(call, seg, Members::Return)
}

pub(crate) fn delete_seg_with(call: &CallId, seg: &SegId, members: Members) -> Request {
    Request::DeleteSeg {
        call: call.clone(),
        seg: seg.clone(),
        members,
    }
}

pub(crate) fn delete_call(call: &CallId) -> Request {
    Request::DeleteCall { call: call.clone() }
}

/// A port of this host, over UDP.
fn local(port: u16) -> Address {
    std::net::SocketAddr::from(([127, 0, 0, 1], port)).into()
}
