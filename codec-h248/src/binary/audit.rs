//! Audit and its items (H.248.1 Annex A.2 `AuditDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    individual_audit,
};
use crate::descriptor::{AuditDescriptor, AuditItem};

/// Named bits of `auditToken`.
const TOKENS: u32 = 10;

/// The item of a named bit of `auditToken`.
fn token(place: u32) -> Option<AuditItem<'static>> {
    Some(match place {
        0 => AuditItem::Mux,
        1 => AuditItem::Modem,
        2 => AuditItem::Media,
        3 => AuditItem::Events,
        4 => AuditItem::Signals,
        5 => AuditItem::DigitMap,
        6 => AuditItem::Statistics,
        7 => AuditItem::ObservedEvents,
        8 => AuditItem::Packages,
        9 => AuditItem::EventBuffer,
        _ => return None,
    })
}

/// `AuditDescriptor`: whole descriptors first, then parts.
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<AuditDescriptor<'a>, BerError> {
    let tokens = r.optional_value(0, "auditToken", leaf::bits)?;
    let mut items: Vec<_> = named(tokens.unwrap_or(0)).collect();
    r.optional(1, "auditPropertyToken", |r| {
        r.every(|r| {
            items.push(individual_audit::read(r)?);
            Ok(())
        })
    })?;
    r.extensions(1)?;
    Ok(AuditDescriptor { items })
}

/// The items whose bits are set.
pub(super) fn named(bits: u32) -> impl Iterator<Item = AuditItem<'static>> {
    let set = (0..TOKENS).filter(move |place| bits >> place & 1 != 0);
    set.filter_map(token)
}

/// The bit of a whole descriptor; nothing for a part of one.
fn bit(item: &AuditItem<'_>) -> Option<u32> {
    let place = match item {
        AuditItem::Mux => 0,
        AuditItem::Modem => 1,
        AuditItem::Media => 2,
        AuditItem::Events => 3,
        AuditItem::Signals => 4,
        AuditItem::DigitMap => 5,
        AuditItem::Statistics => 6,
        AuditItem::ObservedEvents => 7,
        AuditItem::Packages => 8,
        AuditItem::EventBuffer => 9,
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
    Some(1 << place)
}

/// `AuditDescriptor`
pub(super) fn write(w: &mut BerWriter<'_>, audit: &AuditDescriptor<'_>) {
    write_items(w, &audit.items);
}

/// `AuditDescriptor` of these items.
pub(super) fn write_items(w: &mut BerWriter<'_>, items: &[AuditItem<'_>]) {
    w.extensions();
    let bits = items.iter().filter_map(bit).fold(0, |bits, bit| bits | bit);
    if items.iter().any(|item| bit(item).is_none()) {
        w.since(2, "auditPropertyToken");
        w.constructed(1, "auditPropertyToken", |w| {
            let parts = items.iter().enumerate().rev();
            for (place, part) in parts.filter(|(_, item)| bit(item).is_none()) {
                w.entry(place, |w| individual_audit::write(w, part));
            }
        });
    }
    if bits != 0 {
        w.bits(0, bits);
    }
}
