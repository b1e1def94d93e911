//! A message that is put together from parts is the message that is written whole.

use super::{corpus::examples, decoded, profile};
use crate::{
    ActionReply, AuthenticationHeader, MessageBody, Transaction, TransactionReply,
    TransactionResult,
    binary::{
        encode, encode_action_reply, encode_action_reply_with, encode_authenticated, encode_batch,
        encode_command_reply, encode_reply, encode_transaction, peek,
    },
};

#[test]
fn every_example_is_the_sum_of_its_parts() {
    let profile = profile();
    for example in examples() {
        let message = decoded(&example.octets, &profile).expect("it is tested elsewhere");
        let MessageBody::Transactions(transactions) = &message.body else {
            continue;
        };
        let parts: Vec<_> = transactions
            .iter()
            .map(|transaction| {
                let mut part = Vec::new();
                encode_transaction(transaction, message.version, &profile, &mut part).unwrap();
                if let Transaction::Reply(reply) = transaction {
                    check_reply(reply, message.version, &part);
                }
                part
            })
            .collect();
        let authentication = message.authentication.as_ref();
        let mut whole = Vec::new();
        encode_batch(
            authentication,
            message.version,
            &message.mid,
            &parts,
            &mut whole,
        )
        .unwrap();
        assert_eq!(whole, example.octets, "{}", example.name);
        let seen = peek(&whole);
        assert_eq!(seen.body, Some(&parts.concat()[..]), "{}", example.name);
        assert_eq!(seen.authentication.as_ref(), authentication);
    }
}

#[test]
fn a_message_is_authenticated_as_if_it_were_written_with_the_header() {
    let profile = profile();
    let header = AuthenticationHeader {
        security_parameter_index: 256,
        sequence_number: 7,
        data: vec![0xa5; 12],
    };
    for example in examples() {
        let mut message = decoded(&example.octets, &profile).expect("it is tested elsewhere");
        message.authentication = None;
        let mut plain = Vec::new();
        encode(&message, &profile, &mut plain).unwrap();
        message.authentication = Some(header.clone());
        let mut expected = Vec::new();
        encode(&message, &profile, &mut expected).unwrap();
        let mut out = Vec::new();
        encode_authenticated(&header, &plain, &mut out).unwrap();
        assert_eq!(out, expected, "{}", example.name);
    }
    let mut out = Vec::new();
    let error = encode_authenticated(&header, b"!/1 mg1 PN=7{}", &mut out).unwrap_err();
    assert!(error.to_string().contains("mess"), "{error}");
    assert!(out.is_empty());
}

fn check_reply(reply: &TransactionReply<'_>, version: u8, expected: &[u8]) {
    let TransactionResult::Actions(actions) = &reply.result else {
        return;
    };
    let actions: Vec<_> = actions
        .iter()
        .map(|action| {
            let mut part = Vec::new();
            encode_action_reply(action, version, &profile(), &mut part).unwrap();
            for own in 0..=action.commands.len() {
                assert_eq!(action_from_parts(action, own, version), part);
            }
            part
        })
        .collect();
    let mut whole = Vec::new();
    let (segment, ack) = (reply.segment, reply.immediate_ack);
    encode_reply(reply.id, segment, ack, &actions, version, &mut whole).unwrap();
    assert_eq!(whole, expected);
}

/// The action's reply with all commands behind the first `own` written apart.
fn action_from_parts(action: &ActionReply<'_>, own: usize, version: u8) -> Vec<u8> {
    let mut frame = action.clone();
    let further = frame.commands.split_off(own);
    let further: Vec<_> = further
        .iter()
        .map(|command| {
            let mut part = Vec::new();
            encode_command_reply(command, version, &profile(), &mut part).unwrap();
            part
        })
        .collect();
    let mut out = Vec::new();
    encode_action_reply_with(&frame, &further, version, &profile(), &mut out).unwrap();
    out
}
