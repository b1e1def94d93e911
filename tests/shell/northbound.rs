//! The northbound rules that need the program as it is: keys and webhooks over a kill, and many
//! readers of the events beside one that does not read.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use h248_tests::{program::Program, scratch};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};

use super::alone;

/// So long may anything take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A controller that keeps its state.
struct Controller {
    program: Program,
    http: String,
}

impl Controller {
    fn start(more: &[&str]) -> Self {
        let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
        let mut program = Program::start("mgc", &[&places[..], more].concat());
        let http = program.wait("mgc: http ");
        Self { program, http }
    }

    /// Sends a request and reads the whole answer.
    fn ask(&self, request: &str, headers: &str, body: &str) -> (u16, Value) {
        let (head, body) = self.exchange(request, headers, body);
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(&body).unwrap_or(Value::Null))
    }

    /// The tag of what is read there.
    fn tag(&self, path: &str) -> String {
        let (head, _) = self.exchange(&format!("GET {path}"), "", "");
        let tag = head.lines().find_map(|line| line.strip_prefix("etag: "));
        tag.unwrap().to_owned()
    }

    /// Sends a request; returns the head and the body of the answer.
    fn exchange(&self, request: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.http).unwrap();
        let length = body.len();
        let head = "Host: mgc\r\nConnection: close\r\nContent-Type: application/json";
        write!(
            stream,
            "{request} HTTP/1.1\r\n{head}\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn post(&self, path: &str, key: &str, body: &str) -> (u16, Value) {
        let headers = format!("Idempotency-Key: {key}\r\nX-Request-Id: by-{key}\r\n");
        self.ask(&format!("POST {path}"), &headers, body)
    }

    /// The number of resident octets.
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.program.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.unwrap().trim().split(' ').next().unwrap();
        kib.parse::<u64>().unwrap() * 1024
    }
}

#[test]
fn a_change_on_the_condition_of_a_tag_is_made_only_to_what_was_seen() {
    let _alone = alone();
    let controller = Controller::start(&[]);
    let (_, made) = controller.post("/v1/calls", "k1", "{}");
    let call = format!("/v1/calls/{}", made["id"].as_str().unwrap());
    let segs = format!("{call}/segs");
    let seen = controller.tag(&call);
    let (_, made) = controller.post(&segs, "k2", "{}");
    let seg = format!("{segs}/{}", made["seg"].as_str().unwrap());
    let delete = |path: &str, tag: &str, key: &str| {
        let headers = format!("If-Match: {tag}\r\nIdempotency-Key: {key}\r\n");
        controller.ask(&format!("DELETE {path}"), &headers, "")
    };
    let (status, problem) = delete(&call, &seen, "k3");
    assert_eq!(
        (status, &problem["code"]),
        (412, &json!("precondition.failed"))
    );
    let tag = controller.tag(&seg);
    assert_eq!(delete(&seg, &format!("W/{tag}"), "k4").0, 412);
    assert_eq!(delete(&seg, &format!("\"other\", {tag}"), "k5").0, 204);
    // The same request once more, as when its answer was lost.
    assert_eq!(delete(&seg, &format!("\"other\", {tag}"), "k5").0, 204);
    assert_eq!(delete(&seg, &tag, "k6").0, 404);
    assert_eq!(delete(&call, &controller.tag(&call), "k7").0, 204);
}

#[test]
fn a_key_stands_for_its_operation_over_a_kill() {
    let _alone = alone();
    let state = scratch("northbound-key").join("state");
    let state = state.to_str().unwrap();
    let first = Controller::start(&["--state", state]);
    let (status, call) = first.post("/v1/calls", "k1", "{}");
    assert_eq!(status, 201);
    let segs = format!("/v1/calls/{}/segs", call["id"].as_str().unwrap());
    let (status, seg) = first.post(&segs, "k2", r#"{"name": "a"}"#);
    assert_eq!(status, 202);
    first.program.kill();

    let second = Controller::start(&["--state", state]);
    assert_eq!(second.post("/v1/calls", "k1", "{}"), (201, call));
    assert_eq!(
        second.post(&segs, "k2", r#"{"name": "a"}"#),
        (202, seg.clone())
    );
    let (status, problem) = second.post(&segs, "k2", r#"{"name": "b"}"#);
    assert_eq!(
        (status, &problem["code"]),
        (422, &json!("idempotency.mismatch"))
    );
    let (_, listed) = second.ask(&format!("GET {segs}"), "", "");
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let operation = format!("GET /v1/operations/{}", seg["operation"].as_str().unwrap());
    let (_, operation) = second.ask(&operation, "", "");
    assert_eq!(operation["requestId"], "by-k2");
}

/// A receiver of events: it takes what comes, or refuses it.
#[derive(Clone, Default)]
struct Receiver {
    taken: Arc<Mutex<BTreeMap<u64, Value>>>,
    refuses: Arc<Mutex<bool>>,
}

impl Receiver {
    fn start() -> (Self, String) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let own = receiver.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let own = own.clone();
                thread::spawn(move || own.serve(stream.unwrap()));
            }
        });
        (receiver, url)
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut held = Vec::new();
        loop {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).unwrap_or(0);
            if count == 0 {
                return;
            }
            held.extend_from_slice(&part[..count]);
            let text = String::from_utf8(held.clone()).unwrap();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let Ok(event) = serde_json::from_str::<Value>(body) else {
                continue;
            };
            assert!(
                head.to_lowercase().contains("x-mgc-signature: sha256="),
                "{head}"
            );
            let status = if *self.refuses.lock().unwrap() {
                503
            } else {
                204
            };
            if status == 204 {
                let seq = event["seq"].as_u64().unwrap();
                self.taken.lock().unwrap().insert(seq, event);
            }
            let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
            held.clear();
        }
    }

    fn until(&self, count: usize) {
        let begin = Instant::now();
        while self.taken.lock().unwrap().len() < count {
            assert!(
                begin.elapsed() < PATIENCE,
                "{:?}",
                self.taken.lock().unwrap()
            );
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn the_webhook_gets_every_event_over_a_kill_and_a_time_in_which_it_takes_none() {
    let _alone = alone();
    let folder = scratch("northbound-webhook");
    let state = folder.join("state");
    let secret = folder.join("secret");
    fs::write(&secret, "0123456789abcdef").unwrap();
    let (receiver, url) = Receiver::start();
    let options = [
        "--state",
        state.to_str().unwrap(),
        "--webhook",
        &url,
        "--webhook-secret-file",
        secret.to_str().unwrap(),
    ];
    let first = Controller::start(&options);
    first.post("/v1/calls", "k1", "{}");
    receiver.until(1);
    *receiver.refuses.lock().unwrap() = true;
    for number in 2..=5 {
        first.post("/v1/calls", &format!("k{number}"), "{}");
    }
    first.program.kill();
    *receiver.refuses.lock().unwrap() = false;
    let second = Controller::start(&options);
    second.post("/v1/calls", "k6", "{}");
    receiver.until(6);
    let taken = receiver.taken.lock().unwrap();
    let numbers: Vec<u64> = taken.keys().copied().collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
    assert_eq!(taken[&5]["requestId"], "by-k5");
}

/// Readers of the events, beside one that does not read.
const READERS: usize = 1_000;
/// So many events happen, one of each Call.
const CALLS: usize = 100;

fn open(http: &str) -> TcpStream {
    let mut stream = TcpStream::connect(http).unwrap();
    let head = "GET /v1/events?lastEventId=0 HTTP/1.1\r\nHost: mgc\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Reads a stream until all events up to `last` are there or a gap has told of them; returns the
/// last number, and whether there was a gap.
fn read_all(mut stream: TcpStream, last: u64) -> (u64, bool) {
    let (mut text, mut part) = (String::new(), vec![0; 16 * 1024]);
    let (mut seq, mut gap) = (0, false);
    while seq < last {
        let count = stream.read(&mut part).unwrap();
        assert_ne!(count, 0, "the stream ended at {seq}");
        text.push_str(&String::from_utf8_lossy(&part[..count]));
        while let Some((event, rest)) = text.split_once("\n\n") {
            if let Some(data) = event.split("data: ").nth(1) {
                let data: Value = serde_json::from_str(data.lines().next().unwrap()).unwrap();
                let number = data["seq"].as_u64().unwrap();
                let told = data["type"] == "gap";
                assert!(told || number == seq + 1, "{number} after {seq}");
                (seq, gap) = (number, gap || told);
            }
            text = rest.to_owned();
        }
    }
    (seq, gap)
}

#[test]
fn a_thousand_readers_get_all_events_and_one_that_does_not_read_costs_nothing() {
    let _alone = alone();
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).unwrap();
    let mgc = Controller::start(&[]);
    let before = mgc.memory();
    let slow = open(&mgc.http);
    let readers: Vec<TcpStream> = (0..READERS).map(|_| open(&mgc.http)).collect();
    let last = u64::try_from(CALLS).unwrap();
    let reading: Vec<_> = readers
        .into_iter()
        .map(|stream| {
            let builder = thread::Builder::new().stack_size(256 * 1024);
            builder.spawn(move || read_all(stream, last)).unwrap()
        })
        .collect();
    let begin = Instant::now();
    for number in 0..CALLS {
        let (status, _) = mgc.post("/v1/calls", &format!("k{number}"), "{}");
        assert_eq!(status, 201);
    }
    let gaps = reading.into_iter().map(|one| one.join().unwrap().1);
    let gaps = gaps.filter(|gap| *gap).count();
    let took = begin.elapsed();
    let grown = mgc.memory().saturating_sub(before);
    println!(
        "{READERS} readers had {CALLS} events each {took:?} after the first, {gaps} of them with a \
         gap; mgc grew by {} KiB",
        grown / 1024
    );
    assert_eq!(gaps, 0, "a reader that reads has no gap");
    assert!(grown < 128 * 1024 * 1024, "{grown}");
    let (seq, _) = read_all(slow, last);
    assert_eq!(
        seq, last,
        "the slow reader is told of all, or of what it missed"
    );
}
