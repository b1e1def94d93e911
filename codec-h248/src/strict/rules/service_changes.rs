//! ServiceChange (H.248.1 7.2.8).

use super::{Concern, table::*};
use crate::{
    TerminationId, Value,
    descriptor::{ServiceChangeDescriptor, ServiceChangeMethod, ServiceChangeReplyDescriptor},
    strict::walk::{Walk, shown},
};

pub(super) struct ServiceChanges;

impl Concern for ServiceChanges {
    fn service_change(&self, walk: &mut Walk<'_>, services: &ServiceChangeDescriptor<'_>) {
        reason(walk, &services.reason);
        delay(walk, services);
        let of_root = walk.terminations().iter().all(TerminationId::is_root);
        let restart = services.method == ServiceChangeMethod::Restart;
        if services.incomplete && !(of_root && restart) {
            walk.departs(
                &INCOMPLETE_RESTART,
                "ServiceChangeInc, and no Restart of ROOT",
            );
        }
        if !of_root && services.version.is_some() {
            walk.departs(&REGISTRATION_ONLY, "Version, and not of ROOT");
        }
        if !of_root && services.profile.is_some() {
            walk.departs(&REGISTRATION_ONLY, "Profile, and not of ROOT");
        }
    }

    fn service_change_reply(&self, walk: &mut Walk<'_>, _: &ServiceChangeReplyDescriptor<'_>) {
        if !walk.terminations().iter().all(TerminationId::is_root) {
            walk.departs(&REPLY_PARAMETERS, "Services in a reply that is not of ROOT");
        }
    }
}

fn reason(walk: &mut Walk<'_>, reason: &Value<'_>) {
    if !reason.quoted {
        walk.departs(&REASON_QUOTES, format!("{} without quotes", shown(reason)));
    }
    let (code, text) = reason.text.split_at_checked(3).unwrap_or_default();
    let legal = code.starts_with('9')
        && code.bytes().all(|octet| octet.is_ascii_digit())
        && (text.is_empty() || text.starts_with(' '));
    if !legal {
        walk.departs(
            &REASON_CODE,
            format!("{}, which begins with no code", shown(reason)),
        );
    }
}

fn delay(walk: &mut Walk<'_>, services: &ServiceChangeDescriptor<'_>) {
    let takes_effect_later = match services.method {
        ServiceChangeMethod::Graceful
        | ServiceChangeMethod::Restart
        | ServiceChangeMethod::Extension(_) => true,
        ServiceChangeMethod::Failover
        | ServiceChangeMethod::Forced
        | ServiceChangeMethod::Disconnected
        | ServiceChangeMethod::HandOff => false,
    };
    if services.delay_s.is_some() && !takes_effect_later {
        walk.departs(&DELAY, "Delay with a method that takes effect at once");
    }
}
