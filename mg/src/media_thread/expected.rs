//! What waits in a media thread for a stream that another thread is to hand over.

use std::collections::{BTreeMap, VecDeque};

use mg_contract::StreamRef;

use super::Step;

/// The streams that are to come, and what is to be done with each, in order. The control loop says
/// no more of them than the core may say of open streams, and none is to come for long.
#[derive(Debug, Default)]
pub(super) struct Expected(BTreeMap<StreamRef, VecDeque<Step>>);

impl Expected {
    /// Waits for a stream.
    pub(super) fn expect(&mut self, stream: StreamRef) {
        self.0.entry(stream).or_default();
    }

    /// Keeps a step that is about a stream that is to come; any other is to be done now.
    pub(super) fn hold(&mut self, step: Step) -> Option<Step> {
        let about = [step.about.0, step.about.1];
        let awaited = about
            .into_iter()
            .flatten()
            .find(|stream| self.0.contains_key(stream));
        let queue = awaited.and_then(|stream| self.0.get_mut(&stream));
        let Some(queue) = queue else {
            return Some(step);
        };
        queue.push_back(step);
        None
    }

    /// Waits no more for a stream; returns what has waited for it.
    pub(super) fn arrived(&mut self, stream: StreamRef) -> VecDeque<Step> {
        self.0.remove(&stream).unwrap_or_default()
    }

    /// Tells whether a stream is to come.
    pub(super) fn awaits(&self, stream: StreamRef) -> bool {
        self.0.contains_key(&stream)
    }

    /// Tells whether nothing is to come.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
