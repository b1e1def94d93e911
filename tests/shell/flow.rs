//! The method's flow as a sequence diagram, `docs/flow.md`: drawn from a real run of both programs.
//! `UPDATE_FLOW=1` renews it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use h248_tests::{
    program::{Program, port},
    scratch,
};
use lab::{
    api::{Api, Event, EventLog, Place, Strategy},
    capture::CaptureFile,
    ladder::Ladder,
};
use tokio::runtime::Runtime;

use super::alone;

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n\
                     m=audio 40000 RTP/AVP 0\r\n";
const WITHIN: Duration = Duration::from_secs(20);

/// The steps of the method between Parlay and the media server, in the order of the messages.
const MOVE: [&str; 4] = ["6 B12", "7 B21", "8 B13", "10 B22"];

/// A run: where the API is, and the diagram so far.
struct Run {
    http: String,
    api: Api,
    events: EventLog,
    lines: Vec<String>,
    /// Ids, and what the diagram calls them.
    names: Vec<(String, String)>,
    folder: PathBuf,
}

impl Run {
    fn draw(&mut self, arrow: &str, words: &str) {
        let mut words = words.replace(';', ",");
        for (id, name) in &self.names {
            words = words.replace(id, name);
        }
        self.lines.push(format!("    {arrow}: {words}"));
    }

    async fn event(&self, what: &str, operation: &str) -> Event {
        let is_it =
            |event: &Event| event.kind == what && event.operation.as_deref() == Some(operation);
        self.events.wait(what, WITHIN, is_it).await.unwrap()
    }

    /// Steps 1 to 4.
    async fn make_room(&mut self, call: &str) -> String {
        self.draw("AS->>Parlay", "1 A11 CreateSegReq name=private");
        let taken = self.api.create_seg(call, "private").await.unwrap();
        self.names.push((taken.seg.clone(), "room".to_owned()));
        let res = self.event("CreateSegRes", &taken.operation).await;
        let place = Place {
            path: vec!["trace"],
            query: vec![("operation", Some(&taken.operation))],
        };
        let messages = self.api.read(&place).await.unwrap();
        let count = messages.as_array().map(Vec::len);
        assert_eq!(count, Some(0), "a room costs the gateway nothing");
        self.draw(
            "Note over Parlay,MS",
            "2 A12, 3 A21 no message, the first Leg that enters makes the Context",
        );
        let seg = res.seg.as_deref().unwrap_or("none");
        self.draw("Parlay->>AS", &format!("4 A22 CreateSegRes {seg}"));
        taken.seg
    }

    /// Step 5 and 9; returns the operation.
    async fn ask(&self, call: &str, leg: &str, seg: &str) -> String {
        let strategy = Strategy::TwoStep;
        let res = self.api.attach_media(call, leg, seg, strategy).await;
        let res = res.unwrap();
        assert!(res.accepted);
        res.operation
    }

    /// Steps 5 to 11 of one member, as they were.
    async fn member(&mut self, leg: &str, seg: &str, operation: &str) {
        let termination = self.termination(leg).await;
        self.draw(
            "AS->>Parlay",
            &format!("5 B11 AttachMediaReq {leg} into {seg}"),
        );
        self.draw("Parlay->>AS", "9 B14 AttachMediaRes accepted");
        let report = self.event("LegEventReport", operation).await;
        let messages = self.messages(operation, &termination);
        assert_eq!(messages.len(), MOVE.len(), "{messages:?}");
        for (step, message) in MOVE.iter().zip(messages) {
            let (arrow, words) = message.split_once("  ").unwrap();
            let arrow = match arrow {
                "mgc ──▶ mg" => "Parlay->>MS",
                _ => "MS->>Parlay",
            };
            self.draw(arrow, &format!("{step} {words}"));
        }
        let words = format!(
            "11 B23 LegEventReport {leg} {} {}",
            report.event.as_deref().unwrap_or("-"),
            report.seg.as_deref().unwrap_or("-")
        );
        self.draw("Parlay->>AS", &words);
    }

    async fn termination(&self, leg: &str) -> String {
        let contexts = self.api.contexts().await.unwrap();
        let mut all = contexts
            .into_iter()
            .flat_map(|context| context.terminations);
        all.find(|one| one.leg.as_deref() == Some(leg)).unwrap().id
    }

    /// What was said of a Termination in the messages of an operation, out of the trace as a capture.
    fn messages(&self, operation: &str, termination: &str) -> Vec<String> {
        let file = self.folder.join(format!("{operation}.pcapng"));
        let url = format!(
            "http://{}/v1/trace?operation={operation}&format=pcapng",
            self.http
        );
        let fetched = Command::new("curl")
            .args(["-sf", "-o"])
            .arg(&file)
            .arg(url)
            .status();
        assert!(fetched.is_ok_and(|status| status.success()));
        let mut ladder = Ladder::default();
        let datagrams = CaptureFile::new(&file).read_on().unwrap();
        let lines = datagrams.iter().map(|datagram| ladder.draw(datagram));
        lines.flat_map(|lines| plain(&lines, termination)).collect()
    }
}

/// The lines of a message that are about this Termination: arrow and words, without the time, the
/// transaction's number and how long it took. Several transactions may share a message.
fn plain(lines: &[String], termination: &str) -> Vec<String> {
    let head = lines.first().and_then(|line| line.split_once("mg  "));
    let Some((head, _)) = head else {
        return Vec::new();
    };
    let (_time, arrow) = head.split_once(' ').expect("the time is before the arrow");
    let width = head.chars().count() + "mg  ".len();
    let words = |line: &String| {
        let words: String = line.chars().skip(width).collect();
        let words = words.split("  [").next().unwrap_or_default().to_owned();
        let words: Vec<&str> = words.split_whitespace().skip(1).collect();
        format!("{arrow}mg  {}", words.join(" "))
    };
    let own = lines.iter().filter(|line| {
        let named = line.split_whitespace().any(|word| word == termination);
        named && !line.ends_with("(repeat)")
    });
    own.map(words).collect()
}

async fn drawn(http: String) -> String {
    let api = Api::new(&http).unwrap();
    let events = api.events().await.unwrap();
    while api
        .gateways()
        .await
        .unwrap()
        .iter()
        .all(|gateway| gateway.state != "registered")
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let call = api.create_call().await.unwrap().id;
    let mut run = Run {
        http,
        api,
        events,
        lines: Vec::new(),
        names: Vec::new(),
        folder: scratch("flow"),
    };
    let mut legs = Vec::new();
    for name in ["alice", "bob", "carol"] {
        let leg = run.api.add_leg(&call, None, OFFER).await.unwrap().id;
        run.names.push((leg.clone(), name.to_owned()));
        legs.push(leg);
    }
    run.draw("Member->>AS", "0 a private room for alice and bob");
    let seg = run.make_room(&call).await;
    // The second is asked for once the first is answered, whether it has moved or not.
    let first = run.ask(&call, &legs[0], &seg).await;
    let second = run.ask(&call, &legs[1], &seg).await;
    run.member(&legs[0], &seg, &first).await;
    run.draw("Note over AS", "12 B3 more members? yes, bob");
    run.member(&legs[1], &seg, &second).await;
    run.draw(
        "Note over AS",
        "12 C no more: alice and bob chat, carol hears neither",
    );
    run.lines.join("\n")
}

#[test]
fn the_flow_of_the_page_is_that_of_a_run() {
    let _alone = alone();
    let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    let mut mgc = Program::start("mgc", &places);
    let h248 = format!("127.0.0.1:{}", port(&mgc.wait("mgc: h248 ")));
    let http = mgc.wait("mgc: http ");
    let places = ["--mgc", &h248, "--h248", "127.0.0.1:0", "--mwd", "0"];
    let _mg = Program::start("mg", &places);
    let drawn = Runtime::new().unwrap().block_on(drawn(http));

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/flow.md");
    let page = fs::read_to_string(&path).expect("there is the page");
    let (before, rest) = page
        .split_once("```mermaid\n")
        .expect("the page has a diagram");
    let (diagram, after) = rest.split_once("```").expect("the diagram ends");
    let heads = ["Member", "AS", "Parlay", "MS"].map(|name| format!("    participant {name}"));
    let expected = format!("sequenceDiagram\n{}\n{drawn}\n", heads.join("\n"));
    if std::env::var_os("UPDATE_FLOW").is_some() {
        let page = format!("{before}```mermaid\n{expected}```{after}");
        fs::write(&path, page).expect("the page can be written");
        return;
    }
    assert_eq!(
        diagram, expected,
        "docs/flow.md: UPDATE_FLOW=1 cargo test -p h248-tests --test shell flow"
    );
}
