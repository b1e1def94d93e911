//! How the reply to a request becomes octets.

use bytes::Bytes;
use codec_h248::{
    Transaction, TransactionId, TransactionReply, TransactionResult,
    descriptor::{ErrorCode, ErrorDescriptor},
};

use crate::{
    outbox::{Manner, Outbox},
    transactions::{Bounds, split},
};

/// The first version in which a reply may come in segments.
pub(crate) const SEGMENTS_SINCE: u8 = 3;

/// Writes a reply, in segments where no message can hold it and the version has them; else one that
/// cannot be written becomes an error (533, H.248.8). What it tells of is done by then: a bound
/// before execution is the executor's, which counts a reply's items.
pub(crate) fn write(
    id: TransactionId,
    immediate_ack: bool,
    result: TransactionResult<'static>,
    manner: Manner,
    outbox: &mut Outbox,
) -> Vec<Bytes> {
    let reply = Transaction::Reply(TransactionReply {
        id,
        segment: None,
        immediate_ack,
        result,
    });
    let written = match outbox.write(manner, &reply) {
        Ok(octets) => return vec![octets],
        Err(ErrorCode::REPLY_TOO_LARGE) => write_segments(&reply, manner, outbox),
        Err(code) => Err(code),
    };
    written.unwrap_or_else(|code| {
        outbox.count_oversized(code);
        vec![write_error(id, immediate_ack, code, manner, outbox)]
    })
}

fn write_segments(
    reply: &Transaction<'_>,
    manner: Manner,
    outbox: &Outbox,
) -> Result<Vec<Bytes>, ErrorCode> {
    let Transaction::Reply(TransactionReply {
        id,
        immediate_ack,
        result: TransactionResult::Actions(actions),
        ..
    }) = reply
    else {
        return Err(ErrorCode::REPLY_TOO_LARGE);
    };
    if manner.version < SEGMENTS_SINCE {
        return Err(ErrorCode::REPLY_TOO_LARGE);
    }
    let bounds = Bounds {
        octets: outbox.room(manner),
        segments: outbox.config.limits.segments,
        total: outbox.config.limits.segmented_octets,
    };
    let scribe = outbox.scribe(manner);
    split(*id, *immediate_ack, actions, &scribe, bounds)
}

/// Writes a reply that is an error.
pub(crate) fn write_error(
    id: TransactionId,
    immediate_ack: bool,
    code: ErrorCode,
    manner: Manner,
    outbox: &mut Outbox,
) -> Bytes {
    let reply = Transaction::Reply(TransactionReply {
        id,
        segment: None,
        immediate_ack,
        result: TransactionResult::Error(ErrorDescriptor::new(code)),
    });
    outbox.encode(manner, &reply).unwrap_or_default()
}
