//! Which transaction carries out which operation.

use codec_h248::{ActionRequest, Command, TransactionId};
use transport_h248::{Direction, PeerId};

use super::Mgc;
use crate::{
    northbound::{LegId, OperationId},
    tie::Tie,
};

impl Mgc {
    /// Returns what the next transaction is about, where the link traces; of one that is sent,
    /// before [`Self::poll_trace`] yields its message.
    pub fn poll_tie(&mut self) -> Option<Tie> {
        self.ties.poll()
    }

    /// Ties what was sent since the last time. To be called before anything else happens, as what
    /// a Leg waits for changes with each answer.
    pub(super) fn tie_sent(&mut self) {
        while let Some(sent) = self.southbound.poll_sent() {
            let about = (sent.leg, sent.operation);
            self.tie(sent.peer, Direction::Out, sent.id, sent.aim, about);
        }
    }

    /// Ties a request of a gateway to the Leg that it tells of.
    pub(super) fn tie_heard(
        &mut self,
        peer: PeerId,
        id: TransactionId,
        actions: &[ActionRequest<'_>],
    ) {
        if !self.ties.are_wanted() {
            return;
        }
        let commands = actions.iter().flat_map(|action| &action.commands);
        let names = commands.filter_map(|request| {
            if let Command::Notify(notify) = &request.command {
                notify.terminations.first()
            } else {
                None
            }
        });
        let name = names.into_iter().find(|name| !name.has_all());
        let leg = name.and_then(|name| self.southbound.legs_like(peer, name).pop());
        if leg.is_some() {
            self.tie(peer, Direction::In, id, "notify", (leg, None));
        }
    }

    pub(super) fn tie(
        &mut self,
        peer: PeerId,
        direction: Direction,
        transaction: TransactionId,
        aim: &'static str,
        (leg, operation): (Option<LegId>, Option<OperationId>),
    ) {
        let Some((route, _)) = self.endpoint.way(peer) else {
            return;
        };
        let (call, of_leg) = match &leg {
            Some(leg) => self.conferences.errand_of(leg),
            None => (None, None),
        };
        let of_leg = of_leg.filter(|_| direction == Direction::Out);
        let operation = operation.or(of_leg);
        let operations = &self.conferences.operations;
        let request_id = operation.as_ref().and_then(|id| operations.request_id(id));
        let leg = leg.filter(|leg| self.conferences.held_by(leg).is_none());
        self.ties.push(Tie {
            peer: route.address,
            direction,
            transaction,
            aim,
            operation,
            request_id,
            leg,
            call,
        });
    }
}
