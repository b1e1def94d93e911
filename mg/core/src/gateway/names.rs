//! The names of Terminations.

use std::{collections::HashMap, fmt};

use codec_h248::TerminationId;

use super::TerminationKey;

/// Which Termination has which name. By a hash, since in a tree of many names each of the twenty
/// comparisons on the way to one waits for memory.
#[derive(Clone, Default)]
pub(super) struct Names {
    keys: HashMap<TerminationId<'static>, TerminationKey>,
}

impl Names {
    /// The Termination of that name.
    pub(super) fn get(&self, id: &TerminationId<'_>) -> Option<TerminationKey> {
        let keys: &HashMap<TerminationId<'_>, TerminationKey> = &self.keys;
        keys.get(id).copied()
    }

    /// Gives a Termination its name, and returns the one that had it.
    pub(super) fn insert(
        &mut self,
        id: TerminationId<'static>,
        key: TerminationKey,
    ) -> Option<TerminationKey> {
        self.keys.insert(id, key)
    }

    /// Forgets a name.
    pub(super) fn remove(&mut self, id: &TerminationId<'static>) {
        self.keys.remove(id);
    }
}

/// How many there are: the order of a hash is another in each run, and each Termination says its
/// name itself.
impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} names", self.keys.len())
    }
}
