//! Recordings of rooms and of a Leg that goes to a private one, and a gateway that is killed meanwhile:
//! separate processes, real audio.

use std::{
    f64::consts::TAU,
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use h248_tests::scratch;
use serde_json::{Value, json};

use super::{
    alone,
    supervision::{Room, tone},
};

/// What the phones say.
const TONES: [f64; 3] = [500.0, 700.0, 900.0];
/// A tone of -12 dBm0 has a peak of some 5,600; nothing else comes near.
const HEARD: f64 = 2_000.0;
const SILENT: f64 = 200.0;

/// The samples of a file that may not have been ended, and those of one second of it.
fn read(path: &Path) -> (Vec<i16>, usize) {
    let reader = hound::WavReader::open(path).unwrap();
    let rate = reader.spec().sample_rate as usize;
    // What was written after the last header, and not to its end, is no part of it.
    let samples = reader.into_samples::<i16>().map_while(Result::ok);
    (samples.collect(), rate)
}

/// Which tones are in a stretch; each is clearly there or not.
fn tones(samples: &[i16], rate: usize) -> Vec<f64> {
    let mut heard = Vec::new();
    for hz in TONES {
        let turn = TAU * hz / rate as f64;
        let part = |wave: fn(f64) -> f64| {
            let all = samples.iter().enumerate();
            let all = all.map(|(n, &sample)| f64::from(sample) * wave(turn * n as f64));
            all.sum::<f64>() * 2.0 / samples.len() as f64
        };
        let level = part(f64::sin).hypot(part(f64::cos));
        assert!(!(SILENT..HEARD).contains(&level), "{hz} Hz at {level}");
        if level >= HEARD {
            heard.push(hz);
        }
    }
    heard
}

fn record(room: &Room, leg: &str, body: &Value) -> Value {
    room.ask("POST", &format!("{leg}/record"), body, 202)
}

#[test]
fn recordings_hold_their_rooms_only_and_can_be_read_to_the_last_second_after_a_kill() {
    let _alone = alone();
    let folder = scratch("recordings");
    let mut room = Room::with(&["--recordings", folder.to_str().unwrap()]);
    let phones = TONES.map(|hz| room.join(&tone(hz)));
    let [ann, ben, cid] = phones.each_ref().map(|(_, leg)| leg.clone());
    // One that is stopped is complete when that is told.
    let taken = record(&room, &ben, &json!({"name": "../short", "voices": "own"}));
    sleep(Duration::from_millis(800));
    room.ask("DELETE", &format!("{ben}/record"), &Value::Null, 204);
    let ended = room.done(&taken);
    assert_eq!(ended["recording"]["file"], "_short.wav", "{ended}");
    let (short, rate) = read(&folder.join("_short.wav"));
    let told = ended["recording"]["durationMs"].as_u64().unwrap() as usize;
    assert_eq!(short.len() * 1_000 / rate, told);
    assert_eq!(tones(&short[short.len() / 4..], rate), [700.0]);

    let begun = Instant::now();
    record(&room, &ann, &json!({"name": "room"}));
    sleep(Duration::from_millis(2_200));
    let call = format!("/v1/calls/{}", room.call);
    let made = room.ask("POST", &format!("{call}/segs"), &json!({}), 202);
    let seg = made["seg"].as_str().unwrap();
    for leg in [&ben, &cid] {
        let attach = format!("{leg}/attach-media");
        let taken = room.ask("POST", &attach, &json!({"seg": seg}), 202);
        room.done(&taken);
    }
    record(&room, &cid, &json!({"name": "private.wav"}));
    record(&room, &ben, &json!({"name": "ben.opus", "voices": "own"}));
    sleep(Duration::from_millis(3_500));
    let lasted = begun.elapsed().as_secs_f64();
    let Room { mg, .. } = room;
    mg.kill();

    let (main, rate) = read(&folder.join("room.wav"));
    let seconds = main.len() as f64 / rate as f64;
    assert!(seconds > lasted - 1.5, "{seconds} of {lasted} s");
    assert_eq!(tones(&main[rate / 2..rate * 3 / 2], rate), TONES);
    assert_eq!(tones(&main[main.len() - rate..], rate), [500.0]);
    let (private, rate) = read(&folder.join("private.wav"));
    assert!(private.len() >= rate * 2, "{} samples", private.len());
    assert_eq!(tones(&private, rate), [700.0, 900.0]);
    let pages = fs::read(folder.join("ben.opus")).unwrap();
    let pages = pages.windows(4).filter(|octets| *octets == b"OggS").count();
    assert!(pages >= 2 + 2, "{pages} pages of sound and headers");
}

/// The second that ended a while before a moment of the recording, when all that changed before it is over.
fn second_before(samples: &[i16], rate: usize, moment: Duration) -> &[i16] {
    let at = |seconds: f64| (seconds * rate as f64) as usize;
    let end = moment.as_secs_f64() - 0.3;
    &samples[at(end - 1.0)..at(end)]
}

#[test]
fn a_room_is_recorded_on_whoever_leaves_it_and_its_file_is_told_when_it_ends() {
    let _alone = alone();
    let folder = scratch("room-recordings");
    let mut room = Room::with(&["--recordings", folder.to_str().unwrap()]);
    let call = format!("/v1/calls/{}", room.call);
    let main = room.ask("GET", &call, &Value::Null, 200)["mainSeg"].clone();
    let main = format!("{call}/segs/{}", main.as_str().unwrap());
    // It begins before anybody is there.
    let of_main = room.ask(
        "POST",
        &format!("{main}/record"),
        &json!({"name": "main"}),
        202,
    );
    let begun = Instant::now();
    let phones = TONES.map(|hz| room.join(&tone(hz)));
    let [ann, ben, _cid] = phones.each_ref().map(|(_, leg)| leg.clone());
    sleep(Duration::from_millis(1_800));
    let three = begun.elapsed();
    assert_eq!(
        room.ask("GET", &main, &Value::Null, 200)["recording"],
        of_main["operation"]
    );
    room.ask("DELETE", &ann, &Value::Null, 204);
    let made = room.ask("POST", &format!("{call}/segs"), &json!({}), 202);
    let seg = made["seg"].as_str().unwrap();
    let attach = format!("{ben}/attach-media");
    room.done(&room.ask("POST", &attach, &json!({"seg": seg}), 202));
    let seg = format!("{call}/segs/{seg}");
    let aside = room.ask(
        "POST",
        &format!("{seg}/record"),
        &json!({"name": "aside"}),
        202,
    );
    sleep(Duration::from_millis(1_800));
    let apart = begun.elapsed();
    // The room that ends has its file told, and who was in it comes back.
    room.ask("DELETE", &seg, &Value::Null, 204);
    assert_eq!(room.done(&aside)["recording"]["file"], "aside.wav");
    sleep(Duration::from_millis(1_800));
    let back = begun.elapsed();
    room.ask("DELETE", &format!("{main}/record"), &Value::Null, 204);
    let ended = room.done(&of_main)["recording"].clone();
    assert_eq!(ended["file"], "main.wav");

    let (samples, rate) = read(&folder.join("main.wav"));
    let told = ended["durationMs"].as_u64().unwrap() as usize;
    assert_eq!(samples.len() * 1_000 / rate, told);
    let heard = |moment| tones(second_before(&samples, rate, moment), rate);
    assert_eq!(heard(three), TONES);
    assert_eq!(heard(apart), [900.0]);
    assert_eq!(heard(back), [700.0, 900.0]);
    let (aside, rate) = read(&folder.join("aside.wav"));
    assert_eq!(tones(&aside[aside.len() - rate..], rate), [700.0]);
}
