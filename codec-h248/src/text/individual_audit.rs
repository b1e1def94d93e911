//! Parts of descriptors in an audit (H.248.1 Annex B.2 `indAudterminationAudit`, version 2).

use super::{
    error::{Read, fail},
    events::request_id,
    form::Form,
    media::{stream_id, write_stream_id},
    packages,
    reader::{Reader, fill},
    signals,
    token::Token,
    value::{package_item, write_package_item},
    write::{Put, Writer},
};
use crate::{
    PackageItem,
    descriptor::{AuditItem, IndividualEventSpec, RequestId, Signal},
};

pub(super) use super::individual_media::write as write_media;

/// `indAudauditReturnParameter` behind this keyword, which stands at `at`.
pub(super) fn read<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
) -> Read<'a, AuditItem<'a>> {
    match token {
        Some(Token::Media) => Ok(AuditItem::IndividualMedia(super::individual_media::read(
            r,
        )?)),
        Some(Token::Events) => events(r),
        Some(Token::EventBuffer) => Ok(AuditItem::IndividualEventBuffer(r.in_braces(event_spec)?)),
        Some(Token::Signals) => signals_item(r),
        Some(Token::DigitMap) => {
            r.equal()?;
            Ok(AuditItem::IndividualDigitMap(r.name("digitMapName")?))
        }
        Some(Token::Statistics) => Ok(AuditItem::IndividualStatistic(r.in_braces(package_item)?)),
        Some(Token::Packages) => Ok(AuditItem::IndividualPackage(r.in_braces(packages::item)?)),
        _ => fail(at, "auditItem"),
    }
}

/// `indAudeventsDescriptor` behind its keyword.
fn events<'a>(r: &mut Reader<'a>) -> Read<'a, AuditItem<'a>> {
    let id = if r.next_is(b'=') {
        Some(request_id(r)?)
    } else {
        None
    };
    Ok(AuditItem::IndividualEvents(id, r.in_braces(package_item)?))
}

/// `indAudeventSpec`
fn event_spec<'a>(r: &mut Reader<'a>) -> Read<'a, IndividualEventSpec<'a>> {
    let name = package_item(r)?;
    let mut stream = None;
    let mut parameter = None;
    r.each_if_any("indAudeventSpec", |r| {
        let at = r.rest();
        if r.keyword("indAudeventSpecParameter")? == Some(Token::Stream) {
            return fill(&mut stream, at, "eventStream", stream_id(r));
        }
        r.go_to(at);
        let rule = "eventParameterName";
        fill(&mut parameter, at, rule, r.name(rule))
    })?;
    Ok(IndividualEventSpec {
        name,
        stream,
        parameter,
    })
}

/// `indAudsignalsDescriptor` behind its keyword.
fn signals_item<'a>(r: &mut Reader<'a>) -> Read<'a, AuditItem<'a>> {
    if r.empty_braces() {
        return Ok(AuditItem::IndividualSignalsEmpty);
    }
    let mut item = None;
    r.each(|r| {
        let at = r.rest();
        let found = if r.keyword("indAudsignalParm")? == Some(Token::SignalList) {
            signal_list(r)
        } else {
            r.go_to(at);
            signals::signal(r).map(AuditItem::IndividualSignal)
        };
        fill(&mut item, at, "indAudsignalParm", found)
    })?;
    Ok(item.unwrap_or(AuditItem::IndividualSignalsEmpty))
}

/// `indAudsignalList` behind its keyword.
fn signal_list<'a>(r: &mut Reader<'a>) -> Read<'a, AuditItem<'a>> {
    let id = r.equal_uint16("signalListId")?;
    let signal = if r.next_is(b'{') {
        Some(r.in_braces(signals::signal)?)
    } else {
        None
    };
    Ok(AuditItem::IndividualSignalList(id, signal))
}

pub(super) fn write_events(
    w: &mut Writer<'_, impl Form>,
    id: Option<RequestId>,
    name: &PackageItem<'_>,
) {
    w.token(Token::Events);
    if let Some(id) = id {
        w.equal();
        id.put(w);
    }
    w.block([name], write_package_item);
}

pub(super) fn write_event_buffer(w: &mut Writer<'_, impl Form>, spec: &IndividualEventSpec<'_>) {
    w.token(Token::EventBuffer);
    w.block([spec], |w, spec| {
        write_package_item(w, &spec.name);
        w.open();
        if let Some(stream) = spec.stream {
            w.item();
            write_stream_id(w, stream);
        }
        if let Some(parameter) = &spec.parameter {
            w.item();
            w.text(parameter.as_str());
        }
        w.close_if_any();
    });
}

pub(super) fn write_signals<F: Form>(
    w: &mut Writer<'_, F>,
    inner: impl FnOnce(&mut Writer<'_, F>),
) {
    w.token(Token::Signals);
    w.open();
    inner(w);
    w.close();
}

pub(super) fn write_signal_list(
    w: &mut Writer<'_, impl Form>,
    id: u16,
    signal: Option<&Signal<'_>>,
) {
    w.pair(Token::SignalList, id);
    if let Some(signal) = signal {
        w.block([signal], signals::write_signal);
    }
}

pub(super) fn write_statistic(w: &mut Writer<'_, impl Form>, name: &PackageItem<'_>) {
    w.token(Token::Statistics);
    w.block([name], write_package_item);
}
