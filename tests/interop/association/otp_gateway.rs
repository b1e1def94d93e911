//! OTP as a gateway under our controller.

use std::time::Duration;

use h248_tests::program::{Program, port};
use lab::api::{Api, ApiError, LegAdded, Strategy};
use tokio::runtime::Runtime;

use super::{Row, each, exchanged, otp};

/// So long may an event take.
const WITHIN: Duration = Duration::from_secs(10);

fn offer(port: u16) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
         m=audio {port} RTP/AVP 0\r\n"
    )
}

/// A Call of two legs, one of which is moved to a Seg of its own.
async fn private_chat(api: &Api) -> Result<(String, [LegAdded; 2]), ApiError> {
    let events = api.events().await?;
    let call = api.create_call().await?.id;
    let first = api.add_leg(&call, None, &offer(40_000)).await?;
    let second = api.add_leg(&call, None, &offer(40_002)).await?;
    let seg = api.create_seg(&call, "private").await?.seg;
    let leg = Some(second.id.as_str());
    api.attach_media(&call, &second.id, &seg, Strategy::TwoStep)
        .await?;
    let moved = events.wait("LegEventReport", WITHIN, |event| {
        event.leg.as_deref() == leg && event.event.as_deref() == Some("moved")
    });
    moved.await?;
    Ok((call, [first, second]))
}

/// Each leg, in the order of Contexts, as the controller finds it in an audit.
async fn legs(api: &Api) -> Result<Vec<Option<String>>, ApiError> {
    let contexts = api.contexts().await?.into_iter();
    let terminations = contexts.flat_map(|context| context.terminations);
    Ok(terminations.map(|one| one.leg).collect())
}

fn run(row: Row) -> String {
    let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    let mut mgc = Program::start("mgc", &places);
    let place = mgc.wait("mgc: h248 ");
    let http = mgc.wait("mgc: http ");
    let mut otp = otp("otp_mg", row, &[port(&place)]);
    otp.wait("otp: ready");
    let runtime = Runtime::new().unwrap();
    let api = Api::new(&http).unwrap();
    let (call, joined) = runtime.block_on(private_chat(&api)).unwrap();
    for (leg, port) in joined.iter().zip(["30002", "30004"]) {
        assert!(leg.sdp.contains(&format!("m=audio {port} ")), "{}", leg.sdp);
    }
    otp.nudge();
    otp.wait("otp: returned");
    let found = runtime.block_on(legs(&api)).unwrap();
    assert_eq!(found, joined.map(|leg| Some(leg.id)));
    runtime.block_on(api.delete_call(&call)).unwrap();
    for _ in 0..2 {
        otp.wait("otp: Subtract of ");
    }
    otp.nudge();
    otp.wait("otp: left");
    exchanged(&otp)
}

#[test]
fn otp_as_gateway_under_our_controller() {
    each("OTP as gateway", run);
}
