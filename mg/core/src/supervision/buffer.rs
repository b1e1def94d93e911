//! The event buffer (H.248.1 7.1.9, 7.1.10).

use std::collections::VecDeque;

use codec_h248::descriptor::{EventBufferControl, EventBufferDescriptor};
use transport_h248::mutants::{Mutant, seeded};

use super::occurrence::{Asked, Occurrence};

/// Events that are buffered (project): more than anybody dials ahead. Over it they are lost, and the next
/// Notify says so (518).
const BUFFERED_MAX: usize = 64;

/// Events that wait for a new Events descriptor.
#[derive(Clone, Debug, Default)]
pub(super) struct EventBuffer {
    /// Whether one event at a time is processed.
    pub(super) lock_step: bool,
    /// Whether an event was processed, and a new Events descriptor is waited for.
    pub(super) suspended: bool,
    /// What is buffered.
    pub(super) listed: EventBufferDescriptor<'static>,
    waiting: VecDeque<Occurrence>,
    /// Whether something was lost since this was last asked.
    pub(super) lost: bool,
}

impl EventBuffer {
    /// Sets TerminationState's `Buffer`. Off: nothing is buffered any more.
    pub(super) fn set(&mut self, control: EventBufferControl) {
        self.lock_step = control == EventBufferControl::LockStep && !seeded(Mutant::M16);
        if !self.lock_step {
            self.clear();
            self.suspended = false;
        }
    }

    /// Takes what is to be buffered; an empty descriptor empties the buffer.
    pub(super) fn list(&mut self, listed: EventBufferDescriptor<'static>) {
        if listed.events.is_empty() {
            self.clear();
        }
        self.listed = listed;
    }

    /// Buffers an event if it is listed.
    pub(super) fn take(&mut self, one: Occurrence) {
        let mut listed = self.listed.events.iter();
        let is_listed = listed.any(|spec| {
            let asked = Asked {
                name: &spec.name,
                stream: spec.stream,
                parameters: spec.parameters.iter(),
            };
            asked.takes(&one)
        });
        if !is_listed {
            return;
        }
        if self.waiting.len() < BUFFERED_MAX {
            self.waiting.push_back(one);
        } else {
            self.lost = true;
        }
    }

    /// The event that has waited for the longest time.
    pub(super) fn next(&mut self) -> Option<Occurrence> {
        self.waiting.pop_front()
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The events that wait.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Occurrence> {
        self.waiting.iter()
    }
}
