//! OTP as a third-party gateway below the platform: conferences and private chats by each strategy,
//! judged by what the platform reports and by what OTP holds.

use std::{fmt::Write as _, time::Duration};

use h248_tests::program::{Program, port};
use lab::api::{Api, Event, EventLog, LegAdded, Strategy};
use tokio::runtime::Runtime;

use super::{Row, each, otp};

/// So long may an event take.
const WITHIN: Duration = Duration::from_secs(10);

/// Our platform, and OTP below it.
struct Stage {
    otp: Program,
    runtime: Runtime,
    api: Api,
    events: EventLog,
    _mgc: Program,
}

/// A conference of three.
struct Conference {
    call: String,
    main_seg: String,
    legs: [LegAdded; 3],
}

impl Stage {
    /// Starts both; OTP does not know the command that is named.
    fn new(row: Row, refused: &str) -> Self {
        let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        let mut mgc = Program::start("mgc", &places);
        let place = mgc.wait("mgc: h248 ");
        let api = Api::new(&mgc.wait("mgc: http ")).unwrap();
        let mut otp = otp("otp_gateway", row, &[port(&place), refused]);
        let version = otp.wait("otp: registered with version ");
        assert_eq!(version, row.version);
        let runtime = Runtime::new().unwrap();
        let events = runtime.block_on(api.events()).unwrap();
        Self {
            otp,
            runtime,
            api,
            events,
            _mgc: mgc,
        }
    }

    /// What OTP holds, and what it was told since this was last asked.
    fn held(&mut self) -> (String, String) {
        self.otp.tell("held");
        let told = self.otp.wait("otp: held ");
        let (held, took) = told.split_once("| took").unwrap();
        (held.trim().to_owned(), took.trim().to_owned())
    }

    fn conference(&self) -> Conference {
        let (api, run) = (&self.api, &self.runtime);
        let call = run.block_on(api.create_call()).unwrap();
        let legs = [40_000, 40_002, 40_004].map(|port| {
            let offer = format!(
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                 m=audio {port} RTP/AVP 0\r\n"
            );
            run.block_on(api.add_leg(&call.id, None, &offer)).unwrap()
        });
        for (leg, port) in legs.iter().zip([30_002, 30_004, 30_006]) {
            let media = format!("m=audio {port} RTP/AVP 0\r\n");
            assert!(leg.sdp.contains(&media), "{}", leg.sdp);
        }
        Conference {
            call: call.id,
            main_seg: call.main_seg,
            legs,
        }
    }

    fn seg(&self, there: &Conference) -> String {
        let asked = self.api.create_seg(&there.call, "private");
        self.runtime.block_on(asked).unwrap().seg
    }

    /// Asks for a move and returns the report of how it ended.
    fn attach(&self, there: &Conference, leg: usize, seg: &str, strategy: Strategy) -> Event {
        let (api, leg) = (&self.api, &there.legs[leg].id);
        let asked = api.attach_media(&there.call, leg, seg, strategy);
        let asked = self.runtime.block_on(asked).unwrap().operation;
        let about = |event: &Event| {
            event.leg.as_ref() == Some(leg) && event.operation.as_ref() == Some(&asked)
        };
        let reported = self.events.wait("LegEventReport", WITHIN, about);
        self.runtime.block_on(reported).unwrap()
    }

    fn moves(&self, there: &Conference, legs: &[usize], seg: &str, strategy: Strategy) {
        for leg in legs {
            let report = self.attach(there, *leg, seg, strategy);
            assert_eq!(report.event.as_deref(), Some("moved"), "{report:?}");
            assert_eq!(report.seg.as_deref(), Some(seg), "{report:?}");
        }
    }

    /// The legs of each Context, as the platform finds them in an audit of OTP.
    fn audited(&self, there: &Conference) -> Vec<Vec<usize>> {
        let contexts = self.runtime.block_on(self.api.contexts()).unwrap();
        let number = |leg: Option<String>| {
            let leg = leg.expect("each Termination is tied to a leg");
            there.legs.iter().position(|one| one.id == leg).unwrap()
        };
        let legs = contexts.into_iter().map(|context| {
            let legs = context.terminations.into_iter();
            let mut legs: Vec<usize> = legs.map(|one| number(one.leg)).collect();
            legs.sort_unstable();
            legs
        });
        legs.collect()
    }

    fn end(&mut self, there: &Conference) {
        self.runtime
            .block_on(self.api.delete_call(&there.call))
            .unwrap();
        assert_eq!(self.held().0, "", "nothing is left of {}", there.call);
    }

    fn leave(mut self) {
        self.otp.nudge();
        self.otp.wait("otp: left");
    }
}

/// What a private chat by a strategy is at the gateway.
struct Expected {
    strategy: Strategy,
    /// While two of three are in it, and when they are back.
    apart: &'static str,
    back: &'static str,
    /// What OTP was told there and back: the conference, two legs, two legs.
    took: [&'static str; 3],
}

const EXPECTED: [Expected; 3] = [
    Expected {
        strategy: Strategy::TwoStep,
        apart: "context 1 rtp/1 SendReceive 30002>40000 \
                context 2 rtp/2 SendReceive 30004>40002 rtp/3 SendReceive 30006>40004",
        back: "context 1 rtp/1 SendReceive 30002>40000 \
               rtp/2 SendReceive 30004>40002 rtp/3 SendReceive 30006>40004",
        took: ["Add 3", "Modify 2 Move 2", "Modify 2 Move 2"],
    },
    Expected {
        strategy: Strategy::Move,
        apart: "context 3 rtp/4 SendReceive 30002>40000 \
                context 4 rtp/5 SendReceive 30004>40002 rtp/6 SendReceive 30006>40004",
        back: "context 3 rtp/4 SendReceive 30002>40000 \
               rtp/5 SendReceive 30004>40002 rtp/6 SendReceive 30006>40004",
        took: ["Add 3", "Move 2", "Move 2"],
    },
    Expected {
        strategy: Strategy::SubtractAdd,
        apart: "context 5 rtp/7 SendReceive 30002>40000 \
                context 6 rtp/10 SendReceive 30004>40002 rtp/11 SendReceive 30006>40004",
        back: "context 5 rtp/12 SendReceive 30004>40002 \
               rtp/13 SendReceive 30006>40004 rtp/7 SendReceive 30002>40000",
        took: ["Add 3", "Add 2 Subtract 2", "Add 2 Subtract 2"],
    },
];

fn private_chat(stage: &mut Stage, expected: &Expected) -> String {
    // What went before is not counted.
    stage.held();
    let strategy = expected.strategy;
    let there = stage.conference();
    let (_, joined) = stage.held();
    let seg = stage.seg(&there);
    stage.moves(&there, &[1, 2], &seg, strategy);
    let (apart, went) = stage.held();
    assert_eq!(apart, expected.apart);
    assert_eq!(stage.audited(&there), [vec![0], vec![1, 2]]);
    stage.moves(&there, &[1, 2], &there.main_seg, strategy);
    let (back, came) = stage.held();
    assert_eq!(back, expected.back);
    assert_eq!(stage.audited(&there), [vec![0, 1, 2]]);
    assert_eq!([&joined, &went, &came], expected.took.each_ref());
    stage.end(&there);
    format!(
        "{}: joined by {joined}, apart by {went}: {apart}; back by {came}",
        strategy.name()
    )
}

fn every_strategy(row: Row) -> String {
    let mut stage = Stage::new(row, "none");
    let mut told = String::from("registered");
    for expected in &EXPECTED {
        write!(told, "\n    {}", private_chat(&mut stage, expected)).unwrap();
    }
    stage.leave();
    told
}

#[test]
fn otp_below_the_platform_holds_private_chats_by_each_strategy() {
    each("OTP below the platform", every_strategy);
}

/// What OTP changes on its own, the platform finds out by the refusal of the next command: 435
/// where a leg is elsewhere, 411 where the Context is gone, and 430 where the leg is.
fn behind_its_back(row: Row) -> String {
    let mut stage = Stage::new(row, "none");
    let there = stage.conference();
    let seg = stage.seg(&there);

    stage.otp.tell("shift rtp/2");
    stage.otp.wait("otp: shifted ");
    let report = stage.attach(&there, 1, &seg, Strategy::TwoStep);
    assert_eq!(report.event.as_deref(), Some("moveFailed"), "{report:?}");
    assert_eq!(report.seg, Some(there.main_seg.clone()), "{report:?}");
    assert_eq!(stage.audited(&there), [vec![0, 1, 2]]);

    stage.moves(&there, &[1], &seg, Strategy::Move);
    stage.otp.tell("forget rtp/2");
    stage.otp.wait("otp: forgot ");
    stage.moves(&there, &[2], &seg, Strategy::Move);
    assert_eq!(stage.held().0.matches("context ").count(), 2);
    let report = stage.attach(&there, 1, &there.main_seg, Strategy::Move);
    assert_eq!(report.event.as_deref(), Some("left"), "{report:?}");

    stage.end(&there);
    stage.leave();
    "shifted: moveFailed, back in the main Seg; its Context ended: moved into a new one".to_owned()
}

#[test]
fn what_otp_changes_behind_the_platform_is_found_and_reported() {
    each("OTP on its own", behind_its_back);
}

/// OTP refuses each Move with 443: the first one teaches the platform to do without.
fn without_move(row: Row) -> String {
    let mut stage = Stage::new(row, "move");
    let there = stage.conference();
    let seg = stage.seg(&there);
    stage.held();
    stage.moves(&there, &[1], &seg, Strategy::TwoStep);
    let (_, first) = stage.held();
    assert_eq!(first, "Add 1 Modify 1 Move 1 Subtract 1");
    let api = &stage.api;
    let gateway = stage.runtime.block_on(api.gateways()).unwrap().remove(0);
    assert_eq!(gateway.strategies, ["subtract-add"]);
    // Its Legs return to the main Seg as the platform likes.
    let end = api.delete_seg(&there.call, &seg);
    stage.runtime.block_on(end).unwrap();
    let (held, then) = stage.held();
    assert_eq!(then, "Add 1 Subtract 1");
    assert_eq!(held.matches("SendReceive").count(), 3, "{held}");
    assert_eq!(stage.audited(&there), [vec![0, 1, 2]]);
    stage.end(&there);
    stage.leave();
    format!("moved by {first}, and back by {then}")
}

#[test]
fn otp_that_does_not_know_move_is_done_without() {
    each("OTP without Move", without_move);
}
