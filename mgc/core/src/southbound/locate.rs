//! Finding out where a Termination is, when no reply has said so.

use codec_h248::{ContextId, descriptor::ErrorCode};
use transport_h248::PeerId;

use super::{
    Link, Southbound, descriptors,
    errand::{Asked, Doubt, Errand, Order},
    evidence::Evidence,
    reply::Whereabouts,
};
use crate::{
    conference::Outcome,
    northbound::{LegId, Refusal},
};

/// How often a command is sent again because the gateway did not say what came of it.
const ATTEMPTS_MAX: u8 = 3;

impl Southbound {
    /// Asks in which Context the errand's Termination is, and for what shows that the command was carried out.
    pub(super) fn locate(&mut self, peer: PeerId, doubt: Doubt, link: &mut Link<'_>) {
        let termination = doubt.errand.termination.clone();
        let action = if doubt.errand.leaves_evidence() {
            descriptors::supervision(termination)
        } else {
            descriptors::whereabouts(termination)
        };
        self.ask(peer, action, Asked::Locate(doubt), link);
    }

    /// Concludes from where the Termination is what came of the errand.
    pub(super) fn located(
        &mut self,
        peer: PeerId,
        doubt: Doubt,
        found: &Whereabouts,
        evidence: Evidence,
        link: &mut Link<'_>,
    ) {
        if let Some(context) = found.find(&doubt.errand.termination) {
            self.found(peer, doubt, context, evidence, link);
            return;
        }
        let sure = found.error.as_ref().is_none_or(|error| {
            matches!(
                error.code,
                ErrorCode::UNKNOWN_TERMINATION
                    | ErrorCode::NO_MATCH
                    | ErrorCode::NOT_IN_CONTEXT
                    | ErrorCode::UNKNOWN_CONTEXT
            )
        });
        let repeats = doubt.may_be_repeated(evidence);
        let Doubt { errand, refusal } = doubt;
        if sure {
            self.not_found(peer, errand, refusal, link);
        } else if repeats && errand.attempts < ATTEMPTS_MAX {
            // To do any of these twice does no harm, and the answer tells.
            let context = errand.context;
            self.again(peer, errand, context, link);
        } else {
            self.enter_failed(peer, &errand, link);
            self.finish(errand.leg, refused_or_unanswered(refusal));
        }
    }

    fn found(
        &mut self,
        peer: PeerId,
        doubt: Doubt,
        context: u32,
        evidence: Evidence,
        link: &mut Link<'_>,
    ) {
        if evidence == Evidence::Done {
            self.note_adrift(&doubt.errand.leg, context);
            self.finish(doubt.errand.leg, Outcome::Done { local: None });
            return;
        }
        let repeats = doubt.may_be_repeated(evidence);
        let Doubt { errand, refusal } = doubt;
        let before = self.places.get(&errand.leg).map(|place| place.context);
        match &errand.order {
            Order::Add { .. } | Order::Move { .. } => {
                let arrived = match errand.context {
                    ContextId::Id(target) => target == context,
                    ContextId::Choose => before != Some(context),
                    ContextId::Null | ContextId::All => false,
                };
                if arrived {
                    let termination = errand.termination.clone();
                    self.settle_in(peer, &errand, context, termination, link);
                    self.finish(errand.leg, Outcome::Done { local: None });
                    return;
                }
                self.enter_failed(peer, &errand, link);
            }
            // Where it is does not tell whom it hears; to say it twice does no harm.
            Order::Regroup { .. }
                if errand.attempts < ATTEMPTS_MAX && errand.context == ContextId::Id(context) =>
            {
                let context = errand.context;
                self.again(peer, errand, context, link);
                return;
            }
            Order::Regroup { .. } => self.enter_failed(peer, &errand, link),
            Order::Reopen { .. } | Order::Supervise(_) | Order::Leave
                if repeats && errand.attempts < ATTEMPTS_MAX =>
            {
                self.note_adrift(&errand.leg, context);
                self.again(peer, errand, ContextId::Id(context), link);
                return;
            }
            // It is to go from wherever it is.
            Order::Release if errand.attempts < ATTEMPTS_MAX && before != Some(context) => {
                self.note_adrift(&errand.leg, context);
                self.again(peer, errand, ContextId::Id(context), link);
                return;
            }
            Order::Leave => {
                self.vacate(&errand.leg);
                self.want_sweep(peer);
                self.schedule_probe(peer, link.now);
            }
            Order::Close | Order::Reopen { .. } | Order::Supervise(_) | Order::Release => {}
        }
        let moved = before != Some(context);
        self.note_adrift(&errand.leg, context);
        let refusal = refusal.filter(|_| !moved);
        self.finish(errand.leg, refused_or_unanswered(refusal));
    }

    fn again(&mut self, peer: PeerId, mut errand: Errand, context: ContextId, link: &mut Link<'_>) {
        errand.attempts += 1;
        errand.context = context;
        self.send(peer, errand, link);
    }

    fn not_found(
        &mut self,
        peer: PeerId,
        errand: Errand,
        refusal: Option<Refusal>,
        link: &mut Link<'_>,
    ) {
        self.enter_failed(peer, &errand, link);
        self.vacate(&errand.leg);
        let outcome = match errand.order {
            Order::Release | Order::Leave => Outcome::Done { local: None },
            Order::Add { .. }
            | Order::Move { .. }
            | Order::Regroup { .. }
            | Order::Close
            | Order::Reopen { .. }
            | Order::Supervise(_) => Outcome::Missing(refusal.unwrap_or(Refusal::GatewayTimeout)),
        };
        self.finish(errand.leg, outcome);
    }

    /// Notes the Context that a Termination was found in, where it is not the one it was known to
    /// be in: somebody else moved it, and no Seg is tied to that Context.
    pub(super) fn note_adrift(&mut self, leg: &LegId, context: u32) {
        let Some(place) = self.places.get_mut(leg) else {
            return;
        };
        if place.context == context {
            return;
        }
        place.context = context;
        let seg = place.channel().cloned();
        place.hall = None;
        place.seg = None;
        let Some(seg) = seg else {
            return;
        };
        if let Some(channel) = self.channels.get_mut(&seg) {
            channel.occupants.remove(leg);
        }
        self.tidy_channel(&seg);
    }
}

fn refused_or_unanswered(refusal: Option<Refusal>) -> Outcome {
    refusal.map_or(Outcome::Unanswered, Outcome::Refused)
}
