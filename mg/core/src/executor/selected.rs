//! Selection of Terminations by values that an Audit descriptor names (H.248.1 7.1.12, version 3).

use codec_h248::{
    ParmValue, PropertyParm, Value,
    descriptor::{AuditItem, LocalControlAudit, StreamId, TerminationStateAudit},
    package::ItemKind,
};

use super::individual;
use crate::gateway::{items, packages, termination::Termination};

/// Whether a Termination has the values that an audit names: all of them, or `any`.
pub(crate) fn is_selected(termination: &Termination, items: &[AuditItem<'_>], any: bool) -> bool {
    let mut met = items
        .iter()
        .flat_map(|item| criteria(termination, item))
        .peekable();
    if met.peek().is_none() {
        return true;
    }
    if any {
        met.any(|one| one)
    } else {
        met.all(|one| one)
    }
}

/// Which of the values that an item names the Termination has.
fn criteria(termination: &Termination, item: &AuditItem<'_>) -> Vec<bool> {
    let AuditItem::IndividualMedia(media) = item else {
        return Vec::new();
    };
    let mut met = Vec::new();
    match &media.termination_state {
        Some(TerminationStateAudit::ServiceStatesIs(state)) => {
            met.push(termination.service == *state);
        }
        Some(TerminationStateAudit::ServiceStatesIsNot(state)) => {
            met.push(termination.service != *state);
        }
        Some(TerminationStateAudit::PropertyIs(wanted)) => {
            let state = termination.media().termination_state.unwrap_or_default();
            met.push(has(&state.properties, wanted));
        }
        Some(
            TerminationStateAudit::ServiceStates
            | TerminationStateAudit::Buffer
            | TerminationStateAudit::Property(_),
        )
        | None => {}
    }
    for (id, stream) in individual::streams(media) {
        let parts = stream.local_control.iter();
        met.extend(parts.filter_map(|part| of_stream(termination, id, part)));
    }
    met
}

fn of_stream(
    termination: &Termination,
    id: StreamId,
    part: &LocalControlAudit<'_>,
) -> Option<bool> {
    let control = termination.streams.get(&id).map(|stream| &stream.control);
    match part {
        LocalControlAudit::ModeIs(mode) => {
            Some(control.is_some_and(|control| control.mode == *mode))
        }
        LocalControlAudit::ModeIsNot(mode) => {
            Some(control.is_some_and(|control| control.mode != *mode))
        }
        LocalControlAudit::PropertyIs(wanted) => Some(control.is_some_and(|control| {
            let assumed = packages::assumed(termination.owner);
            has(&packages::over(assumed, &control.properties), wanted)
        })),
        LocalControlAudit::Mode
        | LocalControlAudit::ReservedValue
        | LocalControlAudit::ReservedGroup
        | LocalControlAudit::Property(_) => None,
    }
}

/// Whether one of the properties is as is wanted.
pub(super) fn has(properties: &[PropertyParm<'_>], wanted: &PropertyParm<'_>) -> bool {
    properties.iter().any(|parm| {
        let same = items::is_meant(ItemKind::Property, &wanted.name, &parm.name);
        same && matches!(&parm.value, ParmValue::Equal(value) if holds(value, &wanted.value))
    })
}

/// Whether a value stands in the relation that is named; numbers are compared as such.
fn holds(value: &Value<'_>, wanted: &ParmValue<'_>) -> bool {
    let number = |value: &Value<'_>| value.text.parse::<i64>().ok();
    let same = |other: &Value<'_>| match (number(value), number(other)) {
        (Some(one), Some(other)) => one == other,
        (None | Some(_), _) => value == other,
    };
    let against = |other: &Value<'_>| Some(number(value)?.cmp(&number(other)?));
    match wanted {
        ParmValue::Equal(other) => same(other),
        ParmValue::NotEqual(other) => !same(other),
        ParmValue::Greater(other) => against(other).is_some_and(|order| order.is_gt()),
        ParmValue::Less(other) => against(other).is_some_and(|order| order.is_lt()),
        ParmValue::Range(low, high) => {
            against(low).is_some_and(|order| order.is_ge())
                && against(high).is_some_and(|order| order.is_le())
        }
        ParmValue::OneOf(others) => others.iter().any(same),
        ParmValue::AllOf(others) => others.iter().all(same),
    }
}
