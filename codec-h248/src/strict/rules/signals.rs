//! Signals and lists of them (H.248.1 7.1.11).

use super::{Concern, table::*};
use crate::{
    descriptor::{Signal, SignalList, SignalType},
    strict::walk::{Walk, shown},
};

pub(super) struct Signals;

impl Concern for Signals {
    fn signal(&self, walk: &mut Walk<'_>, signal: &Signal<'_>) {
        if signal.name.item == "*" {
            walk.departs(
                &SIGNAL_WILDCARD,
                format!("the signal {}", shown(&signal.name)),
            );
        }
        if signal.request_id.is_some() && signal.notify_completion.is_none() {
            walk.departs(&LONE_REQUEST_ID, "SPARequestID without NotifyCompletion");
        }
    }

    fn signal_list(&self, walk: &mut Walk<'_>, list: &SignalList<'_>) {
        for (place, signal) in list.signals.iter().enumerate() {
            let last = place + 1 == list.signals.len();
            match signal.signal_type {
                None => {
                    let name = shown(&signal.name);
                    walk.departs(&LIST_SIGNAL_TYPE, format!("{name} without a SignalType"));
                }
                Some(SignalType::OnOff) if !last => {
                    let name = shown(&signal.name);
                    walk.departs(&LIST_ON_OFF, format!("{name} is OnOff and not the last"));
                }
                Some(SignalType::OnOff | SignalType::TimeOut | SignalType::Brief) => {}
            }
        }
    }
}
