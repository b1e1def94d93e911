//! A message put together from parts says what the whole says.

use super::{
    super::{
        encode, encode_action_reply, encode_action_reply_with, encode_command_reply, encode_header,
        encode_reply, encode_transaction,
    },
    decoded,
};
use crate::{
    ActionReply, KeywordCase, MessageBody, Style, TextProfile, Transaction, TransactionResult,
};

/// The message put together from its parts.
fn from_parts(text: &str, profile: &TextProfile) -> Vec<u8> {
    let message = decoded(text);
    let MessageBody::Transactions(transactions) = &message.body else {
        panic!("no transactions: {text}");
    };
    let mut out = Vec::new();
    encode_header(None, message.version, &message.mid, profile, &mut out);
    for transaction in transactions {
        match transaction {
            Transaction::Reply(reply) => {
                let TransactionResult::Actions(actions) = &reply.result else {
                    panic!("an error: {text}");
                };
                let parts: Vec<Vec<u8>> = actions
                    .iter()
                    .map(|action| {
                        let mut part = Vec::new();
                        encode_action_reply(action, message.version, profile, &mut part);
                        for own in 0..=action.commands.len() {
                            let apart = action_from_parts(action, own, message.version, profile);
                            assert_eq!(apart, part, "{text}");
                        }
                        part
                    })
                    .collect();
                let parts = parts.iter().map(Vec::as_slice);
                let (id, segment, ack) = (reply.id, reply.segment, reply.immediate_ack);
                encode_reply(id, segment, ack, parts, profile, &mut out);
            }
            other @ (Transaction::Request(_)
            | Transaction::Pending(_)
            | Transaction::ResponseAck(_)
            | Transaction::SegmentReply(_)) => {
                encode_transaction(other, message.version, profile, &mut out)
            }
        }
    }
    out
}

/// The action's reply with all commands behind the first `own` written apart.
fn action_from_parts(
    action: &ActionReply<'_>,
    own: usize,
    version: u8,
    profile: &TextProfile,
) -> Vec<u8> {
    let mut frame = action.clone();
    let further = frame.commands.split_off(own);
    let further: Vec<Vec<u8>> = further
        .iter()
        .map(|command| {
            let mut part = Vec::new();
            encode_command_reply(command, version, profile, &mut part);
            part
        })
        .collect();
    let further = further.iter().map(Vec::as_slice);
    let mut out = Vec::new();
    encode_action_reply_with(&frame, further, version, profile, &mut out);
    out
}

#[test]
fn parts_make_the_same_octets_as_the_whole() {
    let text = "!/3 <mg1>:7 T=1{C=1{S=a}}P=2/1{IA,C=1{MF=a{SA{b/c=1}},S=b,ER=422{}},C=2{ER=430{}},C=3}PN=3{}SM=4/1";
    let lower = TextProfile {
        case: KeywordCase::Lower,
        ..TextProfile::of(Style::Compact)
    };
    for profile in [
        TextProfile::of(Style::Pretty),
        TextProfile::of(Style::Compact),
        lower,
    ] {
        let mut whole = Vec::new();
        encode(&decoded(text), &profile, &mut whole);
        assert_eq!(from_parts(text, &profile), whole);
    }
}
