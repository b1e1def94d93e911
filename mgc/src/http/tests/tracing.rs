//! The trace tells of each message which request it is for.

use std::{net::SocketAddr, time::SystemTime};

use mgc_core::Tie;
use transport_h248::{Address, Carrier, Direction, Trace};
use transport_h248_tokio::{clock, sinks::Sink};

use super::*;

/// A message that carries out the request `mine`.
fn ring() -> Ring {
    let mut ring = Ring::new(16, codec_h248::Limits::default(), Arc::default());
    let socket: SocketAddr = "192.0.2.9:2944".parse().unwrap();
    let address = Address {
        carrier: Carrier::Udp,
        socket,
    };
    ring.tie(std::iter::once(Tie {
        peer: address,
        direction: Direction::Out,
        transaction: codec_h248::TransactionId(7),
        aim: "move",
        operation: Some(OperationId::from_text("op_1")),
        request_id: Some("mine".to_owned()),
        leg: Some(LegId::from_text("leg_1")),
        call: Some(CallId::from_text("call_1")),
    }));
    let record = Trace {
        time: clock::now(),
        direction: Direction::Out,
        route: address.into(),
        octets: "MEGACO/3 <mgc> Transaction=7{Context=1{Subtract=rtp/1}}".into(),
        error: None,
    };
    let local = "192.0.2.1:2944".parse().unwrap();
    let told = ring.record(&record, local, SystemTime::UNIX_EPOCH);
    assert_eq!(told, Ok(()));
    ring
}

async fn trace(query: &str) -> Answer {
    let (control, _orders) = Control::new();
    let journal = Journal::new(1, "e".into(), "opened".into());
    let trace = ring();
    let parts = Parts {
        trace,
        ..parts(control, journal, Limits::default())
    };
    let request = HttpRequest::get(format!("/v1/trace?{query}"));
    let request = request.body(Body::empty()).unwrap();
    Answer::of(router(parts).oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn the_request_that_a_message_is_for_is_told_in_each_form_and_found() {
    let told = trace("requestId=mine").await.json();
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["transactions"][0]["requestId"], "mine");
    assert_eq!(trace("requestId=other").await.json(), serde_json::json!([]));
    assert_eq!(
        trace("requestId=mine&operation=op_2").await.json(),
        serde_json::json!([])
    );
    let line = "7 move: op_1 leg_1 call_1 requestId=mine";
    for format in ["text", "pcapng"] {
        let told = trace(&format!("format={format}")).await;
        assert!(told.text.contains(line), "{format}: {}", told.text);
    }
    let long = trace(&format!("requestId={}", "x".repeat(129))).await;
    assert_eq!(long.problem().2.as_deref(), Some("requestId"));
}
