//! H.248 messages out of captures: pcap and pcapng files, whole or still growing, and interfaces.
//!
//! A message is known by what it says, on any port: RTP, SIP and T.38 beside it are none. What does
//! not decode is still given where H.248 is expected: at its ports, from who spoke it before, where
//! SCTP or MTP3 name it. Everything that is no message is counted by its kind, and ends nothing.

mod address;
mod counts;
mod detect;
mod dissector;
mod file;
mod format;
mod fragments;
mod framing;
mod interface;
mod link;
mod mtp3;
mod outlet;
mod sctp;
pub mod synthetic;
mod tcp;

use std::{borrow::Cow, time::SystemTime};

pub use self::{
    address::Address,
    counts::{Counts, Kind},
    file::CaptureFile,
    format::{CaptureError, is_capture},
};
pub use crate::message::Encoding;

/// One captured message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Captured<'c> {
    /// When the packet came with which it was whole.
    pub time: SystemTime,
    /// The number of that packet in the capture, from 1 on.
    pub frame: u64,
    /// Its sender.
    pub from: Address,
    /// Its receiver.
    pub to: Address,
    /// What carried it.
    pub transport: Transport,
    /// How it is to be read.
    pub encoding: Encoding,
    /// The message.
    pub octets: Cow<'c, [u8]>,
}

impl Captured<'_> {
    /// The same with octets of its own.
    pub fn into_owned(self) -> Captured<'static> {
        Captured {
            octets: Cow::Owned(self.octets.into_owned()),
            ..self
        }
    }
}

/// What carried a message.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Transport {
    /// A datagram.
    Udp,
    /// A TPKT frame (RFC 1006) over TCP.
    Tpkt,
    /// TCP without frames: one message behind the other.
    Tcp,
    /// DATA of SCTP.
    Sctp,
    /// A signal unit of MTP3, over SCTP or as it is.
    Mtp3,
}

/// Takes messages one after another.
pub(crate) type Sink<'s> = dyn FnMut(Captured<'_>) + 's;

#[cfg(test)]
mod tests;
