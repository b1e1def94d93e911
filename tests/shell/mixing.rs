//! A Leg that is made quieter, which the others hear wherever it goes, and the news of who talks:
//! separate processes, real audio.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use lab::{
    api::{Api, Event, EventLog},
    phones::{Frequency, Phone, Stretch, Window, audio},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::{
    alone,
    supervision::{Room, tone},
};

/// What is measured twice differs by no more than this, in dB.
const ALIKE_DB: f64 = 1.5;
/// By how much one is made quieter.
const GAIN_DB: i8 = -12;
/// So long may an event take.
const WITHIN: Duration = Duration::from_secs(10);

/// How loud a tone is in the last half second.
fn level(phone: &Phone, hz: f64) -> f64 {
    sleep(Duration::from_millis(900));
    let window = Window::before(Instant::now(), Duration::from_millis(500));
    let heard = Stretch::hann(&audio(&phone.frames(window)));
    heard.level(Frequency(hz)).0
}

fn assert_level(phone: &Phone, hz: f64, expected: f64, when: &str) {
    let level = level(phone, hz);
    let off = (level - expected).abs();
    assert!(off <= ALIKE_DB, "{hz} Hz {when}: {level} dB for {expected}");
}

/// Moves a Leg.
fn go(room: &Room, leg: &str, seg: &str, strategy: &str) {
    let body = json!({"seg": seg, "strategy": strategy});
    let taken = room.ask("POST", &format!("{leg}/attach-media"), &body, 202);
    room.done(&taken);
}

/// The next news of the voice of a Leg's party.
fn voice(runtime: &Runtime, events: &EventLog, leg: &str, on: bool, seg: &str) -> Value {
    let about = |event: &Event| {
        let talking = event.talking.as_ref();
        let fits = talking.is_some_and(|talking| talking["on"] == on);
        fits && event.leg.as_deref() == Some(leg) && event.seg.as_deref() == Some(seg)
    };
    let told = runtime.block_on(events.wait("LegEventReport", WITHIN, about));
    let told = told.unwrap();
    assert_eq!(told.event.as_deref(), Some("talking"));
    told.talking.unwrap()
}

#[test]
fn a_leg_that_is_made_quieter_is_so_wherever_it_goes_and_its_voice_is_told() {
    let _alone = alone();
    let mut room = Room::with(&["--zconfmix"]);
    let runtime = Runtime::new().unwrap();
    let api = Api::new(&room.http).unwrap();
    let events = runtime.block_on(api.events()).unwrap();
    let (ann, leg) = room.join(&tone(1_000.0));
    let (ben, other) = room.join(&tone(700.0));
    let (loud, back) = (level(&ben, 1_000.0), level(&ann, 700.0));
    let changed = room.ask("PATCH", &leg, &json!({"gain": GAIN_DB}), 200);
    assert_eq!(
        (&changed["gain"], &changed["talking"]),
        (&json!(-12), &json!(false))
    );
    let quiet = loud + f64::from(GAIN_DB);
    assert_level(&ben, 1_000.0, quiet, "made quieter");
    assert_level(&ann, 700.0, back, "as it was");

    let segs = format!("/v1/calls/{}/segs", room.call);
    let made = room.ask("POST", &segs, &json!({}), 202);
    let seg = made["seg"].as_str().unwrap();
    let call = room.ask(
        "GET",
        &format!("/v1/calls/{}", room.call),
        &Value::Null,
        200,
    );
    let main = call["mainSeg"].as_str().unwrap();
    for (seg, strategy) in [(seg, "two-step"), (main, "subtract-add"), (seg, "move")] {
        go(&room, &other, seg, "move");
        go(&room, &leg, seg, strategy);
        assert_level(&ben, 1_000.0, quiet, strategy);
    }
    let changed = room.ask("PATCH", &leg, &json!({"talking": true}), 200);
    assert_eq!(changed["talking"], true);
    let name = leg.rsplit('/').next().unwrap();
    let began = voice(&runtime, &events, name, true, seg);
    let level = began["level"].as_i64().unwrap();
    assert!((-35..=-5).contains(&level), "{began}");
    ann.set_remote(None);
    let ended = voice(&runtime, &events, name, false, seg);
    assert!(ended["durationMs"].as_u64().unwrap() >= 60, "{ended}");
    let changed = room.ask("PATCH", &leg, &json!({"talking": false}), 200);
    assert_eq!(
        (&changed["gain"], &changed["talking"]),
        (&json!(-12), &json!(false))
    );
}
