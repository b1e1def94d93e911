//! The rules: one file for each concern, and what they look at.

mod audits;
mod contexts;
mod digit_maps;
mod events;
mod identifiers;
mod individual;
mod items;
mod numbers;
mod once;
mod parameters;
mod replies;
mod service_changes;
mod signals;
pub(super) mod table;
mod terminations;
mod values;
mod versions;

pub use self::table::{RULES, Rule};
use super::walk::Walk;
use crate::{
    ActionReply, ActionRequest, Command, CommandReply, ContextAudit, ContextProperty, MId, Message,
    PropertyParm, TerminationId, TimeStamp, TopologyTriple, Transaction, Value,
    descriptor::{
        AmmDescriptor, AuditDescriptor, AuditItem, DigitMapValue, ErrorDescriptor, EventSpec,
        LocalControlDescriptor, MediaDescriptor, ModemDescriptor, MuxDescriptor, ObservedEvent,
        RequestId, RequestedEvent, ServiceChangeDescriptor, ServiceChangeReplyDescriptor,
        SessionDescription, Signal, SignalList, StatisticsDescriptor, StreamParms,
        TerminationStateDescriptor,
    },
};

macro_rules! nouns {
    ($($name:ident: $noun:ty;)*) => {
        /// Some rules, and what each looks at: nothing of most nouns.
        trait Concern: Sync {
            $(fn $name(&self, _walk: &mut Walk<'_>, _noun: &$noun) {})*
        }

        /// All rules look at a noun.
        pub(super) mod look {
            use super::*;

            $(pub(in crate::strict) fn $name(walk: &mut Walk<'_>, noun: &$noun) {
                for concern in CONCERNS {
                    concern.$name(walk, noun);
                }
            })*
        }
    };
}

nouns! {
    message: Message<'_>;
    transaction: Transaction<'_>;
    action_request: ActionRequest<'_>;
    action_reply: ActionReply<'_>;
    context_properties: [ContextProperty<'_>];
    topology: [TopologyTriple<'_>];
    context_audit: ContextAudit<'_>;
    command: Command<'_>;
    command_reply: CommandReply<'_>;
    terminations: [TerminationId<'_>];
    termination: TerminationId<'_>;
    amm_descriptors: [AmmDescriptor<'_>];
    error: ErrorDescriptor<'_>;
    media: MediaDescriptor<'_>;
    stream: StreamParms<'_>;
    local_control: LocalControlDescriptor<'_>;
    termination_state: TerminationStateDescriptor<'_>;
    session_description: SessionDescription<'_>;
    modem: ModemDescriptor<'_>;
    mux: MuxDescriptor<'_>;
    properties: [PropertyParm<'_>];
    request_id: RequestId;
    requested_event: RequestedEvent<'_>;
    event_spec: EventSpec<'_>;
    observed_event: ObservedEvent<'_>;
    signal_list: SignalList<'_>;
    signal: Signal<'_>;
    digit_map: DigitMapValue<'_>;
    statistics: StatisticsDescriptor<'_>;
    audit: AuditDescriptor<'_>;
    audit_item: AuditItem<'_>;
    service_change: ServiceChangeDescriptor<'_>;
    service_change_reply: ServiceChangeReplyDescriptor<'_>;
    value: Value<'_>;
    time_stamp: TimeStamp;
    mid: MId<'_>;
}

/// All rules.
const CONCERNS: &[&dyn Concern] = &[
    &versions::Versions,
    &once::Once,
    &numbers::Numbers,
    &identifiers::Identifiers,
    &terminations::Terminations,
    &contexts::Contexts,
    &events::Events,
    &signals::Signals,
    &digit_maps::DigitMaps,
    &audits::Audits,
    &individual::Individual,
    &service_changes::ServiceChanges,
    &replies::Replies,
    &items::Items,
    &parameters::Parameters,
];
