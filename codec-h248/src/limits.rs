//! How much of everything a message may contain.

/// Bounds on what [`crate::decode`] accepts; each is reported as an error of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Octets of a message: the largest UDP payload over IPv4.
    pub octets: usize,
    /// Transactions in a message.
    pub transactions: usize,
    /// Entries of any one list: actions, commands, descriptors, values, Terminations.
    pub entries: usize,
    /// Entries of all lists of a message together.
    pub entries_total: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            octets: 65_507,
            transactions: 128,
            entries: 4_096,
            entries_total: 16_384,
        }
    }
}
