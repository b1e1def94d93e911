//! What replies carry (H.248.1 Annex B.2 `terminationAudit`).

use super::{
    digit_map,
    error::{Read, fail, level},
    error_descriptor, event_buffer, events,
    form::Form,
    media, modem, mux, observed_events, packages,
    reader::{Reader, add, read_into},
    signals, statistics,
    token::Token,
    write::Writer,
};
use crate::{
    Level, List,
    descriptor::{
        AuditReturn, EmptyDescriptor, EventsDescriptor, MediaDescriptor, PackagesDescriptor,
        SignalsDescriptor, StatisticsDescriptor,
    },
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
pub(super) fn read<'a>(r: &mut Reader<'a>, list: &mut List<AuditReturn<'a>>) -> Read<'a, ()> {
    level(Level::Descriptor, descriptor(r, list))
}

fn descriptor<'a>(r: &mut Reader<'a>, list: &mut List<AuditReturn<'a>>) -> Read<'a, ()> {
    let at = r.rest();
    let token = r.keyword("auditReturnParameter")?;
    let bare = !matches!(r.rest().first(), Some(b'=' | b'{' | b'['));
    if bare && let Some((_, empty)) = EMPTY.iter().find(|(empty, _)| token == Some(*empty)) {
        add(list, || AuditReturn::Empty(*empty));
        return Ok(());
    }
    let descriptor = match token {
        Some(Token::Media) => {
            let blank = MediaDescriptor::default;
            read_into!(list, AuditReturn::Media, blank(), |media| media::read(
                r, media
            ));
            return Ok(());
        }
        Some(Token::Modem) => AuditReturn::Modem(modem::read(r)?),
        Some(Token::Mux) => AuditReturn::Mux(mux::read(r)?),
        Some(Token::Events) => {
            let blank = EventsDescriptor::default;
            read_into!(list, AuditReturn::Events, blank(), |events| events::read(
                r, events
            ));
            return Ok(());
        }
        Some(Token::Signals) => {
            let blank = SignalsDescriptor::default;
            read_into!(list, AuditReturn::Signals, blank(), |signals| {
                signals::read_into(r, signals)
            });
            return Ok(());
        }
        Some(Token::DigitMap) => AuditReturn::DigitMap(digit_map::read(r)?),
        Some(Token::EventBuffer) => AuditReturn::EventBuffer(event_buffer::read(r)?),
        Some(Token::ObservedEvents) => AuditReturn::ObservedEvents(observed_events::read(r)?),
        Some(Token::Statistics) => statistics_or_empty(statistics::read(r)?),
        Some(Token::Packages) => {
            let packages = r.list_if_any("packagesDescriptor", packages::item)?;
            packages_or_empty(packages)
        }
        Some(Token::Error) => AuditReturn::Error(error_descriptor::read(r)?),
        _ => return fail(at, "auditReturnParameter"),
    };
    add(list, || descriptor);
    Ok(())
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
