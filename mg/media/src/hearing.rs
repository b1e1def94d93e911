//! Whom of its group a stream hears otherwise than everybody hears everybody (H.248.1 7.1.18).

use mg_contract::Hears;

use crate::group::Slot;

/// What is heard of everybody without topology.
const DEFAULT: Hears = Hears {
    received: true,
    sent: false,
};

/// What one stream hears of the others of its group.
#[derive(Debug, Default)]
pub(crate) struct Hearing {
    /// By slot; at most one for each other member, none that says [`DEFAULT`].
    exceptions: Vec<(Slot, Hears)>,
}

impl Hearing {
    /// Says what is heard of a source from now on.
    pub(crate) fn set(&mut self, source: Slot, hears: Hears) {
        let place = self.place(source);
        match (place, hears == DEFAULT) {
            (Ok(at), true) => {
                self.exceptions.remove(at);
            }
            (Ok(at), false) => self.exceptions[at].1 = hears,
            (Err(_), true) => {}
            (Err(at), false) => self.exceptions.insert(at, (source, hears)),
        }
    }

    /// Forgets what was said of a source.
    pub(crate) fn forget(&mut self, source: Slot) {
        self.set(source, DEFAULT);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.exceptions.clear();
    }

    /// Tells whether everybody is heard.
    pub(crate) fn is_plain(&self) -> bool {
        self.exceptions.is_empty()
    }

    /// Returns what is heard of a source.
    pub(crate) fn of(&self, source: Slot) -> Hears {
        self.place(source)
            .map_or(DEFAULT, |at| self.exceptions[at].1)
    }

    /// Returns all that are not heard as by default.
    pub(crate) fn exceptions(&self) -> impl ExactSizeIterator<Item = (Slot, Hears)> {
        self.exceptions.iter().copied()
    }

    /// Returns those whose sending is heard.
    pub(crate) fn watched(&self) -> impl Iterator<Item = Slot> {
        let sent = self.exceptions.iter().filter(|(_, hears)| hears.sent);
        sent.map(|(source, _)| *source)
    }

    fn place(&self, source: Slot) -> Result<usize, usize> {
        self.exceptions
            .binary_search_by_key(&source, |(slot, _)| *slot)
    }
}
