//! What is exchanged: an Add of one Termination with its audio, and its reply.

use codec_h248::{
    ActionRequest, IntoBoundedStatic, Limits, MessageBody, Transaction, TransactionResult, decode,
};

/// The action that is asked for, in the words that both stacks are given.
pub(crate) const REQUEST: &str = include_str!("../request.txt");
/// The action reply.
pub(crate) const REPLY: &str = include_str!("../reply.txt");

/// The actions of each request.
pub(crate) fn request() -> Vec<ActionRequest<'static>> {
    match transaction(&format!("Transaction=1{{{REQUEST}}}")) {
        Transaction::Request(request) => request.actions,
        other => panic!("request.txt is none: {other:?}"),
    }
}

/// The result of each.
pub(crate) fn reply() -> TransactionResult<'static> {
    match transaction(&format!("Reply=1{{{REPLY}}}")) {
        Transaction::Reply(reply) => reply.result,
        other => panic!("reply.txt is none: {other:?}"),
    }
}

fn transaction(text: &str) -> Transaction<'static> {
    let text = format!("MEGACO/3 bench {text}");
    let message = decode(text.as_bytes(), &Limits::default()).expect("the exchange can be read");
    match message.into_static().body {
        MessageBody::Transactions(mut all) => all.remove(0),
        MessageBody::Error(error) => panic!("the exchange is an error: {error}"),
    }
}
