//! What changes about a Leg that stays where it is: the one command that does it occupies the Leg
//! like a move does.

use super::{
    Conferences,
    leg::{Adjustment, Input, Purpose, Task},
    request::accepted,
};
use crate::{
    northbound::{
        Accepted, CallId, Done, LegEvent, LegId, MediaChanges, MoveResult, OperationId,
        OperationKind, OperationState, Refusal, SegId,
    },
    operations::Subject,
    registry::Registry,
};

impl Conferences {
    /// Begins to change what of a Leg's media is cut off, and what its party offers.
    pub(crate) fn modify_leg(
        &mut self,
        call: CallId,
        leg: LegId,
        changes: MediaChanges,
        offer: Option<&str>,
        registry: &Registry,
    ) -> Result<Accepted, Refusal> {
        self.check_skills(&call, &leg, changes, registry)?;
        let seg = self.at_rest(&call, &leg)?;
        let party = &self.legs[&leg];
        let offer = offer.map(|sdp| party.offered_anew(sdp)).transpose()?;
        let offer = offer.filter(|offer| *offer != party.offer);
        let before = party.settings;
        let settings = before.after(changes);
        self.check_rearming(&leg, settings)?;
        let changes = settings != before || offer.is_some();
        let subject = Subject {
            call: Some(call),
            seg: seg.clone(),
            leg: Some(leg.clone()),
        };
        let operation = self.start(OperationKind::ModifyLeg, subject)?;
        match seg {
            Some(seg) if changes => {
                let adjustment = match offer.map(Box::new) {
                    Some(offer) => Adjustment::Offer { offer, settings },
                    None => Adjustment::Settings(settings),
                };
                self.adjust(&leg, seg, &operation, adjustment);
            }
            // A stranded one is opened so once it is in a Seg again.
            Some(_) | None => {
                let party = self.legs.get_mut(&leg).expect("looked up above");
                party.settings = settings;
                if let Some(offer) = offer {
                    party.offer = offer;
                }
                if changes {
                    let told = Some(operation.clone());
                    self.report_leg(&leg, LegEvent::Changed, None, told, None);
                }
                self.operations.succeed(&operation, Done::LegChanged);
            }
        }
        Ok(accepted(operation))
    }

    /// The Seg of a Leg that stays and of which nothing is asked; `None` where it is stranded.
    pub(super) fn at_rest(&self, call: &CallId, leg: &LegId) -> Result<Option<SegId>, Refusal> {
        self.live_call(call)?;
        let party = self.idle_leg(call, leg)?;
        Ok(party.seg.clone())
    }

    /// Asks the gateway for a change about an attached Leg.
    pub(super) fn adjust(
        &mut self,
        leg: &LegId,
        seg: SegId,
        operation: &OperationId,
        adjustment: Adjustment,
    ) {
        self.adjust_for(Purpose::Adjust, leg, seg, operation, adjustment);
    }

    /// The same, as one of several where the purpose is shared.
    pub(super) fn adjust_for(
        &mut self,
        purpose: Purpose,
        leg: &LegId,
        seg: SegId,
        operation: &OperationId,
        adjustment: Adjustment,
    ) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let Ok(state) = party.state.next(Input::Adjust) else {
            // It comes back from where somebody else moved it; what was asked comes too early.
            let state = OperationState::Failed;
            let why = Refusal::Cancelled;
            self.not_supervised(leg, &adjustment, &why);
            if purpose.is_shared() {
                self.settle_in_group(leg, operation, MoveResult::Failed, Some(why));
            } else {
                self.operations.fail(operation, state, why);
            }
            return;
        };
        party.state = state;
        party.adjustment = Some(adjustment);
        party.task = Some(Task {
            purpose,
            operation: operation.clone(),
            target: seg,
        });
        self.pursue(leg);
    }

    /// The gateway did what the adjustment asks.
    pub(super) fn adjusted(&mut self, leg: &LegId, task: &Task) {
        let party = self.legs.get_mut(leg).expect("looked up by the caller");
        let Some(adjustment) = party.adjustment.take() else {
            return;
        };
        match adjustment {
            Adjustment::Settings(settings) | Adjustment::Offer { settings, .. } => {
                party.settings = settings;
                if let Adjustment::Offer { offer, .. } = adjustment {
                    party.offer = *offer;
                }
                let (seg, told) = (party.seg.clone(), Some(task.operation.clone()));
                self.report_leg(leg, LegEvent::Changed, seg, told, None);
                if !settings.talking {
                    self.fall_silent(leg);
                }
                self.operations.succeed(&task.operation, Done::LegChanged);
            }
            Adjustment::Play { .. }
            | Adjustment::StopPlay
            | Adjustment::Collect { .. }
            | Adjustment::StopCollect { .. }
            | Adjustment::Record { .. }
            | Adjustment::StopRecord => {
                self.supervised(leg, task, &adjustment);
            }
        }
        self.look_after(leg, [task.target.clone()]);
    }
}
