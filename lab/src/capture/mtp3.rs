//! Signal units of MTP3 that hold H.248, as they are or in an adaptation layer over SCTP.

use super::{Address, Kind, Transport, detect::looks, outlet::Outlet};

/// The service indicator of the gateway control protocol (H.248.1 Annex D, Q.704 14.2.1).
const GATEWAY_CONTROL: u8 = 14;
/// The parameter of M3UA with a unit (RFC 4666 3.3.1).
const PROTOCOL_DATA: u16 = 0x0210;
/// What stands in it before the unit: point codes, service, network, priority, selection.
const ROUTING: usize = 12;
/// The parameter of M2UA with a unit (RFC 3331 3.3.1.1).
const M2UA_DATA: u16 = 0x0300;
/// The header of M2PA (RFC 4165 2.1, 2.2).
const M2PA_HEADER: usize = 16;
/// Version 1, a DATA message.
const M3UA_TRANSFER: [u8; 4] = [1, 0, 1, 1];
const M2UA_TRANSFER: [u8; 4] = [1, 0, 6, 1];
const M2PA_USER_DATA: [u8; 4] = [1, 0, 11, 1];

/// A message of M3UA.
pub(super) fn adapted(message: &[u8], outlet: &mut Outlet<'_, '_>) {
    let found = message.strip_prefix(&M3UA_TRANSFER).and_then(|rest| {
        let unit = parameter(rest.get(4..)?, &[PROTOCOL_DATA])?;
        unit.split_first_chunk::<ROUTING>()
    });
    let Some((routing, octets)) = found else {
        return outlet.count(Kind::OtherProtocol);
    };
    let code = |place: usize| {
        let [a, b, c, d] = [0, 1, 2, 3].map(|n| routing[place + n]);
        Address::Point(u32::from_be_bytes([a, b, c, d]))
    };
    let (from, to) = (code(0), code(4));
    give(from, to, routing[8], octets, outlet);
}

/// A message of M2UA.
pub(super) fn adapted_below(message: &[u8], outlet: &mut Outlet<'_, '_>) {
    let found = message.strip_prefix(&M2UA_TRANSFER);
    match found.and_then(|rest| parameter(rest.get(4..)?, &[M2UA_DATA])) {
        Some(found) => unit(found, outlet),
        None => outlet.count(Kind::OtherProtocol),
    }
}

/// A message of M2PA; an octet of priority stands before its unit.
pub(super) fn peer_to_peer(message: &[u8], outlet: &mut Outlet<'_, '_>) {
    let is_data = message.starts_with(&M2PA_USER_DATA);
    match message.get(M2PA_HEADER + 1..) {
        Some(found) if is_data && !found.is_empty() => unit(found, outlet),
        _ => outlet.count(Kind::OtherProtocol),
    }
}

/// A signal unit: service information, routing label, octets. The label is the ITU's of 4 octets or
/// ANSI's of 7, which only what follows can tell (Q.704 2.2, T1.111.4).
pub(super) fn unit(unit: &[u8], outlet: &mut Outlet<'_, '_>) {
    let Some((service, label)) = unit.split_first() else {
        return outlet.count(Kind::BadHeader);
    };
    let long = label.split_first_chunk::<7>();
    if let Some((label, octets)) = long.filter(|(_, octets)| looks(octets, octets.len()).is_some())
    {
        let code = |place: usize| {
            let [low, middle, high] = [0, 1, 2].map(|n| label[place + n]);
            Address::Point(u32::from_le_bytes([low, middle, high, 0]))
        };
        return give(code(3), code(0), *service, octets, outlet);
    }
    let Some((label, octets)) = label.split_first_chunk::<4>() else {
        return outlet.count(Kind::BadHeader);
    };
    let label = u32::from_le_bytes(*label);
    let (from, to) = (label >> 14 & 0x3fff, label & 0x3fff);
    give(
        Address::Point(from),
        Address::Point(to),
        *service,
        octets,
        outlet,
    );
}

fn give(from: Address, to: Address, service: u8, octets: &[u8], outlet: &mut Outlet<'_, '_>) {
    (outlet.from, outlet.to) = (from, to);
    outlet.transport = Transport::Mtp3;
    if service & 0x0f == GATEWAY_CONTROL {
        outlet.give_supposed(octets);
    } else {
        outlet.judge(octets);
    }
}

/// The value of the first of these parameters.
fn parameter<'p>(mut rest: &'p [u8], wanted: &[u16]) -> Option<&'p [u8]> {
    loop {
        let [tag_high, tag_low, high, low] = *rest.first_chunk()?;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let value = rest.get(4..length)?;
        if wanted.contains(&u16::from_be_bytes([tag_high, tag_low])) {
            return Some(value);
        }
        rest = rest.get(length.next_multiple_of(4)..)?;
    }
}
