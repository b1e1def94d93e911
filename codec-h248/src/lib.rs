//! The H.248 (MEGACO) codec: octets to messages and back.
//!
//! One model serves every encoding and version. [`decode`] borrows from its input;
//! [`bounded_static::ToBoundedStatic::to_static`] makes a message that outlives it. [`encode`]
//! writes text (H.248.1 Annex B), pretty or compact. [`decode_partly`] keeps what stands before
//! the first transaction that makes no sense, and [`peek`] reads the header alone.
//!
//! ```
//! use codec_h248::{Limits, Style, TextProfile, decode, encode};
//!
//! let octets = b"MEGACO/3 [192.0.2.1]:2944 Transaction = 7 { Context = 4 { Subtract = rtp/1 } }";
//! let message = decode(octets, &Limits::default())?;
//! let mut out = Vec::new();
//! encode(&message, &TextProfile::of(Style::Compact), &mut out);
//! assert_eq!(out, b"!/3 [192.0.2.1]:2944 T=7{C=4{S=rtp/1}}");
//! # Ok::<(), codec_h248::DecodeError>(())
//! ```

mod action;
pub mod binary;
mod command;
mod context_attribute;
pub mod descriptor;
mod error;
#[cfg(feature = "serde")]
pub mod json;
mod limits;
#[macro_use]
mod list;
mod message;
mod mid;
mod name;
pub mod package;
mod package_item;
mod peek;
mod property;
mod shown;
mod spelling;
pub mod strict;
mod termination_id;
mod text;
mod time_stamp;
mod topology;
mod transaction;
mod unordered;
mod validate;

pub use action::{ActionReply, ActionRequest, ContextId};
pub use bounded_static::{IntoBoundedStatic, ToBoundedStatic};
pub use command::{
    AmmRequest, AmmsReply, AuditReply, AuditRequest, Command, CommandReply, CommandRequest,
    NotifyReply, NotifyRequest, ServiceChangeReply, ServiceChangeRequest, ServiceChangeResult,
    SubtractRequest,
};
pub use context_attribute::{ContextAudit, ContextAuditItem, ContextProperty};
pub use error::{DecodeError, Expected, Level, Step};
pub use limits::Limits;
pub use list::List;
pub use message::{AuthenticationHeader, Message, MessageBody};
pub use mid::{Host, MId};
pub use name::Name;
pub use package_item::PackageItem;
pub use peek::{Peek, PeekedTransaction, PeekedTransactions, TransactionKind};
pub use property::{ParmValue, PropertyParm, Value};
pub use termination_id::TerminationId;
pub use text::{
    Caret, Decoded, EmptySignals, KeywordCase, KeywordForm, Style, TextProfile, decode,
    decode_partly, encode, encode_action_reply, encode_action_reply_with, encode_authenticated,
    encode_command_reply, encode_header, encode_reply, encode_transaction, peek,
};
pub use time_stamp::TimeStamp;
pub use topology::{TopologyDirection, TopologyTriple};
pub use transaction::{
    AckRange, Segment, SegmentReply, Transaction, TransactionId, TransactionReply,
    TransactionRequest, TransactionResult,
};
pub use validate::Fault;

/// The page about the codec, whose examples must go on working.
#[cfg(doctest)]
#[doc = include_str!("../../docs/codec.md")]
struct Page;
