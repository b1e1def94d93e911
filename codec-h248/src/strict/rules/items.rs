//! Items as their packages have them (H.248.1 12.1). What belongs to a package that is not known is
//! let pass.

use super::{
    Concern,
    contexts::asked,
    table::*,
    values::{check, check_one},
};
use crate::{
    ContextAudit, ContextAuditItem, ContextProperty, PackageItem, PropertyParm,
    binary::{fixed_point_number, is_packet_loss},
    descriptor::{
        AuditItem, EventSpec, IndividualMedia, IndividualStream, IndividualStreams,
        LocalControlAudit, LocalControlDescriptor, ObservedEvent, RequestedEvent, Signal,
        SignalType, StatisticValue, StatisticsDescriptor, TerminationStateAudit,
        TerminationStateDescriptor,
    },
    package::{
        Access, Doubt, ItemDefinition, ItemDetails, ItemKind, PackageDefinition, PropertyPlace,
        UNVERIFIED,
    },
    strict::walk::{Walk, shown},
};

pub(super) struct Items;

impl Concern for Items {
    fn context_properties(&self, walk: &mut Walk<'_>, properties: &[ContextProperty<'_>]) {
        for property in properties {
            if let ContextProperty::Properties(properties) = property {
                set(walk, properties, PropertyPlace::ContextAttribute);
            }
        }
    }

    fn context_audit(&self, walk: &mut Walk<'_>, audit: &ContextAudit<'_>) {
        for item in asked(audit) {
            if let ContextAuditItem::Property(name) = item {
                exists(walk, ItemKind::Property, name);
            }
        }
    }

    fn local_control(&self, walk: &mut Walk<'_>, local_control: &LocalControlDescriptor<'_>) {
        set(walk, &local_control.properties, PropertyPlace::LocalControl);
    }

    fn termination_state(&self, walk: &mut Walk<'_>, state: &TerminationStateDescriptor<'_>) {
        set(walk, &state.properties, PropertyPlace::TerminationState);
    }

    fn properties(&self, walk: &mut Walk<'_>, properties: &[PropertyParm<'_>]) {
        for PropertyParm { name, value } in properties {
            exists(walk, ItemKind::Property, name);
            let definition = known(walk, ItemKind::Property, name);
            if let Some(form) = definition.and_then(ItemDefinition::form) {
                check(walk, name, name, form, value);
            }
        }
    }

    fn requested_event(&self, walk: &mut Walk<'_>, event: &RequestedEvent<'_>) {
        exists(walk, ItemKind::Event, &event.name);
    }

    fn event_spec(&self, walk: &mut Walk<'_>, spec: &EventSpec<'_>) {
        exists(walk, ItemKind::Event, &spec.name);
    }

    fn observed_event(&self, walk: &mut Walk<'_>, event: &ObservedEvent<'_>) {
        exists(walk, ItemKind::Event, &event.name);
    }

    fn signal(&self, walk: &mut Walk<'_>, signal: &Signal<'_>) {
        exists(walk, ItemKind::Signal, &signal.name);
        let definition = known(walk, ItemKind::Signal, &signal.name);
        let lasts_on_its_own = definition.is_some_and(|definition| match definition.details {
            ItemDetails::Signal { default_type, .. } => default_type != SignalType::TimeOut,
            ItemDetails::Property { .. }
            | ItemDetails::Event { .. }
            | ItemDetails::Statistic { .. } => false,
        });
        let made_to_end = signal.signal_type == Some(SignalType::TimeOut);
        if lasts_on_its_own && made_to_end && signal.duration_cs.is_none() {
            walk.departs(&TIME_OUT_DURATION, "TimeOut without Duration");
        }
    }

    fn statistics(&self, walk: &mut Walk<'_>, statistics: &StatisticsDescriptor<'_>) {
        for statistic in &statistics.statistics {
            let name = &statistic.name;
            exists(walk, ItemKind::Statistic, name);
            let definition = known(walk, ItemKind::Statistic, name);
            let Some(form) = definition.and_then(ItemDefinition::form) else {
                continue;
            };
            match &statistic.value {
                // It has 32 bits behind the point (H.248.1 E.12.4), which text says by a point.
                Some(StatisticValue::One(value))
                    if definition.is_some_and(|item| is_packet_loss(item, walk.packages()))
                        && !value.quoted
                        && fixed_point_number(&value.text).is_some() => {}
                Some(StatisticValue::One(value)) => check_one(walk, name, name, form, value),
                Some(StatisticValue::List(_)) if !form.is_list => {
                    walk.departs(&VALUE_TYPE, format!("{}: a list", shown(name)));
                }
                Some(StatisticValue::List(values)) => {
                    for value in values {
                        check_one(walk, name, name, form, value);
                    }
                }
                None => {}
            }
        }
    }

    fn audit_item(&self, walk: &mut Walk<'_>, item: &AuditItem<'_>) {
        if let AuditItem::IndividualMedia(media) = item {
            individual_media(walk, media);
        }
        if let Some((kind, name)) = item.package_item() {
            exists(walk, kind, name);
        }
    }
}

fn individual_media(walk: &mut Walk<'_>, media: &IndividualMedia<'_>) {
    if let Some(TerminationStateAudit::Property(name)) = &media.termination_state {
        exists(walk, ItemKind::Property, name);
    }
    match &media.streams {
        IndividualStreams::Single(stream) => individual_stream(walk, stream),
        IndividualStreams::Several(streams) => {
            for (_, stream) in streams {
                individual_stream(walk, stream);
            }
        }
    }
}

fn individual_stream(walk: &mut Walk<'_>, stream: &IndividualStream<'_>) {
    for part in &stream.local_control {
        if let LocalControlAudit::Property(name) = part {
            exists(walk, ItemKind::Property, name);
        }
    }
    if let Some(name) = &stream.statistic {
        exists(walk, ItemKind::Statistic, name);
    }
}

/// The item, if it is known and its package is vouched for.
pub(super) fn known<'m>(
    walk: &Walk<'m>,
    kind: ItemKind,
    name: &PackageItem<'_>,
) -> Option<&'m ItemDefinition> {
    let package = vouched(walk, &name.package)?;
    walk.packages().item_of(package, kind, &name.item)
}

/// The package, if what is known of it is enough to tell what it does not have: it and those that
/// it extends have items, and these were checked.
fn vouched<'m>(walk: &Walk<'m>, name: &str) -> Option<&'m PackageDefinition> {
    let packages = walk.packages();
    let package = packages.package(name)?;
    let mut next = Some(package);
    while let Some(one) = next {
        if one.items.is_empty() && one.extends.is_none() || !is_checked(one) {
            return None;
        }
        next = one.extends.as_ref().and_then(|base| packages.package(base));
    }
    Some(package)
}

/// Whether the names of items and the forms of their values were checked; numbers are binary's.
fn is_checked(package: &PackageDefinition) -> bool {
    UNVERIFIED
        .iter()
        .filter(|unverified| package.name.eq_ignore_ascii_case(unverified.package))
        .all(|unverified| matches!(unverified.doubt, Doubt::Name | Doubt::Ids))
}

/// A departure if the package is vouched for and lacks the item.
fn exists(walk: &mut Walk<'_>, kind: ItemKind, name: &PackageItem<'_>) {
    let Some(package) = vouched(walk, &name.package) else {
        return;
    };
    if name.item == "*" || known(walk, kind, name).is_some() {
        return;
    }
    let rule = match kind {
        ItemKind::Property => &UNKNOWN_PROPERTY,
        ItemKind::Event => &UNKNOWN_EVENT,
        ItemKind::Signal => &UNKNOWN_SIGNAL,
        ItemKind::Statistic => &UNKNOWN_STATISTIC,
    };
    let version = package.version;
    let what = format!(
        "{}, which version {version} of the package lacks",
        shown(name)
    );
    walk.departs(rule, what);
}

/// Properties that stand, or are set, in a descriptor.
fn set(walk: &mut Walk<'_>, properties: &[PropertyParm<'_>], here: PropertyPlace) {
    for PropertyParm { name, .. } in properties {
        let item = known(walk, ItemKind::Property, name);
        let Some(ItemDetails::Property { place, access, .. }) = item.map(|item| &item.details)
        else {
            continue;
        };
        if *place != here {
            let what = format!("{}, which stands in {}", shown(name), word(*place));
            walk.departs(&MISPLACED_PROPERTY, what);
        }
        if *access == Access::ReadOnly && !walk.in_reply() {
            walk.departs(&READ_ONLY, format!("{} in a request", shown(name)));
        }
    }
}

fn word(place: PropertyPlace) -> &'static str {
    match place {
        PropertyPlace::TerminationState => "TerminationState",
        PropertyPlace::LocalControl => "LocalControl",
        PropertyPlace::ContextAttribute => "ContextAttr",
    }
}
