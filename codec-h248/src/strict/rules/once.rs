//! What stands at most once.

use super::{Concern, table::*};
use crate::{
    ContextAudit, ContextAuditItem, ContextProperty, PackageItem, PropertyParm, TerminationId,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditItem, EventParameter, EventSpec, MediaDescriptor,
        MuxDescriptor, NamedParameter, ObservedEvent, RequestedEvent, ServiceChangeDescriptor,
        Signal, StatisticsDescriptor, Streams,
    },
    spelling::Spelling,
    strict::{rules::Rule, walk::Walk},
};

pub(super) struct Once;

/// What two names of one item have in common.
type ItemKey<'k> = (Spelling<'k>, Spelling<'k>);

fn item_key<'k>(item: &'k PackageItem<'_>) -> ItemKey<'k> {
    (Spelling(&item.package), Spelling(&item.item))
}

fn named(walk: &mut Walk<'_>, rule: &'static Rule, parameters: &[NamedParameter<'_>]) {
    let names = parameters.iter().map(|parameter| &parameter.name);
    walk.once(rule, names.map(|name| (Spelling(name.as_str()), name)));
}

fn listed(walk: &mut Walk<'_>, ids: &[TerminationId<'_>]) {
    let ids = ids.iter().map(|id| (Spelling(id.as_str()), id));
    walk.once(&TERMINATION_TWICE, ids);
}

/// Keywords of a list, which are their own keys.
fn keywords(
    walk: &mut Walk<'_>,
    rule: &'static Rule,
    keywords: impl Iterator<Item = &'static str>,
) {
    walk.once(rule, keywords.map(|keyword| (keyword, keyword)));
}

impl Concern for Once {
    fn context_properties(&self, walk: &mut Walk<'_>, properties: &[ContextProperty<'_>]) {
        let kinds = properties.iter().map(|property| match property {
            ContextProperty::Topology(_) => "Topology",
            ContextProperty::Priority(_) => "Priority",
            ContextProperty::Emergency(_) => "Emergency or EmergencyOff",
            ContextProperty::Ieps(_) => "IEPSCall",
            ContextProperty::Properties(_) | ContextProperty::ContextList(_) => "ContextAttr",
        });
        keywords(walk, &CONTEXT_PROPERTY_TWICE, kinds);
    }

    fn context_audit(&self, walk: &mut Walk<'_>, audit: &ContextAudit<'_>) {
        context_audit(walk, &audit.items);
        for item in &audit.items {
            if let ContextAuditItem::Attributes(items) = item {
                context_audit(walk, items);
            }
        }
    }

    fn terminations(&self, walk: &mut Walk<'_>, ids: &[TerminationId<'_>]) {
        listed(walk, ids);
    }

    fn amm_descriptors(&self, walk: &mut Walk<'_>, descriptors: &[AmmDescriptor<'_>]) {
        let kinds = descriptors.iter().map(|descriptor| match descriptor {
            AmmDescriptor::Media(_) => "Media",
            AmmDescriptor::Modem(_) => "Modem",
            AmmDescriptor::Mux(_) => "Mux",
            AmmDescriptor::Events(_) => "Events",
            AmmDescriptor::Signals(_) => "Signals",
            AmmDescriptor::DigitMap(_) => "DigitMap",
            AmmDescriptor::EventBuffer(_) => "EventBuffer",
            AmmDescriptor::Audit(_) => "Audit",
            AmmDescriptor::Statistics(_) => "Statistics",
        });
        keywords(walk, &DESCRIPTOR_TWICE, kinds);
    }

    fn media(&self, walk: &mut Walk<'_>, media: &MediaDescriptor<'_>) {
        if let Streams::Several(streams) = &media.streams {
            let ids = streams.iter().map(|stream| stream.id.0);
            walk.once(&STREAM_TWICE, ids.map(|id| (id, format!("Stream {id}"))));
        }
    }

    fn mux(&self, walk: &mut Walk<'_>, mux: &MuxDescriptor<'_>) {
        listed(walk, &mux.terminations);
    }

    fn properties(&self, walk: &mut Walk<'_>, properties: &[PropertyParm<'_>]) {
        let names = properties.iter().map(|property| &property.name);
        walk.once(&PROPERTY_TWICE, names.map(|name| (item_key(name), name)));
    }

    fn requested_event(&self, walk: &mut Walk<'_>, event: &RequestedEvent<'_>) {
        let names = event.parameters.iter().map(|parameter| match parameter {
            EventParameter::KeepActive => "KeepActive",
            EventParameter::Stream(_) => "Stream",
            EventParameter::DigitMap(_) => "DigitMap",
            EventParameter::Embed { .. } => "Embed",
            EventParameter::NotifyBehaviour(_) => "a notify behaviour",
            EventParameter::ResetEventsDescriptor => "ResetEventsDescriptor",
            EventParameter::Other(other) => other.name.as_str(),
        });
        let names = names.map(|name| (Spelling(name), name));
        walk.once(&EVENT_PARAMETER_TWICE, names);
    }

    fn event_spec(&self, walk: &mut Walk<'_>, spec: &EventSpec<'_>) {
        named(walk, &EVENT_SPEC_PARAMETER_TWICE, &spec.parameters);
    }

    fn observed_event(&self, walk: &mut Walk<'_>, event: &ObservedEvent<'_>) {
        named(walk, &OBSERVED_PARAMETER_TWICE, &event.parameters);
    }

    fn signal(&self, walk: &mut Walk<'_>, signal: &Signal<'_>) {
        named(walk, &SIGNAL_PARAMETER_TWICE, &signal.parameters);
    }

    fn statistics(&self, walk: &mut Walk<'_>, statistics: &StatisticsDescriptor<'_>) {
        let names = statistics
            .statistics
            .iter()
            .map(|statistic| &statistic.name);
        walk.once(&STATISTIC_TWICE, names.map(|name| (item_key(name), name)));
    }

    fn audit(&self, walk: &mut Walk<'_>, audit: &AuditDescriptor<'_>) {
        let plain = audit.items.iter().filter_map(plain_item);
        keywords(walk, &AUDIT_ITEM_TWICE, plain);
    }

    fn service_change(&self, walk: &mut Walk<'_>, services: &ServiceChangeDescriptor<'_>) {
        let names = services.extensions.iter().map(|(name, _)| name);
        walk.once(&EXTENSION_TWICE, names.map(|name| (Spelling(name), name)));
    }
}

/// An item that is a keyword alone. The others may differ in what they are about.
fn plain_item(item: &AuditItem<'_>) -> Option<&'static str> {
    Some(match item {
        AuditItem::Mux => "Mux",
        AuditItem::Modem => "Modem",
        AuditItem::Media => "Media",
        AuditItem::Events => "Events",
        AuditItem::Signals => "Signals",
        AuditItem::EventBuffer => "EventBuffer",
        AuditItem::DigitMap => "DigitMap",
        AuditItem::Statistics => "Statistics",
        AuditItem::Packages => "Packages",
        AuditItem::ObservedEvents => "ObservedEvents",
        AuditItem::IndividualMedia(_)
        | AuditItem::IndividualEvents(..)
        | AuditItem::IndividualEventBuffer(_)
        | AuditItem::IndividualSignalsEmpty
        | AuditItem::IndividualSignal(_)
        | AuditItem::IndividualSignalList(..)
        | AuditItem::IndividualDigitMap(_)
        | AuditItem::IndividualStatistic(_)
        | AuditItem::IndividualPackage(_) => return None,
    })
}

fn context_audit(walk: &mut Walk<'_>, items: &[ContextAuditItem<'_>]) {
    let kinds = items.iter().filter_map(|item| {
        Some(match item {
            ContextAuditItem::Topology => "Topology",
            ContextAuditItem::Emergency => "Emergency",
            ContextAuditItem::Priority => "Priority",
            ContextAuditItem::Ieps => "IEPSCall",
            ContextAuditItem::Attributes(_) => "ContextAttr",
            ContextAuditItem::SelectPriority(_) => "a selected Priority",
            ContextAuditItem::SelectEmergency(_) => "EmergencyValue",
            ContextAuditItem::SelectIeps(_) => "a selected IEPSCall",
            ContextAuditItem::SelectProperties(_) | ContextAuditItem::SelectContexts(_) => {
                "a selecting ContextAttr"
            }
            ContextAuditItem::And | ContextAuditItem::Or => "ANDLgc or ORLgc",
            ContextAuditItem::Property(_) => return None,
        })
    });
    keywords(walk, &CONTEXT_AUDIT_TWICE, kinds);
    let names = items.iter().filter_map(|item| match item {
        ContextAuditItem::Property(name) => Some(name),
        ContextAuditItem::Topology
        | ContextAuditItem::Emergency
        | ContextAuditItem::Priority
        | ContextAuditItem::Ieps
        | ContextAuditItem::Attributes(_)
        | ContextAuditItem::SelectPriority(_)
        | ContextAuditItem::SelectEmergency(_)
        | ContextAuditItem::SelectIeps(_)
        | ContextAuditItem::SelectProperties(_)
        | ContextAuditItem::SelectContexts(_)
        | ContextAuditItem::And
        | ContextAuditItem::Or => None,
    });
    walk.once(
        &CONTEXT_AUDIT_TWICE,
        names.map(|name| (item_key(name), name)),
    );
}
