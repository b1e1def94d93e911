//! DTMF as telephone events (RFC 4733).

mod payload;
mod receiving;
mod sending;

pub(crate) use payload::{PAYLOAD_LENGTH, Payload};
pub(crate) use receiving::{Arrived, Happened, Receiving};
pub(crate) use sending::{EventPacket, Sending};
