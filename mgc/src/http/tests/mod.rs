//! The API against a platform that answers as each test wants.

mod answers;
mod bad_input;
mod gate;
mod groups;
mod mixing;
mod reading;
mod rooms;
mod rules;
mod seg_play;
mod seg_record;
mod stream;
mod tracing;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request as HttpRequest, Response, StatusCode, request::Builder},
};
use mgc_core::{
    Learnt,
    northbound::{
        Accepted, CallId, CallView, Confirm, Done, GatewayId, GatewayState, GatewayView, LegId,
        LegResult, LegState, LegView, MediaSettings, MoveResult, OnGatewayLoss, OperationId,
        OperationKind, OperationState, OperationView, Refusal, Request, Role, SegId, SegPolicy,
        SegView, Separation, Strategy, Totals, Who,
    },
};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tower::ServiceExt;
use transport_h248::Statistics;

use super::{Limits, Parts, router};
use crate::{
    control::{Answered, Control, Counted, Measured, Order, Outcome},
    journal::Journal,
    meter::Meter,
    trace::Ring,
};

/// What the platform of a test does with a request.
enum Play {
    /// Refuses it at once.
    Refuse(Refusal),
    /// Takes it, and ends it so.
    End(Outcome),
    /// Takes it, ends it so, and has no Segs any more.
    Close(Done),
    /// Takes it, and never ends it.
    Hang,
}

/// An API under test.
struct Api {
    router: Router,
    journal: Journal,
    requests: mpsc::UnboundedReceiver<Request>,
}

impl Api {
    /// An API whose platform does the same with every request.
    fn new(play: Play) -> Self {
        Self::limited(play, Limits::default(), 16)
    }

    fn limited(play: Play, limits: Limits, kept: usize) -> Self {
        let (control, orders) = Control::new();
        let (seen, requests) = mpsc::unbounded_channel();
        tokio::spawn(platform(orders, play, seen));
        let journal = Journal::new(kept, "e".into(), "opened".into());
        Self {
            router: router(parts(control, journal.clone(), limits)),
            journal,
            requests,
        }
    }

    async fn send(&self, request: HttpRequest<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str) -> Answer {
        let request = HttpRequest::get(path).body(Body::empty()).unwrap();
        Answer::of(self.send(request).await).await
    }

    async fn delete(&self, path: &str) -> Answer {
        let request = HttpRequest::delete(path).body(Body::empty()).unwrap();
        Answer::of(self.send(request).await).await
    }

    async fn post(&self, path: &str, body: &str) -> Answer {
        let request = with_json(HttpRequest::post(path)).body(Body::from(body.to_owned()));
        Answer::of(self.send(request.unwrap()).await).await
    }
}

fn parts(control: Control, journal: Journal, limits: Limits) -> Parts {
    Parts {
        control,
        journal,
        trace: Ring::new(16, codec_h248::Limits::default(), Arc::default()),
        limits,
        tokens: None,
        meter: Meter::new(),
    }
}

fn with_json(builder: Builder) -> Builder {
    builder.header("content-type", "application/json")
}

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    response: Response<()>,
    /// What is no UTF-8 is replaced.
    text: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let octets = to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: parts.status,
            response: Response::from_parts(parts, ()),
            text: String::from_utf8_lossy(&octets).into_owned(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.response.headers()[name].to_str().unwrap()
    }

    /// Asserts that it is a problem, and returns its status, code and field.
    fn problem(&self) -> (u16, String, Option<String>) {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let json = self.json();
        assert_eq!(json["status"], self.status.as_u16());
        let code = json["code"].as_str().unwrap();
        assert_eq!(json["type"], format!("urn:mgc:problem:{code}"));
        let field = json["field"].as_str().map(ToOwned::to_owned);
        (self.status.as_u16(), code.to_owned(), field)
    }
}

async fn platform(
    mut orders: mpsc::Receiver<Order>,
    play: Play,
    seen: mpsc::UnboundedSender<Request>,
) {
    // Those who wait for what never ends.
    let mut hanging = Vec::new();
    let mut closed = false;
    while let Some(order) = orders.recv().await {
        match order {
            Order::Request {
                request,
                answer,
                completion,
                ..
            } => {
                seen.send(request).unwrap();
                closed |= matches!(play, Play::Close(_));
                if let Some(waiter) = perform(&play, answer, completion) {
                    hanging.push(waiter);
                }
            }
            Order::Calls(answer) => answer.send(vec![call()]).unwrap(),
            Order::Call(id, answer) => answer.send(known(&id).map(|()| call())).unwrap(),
            Order::Segs(id, answer) => answer.send(known(&id).map(|()| vec![seg()])).unwrap(),
            Order::Legs(id, answer) => answer.send(known(&id).map(|()| vec![leg()])).unwrap(),
            Order::Seg(call, id, answer) => {
                let found = known(&call).and_then(|()| {
                    let mut segs = [seg(), private_seg()].into_iter().filter(|_| !closed);
                    let seg = segs.find(|seg| seg.id == id);
                    seg.ok_or(Refusal::UnknownSeg(id))
                });
                answer.send(found).unwrap();
            }
            Order::Leg(call, id, answer) => {
                let found = known(&call).and_then(|()| {
                    let leg = Some(leg()).filter(|leg| leg.id == id);
                    leg.ok_or(Refusal::UnknownLeg(id))
                });
                answer.send(found).unwrap();
            }
            Order::Operation(id, answer) => answer.send(operation(id)).unwrap(),
            Order::Gateways(answer) => answer.send(vec![gateway()]).unwrap(),
            Order::Counters(answer) => answer.send(counted()).unwrap(),
            Order::Delivered(_) => {}
            Order::Measure(answer) => answer.send(measured()).unwrap(),
        }
    }
}

fn perform(
    play: &Play,
    answer: oneshot::Sender<Answered>,
    completion: Option<oneshot::Sender<Outcome>>,
) -> Option<oneshot::Sender<Outcome>> {
    let accepted = Accepted {
        operation: OperationId::from_text("op_1"),
        seg: Some(SegId::from_text("seg_2")),
    };
    let (result, outcome) = match play {
        Play::Refuse(refusal) => (Err(refusal.clone().into()), None),
        Play::End(outcome) => (Ok(accepted), Some(outcome.clone())),
        Play::Close(done) => (Ok(accepted), Some(Ok(done.clone()))),
        Play::Hang => (Ok(accepted), None),
    };
    answer.send(result).unwrap();
    let completion = completion?;
    match outcome {
        Some(outcome) => {
            completion.send(outcome).unwrap();
            None
        }
        None => Some(completion),
    }
}

fn known(id: &CallId) -> Result<(), Refusal> {
    if id.as_str() == "call_1" {
        return Ok(());
    }
    Err(Refusal::UnknownCall(id.clone()))
}

fn call() -> CallView {
    CallView {
        id: CallId::from_text("call_1"),
        main_seg: SegId::from_text("seg_1"),
        separation: Separation::Contexts,
        segs: vec![SegId::from_text("seg_1"), SegId::from_text("seg_2")],
        legs: vec![LegId::from_text("leg_1")],
        private_segs: vec![SegId::from_text("seg_2")],
        on_gateway_loss: OnGatewayLoss::Recreate,
        segs_max: 3,
        legs_max: 10,
        may_create: Who::Host,
        talking: true,
    }
}

fn seg() -> SegView {
    SegView {
        id: SegId::from_text("seg_1"),
        call: CallId::from_text("call_1"),
        name: None,
        main: true,
        private: false,
        confirm: Confirm::MediaServer,
        listen_main: false,
        supervised: true,
        recording: Some(OperationId::from_text("op_9")),
        policy: SegPolicy::default(),
        legs_max: Some(4),
        until: None,
        legs: vec![LegId::from_text("leg_1")],
        context: Some(7),
        holder: Some("rtp/9".into()),
    }
}

fn private_seg() -> SegView {
    SegView {
        id: SegId::from_text("seg_p"),
        private: true,
        ..seg()
    }
}

fn leg() -> LegView {
    LegView {
        id: LegId::from_text("leg_1"),
        call: CallId::from_text("call_1"),
        seg: Some(SegId::from_text("seg_1")),
        in_private: true,
        role: Role::Supervisor,
        state: LegState::Attached,
        settings: MediaSettings {
            muted: true,
            gain: Some(-6),
            talking: true,
            ..MediaSettings::default()
        },
        media_lost: false,
        host: true,
        invitation: None,
        operation: None,
        gateway: GatewayId("[127.0.0.1]:2946".into()),
        termination: Some("rtp/1".into()),
    }
}

/// `op_1` is about a Seg that has ended, `op_2` about one that is there and `op_p` about a private
/// one.
fn operation(id: OperationId) -> Result<OperationView, Refusal> {
    let seg = match id.as_str() {
        "op_1" => "seg_2",
        "op_2" => "seg_1",
        "op_p" => "seg_p",
        _ => return Err(Refusal::UnknownOperation(id)),
    };
    let result = LegResult {
        leg: LegId::from_text("leg_1"),
        result: MoveResult::Moved,
        cause: None,
    };
    Ok(OperationView {
        id,
        kind: OperationKind::AttachMediaReq,
        state: OperationState::RolledBack,
        call: Some(CallId::from_text("call_1")),
        seg: Some(SegId::from_text(seg)),
        leg: Some(LegId::from_text("leg_1")),
        refusal: Some(Refusal::GatewayTimeout),
        done: None,
        legs: vec![result],
        request_id: Some("req_1".into()),
    })
}

/// Two decode errors in all, and one of a gateway that was not asked yet and of one that was.
fn counted() -> Counted {
    let ms = Duration::from_millis;
    let of = |decode_errors| transport_h248::Counters {
        decode_errors,
        ..transport_h248::Counters::default()
    };
    let measured = |round_trip| Statistics {
        counters: of(1),
        round_trip,
    };
    let gateway = |name: &str, round_trip| (GatewayId(name.into()), measured(round_trip));
    Counted {
        link: of(2),
        sockets: transport_h248_tokio::counters::Counters {
            not_tpkt: 3,
            ..transport_h248_tokio::counters::Counters::default()
        },
        gateways: vec![
            gateway("<new>", None),
            gateway("<old>", Some((ms(20), ms(5)))),
        ],
    }
}

fn measured() -> Measured {
    Measured {
        counted: counted(),
        totals: Totals {
            calls: 1,
            segs: 2,
            legs: 3,
        },
        gateways: vec![gateway()],
        store: "none",
    }
}

fn gateway() -> GatewayView {
    GatewayView {
        id: GatewayId("[127.0.0.1]:2946".into()),
        address: "127.0.0.1:2946".parse().unwrap(),
        state: GatewayState::Registered,
        version: 3,
        legs: 1,
        media_faults: 0,
        strategies: vec![Strategy::SubtractAdd],
        learnt: Learnt {
            no_move: true,
            mixes: Some(true),
        },
        drained: false,
    }
}

fn made_call() -> Play {
    Play::End(Ok(Done::CallCreated {
        call: CallId::from_text("call_1"),
        main_seg: SegId::from_text("seg_1"),
    }))
}

fn made_seg() -> Play {
    Play::End(Ok(Done::SegCreated {
        seg: SegId::from_text("seg_2"),
    }))
}
