//! Intents to H.248 and replies to outcomes. Here alone it is known that a Seg is a Context and a
//! Leg a Termination.

mod aim;
mod answer;
mod channel;
mod descriptors;
mod errand;
mod evidence;
mod held;
mod locate;
mod mixing;
mod postpone;
mod recovery;
mod reply;
mod restore;
mod supervision;
mod topology;
mod watch;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::{Duration, Instant},
};

use codec_h248::{ActionRequest, ContextId, TerminationId, TransactionId, list};
use transport_h248::{Endpoint, PeerId};

pub(crate) use aim::Sent;
pub(crate) use answer::refusal_of_service_change;
pub(crate) use held::Held;
pub(crate) use mixing::talking;
pub(crate) use reply::Whereabouts;
pub(crate) use restore::{ErrandRow, PlaceRow};
pub(crate) use supervision::observed;

use self::{
    channel::{Channel, ChannelState},
    errand::{Asked, Errand, Order},
    mixing::Mixer,
    postpone::Postponed,
    recovery::Recovery,
};
use crate::{
    conference::{Hall, Mixing, Outcome, Want},
    ledger::Ledger,
    northbound::{ContextView, GatewayId, LegId, OperationId, Refusal, SegId, TerminationView},
    sdp::{Audio, Direction},
};

/// The way to the gateways, at an instant.
#[derive(Debug)]
pub(crate) struct Link<'a> {
    pub(crate) endpoint: &'a mut Endpoint,
    pub(crate) now: Instant,
}

/// A Leg about which something is wanted.
#[derive(Debug)]
pub(crate) struct Whom {
    pub(crate) id: LegId,
    pub(crate) mixing: Mixing,
}

/// What is asked of the gateways, and what they are known to hold.
#[derive(Debug)]
pub(crate) struct Southbound {
    channels: BTreeMap<SegId, Channel>,
    places: Ledger<LegId, Place>,
    /// The command about each Leg whose end is not known.
    errands: Ledger<LegId, (PeerId, Errand)>,
    /// Counts what is sent and learnt, to tell what an audit cannot have seen.
    turn: u64,
    asked: BTreeMap<(PeerId, TransactionId), Asked>,
    /// The Legs whose command waits for a Context's number, with the Seg it leads into.
    queued: BTreeMap<LegId, SegId>,
    /// The Legs whose command under way nobody wants any more.
    abandoned: BTreeMap<LegId, PeerId>,
    postponed: BTreeMap<PeerId, Postponed>,
    recoveries: BTreeMap<PeerId, Recovery>,
    /// Whether statistics are wanted of what is subtracted.
    statistics: bool,
    /// The gateways that are asked for the faults of media.
    watched: BTreeSet<PeerId>,
    /// What is known, or asked, of how each gateway mixes.
    mixers: BTreeMap<PeerId, Mixer>,
    // Emptied after every input.
    outcomes: VecDeque<(LegId, Outcome)>,
    audits: VecDeque<Audited>,
    lost: VecDeque<PeerId>,
    learnt: VecDeque<(PeerId, bool)>,
    /// `None` where nobody looks on.
    sent: Option<VecDeque<Sent>>,
}

/// Where a Leg's Termination is, as the gateway last confirmed.
#[derive(Debug)]
struct Place {
    peer: PeerId,
    /// The Seg whose Context it is in; `None` where it was found in a Context of no Seg.
    seg: Option<SegId>,
    /// Where that Context is shared.
    hall: Option<Hall>,
    context: u32,
    termination: TerminationId<'static>,
    /// The turn in which this was learnt.
    since: u64,
}

impl Place {
    /// The Seg that stands for the Context.
    fn channel(&self) -> Option<&SegId> {
        let shared = self.hall.as_ref().map(|hall| &hall.seg);
        shared.or(self.seg.as_ref())
    }
}

/// One gateway's answer to an audit that the application asked for.
#[derive(Debug)]
pub(crate) struct Audited {
    pub(crate) operation: OperationId,
    pub(crate) peer: PeerId,
    pub(crate) result: Result<Whereabouts, Refusal>,
}

impl Southbound {
    /// Knows of no gateway yet; `traced` says whether somebody looks on at what is sent.
    pub(crate) fn new(durable: bool, traced: bool, statistics: bool) -> Self {
        Self {
            statistics,
            channels: BTreeMap::new(),
            places: Ledger::new(durable),
            errands: Ledger::new(durable),
            turn: 0,
            asked: BTreeMap::new(),
            queued: BTreeMap::new(),
            abandoned: BTreeMap::new(),
            postponed: BTreeMap::new(),
            recoveries: BTreeMap::new(),
            watched: BTreeSet::new(),
            mixers: BTreeMap::new(),
            outcomes: VecDeque::new(),
            audits: VecDeque::new(),
            lost: VecDeque::new(),
            learnt: VecDeque::new(),
            sent: traced.then(VecDeque::new),
        }
    }

    /// Asks the gateway for what a conference wants.
    pub(crate) fn perform(
        &mut self,
        peer: PeerId,
        leg: Whom,
        hall: Option<Hall>,
        want: Want,
        link: &mut Link<'_>,
    ) {
        match want {
            Want::Join {
                seg,
                remote,
                direction,
            } => self.add(peer, leg, (seg, hall), (remote, None, direction), link),
            Want::Rejoin {
                seg,
                remote,
                local,
                direction,
            } => self.add(
                peer,
                leg,
                (seg, hall),
                (remote, Some(local), direction),
                link,
            ),
            Want::Recover {
                seg,
                remote,
                local,
                direction,
            } => {
                let want = if self.places.contains_key(&leg.id) {
                    Want::Enter { seg, direction }
                } else {
                    Want::Rejoin {
                        seg,
                        remote,
                        local,
                        direction,
                    }
                };
                self.perform(peer, leg, hall, want, link);
            }
            Want::Enter { seg, direction } => {
                self.move_into(peer, leg, (seg, hall), direction, link)
            }
            Want::Restore { seg, direction } => match self.places.get(&leg.id) {
                Some(place) if place.seg.as_ref() == Some(&seg) && hall.is_none() => {
                    let order = Order::Reopen {
                        direction,
                        remote: None,
                    };
                    self.in_place(peer, leg, order, link);
                }
                Some(_) | None => self.move_into(peer, leg, (seg, hall), direction, link),
            },
            Want::Open { direction, remote } => {
                self.in_place(peer, leg, Order::Reopen { direction, remote }, link);
            }
            Want::Supervise(supervise) => {
                self.in_place(peer, leg, Order::Supervise(supervise), link);
            }
            Want::Close => self.in_place(peer, leg, Order::Close, link),
            Want::Release => self.in_place(peer, leg, Order::Release, link),
            Want::Leave => self.in_place(peer, leg, Order::Leave, link),
            Want::Abandon => self.abandon(peer, leg.id, link),
        }
    }

    fn add(
        &mut self,
        peer: PeerId,
        leg: Whom,
        (seg, hall): (SegId, Option<Hall>),
        (remote, local, direction): (Audio, Option<Audio>, Direction),
        link: &mut Link<'_>,
    ) {
        let order = Order::Add {
            seg,
            remote,
            local,
            direction,
        };
        let errand = Errand {
            hall,
            ..errand(leg, order, TerminationId::CHOOSE)
        };
        self.enter(peer, errand, link);
    }

    fn move_into(
        &mut self,
        peer: PeerId,
        leg: Whom,
        (seg, hall): (SegId, Option<Hall>),
        direction: Direction,
        link: &mut Link<'_>,
    ) {
        let Some(place) = self.places.get(&leg.id) else {
            self.finish(leg.id, Outcome::Missing(NOWHERE));
            return;
        };
        if hall.is_none() && place.seg.as_ref() == Some(&seg) {
            // It is there, and is only to be opened.
            let order = Order::Reopen {
                direction,
                remote: None,
            };
            self.in_place(peer, leg, order, link);
            return;
        }
        let termination = place.termination.clone();
        let inside = hall.is_some() && place.channel() == hall.as_ref().map(|hall| &hall.seg);
        let order = if inside {
            Order::Regroup { seg, direction }
        } else {
            Order::Move { seg, direction }
        };
        let errand = Errand {
            hall,
            ..errand(leg, order, termination)
        };
        self.enter(peer, errand, link);
    }

    /// Sends a command about a Termination where it is.
    fn in_place(&mut self, peer: PeerId, leg: Whom, order: Order, link: &mut Link<'_>) {
        let Some(place) = self.places.get(&leg.id) else {
            let outcome = match order {
                Order::Release | Order::Leave => Outcome::Done { local: None },
                Order::Add { .. }
                | Order::Move { .. }
                | Order::Regroup { .. }
                | Order::Close
                | Order::Reopen { .. }
                | Order::Supervise(_) => Outcome::Missing(NOWHERE),
            };
            self.finish(leg.id, outcome);
            return;
        };
        let mut errand = errand(leg, order, place.termination.clone());
        errand.context = ContextId::Id(place.context);
        self.send(peer, errand, link);
    }

    /// Sends a command that leads into a Seg, or keeps it until the Seg's Context has a number.
    fn enter(&mut self, peer: PeerId, mut errand: Errand, link: &mut Link<'_>) {
        let Some(seg) = errand.channel().cloned() else {
            return;
        };
        let channel = self.channel(peer, &seg);
        // Each says who hears whom of those who are there, so that one must follow the other.
        let taken = errand.hall.is_some() && channel.inbound > 0;
        match channel.state {
            ChannelState::Absent => {
                channel.state = ChannelState::Creating;
                errand.context = ContextId::Choose;
            }
            ChannelState::Open(context) if !taken => errand.context = ContextId::Id(context),
            ChannelState::Open(_) | ChannelState::Creating => {
                let leg = errand.leg.clone();
                channel.waiting.push_back(errand);
                self.queued.insert(leg, seg);
                return;
            }
        }
        channel.inbound += 1;
        self.send(peer, errand, link);
    }

    fn send(&mut self, peer: PeerId, errand: Errand, link: &mut Link<'_>) {
        let leg = errand.leg.clone();
        self.errands.insert(leg.clone(), (peer, errand.clone()));
        let Some(errand) = self.as_able(peer, errand, link) else {
            return;
        };
        self.turn += 1;
        self.outcomes.push_back((leg, Outcome::Asked));
        let action = self.with_topology(&errand, errand.action(self.statistics));
        let action = self.with_mixing(peer, &errand, action);
        let action = self.with_watch(peer, action);
        self.ask(peer, action, Asked::Errand(errand), link);
    }

    /// Whether something is asked of a gateway already, which will tell whether it is there.
    pub(crate) fn awaits(&self, peer: PeerId) -> bool {
        self.asked_of(peer).next().is_some()
    }

    /// Asks a gateway for nothing but an answer.
    pub(crate) fn ask_presence(&mut self, peer: PeerId, link: &mut Link<'_>) {
        self.ask(peer, descriptors::presence(), Asked::Presence, link);
    }

    /// Asks a gateway to notify when we have been silent for so long; one that cannot says so, and
    /// that is all (H.248.14).
    pub(crate) fn arm(&mut self, peer: PeerId, silence_max: Duration, link: &mut Link<'_>) {
        self.ask(
            peer,
            descriptors::inactivity(silence_max),
            Asked::Watch(silence_max),
            link,
        );
    }

    fn ask(
        &mut self,
        peer: PeerId,
        action: ActionRequest<'static>,
        asked: Asked,
        link: &mut Link<'_>,
    ) {
        let id = link.endpoint.request(peer, list![action], link.now);
        if let Some(sent) = &mut self.sent {
            sent.push_back(Sent::new(peer, id, &asked));
        }
        self.asked.insert((peer, id), asked);
    }

    fn channel(&mut self, peer: PeerId, seg: &SegId) -> &mut Channel {
        self.channels
            .entry(seg.clone())
            .or_insert_with(|| Channel::new(peer))
    }

    /// Ends what is under way about a Leg, whose final outcome is due.
    fn finish(&mut self, leg: LegId, outcome: Outcome) {
        self.abandoned.remove(&leg);
        self.errands.remove(&leg);
        self.outcomes.push_back((leg, outcome));
    }

    /// Asks a gateway what it holds, for the application.
    pub(crate) fn audit(&mut self, peer: PeerId, operation: OperationId, link: &mut Link<'_>) {
        let action = descriptors::whereabouts(TerminationId::ALL);
        self.ask(peer, action, Asked::Audit(operation), link);
    }

    /// The next transaction that was sent, where somebody looks on.
    pub(crate) fn poll_sent(&mut self) -> Option<Sent> {
        self.sent.as_mut()?.pop_front()
    }

    pub(crate) fn poll_outcome(&mut self) -> Option<(LegId, Outcome)> {
        self.outcomes.pop_front()
    }

    pub(crate) fn poll_audited(&mut self) -> Option<Audited> {
        self.audits.pop_front()
    }

    /// The next gateway that was silent for so long that its Legs are to be given up.
    pub(crate) fn poll_lost(&mut self) -> Option<PeerId> {
        self.lost.pop_front()
    }

    /// Forgets what was asked of a gateway and what it held.
    pub(crate) fn forget(&mut self, peer: PeerId) {
        self.channels.retain(|_, channel| channel.peer != peer);
        self.places.retain(|_, place| place.peer != peer);
        self.errands.retain(|_, (other, _)| *other != peer);
        self.abandoned.retain(|_, other| *other != peer);
        self.postponed.remove(&peer);
        self.recoveries.remove(&peer);
        self.watched.remove(&peer);
        self.mixers.remove(&peer);
        let channels = &self.channels;
        self.queued.retain(|_, seg| channels.contains_key(seg));
        let ids: Vec<_> = self.asked_of(peer).map(|(id, _)| id).collect();
        for id in ids {
            if let Some(Asked::Audit(operation)) = self.asked.remove(&(peer, id)) {
                let result = Ok(Whereabouts::default());
                self.audits.push_back(Audited {
                    operation,
                    peer,
                    result,
                });
            }
        }
    }

    /// What a gateway has been asked and has not answered.
    fn asked_of(&self, peer: PeerId) -> impl Iterator<Item = (TransactionId, &Asked)> {
        self.asked
            .range((peer, TransactionId(0))..=(peer, TransactionId(u32::MAX)))
            .map(|((_, id), asked)| (*id, asked))
    }

    /// The number of a Seg's Context.
    pub(crate) fn context_of(&self, seg: &SegId) -> Option<u32> {
        match self.channels.get(seg)?.state {
            ChannelState::Open(context) => Some(context),
            ChannelState::Absent | ChannelState::Creating => None,
        }
    }

    /// The name of a Leg's Termination.
    pub(crate) fn termination_of(&self, leg: &LegId) -> Option<String> {
        Some(self.places.get(leg)?.termination.to_string())
    }

    /// Whether a Leg's Termination is this one.
    pub(crate) fn is_at(&self, leg: &LegId, peer: PeerId, name: &TerminationId<'_>) -> bool {
        let place = self.places.get(leg);
        place.is_some_and(|place| place.peer == peer && place.termination == *name)
    }

    /// The Legs of a gateway whose Termination has a name like this one.
    pub(crate) fn legs_like(&self, peer: PeerId, pattern: &TerminationId<'_>) -> Vec<LegId> {
        self.places
            .iter()
            .filter(|(_, place)| place.peer == peer && pattern.matches(&place.termination))
            .map(|(leg, _)| leg.clone())
            .collect()
    }

    /// What a gateway holds, tied to Segs and Legs.
    pub(crate) fn tie(
        &self,
        peer: PeerId,
        gateway: &GatewayId,
        found: Whereabouts,
    ) -> Vec<ContextView> {
        let open = |(seg, channel): (&SegId, &Channel)| match channel.state {
            ChannelState::Open(context) if channel.peer == peer => Some((context, seg.clone())),
            ChannelState::Open(_) | ChannelState::Absent | ChannelState::Creating => None,
        };
        let segs: BTreeMap<u32, SegId> = self.channels.iter().filter_map(open).collect();
        let here = self.places.iter().filter(|(_, place)| place.peer == peer);
        let legs: BTreeMap<_, _> = here.map(|(leg, place)| (&place.termination, leg)).collect();
        let view = |(context, names): (u32, Vec<TerminationId<'static>>)| ContextView {
            gateway: gateway.clone(),
            context,
            seg: segs.get(&context).cloned(),
            terminations: names
                .iter()
                .map(|name| TerminationView {
                    id: name.to_string(),
                    leg: legs.get(name).map(|leg| (*leg).clone()),
                    holds: None,
                })
                .collect(),
        };
        found.contexts.into_iter().map(view).collect()
    }
}

/// A Leg of which no Termination is known.
const NOWHERE: Refusal = Refusal::answer("the Leg has no Termination");

fn errand(leg: Whom, order: Order, termination: TerminationId<'static>) -> Errand {
    Errand {
        leg: leg.id,
        order,
        hall: None,
        mixing: leg.mixing,
        termination,
        context: ContextId::Choose,
        attempts: 0,
        postponed: 0,
    }
}
