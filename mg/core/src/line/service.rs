//! Service states of physical Terminations that the gateway itself changes, and what its controller is
//! still to be told of them (H.248.1 7.2.8).

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use codec_h248::{
    ActionRequest, Command, ContextId, List, ServiceChangeRequest, TerminationId, TransactionId,
    Value,
    descriptor::{ServiceChangeDescriptor, ServiceChangeMethod, ServiceState},
    list,
};

use crate::gateway::{Gateway, TerminationKey};

/// The most commands of one transaction, so that any datagram holds it.
const COMMANDS_MAX: usize = 10;
/// Reasons of H.248.8.
const RESTORED: u16 = 900;
const TAKEN_OUT: u16 = 905;
const CANCEL_GRACEFUL: u16 = 918;

/// What the operator of a gateway wants of a physical Termination.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Service {
    /// It can be used.
    In,
    /// It cannot.
    Out {
        /// Why: a reason of H.248.8, such as 905.
        reason: u16,
        /// Whether what is connected may go on for a while, and for how long at most: then it leaves
        /// gracefully.
        graceful: Option<Option<Duration>>,
    },
}

/// Terminations that leave or have left, and what is untold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Services {
    /// Those that leave their Contexts before they are out of service, and until when at most.
    leaving: BTreeMap<TerminationKey, Option<Instant>>,
    /// Those that come back into service, and when.
    returning: BTreeMap<TerminationKey, Instant>,
    /// All of these by time.
    due: BTreeSet<(Instant, TerminationKey)>,
    /// Why others are out of service.
    reasons: BTreeMap<TerminationKey, u16>,
    /// What the controller is to be told of each.
    untold: BTreeMap<TerminationKey, Change>,
    /// What it has been told, and has not answered, in this order.
    asked: Vec<(TransactionId, BTreeMap<TerminationKey, Change>)>,
}

/// A change of one Termination.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Change {
    method: ServiceChangeMethod<'static>,
    reason: u16,
    delay_s: Option<u32>,
}

impl Services {
    /// Takes how a Termination is provisioned, and returns what it is.
    pub(crate) fn handle_provisioned(
        &mut self,
        key: TerminationKey,
        service: Service,
    ) -> ServiceState {
        match service {
            Service::In => ServiceState::InService,
            Service::Out { reason, .. } => {
                self.reasons.insert(key, reason);
                ServiceState::OutOfService
            }
        }
    }

    /// Takes what is wanted of a Termination that is in service or not, idle or not; and returns what
    /// it is from here on.
    pub(crate) fn handle_order(
        &mut self,
        key: TerminationKey,
        order: Service,
        (state, idle): (ServiceState, bool),
        now: Instant,
    ) -> ServiceState {
        let is_out = state == ServiceState::OutOfService;
        self.stay_out(key);
        match order {
            Service::In => {
                self.reasons.remove(&key);
                if self.stay(key) {
                    self.tell(key, ServiceChangeMethod::Restart, CANCEL_GRACEFUL, None);
                } else if is_out {
                    self.tell(key, ServiceChangeMethod::Restart, RESTORED, None);
                }
                ServiceState::InService
            }
            Service::Out { .. } if is_out => state,
            Service::Out {
                reason,
                graceful: Some(delay),
            } if !idle => {
                self.reasons.insert(key, reason);
                let until = delay.map(|delay| now + delay);
                if self.leave_by(key, until) {
                    let delay = delay.and_then(|delay| u32::try_from(delay.as_secs()).ok());
                    self.tell(key, ServiceChangeMethod::Graceful, reason, delay);
                }
                state
            }
            Service::Out { reason, .. } => {
                self.stay(key);
                self.reasons.insert(key, reason);
                self.tell(key, ServiceChangeMethod::Forced, reason, None);
                ServiceState::OutOfService
            }
        }
    }

    fn tell(
        &mut self,
        key: TerminationKey,
        method: ServiceChangeMethod<'static>,
        reason: u16,
        delay_s: Option<u32>,
    ) {
        let change = Change {
            method,
            reason,
            delay_s,
        };
        self.untold.insert(key, change);
    }

    /// Whether a Termination is on its way out of service.
    pub(crate) fn is_leaving(&self, key: TerminationKey) -> bool {
        self.leaving.contains_key(&key)
    }

    /// Whether a Termination that comes back into the null Context goes out of service by that.
    pub(crate) fn handle_idle(&mut self, key: TerminationKey) -> bool {
        self.stay(key)
    }

    /// Notes that a Termination is to leave by then, and says whether that is new.
    fn leave_by(&mut self, key: TerminationKey, until: Option<Instant>) -> bool {
        let is_new = !self.stay(key);
        self.leaving.insert(key, until);
        self.due.extend(until.map(|at| (at, key)));
        is_new
    }

    /// Notes that a Termination is not to leave, and says whether it was.
    fn stay(&mut self, key: TerminationKey) -> bool {
        let was = self.leaving.remove(&key);
        if let Some(Some(at)) = was {
            self.due.remove(&(at, key));
        }
        was.is_some()
    }

    /// Takes what the controller orders of a Termination, and returns what it is from here on. The
    /// controller is not told of that.
    pub(crate) fn handle_command(
        &mut self,
        key: TerminationKey,
        order: Service,
        (state, idle): (ServiceState, bool),
        now: Instant,
    ) -> ServiceState {
        self.untold.remove(&key);
        self.stay_out(key);
        match order {
            Service::In => {
                self.forget(key);
                ServiceState::InService
            }
            Service::Out {
                reason,
                graceful: Some(delay),
            } if state != ServiceState::OutOfService && (delay.is_some() || !idle) => {
                self.reasons.insert(key, reason);
                self.leave_by(key, delay.map(|delay| now + delay));
                state
            }
            Service::Out { reason, .. } => {
                self.stay(key);
                self.reasons.insert(key, reason);
                ServiceState::OutOfService
            }
        }
    }

    /// Takes that the controller orders a Termination back into service by then, where it is not. The
    /// controller is not told of that.
    pub(crate) fn handle_return(&mut self, key: TerminationKey, at: Instant) {
        self.untold.remove(&key);
        self.stay_out(key);
        self.returning.insert(key, at);
        self.due.insert((at, key));
    }

    /// Notes that a Termination is not to come back by itself.
    fn stay_out(&mut self, key: TerminationKey) {
        if let Some(at) = self.returning.remove(&key) {
            self.due.remove(&(at, key));
        }
    }

    /// Forgets a Termination that is in service or gone.
    pub(crate) fn forget(&mut self, key: TerminationKey) {
        self.stay(key);
        self.stay_out(key);
        self.reasons.remove(&key);
    }

    /// The next that has had its time, and what it is from here on.
    pub(crate) fn poll_expired(&mut self, now: Instant) -> Option<(TerminationKey, ServiceState)> {
        let (at, key) = self.due.first().copied()?;
        if at > now {
            return None;
        }
        if self.returning.contains_key(&key) {
            self.forget(key);
            return Some((key, ServiceState::InService));
        }
        self.stay(key);
        Some((key, ServiceState::OutOfService))
    }

    /// When [`Self::poll_expired`] has one.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.due.first().map(|(at, _)| *at)
    }

    /// A controller has accepted the gateway. It takes all to be in service, and has perhaps not heard
    /// what the former one was told: `out` are out of service.
    pub(crate) fn handle_registered(&mut self, out: &[TerminationKey]) {
        let newest = std::mem::take(&mut self.untold);
        let asked = std::mem::take(&mut self.asked).into_iter();
        self.untold.extend(asked.flat_map(|(_, changes)| changes));
        self.untold.extend(newest);
        for key in out {
            let reason = self.reasons.get(key).copied().unwrap_or(TAKEN_OUT);
            self.tell(*key, ServiceChangeMethod::Forced, reason, None);
        }
    }

    /// What the controller is to be told; [`Self::handle_asked`] is to follow for each.
    pub(crate) fn take_requests(&mut self, gateway: &Gateway) -> Vec<Request> {
        let mut untold = std::mem::take(&mut self.untold);
        if untold.is_empty() {
            return Vec::new();
        }
        let groups = Groups::new(gateway, &untold);
        let mut requests: Vec<Request> = Vec::new();
        while let Some((key, change)) = untold.pop_first() {
            let Some((id, context)) = named(gateway, key) else {
                continue;
            };
            let group = groups.of(&id).filter(|_| context == ContextId::Null);
            let (id, keys) = group.unwrap_or((id, vec![key]));
            let mut request = requests.pop_if(|last| last.commands() < COMMANDS_MAX);
            let request = request.get_or_insert_default();
            for key in keys {
                untold.remove(&key);
                request.changes.insert(key, change.clone());
            }
            request.push(context, id, &change);
            requests.push(std::mem::take(request));
        }
        requests
    }

    /// Takes by which transaction the controller is told.
    pub(crate) fn handle_asked(&mut self, id: TransactionId, request: Request) {
        self.asked.push((id, request.changes));
    }

    /// Takes that a transaction is answered, and says whether it was one of these.
    pub(crate) fn handle_reply(&mut self, id: TransactionId) -> bool {
        let place = self.asked.iter().position(|(asked, _)| *asked == id);
        place.map(|place| self.asked.remove(place)).is_some()
    }

    /// Takes that nobody answers a transaction, and says whether it was one of these. The controller is
    /// told again when there is one.
    pub(crate) fn handle_timed_out(&self, id: TransactionId) -> bool {
        self.asked.iter().any(|(asked, _)| *asked == id)
    }
}

/// A transaction that tells of changes.
#[derive(Debug, Default)]
pub(crate) struct Request {
    actions: List<ActionRequest<'static>>,
    changes: BTreeMap<TerminationKey, Change>,
}

impl Request {
    /// What is sent.
    pub(crate) fn actions(&self) -> List<ActionRequest<'static>> {
        self.actions.clone()
    }

    fn commands(&self) -> usize {
        self.actions.iter().map(|one| one.commands.len()).sum()
    }

    fn push(&mut self, context: ContextId, id: TerminationId<'static>, change: &Change) {
        let reason = Value::quoted(format!("{} {}", change.reason, phrase(change.reason)));
        let mut services = ServiceChangeDescriptor::new(change.method.clone(), reason);
        services.delay_s = change.delay_s;
        let command = Command::ServiceChange(ServiceChangeRequest {
            terminations: list![id],
            services: Box::new(services),
        });
        match self.actions.last_mut() {
            Some(last) if last.context == context => last.commands.push(command.into()),
            Some(_) | None => self
                .actions
                .push(ActionRequest::new(context, list![command.into()])),
        }
    }
}

/// How a Termination is called, and where it is.
fn named(gateway: &Gateway, key: TerminationKey) -> Option<(TerminationId<'static>, ContextId)> {
    let termination = gateway.termination(key)?;
    Some((termination.id.clone(), termination.context_id()))
}

/// What wildcards stand for in the null Context, by what is before their `*`, in small letters.
struct Groups(BTreeMap<String, Group>);

/// What one wildcard stands for.
#[derive(Default)]
struct Group {
    keys: Vec<TerminationKey>,
    /// Whether they do not change alike.
    differ: bool,
}

impl Groups {
    fn new(gateway: &Gateway, untold: &BTreeMap<TerminationKey, Change>) -> Self {
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for key in gateway.null() {
            let Some((id, _)) = named(gateway, key) else {
                continue;
            };
            let change = untold.get(&key);
            for start in starts(&id) {
                let group = groups.entry(start.to_ascii_lowercase()).or_default();
                let first = group.keys.first().unwrap_or(&key);
                group.differ |= change.is_none() || untold.get(first) != change;
                group.keys.push(key);
            }
        }
        Self(groups)
    }

    /// The widest wildcard that stands for this Termination and for others, which all change alike; and
    /// whom it stands for.
    fn of(&self, id: &TerminationId<'_>) -> Option<(TerminationId<'static>, Vec<TerminationKey>)> {
        starts(id).find_map(|start| {
            let group = self.0.get(&start.to_ascii_lowercase())?;
            let stands = group.keys.len() > 1 && !group.differ;
            let pattern = || TerminationId::from_name(format!("{start}*"));
            stands.then(|| (pattern(), group.keys.clone()))
        })
    }
}

/// What a name begins with, up to each of its slashes.
fn starts<'a>(id: &'a TerminationId<'_>) -> impl Iterator<Item = &'a str> {
    let name = id.as_str();
    name.match_indices('/').map(|(place, _)| &name[..=place])
}

/// The words of a reason (H.248.8).
fn phrase(reason: u16) -> &'static str {
    match reason {
        900 => "Service Restored",
        904 => "Termination malfunctioning",
        905 => "Termination taken out of service",
        906 => "Loss of lower layer connectivity",
        907 => "Transmission Failure",
        910 => "Media Capability Failure",
        913 => "Signal Capability Failure",
        914 => "Event Capability Failure",
        918 => "Cancel Graceful",
        _ => "Service Change",
    }
}
