//! An AttachMediaReq that waits for the consent of the Leg's party.
//!
//! Until then nothing is asked of the gateway, no place is kept, and the Leg may be moved elsewhere.
//! When the consent comes, what might refuse the move is asked again; a consent that is refused so
//! may come again within its time.

use super::{
    Conferences,
    due::{Deadline, after},
    request::accepted,
};
use crate::northbound::{
    Accepted, Cause, LegEvent, LegId, OperationId, OperationState, Refusal, SegId, Strategy,
};

/// What a Leg's party is asked.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Invitation {
    pub(super) operation: OperationId,
    pub(super) seg: SegId,
    /// How the application wants the Leg moved.
    pub(super) strategy: Option<Strategy>,
    /// Until when it may say so, in milliseconds of Unix time.
    pub(super) until: u64,
}

impl Conferences {
    /// Asks a Leg's party into a Seg.
    pub(super) fn invite(
        &mut self,
        leg: &LegId,
        operation: &OperationId,
        seg: SegId,
        strategy: Option<Strategy>,
        within_s: u32,
    ) {
        let until = after(self.clock_ms, within_s);
        let consent = Deadline::Consent(leg.clone());
        self.timetable.insert(until, consent);
        let told = Some(operation.clone());
        self.report_leg(leg, LegEvent::Invited, Some(seg.clone()), told, None);
        if let Some(party) = self.legs.get_mut(leg) {
            party.invitation = Some(Invitation {
                operation: operation.clone(),
                seg,
                strategy,
                until,
            });
        }
    }

    /// Takes what a Leg's party says.
    pub(crate) fn consent(
        &mut self,
        operation: OperationId,
        accept: bool,
    ) -> Result<Accepted, Refusal> {
        let leg = self.operations.view(&operation)?.leg;
        let party = leg.and_then(|leg| self.legs.get(&leg));
        let asked = party.and_then(|leg| Some((leg, leg.invitation.clone()?)));
        let asked = asked.filter(|(_, invitation)| invitation.operation == operation);
        let Some((party, Invitation { seg, strategy, .. })) = asked else {
            return Err(Refusal::NotInvited(operation));
        };
        let (leg, call) = (party.id.clone(), party.call.clone());
        if !accept {
            self.end_invitation(&leg, Refusal::Declined);
            return Ok(accepted(operation));
        }
        let route = self.route(&call, &leg, &seg, strategy)?;
        self.take_invitation(&leg);
        self.send(leg, operation.clone(), seg, route);
        Ok(accepted(operation))
    }

    /// The time of an invitation is over.
    pub(super) fn end_silent_invitation(&mut self, leg: &LegId, at_ms: u64) {
        let party = self.legs.get(leg);
        let invitation = party.and_then(|leg| leg.invitation.as_ref());
        if invitation.is_some_and(|invitation| invitation.until == at_ms) {
            self.end_invitation(leg, Refusal::NoConsent);
        }
    }

    /// Ends an invitation of which nothing comes, where there is one.
    pub(super) fn end_invitation(&mut self, leg: &LegId, why: Refusal) {
        let Some(invitation) = self.take_invitation(leg) else {
            return;
        };
        let Invitation { operation, .. } = invitation;
        let here = self.legs[leg].seg.clone();
        let (told, cause) = (Some(operation.clone()), Cause::Failed(why.clone()));
        self.report_leg(leg, LegEvent::MoveFailed, here, told, Some(cause));
        self.operations
            .fail(&operation, OperationState::Failed, why);
    }

    /// Ends the invitations into a Seg that ends.
    pub(super) fn end_invitations_into(&mut self, seg: &SegId) {
        let into = |leg: &&super::Leg| {
            let invitation = leg.invitation.as_ref();
            invitation.is_some_and(|invitation| invitation.seg == *seg)
        };
        let Some(call) = self.segs.get(seg).map(|seg| &seg.call) else {
            return;
        };
        let legs = self.calls.get(call).into_iter().flat_map(|call| &call.legs);
        let legs = legs.filter_map(|leg| self.legs.get(leg)).filter(into);
        let legs: Vec<LegId> = legs.map(|leg| leg.id.clone()).collect();
        for leg in legs {
            self.end_invitation(&leg, Refusal::Cancelled);
        }
    }

    fn take_invitation(&mut self, leg: &LegId) -> Option<Invitation> {
        self.legs.get(leg)?.invitation.as_ref()?;
        let invitation = self.legs.get_mut(leg)?.invitation.take()?;
        let consent = Deadline::Consent(leg.clone());
        self.timetable.remove(invitation.until, consent);
        Some(invitation)
    }
}
