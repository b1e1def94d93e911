//! Gain and talkers as HTTP.

use mgc_core::northbound::MediaChanges;

use super::{rules::patch, *};

const LEG: &str = "/v1/calls/call_1/legs/leg_1";

#[tokio::test]
async fn a_leg_is_made_louder_and_its_voice_told() {
    let mut api = Api::new(Play::End(Ok(Done::LegChanged)));
    let answer = patch(&api, LEG, r#"{"gain": -40, "talking": true}"#).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        (&answer.json()["gain"], &answer.json()["talking"]),
        (&(-6).into(), &true.into())
    );
    let request = Request::ModifyLeg {
        call: CallId::from_text("call_1"),
        leg: LegId::from_text("leg_1"),
        changes: MediaChanges {
            gain: Some(-40),
            talking: Some(true),
            ..MediaChanges::default()
        },
        offer: None,
    };
    assert_eq!(api.requests.recv().await, Some(request));
}

#[tokio::test]
async fn a_gain_that_no_gateway_has_and_what_this_one_cannot_do_are_problems() {
    let gain = |code: &str| (422, code.to_owned(), Some("gain".to_owned()));
    let api = Api::new(Play::Hang);
    for body in [r#"{"gain": -41}"#, r#"{"gain": 21}"#, r#"{"gain": 300}"#] {
        let told = patch(&api, LEG, body).await.problem();
        assert_eq!(told, gain("field.invalid"), "{body}");
    }
    let api = Api::new(Play::Refuse(Refusal::NoGain));
    let told = patch(&api, LEG, r#"{"gain": 3}"#).await.problem();
    assert_eq!(told, gain("gain.unsupported"));
    let api = Api::new(Play::End(Err(Refusal::NoTalkers)));
    let told = patch(&api, LEG, r#"{"talking": true}"#).await.problem();
    let talking = Some("talking".to_owned());
    assert_eq!(told, (422, "talking.unsupported".to_owned(), talking));
}
