//! The program as a process.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines},
    net::{TcpStream, UdpSocket},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// More than a start or an end can take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mgc"))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The address that the next line of stdout tells.
    async fn address(&mut self, start: &str) -> String {
        let line = timeout(PATIENCE, self.lines.next_line()).await;
        let line = line.unwrap().unwrap().unwrap();
        line.strip_prefix(start).unwrap().to_owned()
    }

    async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let killed = Command::new("kill").args(["-s", name, &id]).status().await;
        assert!(killed.unwrap().success());
    }

    async fn end(mut self) -> (Option<i32>, String) {
        let status = timeout(PATIENCE, self.child.wait()).await;
        let mut text = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut text).await.unwrap();
        (status.unwrap().unwrap().code(), text)
    }
}

async fn open(address: &str, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: mgc\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn it_says_where_it_is_and_ends_cleanly_at_a_signal_while_streams_are_open() {
    for name in ["INT", "TERM"] {
        let mut program = Program::start(&["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
        let h248 = program.address("mgc: h248 127.0.0.1:").await;
        assert_ne!(h248, "0");
        let http = program.address("mgc: http ").await;

        let mut stream = open(&http, "/v1/events").await;
        let mut buffer = vec![0; 1024];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 OK\r\n"));

        program.signal(name).await;
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        assert_eq!(program.end().await.0, Some(0));
    }
}

#[tokio::test]
async fn what_it_cannot_use_it_names() {
    let file = std::env::temp_dir().join(format!("mgc-{}.toml", std::process::id()));
    std::fs::write(&file, "htpp = \"127.0.0.1:0\"\n").unwrap();
    let (code, text) = Program::start(&["--config", file.to_str().unwrap()])
        .end()
        .await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(code, Some(1));
    assert!(text.contains("unknown field `htpp`"), "{text}");

    let (code, text) = Program::start(&["--http", "nowhere"]).end().await;
    assert_eq!(code, Some(2));
    assert!(text.contains("--http"), "{text}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let mut first = Program::start(&["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    first.address("mgc: h248 ").await;
    let http = first.address("mgc: http ").await;
    let second = Program::start(&["--h248", "127.0.0.1:0", "--http", &http]);
    let (code, text) = second.end().await;
    assert_eq!(code, Some(1));
    assert!(text.contains(&format!("mgc: http {http}: ")), "{text}");
}

/// The whole answer to a GET, or of a stream what has come until it says `until`.
async fn get(address: &str, path: &str, until: &str) -> String {
    let mut stream = open(address, path).await;
    let mut text = String::new();
    let mut buffer = vec![0; 4096];
    while !text.contains(until) {
        let length = timeout(PATIENCE, stream.read(&mut buffer)).await;
        let length = length.unwrap().unwrap();
        assert_ne!(length, 0, "{text}");
        text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    text
}

#[tokio::test]
async fn a_gateway_that_registers_is_answered_listed_and_told_of() {
    let capture = std::env::temp_dir().join(format!("mgc-{}.pcapng", std::process::id()));
    let file = capture.to_str().unwrap();
    let arguments = [
        "--h248",
        "127.0.0.1:0",
        "--http",
        "127.0.0.1:0",
        "--capture",
        file,
    ];
    let mut program = Program::start(&arguments);
    let h248 = program.address("mgc: h248 ").await;
    let http = program.address("mgc: http ").await;

    let gateway = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mid = format!("[127.0.0.1]:{}", gateway.local_addr().unwrap().port());
    let restart = "SC=ROOT{SV{MT=RS,RE=\"901 Cold Boot\",V=3}}";
    let message = format!("!/1 {mid} T=77{{C=-{{{restart}}}}}");
    gateway.send_to(message.as_bytes(), &h248).await.unwrap();
    let mut reply = vec![0; 4096];
    let length = timeout(PATIENCE, gateway.recv(&mut reply)).await;
    let reply = std::str::from_utf8(&reply[..length.unwrap().unwrap()]).unwrap();
    assert!(
        reply.contains(&format!("[{}", h248.replace(':', "]:"))),
        "{reply}"
    );
    assert!(reply.contains("77"), "{reply}");

    let listed = get(&http, "/v1/gateways", "]").await;
    assert!(listed.contains(&format!("\"id\":\"{mid}\"")), "{listed}");
    let told = get(&http, "/v1/events?lastEventId=0", "event: GatewayUp").await;
    assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");

    program.signal("INT").await;
    assert_eq!(program.end().await.0, Some(0));
    let octets = std::fs::read(&capture).unwrap();
    std::fs::remove_file(&capture).unwrap();
    let registration = restart.as_bytes();
    assert!(
        octets
            .windows(registration.len())
            .any(|part| part == registration)
    );
}

#[tokio::test]
async fn the_messages_that_went_by_are_told_in_three_forms() {
    let mut program = Program::start(&["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"]);
    let h248 = program.address("mgc: h248 ").await;
    let http = program.address("mgc: http ").await;
    let gateway = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let mid = format!("[127.0.0.1]:{}", gateway.local_addr().unwrap().port());
    let message =
        format!("!/1 {mid} T=77{{C=-{{SC=ROOT{{SV{{MT=RS,RE=\"901 Cold Boot\",V=3}}}}}}}}");
    gateway.send_to(b"nonsense", &h248).await.unwrap();
    gateway.send_to(message.as_bytes(), &h248).await.unwrap();
    let mut reply = vec![0; 4096];
    let mut answered = false;
    while !answered {
        let length = timeout(PATIENCE, gateway.recv(&mut reply)).await;
        let reply = String::from_utf8_lossy(&reply[..length.unwrap().unwrap()]).into_owned();
        answered = reply.contains("77");
    }

    // What is not H.248, the registration, its reply, and the presence that is asked for.
    let json = get(&http, "/v1/trace", "\"aim\":\"presence\"").await;
    for told in [
        "\"direction\":\"in\"",
        "\"transactions\":[{\"id\":77,\"kind\":\"request\"",
        "\"serviceChangeReq\"",
        "\"kind\":\"reply\"",
        "\"error\":\"",
    ] {
        assert!(json.contains(told), "{told} in {json}");
    }
    let text = get(&http, "/v1/trace?format=text&limit=1000", " error: ").await;
    assert!(text.contains("transactionRequest 77"), "{text}");
    assert!(text.contains("    MEGACO/1 "), "{text}");
    let refused = get(&http, "/v1/trace?limit=0", "}").await;
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
    let nothing = get(&http, "/v1/trace?operation=op_none", "[]").await;
    assert!(nothing.starts_with("HTTP/1.1 200 "), "{nothing}");
    program.signal("INT").await;
    assert_eq!(program.end().await.0, Some(0));
}
