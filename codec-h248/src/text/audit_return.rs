//! What replies carry (H.248.1 Annex B.2 `terminationAudit`).

use super::{
    digit_map,
    error::{Parsed, fail, level, wrap},
    error_descriptor, event_buffer, events,
    lex::next_is,
    media, modem, mux, observed_events, packages,
    reading::{Reading, keyword},
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
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditReturn<'a>> {
    level(Level::Descriptor, descriptor(i, reading))
}

fn descriptor<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditReturn<'a>> {
    let (after, token) = keyword(i, "auditReturnParameter")?;
    let bare = !matches!(after.first(), Some(b'=' | b'{' | b'['));
    let empty = EMPTY.iter().find(|(empty, _)| token == Some(*empty));
    if let Some((_, empty)) = empty.filter(|_| bare) {
        return Ok((after, AuditReturn::Empty(*empty)));
    }
    match token {
        Some(Token::Media) => wrap(media::read(after, reading), AuditReturn::Media),
        Some(Token::Modem) => wrap(modem::read(after, reading), AuditReturn::Modem),
        Some(Token::Mux) => wrap(mux::read(after, reading), AuditReturn::Mux),
        Some(Token::Events) => wrap(events::read(after, reading), AuditReturn::Events),
        Some(Token::Signals) => wrap(signals::read(after, reading), AuditReturn::Signals),
        Some(Token::DigitMap) => wrap(digit_map::read(after, reading), AuditReturn::DigitMap),
        Some(Token::EventBuffer) => {
            wrap(event_buffer::read(after, reading), AuditReturn::EventBuffer)
        }
        Some(Token::ObservedEvents) => wrap(
            observed_events::read(after, reading),
            AuditReturn::ObservedEvents,
        ),
        Some(Token::Statistics) => wrap(statistics::read(after, reading), statistics_or_empty),
        Some(Token::Packages) => wrap(
            reading.list_if_any(after, "packagesDescriptor", |i| packages::item(i, reading)),
            packages_or_empty,
        ),
        Some(Token::Error) => wrap(error_descriptor::read(after, reading), AuditReturn::Error),
        _ => fail(i, "auditReturnParameter"),
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

/// `terminationAudit` in braces, or nothing.
pub(super) fn read_list<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Vec<AuditReturn<'a>>> {
    if !next_is(i, b'{') {
        return Ok((i, Vec::new()));
    }
    reading.list_if_any(i, "terminationAudit", |i| read(i, reading))
}

/// `auditReturnParameter`
pub(super) fn write(w: &mut Writer<'_>, descriptor: &AuditReturn<'_>) {
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
