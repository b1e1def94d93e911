//! Replies and silences, and what they mean for the errand they are about.

use codec_h248::{
    AmmsReply, ContextId, TerminationId, TransactionId, TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
};
use transport_h248::{
    PeerId,
    mutants::{Mutant, seeded},
};

use super::{
    Audited, Link, Place, Southbound,
    channel::ChannelState,
    descriptors,
    errand::{Asked, Doubt, Errand, Order},
    evidence::evidence,
    reply::{self, Fault},
};
use crate::{
    conference::Outcome,
    northbound::{H248Refusal, LegId, Refusal, SegId},
};

/// How often a command is sent again because its Context died while it travelled. Each time some
/// Leg must have left at just that moment; eight in a row is a gateway that lies.
pub(super) const ATTEMPTS_MAX: u8 = 8;

impl Southbound {
    /// Takes a reply.
    pub(crate) fn handle_reply(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        result: TransactionResult<'static>,
        link: &mut Link<'_>,
    ) {
        let Some(asked) = self.asked.remove(&(peer, id)) else {
            return;
        };
        match asked {
            Asked::Errand(errand) => {
                self.errand_answered(peer, id, errand, &result, link);
                self.add_ended(peer, id, link);
            }
            Asked::Locate(doubt) => {
                let evidence = evidence(&doubt.errand, &result);
                let found = reply::whereabouts(result);
                self.located(peer, doubt, &found, evidence, link);
            }
            Asked::Undo | Asked::Presence => {}
            Asked::Watch(silence_max) if is_unready(&result) => {
                self.postpone_watch(peer, silence_max, link.now);
            }
            Asked::Watch(_) => {}
            Asked::Packages => self.packages_answered(peer, id, &result, link),
            Asked::Sweep => self.swept(peer, &reply::whereabouts(result), link),
            Asked::Clear => self.cleared(peer, link),
            Asked::Audit(operation) => {
                let found = reply::whereabouts(result);
                let result = match &found.error {
                    Some(error) if error.code != ErrorCode::NO_MATCH => {
                        Err(refusal(id, ContextId::All, error))
                    }
                    Some(_) | None => Ok(found),
                };
                self.audits.push_back(Audited {
                    operation,
                    peer,
                    result,
                });
            }
        }
    }

    /// Takes the news that a request was not answered.
    pub(crate) fn handle_silence(&mut self, peer: PeerId, id: TransactionId, link: &mut Link<'_>) {
        let Some(asked) = self.asked.remove(&(peer, id)) else {
            return;
        };
        match asked {
            Asked::Errand(errand) => {
                self.errand_silent(peer, errand, link);
                self.add_ended(peer, id, link);
            }
            Asked::Locate(doubt) => {
                let leg = doubt.errand.leg.clone();
                self.doubt(peer, doubt);
                if self.abandoned.contains_key(&leg) {
                    self.give_up(peer, &leg, link);
                }
            }
            // A sweep asks on until there is an answer.
            Asked::Undo | Asked::Presence => self.want_sweep(peer),
            Asked::Watch(silence_max) => self.postpone_watch(peer, silence_max, link.now),
            Asked::Packages => self.packages_silent(peer, link),
            Asked::Sweep => self.sweep_silent(peer),
            Asked::Clear => {
                self.want_sweep(peer);
                self.cleared(peer, link);
            }
            Asked::Audit(operation) => {
                self.want_sweep(peer);
                self.audits.push_back(Audited {
                    operation,
                    peer,
                    result: Err(Refusal::GatewayTimeout),
                });
            }
        }
        self.schedule_probe(peer, link.now);
    }

    fn packages_answered(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        result: &TransactionResult<'static>,
        link: &mut Link<'_>,
    ) {
        match result {
            TransactionResult::Error(error) if is_unready(result) => {
                let refusal = refusal(id, ContextId::Null, error);
                self.packages_postponed(peer, &refusal, link);
            }
            TransactionResult::Error(_) | TransactionResult::Actions(_) => {
                self.packages_told(peer, result, link);
            }
        }
    }

    fn errand_answered(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        errand: Errand,
        result: &TransactionResult<'static>,
        link: &mut Link<'_>,
    ) {
        match reply::amms(&errand, result) {
            Ok((context, reply)) => self.carried_out(peer, errand, context, reply, link),
            Err(Fault::Error(error))
                if seeded(Mutant::N06) && error.code == ErrorCode::UNKNOWN_DESCRIPTOR =>
            {
                self.believed(peer, errand, link);
            }
            Err(Fault::Error(error)) => {
                if seeded(Mutant::N04b) && matches!(errand.order, Order::Add { .. }) {
                    let all: Vec<LegId> = self.places.keys().cloned().collect();
                    all.iter().for_each(|leg| self.vacate(leg));
                }
                self.refused(peer, id, errand, &error, link);
            }
            Err(Fault::Shape(why)) => {
                self.not_understood(peer, errand, Refusal::answer(why), link);
            }
        }
    }

    /// Takes a command that was refused for one that was carried out.
    fn believed(&mut self, peer: PeerId, errand: Errand, link: &mut Link<'_>) {
        if let ContextId::Id(context) = errand.context {
            let termination = errand.termination.clone();
            self.settle_in(peer, &errand, context, termination, link);
        }
        self.finish(errand.leg, Outcome::Done { local: None });
    }

    fn carried_out(
        &mut self,
        peer: PeerId,
        errand: Errand,
        context: u32,
        reply: &AmmsReply<'static>,
        link: &mut Link<'_>,
    ) {
        match &errand.order {
            Order::Add { .. } => return self.added(peer, errand, context, reply, link),
            Order::Move { .. } | Order::Regroup { .. } => {
                let termination = errand.termination.clone();
                self.settle_in(peer, &errand, context, termination, link);
            }
            Order::Release | Order::Leave => {
                self.vacate(&errand.leg);
                let figures = reply::counted(reply);
                if !figures.is_empty() {
                    let counted = Outcome::Counted(figures);
                    self.outcomes.push_back((errand.leg.clone(), counted));
                }
            }
            Order::Close | Order::Reopen { .. } | Order::Supervise(_) => {}
        }
        self.finish(errand.leg, Outcome::Done { local: None });
    }

    fn added(
        &mut self,
        peer: PeerId,
        errand: Errand,
        context: u32,
        reply: &AmmsReply<'static>,
        link: &mut Link<'_>,
    ) {
        if seeded(Mutant::N04) && self.abandoned.contains_key(&errand.leg) {
            self.enter_failed(peer, &errand, link);
            self.finish(errand.leg, Outcome::Refused(Refusal::Cancelled));
            return;
        }
        let Some(termination) = reply::termination(reply) else {
            let refusal = Refusal::answer("it names no Termination");
            self.not_understood(peer, errand, refusal, link);
            return;
        };
        let wanted = match &errand.order {
            Order::Add { local, .. } => local.as_ref().map(crate::sdp::Audio::port),
            Order::Move { .. }
            | Order::Regroup { .. }
            | Order::Close
            | Order::Reopen { .. }
            | Order::Supervise(_)
            | Order::Release
            | Order::Leave => None,
        };
        let fit = |port| wanted.is_none_or(|wanted| wanted == port);
        let chosen = errand.context == ContextId::Choose;
        let mixed = chosen && self.is_of_another(peer, errand.channel(), context);
        let local = if mixed {
            Err("the Context is that of another Seg")
        } else {
            reply::local(reply)
        };
        let why = match local {
            Ok(local) if fit(local.port()) => {
                self.settle_in(peer, &errand, context, termination, link);
                let local = Some(local);
                self.finish(errand.leg, Outcome::Done { local });
                return;
            }
            Ok(_) => "it receives on another port than it was asked to",
            Err(why) => why,
        };
        let is_ours = |place: &Place| place.peer == peer && place.termination == termination;
        if !self.places.values().any(is_ours) {
            let undo = descriptors::undo(context, termination);
            self.ask(peer, undo, Asked::Undo, link);
        }
        self.enter_failed(peer, &errand, link);
        let refusal = Refusal::answer(why);
        self.finish(errand.leg, Outcome::Refused(refusal));
    }

    /// Notes where a Leg's Termination is now, and sends what waited for the Context's number.
    pub(super) fn settle_in(
        &mut self,
        peer: PeerId,
        errand: &Errand,
        context: u32,
        termination: TerminationId<'static>,
        link: &mut Link<'_>,
    ) {
        let Some(seg) = errand.target().cloned() else {
            return;
        };
        let Some(hub) = errand.channel().cloned() else {
            return;
        };
        self.vacate(&errand.leg);
        self.turn += 1;
        let since = self.turn;
        let channel = self.channel(peer, &hub);
        channel.inbound = channel.inbound.saturating_sub(1);
        channel.occupants.insert(errand.leg.clone());
        let place = Place {
            peer,
            seg: Some(seg),
            hall: errand.hall.clone(),
            context,
            termination,
            since,
        };
        let first = errand.context == ContextId::Choose || channel.state == ChannelState::Absent;
        if first {
            channel.state = ChannelState::Open(context);
        }
        self.places.insert(errand.leg.clone(), place);
        if first || errand.hall.is_some() {
            self.release_waiting(peer, &hub, link);
        }
    }

    /// Sends every command that waited for the Context's number.
    fn release_waiting(&mut self, peer: PeerId, seg: &SegId, link: &mut Link<'_>) {
        let waiting = std::mem::take(&mut self.channel(peer, seg).waiting);
        for errand in waiting {
            self.queued.remove(&errand.leg);
            self.enter(peer, errand, link);
        }
    }

    /// Notes that a command into a Seg had no effect; if it was to make the Context, the next one
    /// that waits shall.
    pub(super) fn enter_failed(&mut self, peer: PeerId, errand: &Errand, link: &mut Link<'_>) {
        let Some(seg) = errand.channel().cloned() else {
            return;
        };
        let channel = self.channel(peer, &seg);
        channel.inbound = channel.inbound.saturating_sub(1);
        if errand.context != ContextId::Choose {
            if errand.hall.is_some() {
                self.release_waiting(peer, &seg, link);
            }
            self.tidy_channel(&seg);
            return;
        }
        channel.state = ChannelState::Absent;
        match channel.waiting.pop_front() {
            Some(next) => {
                self.queued.remove(&next.leg);
                self.enter(peer, next, link);
            }
            None => self.tidy_channel(&seg),
        }
    }

    /// Forgets where a Leg's Termination is.
    pub(super) fn vacate(&mut self, leg: &LegId) {
        let Some(place) = self.places.remove(leg) else {
            return;
        };
        let Some(seg) = place.channel().cloned() else {
            return;
        };
        if let Some(channel) = self.channels.get_mut(&seg) {
            channel.occupants.remove(leg);
        }
        self.tidy_channel(&seg);
    }

    pub(super) fn tidy_channel(&mut self, seg: &SegId) {
        let Some(channel) = self.channels.get_mut(seg) else {
            return;
        };
        channel.close_if_empty();
        if channel.is_idle() {
            self.channels.remove(seg);
        }
    }

    fn refused(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        errand: Errand,
        error: &ErrorDescriptor<'static>,
        link: &mut Link<'_>,
    ) {
        let refusal = refusal(id, errand.context, error);
        match (error.code, &errand.order, errand.context) {
            (ErrorCode::NOT_REGISTERED, ..) => self.postpone(peer, errand, refusal, link),
            (
                ErrorCode::UNKNOWN_CONTEXT,
                Order::Add { .. } | Order::Move { .. } | Order::Regroup { .. },
                ContextId::Id(context),
            ) => self.enter_again(peer, errand, context, refusal, link),
            (ErrorCode::UNKNOWN_TERMINATION | ErrorCode::NOT_IN_CONTEXT, ..)
                if errand.hall.is_some() =>
            {
                self.regroup_again(peer, errand, refusal, link);
            }
            (ErrorCode::UNKNOWN_TERMINATION, Order::Release | Order::Leave, _) => {
                self.vacate(&errand.leg);
                self.finish(errand.leg, Outcome::Done { local: None });
            }
            (ErrorCode::UNKNOWN_COMMAND | ErrorCode::NOT_IMPLEMENTED, Order::Move { .. }, _) => {
                self.enter_failed(peer, &errand, link);
                self.finish(errand.leg, Outcome::Unable(refusal));
            }
            (_, Order::Add { .. }, _) => self.turned_down(peer, errand, refusal, link),
            (
                ErrorCode::UNKNOWN_CONTEXT
                | ErrorCode::UNKNOWN_TERMINATION
                | ErrorCode::NOT_IN_CONTEXT,
                ..,
            ) => self.not_understood(peer, errand, refusal, link),
            _ => self.turned_down(peer, errand, refusal, link),
        }
    }

    /// The Context died while the command travelled.
    fn enter_again(
        &mut self,
        peer: PeerId,
        mut errand: Errand,
        context: u32,
        refusal: Refusal,
        link: &mut Link<'_>,
    ) {
        if errand.attempts == ATTEMPTS_MAX {
            self.turned_down(peer, errand, refusal, link);
            return;
        }
        errand.attempts += 1;
        let seg = errand.channel().cloned();
        if let Some(channel) = seg.and_then(|seg| self.channels.get_mut(&seg)) {
            channel.inbound = channel.inbound.saturating_sub(1);
            if channel.state == ChannelState::Open(context) {
                channel.state = ChannelState::Absent;
            }
        }
        self.enter(peer, errand, link);
    }

    pub(super) fn turned_down(
        &mut self,
        peer: PeerId,
        errand: Errand,
        refusal: Refusal,
        link: &mut Link<'_>,
    ) {
        match &errand.order {
            Order::Add { .. } | Order::Move { .. } | Order::Regroup { .. } => {
                self.enter_failed(peer, &errand, link);
            }
            Order::Close | Order::Reopen { .. } | Order::Supervise(_) | Order::Release => {}
            Order::Leave => {
                // The Leg is given up all the same; what is left of it, a sweep will find.
                self.vacate(&errand.leg);
                self.want_sweep(peer);
                self.schedule_probe(peer, link.now);
            }
        }
        self.finish(errand.leg, Outcome::Refused(refusal));
    }

    /// The reply leaves open what the gateway did.
    pub(super) fn not_understood(
        &mut self,
        peer: PeerId,
        errand: Errand,
        refusal: Refusal,
        link: &mut Link<'_>,
    ) {
        if matches!(errand.order, Order::Add { .. }) {
            self.want_sweep(peer);
            self.schedule_probe(peer, link.now);
            self.turned_down(peer, errand, refusal, link);
            return;
        }
        let refusal = Some(refusal);
        self.locate(peer, Doubt { errand, refusal }, link);
    }

    pub(super) fn errand_silent(&mut self, peer: PeerId, errand: Errand, link: &mut Link<'_>) {
        let leg = errand.leg.clone();
        match &errand.order {
            Order::Add { local, .. } => {
                let port_needed = local.is_some();
                self.enter_failed(peer, &errand, link);
                self.want_sweep(peer);
                if port_needed && !self.abandoned.contains_key(&leg) {
                    // What follows needs the port that the lost Add may hold.
                    self.after_sweep(peer, leg.clone());
                    self.outcomes.push_back((leg, Outcome::Silent));
                } else {
                    self.finish(leg, Outcome::Unanswered);
                }
            }
            Order::Leave => {
                self.vacate(&leg);
                self.want_sweep(peer);
                self.finish(leg, Outcome::Done { local: None });
            }
            Order::Move { .. }
            | Order::Regroup { .. }
            | Order::Close
            | Order::Reopen { .. }
            | Order::Supervise(_)
            | Order::Release => {
                let refusal = None;
                self.doubt(peer, Doubt { errand, refusal });
                self.outcomes.push_back((leg.clone(), Outcome::Silent));
                if self.abandoned.contains_key(&leg) {
                    self.give_up(peer, &leg, link);
                }
            }
        }
    }
}

/// Whether the gateway has not got the reply to its registration yet.
fn is_unready(result: &TransactionResult<'static>) -> bool {
    matches!(result, TransactionResult::Error(error) if error.code == ErrorCode::NOT_REGISTERED)
}

/// Why a gateway does not do what a ServiceChange asks; `None` where it does.
pub(crate) fn refusal_of_service_change(
    id: TransactionId,
    result: &TransactionResult<'static>,
) -> Option<Refusal> {
    match reply::service_change(result) {
        Ok(()) => None,
        Err(Fault::Error(error)) => Some(refusal(id, ContextId::Null, &error)),
        Err(Fault::Shape(why)) => Some(Refusal::answer(why)),
    }
}

/// The gateway's refusal in the application's words.
fn refusal(
    transaction: TransactionId,
    context: ContextId,
    error: &ErrorDescriptor<'static>,
) -> Refusal {
    let text = error.text.as_deref();
    Refusal::Gateway(H248Refusal {
        code: error.code.0,
        text: text.unwrap_or(error.code.phrase()).to_owned(),
        transaction,
        context,
    })
}
