//! What is played into a Seg, to each of its Legs, and what the operator has given a name.

use std::collections::BTreeMap;

use codec_h248::{
    PackageItem, ParmValue, Value,
    descriptor::{ErrorCode, RequestId, SignalParm},
};
use mgc_core::{
    Config, GatewayProfile, GatewayProfiles, Table,
    northbound::{
        CallId, Done, LegEvent, LegId, MediaChanges, MoveResult, OperationId, OperationState, Play,
        PlayMethod, Refusal, Request, SegId, Separation, Sound, Strategy,
    },
};

use super::{
    gateway::Kind,
    network::{World, attach, delete_leg, durable},
    supervision::{Rows, restart},
};

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    legs: Vec<LegId>,
}

/// Three Legs in the main Seg.
fn room() -> Room {
    room_of(Separation::Contexts)
}

fn room_of(separation: Separation) -> Room {
    let mut world = World::with(config());
    let (call, main) = world.create_call_of(separation);
    let legs = (0..3).map(|_| world.add_leg(&call)).collect();
    world.events.clear();
    Room {
        world,
        call,
        main,
        legs,
    }
}

fn config() -> Config {
    let mut config = durable();
    let welcome = Sound::Announcement {
        number: 21,
        cycles: Some(2),
    };
    let alarm = Sound::Signal {
        package: "xal".to_owned(),
        signal: "bell".to_owned(),
        parameters: vec![("how".to_owned(), "very loud".to_owned())],
    };
    config.gateways = GatewayProfiles {
        named: BTreeMap::new(),
        default: GatewayProfile {
            announcements: BTreeMap::from([
                ("welcome".to_owned(), welcome),
                ("alarm".to_owned(), alarm),
            ]),
            ..GatewayProfile::default()
        },
    };
    config
}

fn named(name: &str, cycles: Option<u16>) -> Play {
    Play {
        sound: Sound::Named {
            name: name.to_owned(),
            cycles,
        },
        duration_ms: None,
        limit_ms: None,
    }
}

impl Room {
    fn request(&self, seg: &SegId, play: Play) -> Request {
        Request::PlaySeg {
            call: self.call.clone(),
            seg: seg.clone(),
            play,
        }
    }

    fn play(&mut self) -> Result<OperationId, Refusal> {
        let request = self.request(&self.main, named("welcome", None));
        let operation = self.world.ask(request)?;
        self.world.run();
        Ok(operation)
    }

    fn stop(&mut self) -> Result<Done, Refusal> {
        self.world.carry_out(Request::StopSegPlay {
            call: self.call.clone(),
            seg: self.main.clone(),
        })
    }

    fn signal(&mut self, leg: usize) -> Option<String> {
        let view = self.world.leg(&self.call, &self.legs[leg]);
        let name = view.termination.expect("it is somewhere");
        let signals = &self.world.gateway().terminations[&name].signals;
        match signals.parms.first()? {
            SignalParm::Signal(signal) => {
                let parameters = signal.parameters.iter();
                let parameters = parameters.map(|one| {
                    let ParmValue::Equal(value) = &one.value else {
                        panic!("{:?}", one.value);
                    };
                    format!(" {}={value}", one.name)
                });
                Some(format!("{}{}", signal.name, parameters.collect::<String>()))
            }
            SignalParm::List(_) => panic!("one signal is enough"),
        }
    }

    /// The gateway tells that what it plays to a Leg has come to its end.
    fn ends_at(&mut self, leg: usize) {
        let view = self.world.leg(&self.call, &self.legs[leg]);
        let name = view.termination.expect("it is somewhere");
        let now = self.world.now;
        let gateway = self.world.gateway();
        let request = gateway.terminations[&name].events.request_id;
        let Some(RequestId::Id(request)) = request else {
            panic!("it is armed");
        };
        let event = PackageItem::known("g", "sc");
        let method = [("Meth", Value::bare("TO"))];
        gateway.observe(&name, RequestId::Id(request), event, &method, now);
        self.world.run();
    }

    fn results(&self, operation: &OperationId) -> Vec<MoveResult> {
        let view = self.world.mgc.operation(operation).expect("it is known");
        let of = |leg: &LegId| view.legs.iter().find(|one| one.leg == *leg);
        let results = self.legs.iter().filter_map(of).map(|one| one.result);
        results.collect()
    }

    fn set(&mut self, leg: usize, changes: MediaChanges) {
        let request = Request::ModifyLeg {
            call: self.call.clone(),
            leg: self.legs[leg].clone(),
            changes,
            offer: None,
        };
        self.world.carry_out(request).expect("it is changed");
    }
}

const PLAYED: LegEvent = LegEvent::Played(PlayMethod::TimeOut);

#[test]
fn what_is_played_into_a_seg_is_played_to_each_leg_and_ends_with_the_last() {
    for separation in [Separation::Contexts, Separation::Topology] {
        let mut room = room_of(separation);
        let aside = room.world.create_seg(&room.call);
        let request = Request::AttachMedia {
            call: room.call.clone(),
            leg: room.legs[2].clone(),
            seg: aside,
            strategy: None,
            by: None,
            consent: None,
        };
        room.world.carry_out(request).unwrap();
        room.world.events.clear();
        let operation = room.play().unwrap();
        assert_eq!(room.world.state(&operation), OperationState::Waiting);
        assert_eq!(room.results(&operation), [MoveResult::Playing; 2]);
        let welcome = Some("an/apf an=21 noc=2".to_owned());
        assert_eq!([room.signal(0), room.signal(1)], [welcome.clone(), welcome]);
        assert_eq!(room.signal(2), None, "it is in another Seg");
        room.ends_at(0);
        assert_eq!(
            room.results(&operation),
            [MoveResult::Played, MoveResult::Playing]
        );
        assert!(!room.world.has_ended(&operation));
        room.ends_at(1);
        assert_eq!(room.world.completion(&operation), Ok(Done::LegsPlayed));
        for leg in &room.legs[..2] {
            assert_eq!(room.world.reports(leg), [PLAYED]);
        }
    }
}

#[test]
fn who_comes_later_hears_nothing_who_goes_takes_it_along_and_the_stop_reaches_all() {
    let mut room = room();
    let operation = room.play().unwrap();
    let late = room.world.add_leg(&room.call);
    room.legs.push(late);
    assert_eq!(room.signal(3), None);
    let busy = Refusal::SegBusy {
        seg: room.main.clone(),
        operation: operation.clone(),
    };
    assert_eq!(room.play(), Err(busy));
    let aside = room.world.create_seg(&room.call);
    let away = attach(&room.call, &room.legs[1], &aside, Strategy::TwoStep);
    room.world.carry_out(away).unwrap();
    let gone = delete_leg(&room.call, &room.legs[2]);
    room.world.carry_out(gone).unwrap();
    assert!(room.signal(1).is_some());
    assert_eq!(
        room.results(&operation),
        [MoveResult::Playing, MoveResult::Playing, MoveResult::Left]
    );
    assert_eq!(room.stop(), Ok(Done::Deleted));
    assert_eq!([room.signal(0), room.signal(1)], [None, None]);
    assert_eq!(room.world.completion(&operation), Err(Refusal::Cancelled));
    assert_eq!(room.stop(), Ok(Done::Deleted), "there is nothing to stop");
    assert!(room.play().is_ok());
}

#[test]
fn who_does_not_hear_the_seg_or_is_occupied_does_not_hear_what_is_played_into_it() {
    let mut room = room();
    let deaf = MediaChanges {
        deaf: Some(true),
        ..MediaChanges::default()
    };
    room.set(0, deaf);
    let own = Request::Play {
        call: room.call.clone(),
        leg: room.legs[1].clone(),
        play: named("alarm", None),
    };
    let own = room.world.ask(own).unwrap();
    room.world.run();
    room.world.events.clear();
    let operation = room.play().unwrap();
    assert_eq!(room.signal(0), None);
    assert_eq!(
        room.signal(1).as_deref(),
        Some("xal/bell how=\"very loud\"")
    );
    assert_eq!(
        room.results(&operation),
        [MoveResult::Failed, MoveResult::Playing]
    );
    let leg = room.legs[1].clone();
    assert_eq!(room.world.reports(&leg), [LegEvent::PlayFailed]);
    room.ends_at(2);
    let busy = Refusal::LegBusy {
        leg,
        operation: own.clone(),
    };
    assert_eq!(room.world.completion(&operation), Err(busy));
    assert_eq!(room.world.state(&own), OperationState::Waiting);
    let aside = room.world.create_seg(&room.call);
    let request = room.request(&aside, named("welcome", None));
    assert_eq!(room.world.ask(request), Err(Refusal::SegEmpty(aside)));
}

#[test]
fn a_refusal_is_told_of_its_leg_and_hinders_no_other() {
    let mut room = room();
    let refusal = (Kind::Modify, ErrorCode::INSUFFICIENT_RESOURCES);
    room.world.gateway().refusals.push_back(refusal);
    let operation = room.play().unwrap();
    let results = room.results(&operation);
    let failed = results.iter().position(|one| *one == MoveResult::Failed);
    let failed = failed.expect("one was refused");
    for leg in (0..3).filter(|leg| *leg != failed) {
        room.ends_at(leg);
    }
    let end = room.world.completion(&operation);
    assert!(matches!(end, Err(Refusal::Gateway(_))), "{end:?}");
    let told: Vec<_> = room
        .legs
        .iter()
        .map(|leg| room.world.reports(leg))
        .collect();
    for (leg, told) in told.iter().enumerate() {
        let expected = if leg == failed {
            LegEvent::PlayFailed
        } else {
            PLAYED
        };
        assert_eq!(told, &[expected]);
    }
    assert!(room.play().is_ok(), "all are free");
}

#[test]
fn what_is_played_into_a_seg_outlives_the_controller() {
    let mut room = room();
    let operation = room.play().unwrap();
    let mut rows = Rows::new();
    restart(&mut room.world, &mut rows, config());
    assert!(rows.keys().any(|(table, _)| *table == Table::Legs));
    assert_eq!(room.world.state(&operation), OperationState::Waiting);
    for leg in 0..3 {
        room.ends_at(leg);
    }
    assert_eq!(room.world.completion(&operation), Ok(Done::LegsPlayed));
}

#[test]
fn a_name_is_spelt_as_the_operator_says_and_an_unknown_one_is_refused_at_once() {
    let mut room = room();
    let leg = room.legs[0].clone();
    let request = |play| Request::Play {
        call: room.call.clone(),
        leg: leg.clone(),
        play,
    };
    let (unknown, often) = (
        request(named("goodbye", None)),
        request(named("welcome", Some(5))),
    );
    let refused = Refusal::UnknownAnnouncement("goodbye".to_owned());
    let before = room.world.gateway().log.len();
    assert_eq!(room.world.ask(unknown), Err(refused.clone()));
    let into_seg = room.request(&room.main, named("goodbye", None));
    assert_eq!(room.world.ask(into_seg), Err(refused));
    room.world.run();
    assert_eq!(room.world.gateway().log.len(), before, "nothing was asked");
    room.world.ask(often).unwrap();
    room.world.run();
    assert_eq!(room.signal(0).as_deref(), Some("an/apf an=21 noc=5"));
}
