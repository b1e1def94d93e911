//! Audit and its items (H.248.1 Annex B.2 `auditDescriptor`, `auditItem`).

use super::{
    error::{Read, fail},
    form::Form,
    individual_audit as individual,
    reader::Reader,
    token::Token,
    write::Writer,
};
use crate::descriptor::{AuditDescriptor, AuditItem};

/// `auditDescriptor` behind its keyword; the braces may be missing.
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, AuditDescriptor<'a>> {
    if !r.next_is(b'{') {
        r.takes(r.rest(), "auditDescriptor", "no braces");
        return Ok(AuditDescriptor::default());
    }
    if r.empty_braces() {
        return Ok(AuditDescriptor::default());
    }
    let items = r.list(item)?;
    Ok(AuditDescriptor { items })
}

/// `auditItem`: a keyword alone, or with what makes it an individual audit.
pub(super) fn item<'a>(r: &mut Reader<'a>) -> Read<'a, AuditItem<'a>> {
    let at = r.rest();
    let token = r.keyword("auditItem")?;
    if r.next_is(b'{') || r.next_is(b'=') {
        return individual::read(r, at, token);
    }
    match token {
        Some(Token::Mux) => Ok(AuditItem::Mux),
        Some(Token::Modem) => Ok(AuditItem::Modem),
        Some(Token::Media) => Ok(AuditItem::Media),
        Some(Token::Events) => Ok(AuditItem::Events),
        Some(Token::Signals) => Ok(AuditItem::Signals),
        Some(Token::EventBuffer) => Ok(AuditItem::EventBuffer),
        Some(Token::DigitMap) => Ok(AuditItem::DigitMap),
        Some(Token::Statistics) => Ok(AuditItem::Statistics),
        Some(Token::Packages) => Ok(AuditItem::Packages),
        Some(Token::ObservedEvents) => Ok(AuditItem::ObservedEvents),
        _ => fail(at, "auditItem"),
    }
}

/// `auditDescriptor`
pub(super) fn write(w: &mut Writer<'_, impl Form>, audit: &AuditDescriptor<'_>) {
    w.token(Token::Audit);
    w.block(&audit.items, write_item);
}

/// `auditItem`
pub(super) fn write_item(w: &mut Writer<'_, impl Form>, item: &AuditItem<'_>) {
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
