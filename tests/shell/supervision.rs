//! Legs that are muted and deafened, an announcement, and digits that a phone dials: separate
//! processes, real audio.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use h248_tests::{program::Program, scratch};
use lab::phones::codec::Codec;
use lab::phones::{Frequency, Level, Phone, Phones, Source, Stretch, Tone, Window, audio, sdp};
use serde_json::{Value, json};

use super::alone;

const RATE: u32 = 8_000;
const ANNOUNCEMENT_HZ: f64 = 2_100.0;
/// A tone is heard where it is so strong, and is not where it is so weak, in dB.
const HEARD_DB: f64 = -25.0;
const SILENT_DB: f64 = -45.0;

const GATEWAYS: &str = "[default.announcements]\nnotice = { number = 1 }\n";

/// What a file holds, one stretch after the other: frequencies and seconds.
type Score<'a> = &'a [(&'a [f64], f64)];

fn write(path: &Path, score: Score<'_>) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for (frequencies, seconds) in score {
        for n in 0..(seconds * f64::from(RATE)) as u32 {
            let at = std::f64::consts::TAU * f64::from(n) / f64::from(RATE);
            let sum: f64 = frequencies.iter().map(|hz| (hz * at).sin()).sum();
            writer.write_sample((5_000.0 * sum) as i16).unwrap();
        }
    }
    writer.finalize().unwrap();
}

pub(super) struct Room {
    _mgc: Program,
    pub(super) mg: Program,
    phones: Phones,
    pub(super) http: String,
    pub(super) call: String,
}

impl Room {
    fn open(announcements: &Path) -> Self {
        Self::with(&["--announcements", announcements.to_str().unwrap()])
    }

    /// A room at a gateway that is started with these arguments.
    pub(super) fn with(more: &[&str]) -> Self {
        let gateways = scratch("supervision").join("gateways.toml");
        fs::write(&gateways, GATEWAYS).unwrap();
        let gateways = gateways.to_str().unwrap();
        let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        let arguments = [&places[..], &["--gateways", gateways]].concat();
        let mut mgc = Program::start("mgc", &arguments);
        let h248 = mgc.wait("mgc: h248 ");
        let http = mgc.wait("mgc: http ");
        let arguments = ["--mgc", &h248, "--h248", "127.0.0.1:0", "--mwd", "0"];
        let mut mg = Program::start("mg", &[&arguments, more].concat());
        mg.wait("mg: registered");
        let mut room = Self {
            _mgc: mgc,
            mg,
            phones: Phones::start(Duration::from_secs(20)).unwrap(),
            http,
            call: String::new(),
        };
        let call = room.ask("POST", "/v1/calls", &json!({}), 201);
        room.call = call["id"].as_str().unwrap().to_owned();
        room
    }

    /// Asks the platform, and returns what it answers.
    pub(super) fn ask(&self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let mut stream = TcpStream::connect(self.http.trim_start_matches("http://")).unwrap();
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let head = "Host: x\r\nConnection: close\r\nContent-Type: application/json\r\n";
        let length = body.len();
        let request =
            format!("{method} {path} HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let told = head.split(' ').nth(1).unwrap();
        assert_eq!(told, status.to_string(), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    pub(super) fn join(&mut self, source: &Source) -> (Arc<Phone>, String) {
        let phone = self.phones.add(source, Codec::Pcmu).unwrap();
        let path = format!("/v1/calls/{}/legs", self.call);
        let added = self.ask("POST", &path, &json!({"sdp": phone.offer()}), 201);
        let answer = sdp::answer(added["sdp"].as_str().unwrap()).unwrap();
        phone.set_remote(Some(answer.rtp));
        (phone, format!("{path}/{}", added["id"].as_str().unwrap()))
    }

    /// Waits until an operation has ended well, and returns it.
    pub(super) fn done(&self, taken: &Value) -> Value {
        let path = format!("/v1/operations/{}", taken["operation"].as_str().unwrap());
        let patience = Instant::now() + Duration::from_secs(15);
        loop {
            let operation = self.ask("GET", &path, &Value::Null, 200);
            match operation["state"].as_str().unwrap() {
                "done" => return operation,
                "accepted" | "closing" | "closed" | "connecting" | "waiting" => {}
                other => panic!("{other}: {operation}"),
            }
            assert!(Instant::now() < patience, "it does not end: {operation}");
            sleep(Duration::from_millis(50));
        }
    }
}

pub(super) fn tone(hz: f64) -> Source {
    Source::tone(Tone {
        frequency: Frequency(hz),
        level: Level(-12.0),
    })
}

/// Whether a phone has heard a tone in the last half second; it must be clear.
fn hears(phone: &Phone, hz: f64) -> bool {
    sleep(Duration::from_millis(900));
    let window = Window::before(Instant::now(), Duration::from_millis(500));
    let level = Stretch::hann(&audio(&phone.frames(window)))
        .level(Frequency(hz))
        .0;
    assert!(
        !(SILENT_DB..HEARD_DB).contains(&level),
        "{hz} Hz at {level} dB"
    );
    level >= HEARD_DB
}

#[test]
fn a_muted_leg_is_not_heard_a_deaf_one_hears_nothing_and_an_announcement_is_for_one_alone() {
    let _alone = alone();
    let folder = scratch("announcements");
    write(&folder.join("1.wav"), &[(&[ANNOUNCEMENT_HZ], 3.0)]);
    let mut room = Room::open(&folder);
    let (ann, leg) = room.join(&tone(1_000.0));
    let (ben, _) = room.join(&tone(700.0));
    assert!(hears(&ann, 700.0) && hears(&ben, 1_000.0));
    let muted = room.ask("PATCH", &leg, &json!({"muted": true}), 200);
    assert_eq!(muted["muted"], true);
    // The gateway has not been told to offer the package for it.
    let refused = room.ask("PATCH", &leg, &json!({"gain": 3}), 422);
    assert_eq!(refused["code"], "gain.unsupported");
    assert!(hears(&ann, 700.0) && !hears(&ben, 1_000.0));
    room.ask("PATCH", &leg, &json!({"muted": false, "deaf": true}), 200);
    assert!(!hears(&ann, 700.0) && hears(&ben, 1_000.0));
    room.ask("PATCH", &leg, &json!({"hold": true}), 200);
    assert!(!hears(&ann, 700.0) && !hears(&ben, 1_000.0));
    room.ask("PATCH", &leg, &json!({"hold": false, "deaf": false}), 200);
    assert!(hears(&ann, 700.0) && hears(&ben, 1_000.0));
    let play = format!("{leg}/play");
    let taken = room.ask("POST", &play, &json!({"announcement": 1}), 202);
    assert!(hears(&ann, ANNOUNCEMENT_HZ));
    assert!(!hears(&ben, ANNOUNCEMENT_HZ));
    assert_eq!(room.done(&taken)["method"], "timeOut");
    assert!(!hears(&ann, ANNOUNCEMENT_HZ));
    room.ask("POST", &play, &json!({"tone": "cg/dt"}), 202);
    assert!(hears(&ann, 425.0));
    room.ask("DELETE", &play, &Value::Null, 204);
    assert!(!hears(&ann, 425.0));
}

#[test]
fn an_announcement_into_a_room_is_heard_by_all_in_it_and_by_nobody_else() {
    let _alone = alone();
    let folder = scratch("room-announcements");
    write(&folder.join("1.wav"), &[(&[ANNOUNCEMENT_HZ], 6.0)]);
    let mut room = Room::open(&folder);
    let (ann, _) = room.join(&tone(1_000.0));
    let (ben, _) = room.join(&tone(700.0));
    let (cid, away) = room.join(&tone(1_500.0));
    let call = format!("/v1/calls/{}", room.call);
    let made = room.ask("POST", &format!("{call}/segs"), &json!({}), 202);
    let seg = made["seg"].as_str().unwrap();
    let taken = room.ask(
        "POST",
        &format!("{away}/attach-media"),
        &json!({"seg": seg}),
        202,
    );
    room.done(&taken);
    let main = room.ask("GET", &call, &Value::Null, 200)["mainSeg"].clone();
    let play = format!("{call}/segs/{}/play", main.as_str().unwrap());
    let taken = room.ask("POST", &play, &json!({"announcement": "notice"}), 202);
    let (late, _) = room.join(&tone(300.0));
    assert!(hears(&ann, ANNOUNCEMENT_HZ) && hears(&ben, ANNOUNCEMENT_HZ));
    assert!(!hears(&cid, ANNOUNCEMENT_HZ) && !hears(&late, ANNOUNCEMENT_HZ));
    let ended = room.done(&taken);
    let played = |leg: &Value| leg["result"] == "played";
    assert!(
        ended["legs"].as_array().unwrap().iter().all(played),
        "{ended}"
    );
    assert_eq!(ended["legs"].as_array().unwrap().len(), 2);
    let body = json!({"announcement": "bye"});
    let refused = room.ask("POST", &play, &body, 422);
    assert_eq!(refused["code"], "announcement.unknown");
    let tone = json!({"tone": "cg/dt", "limitMs": 2_500});
    let taken = room.ask("POST", &play, &tone, 202);
    assert!(hears(&ann, 425.0) && hears(&ben, 425.0));
    sleep(Duration::from_secs(2));
    assert!(!hears(&ann, 425.0) && !hears(&ben, 425.0));
    let path = format!("/v1/operations/{}", taken["operation"].as_str().unwrap());
    let ended = room.ask("GET", &path, &Value::Null, 200);
    assert_eq!(ended["cause"]["code"], "wait.timeout", "{ended}");
}

#[test]
fn digits_that_a_phone_dials_are_collected() {
    let _alone = alone();
    let folder = scratch("digits");
    let silence: (&[f64], f64) = (&[], 0.1);
    let score: Score<'_> = &[
        (&[], 2.0),
        (&[697.0, 1_209.0], 0.1),
        silence,
        (&[770.0, 1_336.0], 0.1),
        silence,
        (&[941.0, 1_477.0], 0.1),
        (&[], 30.0),
    ];
    let dialled = folder.join("dialled.wav");
    write(&dialled, score);
    let announcements = scratch("digits-announcements");
    let mut room = Room::open(&announcements);
    let (_phone, leg) = room.join(&Source::wav(&dialled).unwrap());
    let body = json!({"map": "xx#|xxxx", "timers": {"start": 10}});
    let taken = room.ask("POST", &format!("{leg}/collect"), &body, 202);
    let ended = room.done(&taken);
    assert_eq!(ended["digits"], "15#");
    assert_eq!(ended["method"], "unambiguous");
}
