//! What is exchanged: an Add of one Termination with its audio, and its reply.

use codec_h248::{
    ActionRequest, IntoBoundedStatic, Limits, List, MId, Message, MessageBody, Style, TextProfile,
    Transaction, TransactionId, TransactionReply, TransactionRequest, TransactionResult,
    binary::{self, BinaryProfile},
    decode, list,
};
use transport_h248::Encoding;

use crate::row::Manner;

/// The action that is asked for, in the words that both stacks are given.
pub(crate) const REQUEST: &str = include_str!("../request.txt");
/// The action reply.
pub(crate) const REPLY: &str = include_str!("../reply.txt");

/// The actions of each request.
pub(crate) fn request() -> List<ActionRequest<'static>> {
    let Transaction::Request(request) = transaction(&format!("Transaction=1{{{REQUEST}}}")) else {
        panic!("request.txt is none");
    };
    request.actions
}

/// The result of each.
pub(crate) fn reply() -> TransactionResult<'static> {
    let Transaction::Reply(reply) = transaction(&format!("Reply=1{{{REPLY}}}")) else {
        panic!("reply.txt is none");
    };
    reply.result
}

/// Request and reply as octets, of about the length that they have in messages of ours.
pub(crate) fn octets(manner: Manner) -> (Vec<u8>, Vec<u8>) {
    let request = Transaction::Request(TransactionRequest {
        id: TransactionId(1_000_000),
        actions: request(),
    });
    let reply = Transaction::Reply(TransactionReply {
        id: TransactionId(1_000_000),
        immediate_ack: false,
        segment: None,
        result: reply(),
    });
    (octets_of(manner, request), octets_of(manner, reply))
}

fn octets_of(manner: Manner, transaction: Transaction<'static>) -> Vec<u8> {
    let message = Message {
        authentication: None,
        version: 3,
        mid: MId::Device("controller".into()),
        body: MessageBody::Transactions(list![transaction]),
    };
    let mut octets = Vec::new();
    match manner.encoding {
        Encoding::Text => {
            let profile = TextProfile::of(Style::Compact);
            codec_h248::encode(&message, &profile, &mut octets);
        }
        Encoding::Binary => {
            let names = BinaryProfile::default();
            binary::encode(&message, &names, &mut octets).expect("the exchange has binary ids");
        }
    }
    octets
}

fn transaction(text: &str) -> Transaction<'static> {
    let text = format!("MEGACO/3 bench {text}");
    let message = decode(text.as_bytes(), &Limits::default()).expect("the exchange can be read");
    match message.into_static().body {
        MessageBody::Transactions(mut all) => all.remove(0),
        MessageBody::Error(error) => panic!("the exchange is an error: {error}"),
    }
}
