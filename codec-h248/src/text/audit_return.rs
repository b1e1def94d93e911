//! What replies carry (H.248.1 Annex B.2 `terminationAudit`).

use super::{
    digit_map,
    error::{Read, fail, level},
    error_descriptor, event_buffer, events,
    form::Form,
    media, modem, mux, observed_events, packages,
    reader::Reader,
    signals, statistics,
    token::Token,
    write::Writer,
};
use crate::{
    Level,
    descriptor::{AuditReturn, EmptyDescriptor, PackagesDescriptor, StatisticsDescriptor},
};

/// The descriptors whose bare keyword says that they are empty (`auditReturnItem`).
const EMPTY: &[(Token, EmptyDescriptor)] = &[
    (Token::Mux, EmptyDescriptor::Mux),
    (Token::Modem, EmptyDescriptor::Modem),
    (Token::Media, EmptyDescriptor::Media),
    (Token::DigitMap, EmptyDescriptor::DigitMap),
    (Token::Statistics, EmptyDescriptor::Statistics),
    (Token::ObservedEvents, EmptyDescriptor::ObservedEvents),
    (Token::Packages, EmptyDescriptor::Packages),
];

/// `auditReturnParameter`
pub(super) fn read<'a>(r: &mut Reader<'a>) -> Read<'a, AuditReturn<'a>> {
    level(Level::Descriptor, descriptor(r))
}

fn descriptor<'a>(r: &mut Reader<'a>) -> Read<'a, AuditReturn<'a>> {
    let at = r.rest();
    let token = r.keyword("auditReturnParameter")?;
    let bare = !matches!(r.rest().first(), Some(b'=' | b'{' | b'['));
    if bare && let Some((_, empty)) = EMPTY.iter().find(|(empty, _)| token == Some(*empty)) {
        return Ok(AuditReturn::Empty(*empty));
    }
    match token {
        Some(Token::Media) => Ok(AuditReturn::Media(media::read(r)?)),
        Some(Token::Modem) => Ok(AuditReturn::Modem(modem::read(r)?)),
        Some(Token::Mux) => Ok(AuditReturn::Mux(mux::read(r)?)),
        Some(Token::Events) => Ok(AuditReturn::Events(events::read(r)?)),
        Some(Token::Signals) => Ok(AuditReturn::Signals(signals::read(r)?)),
        Some(Token::DigitMap) => Ok(AuditReturn::DigitMap(digit_map::read(r)?)),
        Some(Token::EventBuffer) => Ok(AuditReturn::EventBuffer(event_buffer::read(r)?)),
        Some(Token::ObservedEvents) => Ok(AuditReturn::ObservedEvents(observed_events::read(r)?)),
        Some(Token::Statistics) => Ok(statistics_or_empty(statistics::read(r)?)),
        Some(Token::Packages) => {
            let packages = r.list_if_any("packagesDescriptor", packages::item)?;
            Ok(packages_or_empty(packages))
        }
        Some(Token::Error) => Ok(AuditReturn::Error(error_descriptor::read(r)?)),
        _ => fail(at, "auditReturnParameter"),
    }
}

/// Empty braces mean the same as the bare keyword.
fn statistics_or_empty(found: StatisticsDescriptor<'_>) -> AuditReturn<'_> {
    if found.statistics.is_empty() {
        return AuditReturn::Empty(EmptyDescriptor::Statistics);
    }
    AuditReturn::Statistics(found)
}

/// Empty braces mean the same as the bare keyword.
fn packages_or_empty(packages: Vec<crate::descriptor::PackageVersion<'_>>) -> AuditReturn<'_> {
    if packages.is_empty() {
        return AuditReturn::Empty(EmptyDescriptor::Packages);
    }
    AuditReturn::Packages(PackagesDescriptor { packages })
}

/// `auditReturnParameter`
pub(super) fn write(w: &mut Writer<'_, impl Form>, descriptor: &AuditReturn<'_>) {
    match descriptor {
        AuditReturn::Media(media) => media::write(w, media),
        AuditReturn::Modem(modem) => modem::write(w, modem),
        AuditReturn::Mux(mux) => mux::write(w, mux),
        AuditReturn::Events(events) => events::write(w, events),
        AuditReturn::Signals(signals) => signals::write(w, signals),
        AuditReturn::DigitMap(digit_map) => digit_map::write(w, digit_map),
        AuditReturn::EventBuffer(buffer) => event_buffer::write(w, buffer),
        AuditReturn::ObservedEvents(observed) => observed_events::write(w, observed),
        AuditReturn::Statistics(statistics) => statistics::write(w, statistics),
        AuditReturn::Packages(packages) => {
            w.token(Token::Packages);
            w.block_if_any(&packages.packages, packages::write_item);
        }
        AuditReturn::Error(error) => error_descriptor::write(w, error),
        AuditReturn::Empty(empty) => w.choice(EMPTY, *empty),
    }
}
