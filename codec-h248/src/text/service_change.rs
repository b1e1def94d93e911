//! Services (H.248.1 Annex B.2 `serviceChangeDescriptor`, `serviceChangeReplyDescriptor`).

use std::borrow::Cow;

use super::{
    audit,
    error::{Parsed, Read, fail, wrong},
    form::Form,
    lex::{glued_two_digits, glued_uint16, is_extension, is_safe, lwsp, safe_run, spaces},
    mid,
    reader::{Reader, fill, push},
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
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeDescriptor<'a>> {
    let start = r.rest();
    let mut shared = ServiceChangeReplyDescriptor::default();
    let mut own = RequestParts::default();
    r.each(|r| request_parm(r, &mut own, &mut shared))?;
    let Some(method) = own.method else {
        return fail(start, "serviceChangeMethod");
    };
    let Some(reason) = own.reason else {
        return fail(start, "serviceChangeReason");
    };
    address_or_mgc_id(start, &shared)?;
    Ok(ServiceChangeDescriptor {
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
    })
}

/// `serviceChangeReplyDescriptor` behind its keyword.
pub(super) fn read_reply<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeReplyDescriptor<'a>> {
    let start = r.rest();
    let mut services = ServiceChangeReplyDescriptor::default();
    r.each_or_none("serviceChangeReplyDescriptor", |r| {
        let at = r.rest();
        if time_stamp::may_follow(r) {
            return read_time_stamp(r, &mut services);
        }
        // What is no word is no parameter either.
        let token = r.keyword("servChgReplyParm")?;
        match shared_parm(r, at, token, &mut services) {
            Some(read) => read,
            None => fail(at, "servChgReplyParm"),
        }
    })?;
    address_or_mgc_id(start, &services)?;
    Ok(services)
}

/// Address and MgcIdToTry exclude each other.
fn address_or_mgc_id<'a>(
    at: &'a [u8],
    services: &ServiceChangeReplyDescriptor<'_>,
) -> Read<'a, ()> {
    if services.address.is_some() && services.mgc_id.is_some() {
        let rule = "serviceChangeAddress or serviceChangeMgcId";
        return Err(wrong(at, Expected::Once(rule)));
    }
    Ok(())
}

/// `TimeStamp`
fn read_time_stamp<'a>(
    r: &mut Reader<'a>,
    services: &mut ServiceChangeReplyDescriptor<'a>,
) -> Read<'a, ()> {
    let at = r.rest();
    fill(
        &mut services.time_stamp,
        at,
        "TimeStamp",
        time_stamp::read(r),
    )
}

/// `serviceChangeParm`
fn request_parm<'a>(
    r: &mut Reader<'a>,
    own: &mut RequestParts<'a>,
    shared: &mut ServiceChangeReplyDescriptor<'a>,
) -> Read<'a, ()> {
    if time_stamp::may_follow(r) {
        return read_time_stamp(r, shared);
    }
    let at = r.rest();
    let token = r.keyword("serviceChangeParm")?;
    if let Some(read) = shared_parm(r, at, token, shared) {
        return read;
    }
    match token {
        Some(Token::Method) => fill(&mut own.method, at, "serviceChangeMethod", method(r)),
        Some(Token::Reason) => fill(&mut own.reason, at, "serviceChangeReason", reason(r)),
        Some(Token::Delay) => fill(&mut own.delay_s, at, "serviceChangeDelay", delay(r)),
        Some(Token::ServiceChangeInc) => {
            if std::mem::replace(&mut own.incomplete, true) {
                let what = "ServiceChangeIncomplete more than once";
                r.takes(at, "serviceChangeParm", what);
            }
            Ok(())
        }
        _ => other_parm(r, at, own),
    }
}

/// `extension` or what an audit of the Termination would ask for, whose word stands at `at` and has been read.
fn other_parm<'a>(r: &mut Reader<'a>, at: &'a [u8], own: &mut RequestParts<'a>) -> Read<'a, ()> {
    if let Some(name) = extension(at) {
        let value = parm_value(r)?;
        own.extensions.push((Cow::Borrowed(r.text(name)), value));
        return Ok(());
    }
    r.go_to(at);
    push(&mut own.info, audit::item(r))
}

/// The word that comes first, where it names an extension.
fn extension(at: &[u8]) -> Option<&[u8]> {
    let word = &at[..safe_run(at)];
    is_extension(word).then_some(word)
}

/// `serviceChangeReason` behind its keyword.
fn reason<'a>(r: &mut Reader<'a>) -> Read<'a, Value<'a>> {
    r.equal()?;
    value(r)
}

/// `serviceChangeDelay` behind its keyword.
fn delay<'a>(r: &mut Reader<'a>) -> Read<'a, u32> {
    r.equal()?;
    r.uint32("serviceChangeDelay")
}

/// What requests and replies both have, behind this keyword, which stands at `at`; nothing for
/// another.
fn shared_parm<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    services: &mut ServiceChangeReplyDescriptor<'a>,
) -> Option<Read<'a, ()>> {
    let read = match token {
        Some(Token::ServiceChangeAddress) => {
            let address = r.equal().and_then(|()| address(r));
            fill(&mut services.address, at, "serviceChangeAddress", address)
        }
        Some(Token::MgcIdToTry) => {
            let mgc_id = r.equal().and_then(|()| mid::read(r));
            fill(&mut services.mgc_id, at, "serviceChangeMgcId", mgc_id)
        }
        Some(Token::Profile) => {
            let profile = r.equal().and_then(|()| profile(r));
            fill(&mut services.profile, at, "serviceChangeProfile", profile)
        }
        Some(Token::Version) => {
            let version = r.equal().and_then(|()| r.take(version));
            fill(&mut services.version, at, "serviceChangeVersion", version)
        }
        _ => return None,
    };
    Some(read)
}

/// `serviceChangeMethod` behind its keyword.
fn method<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeMethod<'a>> {
    r.equal()?;
    let at = r.rest();
    let token = r.keyword("serviceChangeMethod")?;
    let known = METHODS.iter().find(|(name, _)| token == Some(*name));
    if let Some((_, method)) = known {
        return Ok(method.clone());
    }
    match extension(at) {
        Some(name) => Ok(ServiceChangeMethod::Extension(Cow::Borrowed(r.text(name)))),
        None => fail(at, "serviceChangeMethod"),
    }
}

/// `portNumber`, or `mId`: digits alone are a port.
fn address<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeAddress<'a>> {
    if let Ok((rest, port)) = glued_uint16(r.rest(), "portNumber")
        && !rest.first().is_some_and(|&octet| is_safe(octet))
    {
        r.go_to(lwsp(rest));
        return Ok(ServiceChangeAddress::Port(port));
    }
    Ok(ServiceChangeAddress::MId(mid::read(r)?))
}

/// `NAME SLASH Version`
fn profile<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeProfile<'a>> {
    let at = r.rest();
    let found = r.word("serviceChangeProfile")?;
    match split_profile(found, r) {
        Some(profile) => Ok(profile),
        None => fail(at, "serviceChangeProfile"),
    }
}

fn split_profile<'a>(word: &'a [u8], r: &Reader<'a>) -> Option<ServiceChangeProfile<'a>> {
    let slash = word.iter().position(|&octet| octet == b'/')?;
    let name = Some(&word[..slash]).filter(|name| is_name(name))?;
    let (rest, version) = glued_two_digits(&word[slash + 1..], "Version").ok()?;
    rest.is_empty().then(|| ServiceChangeProfile {
        name: Name::from(r.text(name)),
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
pub(super) fn write(w: &mut Writer<'_, impl Form>, services: &ServiceChangeDescriptor<'_>) {
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

fn write_method(w: &mut Writer<'_, impl Form>, method: &ServiceChangeMethod<'_>) {
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
pub(super) fn write_reply(
    w: &mut Writer<'_, impl Form>,
    services: &ServiceChangeReplyDescriptor<'_>,
) {
    w.token(Token::Services);
    w.open();
    write_address(w, services.address.as_ref());
    write_mgc_id(w, services.mgc_id.as_ref());
    write_version_and_profile(w, services.version, services.profile.as_ref());
    write_time_stamp(w, services.time_stamp);
    w.close();
}

fn write_address(w: &mut Writer<'_, impl Form>, address: Option<&ServiceChangeAddress<'_>>) {
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

fn write_mgc_id(w: &mut Writer<'_, impl Form>, mgc_id: Option<&MId<'_>>) {
    if let Some(mgc_id) = mgc_id {
        w.item();
        w.key(Token::MgcIdToTry);
        mid::write(w, mgc_id);
    }
}

fn write_version_and_profile(
    w: &mut Writer<'_, impl Form>,
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

fn write_time_stamp(w: &mut Writer<'_, impl Form>, time_stamp: Option<TimeStamp>) {
    if let Some(time_stamp) = time_stamp {
        w.item();
        time_stamp::write(w, time_stamp);
    }
}
