//! Transactions (H.248.1 Annex A.2 `Transaction`).

use super::{
    action,
    ber::{BerError, BerReader, BerWriter, leaf, level, of_transaction, unanswered},
    error_descriptor,
};
use crate::{
    AckRange, Expected, Level, List, Segment, SegmentReply, Transaction, TransactionId,
    TransactionReply, TransactionRequest, TransactionResult, list::Entries,
};

/// `Transaction`, a whole element to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<Transaction<'a>>,
) -> Result<(), BerError> {
    level(Level::Transaction, transaction(r, list))
}

fn transaction<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<Transaction<'a>>,
) -> Result<(), BerError> {
    match r.alternative() {
        Some(0) => r.mandatory(0, "transactionRequest", |r| request(r, list)),
        Some(1) => unanswered(r.mandatory(1, "transactionPending", |r| pending(r, list))),
        Some(2) => unanswered(r.mandatory(2, "transactionReply", |r| reply(r, list))),
        Some(3) => unanswered(r.mandatory(3, "transactionResponseAck", |r| acks(r, list))),
        Some(4) => unanswered(r.mandatory(4, "segmentReply", |r| segment_reply(r, list))),
        Some(_) | None => Err(r.wrong(Expected::Rule("Transaction"))),
    }
}

#[inline(always)]
fn id(r: &mut BerReader<'_>) -> Result<TransactionId, BerError> {
    r.unsigned(0, "transactionId").map(TransactionId)
}

/// `TransactionRequest`
fn request<'a>(r: &mut BerReader<'a>, list: &mut List<Transaction<'a>>) -> Result<(), BerError> {
    let id = id(r)?;
    of_transaction(id, request_body(r, id, list))
}

fn request_body<'a>(
    r: &mut BerReader<'a>,
    id: TransactionId,
    list: &mut List<Transaction<'a>>,
) -> Result<(), BerError> {
    let nothing = || {
        let actions = List::new();
        Transaction::Request(TransactionRequest { id, actions })
    };
    if let Transaction::Request(request) = list.add(nothing) {
        r.mandatory(1, "actions", |r| {
            r.fill_sequences("ActionRequest", &mut request.actions, action::read_request)
        })?;
    }
    r.extensions(1)
}

/// `TransactionPending`
fn pending(r: &mut BerReader<'_>, list: &mut List<Transaction<'_>>) -> Result<(), BerError> {
    let id = id(r)?;
    of_transaction(id, r.extensions(0))?;
    list.push(Transaction::Pending(id));
    Ok(())
}

/// `TransactionReply`
fn reply<'a>(r: &mut BerReader<'a>, list: &mut List<Transaction<'a>>) -> Result<(), BerError> {
    let id = id(r)?;
    of_transaction(id, reply_body(r, id, list))
}

fn reply_body<'a>(
    r: &mut BerReader<'a>,
    id: TransactionId,
    list: &mut List<Transaction<'a>>,
) -> Result<(), BerError> {
    let immediate_ack = r.optional_value(1, "immAckRequired", leaf::null)?.is_some();
    let nothing = || {
        Transaction::Reply(TransactionReply {
            id,
            segment: None,
            immediate_ack,
            result: TransactionResult::Actions(List::new()),
        })
    };
    if let Transaction::Reply(reply) = list.add(nothing) {
        r.mandatory(2, "transactionResult", |r| {
            read_result(r, &mut reply.result)
        })?;
        let number = r.optional_unsigned(3, "segmentNumber")?;
        let last = r
            .optional_value(4, "segmentationComplete", leaf::null)?
            .is_some();
        reply.segment = number.map(|number| Segment { number, last });
    }
    r.extensions(4)
}

/// `transactionResult`, put in the place of no actions.
fn read_result<'a>(
    r: &mut BerReader<'a>,
    result: &mut TransactionResult<'a>,
) -> Result<(), BerError> {
    match (r.alternative(), &mut *result) {
        (Some(0), _) => {
            let error = r.mandatory(0, "transactionError", error_descriptor::read)?;
            *result = TransactionResult::Error(error);
            Ok(())
        }
        (Some(1), TransactionResult::Actions(actions)) => r.mandatory(1, "actionReplies", |r| {
            r.fill_sequences("ActionReply", actions, action::read_reply)
        }),
        (Some(_) | None, _) => Err(r.wrong(Expected::Rule("transactionResult"))),
    }
}

/// `TransactionResponseAck`
fn acks(r: &mut BerReader<'_>, list: &mut List<Transaction<'_>>) -> Result<(), BerError> {
    let acks = r.each_sequence("TransactionAck", ack)?;
    list.push(Transaction::ResponseAck(acks));
    Ok(())
}

/// `TransactionAck`
fn ack(r: &mut BerReader<'_>) -> Result<AckRange, BerError> {
    let first = r.unsigned(0, "firstAck").map(TransactionId)?;
    let start = r.offset();
    let last = r.optional_unsigned(1, "lastAck")?;
    let last = last.map_or(first, TransactionId);
    if last < first {
        return Err(r.wrong_since(start, Expected::Rule("lastAck behind firstAck")));
    }
    Ok(AckRange { first, last })
}

/// `SegmentReply`
fn segment_reply(r: &mut BerReader<'_>, list: &mut List<Transaction<'_>>) -> Result<(), BerError> {
    let id = id(r)?;
    let segment = of_transaction(id, segment_body(r))?;
    list.push(Transaction::SegmentReply(SegmentReply { id, segment }));
    Ok(())
}

fn segment_body(r: &mut BerReader<'_>) -> Result<Segment, BerError> {
    let number = r.unsigned(1, "segmentNumber")?;
    let last = r
        .optional_value(2, "segmentationComplete", leaf::null)?
        .is_some();
    r.extensions(2)?;
    Ok(Segment { number, last })
}

/// `Transaction`, a whole element.
pub(super) fn write(w: &mut BerWriter<'_>, transaction: &Transaction<'_>) {
    match transaction {
        Transaction::Request(request) => w.constructed(0, "transactionRequest", |w| {
            w.extensions();
            w.constructed(1, "actions", |w| {
                w.each_sequence(&request.actions, action::write_request);
            });
            w.unsigned(0, request.id.0);
        }),
        Transaction::Pending(id) => w.constructed(1, "transactionPending", |w| {
            w.extensions();
            w.unsigned(0, id.0);
        }),
        Transaction::Reply(reply) => {
            w.constructed(2, "transactionReply", |w| write_reply(w, reply));
        }
        Transaction::ResponseAck(ranges) => w.constructed(3, "transactionResponseAck", |w| {
            w.each_sequence(ranges, write_ack);
        }),
        Transaction::SegmentReply(reply) => {
            w.since(3, "segmentReply");
            w.constructed(4, "segmentReply", |w| write_segment_reply(w, reply));
        }
    }
}

fn write_reply(w: &mut BerWriter<'_>, reply: &TransactionReply<'_>) {
    write_reply_around(
        w,
        reply.id,
        reply.segment,
        reply.immediate_ack,
        |w| match &reply.result {
            TransactionResult::Error(error) => w.constructed(0, "transactionError", |w| {
                error_descriptor::write(w, error);
            }),
            TransactionResult::Actions(actions) => w.constructed(1, "actionReplies", |w| {
                w.each_sequence(actions, action::write_reply);
            }),
        },
    );
}

/// `TransactionReply` with the result that `write_result` writes.
pub(super) fn write_reply_around(
    w: &mut BerWriter<'_>,
    id: TransactionId,
    segment: Option<Segment>,
    immediate_ack: bool,
    write_result: impl FnOnce(&mut BerWriter<'_>),
) {
    w.extensions();
    if let Some(segment) = segment {
        w.since(3, "segmentNumber");
        w.null_if(4, segment.last);
        w.unsigned(3, segment.number);
    }
    w.constructed(2, "transactionResult", write_result);
    w.null_if(1, immediate_ack);
    w.unsigned(0, id.0);
}

fn write_ack(w: &mut BerWriter<'_>, range: &AckRange) {
    if range.last != range.first {
        w.unsigned(1, range.last.0);
    }
    w.unsigned(0, range.first.0);
}

fn write_segment_reply(w: &mut BerWriter<'_>, reply: &SegmentReply) {
    w.extensions();
    w.null_if(2, reply.segment.last);
    w.unsigned(1, reply.segment.number);
    w.unsigned(0, reply.id.0);
}
