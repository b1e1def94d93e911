//! What `h248` sends to a platform, and what it shows of the answer.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    process::Command,
    time::timeout,
};

const SOON: Duration = Duration::from_secs(20);

/// Runs it against a platform that gives this answer; returns the head of its request, and what it printed.
async fn asked(arguments: &[&str], answer: &str) -> (String, String) {
    let platform = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = platform.local_addr().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_h248"));
    command.args(arguments).args(["--api", &address]);
    let taken = async {
        let (mut stream, _) = platform.accept().await.unwrap();
        let head = request(&mut stream).await;
        stream.write_all(answer.as_bytes()).await.unwrap();
        head
    };
    let (head, output) = tokio::join!(timeout(SOON, taken), command.output());
    let output = output.unwrap();
    let Ok(head) = head else {
        panic!("{arguments:?} asked for nothing: {output:?}");
    };
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    (head, String::from_utf8(output.stdout).unwrap())
}

/// Reads a request, and returns its head in small letters.
async fn request(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.split_once("content-length: ");
    let length = length.map_or("0", |(_, length)| length.lines().next().unwrap());
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    head
}

const NOTHING: &str = "HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn every_verb_that_changes_something_sends_its_key() {
    let offer = tempfile::NamedTempFile::new().unwrap();
    let offer = offer.path().to_str().unwrap();
    let verbs = [
        "call create",
        "call delete c",
        "seg create c",
        "seg modify c s --name n",
        "seg delete c s",
        "seg split c s l",
        "seg play c s --tone cg/dt",
        "seg record c s n",
        "seg stop c s",
        "seg merge c s t",
        &format!("leg add c {offer}"),
        "leg attach c l s",
        "leg detach c l",
        "leg modify c l --muted true",
        "leg play c l --tone cg/dt",
        "leg collect c l xx",
        "leg record c l n",
        "leg stop c l",
        "leg delete c l",
        "op consent o accept",
        "gateway drain g",
        "gateway handoff g m",
    ];
    for verb in verbs {
        let line: Vec<_> = verb.split(' ').chain(["--idempotency-key", "k1"]).collect();
        let (head, _) = asked(&line, NOTHING).await;
        assert!(
            head.contains("\r\nidempotency-key: k1\r\n"),
            "{verb}: {head}"
        );
        let (head, _) = asked(&line[..line.len() - 2], NOTHING).await;
        assert!(!head.contains("idempotency-key"), "{verb}: {head}");
    }
}

#[tokio::test]
async fn a_tag_that_is_shown_is_the_condition_of_a_change() {
    let answer = "HTTP/1.1 200 OK\r\netag: \"t1\"\r\ncontent-length: 11\r\n\r\n{\"id\":\"it\"}";
    for (noun, names) in [
        ("call", &["c"][..]),
        ("seg", &["c", "s"]),
        ("leg", &["c", "l"]),
    ] {
        let show = [&[noun, "show"], names].concat();
        let (_, told) = asked(&show, answer).await;
        assert_eq!(told, "id: it\n", "{noun}");
        let (_, tag) = asked(&[&show, &["--tag"][..]].concat(), answer).await;
        assert_eq!(tag, "\"t1\"\n", "{noun}");
        let delete = [&[noun, "delete"], names, &["--if-match", tag.trim()]].concat();
        let (head, _) = asked(&delete, NOTHING).await;
        assert!(head.contains("\r\nif-match: \"t1\"\r\n"), "{noun}: {head}");
    }
    for modify in ["seg modify c s --name n", "leg modify c l --muted true"] {
        let line: Vec<_> = modify.split(' ').chain(["--if-match", "*"]).collect();
        let (head, _) = asked(&line, NOTHING).await;
        assert!(head.contains("\r\nif-match: *\r\n"), "{modify}: {head}");
    }
}

#[tokio::test]
async fn a_gateway_is_handed_over_by_its_name() {
    let handoff = ["gateway", "handoff", "[127.0.0.1]:2944", "[127.0.0.1]:2954"];
    let (head, _) = asked(&handoff, NOTHING).await;
    let path = "post /v1/gateways/[127.0.0.1]:2944/handoff http/1.1\r\n";
    assert!(head.starts_with(path), "{head}");
}
