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
const SEGMENTS_SINCE: u8 = 3;

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
    let reply = TransactionReply {
        id,
        segment: None,
        immediate_ack,
        result,
    };
    let reply = Transaction::Reply(reply);
    let code = match outbox.write(manner, &reply) {
        Ok(octets) => return vec![octets],
        Err(code) => code,
    };
    let segments = match reply {
        Transaction::Reply(reply) if code == ErrorCode::REPLY_TOO_LARGE => {
            write_segments(&reply, manner, outbox)
        }
        _ => Err(code),
    };
    segments.unwrap_or_else(|code| vec![write_error(id, immediate_ack, code, manner, outbox)])
}

fn write_segments(
    reply: &TransactionReply<'_>,
    manner: Manner,
    outbox: &mut Outbox,
) -> Result<Vec<Bytes>, ErrorCode> {
    let TransactionResult::Actions(actions) = &reply.result else {
        return Err(ErrorCode::REPLY_TOO_LARGE);
    };
    if manner.version < SEGMENTS_SINCE {
        return Err(ErrorCode::REPLY_TOO_LARGE);
    }
    let bounds = Bounds {
        octets: outbox.room(manner),
        segments: outbox.config.limits.segments,
    };
    let scribe = outbox.scribe(manner);
    split(reply.id, reply.immediate_ack, actions, &scribe, bounds)
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
