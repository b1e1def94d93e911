//! Replies to commands (H.248.1 Annex B.2 `commandReplys`).

use super::{
    audit_return,
    command::{error, terminations, terminations_into, write_head},
    error::{Read, fail, level},
    error_descriptor,
    form::Form,
    lex::empty_braces,
    reader::{Reader, add},
    service_change, termination_id,
    token::Token,
    write::Writer,
};
use crate::{
    AmmsReply, AuditReply, CommandReply, Level, List, NotifyReply, ServiceChangeReply,
    ServiceChangeResult, validate::is_context_audit,
};

/// The reply to the command of this keyword, which stands at `at`.
pub(super) fn read<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    list: &mut List<CommandReply<'a>>,
) -> Read<'a, ()> {
    level(Level::Command, reply(r, at, token, list))
}

fn reply<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    list: &mut List<CommandReply<'a>>,
) -> Read<'a, ()> {
    let reply = match token {
        Some(Token::Add) => return amms_reply_into(r, list, || CommandReply::Add(no_amms())),
        Some(Token::Move) => return amms_reply_into(r, list, || CommandReply::Move(no_amms())),
        Some(Token::Modify) => return amms_reply_into(r, list, || CommandReply::Modify(no_amms())),
        Some(Token::Subtract) => {
            return amms_reply_into(r, list, || CommandReply::Subtract(no_amms()));
        }
        Some(Token::AuditValue) => CommandReply::AuditValue(audit_reply(r)?),
        Some(Token::AuditCapability) => CommandReply::AuditCapability(audit_reply(r)?),
        Some(Token::Notify) => CommandReply::Notify(notify_reply(r)?),
        Some(Token::ServiceChange) => CommandReply::ServiceChange(service_change_reply(r)?),
        _ => return fail(at, "commandReplys"),
    };
    add(list, || reply);
    Ok(())
}

/// What is not read yet of a reply to Add, Move, Modify or Subtract.
#[inline(always)]
fn no_amms<'a>() -> AmmsReply<'a> {
    AmmsReply {
        terminations: List::new(),
        descriptors: List::new(),
    }
}

/// `ammsReply` behind its keyword.
#[inline(always)]
fn amms_reply_into<'a>(
    r: &mut Reader<'a>,
    list: &mut List<CommandReply<'a>>,
    blank: impl FnOnce() -> CommandReply<'a>,
) -> Read<'a, ()> {
    if let CommandReply::Add(reply)
    | CommandReply::Move(reply)
    | CommandReply::Modify(reply)
    | CommandReply::Subtract(reply) = add(list, blank)
    {
        return amms_reply(r, reply);
    }
    Ok(())
}

fn amms_reply<'a>(r: &mut Reader<'a>, reply: &mut AmmsReply<'a>) -> Read<'a, ()> {
    terminations_into(r, &mut reply.terminations)?;
    r.each_if_any("terminationAudit", |r| {
        audit_return::read(r, &mut reply.descriptors)
    })
}

/// `auditReply` behind its keyword. `Context` with braces is the condensed form where that fits;
/// else it is the name of a Termination.
fn audit_reply<'a>(r: &mut Reader<'a>) -> Read<'a, AuditReply<'a>> {
    let at = r.rest();
    r.equal()?;
    // Most names of Terminations are seen at once not to be that word.
    if matches!(r.rest().first(), Some(b'C' | b'c'))
        && let Ok(Some(Token::Context)) = r.keyword("TerminationID")
        && r.next_is(b'{')
    {
        // Empty braces are neither's: they could say either.
        if empty_braces(r.rest()).is_some() {
            return condensed(r);
        }
        return r.either(condensed, |r| {
            r.go_to(at);
            audit_other(r)
        });
    }
    r.go_to(at);
    audit_other(r)
}

/// Whether the word is `CtxToken`.
pub(crate) fn is_context(word: &str) -> bool {
    Token::read(word.as_bytes()) == Some(Token::Context)
}

/// `auditOther`. One that would be written as the condensed form is refused, so that what is read can be written.
fn audit_other<'a>(r: &mut Reader<'a>) -> Read<'a, AuditReply<'a>> {
    let at = r.rest();
    let mut reply = no_amms();
    amms_reply(r, &mut reply)?;
    if is_context_audit(&reply) {
        return fail(at, "auditOther that is no contextTerminationAudit");
    }
    Ok(AuditReply::Termination(reply))
}

/// What stands in the braces of `contextTerminationAudit`, and the braces.
fn condensed<'a>(r: &mut Reader<'a>) -> Read<'a, AuditReply<'a>> {
    r.open()?;
    let at = r.rest();
    let token = r.keyword("TerminationID")?;
    if token != Some(Token::Error) || !r.next_is(b'=') {
        r.go_to(at);
        let terminations = r.list_until(b'}', termination_id::read)?;
        return Ok(AuditReply::Context(terminations.into()));
    }
    let error = level(Level::Descriptor, error_descriptor::read(r))?;
    r.close()?;
    Ok(AuditReply::ContextError(error))
}

/// `notifyReply` behind its keyword.
fn notify_reply<'a>(r: &mut Reader<'a>) -> Read<'a, NotifyReply<'a>> {
    let terminations = terminations(r)?;
    let error = if r.next_is(b'{') {
        Some(r.in_braces(error)?)
    } else {
        None
    };
    Ok(NotifyReply {
        terminations,
        error,
    })
}

/// `serviceChangeReply` behind its keyword.
fn service_change_reply<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeReply<'a>> {
    let terminations = terminations(r)?;
    let result = if r.next_is(b'{') {
        r.in_braces(|r| level(Level::Descriptor, service_change_result(r)))?
    } else {
        ServiceChangeResult::Accepted
    };
    Ok(ServiceChangeReply {
        terminations,
        result,
    })
}

fn service_change_result<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeResult<'a>> {
    let at = r.rest();
    match r.keyword("serviceChangeReplyDescriptor")? {
        Some(Token::Error) => Ok(ServiceChangeResult::Error(error_descriptor::read(r)?)),
        Some(Token::Services) => {
            let services = service_change::read_reply(r)?;
            Ok(ServiceChangeResult::Services(services))
        }
        _ => fail(at, "serviceChangeReplyDescriptor"),
    }
}

/// The reply to a command.
pub(super) fn write(w: &mut Writer<'_, impl Form>, reply: &CommandReply<'_>) {
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

fn write_amms(w: &mut Writer<'_, impl Form>, token: Token, reply: &AmmsReply<'_>) {
    write_head(w, token, &reply.terminations);
    w.block_if_any(&reply.descriptors, audit_return::write);
}

fn write_audit(w: &mut Writer<'_, impl Form>, token: Token, reply: &AuditReply<'_>) {
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
