//! OTP as the controller of our gateway.

use std::{thread, time::Duration};

use h248_tests::program::{Program, port};

use super::{Row, each, exchanged, otp};

/// Longer than a gateway takes that is asked to watch for silences of 2 s to give its controller
/// up: T-MAX is 30 s.
const GIVEN_UP: Duration = Duration::from_secs(34);

fn gateway(row: Row, mgc: &str, h248: &str) -> Program {
    let mgc = format!("{}:{mgc}", row.carrier);
    Program::start(
        "mg",
        &[
            "--mgc",
            &mgc,
            "--h248",
            h248,
            "--encoding",
            row.encoding,
            "--h248-version",
            row.version,
            "--mwd",
            "0",
        ],
    )
}

/// A controller that has restarted at the same place.
fn restarted(row: Row, mgc: &str, what: &str) -> Program {
    let mut again = otp("otp_mgc", row, &[port(mgc), what]);
    again.wait("otp: listening ");
    again
}

/// The controller is there again before the gateway misses it, or long after. By TCP it has ended
/// the connection already, and the gateway has come back.
fn returned(row: Row, first: Program, mgc: &str, mg: &str) -> Program {
    match (row.carrier, row.version) {
        ("udp", "3") => {
            drop(first);
            thread::sleep(GIVEN_UP);
            restarted(row, mgc, "back")
        }
        ("udp", _) => {
            drop(first);
            restarted(row, mgc, port(mg))
        }
        (_, _) => first,
    }
}

fn run(row: Row) -> String {
    let mut first = otp("otp_mgc", row, &["0", "first"]);
    let mgc = first.wait("otp: listening ");
    let mut mg = gateway(row, &mgc, "127.0.0.1:0");
    let place = mg.wait("mg: h248 ");
    let told = mg.wait("mg: registered with ");
    assert_eq!(
        told,
        format!("[127.0.0.1]:{} version {}", port(&mgc), row.version)
    );
    first.wait("otp: done");
    let before = exchanged(&first);
    let mut second = returned(row, first, &mgc, &place);
    if row.carrier == "udp" {
        second.wait("otp: done");
    }
    mg.interrupt();
    second.wait("otp: forced ");
    let mut mg = gateway(row, &mgc, &place);
    mg.wait("mg: registered with ");
    second.wait("otp: restart ");
    second.wait("otp: the reply to restart is acknowledged");
    format!("{before}; then {}", exchanged(&second))
}

#[test]
fn otp_as_controller_of_our_gateway() {
    each("OTP as controller", run);
}
