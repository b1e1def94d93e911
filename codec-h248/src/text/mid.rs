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
    error::{Parsed, fail},
    lex::{domain_run, glued_uint16, glued_word, hex_octets, is_path, lwsp, next_is, spaces},
    reading::Reading,
    token::Token,
    write::Writer,
};
use crate::{Host, MId};
/// `mId`, with nothing eaten after it.
pub(super) fn glued<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MId<'a>> {
    match i.first() {
        Some(b'[') => {
            let (rest, host) = address(i, reading)?;
            let (rest, port) = port(rest)?;
            Ok((rest, MId::Address { host, port }))
        }
        Some(b'<') => {
            let (rest, name) = domain(i, reading)?;
            let (rest, port) = port(rest)?;
            Ok((rest, MId::Domain { name, port }))
        }
        Some(_) | None => mtp_or_device(i, reading),
    }
}

/// `mId`
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MId<'a>> {
    let (rest, mid) = glued(i, reading)?;
    Ok((lwsp(rest), mid))
}

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
        return fail(rest, rule);
    }
    Ok((&rest[1..], inside))
}

/// `domainAddress`
fn address<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Host> {
    let legal = |octet: u8| octet.is_ascii_hexdigit() || matches!(octet, b'.' | b':');
    let length = i[1..].iter().take_while(|&&octet| legal(octet)).count();
    let (rest, octets) = enclosed(i, length, b']', "domainAddress")?;
    let ip = match ipv4(octets) {
        Some(ip) => Some(IpAddr::V4(ip)),
        None => ipv6(octets, reading),
    };
    match ip {
        Some(ip) => Ok((rest, Host(ip))),
        None => fail(i, "domainAddress"),
    }
}

fn ipv6<'a>(octets: &'a [u8], reading: &Reading<'a>) -> Option<IpAddr> {
    let text = reading.text_if_any(octets)?;
    let parsed = text.parse::<Ipv6Addr>().ok();
    parsed.or_else(|| with_ipv4_tail(text)).map(IpAddr::V6)
}

/// An IPv6 address that ends in an IPv4 address, whose numbers may have leading zeros.
fn with_ipv4_tail(text: &str) -> Option<Ipv6Addr> {
    let (head, tail) = text.rsplit_once(':')?;
    let tail = ipv4(tail.as_bytes())?;
    format!("{head}:{tail}").parse().ok()
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

/// `domainName`
fn domain<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Cow<'a, str>> {
    let (rest, name) = enclosed(i, domain_run(&i[1..]), b'>', "domainName")?;
    if name.len() > 64 || !name.first().is_some_and(u8::is_ascii_alphanumeric) {
        return fail(i, "domainName");
    }
    Ok((rest, Cow::Borrowed(reading.text(name))))
}

/// `mtpAddress` or `deviceName`: `MTP` is the former where a brace follows.
fn mtp_or_device<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, MId<'a>> {
    let (rest, found) = glued_word(i, "mId")?;
    if next_is(lwsp(rest), b'{') && Token::read(found) == Some(Token::Mtp) {
        return mtp(lwsp(&lwsp(rest)[1..]));
    }
    if !is_path(found) {
        return fail(i, "mId");
    }
    Ok((rest, MId::Device(Cow::Borrowed(reading.text(found)))))
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

/// `mId`
pub(super) fn write(w: &mut Writer<'_>, mid: &MId<'_>) {
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
        MId::Mtp(_) => return w.display(mid),
    };
    if let Some(port) = port {
        w.sign(b':');
        w.number(*port);
    }
}

fn write_address(w: &mut Writer<'_>, ip: IpAddr) {
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
        let reading = Reading::new(name.as_bytes(), &Limits::default());
        let (rest, mid) = read(name.as_bytes(), &reading).ok()?;
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
