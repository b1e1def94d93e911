//! What is recorded of a Seg, by a Termination that is no party's.

use std::time::Duration;

use codec_h248::{
    PackageItem, Value,
    descriptor::{ErrorCode, RequestId, ServiceChangeMethod, SignalDirection, SignalParm},
};
use mgc_core::northbound::{
    CallId, Cause, Done, Event, EventKind, LegId, NewCall, OnGatewayLoss, OperationId,
    OperationState, Recording, Refusal, Request, SegId, SegView, Separation, Strategy,
};

use super::{
    gateway::{Kind, Termination},
    network::{Way, World, attach, delete_call, delete_leg, delete_seg, durable, join},
    supervision::{Rows, restart},
};

/// Longer than T-MAX.
const UNANSWERED: Duration = Duration::from_secs(60);

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    seg: SegId,
    leg: LegId,
}

/// A Leg in the main Seg, and another Seg.
fn room() -> Room {
    room_of(NewCall::default())
}

fn room_of(new: NewCall) -> Room {
    let mut world = World::with(durable());
    let (call, main) = world.create_call_with(new);
    let leg = world.add_leg(&call);
    let seg = world.create_seg(&call);
    world.events.clear();
    world.gateway().log.clear();
    Room {
        world,
        call,
        main,
        seg,
        leg,
    }
}

fn recording() -> Recording {
    Recording {
        file: "room.wav".to_owned(),
        duration_ms: 2_500,
    }
}

impl Room {
    fn request(&self, seg: &SegId) -> Request {
        Request::RecordSeg {
            call: self.call.clone(),
            seg: seg.clone(),
            name: "room".to_owned(),
            limit_ms: Some(60_000),
        }
    }

    fn record(&mut self, seg: &SegId) -> Result<OperationId, Refusal> {
        let operation = self.world.ask(self.request(seg))?;
        self.world.run();
        Ok(operation)
    }

    /// Records the main Seg.
    fn begin(&mut self) -> OperationId {
        let main = self.main.clone();
        self.record(&main).expect("it is taken")
    }

    fn stop(&mut self, seg: &SegId) -> Result<Done, Refusal> {
        self.world.carry_out(Request::StopSegRecord {
            call: self.call.clone(),
            seg: seg.clone(),
        })
    }

    fn termination(&mut self, name: &str) -> Termination {
        self.world.gateway().terminations[name].clone()
    }

    /// The gateway tells what it has recorded at a Termination.
    fn tell(&mut self, name: &str) {
        let Some(RequestId::Id(request)) = self.termination(name).events.request_id else {
            panic!("it is armed");
        };
        let event = PackageItem::known("aasrec", "precsucc");
        let told = [
            ("ri", Value::quoted("room.wav")),
            ("rdur", Value::bare("250")),
        ];
        let now = self.world.now;
        let gateway = self.world.gateway();
        gateway.observe(name, RequestId::Id(request), event, &told, now);
        self.world.run();
    }

    fn view(&self, seg: &SegId) -> SegView {
        self.world.mgc.seg(&self.call, seg).expect("the Seg")
    }

    fn picture(&mut self) -> Vec<Vec<String>> {
        self.world.gateway().picture()
    }

    /// What was told of recordings and of the ends of Segs and Calls.
    fn told(&self) -> Vec<(EventKind, Option<Cause>)> {
        let is_about = |event: &&Event| {
            matches!(
                event.kind,
                EventKind::RecordingBegan
                    | EventKind::RecordingEnded(_)
                    | EventKind::SegEnded
                    | EventKind::CallEnded
            )
        };
        let events = self.world.events.iter().filter(is_about);
        events
            .map(|event| (event.kind.clone(), event.cause.clone()))
            .collect()
    }

    fn kinds(&self) -> Vec<EventKind> {
        self.told().into_iter().map(|(kind, _)| kind).collect()
    }

    fn kill(&mut self) {
        restart(&mut self.world, &mut Rows::new(), durable());
    }
}

fn ended_for(refusal: Refusal) -> (EventKind, Option<Cause>) {
    (
        EventKind::RecordingEnded(None),
        Some(Cause::Failed(refusal)),
    )
}

fn ended_whole() -> EventKind {
    EventKind::RecordingEnded(Some(recording()))
}

#[test]
fn a_seg_is_recorded_by_what_hears_it_and_is_no_leg_of_its() {
    let mut room = room();
    let operation = room.begin();
    assert_eq!(
        room.world.gateway().log,
        ["Add 1 rtp/2 SO -> 1", "Modify 1 rtp/2 -> 1"]
    );
    let recorder = room.termination("rtp/2");
    assert_eq!(recorder.remote, "");
    let armed = recorder.armed();
    let armed: Vec<&str> = armed.iter().map(String::as_str).collect();
    assert_eq!(armed, ["g/sc", "aasrec/precsucc", "aasrec/audfail"]);
    let [SignalParm::Signal(signal)] = &recorder.signals.parms[..] else {
        panic!("{:?}", recorder.signals);
    };
    assert!(signal.name.is("aasrec", "playrec"));
    assert_eq!(signal.direction, Some(SignalDirection::Internal));
    assert_eq!(room.world.state(&operation), OperationState::Waiting);
    let main = room.main.clone();
    let view = room.view(&main);
    assert_eq!(view.recording, Some(operation.clone()));
    assert_eq!(view.legs, [room.leg.clone()]);
    assert_eq!(room.world.mgc.totals().legs, 1);
    assert_eq!(room.kinds(), [EventKind::RecordingBegan]);
    let of_leg = |event: &Event| event.leg.is_some();
    assert!(!room.world.events.iter().any(of_leg));
    let busy = room.record(&main);
    let seg = main;
    assert_eq!(busy, Err(Refusal::SegBusy { seg, operation }));
}

#[test]
fn it_goes_on_while_the_last_leg_is_away_by_each_strategy() {
    for strategy in [Strategy::TwoStep, Strategy::Move, Strategy::SubtractAdd] {
        let mut room = room();
        let operation = room.begin();
        for seg in [&room.seg.clone(), &room.main.clone()] {
            let there = attach(&room.call, &room.leg, seg, strategy);
            room.world.carry_out(there).unwrap();
            assert_eq!(room.view(&room.main).context, Some(1), "{strategy:?}");
        }
        let gone = delete_leg(&room.call, &room.leg);
        room.world.carry_out(gone).unwrap();
        assert_eq!(room.picture(), [["rtp/2 (closed)"]], "{strategy:?}");
        assert_eq!(room.view(&room.main).recording, Some(operation.clone()));
        room.world.carry_out(join(&room.call, None)).unwrap();
        room.tell("rtp/2");
        let done = Done::Recorded(recording());
        assert_eq!(room.world.completion(&operation), Ok(done));
        let kinds = [EventKind::RecordingBegan, ended_whole()];
        assert_eq!(room.kinds(), kinds, "{strategy:?}");
        assert_eq!(room.picture().concat().len(), 1, "{strategy:?}");
    }
}

#[test]
fn a_seg_can_be_recorded_before_anybody_is_there() {
    let mut room = room();
    let seg = room.seg.clone();
    room.record(&seg).unwrap();
    assert_eq!(room.view(&seg).context, Some(2));
    let leg = room.world.carry_out(join(&room.call, Some(&seg)));
    assert!(leg.is_ok(), "{leg:?}");
    assert_eq!(room.picture()[1], ["rtp/2 (closed)", "rtp/3"]);
}

#[test]
fn one_that_is_stopped_is_told_and_the_next_can_begin_at_once() {
    let mut room = room();
    let (main, first) = (room.main.clone(), room.begin());
    assert_eq!(room.stop(&main), Ok(Done::Deleted));
    assert!(room.termination("rtp/2").signals.parms.is_empty());
    assert!(!room.world.has_ended(&first), "its file is not there yet");
    assert_eq!(room.stop(&main), Ok(Done::Deleted));
    // What takes the Termination away is on its way while the next one begins.
    room.world.gateway().hold = true;
    room.tell("rtp/2");
    let done = Done::Recorded(recording());
    assert_eq!(room.world.completion(&first), Ok(done));
    assert_eq!(room.view(&main).recording, None);
    let second = room.record(&main).unwrap();
    let now = room.world.now;
    room.world.gateway().release_backwards(now);
    room.world.run();
    assert_eq!(room.world.state(&second), OperationState::Waiting);
    assert_eq!(room.picture(), [["rtp/1", "rtp/3 (closed)"]]);
    assert_eq!(room.view(&main).recording, Some(second));
    // Where nothing is recorded there is nothing to stop.
    let seg = room.seg.clone();
    assert_eq!(room.stop(&seg), Ok(Done::Deleted));
}

#[test]
fn what_ends_its_seg_or_call_has_the_file_told_first() {
    for ends_call in [false, true] {
        let mut room = room();
        let seg = room.seg.clone();
        let recorded = room.record(&seg).unwrap();
        let end = if ends_call {
            delete_call(&room.call)
        } else {
            delete_seg(&room.call, &seg)
        };
        let end = room.world.ask(end).unwrap();
        room.world.run();
        assert!(room.termination("rtp/2").signals.parms.is_empty());
        assert!(!room.world.has_ended(&end));
        room.tell("rtp/2");
        assert_eq!(room.world.completion(&end), Ok(Done::Deleted));
        let done = Done::Recorded(recording());
        assert_eq!(room.world.completion(&recorded), Ok(done));
        let kinds = room.kinds();
        assert_eq!(kinds[..2], [EventKind::RecordingBegan, ended_whole()]);
        assert_eq!(kinds[2], EventKind::SegEnded);
        assert_eq!(room.picture().is_empty(), ends_call);
    }
}

#[test]
fn a_gateway_that_does_not_tell_of_the_file_does_not_hold_up_the_end_of_the_seg() {
    for refused in [false, true] {
        let mut room = room();
        let seg = room.seg.clone();
        let recorded = room.record(&seg).unwrap();
        if refused {
            let refused = (Kind::Modify, ErrorCode(510));
            room.world.gateway().refusals.push_back(refused);
        }
        let end = room.world.ask(delete_seg(&room.call, &seg)).unwrap();
        room.world.run_for(Duration::from_secs(10));
        assert_eq!(room.world.completion(&end), Ok(Done::Deleted));
        let late = Err(Refusal::WaitTimeout);
        assert_eq!(room.world.completion(&recorded), late);
        assert_eq!(room.told()[1], ended_for(Refusal::WaitTimeout));
        assert_eq!(room.picture(), [["rtp/1"]]);
    }
}

#[test]
fn one_that_cannot_begin_fails_with_the_reason_and_leaves_nothing() {
    for kind in [Kind::Add, Kind::Modify] {
        let mut room = room();
        let refused = (kind, ErrorCode(440));
        room.world.gateway().refusals.push_back(refused);
        let operation = room.begin();
        let Err(refusal) = room.world.completion(&operation) else {
            panic!("it was refused");
        };
        assert!(matches!(&refusal, Refusal::Gateway(why) if why.code == 440));
        assert_eq!(room.told(), [ended_for(refusal)]);
        assert_eq!(room.view(&room.main).recording, None);
        assert_eq!(room.picture(), [["rtp/1"]], "{kind:?}");
    }
    let mut world = World::without_gateway(1);
    let (call, seg) = world.create_call();
    let refused = world.ask(Request::RecordSeg {
        call,
        seg,
        name: "room".to_owned(),
        limit_ms: None,
    });
    assert_eq!(refused, Err(Refusal::NoGateway));
}

#[test]
fn a_seg_that_ends_before_it_has_begun_cancels_it() {
    for cut in [Kind::Add, Kind::Modify] {
        let mut room = room();
        let seg = room.seg.clone();
        room.world.gateway().hold = cut == Kind::Add;
        let recorded = room.world.ask(room.request(&seg)).unwrap();
        // The Add has been answered after 10 ms, and the Modify is on its way.
        room.world.run_for(Duration::from_millis(12));
        room.world.gateway().hold = true;
        let end = room.world.ask(delete_seg(&room.call, &seg)).unwrap();
        room.world.run();
        let cancelled = Err(Refusal::Cancelled);
        assert_eq!(room.world.completion(&recorded), cancelled, "{cut:?}");
        let now = room.world.now;
        room.world.gateway().release_backwards(now);
        room.world.run();
        assert_eq!(room.world.completion(&end), Ok(Done::Deleted));
        assert_eq!(room.told()[0], ended_for(Refusal::Cancelled), "{cut:?}");
        assert_eq!(room.picture(), [["rtp/1"]], "{cut:?}");
    }
}

#[test]
fn it_ends_with_its_gateway_and_its_termination_and_is_not_made_anew() {
    let mut room = room_of(NewCall {
        on_gateway_loss: OnGatewayLoss::Recreate,
        ..NewCall::default()
    });
    let operation = room.begin();
    let now = room.world.now;
    room.world.gateway().restart(now);
    room.world.run();
    let lost = Err(Refusal::NoGateway);
    assert_eq!(room.world.completion(&operation), lost);
    assert_eq!(room.told()[1], ended_for(Refusal::NoGateway));
    assert_eq!(room.picture().concat().len(), 1);
    let again = room.begin();
    let recorder = "rtp/4";
    let now = room.world.now;
    room.world.gateway().force_out(recorder, now);
    room.world.run();
    assert!(room.world.completion(&again).is_err());
    assert_eq!(room.told().len(), 4);
    assert_eq!(room.view(&room.main).recording, None);
    assert_eq!(room.picture().concat().len(), 1);
}

#[test]
fn a_gateway_that_may_have_given_up_telling_of_it_interrupts_it() {
    let mut room = room();
    let operation = room.begin();
    let method = ServiceChangeMethod::Disconnected;
    room.world
        .service_change("ROOT", method, "900 Service Restored");
    let interrupted = Err(Refusal::Interrupted);
    assert_eq!(room.world.completion(&operation), interrupted);
    assert_eq!(room.told()[1], ended_for(Refusal::Interrupted));
    assert_eq!(room.picture(), [["rtp/1"]]);
}

#[test]
fn it_outlives_the_controller_and_so_does_its_end() {
    for stops in [false, true] {
        let mut room = room();
        let (main, operation) = (room.main.clone(), room.begin());
        if stops {
            room.stop(&main).unwrap();
        }
        room.kill();
        let records = (!stops).then(|| operation.clone());
        assert_eq!(room.view(&main).recording, records);
        if stops {
            // Its time was over when the controller came back.
            let late = Err(Refusal::WaitTimeout);
            assert_eq!(room.world.completion(&operation), late);
        } else {
            room.tell("rtp/2");
            let done = Done::Recorded(recording());
            assert_eq!(room.world.completion(&operation), Ok(done));
        }
        assert_eq!(room.picture(), [["rtp/1"]]);
    }
}

#[test]
fn one_that_a_restart_of_the_controller_interrupts_leaves_nothing() {
    for ms in [3, 7, 12, 17] {
        let mut room = room();
        let operation = room.world.ask(room.request(&room.main)).unwrap();
        room.world.run_for(Duration::from_millis(ms));
        room.world.weather.cut = Some(Way::ToMgc);
        room.world.run();
        room.kill();
        room.world.weather.cut = None;
        room.world.run_for(UNANSWERED);
        if room.world.has_ended(&operation) {
            assert!(room.world.completion(&operation).is_err(), "after {ms} ms");
            assert_eq!(room.picture(), [["rtp/1"]], "after {ms} ms");
        } else {
            room.tell("rtp/2");
            assert!(room.world.completion(&operation).is_ok(), "after {ms} ms");
        }
        let end = room.world.carry_out(delete_call(&room.call));
        assert_eq!(end, Ok(Done::Deleted), "after {ms} ms");
        assert!(room.picture().is_empty(), "after {ms} ms");
    }
}

#[test]
fn in_a_shared_context_it_hears_its_own_seg_alone() {
    let mut room = room_of(NewCall {
        separation: Separation::Topology,
        ..NewCall::default()
    });
    let seg = room.seg.clone();
    room.record(&seg).unwrap();
    let log = room.world.gateway().log.clone();
    assert_eq!(log[..2], ["Topology 1 $ rtp/1 IS", "Add 1 rtp/2 SO -> 1"]);
    let there = Request::AttachMedia {
        call: room.call.clone(),
        leg: room.leg.clone(),
        seg: seg.clone(),
        strategy: None,
        by: None,
        consent: None,
    };
    room.world.carry_out(there).unwrap();
    let log = &room.world.gateway().log;
    assert_eq!(log[3], "Topology 1 rtp/1 rtp/2 BW");
}

#[test]
fn those_that_are_ending_are_bounded() {
    let mut room = room();
    let seg = room.seg.clone();
    for n in 2..6 {
        room.record(&seg).unwrap();
        room.stop(&seg).unwrap();
        // What is not answered stays on its way out.
        room.world.gateway().hold = true;
        room.tell(&format!("rtp/{n}"));
        room.world.gateway().hold = false;
    }
    let refused = room.record(&seg);
    let why = Refusal::limit("recordings of the Seg that are ending");
    assert_eq!(refused, Err(why));
    let now = room.world.now;
    room.world.gateway().release_backwards(now);
    room.world.run();
    assert!(room.record(&seg).is_ok());
}
