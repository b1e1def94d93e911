//! Programs that share a key, and those that do not (H.248.1 10.2).

use std::{
    io::{Read as _, Write as _},
    net::{TcpStream, UdpSocket},
    process::Command,
    time::Duration,
};

use h248_tests::{
    program::{PATIENCE, Program},
    programs,
};

use super::alone;

const KEY: &str = "256:md5:000102030405060708090a0b0c0d0e0f";
const OTHER: &str = "256:md5:ff0102030405060708090a0b0c0d0e0f";
const SHA1: &str = "257:sha1:000102030405060708090a0b0c0d0e0f10111213";

/// A controller that listens to nobody without one of these keys.
fn controller(keys: &[&str]) -> Program {
    let places = ["--h248", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    let keys = keys.iter().flat_map(|key| ["--ah-key", key]);
    let all: Vec<_> = places.into_iter().chain(keys).collect();
    Program::start("mgc", &[&all[..], &["--ah-required"]].concat())
}

/// A gateway, with its log among its lines.
fn gateway(mgc: &str, more: &[&str]) -> Program {
    let mg = programs().join("mg");
    let places = ["--mgc", mgc, "--h248", "127.0.0.1:0", "--mwd", "0"];
    let mut command = Command::new("sh");
    command.args(["-c", "exec \"$0\" \"$@\" 2>&1"]).arg(mg);
    Program::of(command.args(places).args(more))
}

/// What the controller says of its gateways.
fn gateways(http: &str) -> String {
    let mut stream = TcpStream::connect(http).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let request = b"GET /v1/gateways HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

#[test]
fn with_one_key_a_gateway_registers_by_each_carrier_in_each_encoding() {
    let _alone = alone();
    let mut mgc = controller(&[KEY, SHA1]);
    let place = mgc.wait("mgc: h248 ");
    for carrier in ["udp", "tcp"] {
        for (encoding, key) in [("text", KEY), ("binary", KEY), ("text", SHA1)] {
            // What the controller writes has its first key.
            let keys = ["--ah-key", key, "--ah-key", KEY];
            let keys = if key == KEY { &keys[..2] } else { &keys[..] };
            let more = [&["--encoding", encoding, "--ah-required"], keys].concat();
            let mut mg = gateway(&format!("{carrier}:{place}"), &more);
            mg.wait("mg: registered with ");
        }
    }
}

#[test]
fn with_another_key_or_none_a_gateway_is_refused_and_says_so() {
    let _alone = alone();
    let mut mgc = controller(&[KEY]);
    let place = mgc.wait("mgc: h248 ");
    let http = mgc.wait("mgc: http ");
    let mut other = gateway(&place, &["--ah-key", OTHER]);
    other.wait_until(&format!("what comes from {place} is not authentic"));
    let mut none = gateway(&format!("tcp:{place}"), &[]);
    none.wait_until("402");
    assert_eq!(gateways(&http), "[]");
    let mut right = gateway(&place, &["--ah-key", KEY]);
    right.wait("mg: registered with ");
    assert_ne!(gateways(&http), "[]");
}

#[test]
fn who_has_no_key_registers_no_gateway() {
    let _alone = alone();
    let mut mgc = controller(&[KEY]);
    let place = mgc.wait("mgc: h248 ");
    let http = mgc.wait("mgc: http ");
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let headers = [
        "",
        "Authentication=0x00000100:0x00000001:0x000000000000000000000000\n",
        "Authentication=0x00000101:0x00000001:0x000000000000000000000000\n",
        "Authentication=nonsense\n",
    ];
    for number in 1..=200 {
        for header in headers {
            let message = format!(
                "{header}MEGACO/1 [127.0.0.1]:{number} Transaction={number}{{Context=-{{\
                 ServiceChange=ROOT{{Services{{Method=Restart,Reason=\"901 Cold Boot\",Version=3}}}}}}}}"
            );
            socket.send_to(message.as_bytes(), &place).unwrap();
        }
    }
    let mut buffer = [0; 4_096];
    let length = socket.recv(&mut buffer).expect("it is told");
    let answer = String::from_utf8_lossy(&buffer[..length]);
    assert!(answer.replace(' ', "").contains("Error=402"), "{answer}");
    // All of it has been read.
    socket
        .set_read_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    while socket.recv(&mut buffer).is_ok() {}
    assert_eq!(gateways(&http), "[]");
}

#[test]
fn a_wrong_key_ends_the_program_and_is_not_shown() {
    for name in ["mgc", "mg"] {
        let wrong = ["--ah-key", "256:md5:c0ffee"];
        let told = Command::new(programs().join(name)).args(wrong).output();
        let told = told.unwrap();
        assert!(!told.status.success());
        let told = String::from_utf8_lossy(&told.stderr).into_owned();
        let expected = format!("{name}: ah-key 1: md5 has keys of 16 octets, this one has 3\n");
        assert_eq!(told, expected);
    }
}
