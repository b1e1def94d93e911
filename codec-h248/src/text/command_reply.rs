//! Replies to commands (H.248.1 Annex B.2 `commandReplys`).

use super::{
    audit_return,
    command::{terminations, write_head},
    error::{Parsed, fail, level, wrap},
    error_descriptor,
    lex::{equal, next_is, sign},
    reading::{Reading, in_braces, keyword},
    service_change, termination_id,
    token::Token,
    write::Writer,
};
use crate::{
    AmmsReply, AuditReply, CommandReply, Level, NotifyReply, ServiceChangeReply,
    ServiceChangeResult, descriptor::ErrorDescriptor,
};

/// The reply to a command.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, CommandReply<'a>> {
    level(Level::Command, reply(i, reading))
}

fn reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, CommandReply<'a>> {
    let (after, token) = keyword(i, "commandReplys")?;
    match token {
        Some(Token::Add) => wrap(amms_reply(after, reading), CommandReply::Add),
        Some(Token::Move) => wrap(amms_reply(after, reading), CommandReply::Move),
        Some(Token::Modify) => wrap(amms_reply(after, reading), CommandReply::Modify),
        Some(Token::Subtract) => wrap(amms_reply(after, reading), CommandReply::Subtract),
        Some(Token::AuditValue) => wrap(audit_reply(after, reading), CommandReply::AuditValue),
        Some(Token::AuditCapability) => {
            wrap(audit_reply(after, reading), CommandReply::AuditCapability)
        }
        Some(Token::Notify) => wrap(notify_reply(after, reading), CommandReply::Notify),
        Some(Token::ServiceChange) => wrap(
            service_change_reply(after, reading),
            CommandReply::ServiceChange,
        ),
        _ => fail(i, "commandReplys"),
    }
}

/// `ammsReply` behind its keyword.
fn amms_reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AmmsReply<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, descriptors) = audit_return::read_list(i, reading)?;
    let reply = AmmsReply {
        terminations,
        descriptors,
    };
    Ok((rest, reply))
}

/// `auditReply` behind its keyword. `Context` with braces is the condensed form; without them it
/// is the name of a Termination.
fn audit_reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditReply<'a>> {
    let (name, ()) = equal(i)?;
    if let Ok((after, Some(Token::Context))) = keyword(name, "TerminationID")
        && next_is(after, b'{')
    {
        return condensed(after, reading);
    }
    wrap(amms_reply(i, reading), AuditReply::Termination)
}

/// What stands in the braces of `contextTerminationAudit`.
fn condensed<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditReply<'a>> {
    let (inside, ()) = sign(i, b'{', "LBRKT")?;
    let (after, token) = keyword(inside, "TerminationID")?;
    if token != Some(Token::Error) || !next_is(after, b'=') {
        return wrap(
            reading.list_until(inside, b'}', |i| termination_id::read(i, reading)),
            AuditReply::Context,
        );
    }
    let (rest, error) = level(Level::Descriptor, error_descriptor::read(after, reading))?;
    let (rest, ()) = sign(rest, b'}', "RBRKT")?;
    Ok((rest, AuditReply::ContextError(error)))
}

/// An error in braces, or nothing.
fn error_in_braces<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Option<ErrorDescriptor<'a>>> {
    if !next_is(i, b'{') {
        return Ok((i, None));
    }
    in_braces(i, |i| {
        let (after, token) = keyword(i, "errorDescriptor")?;
        let found = match token {
            Some(Token::Error) => error_descriptor::read(after, reading),
            _ => fail(i, "errorDescriptor"),
        };
        wrap(level(Level::Descriptor, found), Some)
    })
}

/// `notifyReply` behind its keyword.
fn notify_reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, NotifyReply<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, error) = error_in_braces(i, reading)?;
    let reply = NotifyReply {
        terminations,
        error,
    };
    Ok((rest, reply))
}

/// `serviceChangeReply` behind its keyword.
fn service_change_reply<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ServiceChangeReply<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, result) = service_change_result(i, reading)?;
    let reply = ServiceChangeReply {
        terminations,
        result,
    };
    Ok((rest, reply))
}

fn service_change_result<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ServiceChangeResult<'a>> {
    if !next_is(i, b'{') {
        return Ok((i, ServiceChangeResult::Accepted));
    }
    in_braces(i, |i| {
        let (after, token) = keyword(i, "serviceChangeReplyDescriptor")?;
        let found = match token {
            Some(Token::Error) => wrap(
                error_descriptor::read(after, reading),
                ServiceChangeResult::Error,
            ),
            Some(Token::Services) => wrap(
                service_change::read_reply(after, reading),
                ServiceChangeResult::Services,
            ),
            _ => fail(i, "serviceChangeReplyDescriptor"),
        };
        level(Level::Descriptor, found)
    })
}

/// The reply to a command.
pub(super) fn write(w: &mut Writer<'_>, reply: &CommandReply<'_>) {
    match reply {
        CommandReply::Add(reply) => write_amms(w, Token::Add, reply),
        CommandReply::Move(reply) => write_amms(w, Token::Move, reply),
        CommandReply::Modify(reply) => write_amms(w, Token::Modify, reply),
        CommandReply::Subtract(reply) => write_amms(w, Token::Subtract, reply),
        CommandReply::AuditValue(reply) => write_audit(w, Token::AuditValue, reply),
        CommandReply::AuditCapability(reply) => write_audit(w, Token::AuditCapability, reply),
        CommandReply::Notify(reply) => {
            write_head(w, Token::Notify, &reply.terminations);
            if let Some(error) = &reply.error {
                w.block([error], error_descriptor::write);
            }
        }
        CommandReply::ServiceChange(reply) => {
            write_head(w, Token::ServiceChange, &reply.terminations);
            match &reply.result {
                ServiceChangeResult::Accepted => {}
                ServiceChangeResult::Services(services) => {
                    w.block([services], service_change::write_reply);
                }
                ServiceChangeResult::Error(error) => w.block([error], error_descriptor::write),
            }
        }
    }
}

fn write_amms(w: &mut Writer<'_>, token: Token, reply: &AmmsReply<'_>) {
    write_head(w, token, &reply.terminations);
    w.block_if_any(&reply.descriptors, audit_return::write);
}

fn write_audit(w: &mut Writer<'_>, token: Token, reply: &AuditReply<'_>) {
    match reply {
        AuditReply::Context(ids) => {
            w.key(token);
            w.token(Token::Context);
            w.block(ids, |w, id| w.text(id.as_str()));
        }
        AuditReply::ContextError(error) => {
            w.key(token);
            w.token(Token::Context);
            w.block([error], error_descriptor::write);
        }
        AuditReply::Termination(reply) => write_amms(w, token, reply),
    }
}
