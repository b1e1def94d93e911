//! Message identifiers (H.248.1 Annex B.2 `mId`).

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use nom::{
    bytes::complete::{tag, take_while1},
    error::context,
    sequence::{delimited, terminated},
};

use super::{
    error::{Parsed, fail},
    lex::{glued_uint16, glued_word, hex_octets, is_path, lwsp, next_is, spaces, text},
    token::Token,
};
use crate::{Host, MId};

/// `mId`, with nothing eaten after it.
pub(super) fn glued(i: &[u8]) -> Parsed<'_, MId<'_>> {
    match i.first() {
        Some(b'[') => {
            let (rest, host) = address(i)?;
            let (rest, port) = port(rest)?;
            Ok((rest, MId::Address { host, port }))
        }
        Some(b'<') => {
            let (rest, name) = domain(i)?;
            let (rest, port) = port(rest)?;
            Ok((rest, MId::Domain { name, port }))
        }
        Some(_) | None => mtp_or_device(i),
    }
}

/// `mId`
pub(super) fn read(i: &[u8]) -> Parsed<'_, MId<'_>> {
    terminated(glued, spaces)(i)
}

fn port(i: &[u8]) -> Parsed<'_, Option<u16>> {
    if !next_is(i, b':') {
        return Ok((i, None));
    }
    let (rest, port) = glued_uint16(&i[1..], "portNumber")?;
    Ok((rest, Some(port)))
}

/// `domainAddress`
fn address(i: &[u8]) -> Parsed<'_, Host> {
    let octets = take_while1(|octet: u8| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':'));
    let (rest, octets) = context("domainAddress", delimited(tag("["), octets, tag("]")))(i)?;
    let ip = match ipv4(octets) {
        Some(ip) => Some(IpAddr::V4(ip)),
        None => text(octets).parse::<Ipv6Addr>().ok().map(IpAddr::V6),
    };
    match ip {
        Some(ip) => Ok((rest, Host(ip))),
        None => fail(i, "domainAddress"),
    }
}

/// `IPv4address`, whose numbers may have leading zeros and are decimal all the same.
fn ipv4(octets: &[u8]) -> Option<Ipv4Addr> {
    let mut parts = [0; 4];
    let mut split = octets.split(|&octet| octet == b'.');
    for part in &mut parts {
        let digits = split.next().filter(|digits| digits.len() <= 3)?;
        *part = u8::try_from(super::lex::word_uint16(digits)?).ok()?;
    }
    split.next().is_none().then(|| Ipv4Addr::from(parts))
}

/// `domainName`; an underscore is let through, since names of hosts have it.
fn domain(i: &[u8]) -> Parsed<'_, Cow<'_, str>> {
    let legal = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_');
    let name = delimited(tag("<"), take_while1(legal), tag(">"));
    let (rest, name) = context("domainName", name)(i)?;
    if name.len() > 64 || !name[0].is_ascii_alphanumeric() {
        return fail(i, "domainName");
    }
    Ok((rest, Cow::Borrowed(text(name))))
}

/// `mtpAddress` or `deviceName`: `MTP` is the former where a brace follows.
fn mtp_or_device(i: &[u8]) -> Parsed<'_, MId<'_>> {
    let (rest, found) = context("mId", glued_word)(i)?;
    if Token::read(found) == Some(Token::Mtp) && next_is(lwsp(rest), b'{') {
        return mtp(lwsp(&lwsp(rest)[1..]));
    }
    if !is_path(found) {
        return fail(i, "mId");
    }
    Ok((rest, MId::Device(Cow::Borrowed(text(found)))))
}

/// What stands in the braces of `mtpAddress`, and the closing one.
fn mtp(i: &[u8]) -> Parsed<'_, MId<'_>> {
    let digits = take_while1(|octet: u8| octet.is_ascii_hexdigit());
    let digits = terminated(terminated(digits, spaces), tag("}"));
    let (rest, digits) = context("mtpAddress", digits)(i)?;
    match hex_octets(digits) {
        Some(octets) if (4..=8).contains(&digits.len()) => Ok((rest, MId::Mtp(octets))),
        Some(_) | None => fail(i, "mtpAddress"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> Option<String> {
        let (rest, mid) = read(name.as_bytes()).ok()?;
        rest.is_empty().then(|| mid.to_string())
    }

    #[test]
    fn every_form_is_read_and_displayed() {
        for name in [
            "[192.0.2.1]:2944",
            "[192.0.2.1]",
            "[2001:db8::7]:1",
            "<gw_1.example.net>:65535",
            "<gw>",
            "gw/rack1/mg7",
            "mgc/1@x.example",
            "MTP{0A12}",
            "198.51.100.22",
            "MTP",
        ] {
            assert_eq!(written(name).as_deref(), Some(name));
        }
        assert_eq!(written("[010.001.2.003]").as_deref(), Some("[10.1.2.3]"));
        assert_eq!(written("mtp { 12345 }").as_deref(), Some("MTP{012345}"));
    }

    #[test]
    fn what_is_no_address_or_name_is_refused() {
        for name in [
            "",
            "[]",
            "[1.2.3]",
            "[1.2.3.256]",
            "[::1",
            "<>",
            "<->",
            "<a b>",
            "MTP{123}",
            "<a>:65536",
            "[1.2.3.4]:",
            "-x",
            "MTP{123456789}",
        ] {
            assert_eq!(written(name), None, "{name}");
        }
    }
}
