//! Audit and its items (H.248.1 Annex B.2 `auditDescriptor`, `auditItem`).

use super::{
    error::{Parsed, fail},
    individual_audit as individual,
    lex::{empty_braces, next_is},
    reading::{Reading, keyword},
    token::Token,
    write::Writer,
};
use crate::descriptor::{AuditDescriptor, AuditItem};

/// `auditDescriptor` behind its keyword; the braces may be missing.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditDescriptor<'a>> {
    if !next_is(i, b'{') {
        reading.takes(i, "auditDescriptor", "no braces");
        return Ok((i, AuditDescriptor::default()));
    }
    if let Some(rest) = empty_braces(i) {
        return Ok((rest, AuditDescriptor::default()));
    }
    let (rest, items) = reading.list(i, |i| item(i, reading))?;
    Ok((rest, AuditDescriptor { items }))
}

/// `auditItem`: a keyword alone, or with what makes it an individual audit.
pub(super) fn item<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditItem<'a>> {
    let (after, token) = keyword(i, "auditItem")?;
    let more = next_is(after, b'{') || next_is(after, b'=');
    if more {
        return individual::read(i, reading);
    }
    let item = match token {
        Some(Token::Mux) => AuditItem::Mux,
        Some(Token::Modem) => AuditItem::Modem,
        Some(Token::Media) => AuditItem::Media,
        Some(Token::Events) => AuditItem::Events,
        Some(Token::Signals) => AuditItem::Signals,
        Some(Token::EventBuffer) => AuditItem::EventBuffer,
        Some(Token::DigitMap) => AuditItem::DigitMap,
        Some(Token::Statistics) => AuditItem::Statistics,
        Some(Token::Packages) => AuditItem::Packages,
        Some(Token::ObservedEvents) => AuditItem::ObservedEvents,
        _ => return fail(i, "auditItem"),
    };
    Ok((after, item))
}

/// `auditDescriptor`
pub(super) fn write(w: &mut Writer<'_>, audit: &AuditDescriptor<'_>) {
    w.token(Token::Audit);
    w.block(&audit.items, write_item);
}

/// `auditItem`
pub(super) fn write_item(w: &mut Writer<'_>, item: &AuditItem<'_>) {
    match item {
        AuditItem::Mux => w.token(Token::Mux),
        AuditItem::Modem => w.token(Token::Modem),
        AuditItem::Media => w.token(Token::Media),
        AuditItem::Events => w.token(Token::Events),
        AuditItem::Signals => w.token(Token::Signals),
        AuditItem::EventBuffer => w.token(Token::EventBuffer),
        AuditItem::DigitMap => w.token(Token::DigitMap),
        AuditItem::Statistics => w.token(Token::Statistics),
        AuditItem::Packages => w.token(Token::Packages),
        AuditItem::ObservedEvents => w.token(Token::ObservedEvents),
        AuditItem::IndividualMedia(media) => individual::write_media(w, media),
        AuditItem::IndividualEvents(request_id, name) => {
            individual::write_events(w, *request_id, name);
        }
        AuditItem::IndividualEventBuffer(spec) => individual::write_event_buffer(w, spec),
        AuditItem::IndividualSignalsEmpty => individual::write_signals(w, |_| {}),
        AuditItem::IndividualSignal(signal) => individual::write_signals(w, |w| {
            w.item();
            super::signals::write_signal(w, signal);
        }),
        AuditItem::IndividualSignalList(id, signal) => individual::write_signals(w, |w| {
            w.item();
            individual::write_signal_list(w, *id, signal.as_ref());
        }),
        AuditItem::IndividualDigitMap(name) => w.pair(Token::DigitMap, name),
        AuditItem::IndividualStatistic(name) => individual::write_statistic(w, name),
        AuditItem::IndividualPackage(package) => {
            w.token(Token::Packages);
            w.block([package], super::packages::write_item);
        }
    }
}
