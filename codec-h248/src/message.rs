//! A whole message: who speaks, in which version, and what is said (H.248.1 8, Annex B.2).

use bounded_static::ToStatic;

use crate::{Transaction, descriptor::ErrorDescriptor, mid::MId};

/// One message, as it stands in one datagram or TPKT frame.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct Message<'a> {
    /// The interim authentication header (H.248.1 10.2), where there is one.
    pub authentication: Option<AuthenticationHeader>,
    /// Version of the syntax, 1 to 99; this crate reads and writes 1, 2 and 3.
    pub version: u8,
    /// The sender (H.248.1 8.3).
    pub mid: MId<'a>,
    /// What is said.
    pub body: MessageBody<'a>,
}

/// The body of a message.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum MessageBody<'a> {
    /// The message this answers could not be understood as a whole.
    Error(ErrorDescriptor<'a>),
    /// One transaction or more, in the order written.
    Transactions(Vec<Transaction<'a>>),
}

/// The interim AH scheme's header (H.248.1 10.2).
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub struct AuthenticationHeader {
    /// Security parameter index.
    pub security_parameter_index: u32,
    /// Sequence number.
    pub sequence_number: u32,
    /// The integrity check value, 12 to 32 octets.
    pub data: Vec<u8>,
}
