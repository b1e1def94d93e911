//! Nouns apart from messages: read from the contents of their elements, and written to them.

use super::super::{
    amm,
    ber::{BerError, BerReader, BerWriter},
    parameter, property,
};
use super::{BinaryProfile, EncodeError, profile};
use crate::{
    Command, DecodeError, IntoBoundedStatic, Limits, List, MessageBody, PropertyParm,
    ToBoundedStatic, Transaction,
    descriptor::{AmmDescriptor, EventParameter, NamedParameter, Streams},
};

/// What octets are, which must be all that is there.
pub(super) fn read<'a, T>(
    octets: &'a [u8],
    profile: &'a BinaryProfile,
    read: impl FnOnce(&mut BerReader<'a>) -> Result<T, BerError>,
) -> Result<T, DecodeError> {
    let mut r = BerReader::new(octets, &Limits::default(), profile);
    let noun = read(&mut r)?;
    assert!(r.at_end(), "something is left");
    Ok(noun)
}

/// `AmmDescriptor`, which is one.
pub(super) fn read_amm<'a>(r: &mut BerReader<'a>) -> Result<AmmDescriptor<'a>, BerError> {
    let mut list = List::new();
    amm::read(r, &mut list)?;
    assert_eq!(list.len(), 1);
    Ok(list.remove(0))
}

/// What a noun is written as.
pub(super) fn write(
    version: u8,
    profile: &BinaryProfile,
    write: impl FnOnce(&mut BerWriter<'_>),
) -> Result<Vec<u8>, EncodeError> {
    let mut octets = Vec::new();
    let mut w = BerWriter::new(version, profile, &mut octets);
    write(&mut w);
    w.finish()?;
    Ok(octets)
}

/// The octets that digits are; blanks say nothing.
pub(super) fn octets(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|octet| *octet != b' ').collect();
    super::super::hex::octets(&digits).expect("these are digits")
}

/// The commands of an action in text.
pub(super) fn commands(text: &str) -> Vec<Command<'static>> {
    let text = format!("!/3 [192.0.2.1] T=1{{C=1{{{text}}}}}");
    let message = crate::decode(text.as_bytes(), &Limits::default());
    let message = message.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let MessageBody::Transactions(transactions) = &message.body else {
        panic!("no transactions: {text}");
    };
    let [Transaction::Request(request)] = transactions.as_slice() else {
        panic!("not one request: {text}");
    };
    let commands = request.actions.iter().flat_map(|action| &action.commands);
    commands
        .map(|request| request.command.to_static())
        .collect()
}

/// The descriptors of a Modify in text.
pub(super) fn descriptors(text: &str) -> List<AmmDescriptor<'static>> {
    match commands(&format!("MF=a{{{text}}}")).as_slice() {
        [Command::Modify(modify)] => modify.descriptors.clone(),
        other => panic!("not one Modify: {other:?}"),
    }
}

/// A property in text.
pub(super) fn property_of(text: &str) -> PropertyParm<'static> {
    let descriptors = descriptors(&format!("M{{O{{{text}}}}}"));
    let [AmmDescriptor::Media(media)] = descriptors.as_slice() else {
        panic!("not one Media: {text}");
    };
    let Streams::Single(parms) = &media.streams else {
        panic!("no stream: {text}");
    };
    let control = parms.local_control.as_ref().expect("it is there");
    control.properties[0].clone()
}

/// A parameter of an event in text.
pub(super) fn parameter_of(event: &str, text: &str) -> NamedParameter<'static> {
    let descriptors = descriptors(&format!("E=1{{{event}{{{text}}}}}"));
    let [AmmDescriptor::Events(events)] = descriptors.as_slice() else {
        panic!("not one Events: {text}");
    };
    match events.events[0].parameters.as_slice() {
        [EventParameter::Other(parameter)] => parameter.clone(),
        other => panic!("not one parameter: {other:?}"),
    }
}

/// Descriptors in text are read as what they were when they are written in binary, and written as
/// they were read.
pub(super) fn descriptors_stay(text: &str) {
    let profile = profile();
    for descriptor in descriptors(text) {
        let octets = write(3, &profile, |w| amm::write(w, &descriptor));
        let octets = octets.unwrap_or_else(|error| panic!("{error}: {descriptor:?}"));
        let again = read(&octets, &profile, read_amm);
        let again = again.unwrap_or_else(|error| panic!("{error}: {descriptor:?}"));
        assert_eq!(again, descriptor, "{octets:02x?}");
        let octets_again = write(3, &profile, |w| amm::write(w, &again));
        assert_eq!(octets_again.as_ref(), Ok(&octets), "{descriptor:?}");
    }
}

/// Why descriptors in text cannot be said in a version.
pub(super) fn unsayable(version: u8, text: &str) -> String {
    let profile = profile();
    let mut errors = descriptors(text)
        .into_iter()
        .filter_map(|descriptor| write(version, &profile, |w| amm::write(w, &descriptor)).err());
    errors
        .next()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

/// The octets of `PropertyParm`.
pub(super) fn property_octets(property: &PropertyParm<'_>) -> Result<Vec<u8>, EncodeError> {
    write(3, &profile(), |w| property::write(w, property))
}

/// The property of these octets, as it is shown.
pub(super) fn property_read(octets: &[u8]) -> Result<PropertyParm<'static>, DecodeError> {
    let profile = profile();
    let read_one = |r: &mut BerReader<'_>| {
        let mut list = Vec::new();
        property::read(r, &mut list)?;
        Ok(list.remove(0).into_static())
    };
    read(octets, &profile, read_one)
}

/// The octets of an event's parameter.
pub(super) fn parameter_octets(
    event: &str,
    parameter: &NamedParameter<'_>,
) -> Result<Vec<u8>, EncodeError> {
    use super::super::package_item::{ItemKind, find};
    let (package, item) = event.split_once('/').expect("an event");
    let name = crate::PackageItem {
        package: package.to_owned().into(),
        item: item.to_owned().into(),
    };
    let profile = profile();
    write(3, &profile, |w| {
        let found = find(w, ItemKind::Event, &name);
        parameter::write(w, found.item, parameter);
    })
}
