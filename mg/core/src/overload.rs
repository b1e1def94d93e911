//! How loaded the gateway is, and what its controller is told of it: packages chp (H.248.10) and ocp
//! (H.248.11).

use std::time::{Duration, Instant};

use codec_h248::{
    PackageItem, ParmValue, TimeStamp, TransactionId, Value,
    descriptor::{EventsDescriptor, NamedParameter, ObservedEvent, ObservedEventsDescriptor},
};

use crate::{Limits, gateway::Gateway};

/// At most one Notify of load in this time, however it changes; and so often load is looked at again
/// while it is over the limit.
const PERIOD: Duration = Duration::from_secs(1);
/// So far under the limit load has to fall before it counts as crossing the limit again, in percent.
const APART: u8 = 10;
/// Steps of the reduction that is asked for, in percent.
const STEP: u8 = 10;

/// What is known of load, and what was told.
#[derive(Debug, Default)]
pub(crate) struct Overload {
    /// What the shell says of the processor, in percent.
    processor: u8,
    /// Whether load is over the limit.
    is_over: bool,
    /// Whether the controller was told that it is (ocp).
    is_told: bool,
    /// The reduction that the controller was told last, in percent (chp).
    reduction: u8,
    /// When it was told last.
    told_at: Option<Instant>,
    /// The Notify that waits for its reply.
    asked: Option<TransactionId>,
    /// When to look again.
    next: Option<Instant>,
}

impl Overload {
    /// Takes how busy the processor is, in percent.
    pub(crate) fn handle_processor(&mut self, percent: u8) {
        self.processor = percent.min(100);
    }

    /// Whether the processor is too busy to begin anything that is not urgent.
    pub(crate) fn is_busy(&self, limits: &Limits) -> bool {
        self.processor >= limits.processor_percent
    }

    /// Looks at the load, and returns what the controller is to be told.
    pub(crate) fn advance(
        &mut self,
        gateway: &Gateway,
        waiting: usize,
        time_stamp: TimeStamp,
        now: Instant,
    ) -> Option<ObservedEventsDescriptor<'static>> {
        let limits = gateway.limits();
        let load = self.load(gateway, waiting);
        self.is_over = if self.is_over {
            load.saturating_add(APART) >= limits.overload_percent
        } else {
            load >= limits.overload_percent
        };
        self.is_told &= self.is_over;
        let reduction = reduction(load, limits.overload_percent);
        let events = self.events(&gateway.root.events, reduction, time_stamp);
        let may_tell = self.told_at.is_none_or(|at| now >= at + PERIOD);
        self.next = match (self.is_over || !events.is_empty(), self.told_at) {
            (false, _) => None,
            (true, Some(at)) if !may_tell => Some(at + PERIOD),
            (true, _) => Some(now + PERIOD),
        };
        if events.is_empty() || !may_tell || self.asked.is_some() {
            return None;
        }
        self.is_told = self.is_over;
        self.reduction = reduction;
        self.told_at = Some(now);
        Some(ObservedEventsDescriptor {
            request_id: gateway.root.events.request_id?,
            events,
        })
    }

    /// The fullest of everything that can be full, in percent.
    fn load(&self, gateway: &Gateway, waiting: usize) -> u8 {
        let limits = gateway.limits();
        let ports = gateway.ports.counts();
        let all = ports.unbound + ports.binding + ports.free + ports.owned;
        let parts = [
            percent(gateway.contexts().len(), limits.contexts),
            percent(gateway.ephemeral_count(), limits.terminations),
            percent(ports.owned, all),
            percent(waiting, limits.queued_transactions),
            self.processor,
        ];
        parts.into_iter().max().unwrap_or_default()
    }

    /// What is armed, and new.
    fn events(
        &self,
        armed: &EventsDescriptor<'_>,
        reduction: u8,
        time_stamp: TimeStamp,
    ) -> Vec<ObservedEvent<'static>> {
        let observed = |package, item| {
            let wanted = |name: &PackageItem<'_>| name.is(package, item) || name.is(package, "*");
            let is_armed = armed.events.iter().any(|event| wanted(&event.name));
            is_armed.then(|| ObservedEvent {
                time_stamp: Some(time_stamp),
                name: PackageItem::known(package, item),
                stream: None,
                parameters: Vec::new(),
            })
        };
        let mut events = Vec::new();
        if self.is_over && !self.is_told {
            events.extend(observed("ocp", "mg_overload"));
        }
        if reduction != self.reduction {
            events.extend(observed("chp", "mgcon").map(|event| ObservedEvent {
                parameters: vec![NamedParameter {
                    name: "reduction".into(),
                    value: ParmValue::Equal(Value::bare(reduction.to_string())),
                }],
                ..event
            }));
        }
        events
    }

    /// Takes by which transaction the controller is told.
    pub(crate) fn handle_asked(&mut self, id: TransactionId) {
        self.asked = Some(id);
    }

    /// Takes the end of a transaction, and says whether it was that.
    pub(crate) fn handle_answered(&mut self, id: TransactionId) -> bool {
        let is_it = self.asked == Some(id);
        if is_it {
            self.asked = None;
        }
        is_it
    }

    /// Takes that a controller has accepted the gateway: it was told nothing.
    pub(crate) fn handle_registered(&mut self) {
        let processor = self.processor;
        *self = Self {
            processor,
            ..Self::default()
        };
    }

    /// When to look again.
    pub(crate) fn poll_timeout(&self) -> Option<Instant> {
        self.next
    }
}

fn percent(part: usize, whole: usize) -> u8 {
    let percent = part.saturating_mul(100).checked_div(whole).unwrap_or(0);
    u8::try_from(percent.min(100)).unwrap_or(100)
}

/// How much of the load the controller is asked to keep away: nothing under the limit, everything at
/// 100 %, in steps.
fn reduction(load: u8, limit: u8) -> u8 {
    if load < limit {
        return 0;
    }
    let over = u32::from(load - limit) * 100 / u32::from(100 - limit.min(99));
    let step = u32::from(STEP);
    let steps = (over / step).max(1);
    u8::try_from((steps * step).min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reduction_grows_in_steps_from_the_limit_to_everything() {
        let at = |load| reduction(load, 80);
        assert_eq!((at(0), at(79)), (0, 0));
        assert_eq!((at(80), at(83), at(90), at(100)), (10, 10, 50, 100));
        assert_eq!((reduction(100, 100), reduction(99, 100)), (10, 0));
    }
}
