//! The state of conferences as the application may see it.

use super::{Conferences, leg::Leg};
use crate::{
    northbound::{CallId, CallView, LegView, Refusal, SegView},
    southbound::Southbound,
};

impl Conferences {
    pub(crate) fn call(&self, id: &CallId) -> Result<CallView, Refusal> {
        let call = self.calls.get(id);
        let call = call.ok_or_else(|| Refusal::UnknownCall(id.clone()))?;
        Ok(call.view(id))
    }

    pub(crate) fn calls(&self) -> Vec<CallView> {
        self.calls.iter().map(|(id, call)| call.view(id)).collect()
    }

    pub(crate) fn segs(
        &self,
        call: &CallId,
        southbound: &Southbound,
    ) -> Result<Vec<SegView>, Refusal> {
        let view = self.call(call)?;
        let legs: Vec<&Leg> = self.legs_of(&view).collect();
        let seg_view = |id| {
            let seg = self.segs.get(&id)?;
            let inside = legs.iter().filter(|leg| leg.seg.as_ref() == Some(&id));
            Some(SegView {
                call: call.clone(),
                name: seg.name.clone(),
                main: id == view.main_seg,
                legs: inside.map(|leg| leg.id.clone()).collect(),
                context: southbound.context_of(&id),
                id,
            })
        };
        Ok(view.segs.iter().cloned().filter_map(seg_view).collect())
    }

    pub(crate) fn legs(
        &self,
        call: &CallId,
        southbound: &Southbound,
    ) -> Result<Vec<LegView>, Refusal> {
        let view = self.call(call)?;
        let legs = self.legs_of(&view).map(|leg| LegView {
            id: leg.id.clone(),
            call: leg.call.clone(),
            seg: leg.seg.clone(),
            state: leg.state.view(),
            operation: leg
                .leaving
                .clone()
                .or_else(|| leg.task.as_ref().map(|task| task.operation.clone())),
            gateway: leg.gateway.clone(),
            termination: southbound.termination_of(&leg.id),
        });
        Ok(legs.collect())
    }

    fn legs_of<'a>(&'a self, call: &'a CallView) -> impl Iterator<Item = &'a Leg> {
        call.legs.iter().filter_map(|leg| self.legs.get(leg))
    }
}
