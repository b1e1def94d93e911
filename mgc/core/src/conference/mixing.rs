//! What only some gateways can do of a Leg: make it louder, and tell when its party talks. A gateway
//! that cannot is not asked, and what is set goes along for one that can.

use super::{
    Conferences, Mixing,
    intent::Skill,
    leg::{Adjustment, Leg, State},
};
use crate::{
    northbound::{
        CallId, GatewayId, LegEvent, LegId, MediaChanges, MediaSettings, Refusal, Talking,
    },
    registry::Registry,
};

impl Leg {
    /// What is wanted of how it is mixed.
    pub(super) fn mixing(&self) -> Mixing {
        let (before, asked) = (self.settings, self.asked_settings());
        // What came of an adjustment that is being undone is not known.
        let wanted = if self.state == State::Adjusting {
            asked
        } else {
            before
        };
        let needs = if wanted.gain != before.gain {
            Some(Skill::Gain)
        } else {
            let begins = wanted.talking && !before.talking;
            begins.then_some(Skill::Talking)
        };
        Mixing {
            gain: wanted.gain,
            talking: wanted.talking,
            rearmed: asked.talking != before.talking,
            needs,
        }
    }

    /// The settings that it is to have, or has.
    fn asked_settings(&self) -> MediaSettings {
        match &self.adjustment {
            Some(Adjustment::Settings(settings) | Adjustment::Offer { settings, .. }) => *settings,
            Some(_) | None => self.settings,
        }
    }
}

impl MediaChanges {
    /// What its gateway must be able to do.
    fn needs(self) -> Option<Skill> {
        let talking = (self.talking == Some(true)).then_some(Skill::Talking);
        self.gain.map(|_| Skill::Gain).or(talking)
    }
}

impl Conferences {
    /// Refuses a change that the Leg's gateway is known not to be able to do; and of a Leg that is in
    /// no Seg, one of which that is not known.
    pub(super) fn check_skills(
        &self,
        call: &CallId,
        leg: &LegId,
        changes: MediaChanges,
        registry: &Registry,
    ) -> Result<(), Refusal> {
        self.live_call(call)?;
        let party = self.leg_of(call, leg)?;
        let gateway = registry.get(&party.gateway);
        match (
            changes.needs(),
            gateway.and_then(|gateway| gateway.learnt.mixes),
        ) {
            (Some(skill), Some(false)) => Err(skill.lacking()),
            (Some(_), None) if party.seg.is_none() => Err(Refusal::LegStranded(leg.clone())),
            (Some(_), Some(true) | None) | (None, _) => Ok(()),
        }
    }

    /// Refuses to change what is told of a Leg while other events are waited for: a new Events
    /// descriptor takes the place of theirs (H.248.1 7.1.9).
    pub(super) fn check_rearming(
        &self,
        leg: &LegId,
        settings: MediaSettings,
    ) -> Result<(), Refusal> {
        let party = &self.legs[leg];
        match party.waits.operations().next() {
            Some(operation) if settings.talking != party.settings.talking => {
                Err(Refusal::LegBusy {
                    leg: leg.clone(),
                    operation: operation.clone(),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes what a gateway tells of a party's voice.
    pub(crate) fn handle_talking(&mut self, leg: &LegId, talking: Talking) {
        let Some(party) = self.legs.get(leg).filter(|leg| leg.mixing().talking) else {
            return;
        };
        let seg = party.seg.clone();
        let told = match talking {
            Talking::Began { .. } => {
                if let Some(whole) = self.talkers.get_mut(leg) {
                    // Its gateway has been given other Events, and counts anew.
                    *whole = false;
                    return;
                }
                self.talkers.insert(leg.clone(), true);
                talking
            }
            Talking::Ended { duration_ms } => {
                let whole = self.talkers.remove(leg).unwrap_or(true);
                let duration_ms = duration_ms.filter(|_| whole);
                Talking::Ended { duration_ms }
            }
        };
        self.report_leg(leg, LegEvent::Talking(told), seg, None, None);
    }

    /// Tells that a party talks no more of which its gateway will not tell.
    pub(super) fn fall_silent(&mut self, leg: &LegId) {
        if self.talkers.remove(leg).is_none() {
            return;
        }
        let seg = self.legs[leg].seg.clone();
        let ended = Talking::Ended { duration_ms: None };
        self.report_leg(leg, LegEvent::Talking(ended), seg, None, None);
    }

    /// The same of all Legs of a gateway that may have given up telling.
    pub(super) fn silence(&mut self, gateway: &GatewayId) {
        let here = |leg: &&LegId| self.gateway_of(leg) == Some(gateway);
        let talkers: Vec<LegId> = self.talkers.keys().filter(here).cloned().collect();
        for leg in talkers {
            self.fall_silent(&leg);
        }
    }
}
