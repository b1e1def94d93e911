//! Requested events (H.248.1 7.1.9).

use super::{Concern, table::*};
use crate::{
    descriptor::{EventParameter, RequestId, RequestedEvent},
    strict::walk::Walk,
};

pub(super) struct Events;

impl Concern for Events {
    fn request_id(&self, walk: &mut Walk<'_>, id: &RequestId) {
        if *id == RequestId::All && !walk.in_capabilities() {
            walk.departs(&REQUEST_ID_ALL, "the RequestID *");
        }
    }

    fn requested_event(&self, walk: &mut Walk<'_>, event: &RequestedEvent<'_>) {
        let embeds_signals = |parameter: &EventParameter<'_>| {
            matches!(
                parameter,
                EventParameter::Embed {
                    signals: Some(_),
                    ..
                }
            )
        };
        let keeps = event.parameters.contains(&EventParameter::KeepActive);
        if keeps && event.parameters.iter().any(embeds_signals) {
            walk.departs(&KEEP_ACTIVE_EMBED, "KeepActive with embedded signals");
        }
        let collects =
            |parameter: &EventParameter<'_>| matches!(parameter, EventParameter::DigitMap(_));
        let completion = event.name.is("dd", "ce") && !walk.in_reply();
        if completion && !event.parameters.iter().any(collects) {
            walk.departs(
                &MISSING_DIGIT_MAP,
                "digit map completion without a digit map",
            );
        }
    }
}
