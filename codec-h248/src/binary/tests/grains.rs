//! A message that is put together from parts is the message that is written whole.

use super::{corpus::examples, decoded, profile};
use crate::{
    MessageBody, Transaction, TransactionReply, TransactionResult,
    binary::{encode_action_reply, encode_batch, encode_reply, encode_transaction},
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
    }
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
            part
        })
        .collect();
    let mut whole = Vec::new();
    let (segment, ack) = (reply.segment, reply.immediate_ack);
    encode_reply(reply.id, segment, ack, &actions, version, &mut whole).unwrap();
    assert_eq!(whole, expected);
}
