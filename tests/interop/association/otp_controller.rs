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
    again.wait("otp: done");
    again
}

/// By TCP the controller has ended the connection already, and the gateway has come back. By UDP it
/// is there again before the gateway misses it, or long after; what it said before goes to `told`.
fn returned(row: Row, first: Program, (mgc, mg): (&str, &str), told: &mut String) -> Program {
    if row.carrier == "tcp" {
        return first;
    }
    *told = exchanged(&first);
    drop(first);
    if row.version == "3" {
        thread::sleep(GIVEN_UP);
        restarted(row, mgc, "back")
    } else {
        restarted(row, mgc, port(mg))
    }
}

fn run(row: Row) -> String {
    let mut otp = otp("otp_mgc", row, &["0", "first"]);
    let mgc = otp.wait("otp: listening ");
    let mut mg = gateway(row, &mgc, "127.0.0.1:0");
    let place = mg.wait("mg: h248 ");
    let told = mg.wait("mg: registered with ");
    assert_eq!(
        told,
        format!("[127.0.0.1]:{} version {}", port(&mgc), row.version)
    );
    otp.wait("otp: done");
    let mut told = String::new();
    let mut otp = returned(row, otp, (&mgc, &place), &mut told);
    mg.interrupt();
    otp.wait("otp: left");
    let mut mg = gateway(row, &mgc, &place);
    otp.wait("otp: restart ");
    mg.wait("mg: registered with ");
    otp.wait("otp: the reply to restart is acknowledged");
    told + &exchanged(&otp)
}

#[test]
fn otp_as_controller_of_our_gateway() {
    each("OTP as controller", run);
}
