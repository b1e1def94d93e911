//! All H.248 messages as they pass, a line each: when, which way, with whom, what.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    net::SocketAddr,
    time::SystemTime,
};

use codec_h248::PeekedTransaction;
use transport_h248::{Direction, Trace};

use crate::sinks::Sink;

/// Transactions of one message that are named.
const NAMED_MAX: usize = 8;

/// Lines on stderr.
#[derive(Debug, Default)]
pub struct Ladder {
    line: String,
}

impl Sink for Ladder {
    fn name(&self) -> &'static str {
        "the ladder"
    }

    fn record(&mut self, trace: &Trace, _: SocketAddr, time: SystemTime) -> Result<(), String> {
        self.line.clear();
        write(&mut self.line, trace, time).map_err(|error| error.to_string())?;
        let written = io::stderr().lock().write_all(self.line.as_bytes());
        written.map_err(|error| error.to_string())
    }
}

/// Appends the line of a message, with its end.
///
/// # Errors
///
/// None: a string takes everything.
pub fn write(line: &mut String, trace: &Trace, time: SystemTime) -> std::fmt::Result {
    let arrow = match trace.direction {
        Direction::In => "<--",
        Direction::Out => "-->",
    };
    let time = humantime::format_rfc3339_micros(time);
    let address = trace.route.address;
    write!(
        line,
        "{time} {arrow} {address} {} octets",
        trace.octets.len()
    )?;
    let mut transactions = trace.transactions();
    for PeekedTransaction { kind, id } in transactions.by_ref().take(NAMED_MAX) {
        write!(line, " {kind} {id}")?;
    }
    if transactions.next().is_some() {
        line.push_str(" …");
    }
    if let Some(error) = &trace.error {
        write!(line, " error: {error}")?;
    }
    line.push('\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use transport_h248::Address;

    use super::*;

    fn line(direction: Direction, octets: &str) -> String {
        let peer: Address = "tcp:192.0.2.9:2944".parse().unwrap();
        let trace = Trace {
            time: crate::clock::now(),
            direction,
            route: peer.into(),
            octets: Bytes::copy_from_slice(octets.as_bytes()),
            error: codec_h248::decode(octets.as_bytes(), &codec_h248::Limits::default()).err(),
        };
        let time = SystemTime::UNIX_EPOCH + Duration::from_micros(1_795_502_280_000_007);
        let mut line = String::new();
        write(&mut line, &trace, time).unwrap();
        line
    }

    #[test]
    fn a_line_says_when_which_way_with_whom_and_what() {
        assert_eq!(
            line(Direction::In, "MEGACO/3 mg Pending=7{} K{8-9}"),
            "2026-11-24T06:38:00.000007Z <-- tcp:192.0.2.9:2944 30 octets \
             transactionPending 7 transactionResponseAck 8\n"
        );
        let wrong = line(Direction::Out, "MEGACO/3 mg T=1{C=x}");
        assert!(
            wrong.contains("--> ") && wrong.contains(" error: "),
            "{wrong}"
        );
        let many = line(
            Direction::In,
            &format!("MEGACO/3 mg {}", "Pending=7{}".repeat(9)),
        );
        assert!(many.ends_with(" …\n"), "{many}");
    }
}
