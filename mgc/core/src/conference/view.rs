//! The state of conferences as the application may see it.

use std::collections::BTreeMap;

use super::{Conferences, call::Call, leg::Leg, seg::Seg};
use crate::{
    northbound::{CallId, CallView, LegId, LegState, LegView, Refusal, SegId, SegView, Totals},
    southbound::Southbound,
};

impl Conferences {
    pub(crate) fn call(&self, id: &CallId) -> Result<CallView, Refusal> {
        let call = self.calls.get(id);
        let call = call.filter(|call| !self.is_opening(call));
        let call = call.ok_or_else(|| Refusal::UnknownCall(id.clone()))?;
        Ok(self.call_view(id, call))
    }

    fn call_view(&self, id: &CallId, call: &Call) -> CallView {
        CallView {
            segs_max: self.segs_max(call),
            legs_max: self.legs_max(call),
            ..call.view(id, &self.segs)
        }
    }

    pub(crate) fn calls(&self) -> Vec<CallView> {
        let view = |(id, call): (&CallId, &Call)| self.call_view(id, call);
        let told = self.calls.iter().filter(|(_, call)| !self.is_opening(call));
        told.map(view).collect()
    }

    pub(crate) fn totals(&self) -> Totals {
        Totals {
            calls: self.calls.len(),
            segs: self.segs.len(),
            legs: self.legs.len() - self.segs.values().map(Seg::nobodys).sum::<usize>(),
        }
    }

    pub(crate) fn segs(
        &self,
        call: &CallId,
        southbound: &Southbound,
    ) -> Result<Vec<SegView>, Refusal> {
        let view = self.call(call)?;
        // Legs are gone through once, not for each Seg: there may be thousands of both.
        let mut inside: BTreeMap<&SegId, Vec<LegId>> = BTreeMap::new();
        for leg in self.legs_of(&view) {
            if let Some(seg) = &leg.seg {
                inside.entry(seg).or_default().push(leg.id.clone());
            }
        }
        let seg_view = |id| {
            let seg = self.segs.get(id)?;
            let legs = inside.remove(id).unwrap_or_default();
            Some(self.seg_view(&view, id, (seg, legs), southbound))
        };
        Ok(view.segs.iter().filter_map(seg_view).collect())
    }

    pub(crate) fn seg(
        &self,
        call: &CallId,
        id: &SegId,
        southbound: &Southbound,
    ) -> Result<SegView, Refusal> {
        let view = self.call(call)?;
        let seg = self.seg_of(call, id)?;
        let legs = self.legs_of(&view);
        let inside = legs.filter(|leg| leg.seg.as_ref() == Some(id));
        let inside = inside.map(|leg| leg.id.clone()).collect();
        Ok(self.seg_view(&view, id, (seg, inside), southbound))
    }

    fn seg_view(
        &self,
        call: &CallView,
        id: &SegId,
        (seg, legs): (&Seg, Vec<LegId>),
        southbound: &Southbound,
    ) -> SegView {
        SegView {
            supervised: seg.supervised,
            recording: self.recording_of(seg).cloned(),
            legs,
            context: southbound.context_of(self.hall_of(&call.id).unwrap_or(id)),
            holder: seg
                .holder
                .as_ref()
                .and_then(|leg| southbound.termination_of(leg)),
            ..self.rules_of(id, seg)
        }
    }

    /// A Seg as nobody is in it.
    pub(super) fn rules_of(&self, id: &SegId, seg: &Seg) -> SegView {
        let call = &self.calls[&seg.call];
        SegView {
            id: id.clone(),
            call: seg.call.clone(),
            name: seg.name.clone(),
            main: *id == call.main_seg,
            private: seg.policy.private,
            confirm: seg.policy.confirm,
            listen_main: seg.policy.listen_main,
            supervised: false,
            recording: None,
            policy: seg.policy.clone(),
            legs_max: self.seg_legs_max(call, id, seg),
            until: seg.until,
            legs: Vec::new(),
            context: None,
            holder: None,
        }
    }

    pub(crate) fn legs(
        &self,
        call: &CallId,
        southbound: &Southbound,
    ) -> Result<Vec<LegView>, Refusal> {
        let view = self.call(call)?;
        let legs = self
            .legs_of(&view)
            .map(|leg| self.leg_view(leg, southbound));
        Ok(legs.collect())
    }

    pub(crate) fn leg(
        &self,
        call: &CallId,
        id: &LegId,
        southbound: &Southbound,
    ) -> Result<LegView, Refusal> {
        self.call(call)?;
        Ok(self.leg_view(self.leg_of(call, id)?, southbound))
    }

    fn leg_view(&self, leg: &Leg, southbound: &Southbound) -> LegView {
        let seg = leg.seg.as_ref();
        LegView {
            in_private: seg.is_some_and(|seg| self.is_private(seg)),
            ..leg.view(southbound)
        }
    }

    fn legs_of<'a>(&'a self, call: &'a CallView) -> impl Iterator<Item = &'a Leg> {
        call.legs.iter().filter_map(|leg| self.legs.get(leg))
    }
}

impl Leg {
    fn view(&self, southbound: &Southbound) -> LegView {
        let task = self.task.as_ref();
        LegView {
            id: self.id.clone(),
            call: self.call.clone(),
            seg: self.seg.clone(),
            state: if self.detached && self.state.view() == LegState::Attached {
                LegState::Detached
            } else {
                self.state.view()
            },
            role: self.role,
            settings: self.settings,
            media_lost: self.media_lost,
            host: self.host,
            invitation: self
                .invitation
                .as_ref()
                .map(|asked| asked.operation.clone()),
            operation: self
                .leaving
                .clone()
                .or_else(|| task.map(|task| task.operation.clone())),
            in_private: false,
            gateway: self.gateway.clone(),
            termination: southbound.termination_of(&self.id),
        }
    }
}
