//! What the module does not know is skipped, and kept on demand.

use std::iter;

use super::{corpus::examples, decode_keeping, decoded, encode_keeping, profile, written};
use crate::{
    Limits, MessageBody, Transaction,
    binary::{Preserved, Unsayable, ber::Kept},
};

#[test]
fn unknown_elements_are_written_where_they_were_read() {
    let profile = profile();
    let limits = Limits::default();
    let unknown = [
        &[0x9e, 0][..],
        &[0xbe, 2, 5, 0],
        &[0xbf, 0x1f, 0x80, 0xa0, 0x80, 0, 0, 0, 0],
    ];
    for example in examples() {
        let (message, nothing) = decode_keeping(&example.octets, &limits, &profile).unwrap();
        assert!(nothing.is_empty());
        let places = 1..=nothing.extensible;
        let kept = places.flat_map(|place| {
            // One, two or three in one place.
            unknown[..1 + place % 3]
                .iter()
                .map(move |&element| Kept { place, element })
        });
        let preserved = Preserved {
            extensible: nothing.extensible,
            kept: kept.collect(),
        };
        let mut extended = Vec::new();
        encode_keeping(&message, &preserved, &profile, &mut extended).unwrap();
        assert_eq!(
            decoded(&extended, &profile).as_ref(),
            Ok(&message),
            "{}",
            example.name
        );
        let (read, found) = decode_keeping(&extended, &limits, &profile).unwrap();
        assert_eq!((&read, &found), (&message, &preserved), "{}", example.name);
        let mut again = Vec::new();
        encode_keeping(&read, &found, &profile, &mut again).unwrap();
        assert_eq!(again, extended);
        assert_eq!(written(&read, &profile).unwrap(), example.octets);
    }
}

#[test]
fn a_message_that_is_built_otherwise_has_no_places_for_them() {
    let profile = profile();
    // Two Pendings of mg1, and behind the first transactionId what nobody knows.
    let octets = [
        0x30, 0x21, 0xa1, 0x1f, 0x80, 0x01, 0x03, 0xa1, 0x07, 0xa2, 0x05, 0x80, 0x03, b'm', b'g',
        b'1', 0xa2, 0x11, 0xa1, 0x0f, 0xa1, 0x05, 0x80, 0x01, 0x07, 0x8f, 0x00, 0xa1, 0x06, 0x80,
        0x01, 0x08, 0x8e, 0x01, 0x05,
    ];
    let (mut message, preserved) = decode_keeping(&octets, &Limits::default(), &profile).unwrap();
    let elements: Vec<_> = preserved.elements().collect();
    assert_eq!(elements, [&[0x8f, 0][..], &[0x8e, 1, 5]]);
    let mut again = Vec::new();
    encode_keeping(&message, &preserved, &profile, &mut again).unwrap();
    assert_eq!(again, octets);
    let MessageBody::Transactions(transactions) = &mut message.body else {
        panic!("it has transactions");
    };
    for count in [1, 3] {
        *transactions = iter::repeat_n(transactions[0].clone(), count).collect();
        assert!(matches!(transactions[0], Transaction::Pending(_)));
        let mut changed = message_of(transactions);
        changed.version = 3;
        let error = encode_keeping(&changed, &preserved, &profile, &mut Vec::new()).unwrap_err();
        assert_eq!(error.what, Unsayable::NotAsRead);
    }
}

fn message_of<'a>(transactions: &[Transaction<'a>]) -> crate::Message<'a> {
    crate::Message {
        authentication: None,
        version: 3,
        mid: crate::MId::Device("mg1".into()),
        body: MessageBody::Transactions(transactions.to_vec().into()),
    }
}

#[test]
fn a_message_that_does_not_decode_has_nothing_to_keep() {
    let profile = profile();
    // A request without actions.
    let octets = [
        0x30, 0x16, 0xa1, 0x14, 0x80, 1, 1, 0xa1, 4, 0x84, 2, 0, 1, 0xa2, 9, 0xa1, 7, 0xa0, 5,
        0x80, 3, 0, 1, 0,
    ];
    let limits = Limits::default();
    let error = decode_keeping(&octets, &limits, &profile).unwrap_err();
    assert_eq!(decoded(&octets, &profile), Err(error));
    let tight = Limits {
        octets: 3,
        ..limits
    };
    assert!(decode_keeping(&octets, &tight, &profile).is_err());
}

#[test]
fn a_message_without_unknown_elements_is_written_as_ever() {
    let profile = profile();
    let message = message_of(&[Transaction::Pending(crate::TransactionId(7))]);
    let mut octets = vec![7];
    encode_keeping(&message, &Preserved::default(), &profile, &mut octets).unwrap();
    assert_eq!(octets[1..], written(&message, &profile).unwrap());
}
