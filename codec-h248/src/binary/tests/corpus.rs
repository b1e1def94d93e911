//! The example messages of the project's reference: what an independent codec made of their text is
//! what we make of it, and what we read is written as it was.

use std::{fs, path::PathBuf};

use super::{decoded, profile, written};
use crate::{
    Command, CommandReply, Limits, MId, Message, MessageBody, ServiceChangeResult, Transaction,
    TransactionReply, TransactionRequest, TransactionResult, descriptor::ServiceChangeProfile,
};

/// One example: its name, its text, and the octets of its message.
pub(super) struct Example {
    pub(super) name: String,
    text: Vec<u8>,
    pub(super) octets: Vec<u8>,
}

/// The examples; nothing where the reference is absent.
pub(super) fn examples() -> Vec<Example> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/spec/examples");
    let Ok(entries) = fs::read_dir(folder.join("ber")) else {
        println!("skipped: the reference's examples are not beside this repository");
        return Vec::new();
    };
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| Some(name.strip_suffix(".hex")?.to_owned()))
        .collect();
    names.sort();
    let read = |name: String| {
        let hex = fs::read_to_string(folder.join(format!("ber/{name}.hex")));
        let text = fs::read(folder.join(format!("{name}.txt")));
        Example {
            octets: octets(&hex.expect("the folder lists it")),
            text: text.expect("each has a text"),
            name,
        }
    };
    names.into_iter().map(read).collect()
}

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .bytes()
        .filter(u8::is_ascii_hexdigit)
        .map(|digit| u8::try_from(char::from(digit).to_digit(16).expect("a digit")).expect("small"))
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

#[test]
fn every_example_is_read_and_written_as_it_was() {
    let profile = profile();
    for Example { name, octets, .. } in examples() {
        let message = decoded(&octets, &profile).unwrap_or_else(|error| panic!("{name}: {error}"));
        let again = written(&message, &profile).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(hex(&again), hex(&octets), "{name}: {message:#?}");
    }
}

#[test]
fn every_text_is_written_as_its_octets() {
    let profile = profile();
    let unlike = [
        // The escape of a brace is text's; the reference's octets have it too.
        "037-sdp-escaped-brace",
        // The reference's octets have another number for al/fl's mindur, and no mark of a range.
        "081-auditcap-reply",
        // The reference's octets have another number for an/apf.
        "c06-announcement-done",
    ];
    let mut differ = Vec::new();
    for Example { name, text, octets } in examples() {
        let mut message = crate::decode(&text, &Limits::default()).expect("text is tested");
        as_the_reference_says(&mut message);
        let again = written(&message, &profile).unwrap_or_else(|error| panic!("{name}: {error}"));
        // Texts of the octets are in lower case.
        if !again.eq_ignore_ascii_case(&octets) {
            println!("{name}:\n{}\n{}", hex(&again), hex(&octets));
            differ.push(name);
        }
    }
    if !differ.is_empty() {
        assert_eq!(differ, unlike);
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Says what the octets say where they and the text differ: the profile has another name, and the
/// point code is its hex digits.
fn as_the_reference_says(message: &mut Message<'_>) {
    if let MId::Mtp(octets) = &mut message.mid {
        *octets = hex(octets).into_bytes();
    }
    let MessageBody::Transactions(transactions) = &mut message.body else {
        return;
    };
    for profile in transactions.iter_mut().filter_map(profile_of) {
        if profile.name.is("confms") {
            *profile = ServiceChangeProfile {
                name: "resgw".into(),
                version: 1,
            };
        }
    }
}

/// The profile of a transaction whose first command is a ServiceChange.
fn profile_of<'m, 'a>(
    transaction: &'m mut Transaction<'a>,
) -> Option<&'m mut ServiceChangeProfile<'a>> {
    match transaction {
        Transaction::Request(request) => requested(request),
        Transaction::Reply(reply) => replied(reply),
        Transaction::Pending(_) | Transaction::ResponseAck(_) | Transaction::SegmentReply(_) => {
            None
        }
    }
}

fn requested<'m, 'a>(
    request: &'m mut TransactionRequest<'a>,
) -> Option<&'m mut ServiceChangeProfile<'a>> {
    let command = request.actions.first_mut()?.commands.first_mut()?;
    let Command::ServiceChange(change) = &mut command.command else {
        return None;
    };
    change.services.profile.as_mut()
}

fn replied<'m, 'a>(
    reply: &'m mut TransactionReply<'a>,
) -> Option<&'m mut ServiceChangeProfile<'a>> {
    let TransactionResult::Actions(actions) = &mut reply.result else {
        return None;
    };
    let command = actions.first_mut()?.commands.first_mut()?;
    let CommandReply::ServiceChange(change) = command else {
        return None;
    };
    let ServiceChangeResult::Services(services) = &mut change.result else {
        return None;
    };
    services.profile.as_mut()
}
