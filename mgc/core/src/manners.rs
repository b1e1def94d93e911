//! What a gateway can do: what its operator says of it, and what its refusals have taught.

use std::{collections::BTreeMap, num::NonZeroU32};

use codec_h248::EmptySignals;

use crate::northbound::{GatewayId, Play, Refusal, Sound, Strategy};

/// What the operator says of a gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GatewayProfile {
    /// How Legs are moved where nobody says how: the first of these that the gateway can do.
    pub strategies: Vec<Strategy>,
    /// Its share of the Legs, beside the weights of the others.
    pub weight: NonZeroU32,
    /// Legs that it takes at most; `None`: as many as come.
    pub legs_max: Option<usize>,
    /// Whether it takes no new Calls, until it is told to.
    pub drained: bool,
    /// Whether it is asked to notify of silences of ours (H.248.14), where gateways are.
    pub inactivity: bool,
    /// Whether it is asked, with each Add, to notify the faults of media that it knows: g/cause,
    /// nt/netfail and nt/qualert. One that does not know them refuses the Add.
    pub media_events: bool,
    /// What is played there under each name.
    pub announcements: BTreeMap<String, Sound>,
    /// Whether Calls whose Segs share a Context, kept apart by Topology, may be made there.
    pub topology: bool,
    /// How it is told in text to stop all signals.
    pub empty_signals: EmptySignals,
}

impl Default for GatewayProfile {
    /// One that can do everything.
    fn default() -> Self {
        Self {
            strategies: vec![Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd],
            weight: NonZeroU32::MIN,
            legs_max: None,
            drained: false,
            inactivity: true,
            media_events: false,
            announcements: BTreeMap::new(),
            topology: true,
            empty_signals: EmptySignals::OfVersion,
        }
    }
}

/// The profiles of all gateways.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GatewayProfiles {
    /// By MId, as text.
    pub named: BTreeMap<GatewayId, GatewayProfile>,
    /// That of the others.
    pub default: GatewayProfile,
}

impl GatewayProfiles {
    /// The profile of a gateway.
    pub fn of(&self, gateway: &GatewayId) -> &GatewayProfile {
        self.named.get(gateway).unwrap_or(&self.default)
    }
}

impl GatewayProfile {
    /// What is to be played, in the gateway's own way where it has a name.
    pub(crate) fn spell(&self, play: Play) -> Result<Play, Refusal> {
        let Sound::Named { name, cycles } = play.sound else {
            return Ok(play);
        };
        let Some(sound) = self.announcements.get(&name) else {
            return Err(Refusal::UnknownAnnouncement(name));
        };
        let sound = sound.clone().repeated(cycles);
        Ok(Play { sound, ..play })
    }
}

/// What a gateway's refusals and answers have taught. It is forgotten when the gateway restarts: it may be
/// another program by then.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Learnt {
    /// It does not know Move: it refused one with 443 or 501.
    pub no_move: bool,
    /// Whether it has package `zconfmix`; `None`: it has not been asked.
    #[serde(default)]
    pub mixes: Option<bool>,
}

/// How Legs are moved at each gateway.
#[derive(Debug, Default)]
pub(crate) struct Manners {
    of: BTreeMap<GatewayId, Vec<Strategy>>,
}

impl Manners {
    /// Notes the strategies that a gateway can do, in order of preference.
    pub(crate) fn note(&mut self, gateway: GatewayId, strategies: Vec<Strategy>) {
        self.of.insert(gateway, strategies);
    }

    pub(crate) fn forget(&mut self, gateway: &GatewayId) {
        self.of.remove(gateway);
    }

    pub(crate) fn strategies(&self, gateway: &GatewayId) -> &[Strategy] {
        self.of.get(gateway).map_or(&[], Vec::as_slice)
    }

    /// How a Leg is moved where nobody says how.
    pub(crate) fn preferred(&self, gateway: &GatewayId) -> Strategy {
        let first = self.strategies(gateway).first();
        first.copied().unwrap_or_default()
    }

    /// How a Leg is moved in the fewest commands: by one Move, after whose refusal it is where it
    /// was, unless the gateway can only subtract and add.
    pub(crate) fn shortest(&self, gateway: &GatewayId) -> Strategy {
        let can = self.strategies(gateway);
        if can.is_empty() || can.iter().any(|strategy| strategy.needs_move()) {
            Strategy::Move
        } else {
            Strategy::SubtractAdd
        }
    }
}

impl Learnt {
    /// The strategies of a profile that the gateway can do, in the same order.
    pub(crate) fn of(self, profile: &GatewayProfile) -> Vec<Strategy> {
        let can = |strategy: &&Strategy| !(self.no_move && strategy.needs_move());
        profile.strategies.iter().filter(can).copied().collect()
    }
}
