//! Errors name what was expected, where, at which level, and the way there.

use super::{decode_partly, decoded, element, profile};
use crate::{ContextId, DecodeError, Expected, Level, Limits, MessageBody, TransactionId};

/// `MId`: MTP 0A12.
const MID: [u8; 6] = [0xa1, 4, 0x84, 2, 0x0a, 0x12];

/// A message of version 3 with these transactions.
fn message(transactions: &[&[u8]]) -> Vec<u8> {
    let body = element(0xa2, &[&element(0xa1, transactions)]);
    element(0x30, &[&element(0xa1, &[&[0x80, 1, 3], &MID, &body])])
}

/// Request 7 of one action in Context 5 with this command.
fn request(command: &[u8]) -> Vec<u8> {
    let command = element(0x30, &[&element(0xa0, &[command])]);
    let action = element(0x30, &[&[0x80, 1, 5], &element(0xa3, &[&command])]);
    element(0xa0, &[&[0x80, 1, 7], &element(0xa1, &[&action])])
}

/// `TerminationIDList`: line/1.
const LINE: [u8; 11] = [0xa0, 9, 0x30, 7, 0xa0, 0, 0x81, 3, 3, 0, 1];

fn refused(octets: &[u8]) -> DecodeError {
    decoded(octets, &profile()).unwrap_err()
}

#[test]
fn an_unknown_command_is_an_error_of_the_command() {
    let error = refused(&message(&[&request(&[0xaf, 0])]));
    assert_eq!(error.expected, Expected::Command);
    assert_eq!(error.level, Level::Command);
    assert_eq!(error.transaction, Some(TransactionId(7)));
    assert_eq!(error.context, Some(ContextId::Id(5)));
    assert!(error.answerable);
    assert_eq!(
        error.to_string(),
        "expected commandRequest at octet 35 (Command) in mess[1] messageBody[2] transactions[1] \
         #0 transactionRequest[0] actions[1] #0 commandRequests[3] #0 command[0]"
    );
}

#[test]
fn an_unknown_descriptor_is_an_error_of_the_descriptor() {
    let add = element(0xa0, &[&LINE, &[0xa1, 2, 0xaf, 0]]);
    let error = refused(&message(&[&request(&add)]));
    assert_eq!(error.expected, Expected::Descriptor);
    assert_eq!(error.level, Level::Descriptor);
    assert_eq!(error.context, Some(ContextId::Id(5)));
}

#[test]
fn a_fault_belongs_to_the_innermost_level() {
    let level = |octets: &[u8]| refused(octets).level;
    assert_eq!(level(&message(&[&request(&[0xa0, 0])])), Level::Command);
    let media = [0xa1, 4, 0xa0, 2, 0x8f, 0];
    let broken = [0xa1, 4, 0xa0, 2, 0xa0, 3];
    assert!(
        decoded(
            &message(&[&request(&element(0xa0, &[&LINE, &media]))]),
            &profile()
        )
        .is_ok()
    );
    let error = refused(&message(&[&request(&element(0xa0, &[&LINE, &broken]))]));
    assert_eq!(error.level, Level::Descriptor);
    assert_eq!(
        level(&message(&[&[0xa0, 5, 0x80, 1, 7, 0xa1, 9]])),
        Level::Transaction
    );
    assert_eq!(
        level(&message(&[&[0xa0, 7, 0x80, 1, 7, 0xa1, 2, 0x30, 0]])),
        Level::Action
    );
    assert_eq!(level(&message(&[&[0xaf, 0]])), Level::Transaction);
    assert_eq!(level(&message(&[])), Level::Message);
    assert_eq!(level(&[0x31, 0]), Level::Message);
}

#[test]
fn nobody_is_told_of_what_is_wrong_in_an_answer() {
    for transaction in [
        &[0xa1, 3, 0x80, 1][..],
        &[0xa2, 5, 0x80, 1, 7, 0xa2, 0],
        &[0xa3, 2, 0x30, 0],
        &[0xa4, 3, 0x80, 1, 7],
    ] {
        let error = refused(&message(&[transaction]));
        assert!(!error.answerable, "{error}");
    }
    let error = refused(&element(
        0x30,
        &[&element(0xa1, &[&[0x80, 1, 3], &MID, &[0xa2, 2, 0xa0, 0]])],
    ));
    assert!(!error.answerable && error.level == Level::Message);
}

#[test]
fn the_transactions_before_one_that_makes_no_sense_stand() {
    let profile = profile();
    let octets = message(&[&[0xa1, 3, 0x80, 1, 7], &[0xa1, 0], &[0xa1, 3, 0x80, 1, 8]]);
    let partly = decode_partly(&octets, &Limits::default(), &profile).unwrap();
    let MessageBody::Transactions(transactions) = partly.message.body else {
        panic!("it has transactions");
    };
    assert_eq!(transactions.len(), 1);
    let error = partly.error.unwrap();
    assert_eq!(error.expected, Expected::Rule("transactionId"));
    assert_eq!(decoded(&octets, &profile), Err(error));
}

#[test]
fn a_header_that_makes_no_sense_is_an_error_of_the_message() {
    let header = |version: &[u8], mid: &[u8]| {
        let body = [0xa2, 7, 0xa1, 5, 0xa1, 3, 0x80, 1, 7];
        let octets = element(0x30, &[&element(0xa1, &[version, mid, &body])]);
        decoded(&octets, &profile()).map(|_| ()).map_err(|error| {
            assert_eq!(error.level, Level::Message);
            error.expected
        })
    };
    let three = &[0x80, 1, 3];
    assert_eq!(header(three, &MID), Ok(()));
    assert_eq!(header(&[0x80, 1, 4], &MID), Err(Expected::Version(4)));
    assert_eq!(header(&[0x80, 1, 0], &MID), Err(Expected::Version(0)));
    assert_eq!(
        header(&[0x80, 1, 100], &MID),
        Err(Expected::Rule("INTEGER in range"))
    );
    assert_eq!(header(&[], &MID), Err(Expected::Rule("version")));
    for mid in [
        &[0xa1, 2, 0x85, 0][..],
        &[0xa1, 3, 0x84, 1, 7],
        &[0xa1, 7, 0x84, 5, 1, 2, 3, 4, 5],
        &[0xa1, 2, 0x83, 0],
        &[0xa1, 3, 0x83, 1, b' '],
        &[0xa1, 5, 0xa2, 3, 0x80, 1, b'-'],
        &[0xa1, 7, 0xa0, 5, 0x80, 3, 1, 2, 3],
        &[0xa1, 13, 0xa0, 11, 0x80, 4, 1, 2, 3, 4, 0x81, 3, 1, 0, 0],
    ] {
        assert!(
            matches!(header(three, mid), Err(Expected::Rule(_))),
            "{mid:02x?}"
        );
    }
}
