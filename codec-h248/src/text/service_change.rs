//! Services (H.248.1 Annex B.2 `serviceChangeDescriptor`, `serviceChangeReplyDescriptor`).

use std::borrow::Cow;

use super::{
    audit,
    error::{Parsed, fail, wrong},
    lex::{
        equal, glued_two_digits, glued_uint16, is_extension, is_safe, lwsp, spaces, uint32, word,
    },
    mid,
    reading::{Reading, fill, keyword, push},
    time_stamp,
    token::Token,
    value::{parm_value, value, write_parm_value, write_value},
    write::Writer,
};
use crate::{
    Expected, MId, Name, ParmValue, TimeStamp, Value,
    descriptor::{
        AuditItem, ServiceChangeAddress, ServiceChangeDescriptor, ServiceChangeMethod,
        ServiceChangeProfile, ServiceChangeReplyDescriptor,
    },
    name::is_name,
};

/// `serviceChangeMethod`, but for extensions.
const METHODS: &[(Token, ServiceChangeMethod<'static>)] = &[
    (Token::Failover, ServiceChangeMethod::Failover),
    (Token::Forced, ServiceChangeMethod::Forced),
    (Token::Graceful, ServiceChangeMethod::Graceful),
    (Token::Restart, ServiceChangeMethod::Restart),
    (Token::Disconnected, ServiceChangeMethod::Disconnected),
    (Token::HandOff, ServiceChangeMethod::HandOff),
];

/// What only a request has.
#[derive(Default)]
struct RequestParts<'a> {
    method: Option<ServiceChangeMethod<'a>>,
    reason: Option<Value<'a>>,
    delay_s: Option<u32>,
    incomplete: bool,
    info: Vec<AuditItem<'a>>,
    extensions: Vec<(Cow<'a, str>, ParmValue<'a>)>,
}

/// `serviceChangeDescriptor` in a command's braces, behind its keyword.
pub(super) fn read<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ServiceChangeDescriptor<'a>> {
    let mut shared = ServiceChangeReplyDescriptor::default();
    let mut own = RequestParts::default();
    let (rest, ()) = reading.each(i, |i| request_parm(i, reading, &mut own, &mut shared))?;
    let Some(method) = own.method else {
        return fail(i, "serviceChangeMethod");
    };
    let Some(reason) = own.reason else {
        return fail(i, "serviceChangeReason");
    };
    address_or_mgc_id(i, &shared)?;
    let services = ServiceChangeDescriptor {
        method,
        reason,
        delay_s: own.delay_s,
        address: shared.address,
        profile: shared.profile,
        version: shared.version,
        mgc_id: shared.mgc_id,
        time_stamp: shared.time_stamp,
        incomplete: own.incomplete,
        info: own.info,
        extensions: own.extensions,
        non_standard: None,
    };
    Ok((rest, services))
}

/// `serviceChangeReplyDescriptor` behind its keyword.
pub(super) fn read_reply<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ServiceChangeReplyDescriptor<'a>> {
    let mut services = ServiceChangeReplyDescriptor::default();
    let (rest, ()) =
        reading.each_or_none(i, "serviceChangeReplyDescriptor", |i| {
            match shared_parm(i, reading, &mut services) {
                Some(parsed) => parsed,
                None => fail(i, "servChgReplyParm"),
            }
        })?;
    address_or_mgc_id(i, &services)?;
    Ok((rest, services))
}

/// Address and MgcIdToTry exclude each other.
fn address_or_mgc_id<'a>(
    i: &'a [u8],
    services: &ServiceChangeReplyDescriptor<'_>,
) -> Parsed<'a, ()> {
    if services.address.is_some() && services.mgc_id.is_some() {
        let rule = "serviceChangeAddress or serviceChangeMgcId";
        return Err(wrong(i, Expected::Once(rule)));
    }
    Ok((i, ()))
}

/// `serviceChangeParm`
fn request_parm<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    own: &mut RequestParts<'a>,
    shared: &mut ServiceChangeReplyDescriptor<'a>,
) -> Parsed<'a, ()> {
    if let Some(parsed) = shared_parm(i, reading, shared) {
        return parsed;
    }
    let (after, found) = word(i, "serviceChangeParm")?;
    match Token::read(found) {
        Some(Token::Method) => fill(
            &mut own.method,
            i,
            "serviceChangeMethod",
            method(after, reading),
        ),
        Some(Token::Reason) => {
            let reason = equal(after).and_then(|(i, ())| value(i, reading));
            fill(&mut own.reason, i, "serviceChangeReason", reason)
        }
        Some(Token::Delay) => {
            let delay = equal(after).and_then(|(i, ())| uint32(i, "serviceChangeDelay"));
            fill(&mut own.delay_s, i, "serviceChangeDelay", delay)
        }
        Some(Token::ServiceChangeInc) => {
            own.incomplete = true;
            Ok((after, ()))
        }
        None if is_extension(found) => {
            let (rest, value) = parm_value(after, reading)?;
            own.extensions
                .push((Cow::Borrowed(reading.text(found)), value));
            Ok((rest, ()))
        }
        _ => push(&mut own.info, audit::item(i, reading)),
    }
}

/// What requests and replies both have; nothing for another keyword.
fn shared_parm<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    services: &mut ServiceChangeReplyDescriptor<'a>,
) -> Option<Parsed<'a, ()>> {
    if time_stamp::may_follow(i) {
        let time_stamp = time_stamp::read(i);
        return Some(fill(&mut services.time_stamp, i, "TimeStamp", time_stamp));
    }
    let (after, token) = keyword(i, "serviceChangeParm").ok()?;
    match token {
        Some(Token::ServiceChangeAddress) => {
            let found = equal(after).and_then(|(i, ())| address(i, reading));
            Some(fill(
                &mut services.address,
                i,
                "serviceChangeAddress",
                found,
            ))
        }
        Some(Token::MgcIdToTry) => {
            let found = equal(after).and_then(|(i, ())| mid::read(i, reading));
            Some(fill(&mut services.mgc_id, i, "serviceChangeMgcId", found))
        }
        Some(Token::Profile) => {
            let found = equal(after).and_then(|(i, ())| profile(i, reading));
            Some(fill(
                &mut services.profile,
                i,
                "serviceChangeProfile",
                found,
            ))
        }
        Some(Token::Version) => {
            let found = equal(after).and_then(|(i, ())| version(i));
            Some(fill(
                &mut services.version,
                i,
                "serviceChangeVersion",
                found,
            ))
        }
        _ => None,
    }
}

/// `serviceChangeMethod` behind its keyword.
fn method<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ServiceChangeMethod<'a>> {
    let (i, ()) = equal(i)?;
    let (rest, found) = word(i, "serviceChangeMethod")?;
    let token = Token::read(found);
    let known = METHODS.iter().find(|(name, _)| token == Some(*name));
    match known {
        Some((_, method)) => Ok((rest, method.clone())),
        None if is_extension(found) => {
            let name = Cow::Borrowed(reading.text(found));
            Ok((rest, ServiceChangeMethod::Extension(name)))
        }
        None => fail(i, "serviceChangeMethod"),
    }
}

/// `portNumber`, or `mId`: digits alone are a port.
fn address<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ServiceChangeAddress<'a>> {
    if let Ok((rest, port)) = glued_uint16(i, "portNumber")
        && !rest.first().is_some_and(|&octet| is_safe(octet))
    {
        return Ok((lwsp(rest), ServiceChangeAddress::Port(port)));
    }
    let (rest, mid) = mid::read(i, reading)?;
    Ok((rest, ServiceChangeAddress::MId(mid)))
}

/// `NAME SLASH Version`
fn profile<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ServiceChangeProfile<'a>> {
    let (rest, found) = word(i, "serviceChangeProfile")?;
    match split_profile(found, reading) {
        Some(profile) => Ok((rest, profile)),
        None => fail(i, "serviceChangeProfile"),
    }
}

fn split_profile<'a>(word: &'a [u8], reading: &Reading<'a>) -> Option<ServiceChangeProfile<'a>> {
    let slash = word.iter().position(|&octet| octet == b'/')?;
    let name = Some(&word[..slash]).filter(|name| is_name(name))?;
    let (rest, version) = glued_two_digits(&word[slash + 1..], "Version").ok()?;
    rest.is_empty().then(|| ServiceChangeProfile {
        name: Name::from(reading.text(name)),
        version,
    })
}

/// `Version`
fn version(i: &[u8]) -> Parsed<'_, u8> {
    let (rest, version) = glued_two_digits(i, "Version")?;
    let (rest, ()) = spaces(rest)?;
    Ok((rest, version))
}

/// `serviceChangeDescriptor`
pub(super) fn write(w: &mut Writer<'_>, services: &ServiceChangeDescriptor<'_>) {
    w.token(Token::Services);
    w.open();
    w.item();
    write_method(w, &services.method);
    w.item();
    w.key(Token::Reason);
    write_value(w, &services.reason);
    if let Some(delay_s) = services.delay_s {
        w.item();
        w.pair(Token::Delay, delay_s);
    }
    write_address(w, services.address.as_ref());
    write_mgc_id(w, services.mgc_id.as_ref());
    write_version_and_profile(w, services.version, services.profile.as_ref());
    write_time_stamp(w, services.time_stamp);
    if services.incomplete {
        w.item();
        w.token(Token::ServiceChangeInc);
    }
    for item in &services.info {
        w.item();
        audit::write_item(w, item);
    }
    for (name, value) in &services.extensions {
        w.item();
        w.text(name);
        write_parm_value(w, value);
    }
    w.close();
}

fn write_method(w: &mut Writer<'_>, method: &ServiceChangeMethod<'_>) {
    w.key(Token::Method);
    let known = METHODS.iter().find(|(_, known)| known == method);
    match (known, method) {
        (Some((token, _)), _) => w.token(*token),
        (None, ServiceChangeMethod::Extension(name)) => w.text(name),
        (
            None,
            ServiceChangeMethod::Failover
            | ServiceChangeMethod::Forced
            | ServiceChangeMethod::Graceful
            | ServiceChangeMethod::Restart
            | ServiceChangeMethod::Disconnected
            | ServiceChangeMethod::HandOff,
        ) => {}
    }
}

/// `serviceChangeReplyDescriptor`
pub(super) fn write_reply(w: &mut Writer<'_>, services: &ServiceChangeReplyDescriptor<'_>) {
    w.token(Token::Services);
    w.open();
    write_address(w, services.address.as_ref());
    write_mgc_id(w, services.mgc_id.as_ref());
    write_version_and_profile(w, services.version, services.profile.as_ref());
    write_time_stamp(w, services.time_stamp);
    w.close();
}

fn write_address(w: &mut Writer<'_>, address: Option<&ServiceChangeAddress<'_>>) {
    let Some(address) = address else {
        return;
    };
    w.item();
    w.key(Token::ServiceChangeAddress);
    match address {
        ServiceChangeAddress::Port(port) => w.number(*port),
        ServiceChangeAddress::MId(mid) => mid::write(w, mid),
    }
}

fn write_mgc_id(w: &mut Writer<'_>, mgc_id: Option<&MId<'_>>) {
    if let Some(mgc_id) = mgc_id {
        w.item();
        w.key(Token::MgcIdToTry);
        mid::write(w, mgc_id);
    }
}

fn write_version_and_profile(
    w: &mut Writer<'_>,
    version: Option<u8>,
    profile: Option<&ServiceChangeProfile<'_>>,
) {
    if let Some(version) = version {
        w.item();
        w.pair(Token::Version, version);
    }
    if let Some(profile) = profile {
        w.item();
        w.key(Token::Profile);
        w.text(profile.name.as_str());
        w.sign(b'/');
        w.number(profile.version);
    }
}

fn write_time_stamp(w: &mut Writer<'_>, time_stamp: Option<TimeStamp>) {
    if let Some(time_stamp) = time_stamp {
        w.item();
        time_stamp::write(w, time_stamp);
    }
}
