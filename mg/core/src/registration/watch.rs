//! The inactivity timer: a controller that says nothing for too long is asked whether it is there
//! (H.248.14).

use std::time::{Duration, Instant};

use codec_h248::{
    PackageItem, ParmValue, TransactionId,
    descriptor::{
        EventParameter, EventsDescriptor, ObservedEvent, ObservedEventsDescriptor, RequestId,
        RequestedEvent,
    },
};

/// The unit of `it/ito`'s parameter `mit`.
const UNIT: Duration = Duration::from_millis(10);

/// What the controller has asked for, and what is under way.
#[derive(Debug, Default)]
pub(super) struct Watch {
    armed: Option<Armed>,
    /// The Notify that waits for its reply.
    pub(super) asked: Option<TransactionId>,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    request_id: RequestId,
    silence_max: Duration,
}

impl Watch {
    /// Takes the events that are armed on ROOT.
    pub(super) fn arm(&mut self, events: &EventsDescriptor<'_>) {
        self.armed = armed(events);
    }

    /// When the controller, heard of last at `heard`, has been silent for too long.
    pub(super) fn due(&self, heard: Instant) -> Option<Instant> {
        let armed = self.armed.filter(|_| self.asked.is_none())?;
        Some(heard + armed.silence_max)
    }

    /// What is to be notified.
    pub(super) fn observed(
        &self,
        time_stamp: codec_h248::TimeStamp,
    ) -> Option<ObservedEventsDescriptor<'static>> {
        let event = ObservedEvent {
            time_stamp: Some(time_stamp),
            name: PackageItem::known("it", "ito"),
            stream: None,
            parameters: Vec::new(),
        };
        self.armed.map(|armed| ObservedEventsDescriptor {
            request_id: armed.request_id,
            events: vec![event],
        })
    }
}

fn armed(events: &EventsDescriptor<'_>) -> Option<Armed> {
    let request_id = events.request_id?;
    let mut wanted = events.events.iter();
    let wanted = wanted.find(|event| event.name.is("it", "ito"))?;
    Some(Armed {
        request_id,
        silence_max: silence_max(wanted)?,
    })
}

/// How long a controller may be silent that wants this event; `None` where it does not say, or says
/// it in another way than with one number over 0.
fn silence_max(event: &RequestedEvent<'_>) -> Option<Duration> {
    let mit = event
        .parameters
        .iter()
        .find_map(|parameter| match parameter {
            EventParameter::Other(parameter) if parameter.name.is("mit") => Some(&parameter.value),
            EventParameter::Other(_)
            | EventParameter::KeepActive
            | EventParameter::Stream(_)
            | EventParameter::DigitMap(_)
            | EventParameter::Embed { .. }
            | EventParameter::NotifyBehaviour(_)
            | EventParameter::ResetEventsDescriptor => None,
        })?;
    let units = match mit {
        ParmValue::Equal(value) => value.text.parse::<u32>().ok(),
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..)
        | ParmValue::AllOf(_)
        | ParmValue::OneOf(_) => None,
    };
    units.filter(|units| *units > 0).map(|units| UNIT * units)
}
