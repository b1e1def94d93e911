//! The few messages that peers here write, and what they read of others'.

use std::fmt::Write as _;

/// A registration. The controller asks a gateway that has started whether it is there.
pub(crate) fn registration(name: &str, id: u32) -> String {
    format!(
        "MEGACO/3 {name} Transaction={id}{{Context=-{{ServiceChange=ROOT{{Services{{\
         Method=Restart,Reason=\"901 Cold Boot\"}}}}}}}}"
    )
}

/// The end of a registration.
pub(crate) fn leave(name: &str, id: u32) -> String {
    format!(
        "MEGACO/3 {name} Transaction={id}{{Context=-{{ServiceChange=ROOT{{Services{{\
         Method=Forced,Reason=\"905 Termination taken out of service\"}}}}}}}}"
    )
}

/// A request that changes nothing.
pub(crate) fn notify(name: &str, id: u32) -> String {
    format!(
        "MEGACO/3 {name} Transaction={id}{{Context=-{{Notify=ROOT{{ObservedEvents=1{{it/ito}}}}}}}}"
    )
}

/// A request for something that only a gateway has.
pub(crate) fn subtract(name: &str, id: u32, termination: u32) -> String {
    format!("MEGACO/3 {name} Transaction={id}{{Context=1{{Subtract=rtp/{termination}}}}}")
}

/// A reply that refuses what was asked.
pub(crate) fn refusal(name: &str, id: u32) -> String {
    format!("MEGACO/3 {name} Reply={id}{{Error=501{{\"not here\"}}}}")
}

/// A Pending.
pub(crate) fn pending(name: &str, id: u32) -> String {
    format!("MEGACO/3 {name} Pending={id}{{}}")
}

/// Acknowledgements of ranges that begin at `first`.
pub(crate) fn acks(name: &str, first: u32, ranges: u32) -> String {
    let ranges: Vec<_> = (0..ranges)
        .map(|at| first.saturating_add(at * 10))
        .map(|first| format!("{first}-{}", first.saturating_add(5)))
        .collect();
    format!(
        "MEGACO/3 {name} TransactionResponseAck{{{}}}",
        ranges.join(",")
    )
}

/// A request of as many commands as the octets hold.
pub(crate) fn largest(name: &str, id: u32, octets: usize) -> String {
    let mut message = format!("MEGACO/3 {name} Transaction={id}{{Context=-{{");
    let command = "Notify=ROOT{ObservedEvents=1{it/ito}}";
    while message.len() + command.len() + 3 <= octets {
        let _ = write!(message, "{command},");
    }
    message.pop();
    message.push_str("}}");
    let padding = octets - message.len();
    message.extend(std::iter::repeat_n(' ', padding));
    message
}

/// What a message of ours from a program is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum About {
    Request(u32),
    Reply(u32),
    Other,
}

/// Reads the kind and the number of a message's first transaction.
pub(crate) fn about(message: &str) -> About {
    let number = |keyword: &str| -> Option<u32> {
        let (_, rest) = message.split_once(keyword)?;
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let end = rest.find(|one: char| !one.is_ascii_digit())?;
        rest[..end].parse().ok()
    };
    match (number("Reply"), number("Transaction")) {
        (Some(id), _) => About::Reply(id),
        (None, Some(id)) => About::Request(id),
        (None, None) => About::Other,
    }
}
