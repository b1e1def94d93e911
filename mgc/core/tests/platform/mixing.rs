//! Gain and talkers, by the project's own package: at gateways that have it, and at those that have not.

use std::time::Duration;

use codec_h248::{
    PackageItem, Value,
    descriptor::{ErrorCode, EventParameter, RequestId},
};
use mgc_core::northbound::{
    Done, LegEvent, LegState, MediaChanges, NewCall, OnGatewayLoss, Refusal, Request, SegId,
    Separation, Strategy, Talking,
};

use super::{
    gateway::{Kind, Termination},
    network::{World, attach, config, delete_leg, durable, join, two_digits},
    room::Room,
    supervision::{Rows, restart},
};

const MIXER: &str = "zconfmix";
const TALK: &str = "zconfmix/talk";
const BEGAN: Talking = Talking::Began { level: Some(-30) };
const ENDED: Talking = Talking::Ended {
    duration_ms: Some(1_500),
};
const LOST: Talking = Talking::Ended { duration_ms: None };

fn mixer() -> World {
    let mut world = World::new();
    world.gateway().packages = vec!["g", MIXER];
    world
}

fn talking_call() -> NewCall {
    NewCall {
        talking: true,
        ..NewCall::default()
    }
}

/// A Leg with a gain of a Call that tells who talks and outlives its gateway.
fn louder_and_lasting() -> Room {
    let mut room = Room::of(
        mixer(),
        NewCall {
            on_gateway_loss: OnGatewayLoss::Recreate,
            ..talking_call()
        },
    );
    assert_eq!(room.modify(gain(12)), Ok(Done::LegChanged));
    room
}

/// The ways of a Call that has Contexts, and the one of a Call with one.
fn ways() -> [(Separation, Strategy); 4] {
    [
        (Separation::Contexts, Strategy::TwoStep),
        (Separation::Contexts, Strategy::Move),
        (Separation::Contexts, Strategy::SubtractAdd),
        (Separation::Topology, Strategy::Topology),
    ]
}

fn gain(db: i8) -> MediaChanges {
    MediaChanges {
        gain: Some(db),
        ..MediaChanges::default()
    }
}

fn talking(on: bool) -> MediaChanges {
    MediaChanges {
        talking: Some(on),
        ..MediaChanges::default()
    }
}

impl Room {
    fn go(&mut self, seg: &SegId, strategy: Strategy) {
        let request = attach(&self.call, &self.leg, seg, strategy);
        let moved = self.world.carry_out(request);
        assert!(
            matches!(moved, Ok(Done::LegMoved { .. })),
            "{strategy:?}: {moved:?}"
        );
    }

    fn termination(&self) -> (String, Termination) {
        let view = self.world.leg(&self.call, &self.leg);
        let name = view.termination.expect("it is somewhere");
        let mut gateways = self.world.gateways.iter();
        let here = gateways.find_map(|gateway| gateway.terminations.get(&name));
        (name.clone(), here.expect("the gateway has it").clone())
    }

    fn assert_gain(&self, db: i8, when: &str) {
        let expected = [format!("zconfmix/gain={db}")];
        assert_eq!(self.termination().1.properties, expected, "{when}");
        let settings = self.world.leg(&self.call, &self.leg).settings;
        assert_eq!(settings.gain, Some(db), "{when}");
    }

    /// The gateway tells of the party's voice.
    fn voice(&mut self, talking: Talking) {
        let parameters = match talking {
            Talking::Began { .. } => [("on", Value::bare("ON")), ("lvl", Value::bare("30"))],
            Talking::Ended { .. } => [("on", Value::bare("OFF")), ("dur", Value::bare("1500"))],
        };
        let (name, armed) = self.termination();
        let request = armed.events.request_id.unwrap_or(RequestId::Id(2));
        let (now, event) = (self.world.now, PackageItem::known(MIXER, "talk"));
        let gateway = self.world.gateway();
        gateway.observe(&name, request, event, &parameters, now);
        self.world.run();
    }

    /// What was told of the party's voice, with the Seg where it was.
    fn told(&self) -> Vec<(Talking, Option<SegId>)> {
        let events = self.world.events.iter();
        let told = events.filter_map(|event| {
            if let LegEvent::Talking(talking) = super::network::report(event)? {
                Some((talking, event.seg.clone()))
            } else {
                None
            }
        });
        told.collect()
    }
}

#[test]
fn a_gateway_without_the_package_is_asked_for_its_packages_once_and_never_hears_of_it() {
    let mut room = Room::of(World::new(), NewCall::default());
    let seg = room.seg.clone();
    room.go(&seg, Strategy::TwoStep);
    assert_eq!(room.world.gateway().packages_asked, 0, "nobody wants it");
    assert_eq!(room.modify(gain(6)), Err(Refusal::NoGain));
    assert_eq!(room.modify(gain(6)), Err(Refusal::NoGain));
    assert_eq!(room.modify(talking(true)), Err(Refusal::NoTalkers));
    // From the second time on it is refused at once.
    let request = room.request(gain(0));
    assert_eq!(room.world.ask(request), Err(Refusal::NoGain));
    assert_eq!(room.world.gateway().packages_asked, 1);
    assert_eq!(room.world.gateway().log.len(), 2, "the move alone");
    assert_eq!(room.termination().1.properties, [""; 0]);
    assert_eq!(room.world.mgc.gateways()[0].learnt.mixes, Some(false));
    // The rest of it is done as ever.
    assert_eq!(room.modify(talking(false)), Ok(Done::LegChanged));
}

#[test]
fn a_call_that_wants_to_know_who_talks_stands_at_a_gateway_that_cannot_tell() {
    let mut world = World::new();
    // An error is as good an answer as a list without it.
    let refused = (Kind::Audit, ErrorCode::NOT_IMPLEMENTED);
    world.gateway().refusals.push_back(refused);
    let room = Room::of(world, talking_call());
    assert_eq!(room.termination().1.armed(), [""; 0]);
    assert_eq!(room.world.gateways[0].packages_asked, 1);
    assert!(!room.world.leg(&room.call, &room.leg).settings.talking);
}

#[test]
fn gain_is_set_and_goes_along_by_each_strategy() {
    for (separation, strategy) in ways() {
        let mut room = Room::of(
            mixer(),
            NewCall {
                separation,
                ..NewCall::default()
            },
        );
        let when = strategy.name();
        let (main, seg) = (room.main.clone(), room.seg.clone());
        assert_eq!(room.modify(gain(-6)), Ok(Done::LegChanged));
        assert_eq!(room.world.gateway().log, ["Modify 1 rtp/1 SR -> 1"]);
        assert_eq!(room.world.reports(&room.leg), [LegEvent::Changed]);
        room.assert_gain(-6, when);
        room.go(&seg, strategy);
        room.assert_gain(-6, when);
        // What else is changed leaves it as it is.
        let muted = MediaChanges {
            muted: Some(true),
            ..MediaChanges::default()
        };
        assert_eq!(room.modify(muted), Ok(Done::LegChanged));
        room.assert_gain(-6, when);
        room.go(&main, strategy);
        room.assert_gain(-6, when);
        assert_eq!(room.modify(gain(0)), Ok(Done::LegChanged));
        room.assert_gain(0, when);
        assert_eq!(room.world.gateway().packages_asked, 1);
    }
}

#[test]
fn a_gain_that_the_gateway_refuses_leaves_it_as_it_was() {
    let mut room = Room::of(mixer(), NewCall::default());
    assert_eq!(room.modify(gain(3)), Ok(Done::LegChanged));
    let refused = (Kind::Modify, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refused);
    let failed = room.modify(gain(9));
    assert!(matches!(failed, Err(Refusal::Gateway(_))), "{failed:?}");
    room.assert_gain(3, "refused");
}

#[test]
fn gain_and_talkers_are_there_again_after_the_gateway_has_restarted() {
    let mut room = louder_and_lasting();
    room.voice(BEGAN);
    let now = room.world.now;
    room.world.gateway().restart(now);
    room.world.run();
    room.assert_gain(12, "made anew");
    assert_eq!(room.termination().1.armed(), [TALK]);
    // It may be another program by then.
    assert_eq!(room.world.gateway().packages_asked, 2);
    let main = Some(room.main.clone());
    assert_eq!(room.told(), [(BEGAN, main.clone()), (LOST, main)]);
}

#[test]
fn a_gateway_without_the_package_makes_a_leg_anew_without_it() {
    let mut room = louder_and_lasting();
    room.world.add_gateway("gw2");
    room.world.run();
    room.world.gateway().deaf = true;
    room.world.service_change(
        "ROOT",
        codec_h248::descriptor::ServiceChangeMethod::Forced,
        "905 Termination taken out of service",
    );
    let other = &room.world.gateways[1];
    assert_eq!((other.terminations.len(), other.packages_asked), (2, 1));
    for termination in other.terminations.values() {
        assert_eq!(termination.properties, [""; 0]);
        assert_eq!(termination.armed(), [""; 0]);
    }
    let view = room.world.leg(&room.call, &room.leg);
    assert_eq!(view.state, LegState::Attached);
    assert_eq!((view.settings.gain, view.settings.talking), (None, false));
    let request = room.request(gain(12));
    assert_eq!(room.world.ask(request), Err(Refusal::NoGain));
}

#[test]
fn who_talks_is_told_with_the_seg_where_the_leg_is_by_each_strategy() {
    for (separation, strategy) in ways() {
        let mut room = Room::of(
            mixer(),
            NewCall {
                separation,
                ..talking_call()
            },
        );
        let (main, seg) = (room.main.clone(), room.seg.clone());
        assert_eq!(room.termination().1.armed(), [TALK]);
        room.voice(BEGAN);
        room.go(&seg, strategy);
        assert_eq!(room.termination().1.armed(), [TALK], "{strategy:?}");
        let mut expected = vec![(BEGAN, Some(main.clone()))];
        if strategy == Strategy::SubtractAdd {
            // Of what was subtracted nothing is told any more.
            expected.push((LOST, Some(main)));
            room.voice(BEGAN);
            expected.push((BEGAN, Some(seg.clone())));
        }
        room.voice(ENDED);
        expected.push((ENDED, Some(seg)));
        assert_eq!(room.told(), expected, "{strategy:?}");
    }
}

#[test]
fn who_talks_is_told_of_a_leg_where_that_is_asked_for_it_alone() {
    let mut room = Room::of(mixer(), NewCall::default());
    room.voice(BEGAN);
    assert_eq!(room.told(), [], "nobody wants to know");
    assert_eq!(room.modify(talking(true)), Ok(Done::LegChanged));
    assert_eq!(room.termination().1.armed(), [TALK]);
    room.voice(BEGAN);
    assert_eq!(room.modify(talking(false)), Ok(Done::LegChanged));
    assert_eq!(room.termination().1.armed(), [""; 0]);
    room.voice(ENDED);
    let main = Some(room.main.clone());
    assert_eq!(room.told(), [(BEGAN, main.clone()), (LOST, main)]);
    // A supervisor is heard by nobody.
    let mut call = Room::of(mixer(), talking_call());
    let mut request = join(&call.call, None);
    if let Request::AddLeg { role, .. } = &mut request {
        *role = mgc_core::northbound::Role::Supervisor;
    }
    let Ok(Done::LegAdded { leg, .. }) = call.world.carry_out(request) else {
        panic!("it joins");
    };
    call.leg = leg;
    assert_eq!(call.termination().1.armed(), [""; 0]);
}

#[test]
fn who_talks_is_told_beside_digits_which_a_change_of_that_does_not_begin_anew() {
    let mut room = Room::of(mixer(), talking_call());
    let collect = two_digits(&room.call, &room.leg);
    let operation = room.world.ask(collect).unwrap();
    room.world.run();
    assert_eq!(room.termination().1.armed(), ["g/sc", "dd/ce", TALK]);
    let goes_on = &room.termination().1.events.events[2].parameters;
    assert_eq!(goes_on[..], [EventParameter::KeepActive]);
    room.voice(BEGAN);
    assert_eq!(room.told().len(), 1);
    let leg = room.leg.clone();
    let busy = Err(Refusal::LegBusy { leg, operation });
    assert_eq!(room.modify(talking(false)), busy);
    assert_eq!(room.modify(gain(2)), Ok(Done::LegChanged));
    assert_eq!(room.termination().1.armed(), ["g/sc", "dd/ce", TALK]);
    // What is armed anew tells of the same voice again, and counts from there.
    room.voice(BEGAN);
    room.voice(ENDED);
    let main = Some(room.main.clone());
    assert_eq!(room.told(), [(BEGAN, main.clone()), (LOST, main)]);
}

#[test]
fn faults_of_media_are_told_beside_who_talks() {
    let mut config = config();
    config.gateways.default.media_events = true;
    let mut world = World::of(config, 1);
    world.add_gateway("gw1").packages = vec![MIXER];
    world.run();
    let mut room = Room::of(world, talking_call());
    let faults = ["g/cause", "nt/netfail", "nt/qualert"];
    let all = [&[TALK], &faults[..]].concat();
    assert_eq!(room.termination().1.armed(), all);
    assert_eq!(room.modify(talking(false)), Ok(Done::LegChanged));
    assert_eq!(room.termination().1.armed(), faults);
    assert_eq!(room.modify(talking(true)), Ok(Done::LegChanged));
    assert_eq!(room.termination().1.armed(), all);
}

#[test]
fn a_leg_that_ends_while_its_gateway_is_asked_for_its_packages_ends() {
    let mut world = mixer();
    let (call, main) = world.create_call_with(talking_call());
    world.gateway().hold = true;
    let joining = world.ask(join(&call, None)).unwrap();
    world.run();
    let leg = world.mgc.legs(&call).unwrap()[0].id.clone();
    let ended = world.carry_out(delete_leg(&call, &leg));
    assert_eq!(ended, Ok(Done::Deleted));
    assert_eq!(world.completion(&joining), Err(Refusal::Cancelled));
    let now = world.now;
    world.gateway().release_backwards(now);
    world.run();
    assert!(world.gateway().log.is_empty());
    // The next one finds the Seg as if nothing had been.
    let leg = world.add_leg(&call);
    let context = world.mgc.seg(&call, &main).unwrap().context;
    assert_eq!(
        (world.leg(&call, &leg).state, context),
        (LegState::Attached, Some(1))
    );
}

#[test]
fn a_gateway_that_is_not_ready_or_silent_is_asked_again_when_it_is_there() {
    let mut room = Room::of(mixer(), NewCall::default());
    room.world.gateway().unready = true;
    let request = room.request(gain(5));
    let operation = room.world.ask(request).unwrap();
    room.world.run();
    assert!(!room.world.has_ended(&operation));
    room.world.gateway().unready = false;
    room.world.run();
    assert_eq!(room.world.completion(&operation), Ok(Done::LegChanged));
    room.assert_gain(5, "ready");

    let mut room = Room::of(mixer(), NewCall::default());
    room.world.weather.cut_both = true;
    let request = room.request(gain(5));
    let operation = room.world.ask(request).unwrap();
    room.world.run_for(Duration::from_secs(40));
    assert!(!room.world.has_ended(&operation));
    room.world.weather.cut_both = false;
    room.world.run_for(Duration::from_secs(60));
    assert_eq!(room.world.completion(&operation), Ok(Done::LegChanged));
    room.assert_gain(5, "there");
}

#[test]
fn gain_and_talkers_outlive_the_controller() {
    let mut world = World::of(durable(), 1);
    world.add_gateway("gw1").packages = vec![MIXER];
    world.run();
    let mut room = Room::of(world, talking_call());
    assert_eq!(room.modify(gain(-40)), Ok(Done::LegChanged));
    let mut rows = Rows::new();
    restart(&mut room.world, &mut rows, durable());
    room.assert_gain(-40, "restored");
    let seg = room.seg.clone();
    room.go(&seg, Strategy::SubtractAdd);
    room.assert_gain(-40, "moved");
    assert_eq!(room.termination().1.armed(), [TALK]);
    assert_eq!(room.world.gateway().packages_asked, 1, "it is written down");
    room.world.events.clear();
    room.voice(ENDED);
    assert_eq!(room.told(), [(ENDED, Some(seg))]);
}
