//! Recordings whose beginning the controller did not see: it was killed, or the answer was lost for longer than a
//! transaction lasts. Whoever begins one again would end the first one.

use std::time::Duration;

use codec_h248::descriptor::SignalParm;
use mgc_core::northbound::{
    CallId, Done, EventKind, LegEvent, LegId, OperationId, OperationState, Record, Recording,
    Refusal, Request, SegId, Voices,
};

use super::{
    gateway::Tells,
    network::{Way, World, durable, two_digits},
    supervision::{Rows, restart},
};

/// Longer than T-MAX, and shorter than a gateway that is silent is waited for.
const UNANSWERED: Duration = Duration::from_secs(60);

/// What is recorded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Of {
    Seg,
    Leg,
}

/// How the controller misses the answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum By {
    Kill,
    Silence,
}

const ALL: [(Of, By); 4] = [
    (Of::Seg, By::Kill),
    (Of::Seg, By::Silence),
    (Of::Leg, By::Kill),
    (Of::Leg, By::Silence),
];

struct Room {
    world: World,
    call: CallId,
    main: SegId,
    leg: LegId,
    rows: Rows,
    /// Of a Seg or of a Leg.
    of: Of,
}

impl Room {
    /// A Leg in a Seg, and a gateway that tells what it records.
    fn new(of: Of) -> Self {
        let mut world = World::with(durable());
        let (call, main) = world.create_call();
        let leg = world.add_leg(&call);
        world.events.clear();
        world.gateway().log.clear();
        world.gateway().recordings = Some(0);
        Self {
            world,
            call,
            main,
            leg,
            rows: Rows::new(),
            of,
        }
    }

    fn request(&self) -> Request {
        let call = self.call.clone();
        let (name, limit_ms) = ("room".to_owned(), None);
        match self.of {
            Of::Seg => Request::RecordSeg {
                call,
                seg: self.main.clone(),
                name,
                limit_ms,
            },
            Of::Leg => Request::Record {
                call,
                leg: self.leg.clone(),
                record: Record {
                    name,
                    voices: Voices::All,
                    limit_ms,
                },
            },
        }
    }

    /// Asks for what the controller is to miss the answer to; `lost`: the way on which the command or its answer
    /// gets lost.
    fn miss(&mut self, request: Request, by: By, lost: Way) -> OperationId {
        let operation = self.world.ask(request).expect("it is taken");
        // A recorder is added first, which takes 10 ms.
        let before = if lost == Way::ToMgc { 12 } else { 7 };
        if self.of == Of::Seg {
            self.world.run_for(Duration::from_millis(before));
        }
        self.world.weather.cut = Some(lost);
        match by {
            By::Kill => self.world.run(),
            By::Silence => self.world.run_for(UNANSWERED),
        }
        if by == By::Kill {
            restart(&mut self.world, &mut self.rows, durable());
        }
        self.world.weather.cut = None;
        self.world.run_for(UNANSWERED);
        operation
    }

    fn record(&mut self, by: By, lost: Way) -> OperationId {
        let request = self.request();
        self.miss(request, by, lost)
    }

    /// The Termination that is recorded at.
    fn recorder(&self) -> &'static str {
        match self.of {
            Of::Seg => "rtp/2",
            Of::Leg => "rtp/1",
        }
    }

    /// How many recordings the gateway has begun.
    fn begun(&mut self) -> Option<u32> {
        self.world.gateway().recordings
    }

    fn records(&mut self) -> bool {
        let recorder = self.recorder();
        let found = &self.world.gateway().terminations[recorder];
        let mut signals = found.signals.parms.iter();
        signals
            .any(|one| matches!(one, SignalParm::Signal(one) if one.name.is("aasrec", "playrec")))
    }

    fn end_recording(&mut self) {
        let (recorder, now) = (self.recorder(), self.world.now);
        self.world.gateway().end_recording(recorder, now);
        self.world.run();
    }

    fn modifies(&mut self) -> usize {
        let log = self.world.gateway().log.iter();
        log.filter(|line| line.starts_with("Modify")).count()
    }
}

fn is_about_recording(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::RecordingBegan | EventKind::RecordingEnded(_)
    )
}

fn first_file() -> Result<Done, Refusal> {
    Ok(Done::Recorded(Recording {
        file: "1.wav".to_owned(),
        duration_ms: 2_500,
    }))
}

#[test]
fn one_that_began_unseen_goes_on_and_is_not_begun_again() {
    for (of, by) in ALL {
        let mut room = Room::new(of);
        let operation = room.record(by, Way::ToMgc);
        assert_eq!(room.begun(), Some(1), "{of:?} {by:?}");
        assert!(!room.world.has_ended(&operation), "{of:?} {by:?}");
        assert_eq!(room.world.state(&operation), OperationState::Waiting);
        assert!(room.records(), "{of:?} {by:?}");
        room.end_recording();
        assert_eq!(room.world.completion(&operation), first_file());
        assert_eq!(room.world.gateway().picture(), [["rtp/1"]]);
    }
}

#[test]
fn one_that_was_not_begun_is_begun_once() {
    for (of, by) in ALL {
        let mut room = Room::new(of);
        let operation = room.record(by, Way::ToGateway);
        assert_eq!(room.begun(), Some(1), "{of:?} {by:?}");
        assert_eq!(room.world.state(&operation), OperationState::Waiting);
        room.end_recording();
        assert_eq!(room.world.completion(&operation), first_file());
    }
}

#[test]
fn one_that_began_and_ended_unseen_is_told() {
    for (of, by) in ALL {
        let mut room = Room::new(of);
        let operation = room.world.ask(room.request()).unwrap();
        if of == Of::Seg {
            room.world.run_for(Duration::from_millis(12));
        }
        room.world.weather.cut = Some(Way::ToMgc);
        room.world.run();
        room.end_recording();
        if by == By::Kill {
            restart(&mut room.world, &mut room.rows, durable());
        } else {
            // The gateway repeats what it tells for as long as the controller repeats what it asks.
            room.world.run_for(Duration::from_secs(20));
        }
        room.world.weather.cut = None;
        room.world.run_for(UNANSWERED);
        assert_eq!(room.world.completion(&operation), first_file());
        assert_eq!(room.begun(), Some(1), "{of:?} {by:?}");
        assert_eq!(room.world.gateway().picture(), [["rtp/1"]]);
    }
}

#[test]
fn one_that_is_told_to_have_ended_is_not_told_to_have_begun_after_that() {
    let mut room = Room::new(Of::Seg);
    let operation = room.world.ask(room.request()).unwrap();
    room.world.run_for(Duration::from_millis(12));
    room.world.weather.cut = Some(Way::ToMgc);
    room.world.run_for(Duration::from_millis(20));
    assert!(room.records());
    room.world.weather.cut = None;
    // The end comes before the answer is asked for again.
    room.end_recording();
    assert_eq!(room.world.completion(&operation), first_file());
    let told = room.world.events.iter().map(|event| &event.kind);
    let told: Vec<&EventKind> = told.filter(|kind| is_about_recording(kind)).collect();
    assert!(
        matches!(told[..], [EventKind::RecordingEnded(Some(_))]),
        "{told:?}"
    );
}

#[test]
fn one_whose_answer_is_not_understood_is_not_left_unseen() {
    let mut room = Room::new(Of::Leg);
    room.world.gateway().tells = Tells::Names;
    room.world.gateway().misnames = true;
    let operation = room.world.ask(room.request()).unwrap();
    room.world.run();
    let end = room.world.completion(&operation);
    assert!(matches!(end, Err(Refusal::GatewayAnswer(_))), "{end:?}");
    assert_eq!(room.begun(), Some(1));
    assert!(!room.records());
}

#[test]
fn where_the_gateway_does_not_say_whether_it_began_it_is_ended_and_not_taken_for_another() {
    for tells in [Tells::Names, Tells::NamesAlone] {
        for (of, by) in ALL {
            let mut room = Room::new(of);
            room.world.gateway().tells = tells;
            let operation = room.record(by, Way::ToMgc);
            let unknown = Err(Refusal::GatewayTimeout);
            assert_eq!(room.world.completion(&operation), unknown, "{of:?} {by:?}");
            assert_eq!(room.begun(), Some(1), "{of:?} {by:?} {tells:?}");
            assert_eq!(room.world.gateway().picture(), [["rtp/1"]]);
            if of == Of::Leg {
                assert!(!room.records(), "{by:?}");
                let reports = room.world.reports(&room.leg);
                assert_eq!(reports, [LegEvent::RecordFailed]);
            }
            // The next one is its own.
            let next = room.world.ask(room.request()).expect("nothing is recorded");
            room.world.run();
            assert_eq!(room.world.state(&next), OperationState::Waiting);
            assert_eq!(room.begun(), Some(2), "{of:?} {by:?}");
        }
    }
}

#[test]
fn digits_that_are_collected_unseen_are_not_asked_for_again() {
    for by in [By::Kill, By::Silence] {
        let mut room = Room::new(Of::Leg);
        let request = two_digits(&room.call, &room.leg);
        let operation = room.miss(request, by, Way::ToMgc);
        assert_eq!(room.world.state(&operation), OperationState::Waiting);
        assert_eq!(room.modifies(), 1, "{by:?}");
    }
}
