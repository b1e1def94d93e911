//! Message identifiers (H.248.1 Annex B.2 `mId`).

use std::{
    borrow::Cow,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use nom::{
    bytes::complete::{tag, take_while1},
    error::context,
    sequence::terminated,
};

use super::{
    error::{Parsed, Read, fail, fail_word},
    form::Form,
    lex::{domain_run, glued_uint16, glued_word, hex_octets, is_path, lwsp, next_is, spaces},
    reader::Reader,
    token::Token,
    write::Writer,
};
use crate::{Host, MId};

/// `mId`, with nothing eaten after it.
#[inline(always)]
pub(super) fn glued<'a>(r: &mut Reader<'a>) -> Read<'a, MId<'a>> {
    match r.rest().first() {
        Some(b'[') => r.take(address),
        Some(b'<') => domain_and_port(r),
        Some(_) | None => mtp_or_device(r),
    }
}

/// `mId`
#[inline(never)]
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, MId<'a>> {
    let mid = glued(r)?;
    r.go_to(lwsp(r.rest()));
    Ok(mid)
}

/// `domainAddress` and what port it has.
#[inline(always)]
fn address(i: &[u8]) -> Parsed<'_, MId<'_>> {
    let (rest, host) = match ipv4(&i[1..]) {
        Some((ip, [b']', rest @ ..])) => (rest, Host(IpAddr::V4(ip))),
        Some(_) | None => domain_address(i)?,
    };
    let (rest, port) = port(rest)?;
    Ok((rest, MId::Address { host, port }))
}

#[inline(always)]
fn port(i: &[u8]) -> Parsed<'_, Option<u16>> {
    if !next_is(i, b':') {
        return Ok((i, None));
    }
    let (rest, port) = glued_uint16(&i[1..], "portNumber")?;
    Ok((rest, Some(port)))
}

/// So many octets behind the first, and what follows `close` behind them.
#[inline]
fn enclosed<'a>(i: &'a [u8], length: usize, close: u8, rule: &'static str) -> Parsed<'a, &'a [u8]> {
    let (inside, rest) = i[1..].split_at(length);
    if !next_is(rest, close) {
        return fail_word(rest, rule);
    }
    Ok((&rest[1..], inside))
}

/// `domainAddress` of an IPv6 address.
#[inline(never)]
fn domain_address(i: &[u8]) -> Parsed<'_, Host> {
    let legal = |octet: u8| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':');
    let length = i[1..].iter().take_while(|&&octet| legal(octet)).count();
    let (rest, octets) = enclosed(i, length, b']', "domainAddress")?;
    match ipv6(octets) {
        Some(ip) => Ok((rest, Host(IpAddr::V6(ip)))),
        None => fail_word(i, "domainAddress"),
    }
}

fn ipv6(octets: &[u8]) -> Option<Ipv6Addr> {
    let text = std::str::from_utf8(octets).ok()?;
    let parsed = text.parse().ok();
    parsed.or_else(|| with_ipv4_tail(text))
}

/// An IPv6 address that ends in an IPv4 address, whose numbers may have leading zeros.
fn with_ipv4_tail(text: &str) -> Option<Ipv6Addr> {
    let (head, tail) = text.rsplit_once(':')?;
    let (ip, _) = ipv4(tail.as_bytes()).filter(|(_, rest)| rest.is_empty())?;
    format!("{head}:{ip}").parse().ok()
}

/// `IPv4address`, whose numbers may have leading zeros and are decimal all the same, and what
/// follows it.
#[inline]
fn ipv4(mut i: &[u8]) -> Option<(Ipv4Addr, &[u8])> {
    let mut address = 0;
    for place in 0..4 {
        if place > 0 {
            i = i.strip_prefix(b".")?;
        }
        let (rest, part) = part_of_ipv4(i)?;
        address = address << 8 | part;
        i = rest;
    }
    Some((Ipv4Addr::from_bits(address), i))
}

/// One to three digits, and what follows them.
#[inline]
fn part_of_ipv4(i: &[u8]) -> Option<(&[u8], u32)> {
    let mut part = 0;
    let mut rest = i;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        part = part * 10 + u32::from(digit & 15);
        rest = after;
        if part > 255 || i.len() - rest.len() > 3 {
            return None;
        }
    }
    (rest.len() < i.len()).then_some((rest, part))
}

/// `domainName` and what port it has.
#[inline(always)]
fn domain_and_port<'a>(r: &mut Reader<'a>) -> Read<'a, MId<'a>> {
    Ok(MId::Domain {
        name: domain(r)?,
        port: r.take(port)?,
    })
}

/// `domainName`
#[inline(always)]
fn domain<'a>(r: &mut Reader<'a>) -> Read<'a, Cow<'a, str>> {
    let at = r.rest();
    let length = domain_run(&at[1..]);
    let name = r.take(|i| enclosed(i, length, b'>', "domainName"))?;
    if name.len() > 64 || !name.first().is_some_and(u8::is_ascii_alphanumeric) {
        return fail(at, "domainName");
    }
    Ok(Cow::Borrowed(r.text(name)))
}

/// `mtpAddress` or `deviceName`: `MTP` is the former where a brace follows.
fn mtp_or_device<'a>(r: &mut Reader<'a>) -> Read<'a, MId<'a>> {
    let at = r.rest();
    let found = r.take(|i| glued_word(i, "mId"))?;
    let behind = lwsp(r.rest());
    if next_is(behind, b'{') && Token::read(found) == Some(Token::Mtp) {
        r.go_to(lwsp(&behind[1..]));
        return r.take(mtp);
    }
    if !is_path(found) {
        return fail(at, "mId");
    }
    Ok(MId::Device(Cow::Borrowed(r.text(found))))
}

/// What stands in the braces of `mtpAddress`, and the closing one.
fn mtp(i: &[u8]) -> Parsed<'_, MId<'_>> {
    let digits = take_while1(|octet: u8| octet.is_ascii_hexdigit());
    let digits = terminated(terminated(digits, spaces), tag("}"));
    let (rest, digits) = context("mtpAddress", digits)(i)?;
    match hex_octets(digits) {
        Some(octets) if (4..=8).contains(&digits.len()) => Ok((rest, MId::Mtp(octets))),
        Some(_) | None => fail_word(i, "mtpAddress"),
    }
}

/// `mId`
pub(super) fn write(w: &mut Writer<'_, impl Form>, mid: &MId<'_>) {
    let port = match mid {
        MId::Address { host, port } => {
            w.sign(b'[');
            write_address(w, host.0);
            w.sign(b']');
            port
        }
        MId::Domain { name, port } => {
            w.sign(b'<');
            w.text(name);
            w.sign(b'>');
            port
        }
        MId::Device(name) => return w.text(name),
        MId::Mtp(octets) => {
            w.text("MTP{");
            w.hex(octets);
            return w.sign(b'}');
        }
    };
    if let Some(port) = port {
        w.sign(b':');
        w.number(*port);
    }
}

fn write_address(w: &mut Writer<'_, impl Form>, ip: IpAddr) {
    match ip {
        IpAddr::V4(ip) => {
            for (place, part) in ip.octets().into_iter().enumerate() {
                if place > 0 {
                    w.sign(b'.');
                }
                w.number(part);
            }
        }
        IpAddr::V6(ip) => w.display(ip),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    fn written(name: &str) -> Option<String> {
        let mut r = Reader::new(name.as_bytes(), &Limits::default());
        let mid = read(&mut r).ok()?;
        r.rest().is_empty().then(|| mid.to_string())
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
