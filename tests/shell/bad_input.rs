//! Octets that nobody asked for, at every socket of both programs, while a conference runs.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream, UdpSocket},
    time::Duration,
};

use h248_tests::{programs, scratch};
use lab::phones::codec::Codec;
use lab::{
    api::Api,
    phones::tone,
    programs::{Places, Programs},
    stage::Stage,
};

use super::alone;

/// What a peer answers, or nothing within half a second.
fn ask(to: SocketAddr, octets: &[u8]) -> Option<String> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    socket.send_to(octets, to).unwrap();
    let mut buffer = [0; 65_536];
    let length = socket.recv(&mut buffer).ok()?;
    Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
}

/// Each faulty message, and the error code that must come back; `None` where silence must.
const FAULTY: &[(&str, Option<&str>)] = &[
    ("", None),
    ("\0\0\0\0", None),
    ("GET / HTTP/1.1\r\n\r\n", None),
    (
        "MEGACO/9 [127.0.0.1]:5 Transaction=1{Context=-{AuditValue=ROOT{Audit{}}}}",
        Some("406"),
    ),
    ("MEGACO/3 [127.0.0.1 Transaction=1{}", Some("400")),
    (
        "MEGACO/3 [127.0.0.1]:5 Transaction=77{Context=x{Subtract=*}}",
        Some("422"),
    ),
    (
        "MEGACO/3 [127.0.0.1]:5 Transaction=78{Context=1{Frobnicate=a}}",
        Some("44"),
    ),
    ("MEGACO/3 [127.0.0.1]:5 Transaction=79{", Some("403")),
    ("MEGACO/3 [127.0.0.1]:5 Transaction=many{", Some("403")),
    ("MEGACO/3 [127.0.0.1]:5 Reply=80{Context=", None),
    ("MEGACO/3 [127.0.0.1]:5 Error=400{\"loop\"}", None),
    ("MEGACO/3 [127.0.0.1]:5 Pending=81{}", None),
    (
        "MEGACO/3 [127.0.0.1]:5 TransactionResponseAck{1-4294967295}",
        None,
    ),
    (
        "MEGACO/3 [127.0.0.1]:5 Reply=82{Context=1{Subtract=rtp/1}}",
        None,
    ),
];

fn faulty_messages(to: SocketAddr) -> Vec<String> {
    let mut faults = Vec::new();
    for (message, code) in FAULTY {
        let answer = ask(to, message.as_bytes());
        let right = match (code, &answer) {
            (None, None) => true,
            (Some(code), Some(answer)) => {
                answer.replace(' ', "").contains(&format!("Error={code}"))
            }
            (None, Some(_)) | (Some(_), None) => false,
        };
        if !right {
            faults.push(format!("{message:?} was answered {answer:?}, not {code:?}"));
        }
    }
    faults
}

/// Random octets, and mutations of a sound message, as fast as they leave.
fn noise(to: SocketAddr, seed: u64) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let sound = b"MEGACO/3 [127.0.0.1]:5 Transaction=9{Context=1{Subtract=rtp/1{Audit{}}}}";
    for _ in 0..500 {
        let mut octets = sound.to_vec();
        if random.bool() {
            octets = (0..random.usize(..1_500)).map(|_| random.u8(..)).collect();
        } else {
            let at = random.usize(..octets.len());
            octets[at] = random.u8(..);
            octets.truncate(random.usize(1..=octets.len()));
        }
        // A full receive queue loses them, as it may.
        let _ = socket.send_to(&octets, to);
    }
}

/// What HTTP answers to raw octets; the first line.
fn http(to: SocketAddr, octets: &str) -> String {
    let mut stream = TcpStream::connect(to).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    stream.write_all(octets.as_bytes()).unwrap();
    let mut answer = [0; 4_096];
    let length = stream.read(&mut answer).unwrap_or(0);
    String::from_utf8_lossy(&answer[..length])
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    let head = "Host: x\r\nConnection: close\r\nContent-Type: application/json\r\n";
    format!("POST {path} HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n{body}")
}

fn faulty_requests(to: SocketAddr, call: &str) -> Vec<String> {
    let legs = format!("/v1/calls/{call}/legs");
    let attach = format!("/v1/calls/{call}/legs/leg_none/attach-media");
    let cases = [
        (post(&legs, "{"), "400"),
        (post(&legs, "{\"sdp\":5}"), "422"),
        (post(&legs, "{\"sdp\":\"v=0\",\"colour\":1}"), "422"),
        (post(&legs, "{\"sdp\":\"nonsense\"}"), "422"),
        (post("/v1/calls/call_none/legs", "{\"sdp\":\"v=0\"}"), "404"),
        (post(&attach, "{\"seg\":\"seg_none\"}"), "404"),
        (post("/v1/nothing", "{}"), "404"),
        ("BREW / HTTP/1.1\r\n\r\n".to_owned(), "40"),
        ("\0\0\0\0\r\n\r\n".to_owned(), "400"),
    ];
    let wrong = cases.into_iter().filter_map(|(request, status)| {
        let answer = http(to, &request);
        let right = answer.starts_with(&format!("HTTP/1.1 {status}"));
        (!right).then(|| format!("{request:?} was answered {answer:?}, not {status}"))
    });
    wrong.collect()
}

async fn conference(programs: &Programs) -> Stage {
    let api = Api::new(&format!("http://{}", programs.http)).unwrap();
    let events = api.events().await.unwrap();
    while api.gateways().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let tones = tone::plan(4, 3).unwrap();
    let mut stage = Stage::open(api, events, tones, Duration::from_secs(30))
        .await
        .unwrap();
    let side = stage.create_seg("side").await.unwrap();
    for (seg, codec) in [
        (None, Codec::Pcmu),
        (None, Codec::Pcma),
        (Some(side.as_str()), Codec::Pcmu),
        (Some(side.as_str()), Codec::Pcma),
    ] {
        stage.join(seg, codec).await.unwrap();
    }
    stage
}

#[test]
fn hostile_octets_are_answered_or_dropped_and_change_nobodys_audio() {
    let _alone = alone();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(attack());
}

async fn attack() {
    let places = Places::new(Some(programs()), scratch("bad-input"), "bad-input.pcapng").unwrap();
    let programs = Programs::start(&places).await.unwrap();
    let mut stage = conference(&programs).await;
    stage.listen("before").await;

    let (mgc, mg, http) = (programs.h248, programs.gateway, programs.http);
    let call = stage.call.id.clone();
    let faults = tokio::task::spawn_blocking(move || {
        let mut faults = faulty_messages(mgc);
        faults.extend(faulty_messages(mg));
        faults.extend(faulty_requests(http, &call));
        for port in (20_000..20_100).map(|port| SocketAddr::new(mg.ip(), port)) {
            noise(port, port.port().into());
        }
        noise(mgc, 1);
        noise(mg, 2);
        faults
    });
    let faults = faults.await.unwrap();

    stage.listen("after").await;
    stage.check_legs("after").await.unwrap();
    stage.audit("after").await.unwrap();
    stage.close().await.unwrap();
    stage.audit("closed").await.unwrap();
    let unclean = programs.stop().await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(stage.faults.is_empty(), "{}", stage.faults.join("\n"));
    assert!(unclean.is_empty(), "{unclean:?}");
}
