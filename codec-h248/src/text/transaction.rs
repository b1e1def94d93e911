//! Transactions (H.248.1 Annex B.2 `transactionList`).

use super::{
    action,
    error::{Parsed, fail, level, of_transaction, unanswered, wrap},
    error_descriptor,
    lex::{equal, glued_slash, glued_uint16, glued_uint32, lwsp, next_is, sign, uint32},
    reading::{Reading, keyword},
    token::Token,
    write::{Put, Writer},
};
use crate::{
    AckRange, Level, Segment, SegmentReply, Transaction, TransactionId, TransactionReply,
    TransactionRequest, TransactionResult,
};

/// One entry of `transactionList`.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Transaction<'a>> {
    level(Level::Transaction, transaction(i, reading))
}

fn transaction<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Transaction<'a>> {
    let (after, token) = keyword(i, "transactionList")?;
    let parsed = match token {
        Some(Token::Transaction) => return wrap(request(after, reading), Transaction::Request),
        Some(Token::Reply) => wrap(reply(after, reading), Transaction::Reply),
        Some(Token::Pending) => wrap(pending(after), Transaction::Pending),
        Some(Token::ResponseAck) => wrap(reading.list(after, ack_range), Transaction::ResponseAck),
        Some(Token::Segment) => wrap(segment_reply(after), Transaction::SegmentReply),
        _ => return fail(i, "transactionList"),
    };
    unanswered(parsed)
}

/// `EQUAL TransactionID`
pub(super) fn id(i: &[u8]) -> Parsed<'_, TransactionId> {
    let (i, ()) = equal(i)?;
    wrap(uint32(i, "TransactionID"), TransactionId)
}

/// `transactionRequest` behind its keyword.
fn request<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, TransactionRequest<'a>> {
    let (i, id) = id(i)?;
    let actions = |i| action::read_request(i, reading);
    let (rest, actions) = of_transaction(id, reading.list(i, actions))?;
    Ok((rest, TransactionRequest { id, actions }))
}

/// `transactionReply` behind its keyword.
fn reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, TransactionReply<'a>> {
    let (i, (id, segment)) = id_and_segment(i)?;
    of_transaction(id, reply_body(i, reading, id, segment))
}

fn reply_body<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    id: TransactionId,
    segment: Option<Segment>,
) -> Parsed<'a, TransactionReply<'a>> {
    let (i, ()) = sign(i, b'{', "LBRKT")?;
    let (after, token) = keyword(i, "actionReplyList")?;
    let immediate_ack = token == Some(Token::ImmAckRequired);
    let (i, after, token) = if immediate_ack {
        let (i, ()) = sign(after, b',', "COMMA")?;
        let (after, token) = keyword(i, "actionReplyList")?;
        (i, after, token)
    } else {
        (i, after, token)
    };
    let (rest, result) = match token {
        Some(Token::Error) => {
            let (rest, error) = error_descriptor::read(after, reading)?;
            let (rest, ()) = sign(rest, b'}', "RBRKT")?;
            (rest, TransactionResult::Error(error))
        }
        _ => {
            let (rest, actions) =
                reading.list_until(i, b'}', |i| action::read_reply(i, reading))?;
            (rest, TransactionResult::Actions(actions))
        }
    };
    let reply = TransactionReply {
        id,
        segment,
        immediate_ack,
        result,
    };
    Ok((rest, reply))
}

/// `EQUAL TransactionID [SLASH segmentNumber [SLASH SegmentationCompleteToken]]`
pub(super) fn id_and_segment(i: &[u8]) -> Parsed<'_, (TransactionId, Option<Segment>)> {
    let (i, ()) = equal(i)?;
    let (i, id) = wrap(glued_uint32(i, "TransactionID"), TransactionId)?;
    let (i, segment) = of_transaction(id, segment(i))?;
    Ok((lwsp(i), (id, segment)))
}

/// `[SLASH segmentNumber [SLASH SegmentationCompleteToken]]`
fn segment(i: &[u8]) -> Parsed<'_, Option<Segment>> {
    let (i, numbered) = glued_slash(i)?;
    if !numbered {
        return Ok((i, None));
    }
    let (i, number) = glued_uint16(i, "segmentNumber")?;
    let (i, more) = glued_slash(i)?;
    if !more {
        let segment = Segment {
            number,
            last: false,
        };
        return Ok((i, Some(segment)));
    }
    // The next transaction may follow at once: `SM=5/1/ENDT=6{…`.
    let short = i.strip_prefix(b"&");
    let Some(rest) = short.or_else(|| behind_end(i)) else {
        return fail(i, "SegmentationCompleteToken");
    };
    let segment = Segment { number, last: true };
    Ok((lwsp(rest), Some(segment)))
}

/// What follows the long spelling of `SegmentationCompleteToken`.
fn behind_end(i: &[u8]) -> Option<&[u8]> {
    let (word, rest) = i.split_at_checked(3)?;
    word.eq_ignore_ascii_case(b"END").then_some(rest)
}

/// `segmentReply` behind its keyword.
fn segment_reply(i: &[u8]) -> Parsed<'_, SegmentReply> {
    let (rest, (id, segment)) = id_and_segment(i)?;
    match segment {
        Some(segment) => Ok((rest, SegmentReply { id, segment })),
        None => of_transaction(id, fail(rest, "segmentNumber")),
    }
}

/// `transactionPending` behind its keyword.
fn pending(i: &[u8]) -> Parsed<'_, TransactionId> {
    let (i, id) = id(i)?;
    let (rest, ()) = of_transaction(id, braces(i))?;
    Ok((rest, id))
}

fn braces(i: &[u8]) -> Parsed<'_, ()> {
    let (i, ()) = sign(i, b'{', "LBRKT")?;
    sign(i, b'}', "RBRKT")
}

/// `transactionAck`
pub(super) fn ack_range(i: &[u8]) -> Parsed<'_, AckRange> {
    let (rest, first) = wrap(glued_uint32(i, "transactionAck"), TransactionId)?;
    let (rest, last) = if next_is(rest, b'-') {
        wrap(glued_uint32(&rest[1..], "transactionAck"), TransactionId)?
    } else {
        (rest, first)
    };
    if last < first {
        return fail(i, "transactionAck");
    }
    Ok((lwsp(rest), AckRange { first, last }))
}

/// One entry of `transactionList`.
pub(super) fn write(w: &mut Writer<'_>, transaction: &Transaction<'_>) {
    w.apart();
    match transaction {
        Transaction::Request(request) => {
            w.pair(Token::Transaction, request.id);
            w.block(&request.actions, action::write_request);
        }
        Transaction::Reply(reply) => write_reply(w, reply),
        Transaction::Pending(id) => {
            w.pair(Token::Pending, id);
            w.open();
            w.close();
        }
        Transaction::ResponseAck(ranges) => {
            w.token(Token::ResponseAck);
            w.block(ranges, |w, range| {
                range.first.put(w);
                if range.last != range.first {
                    w.sign(b'-');
                    range.last.put(w);
                }
            });
        }
        Transaction::SegmentReply(reply) => {
            w.pair(Token::Segment, reply.id);
            write_segment(w, reply.segment);
            // No line end: other codecs refuse one here at the end of a message.
            return;
        }
    }
    w.end_of_transaction();
}

/// A reply up to what it is about, its block open.
pub(super) fn write_reply_head(
    w: &mut Writer<'_>,
    id: TransactionId,
    segment: Option<Segment>,
    immediate_ack: bool,
) {
    w.apart();
    w.pair(Token::Reply, id);
    if let Some(segment) = segment {
        write_segment(w, segment);
    }
    w.open();
    if immediate_ack {
        w.item();
        w.token(Token::ImmAckRequired);
    }
}

fn write_reply(w: &mut Writer<'_>, reply: &TransactionReply<'_>) {
    write_reply_head(w, reply.id, reply.segment, reply.immediate_ack);
    match &reply.result {
        TransactionResult::Error(error) => {
            w.item();
            error_descriptor::write(w, error);
        }
        TransactionResult::Actions(actions) => {
            for action in actions {
                w.item();
                action::write_reply(w, action);
            }
        }
    }
    w.close();
}

fn write_segment(w: &mut Writer<'_>, segment: Segment) {
    w.sign(b'/');
    w.number(segment.number);
    if segment.last {
        w.sign(b'/');
        w.long(Token::End);
    }
}
