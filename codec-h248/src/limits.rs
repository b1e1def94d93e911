//! How much of everything a message may contain.

/// Bounds on what decoding accepts; each is reported as an error of its own.
///
/// ```
/// use codec_h248::{Limits, decode};
///
/// let limits = Limits { octets: 40, ..Limits::default() };
/// let error = decode(b"MEGACO/1 [192.0.2.1] TransactionResponseAck{1,2}", &limits).unwrap_err();
/// assert_eq!(error.to_string(), "expected at most 40 octets at octet 40 (Message)");
/// ```
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
    /// Constructed elements within each other (binary), never more than 256; the text grammar
    /// bounds its own depth.
    pub depth: usize,
    /// Octets of any one value, number or quoted string.
    pub value: usize,
    /// Octets of any one digit map.
    pub digit_map: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            octets: 65_507,
            transactions: 128,
            entries: 4_096,
            entries_total: 16_384,
            depth: 64,
            value: 8_192,
            digit_map: 4_096,
        }
    }
}
