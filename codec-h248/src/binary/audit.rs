//! Audit and its items (H.248.1 Annex A.2 `AuditDescriptor`).

use super::{
    ber::{BerError, BerReader, BerWriter, leaf},
    individual_audit,
};
use crate::descriptor::{AuditDescriptor, AuditItem};

/// The named bits of `auditToken`, from the first on.
pub(super) const TOKENS: [AuditItem<'static>; 10] = [
    AuditItem::Mux,
    AuditItem::Modem,
    AuditItem::Media,
    AuditItem::Events,
    AuditItem::Signals,
    AuditItem::DigitMap,
    AuditItem::Statistics,
    AuditItem::ObservedEvents,
    AuditItem::Packages,
    AuditItem::EventBuffer,
];

/// `AuditDescriptor`: whole descriptors first, then parts.
pub(super) fn read<'a>(r: &mut BerReader<'a>) -> Result<AuditDescriptor<'a>, BerError> {
    let tokens = r.optional(0, "auditToken", leaf::bits)?;
    let parts = r.optional(1, "auditPropertyToken", |r| r.each(individual_audit::read))?;
    r.extensions(1)?;
    let mut items: Vec<_> = named(tokens.unwrap_or(0)).collect();
    items.extend(parts.unwrap_or_default());
    Ok(AuditDescriptor { items })
}

/// The items whose bits are set.
pub(super) fn named(bits: u32) -> impl Iterator<Item = AuditItem<'static>> {
    let set = move |&(place, _): &(usize, AuditItem<'_>)| bits >> place & 1 != 0;
    TOKENS
        .into_iter()
        .enumerate()
        .filter(set)
        .map(|(_, item)| item)
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
