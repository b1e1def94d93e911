//! What is done about a gateway that did not answer: it is asked again where the Terminations in
//! doubt are, and once it answers, what it holds and nobody wants is ended.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use codec_h248::{TerminationId, TransactionId, descriptor::ErrorCode};
use transport_h248::PeerId;

use super::{
    Link, Place, Southbound, descriptors,
    errand::{Asked, Doubt, Order},
    reply::Whereabouts,
};
use crate::{
    conference::Outcome,
    northbound::{LegId, Refusal},
};

/// From one unanswered request to the next question; the question itself is repeated for T-MAX.
const PROBE_DELAY: Duration = Duration::from_secs(1);
/// Unanswered questions after which a gateway's Legs are given up: about two and a half minutes,
/// so that a network that is cut for a minute costs no Leg.
const PROBES_MAX: u32 = 6;
/// Refused questions for what a gateway holds after which it is left at that.
const SWEEPS_MAX: u8 = 6;

/// What is open with a gateway.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    /// At most one for each Leg of the gateway.
    doubts: Vec<Doubt>,
    sweep: Sweep,
    sweep_wanted: bool,
    sweeps_refused: u8,
    /// Legs whose next command must wait for the running sweep, and for the one after it.
    waiting: Vec<LegId>,
    waiting_next: Vec<LegId>,
    probe_at: Option<Instant>,
    probes: u32,
}

/// How far the search for what nobody wants is.
#[derive(Debug, Default)]
enum Sweep {
    #[default]
    Idle,
    /// In this turn.
    Asked(u64),
    /// What was found may still be the fruit of these Adds, whose replies are under way.
    Sifting {
        found: BTreeMap<TerminationId<'static>, u32>,
        adds: BTreeSet<TransactionId>,
    },
    Clearing {
        left: usize,
    },
}

impl Southbound {
    fn recovery(&mut self, peer: PeerId) -> &mut Recovery {
        self.recoveries.entry(peer).or_default()
    }

    pub(super) fn doubt(&mut self, peer: PeerId, doubt: Doubt) {
        self.recovery(peer).doubts.push(doubt);
    }

    pub(super) fn want_sweep(&mut self, peer: PeerId) {
        self.recovery(peer).sweep_wanted = true;
    }

    /// Ends what a gateway holds and nobody wants.
    pub(crate) fn sweep(&mut self, peer: PeerId, now: Instant) {
        self.want_sweep(peer);
        self.schedule_probe(peer, now);
    }

    /// Whether it is open what a gateway holds.
    pub(super) fn is_in_doubt(&self, peer: PeerId) -> bool {
        let recovery = self.recoveries.get(&peer);
        recovery.is_some_and(|recovery| recovery.probe_at.is_some() || !recovery.doubts.is_empty())
    }

    pub(super) fn after_sweep(&mut self, peer: PeerId, leg: LegId) {
        self.recovery(peer).waiting_next.push(leg);
    }

    pub(super) fn schedule_probe(&mut self, peer: PeerId, now: Instant) {
        let recovery = self.recovery(peer);
        if recovery.probe_at.is_some() {
            return;
        }
        recovery.probe_at = Some(now + PROBE_DELAY);
        recovery.probes += 1;
        if recovery.probes > PROBES_MAX {
            recovery.probes = 0;
            self.lost.push_back(peer);
        }
    }

    /// Notes that a gateway is there: what is open with it is asked at once.
    pub(crate) fn handle_word(&mut self, peer: PeerId, link: &mut Link<'_>) {
        let recovery = self.recoveries.get(&peer);
        if recovery.is_some_and(|recovery| recovery.probe_at.is_some()) {
            self.probe(peer, link);
        }
    }

    /// Notes that a gateway answered a command: its silences count anew.
    pub(crate) fn handle_answer(&mut self, peer: PeerId, link: &mut Link<'_>) {
        if let Some(recovery) = self.recoveries.get_mut(&peer) {
            recovery.probes = 0;
        }
        self.handle_word(peer, link);
    }

    /// Asks a gateway that registered something, so that it shows that it answers: what it holds,
    /// where it may hold something that nobody wants.
    pub(crate) fn handle_registration(&mut self, peer: PeerId, stale: bool, link: &mut Link<'_>) {
        self.handle_answer(peer, link);
        if stale {
            self.sweep(peer, link.now);
        } else {
            self.ask_presence(peer, link);
        }
    }

    /// Asks what is due.
    pub(crate) fn handle_timeout(&mut self, link: &mut Link<'_>) {
        let due = |recovery: &Recovery| recovery.probe_at.is_some_and(|at| at <= link.now);
        let peers: Vec<PeerId> = self
            .recoveries
            .iter()
            .filter(|(_, recovery)| due(recovery))
            .map(|(peer, _)| *peer)
            .collect();
        for peer in peers {
            self.probe(peer, link);
        }
        self.resume_postponed(link);
    }

    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.recoveries
            .values()
            .filter_map(|recovery| recovery.probe_at)
            .chain(self.next_postponed())
            .min()
    }

    fn probe(&mut self, peer: PeerId, link: &mut Link<'_>) {
        let recovery = self.recovery(peer);
        recovery.probe_at = None;
        for doubt in std::mem::take(&mut recovery.doubts) {
            self.locate(peer, doubt, link);
        }
        self.start_sweep(peer, link);
    }

    fn start_sweep(&mut self, peer: PeerId, link: &mut Link<'_>) {
        self.turn += 1;
        let turn = self.turn;
        let recovery = self.recovery(peer);
        if !recovery.sweep_wanted || !matches!(recovery.sweep, Sweep::Idle) {
            return;
        }
        recovery.sweep_wanted = false;
        recovery.sweep = Sweep::Asked(turn);
        recovery.waiting = std::mem::take(&mut recovery.waiting_next);
        let action = descriptors::whereabouts(TerminationId::ALL);
        self.ask(peer, action, Asked::Sweep, link);
    }

    pub(super) fn sweep_silent(&mut self, peer: PeerId) {
        let recovery = self.recovery(peer);
        recovery.sweep = Sweep::Idle;
        recovery.sweep_wanted = true;
        let mut waiting = std::mem::take(&mut recovery.waiting);
        recovery.waiting_next.append(&mut waiting);
    }

    /// Takes what a gateway holds.
    pub(super) fn swept(&mut self, peer: PeerId, held: &Whereabouts, link: &mut Link<'_>) {
        if let Some(error) = held.error.as_ref()
            && error.code != ErrorCode::NO_MATCH
        {
            tracing::warn!(%peer, %error, "the gateway does not say what it holds");
            let recovery = self.recovery(peer);
            recovery.sweeps_refused += 1;
            if recovery.sweeps_refused < SWEEPS_MAX {
                self.sweep_silent(peer);
                self.schedule_probe(peer, link.now);
                return;
            }
        }
        self.recovery(peer).sweeps_refused = 0;
        self.compare(peer, held);
        let mut found = BTreeMap::new();
        for (context, names) in &held.contexts {
            found.extend(names.iter().map(|name| (name.clone(), *context)));
        }
        let is_add = |asked: &Asked| match asked {
            Asked::Errand(errand) => matches!(errand.order, Order::Add { .. }),
            Asked::Locate(_)
            | Asked::Undo
            | Asked::Sweep
            | Asked::Clear
            | Asked::Audit(_)
            | Asked::Presence
            | Asked::Watch(_)
            | Asked::Packages => false,
        };
        let adds: BTreeSet<TransactionId> = self
            .asked_of(peer)
            .filter(|(_, asked)| is_add(asked))
            .map(|(id, _)| id)
            .collect();
        let sifted = adds.is_empty();
        self.recovery(peer).sweep = Sweep::Sifting { found, adds };
        if sifted {
            self.clear(peer, link);
        }
    }

    /// Tells of the Legs that are not where they were when a sweep was asked for.
    fn compare(&mut self, peer: PeerId, held: &Whereabouts) {
        let whole = held
            .error
            .as_ref()
            .is_none_or(|error| error.code == ErrorCode::NO_MATCH);
        let Sweep::Asked(turn) = self.recovery(peer).sweep else {
            return;
        };
        if !whole {
            return;
        }
        let mut contexts = BTreeMap::new();
        for (context, names) in &held.contexts {
            contexts.extend(names.iter().map(|name| (name, *context)));
        }
        let rests = |leg: &LegId, place: &Place| {
            place.peer == peer && place.since < turn && !self.errands.contains_key(leg)
        };
        let resting = self.places.iter().filter(|(leg, place)| rests(leg, place));
        let astray: Vec<(LegId, Option<u32>)> = resting
            .map(|(leg, place)| (leg, place, contexts.get(&place.termination).copied()))
            .filter(|(_, place, context)| *context != Some(place.context))
            .map(|(leg, _, context)| (leg.clone(), context))
            .collect();
        for (leg, context) in astray {
            let outcome = match context {
                Some(context) => {
                    self.note_adrift(&leg, context);
                    Outcome::Astray
                }
                None => {
                    self.vacate(&leg);
                    Outcome::Vanished
                }
            };
            self.outcomes.push_back((leg, outcome));
        }
    }

    /// Asks a gateway at once for what is open with it.
    pub(super) fn probe_now(&mut self, peer: PeerId, now: Instant) {
        self.recovery(peer).probe_at = Some(now);
    }

    /// Notes that a transaction ended, on which the running sweep may wait.
    pub(super) fn add_ended(&mut self, peer: PeerId, id: TransactionId, link: &mut Link<'_>) {
        let Some(recovery) = self.recoveries.get_mut(&peer) else {
            return;
        };
        if let Sweep::Sifting { adds, .. } = &mut recovery.sweep
            && adds.remove(&id)
            && adds.is_empty()
        {
            self.clear(peer, link);
        }
    }

    /// Ends what was found and belongs to no Leg.
    fn clear(&mut self, peer: PeerId, link: &mut Link<'_>) {
        let sweep = std::mem::take(&mut self.recovery(peer).sweep);
        let Sweep::Sifting { mut found, .. } = sweep else {
            return;
        };
        for place in self.places.values().filter(|place| place.peer == peer) {
            found.remove(&place.termination);
        }
        self.recovery(peer).sweep = Sweep::Clearing {
            left: found.len() + 1,
        };
        for (termination, context) in found {
            tracing::info!(%peer, %termination, context, "ending a Termination that nobody owns");
            let undo = descriptors::undo(context, termination);
            self.ask(peer, undo, Asked::Clear, link);
        }
        self.cleared(peer, link);
    }

    /// Notes that one of the found ones is gone, or that all have been asked to go.
    pub(super) fn cleared(&mut self, peer: PeerId, link: &mut Link<'_>) {
        let recovery = self.recovery(peer);
        let Sweep::Clearing { left } = &mut recovery.sweep else {
            return;
        };
        *left -= 1;
        if *left > 0 {
            return;
        }
        recovery.sweep = Sweep::Idle;
        for leg in std::mem::take(&mut recovery.waiting) {
            self.finish(leg, Outcome::Unanswered);
        }
        self.start_sweep(peer, link);
    }

    /// Wants nothing any more of what is under way about a Leg.
    pub(super) fn abandon(&mut self, peer: PeerId, leg: LegId, link: &mut Link<'_>) {
        if let Some(seg) = self.queued.remove(&leg) {
            if let Some(channel) = self.channels.get_mut(&seg) {
                channel.waiting.retain(|errand| errand.leg != leg);
            }
            self.finish(leg, Outcome::Refused(Refusal::Cancelled));
            return;
        }
        if self.withdraw_postponed(peer, &leg, link) || self.withdraw_kept(peer, &leg, link) {
            return;
        }
        let recovery = self.recovery(peer);
        let waits = |waiting: &mut Vec<LegId>| {
            let before = waiting.len();
            waiting.retain(|other| *other != leg);
            waiting.len() < before
        };
        if waits(&mut recovery.waiting) || waits(&mut recovery.waiting_next) {
            self.finish(leg, Outcome::Unanswered);
            return;
        }
        if !self.give_up(peer, &leg, link) {
            self.abandoned.insert(leg, peer);
        }
    }

    /// Gives up a Leg that is in doubt: a sweep will end what is left of it. Returns whether it
    /// was in doubt.
    pub(super) fn give_up(&mut self, peer: PeerId, leg: &LegId, link: &mut Link<'_>) -> bool {
        let doubts = &mut self.recovery(peer).doubts;
        let Some(at) = doubts.iter().position(|doubt| doubt.errand.leg == *leg) else {
            return false;
        };
        let doubt = doubts.swap_remove(at);
        self.enter_failed(peer, &doubt.errand, link);
        self.vacate(leg);
        self.want_sweep(peer);
        self.finish(leg.clone(), Outcome::Missing(Refusal::Cancelled));
        true
    }
}
