//! Both programs by each carrier, in each encoding and version.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use h248_tests::program::{PATIENCE, Program, port};

use super::alone;

fn controller(h248: &str) -> Program {
    let binary = ["--h248-binary", "127.0.0.1:0", "--http", "127.0.0.1:0"];
    Program::start("mgc", &[&["--h248", h248], &binary[..]].concat())
}

/// One that speaks SCTP, in UDP.
fn associated(h248: &str) -> Program {
    let place = format!("sctp:{h248}");
    let other = ["--h248-binary", "sctp:127.0.0.1:0", "--http", "127.0.0.1:0"];
    Program::start("mgc", &[&["--h248", &place], &other[..]].concat())
}

fn gateway(mgc: &str, more: &[&str]) -> Program {
    let places = ["--mgc", mgc, "--h248", "127.0.0.1:0", "--mwd", "0"];
    Program::start("mg", &[&places[..], more].concat())
}

#[test]
fn a_gateway_registers_by_each_carrier_in_each_encoding_and_version() {
    let _alone = alone();
    for carrier in ["udp", "tcp", "sctp"] {
        let mut mgc = match carrier {
            "sctp" => associated("127.0.0.1:0"),
            _ => controller("127.0.0.1:0"),
        };
        let text = mgc.wait("mgc: h248 ");
        let binary = mgc.wait("mgc: h248-binary ");
        for (encoding, place) in [("text", &text), ("binary", &binary), ("binary", &text)] {
            for version in ["1", "2", "3"] {
                let manner = ["--encoding", encoding, "--h248-version", version];
                let mut mg = gateway(&format!("{carrier}:{place}"), &manner);
                let told = mg.wait("mg: registered with ");
                assert_eq!(
                    told,
                    format!("[127.0.0.1]:{} version {version}", port(&text))
                );
            }
        }
    }
}

#[test]
fn over_sctp_a_gateway_finds_a_controller_that_has_restarted_or_the_next_one() {
    let _alone = alone();
    let mut first = associated("127.0.0.1:0");
    let place = first.wait("mgc: h248 ");
    let mut second = associated("127.0.0.1:0");
    let other = second.wait("mgc: h248 ");
    let mut mg = gateway(
        &format!("sctp:{place}"),
        &["--mgc", &format!("sctp:{other}")],
    );
    let (here, there) = (port(&place), port(&other));
    mg.wait(&format!("mg: registered with [127.0.0.1]:{here}"));
    first.interrupt();
    mg.wait(&format!("mg: registered with [127.0.0.1]:{there}"));
    // One that is killed tells nobody; the one behind it knows of no association.
    drop(second);
    let mut second = associated(&other);
    second.wait("mgc: h248 ");
    let mut first = associated(&place);
    first.wait("mgc: h248 ");
    mg.wait("mg: registered with ");
}

#[test]
fn over_tcp_a_gateway_finds_a_controller_that_has_restarted_or_the_next_one() {
    let _alone = alone();
    let mut first = controller("127.0.0.1:0");
    let place = first.wait("mgc: h248 ");
    let mut second = controller("127.0.0.1:0");
    let other = second.wait("mgc: h248 ");
    let mut mg = gateway(&format!("tcp:{place}"), &["--mgc", &format!("tcp:{other}")]);
    mg.wait(&format!("mg: registered with [127.0.0.1]:{}", port(&place)));
    drop(first);
    mg.wait(&format!("mg: registered with [127.0.0.1]:{}", port(&other)));
    let mut first = controller(&place);
    first.wait("mgc: h248 ");
    drop(second);
    mg.wait(&format!("mg: registered with [127.0.0.1]:{}", port(&place)));
}

/// Opens a connection, and writes what begins a message.
fn begun(place: &str, octets: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(octets).unwrap();
    stream
}

#[test]
fn a_thousand_messages_begun_and_not_ended_hold_up_nobody_and_are_ended() {
    let _alone = alone();
    let mut mgc = controller("127.0.0.1:0");
    let place = mgc.wait("mgc: h248 ");
    let start = Instant::now();
    let mut held: Vec<TcpStream> = (0..1_000).map(|_| begun(&place, &[3, 0, 0xff])).collect();
    // What is no TPKT ends at once.
    let mut octet = [0];
    assert!(matches!(
        begun(&place, b"MEGACO/1").read(&mut octet),
        Ok(0) | Err(_)
    ));
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    let mut mg = gateway(&format!("tcp:{place}"), &[]);
    mg.wait("mg: registered with ");
    for stream in &mut held {
        assert!(matches!(stream.read(&mut octet), Ok(0)), "it is ended");
    }
    assert!(
        start.elapsed() > Duration::from_secs(9),
        "{:?}",
        start.elapsed()
    );
}
