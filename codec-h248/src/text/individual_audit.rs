//! Parts of descriptors in an audit (H.248.1 Annex B.2 `indAudterminationAudit`, version 2).

use super::{
    error::{Parsed, fail},
    events::request_id,
    lex::{empty_braces, equal, name, next_is},
    media::{stream_id, write_stream_id},
    packages,
    reading::{Reading, fill, in_braces, keyword},
    signals,
    token::Token,
    value::{package_item, write_package_item},
    write::{Put, Writer},
};
use crate::{
    PackageItem,
    descriptor::{AuditItem, IndividualEventSpec, IndividualMedia, RequestId, Signal},
};

pub(super) use super::individual_media::write as write_media;

/// `indAudauditReturnParameter`
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditItem<'a>> {
    let (after, token) = keyword(i, "auditItem")?;
    match token {
        Some(Token::Media) => {
            let mut media = IndividualMedia::default();
            let (rest, ()) = super::individual_media::read(after, reading, &mut media)?;
            Ok((rest, AuditItem::IndividualMedia(media)))
        }
        Some(Token::Events) => events(after, reading),
        Some(Token::EventBuffer) => {
            let (rest, spec) = in_braces(after, |i| event_spec(i, reading))?;
            Ok((rest, AuditItem::IndividualEventBuffer(spec)))
        }
        Some(Token::Signals) => signals_item(after, reading),
        Some(Token::DigitMap) => {
            let (after, ()) = equal(after)?;
            let (rest, name) = name(after, "digitMapName", reading)?;
            Ok((rest, AuditItem::IndividualDigitMap(name)))
        }
        Some(Token::Statistics) => {
            let (rest, name) = in_braces(after, |i| package_item(i, reading))?;
            Ok((rest, AuditItem::IndividualStatistic(name)))
        }
        Some(Token::Packages) => {
            let (rest, package) = in_braces(after, |i| packages::item(i, reading))?;
            Ok((rest, AuditItem::IndividualPackage(package)))
        }
        _ => fail(i, "auditItem"),
    }
}

/// `indAudeventsDescriptor` behind its keyword.
fn events<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditItem<'a>> {
    let (i, id) = if next_is(i, b'=') {
        let (i, id) = request_id(i)?;
        (i, Some(id))
    } else {
        (i, None)
    };
    let (rest, name) = in_braces(i, |i| package_item(i, reading))?;
    Ok((rest, AuditItem::IndividualEvents(id, name)))
}

/// `indAudeventSpec`
fn event_spec<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, IndividualEventSpec<'a>> {
    let (i, name_of_event) = package_item(i, reading)?;
    let mut stream = None;
    let mut parameter = None;
    let (rest, ()) = reading.each_if_any(i, "indAudeventSpec", |i| {
        let (after, token) = keyword(i, "indAudeventSpecParameter")?;
        match token {
            Some(Token::Stream) => fill(&mut stream, i, "eventStream", stream_id(after)),
            _ => {
                let found = name(i, "eventParameterName", reading);
                fill(&mut parameter, i, "eventParameterName", found)
            }
        }
    })?;
    let spec = IndividualEventSpec {
        name: name_of_event,
        stream,
        parameter,
    };
    Ok((rest, spec))
}

/// `indAudsignalsDescriptor` behind its keyword.
fn signals_item<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditItem<'a>> {
    if let Some(rest) = empty_braces(i) {
        return Ok((rest, AuditItem::IndividualSignalsEmpty));
    }
    let mut item = None;
    let (rest, ()) = reading.each(i, |i| {
        let (after, token) = keyword(i, "indAudsignalParm")?;
        let found = match token {
            Some(Token::SignalList) => signal_list(after, reading),
            _ => signals::signal(i, reading)
                .map(|(rest, signal)| (rest, AuditItem::IndividualSignal(signal))),
        };
        fill(&mut item, i, "indAudsignalParm", found)
    })?;
    Ok((rest, item.unwrap_or(AuditItem::IndividualSignalsEmpty)))
}

/// `indAudsignalList` behind its keyword.
fn signal_list<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditItem<'a>> {
    let (i, id) = signals::signal_list_id(i)?;
    if !next_is(i, b'{') {
        return Ok((i, AuditItem::IndividualSignalList(id, None)));
    }
    let (rest, signal) = in_braces(i, |i| signals::signal(i, reading))?;
    Ok((rest, AuditItem::IndividualSignalList(id, Some(signal))))
}

pub(super) fn write_events(w: &mut Writer<'_>, id: Option<RequestId>, name: &PackageItem<'_>) {
    w.token(Token::Events);
    if let Some(id) = id {
        w.equal();
        id.put(w);
    }
    w.block([name], write_package_item);
}

pub(super) fn write_event_buffer(w: &mut Writer<'_>, spec: &IndividualEventSpec<'_>) {
    w.token(Token::EventBuffer);
    w.block([spec], |w, spec| {
        write_package_item(w, &spec.name);
        w.open_if_any();
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

pub(super) fn write_signals(w: &mut Writer<'_>, inner: impl FnOnce(&mut Writer<'_>)) {
    w.token(Token::Signals);
    w.open();
    inner(w);
    w.close();
}

pub(super) fn write_signal_list(w: &mut Writer<'_>, id: u16, signal: Option<&Signal<'_>>) {
    w.pair(Token::SignalList, id);
    if let Some(signal) = signal {
        w.block([signal], signals::write_signal);
    }
}

pub(super) fn write_statistic(w: &mut Writer<'_>, name: &PackageItem<'_>) {
    w.token(Token::Statistics);
    w.block([name], write_package_item);
}
