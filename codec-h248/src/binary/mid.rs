//! Message identifiers (H.248.1 Annex A.2 `MId`, and the addresses of `ServiceChangeAddress`).

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use super::{
    Unsayable,
    ber::{BerError, BerReader, BerWriter, leaf},
};
use crate::{Expected, Host, MId};

/// Octets of a point code with its network indicator.
const MTP_OCTETS: std::ops::RangeInclusive<usize> = 2..=4;
/// Octets of a domain name or path name.
const MOST_OCTETS: usize = 64;
/// What stands in the place of one that is to be read.
pub(super) const NOBODY: MId<'static> = MId::Device(Cow::Borrowed(""));

/// `MId`
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<MId<'a>, BerError> {
    read_shifted(r, 0)
}

/// The alternatives of `MId`, behind `shift` others.
pub(super) fn read_shifted<'a>(r: &mut BerReader<'a>, shift: u8) -> Result<MId<'a>, BerError> {
    let mut mid = NOBODY;
    alternative(r, shift, &mut mid)?;
    Ok(mid)
}

/// `MId`, put in the place of another.
pub(super) fn read_into<'a>(r: &mut BerReader<'a>, place: &mut MId<'a>) -> Result<(), BerError> {
    alternative(r, 0, place)
}

fn alternative<'a>(r: &mut BerReader<'a>, shift: u8, place: &mut MId<'a>) -> Result<(), BerError> {
    let alternative = r.alternative().and_then(|tag| tag.checked_sub(shift));
    match alternative {
        Some(0) => r.mandatory(shift, "ip4Address", |r| {
            let octets: [u8; 4] = r.array(0, "address")?;
            address(r, IpAddr::V4(Ipv4Addr::from(octets)), place)
        }),
        Some(1) => r.mandatory(shift + 1, "ip6Address", |r| {
            let octets: [u8; 16] = r.array(0, "address")?;
            address(r, IpAddr::V6(Ipv6Addr::from(octets)), place)
        }),
        Some(2) => r.mandatory(shift + 2, "domainName", |r| domain(r, place)),
        Some(3) => {
            let name = r.ascii(shift + 3, "deviceName", MOST_OCTETS, &IN_PATH, |r| {
                name(r, "deviceName", &IN_PATH)
            })?;
            *place = MId::Device(name);
            Ok(())
        }
        Some(4) => {
            let octets = r.value(shift + 4, "mtpAddress", mtp)?;
            *place = MId::Mtp(octets);
            Ok(())
        }
        Some(_) | None => Err(r.wrong(Expected::Rule("MId"))),
    }
}

/// `IP4Address` and `IP6Address`, behind `address`.
fn address<'a>(r: &mut BerReader<'a>, host: IpAddr, place: &mut MId<'a>) -> Result<(), BerError> {
    let port = r.optional_unsigned(1, "portNumber")?;
    let host = Host(host);
    *place = MId::Address { host, port };
    Ok(())
}

/// `DomainName`
fn domain<'a>(r: &mut BerReader<'a>, place: &mut MId<'a>) -> Result<(), BerError> {
    let start = r.offset();
    let name = r.ascii(0, "name", MOST_OCTETS, &IN_DOMAIN, |r| {
        name(r, "domainName", &IN_DOMAIN)
    })?;
    if !name.as_bytes()[0].is_ascii_alphanumeric() {
        return Err(r.wrong_since(start, Expected::Rule("domainName")));
    }
    let port = r.optional_unsigned(1, "portNumber")?;
    *place = MId::Domain { name, port };
    Ok(())
}

/// A text of the syntax that it has in the text encoding.
fn name<'a>(
    r: &mut BerReader<'a>,
    rule: &'static str,
    legal: &[bool; 256],
) -> Result<Cow<'a, str>, BerError> {
    let start = r.offset();
    let name = leaf::text_up_to(r, MOST_OCTETS)?;
    if name.is_empty() || !name.bytes().all(|octet| legal[usize::from(octet)]) {
        return Err(r.wrong_since(start, Expected::Rule(rule)));
    }
    Ok(name)
}

/// What stands in a `domainName` (H.248.1 Annex B.2); some names have an underscore.
const IN_DOMAIN: [bool; 256] = letters_digits_and(b"-._");
/// What stands in a `pathNAME` (H.248.1 Annex B.2).
const IN_PATH: [bool; 256] = letters_digits_and(b"/*_$@.-");

const fn letters_digits_and(signs: &[u8]) -> [bool; 256] {
    let mut legal = [false; 256];
    let mut octet = 0_u8;
    while octet < 0x80 {
        legal[octet as usize] = octet.is_ascii_alphanumeric();
        octet += 1;
    }
    let mut place = 0;
    while place < signs.len() {
        legal[signs[place] as usize] = true;
        place += 1;
    }
    legal
}

fn mtp(r: &mut BerReader<'_>) -> Result<Vec<u8>, BerError> {
    let start = r.offset();
    let octets = leaf::octets(r)?;
    if !MTP_OCTETS.contains(&octets.len()) {
        return Err(r.wrong_since(start, Expected::Rule("mtpAddress of 2 to 4 octets")));
    }
    Ok(octets.into_owned())
}

/// `MId`
pub(super) fn write(w: &mut BerWriter<'_>, mid: &MId<'_>) {
    write_shifted(w, 0, mid);
}

/// The alternatives of `MId`, behind `shift` others.
pub(super) fn write_shifted(w: &mut BerWriter<'_>, shift: u8, mid: &MId<'_>) {
    match mid {
        MId::Address { host, port } => match host.0 {
            IpAddr::V4(ip) => {
                w.constructed(shift, "ip4Address", |w| named(w, &ip.octets(), *port));
            }
            IpAddr::V6(ip) => {
                w.constructed(shift + 1, "ip6Address", |w| named(w, &ip.octets(), *port));
            }
        },
        MId::Domain { name, port } => w.constructed(shift + 2, "domainName", |w| {
            named(w, name.as_bytes(), *port);
        }),
        MId::Device(name) => {
            if name.is_empty() || name.len() > MOST_OCTETS {
                w.fail(Unsayable::Value("deviceName", name.to_string()));
            }
            w.text(shift + 3, name);
        }
        MId::Mtp(octets) => {
            if !MTP_OCTETS.contains(&octets.len()) {
                w.fail(Unsayable::Value("mtpAddress", mid.to_string()));
            }
            w.octets(shift + 4, octets);
        }
    }
}

/// An address or name, and a port.
fn named(w: &mut BerWriter<'_>, name: &[u8], port: Option<u16>) {
    if let Some(port) = port {
        w.unsigned(1, port);
    }
    w.octets(0, name);
}
