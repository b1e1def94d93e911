//! What replies carry (H.248.1 Annex A.2 `TerminationAudit`).

use super::{
    audit,
    ber::{BerError, BerReader, BerWriter, leaf, level},
    digit_map, error_descriptor, event_buffer, events, individual_audit, media, modem, mux,
    observed_events, packages, signals, statistics,
};
use crate::{
    Expected, Level, List,
    descriptor::{
        AuditItem, AuditReturn, EmptyDescriptor, EventBufferDescriptor, EventsDescriptor,
        MediaDescriptor, SignalsDescriptor,
    },
};

/// `TerminationAudit`
pub(super) fn read_list<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<AuditReturn<'a>>,
) -> Result<(), BerError> {
    r.fill(list, |r, list| level(Level::Descriptor, parameter(r, list)))
}

/// `AuditReturnParameter`: one descriptor, or some that are empty.
fn parameter<'a>(r: &mut BerReader<'a>, list: &mut List<AuditReturn<'a>>) -> Result<(), BerError> {
    if r.alternative() == Some(11) {
        let empty = r.mandatory(11, "emptyDescriptors", empty)?;
        list.extend(audit::named(empty).filter_map(empty_descriptor));
        return Ok(());
    }
    list.push(descriptor(r)?);
    Ok(())
}

fn descriptor<'a>(r: &mut BerReader<'a>) -> Result<AuditReturn<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "errorDescriptor", error_descriptor::read)
            .map(AuditReturn::Error),
        Some(1) => {
            let mut media = MediaDescriptor::default();
            r.mandatory(1, "mediaDescriptor", |r| media::read(r, &mut media))?;
            Ok(AuditReturn::Media(media))
        }
        Some(2) => r
            .mandatory(2, "modemDescriptor", modem::read)
            .map(AuditReturn::Modem),
        Some(3) => r
            .mandatory(3, "muxDescriptor", mux::read)
            .map(AuditReturn::Mux),
        Some(4) => r
            .mandatory(4, "eventsDescriptor", events::read)
            .map(AuditReturn::Events),
        Some(5) => r
            .mandatory(5, "eventBufferDescriptor", event_buffer::read)
            .map(AuditReturn::EventBuffer),
        Some(6) => r
            .mandatory(6, "signalsDescriptor", signals::read)
            .map(AuditReturn::Signals),
        Some(7) => r
            .mandatory(7, "digitMapDescriptor", digit_map::read)
            .map(AuditReturn::DigitMap),
        Some(8) => r
            .mandatory(8, "observedEventsDescriptor", observed_events::read)
            .map(AuditReturn::ObservedEvents),
        Some(9) => r
            .mandatory(9, "statisticsDescriptor", statistics::read)
            .map(AuditReturn::Statistics),
        Some(10) => r
            .mandatory(10, "packagesDescriptor", packages::read)
            .map(AuditReturn::Packages),
        Some(_) | None => Err(r.wrong(Expected::Rule("AuditReturnParameter"))),
    }
}

/// `AuditDescriptor` that says what is empty. That a part of a descriptor is empty goes without
/// saying: an individual audit returns what there is.
fn empty(r: &mut BerReader<'_>) -> Result<u32, BerError> {
    let tokens = r.optional_value(0, "auditToken", leaf::bits)?;
    r.optional(1, "auditPropertyToken", |r| {
        r.every(|r| individual_audit::read(r).map(|_| ()))
    })?;
    r.extensions(1)?;
    Ok(tokens.unwrap_or(0))
}

/// Three of the descriptors have an empty form of their own.
fn empty_descriptor<'a>(item: AuditItem<'_>) -> Option<AuditReturn<'a>> {
    let empty = match item {
        AuditItem::Events => return Some(AuditReturn::Events(EventsDescriptor::default())),
        AuditItem::Signals => return Some(AuditReturn::Signals(SignalsDescriptor::default())),
        AuditItem::EventBuffer => {
            return Some(AuditReturn::EventBuffer(EventBufferDescriptor::default()));
        }
        AuditItem::Mux => EmptyDescriptor::Mux,
        AuditItem::Modem => EmptyDescriptor::Modem,
        AuditItem::Media => EmptyDescriptor::Media,
        AuditItem::DigitMap => EmptyDescriptor::DigitMap,
        AuditItem::Statistics => EmptyDescriptor::Statistics,
        AuditItem::ObservedEvents => EmptyDescriptor::ObservedEvents,
        AuditItem::Packages => EmptyDescriptor::Packages,
        AuditItem::IndividualMedia(_)
        | AuditItem::IndividualEvents(..)
        | AuditItem::IndividualEventBuffer(_)
        | AuditItem::IndividualSignalsEmpty
        | AuditItem::IndividualSignal(_)
        | AuditItem::IndividualSignalList(..)
        | AuditItem::IndividualDigitMap(_)
        | AuditItem::IndividualStatistic(_)
        | AuditItem::IndividualPackage(_) => return None,
    };
    Some(AuditReturn::Empty(empty))
}

fn item_of(empty: EmptyDescriptor) -> AuditItem<'static> {
    match empty {
        EmptyDescriptor::Mux => AuditItem::Mux,
        EmptyDescriptor::Modem => AuditItem::Modem,
        EmptyDescriptor::Media => AuditItem::Media,
        EmptyDescriptor::DigitMap => AuditItem::DigitMap,
        EmptyDescriptor::Statistics => AuditItem::Statistics,
        EmptyDescriptor::ObservedEvents => AuditItem::ObservedEvents,
        EmptyDescriptor::Packages => AuditItem::Packages,
    }
}

/// `TerminationAudit`: empty descriptors in a row are one element.
pub(super) fn write_list(w: &mut BerWriter<'_>, list: &[AuditReturn<'_>]) {
    let mut place = list.len();
    for run in list.chunk_by(both_empty).rev() {
        place -= run.len();
        w.entry(place, |w| write(w, &run[0], run));
    }
}

fn both_empty(one: &AuditReturn<'_>, other: &AuditReturn<'_>) -> bool {
    matches!((one, other), (AuditReturn::Empty(_), AuditReturn::Empty(_)))
}

/// `AuditReturnParameter`: the first of a run of empty descriptors, or another alone.
fn write(w: &mut BerWriter<'_>, descriptor: &AuditReturn<'_>, run: &[AuditReturn<'_>]) {
    match descriptor {
        AuditReturn::Error(error) => {
            w.constructed(0, "errorDescriptor", |w| error_descriptor::write(w, error));
        }
        AuditReturn::Media(media) => {
            w.constructed(1, "mediaDescriptor", |w| media::write(w, media));
        }
        AuditReturn::Modem(modem) => {
            w.constructed(2, "modemDescriptor", |w| modem::write(w, modem));
        }
        AuditReturn::Mux(mux) => w.constructed(3, "muxDescriptor", |w| mux::write(w, mux)),
        AuditReturn::Events(events) => {
            w.constructed(4, "eventsDescriptor", |w| events::write(w, events));
        }
        AuditReturn::EventBuffer(buffer) => {
            w.constructed(5, "eventBufferDescriptor", |w| {
                event_buffer::write(w, buffer)
            });
        }
        AuditReturn::Signals(signals) => {
            w.constructed(6, "signalsDescriptor", |w| signals::write(w, signals));
        }
        AuditReturn::DigitMap(digit_map) => {
            w.constructed(7, "digitMapDescriptor", |w| digit_map::write(w, digit_map));
        }
        AuditReturn::ObservedEvents(observed) => {
            w.constructed(8, "observedEventsDescriptor", |w| {
                observed_events::write(w, observed);
            });
        }
        AuditReturn::Statistics(statistics) => {
            w.constructed(9, "statisticsDescriptor", |w| {
                statistics::write(w, statistics)
            });
        }
        AuditReturn::Packages(packages) => {
            w.constructed(10, "packagesDescriptor", |w| packages::write(w, packages));
        }
        AuditReturn::Empty(_) => w.constructed(11, "emptyDescriptors", |w| write_empty(w, run)),
    }
}

fn write_empty(w: &mut BerWriter<'_>, run: &[AuditReturn<'_>]) {
    let items: Vec<_> = run
        .iter()
        .filter_map(|descriptor| match descriptor {
            AuditReturn::Empty(empty) => Some(item_of(*empty)),
            AuditReturn::Media(_)
            | AuditReturn::Modem(_)
            | AuditReturn::Mux(_)
            | AuditReturn::Events(_)
            | AuditReturn::Signals(_)
            | AuditReturn::DigitMap(_)
            | AuditReturn::EventBuffer(_)
            | AuditReturn::ObservedEvents(_)
            | AuditReturn::Statistics(_)
            | AuditReturn::Packages(_)
            | AuditReturn::Error(_) => None,
        })
        .collect();
    audit::write_items(w, &items);
}
