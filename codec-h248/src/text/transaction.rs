//! Transactions (H.248.1 Annex B.2 `transactionList`).

use super::{
    action,
    error::{Parsed, Read, fail, fail_word, level, of_transaction, unanswered},
    error_descriptor,
    form::Form,
    lex::{glued_slash, glued_uint16, glued_uint32, lwsp, next_is},
    reader::{Reader, read_into},
    token::Token,
    write::{Put, Writer},
};
use crate::{
    AckRange, Level, List, Segment, SegmentReply, Transaction, TransactionId, TransactionReply,
    TransactionRequest, TransactionResult,
};

/// One entry of `transactionList`.
pub(super) fn read<'a>(r: &mut Reader<'a>, list: &mut List<Transaction<'a>>) -> Read<'a, ()> {
    level(Level::Transaction, transaction(r, list))
}

fn transaction<'a>(r: &mut Reader<'a>, list: &mut List<Transaction<'a>>) -> Read<'a, ()> {
    let at = r.rest();
    if r.take_letter_equal(b'T') {
        return request(r, list);
    }
    if r.take_letter_equal(b'P') {
        return unanswered(reply(r, list));
    }
    match r.keyword("transactionList")? {
        Some(Token::Transaction) => return r.equal().and_then(|()| request(r, list)),
        Some(Token::Reply) => return unanswered(r.equal().and_then(|()| reply(r, list))),
        Some(Token::Pending) => list.push(Transaction::Pending(unanswered(pending(r))?)),
        Some(Token::ResponseAck) => {
            let ranges = unanswered(r.list(|r| r.take(ack_range)))?;
            list.push(Transaction::ResponseAck(ranges));
        }
        Some(Token::Segment) => {
            let reply = unanswered(segment_reply(r))?;
            list.push(Transaction::SegmentReply(reply));
        }
        _ => return fail(at, "transactionList"),
    }
    Ok(())
}

/// `TransactionID`
fn id<'a>(r: &mut Reader<'a>) -> Read<'a, TransactionId> {
    Ok(TransactionId(r.uint32("TransactionID")?))
}

/// `transactionRequest` behind its equals sign.
fn request<'a>(r: &mut Reader<'a>, list: &mut List<Transaction<'a>>) -> Read<'a, ()> {
    let id = id(r)?;
    let blank = || TransactionRequest {
        id,
        actions: List::new(),
    };
    read_into!(list, Transaction::Request, blank(), |request| {
        of_transaction(id, request_body(r, request))
    });
    Ok(())
}

fn request_body<'a>(r: &mut Reader<'a>, request: &mut TransactionRequest<'a>) -> Read<'a, ()> {
    r.each(|r| action::read_request(r, &mut request.actions))
}

/// `transactionReply` behind its equals sign.
fn reply<'a>(r: &mut Reader<'a>, list: &mut List<Transaction<'a>>) -> Read<'a, ()> {
    let (id, segment) = id_and_segment(r)?;
    let blank = || TransactionReply {
        id,
        segment,
        immediate_ack: false,
        result: TransactionResult::Actions(List::new()),
    };
    read_into!(list, Transaction::Reply, blank(), |reply| {
        of_transaction(id, reply_body(r, reply))
    });
    Ok(())
}

fn reply_body<'a>(r: &mut Reader<'a>, reply: &mut TransactionReply<'a>) -> Read<'a, ()> {
    r.open()?;
    // Nearly always a Context comes next, which is not looked up to see that it is something else.
    if !matches!(r.rest(), [b'C' | b'c', b'=', ..]) && other_than_actions(r, reply)? {
        return Ok(());
    }
    if let TransactionResult::Actions(actions) = &mut reply.result {
        r.each_until(b'}', |r| action::read_reply(r, actions))?;
    }
    Ok(())
}

/// The demand for an acknowledgement, and an error with the closing brace; whether that is all.
#[inline(never)]
fn other_than_actions<'a>(r: &mut Reader<'a>, reply: &mut TransactionReply<'a>) -> Read<'a, bool> {
    let mut at = r.rest();
    let mut token = r.keyword("actionReplyList")?;
    if token == Some(Token::ImmAckRequired) {
        reply.immediate_ack = true;
        r.sign(b',', "COMMA")?;
        at = r.rest();
        token = r.keyword("actionReplyList")?;
    }
    if token == Some(Token::Error) {
        reply.result = TransactionResult::Error(error_descriptor::read(r)?);
        r.close()?;
        return Ok(true);
    }
    r.go_to(at);
    Ok(false)
}

/// `TransactionID [SLASH segmentNumber [SLASH SegmentationCompleteToken]]`
fn id_and_segment<'a>(r: &mut Reader<'a>) -> Read<'a, (TransactionId, Option<Segment>)> {
    let id = TransactionId(r.take(|i| glued_uint32(i, "TransactionID"))?);
    let segment = of_transaction(id, r.take(segment))?;
    r.go_to(lwsp(r.rest()));
    Ok((id, segment))
}

/// `[SLASH segmentNumber [SLASH SegmentationCompleteToken]]`
#[inline]
pub(super) fn segment(i: &[u8]) -> Parsed<'_, Option<Segment>> {
    let (i, numbered) = glued_slash(i)?;
    if !numbered {
        return Ok((i, None));
    }
    segment_number(i)
}

fn segment_number(i: &[u8]) -> Parsed<'_, Option<Segment>> {
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
        return fail_word(i, "SegmentationCompleteToken");
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
fn segment_reply<'a>(r: &mut Reader<'a>) -> Read<'a, SegmentReply> {
    r.equal()?;
    let (id, segment) = id_and_segment(r)?;
    match segment {
        Some(segment) => Ok(SegmentReply { id, segment }),
        None => of_transaction(id, fail(r.rest(), "segmentNumber")),
    }
}

/// `transactionPending` behind its keyword.
fn pending<'a>(r: &mut Reader<'a>) -> Read<'a, TransactionId> {
    r.equal()?;
    let id = id(r)?;
    of_transaction(id, r.in_braces(|_| Ok(())))?;
    Ok(id)
}

/// `transactionAck`
pub(super) fn ack_range(i: &[u8]) -> Parsed<'_, AckRange> {
    let (rest, first) = glued_uint32(i, "transactionAck")?;
    let (rest, last) = if next_is(rest, b'-') {
        glued_uint32(&rest[1..], "transactionAck")?
    } else {
        (rest, first)
    };
    if last < first {
        return fail_word(i, "transactionAck");
    }
    let range = AckRange {
        first: TransactionId(first),
        last: TransactionId(last),
    };
    Ok((lwsp(rest), range))
}

/// One entry of `transactionList`.
pub(super) fn write(w: &mut Writer<'_, impl Form>, transaction: &Transaction<'_>) {
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
    w: &mut Writer<'_, impl Form>,
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

fn write_reply(w: &mut Writer<'_, impl Form>, reply: &TransactionReply<'_>) {
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

fn write_segment(w: &mut Writer<'_, impl Form>, segment: Segment) {
    w.sign(b'/');
    w.number(segment.number);
    if segment.last {
        w.sign(b'/');
        w.long(Token::End);
    }
}
