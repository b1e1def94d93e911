//! Package `zconfmix` (project): the gain of a Leg in each LocalControl, which a new one would set back
//! (H.248.1 7.1.7), and who talks in each Events descriptor.
//!
//! Whether a gateway has the package is asked when the first command wants it, which is kept until that
//! is known. A gateway without it, and one of which nobody wants it, never hears of it.

use codec_h248::{
    ActionRequest, AmmRequest, Command, PackageItem, ParmValue, PropertyParm, TransactionResult,
    Value,
    descriptor::{
        AmmDescriptor, EventParameter, ObservedEvent, RequestedEvent, StreamParms, Streams,
    },
};
use transport_h248::PeerId;

use super::{
    Link, Southbound, descriptors,
    errand::{Asked, Errand, Order},
    reply,
    supervision::value_of,
    watch::{UNASKED, has_events},
};
use crate::{
    conference::Outcome,
    northbound::{LegId, Refusal, Talking},
};

/// The package.
const PACKAGE: &str = "zconfmix";

/// Whether a gateway has the package.
#[derive(Debug)]
pub(super) enum Mixer {
    /// It is asked; these commands wait for its answer, at most one for each of its Legs.
    Asked(Vec<Errand>),
    /// It has, or has not.
    Known(bool),
}

impl Errand {
    /// Whether the package is wanted for it.
    fn mixes(&self) -> bool {
        let wanted = self.mixing.gain.is_some() || self.mixing.talking;
        wanted && !matches!(self.order, Order::Release | Order::Leave)
    }
}

impl Southbound {
    /// Notes what is known of a gateway that is not just being asked.
    pub(crate) fn note_mixer(&mut self, peer: PeerId, mixes: bool) {
        self.mixers.entry(peer).or_insert(Mixer::Known(mixes));
    }

    /// The next gateway of which it became known whether it has the package.
    pub(crate) fn poll_learnt(&mut self) -> Option<(PeerId, bool)> {
        self.learnt.pop_front()
    }

    /// A command that can be sent now; `None` where it waits until more is known of the gateway, or is
    /// refused because that cannot do what it is about.
    pub(super) fn as_able(
        &mut self,
        peer: PeerId,
        errand: Errand,
        link: &mut Link<'_>,
    ) -> Option<Errand> {
        if !errand.mixes() {
            return Some(errand);
        }
        match (self.mixers.get_mut(&peer), errand.mixing.needs) {
            (Some(Mixer::Known(false)), Some(skill)) => {
                self.finish(errand.leg, Outcome::Refused(skill.lacking()));
                None
            }
            (Some(Mixer::Known(_)), _) => Some(errand),
            (Some(Mixer::Asked(waiting)), _) => {
                waiting.push(errand);
                None
            }
            (None, _) => {
                self.mixers.insert(peer, Mixer::Asked(vec![errand]));
                self.ask(peer, descriptors::packages(), Asked::Packages, link);
                None
            }
        }
    }

    /// Takes a gateway's packages; one that does not tell them has not this one.
    pub(super) fn packages_told(
        &mut self,
        peer: PeerId,
        result: &TransactionResult<'static>,
        link: &mut Link<'_>,
    ) {
        let mixes = reply::names_package(result, PACKAGE);
        let kept = self.take_kept(peer);
        self.note_mixer(peer, mixes);
        self.learnt.push_back((peer, mixes));
        for errand in kept {
            self.send(peer, errand, link);
        }
    }

    /// What waited for a gateway that did not answer is as what it did not answer itself.
    pub(super) fn packages_silent(&mut self, peer: PeerId, link: &mut Link<'_>) {
        for errand in self.take_kept(peer) {
            self.errand_silent(peer, errand, link);
        }
    }

    /// The gateway was not ready: what waits comes again in a moment, and asks anew.
    pub(super) fn packages_postponed(
        &mut self,
        peer: PeerId,
        refusal: &Refusal,
        link: &mut Link<'_>,
    ) {
        for errand in self.take_kept(peer) {
            self.postpone(peer, errand, refusal.clone(), link);
        }
    }

    /// The commands that waited; whether the gateway has the package is not known any more.
    fn take_kept(&mut self, peer: PeerId) -> Vec<Errand> {
        match self.mixers.remove(&peer) {
            Some(Mixer::Asked(kept)) => kept,
            Some(Mixer::Known(_)) | None => Vec::new(),
        }
    }

    /// Drops the waiting command about a Leg. Returns whether there was one.
    pub(super) fn withdraw_kept(&mut self, peer: PeerId, leg: &LegId, link: &mut Link<'_>) -> bool {
        let Some(Mixer::Asked(kept)) = self.mixers.get_mut(&peer) else {
            return false;
        };
        let Some(at) = kept.iter().position(|errand| errand.leg == *leg) else {
            return false;
        };
        let errand = kept.remove(at);
        self.enter_failed(peer, &errand, link);
        self.finish(errand.leg, Outcome::Refused(Refusal::Cancelled));
        true
    }

    /// The same action with how the Leg is mixed, where the gateway can do that.
    pub(super) fn with_mixing(
        &self,
        peer: PeerId,
        errand: &Errand,
        mut action: ActionRequest<'static>,
    ) -> ActionRequest<'static> {
        if !matches!(self.mixers.get(&peer), Some(Mixer::Known(true))) {
            return action;
        }
        let mixing = errand.mixing;
        for request in &mut action.commands {
            let (request, adds) = match &mut request.command {
                Command::Add(request) => (request, true),
                Command::Move(request) | Command::Modify(request) => (request, false),
                Command::Subtract(_)
                | Command::AuditValue(_)
                | Command::AuditCapability(_)
                | Command::Notify(_)
                | Command::ServiceChange(_) => continue,
            };
            if let Some(gain) = mixing.gain {
                set_gain(request, gain);
            }
            if mixing.rearmed || (adds && mixing.talking) {
                has_events(request);
            }
            if mixing.talking {
                ask_who_talks(request);
            }
        }
        action
    }
}

fn set_gain(request: &mut AmmRequest<'static>, gain: i8) {
    let property = PropertyParm {
        name: PackageItem::known(PACKAGE, "gain"),
        value: ParmValue::Equal(Value::bare(gain.to_string())),
    };
    let set = |parms: &mut StreamParms<'static>| {
        if let Some(control) = &mut parms.local_control {
            control.properties.push(property.clone());
        }
    };
    for descriptor in &mut request.descriptors {
        if let AmmDescriptor::Media(media) = descriptor {
            match &mut media.streams {
                Streams::Single(parms) => set(parms),
                Streams::Several(streams) => streams.iter_mut().for_each(|one| set(&mut one.parms)),
            }
        }
    }
}

fn ask_who_talks(request: &mut AmmRequest<'static>) {
    for descriptor in &mut request.descriptors {
        if let AmmDescriptor::Events(events) = descriptor {
            events.request_id.get_or_insert(UNASKED);
            events.events.push(RequestedEvent {
                name: PackageItem::known(PACKAGE, "talk"),
                // Who begins to talk does not stop what is played to him.
                parameters: vec![EventParameter::KeepActive],
            });
        }
    }
}

/// Reads who talks; `None` for any other event, and for one that does not say whether it is a beginning.
pub(crate) fn talking(event: &ObservedEvent<'_>) -> Option<Talking> {
    if !event.name.is(PACKAGE, "talk") {
        return None;
    }
    if value_of(event, "on")?.eq_ignore_ascii_case("on") {
        let level = value_of(event, "lvl").and_then(|level| level.parse().ok());
        let level = level.filter(|level: &i8| *level >= 0).map(|level| -level);
        return Some(Talking::Began { level });
    }
    let duration_ms = value_of(event, "dur").and_then(|time| time.parse().ok());
    Some(Talking::Ended { duration_ms })
}
