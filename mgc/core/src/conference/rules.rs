//! How much goes into a room, and who may ask for what.
//!
//! A rule is asked once, when something new is requested, and about all of it: the Legs of a
//! MergeSeg together. What has begun is never refused by one. A Leg has its place in the Seg where
//! it is until the gateway has confirmed it elsewhere, and in the Seg to which it is on its way from
//! the moment in which that was asked, so that a way back always has room. The main Seg, to which
//! Legs return, is never full, and its lock keeps out only who is not in the Call yet.

use super::{Conferences, call::Call, leg::Leg, seg::Seg};
use crate::northbound::{CallId, LegId, LegState, Refusal, Right, SegId, SegPolicy, Who};

impl Conferences {
    /// How many Segs a Call may have.
    pub(super) fn segs_max(&self, call: &Call) -> usize {
        let own = call.limits.segs.unwrap_or(usize::MAX);
        own.min(self.limits.segs_per_call)
    }

    /// How many Legs a Call may have.
    pub(super) fn legs_max(&self, call: &Call) -> usize {
        let own = call.limits.legs.unwrap_or(usize::MAX);
        own.min(self.limits.legs_per_call)
    }

    /// How many Legs a Seg may have; the main one as many as its Call.
    pub(super) fn seg_legs_max(&self, call: &Call, id: &SegId, seg: &Seg) -> Option<usize> {
        if call.main_seg == *id {
            return None;
        }
        self.policy_legs_max(&seg.policy)
    }

    /// How many Legs a Seg of these rules may have, where it is not the main one.
    pub(super) fn policy_legs_max(&self, policy: &SegPolicy) -> Option<usize> {
        let rules = [policy.limits.legs, self.limits.legs_per_seg];
        rules.into_iter().flatten().min()
    }

    /// Whether a Call that is there may have another Seg.
    pub(super) fn check_another_seg(&self, id: &CallId) -> Result<(), Refusal> {
        let call = self.live_call(id)?;
        let max = self.segs_max(call);
        if call.segs.len() >= max {
            let call = id.clone();
            return Err(Refusal::SegLimit { call, max });
        }
        Ok(())
    }

    /// Whether a Call that is there may have another Leg.
    pub(super) fn check_another_leg(&self, id: &CallId) -> Result<(), Refusal> {
        let call = self.live_call(id)?;
        let max = self.legs_max(call);
        if call.legs.len() >= max {
            let call = id.clone();
            return Err(Refusal::LegLimit { call, max });
        }
        Ok(())
    }

    /// Whether somebody who is not in the Call yet may enter a Seg of it.
    pub(super) fn check_newcomer(&self, call: &CallId, seg: &SegId) -> Result<(), Refusal> {
        if self.segs[seg].policy.locked {
            return Err(Refusal::SegLocked(seg.clone()));
        }
        self.check_entry(call, seg, 1)
    }

    /// Whether so many Legs of a Call may enter a Seg of it.
    pub(super) fn check_entry(
        &self,
        call: &CallId,
        seg: &SegId,
        legs: usize,
    ) -> Result<(), Refusal> {
        let (conference, room) = (&self.calls[call], &self.segs[seg]);
        if conference.main_seg == *seg {
            return Ok(());
        }
        if room.policy.locked {
            return Err(Refusal::SegLocked(seg.clone()));
        }
        let max = self.seg_legs_max(conference, seg, room);
        match max {
            Some(max) if self.occupancy(call, seg) + legs > max => {
                let seg = seg.clone();
                Err(Refusal::SegFull { seg, max })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// How many Legs are in a Seg or on their way there.
    pub(super) fn occupancy(&self, call: &CallId, seg: &SegId) -> usize {
        self.occupants(call, seg).count()
    }

    /// The Legs that are in a Seg or on their way there.
    pub(super) fn occupants(&self, call: &CallId, seg: &SegId) -> impl Iterator<Item = &Leg> {
        let legs = self.calls.get(call).into_iter().flat_map(|call| &call.legs);
        let legs = legs.filter_map(|leg| self.legs.get(leg));
        legs.filter(move |leg| leg.is_about(seg))
    }

    /// Whether a member may make Segs.
    pub(super) fn check_may_create(
        &self,
        call: &CallId,
        by: Option<&LegId>,
    ) -> Result<(), Refusal> {
        let who = self.live_call(call)?.may_create;
        let Some(member) = self.member(call, by)? else {
            return Ok(());
        };
        allow(who, member, true, Right::Create)
    }

    /// Whether a member may have a Leg, which may be itself, enter a Seg. Each may return to the main
    /// Seg, to where only hosts may send others.
    pub(super) fn check_may_enter(
        &self,
        call: &CallId,
        by: Option<&LegId>,
        leg: &LegId,
        seg: &SegId,
    ) -> Result<(), Refusal> {
        let Some(member) = self.member(call, by)? else {
            return Ok(());
        };
        let policy = &self.segs[seg].policy;
        let is_main = self.calls[call].main_seg == *seg;
        match (member.id == *leg, is_main) {
            (true, true) => Ok(()),
            (true, false) => allow(policy.may_join, member, true, Right::Join),
            (false, true) => allow(Who::Host, member, false, Right::Invite),
            (false, false) => {
                let is_inside = member.seg.as_ref() == Some(seg);
                allow(policy.may_invite, member, is_inside, Right::Invite)
            }
        }
    }

    /// The member on whose behalf something is asked.
    fn member(&self, call: &CallId, by: Option<&LegId>) -> Result<Option<&Leg>, Refusal> {
        let Some(by) = by else {
            return Ok(None);
        };
        let member = self.leg_of(call, by)?;
        if member.state.view() == LegState::Leaving {
            return Err(Refusal::UnknownLeg(by.clone()));
        }
        Ok(Some(member))
    }
}

/// Whether a rule lets a member do something; `is_any`: whether it is of those whom `Any` means.
fn allow(who: Who, member: &Leg, is_any: bool, right: Right) -> Result<(), Refusal> {
    let may = match who {
        Who::Any => is_any || member.host,
        Who::Host => member.host,
        Who::Nobody => false,
    };
    let by = member.id.clone();
    may.then_some(()).ok_or(Refusal::MayNot { by, right })
}
