//! What is newer than the version in the message's header.

use super::{Concern, table::*};
use crate::{
    ActionReply, ActionRequest, ContextAudit, ContextAuditItem, ContextProperty, TerminationId,
    TopologyDirection, TopologyTriple, Transaction, Value,
    descriptor::{
        AmmDescriptor, DigitMapValue, ErrorDescriptor, EventParameter, MuxDescriptor, MuxType,
        NotificationReason, RequestedEvent, ServiceChangeDescriptor, Signal, StatisticValue,
        StatisticsDescriptor, StreamParms,
    },
    strict::walk::Walk,
};

pub(super) struct Versions;

impl Concern for Versions {
    fn transaction(&self, walk: &mut Walk<'_>, transaction: &Transaction<'_>) {
        match transaction {
            Transaction::Reply(reply) if reply.segment.is_some() => {
                walk.since(3, &REPLY_SEGMENT, "a segment of a reply");
            }
            Transaction::SegmentReply(_) => walk.since(3, &SEGMENT_REPLY, "a Segment"),
            Transaction::Request(_)
            | Transaction::Reply(_)
            | Transaction::Pending(_)
            | Transaction::ResponseAck(_) => {}
        }
    }

    fn action_request(&self, walk: &mut Walk<'_>, action: &ActionRequest<'_>) {
        if action
            .properties
            .contains(&ContextProperty::Emergency(false))
        {
            walk.since(3, &EMERGENCY_OFF, "EmergencyOff in a request");
        }
    }

    fn action_reply(&self, walk: &mut Walk<'_>, action: &ActionReply<'_>) {
        if action.properties.is_empty() && action.commands.is_empty() && action.error.is_none() {
            walk.since(
                3,
                &BARE_ACTION_REPLY,
                "an action's reply with nothing in it",
            );
        }
    }

    fn context_properties(&self, walk: &mut Walk<'_>, properties: &[ContextProperty<'_>]) {
        for property in properties {
            match property {
                ContextProperty::Ieps(_) => walk.since(3, &IEPS, "IEPSCall"),
                ContextProperty::Properties(_) => {
                    walk.since(3, &CONTEXT_ATTRIBUTES, "ContextAttr");
                }
                ContextProperty::ContextList(_) => {
                    walk.since(3, &CONTEXT_ATTRIBUTES, "ContextList");
                }
                ContextProperty::Topology(_)
                | ContextProperty::Priority(_)
                | ContextProperty::Emergency(_) => {}
            }
        }
    }

    fn topology(&self, walk: &mut Walk<'_>, triples: &[TopologyTriple<'_>]) {
        for triple in triples {
            match triple.direction {
                TopologyDirection::OnewayExternal => {
                    walk.since(3, &TOPOLOGY_DIRECTION, "OnewayExternal");
                }
                TopologyDirection::OnewayBoth => walk.since(3, &TOPOLOGY_DIRECTION, "OnewayBoth"),
                TopologyDirection::Bothway
                | TopologyDirection::Isolate
                | TopologyDirection::Oneway => {}
            }
            if triple.stream.is_some() {
                walk.since(2, &TOPOLOGY_STREAM, "the topology of a stream");
            }
        }
    }

    fn context_audit(&self, walk: &mut Walk<'_>, audit: &ContextAudit<'_>) {
        for item in &audit.items {
            match item {
                ContextAuditItem::Ieps => walk.since(3, &CONTEXT_AUDIT_WIDER, "IEPSCall"),
                ContextAuditItem::Property(_) | ContextAuditItem::Attributes(_) => {
                    walk.since(3, &CONTEXT_AUDIT_WIDER, "a property of the Context");
                }
                ContextAuditItem::SelectPriority(_)
                | ContextAuditItem::SelectEmergency(_)
                | ContextAuditItem::SelectIeps(_)
                | ContextAuditItem::SelectProperties(_)
                | ContextAuditItem::SelectContexts(_)
                | ContextAuditItem::And
                | ContextAuditItem::Or => walk.since(3, &CONTEXT_SELECTOR, "a selection"),
                ContextAuditItem::Topology
                | ContextAuditItem::Emergency
                | ContextAuditItem::Priority => {}
            }
        }
    }

    fn terminations(&self, walk: &mut Walk<'_>, ids: &[TerminationId<'_>]) {
        // The condensed reply to an audit has a list in every version, and no Terminations besides.
        if ids.len() > 1 && walk.terminations().len() > 1 {
            walk.since(3, &TERMINATION_LIST, "a list of Terminations");
        }
    }

    fn amm_descriptors(&self, walk: &mut Walk<'_>, descriptors: &[AmmDescriptor<'_>]) {
        let statistics = |descriptor| matches!(descriptor, &AmmDescriptor::Statistics(_));
        if descriptors.iter().any(statistics) {
            walk.since(3, &AMM_STATISTICS, "Statistics in this command");
        }
    }

    fn stream(&self, walk: &mut Walk<'_>, parms: &StreamParms<'_>) {
        if parms.statistics.is_some() {
            walk.since(3, &STREAM_STATISTICS, "Statistics of a stream");
        }
    }

    fn mux(&self, walk: &mut Walk<'_>, mux: &MuxDescriptor<'_>) {
        if mux.mux_type == MuxType::Nx64k {
            walk.since(2, &NX64K, "Nx64Kservice");
        }
    }

    fn requested_event(&self, walk: &mut Walk<'_>, event: &RequestedEvent<'_>) {
        for parameter in &event.parameters {
            match parameter {
                EventParameter::NotifyBehaviour(_) => {
                    walk.since(3, &NOTIFY_BEHAVIOUR, "a notify behaviour");
                }
                EventParameter::ResetEventsDescriptor => {
                    walk.since(3, &RESET_EVENTS, "ResetEventsDescriptor");
                }
                EventParameter::KeepActive
                | EventParameter::Stream(_)
                | EventParameter::DigitMap(_)
                | EventParameter::Embed { .. }
                | EventParameter::Other(_) => {}
            }
        }
    }

    fn signal(&self, walk: &mut Walk<'_>, signal: &Signal<'_>) {
        if signal.direction.is_some() {
            walk.since(3, &SIGNAL_DIRECTION, "SPADirection");
        }
        if signal.request_id.is_some() {
            walk.since(3, &SIGNAL_REQUEST_ID, "SPARequestID");
        }
        if signal.intersignal_delay_cs.is_some() {
            walk.since(3, &INTERSIGNAL, "Intersignal");
        }
        let mut reasons = signal.notify_completion.iter().flatten();
        if reasons.any(|reason| *reason == NotificationReason::Iteration) {
            walk.since(3, &ITERATION, "Iteration");
        }
    }

    fn digit_map(&self, walk: &mut Walk<'_>, value: &DigitMapValue<'_>) {
        if value.timers.duration_ds.is_some() {
            walk.since(2, &DURATION_TIMER, "the Z timer");
        }
        if value.body.contains(['T', 't']) {
            walk.since(2, &START_TIMER_LETTER, "T within a digit map");
        }
    }

    fn statistics(&self, walk: &mut Walk<'_>, statistics: &StatisticsDescriptor<'_>) {
        for statistic in &statistics.statistics {
            if let Some(StatisticValue::List(_)) = statistic.value {
                walk.since(3, &STATISTIC_LIST, "a list as the value of a statistic");
            }
        }
    }

    fn service_change(&self, walk: &mut Walk<'_>, services: &ServiceChangeDescriptor<'_>) {
        if !services.info.is_empty() {
            walk.since(2, &SERVICES_ITEM, "an item in Services");
        }
        if services.incomplete {
            walk.since(3, &INCOMPLETE, "ServiceChangeInc");
        }
    }

    fn error(&self, walk: &mut Walk<'_>, error: &ErrorDescriptor<'_>) {
        quoted(walk, error.text.as_deref().unwrap_or_default());
    }

    fn value(&self, walk: &mut Walk<'_>, value: &Value<'_>) {
        if value.quoted {
            quoted(walk, &value.text);
        } else if !value.text.is_ascii() {
            walk.since(3, &WIDE_VALUE, "an octet above 127 in a value");
        }
    }
}

fn quoted(walk: &mut Walk<'_>, text: &str) {
    if text.contains(['\r', '\n']) {
        walk.since(3, &QUOTED_STRING, "a line end in a quoted string");
    } else if !text.is_ascii() {
        walk.since(3, &QUOTED_STRING, "an octet above 127 in a quoted string");
    }
}
