//! Events that are to be notified (H.248.1 7.2.7).

use std::{collections::VecDeque, time::Instant};

use codec_h248::descriptor::{ObservedEvent, ObservedEventsDescriptor, RequestId};
use transport_h248::Anchor;

/// Events that wait for the reply to the Notify before them. Over it they are lost, and the next Notify
/// says so (518): a controller that does not answer is not to be remembered everything for.
const WAITING_MAX: usize = 64;

/// Events that are to be notified, in the order of detection.
#[derive(Clone, Debug, Default)]
pub(super) struct Observed {
    waiting: VecDeque<Noted>,
    /// Whether a Notify waits for its reply.
    asked: bool,
    lost: bool,
}

#[derive(Clone, Debug)]
struct Noted {
    request_id: RequestId,
    event: ObservedEvent<'static>,
    at: Instant,
}

/// A Notify that is to be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct News {
    /// What was observed.
    pub(crate) observed: ObservedEventsDescriptor<'static>,
    /// Whether events were lost before (518).
    pub(crate) lost: bool,
}

impl Observed {
    /// Notes an event.
    pub(super) fn note(
        &mut self,
        request_id: RequestId,
        event: ObservedEvent<'static>,
        at: Instant,
    ) {
        if self.waiting.len() < WAITING_MAX {
            self.waiting.push_back(Noted {
                request_id,
                event,
                at,
            });
        } else {
            self.lost = true;
        }
    }

    /// Notes that an event was lost elsewhere.
    pub(super) fn note_lost(&mut self) {
        self.lost = true;
    }

    /// Whether a Notify may be sent.
    pub(super) fn is_ready(&self) -> bool {
        !self.asked && !self.waiting.is_empty()
    }

    /// Whether nothing waits and nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        !self.asked && self.waiting.is_empty() && !self.lost
    }

    /// The next Notify: of one event, which every controller takes; at most one waits for its reply (9.1).
    pub(super) fn next(&mut self, anchor: &Anchor) -> Option<News> {
        if self.asked {
            return None;
        }
        let noted = self.waiting.pop_front()?;
        let event = ObservedEvent {
            time_stamp: Some(anchor.time_stamp(noted.at)),
            ..noted.event
        };
        self.asked = true;
        Some(News {
            observed: ObservedEventsDescriptor {
                request_id: noted.request_id,
                events: vec![event],
            },
            lost: std::mem::take(&mut self.lost),
        })
    }

    /// Takes the end of the Notify that was sent.
    pub(super) fn answered(&mut self) {
        self.asked = false;
    }

    /// Forgets what has not been sent: the Termination leaves.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.lost = false;
    }
}
