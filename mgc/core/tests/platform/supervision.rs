//! What is played to Legs and collected of them; the ends are notified (H.248.1 7.2.7).

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use codec_h248::{
    PackageItem, Value,
    descriptor::{
        ErrorCode, EventDigitMap, EventParameter, RequestId, ServiceChangeMethod, SignalParm,
        StreamMode,
    },
};
use mgc_core::{
    Config, Mgc, Record, Table,
    northbound::{
        CallId, Cause, Collect, Digits, DigitsMethod, Done, LegEvent, LegId, MediaChanges,
        MediaFault, OperationId, OperationState, Play, PlayMethod, Refusal, Request, SegId, Sound,
        Strategy,
    },
};
use transport_h248::Anchor;

use super::{
    gateway::Kind,
    network::{World, attach, delete_leg, durable, two_digits},
};

struct Room {
    world: World,
    call: CallId,
    seg: SegId,
    leg: LegId,
}

fn room() -> Room {
    let mut world = World::new();
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.events.clear();
    Room {
        world,
        call,
        seg,
        leg,
    }
}

impl Room {
    fn play(&mut self) -> Result<OperationId, Refusal> {
        let request = Request::Play {
            call: self.call.clone(),
            leg: self.leg.clone(),
            play: Play {
                sound: Sound::Announcement {
                    number: 21,
                    cycles: Some(2),
                },
                duration_ms: None,
                limit_ms: None,
            },
        };
        let operation = self.world.ask(request)?;
        self.world.run();
        Ok(operation)
    }

    fn collect(&mut self) -> Result<OperationId, Refusal> {
        let request = Request::Collect {
            call: self.call.clone(),
            leg: self.leg.clone(),
            collect: Collect {
                map: "xxxx|#".to_owned(),
                start_s: Some(9),
                short_s: None,
                long_s: None,
                limit_ms: None,
            },
        };
        let operation = self.world.ask(request)?;
        self.world.run();
        Ok(operation)
    }

    fn stop(&mut self, play: bool) -> Result<Done, Refusal> {
        let (call, leg) = (self.call.clone(), self.leg.clone());
        self.world.carry_out(if play {
            Request::StopPlay { call, leg }
        } else {
            Request::StopCollect { call, leg }
        })
    }

    fn termination(&mut self) -> (String, super::gateway::Termination) {
        let view = self.world.leg(&self.call, &self.leg);
        let name = view.termination.expect("it is somewhere");
        let found = self.world.gateway().terminations[&name].clone();
        (name, found)
    }

    fn request(&mut self) -> RequestId {
        self.termination().1.events.request_id.expect("it is armed")
    }

    /// Notifies at the Leg's Termination.
    fn observe(
        &mut self,
        request: RequestId,
        event: (&'static str, &'static str),
        parameters: &[(&'static str, Value<'static>)],
    ) {
        let (name, _) = self.termination();
        let now = self.world.now;
        let event = PackageItem::known(event.0, event.1);
        let gateway = self.world.gateway();
        gateway.observe(&name, request, event, parameters, now);
        self.world.run();
    }

    fn end_of_signal(&mut self, request: RequestId, method: &'static str) {
        let parameters = [
            ("SigID", Value::quoted("an/apf")),
            ("Meth", Value::bare(method)),
        ];
        self.observe(request, ("g", "sc"), &parameters);
    }

    fn dial(&mut self, request: RequestId, digits: &'static str, method: &'static str) {
        let parameters = [("ds", Value::quoted(digits)), ("Meth", Value::bare(method))];
        self.observe(request, ("dd", "ce"), &parameters);
    }

    fn reports(&self) -> Vec<LegEvent> {
        self.world.reports(&self.leg)
    }
}

fn signal(room: &mut Room) -> Option<String> {
    let signals = room.termination().1.signals;
    match signals.parms.first()? {
        SignalParm::Signal(signal) => {
            let parameters: Vec<String> = signal
                .parameters
                .iter()
                .map(|one| format!("{}={:?}", one.name.as_str(), one.value))
                .collect();
            assert_eq!(parameters.len(), 2, "{parameters:?}");
            Some(signal.name.to_string())
        }
        SignalParm::List(_) => panic!("one signal is enough"),
    }
}

#[test]
fn what_is_played_ends_when_the_gateway_tells_so() {
    for (told, method) in [("TO", PlayMethod::TimeOut), ("EV", PlayMethod::Event)] {
        let mut room = room();
        let operation = room.play().unwrap();
        assert_eq!(signal(&mut room).as_deref(), Some("an/apf"));
        assert_eq!(room.world.state(&operation), OperationState::Waiting);
        assert!(room.reports().is_empty());
        let request = room.request();
        room.end_of_signal(request, told);
        assert_eq!(
            room.world.completion(&operation),
            Ok(Done::Played { method })
        );
        assert_eq!(room.reports(), [LegEvent::Played(method)]);
        // It is told once only.
        room.end_of_signal(request, told);
        assert_eq!(room.reports().len(), 1);
    }
}

#[test]
fn what_cannot_be_played_fails() {
    let mut room = room();
    let refused = ErrorCode::INSUFFICIENT_RESOURCES;
    room.world
        .gateway()
        .refusals
        .push_back((Kind::Modify, refused));
    let operation = room.play().unwrap();
    let end = room.world.completion(&operation);
    assert!(matches!(end, Err(Refusal::Gateway(_))), "{end:?}");
    let operation = room.play().unwrap();
    let request = room.request();
    room.end_of_signal(request, "NC");
    let end = room.world.completion(&operation);
    assert!(matches!(end, Err(Refusal::GatewayAnswer(_))), "{end:?}");
    assert_eq!(room.reports(), [LegEvent::PlayFailed, LegEvent::PlayFailed]);
}

#[test]
fn what_is_stopped_is_cancelled_and_a_late_word_of_it_ends_nothing_else() {
    let mut room = room();
    let first = room.play().unwrap();
    let busy = room.play();
    let (leg, operation) = (room.leg.clone(), first.clone());
    assert_eq!(busy, Err(Refusal::LegBusy { leg, operation }));
    let before = room.request();
    assert_eq!(room.stop(true), Ok(Done::Deleted));
    assert_eq!(signal(&mut room), None);
    assert_eq!(room.world.completion(&first), Err(Refusal::Cancelled));
    assert_eq!(
        room.world.cause_of(&LegEvent::PlayFailed),
        Some(Cause::Failed(Refusal::Cancelled))
    );
    let second = room.play().unwrap();
    room.end_of_signal(before, "TO");
    assert_eq!(room.world.state(&second), OperationState::Waiting);
    assert_eq!(room.stop(true), Ok(Done::Deleted));
    assert_eq!(
        room.stop(true),
        Ok(Done::Deleted),
        "there is nothing to stop"
    );
}

#[test]
fn digits_are_collected_as_they_were_dialled() {
    let mut room = room();
    let operation = room.collect().unwrap();
    let events = room.termination().1.events.events;
    let map = events.iter().find(|event| event.name.is("dd", "ce"));
    let map = map.expect("it is armed").parameters.first().cloned();
    let Some(EventParameter::DigitMap(EventDigitMap::Value(map))) = map else {
        panic!("{map:?}");
    };
    assert_eq!(map.body, "(xxxx|F)");
    assert_eq!(map.timers.start_s, Some(9));
    let request = room.request();
    room.dial(request, "1E2F", "UM");
    let digits = Digits {
        digits: "1*2#".to_owned(),
        method: DigitsMethod::Unambiguous,
    };
    let done = Done::Collected(digits.clone());
    assert_eq!(room.world.completion(&operation), Ok(done));
    assert_eq!(room.reports(), [LegEvent::Digits(digits)]);
    let operation = room.collect().unwrap();
    assert_eq!(room.stop(false), Ok(Done::Deleted));
    assert_eq!(room.world.completion(&operation), Err(Refusal::Cancelled));
    room.dial(request, "1", "PM");
    assert_eq!(room.reports().len(), 2);
}

#[test]
fn what_is_played_goes_on_while_digits_are_collected_and_the_other_way_round() {
    let mut room = room();
    let play = room.play().unwrap();
    let first = room.request();
    let collect = room.collect().unwrap();
    assert_ne!(room.request(), first);
    assert!(signal(&mut room).is_some());
    // The word of the end was on its way when the events were armed anew.
    room.end_of_signal(first, "TO");
    assert!(room.world.completion(&play).is_ok());
    let armed = room.request();
    let play = room.play().unwrap();
    assert_eq!(room.request(), armed, "what was dialled so far is not lost");
    room.dial(armed, "1234", "UM");
    assert!(room.world.completion(&collect).is_ok());
    room.end_of_signal(armed, "EV");
    assert!(room.world.completion(&play).is_ok());
}

#[test]
fn a_leg_takes_along_what_is_played_unless_its_termination_is_another() {
    for strategy in [Strategy::TwoStep, Strategy::Move] {
        let mut room = room();
        let play = room.play().unwrap();
        let move_it = attach(&room.call, &room.leg, &room.seg, strategy);
        assert!(room.world.carry_out(move_it).is_ok());
        let request = room.request();
        room.end_of_signal(request, "TO");
        assert!(room.world.completion(&play).is_ok());
    }
    let mut room = room();
    let (play, collect) = (room.play().unwrap(), room.collect().unwrap());
    let move_it = attach(&room.call, &room.leg, &room.seg, Strategy::SubtractAdd);
    assert!(room.world.carry_out(move_it).is_ok());
    assert_eq!(room.world.completion(&play), Err(Refusal::Cancelled));
    assert_eq!(room.world.completion(&collect), Err(Refusal::Cancelled));
}

#[test]
fn a_leg_that_ends_ends_what_is_waited_for() {
    let mut room = room();
    let (play, collect) = (room.play().unwrap(), room.collect().unwrap());
    let delete = delete_leg(&room.call, &room.leg);
    assert_eq!(room.world.carry_out(delete), Ok(Done::Deleted));
    assert!(room.world.completion(&play).is_err());
    assert!(room.world.completion(&collect).is_err());
    let expected = [
        LegEvent::Left,
        LegEvent::PlayFailed,
        LegEvent::CollectFailed,
    ];
    let mut told = room.reports();
    told.sort_by_key(|event| expected.iter().position(|one| one == event));
    assert_eq!(told, expected);
}

#[test]
fn an_event_of_another_termination_or_of_no_request_ends_nothing() {
    let mut room = room();
    let operation = room.play().unwrap();
    let RequestId::Id(request) = room.request() else {
        panic!("it has a number");
    };
    room.end_of_signal(RequestId::Id(request ^ 1), "TO");
    let now = room.world.now;
    let event = PackageItem::known("g", "sc");
    let method = [("Meth", Value::bare("TO"))];
    let gateway = room.world.gateway();
    gateway.observe("rtp/9", RequestId::Id(request), event, &method, now);
    room.world.run();
    assert_eq!(room.world.state(&operation), OperationState::Waiting);
    assert_eq!(room.world.gateway().replies.len(), 3, "all are answered");
}

/// A room whose controller writes down what changes.
fn durable_room() -> (Room, Rows) {
    let mut world = World::with(durable());
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.events.clear();
    let room = Room {
        world,
        call,
        seg,
        leg,
    };
    (room, Rows::new())
}

pub(crate) type Rows = BTreeMap<(Table, String), Record>;

fn crash(room: &mut Room, rows: &mut Rows) {
    restart(&mut room.world, rows, durable());
}

/// Ends the controller and makes one that goes on from what is written down.
pub(crate) fn restart(world: &mut World, rows: &mut Rows, config: Config) {
    while let Some(record) = world.mgc.poll_record() {
        rows.insert((record.table, record.key.clone()), record);
    }
    let anchor = Anchor {
        instant: world.now,
        system: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_502_400),
    };
    let records = rows.values().cloned();
    let restored = Mgc::restore(config, 2, anchor, world.now, records);
    world.mgc = restored.expect("the rows fit");
    world.run();
}

#[test]
fn what_is_played_collected_and_muted_outlives_the_controller() {
    let (mut room, mut rows) = durable_room();
    let (play, collect) = (room.play().unwrap(), room.collect().unwrap());
    let muted = Request::ModifyLeg {
        call: room.call.clone(),
        leg: room.leg.clone(),
        changes: MediaChanges {
            muted: Some(true),
            ..MediaChanges::default()
        },
        offer: None,
    };
    assert!(room.world.carry_out(muted).is_ok());
    crash(&mut room, &mut rows);
    assert_eq!(room.world.state(&play), OperationState::Waiting);
    assert!(room.world.leg(&room.call, &room.leg).settings.muted);
    let request = room.request();
    room.dial(request, "12", "PM");
    room.end_of_signal(request, "TO");
    assert!(room.world.completion(&play).is_ok());
    assert!(room.world.completion(&collect).is_ok());
    let move_it = attach(&room.call, &room.leg, &room.seg, Strategy::TwoStep);
    assert!(room.world.carry_out(move_it).is_ok());
    assert_eq!(room.termination().1.mode, StreamMode::SendOnly);
}

#[test]
fn a_request_that_the_crash_left_open_is_asked_again_under_its_own_name() {
    let (mut room, mut rows) = durable_room();
    let request = two_digits(&room.call, &room.leg);
    room.world.gateway().deaf = true;
    let operation = room.world.ask(request).unwrap();
    room.world.run();
    room.world.gateway().deaf = false;
    crash(&mut room, &mut rows);
    assert_eq!(room.world.state(&operation), OperationState::Waiting);
    let request = room.request();
    room.dial(request, "42", "UM");
    assert!(room.world.completion(&operation).is_ok());
}

#[test]
fn what_a_gateway_may_have_given_up_telling_is_interrupted() {
    let mut room = room();
    let play = room.play().unwrap();
    let method = ServiceChangeMethod::Disconnected;
    room.world
        .service_change("ROOT", method, "900 Service Restored");
    assert_eq!(room.world.completion(&play), Err(Refusal::Interrupted));
    assert_eq!(room.reports(), [LegEvent::PlayFailed]);
    assert!(room.play().is_ok(), "the Leg is there and free");
}

#[test]
fn media_that_fails_and_comes_back_is_told_once_each() {
    let mut room = room();
    let (name, _) = room.termination();
    room.observe(RequestId::Id(0), ("nt", "qualert"), &[]);
    room.observe(RequestId::Id(0), ("nt", "netfail"), &[]);
    assert!(room.world.leg(&room.call, &room.leg).media_lost);
    assert_eq!(
        room.world.cause_of(&LegEvent::MediaLost),
        Some(Cause::Media(MediaFault::Quality))
    );
    for _ in 0..2 {
        let now = room.world.now;
        let method = ServiceChangeMethod::Restart;
        let gateway = room.world.gateway();
        gateway.service_change(&name, method, "900 Service Restored", now);
        room.world.run();
    }
    assert!(!room.world.leg(&room.call, &room.leg).media_lost);
    assert_eq!(room.reports(), [LegEvent::MediaLost, LegEvent::MediaBack]);
    let faults = room.world.mgc.gateways()[0].media_faults;
    assert_eq!(faults, 1, "an alert of quality is no fault of the gateway");
}

#[test]
fn rows_that_speak_of_what_is_not_there_are_refused() {
    let (mut room, mut rows) = durable_room();
    crash(&mut room, &mut rows);
    let anchor = Anchor {
        instant: room.world.now,
        system: SystemTime::UNIX_EPOCH,
    };
    let restore = |rows: Rows| {
        let restored = Mgc::restore(durable(), 2, anchor, anchor.instant, rows.into_values());
        restored.map(|_| ()).map_err(|error| error.table)
    };
    assert_eq!(restore(rows.clone()), Ok(()));
    let without = |gone: Table| {
        let rows = rows.clone().into_iter();
        rows.filter(|((table, _), _)| *table != gone).collect()
    };
    assert_eq!(restore(without(Table::Segs)), Err(Table::Calls));
    assert_eq!(restore(without(Table::Calls)), Err(Table::Segs));
    let of_another = |wanted: Table| {
        let mut rows = rows.clone();
        for ((table, _), record) in &mut rows {
            if *table == wanted {
                let row = record.row.take();
                record.row = row.map(|row| row.replace("call_", "call_x"));
            }
        }
        rows
    };
    assert_eq!(restore(of_another(Table::Legs)), Err(Table::Calls));
    assert_eq!(restore(of_another(Table::Segs)), Err(Table::Calls));
}

/// Lets so much time pass.
fn pass(room: &mut Room, seconds: u64) {
    room.world.run_for(Duration::from_secs(seconds));
}

fn failed(cause: Refusal) -> Option<Cause> {
    Some(Cause::Failed(cause))
}

#[test]
fn what_is_waited_for_too_long_is_given_up_and_the_gateway_is_told_to_stop() {
    let mut room = room();
    let (play, collect) = (room.play().unwrap(), room.collect().unwrap());
    pass(&mut room, 590);
    assert_eq!(room.world.state(&play), OperationState::Waiting);
    assert_eq!(room.world.state(&collect), OperationState::Waiting);
    pass(&mut room, 20);
    for operation in [&play, &collect] {
        let end = room.world.completion(operation);
        assert_eq!(end, Err(Refusal::WaitTimeout));
    }
    for event in [LegEvent::PlayFailed, LegEvent::CollectFailed] {
        assert_eq!(room.world.cause_of(&event), failed(Refusal::WaitTimeout));
    }
    assert_eq!(signal(&mut room), None);
    let events = room.termination().1.events.events;
    assert!(!events.iter().any(|event| event.name.is("dd", "ce")));
    assert!(room.play().is_ok() && room.collect().is_ok(), "it is free");
}

#[test]
fn a_request_says_how_long_and_one_that_says_too_much_is_refused() {
    let mut room = room();
    let ask = |room: &Room, limit_ms| Request::Collect {
        call: room.call.clone(),
        leg: room.leg.clone(),
        collect: Collect {
            map: "xx".to_owned(),
            start_s: Some(0),
            short_s: None,
            long_s: None,
            limit_ms: Some(limit_ms),
        },
    };
    let request = ask(&room, 3_600_001);
    let too_long = Refusal::WaitTooLong { max_s: 3_600 };
    assert_eq!(room.world.ask(request), Err(too_long));
    let request = ask(&room, 5_000);
    let operation = room.world.ask(request).unwrap();
    pass(&mut room, 4);
    assert_eq!(room.world.state(&operation), OperationState::Waiting);
    // While the Leg is being moved the gateway can be asked nothing else about it.
    room.world.gateway().deaf = true;
    let away = attach(&room.call, &room.leg, &room.seg, Strategy::Move);
    let moved = room.world.ask(away).unwrap();
    pass(&mut room, 4);
    assert!(!room.world.has_ended(&operation));
    room.world.gateway().deaf = false;
    pass(&mut room, 10);
    assert!(room.world.completion(&moved).is_ok());
    assert_eq!(room.world.completion(&operation), Err(Refusal::WaitTimeout));
}

#[test]
fn the_time_goes_on_while_the_controller_is_away() {
    let (mut room, mut rows) = durable_room();
    let play = room.play().unwrap();
    // The next controller starts two minutes after the first did.
    crash(&mut room, &mut rows);
    pass(&mut room, 400);
    assert_eq!(room.world.state(&play), OperationState::Waiting);
    pass(&mut room, 100);
    assert_eq!(room.world.completion(&play), Err(Refusal::WaitTimeout));
}

#[test]
fn faults_of_media_are_asked_for_with_the_add_and_stay_asked_for() {
    let mut config = durable();
    config.gateways.default.media_events = true;
    let mut world = World::with(config.clone());
    let (call, _) = world.create_call();
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    let mut room = Room {
        world,
        call,
        seg,
        leg,
    };
    let names = |room: &mut Room| -> Vec<String> {
        let events = room.termination().1.events.events;
        events.iter().map(|event| event.name.to_string()).collect()
    };
    let faults = ["g/cause", "nt/netfail", "nt/qualert"];
    assert_eq!(names(&mut room), faults);
    let request = room.request();
    room.observe(request, ("nt", "netfail"), &[]);
    assert!(room.world.leg(&room.call, &room.leg).media_lost);
    room.collect().unwrap();
    let all = [&["g/sc", "dd/ce"][..], &faults].concat();
    assert_eq!(names(&mut room), all);
    let mut rows = Rows::new();
    restart(&mut room.world, &mut rows, config);
    let move_it = attach(&room.call, &room.leg, &room.seg, Strategy::SubtractAdd);
    assert!(room.world.carry_out(move_it).is_ok());
    assert_eq!(names(&mut room), faults, "also those of a new Termination");
}
