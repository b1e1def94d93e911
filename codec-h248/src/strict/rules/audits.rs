//! What an audit asks for as a whole (H.248.1 7.1.12).

use super::{Concern, table::*};
use crate::{
    descriptor::{AuditDescriptor, AuditItem},
    strict::walk::{CommandKind, Walk},
};

pub(super) struct Audits;

impl Concern for Audits {
    fn audit(&self, walk: &mut Walk<'_>, audit: &AuditDescriptor<'_>) {
        if !walk.in_command(CommandKind::AuditCapability) {
            return;
        }
        for item in &audit.items {
            match item {
                AuditItem::DigitMap | AuditItem::IndividualDigitMap(_) => {
                    walk.departs(&NO_CAPABILITY, "DigitMap in AuditCapability");
                }
                AuditItem::Packages | AuditItem::IndividualPackage(_) => {
                    walk.departs(&NO_CAPABILITY, "Packages in AuditCapability");
                }
                AuditItem::Mux
                | AuditItem::Modem
                | AuditItem::Media
                | AuditItem::Events
                | AuditItem::Signals
                | AuditItem::EventBuffer
                | AuditItem::Statistics
                | AuditItem::ObservedEvents
                | AuditItem::IndividualMedia(_)
                | AuditItem::IndividualEvents(..)
                | AuditItem::IndividualEventBuffer(_)
                | AuditItem::IndividualSignalsEmpty
                | AuditItem::IndividualSignal(_)
                | AuditItem::IndividualSignalList(..)
                | AuditItem::IndividualStatistic(_) => {}
            }
        }
    }
}
