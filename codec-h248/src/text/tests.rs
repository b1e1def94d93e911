//! Tests of the text encoding as a whole.

mod corpus;
mod errors;
mod grains;
mod hostile;
mod liberal;
mod liberties;
mod round_trip;

use super::{Style, TextProfile, decode, encode};
use crate::{Command, Limits, List, Message, MessageBody, Transaction, descriptor::AmmDescriptor};

/// The message that the text is.
fn decoded(text: &str) -> Message<'_> {
    decode(text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The message written in a style.
fn written(message: &Message<'_>, style: Style) -> Vec<u8> {
    let mut octets = Vec::new();
    encode(message, &TextProfile::of(style), &mut octets);
    octets
}

/// The message written in the compact style.
fn compact(message: &Message<'_>) -> String {
    String::from_utf8(written(message, Style::Compact)).expect("the test writes ASCII")
}

/// The commands of a message's only action.
fn commands<'a>(message: &Message<'a>) -> Vec<Command<'a>> {
    let MessageBody::Transactions(transactions) = &message.body else {
        panic!("no transactions: {message:?}");
    };
    let [Transaction::Request(request)] = transactions.as_slice() else {
        panic!("not one request: {message:?}");
    };
    let commands = request.actions.iter().flat_map(|action| &action.commands);
    commands.map(|request| request.command.clone()).collect()
}

/// The descriptors of the only command, a Modify, whose braces hold `inside`.
fn descriptors(inside: &str) -> List<AmmDescriptor<'static>> {
    let text = format!("!/3 [192.0.2.1] T=1{{C=1{{MF=a{{{inside}}}}}}}");
    match commands(&decoded(&text)).as_slice() {
        [Command::Modify(request)] => {
            bounded_static::ToBoundedStatic::to_static(&request.descriptors)
        }
        other => panic!("not one Modify: {other:?}"),
    }
}
