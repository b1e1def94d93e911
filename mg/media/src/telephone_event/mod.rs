//! DTMF as telephone events (RFC 4733).

mod payload;
mod sending;

pub(crate) use payload::{PAYLOAD_LENGTH, Payload};
pub(crate) use sending::{EventPacket, Sending};
