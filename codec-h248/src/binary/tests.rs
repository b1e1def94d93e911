//! Tests of the binary encoding as a whole.

mod changes;
mod corpus;
mod descriptors;
mod errors;
mod forms;
mod grains;
mod hostile;
mod keeping;
mod messages;
mod nouns;
mod sessions;
mod values;
mod versions;

use super::{
    BinaryProfile, EncodeError, TerminationKind, TerminationLevels, decode, decode_keeping,
    decode_partly, encode, encode_keeping, peek,
};
use crate::{DecodeError, Limits, Message, Name};

/// What the reference's examples agree on: three levels of an octet each, and one digit map.
fn profile() -> BinaryProfile {
    let mut rtp = TerminationKind::new("rtp", 2);
    rtp.digits = 5;
    let kinds = vec![
        TerminationKind::new("tdm", 1),
        rtp,
        TerminationKind::new("line", 3),
        TerminationKind::new("card1", 4),
    ];
    BinaryProfile {
        terminations: TerminationLevels::new(vec![8, 8, 8], kinds).expect("they make sense"),
        digit_maps: vec![(Name::from("dialplan1"), 1)],
        ..BinaryProfile::default()
    }
}

/// The message that the octets are.
fn decoded<'a>(octets: &'a [u8], profile: &'a BinaryProfile) -> Result<Message<'a>, DecodeError> {
    decode(octets, &Limits::default(), profile)
}

/// The octets that the message is.
fn written(message: &Message<'_>, profile: &BinaryProfile) -> Result<Vec<u8>, EncodeError> {
    let mut octets = Vec::new();
    encode(message, profile, &mut octets)?;
    Ok(octets)
}

/// An element made of others.
fn element(identifier: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let length = contents.len();
    let mut octets = vec![identifier];
    match u8::try_from(length) {
        Ok(length @ 0..0x80) => octets.push(length),
        Ok(length) => octets.extend([0x81, length]),
        Err(_) => {
            octets.push(0x83);
            octets.extend(
                &u32::try_from(length)
                    .expect("tests are small")
                    .to_be_bytes()[1..],
            );
        }
    }
    octets.extend(contents);
    octets
}
