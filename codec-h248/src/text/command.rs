//! Commands (H.248.1 Annex B.2 `commandRequest`).

use super::{
    amm, audit,
    error::{Read, fail, level, wrong},
    error_descriptor,
    form::Form,
    lex::safe_run,
    observed_events,
    reader::{Reader, fill},
    service_change, termination_id,
    token::Token,
    write::Writer,
};
use crate::{
    AmmRequest, AuditRequest, Command, CommandRequest, Expected, Level, NotifyRequest,
    ServiceChangeRequest, SubtractRequest, TerminationId,
    descriptor::{AuditDescriptor, ErrorDescriptor, ServiceChangeDescriptor},
};

/// A command, whose word stands at `at` and is this keyword, or is none for its marks.
pub(super) fn read<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
) -> Read<'a, CommandRequest<'a>> {
    level(Level::Command, request(r, at, token))
}

fn request<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
) -> Read<'a, CommandRequest<'a>> {
    if token.is_some() {
        return Ok(CommandRequest::from(command(r, at, token)?));
    }
    let (optional, rest) = without_mark(&at[..safe_run(at)], b'O');
    let (wildcard_return, name) = without_mark(rest, b'W');
    Ok(CommandRequest {
        optional,
        wildcard_return,
        command: command(r, at, Token::read(name))?,
    })
}

/// Takes a mark such as `O-` off a word.
fn without_mark(word: &[u8], mark: u8) -> (bool, &[u8]) {
    match word {
        [first, b'-', rest @ ..] if first.eq_ignore_ascii_case(&mark) => (true, rest),
        _ => (false, word),
    }
}

/// The command of this keyword, which stands at `at`.
fn command<'a>(r: &mut Reader<'a>, at: &'a [u8], token: Option<Token>) -> Read<'a, Command<'a>> {
    match token {
        Some(Token::Add) => Ok(Command::Add(amm_request(r)?)),
        Some(Token::Move) => Ok(Command::Move(amm_request(r)?)),
        Some(Token::Modify) => Ok(Command::Modify(amm_request(r)?)),
        Some(Token::Subtract) => Ok(Command::Subtract(subtract(r)?)),
        Some(Token::AuditValue) => Ok(Command::AuditValue(audit_request(r)?)),
        Some(Token::AuditCapability) => Ok(Command::AuditCapability(audit_request(r)?)),
        Some(Token::Notify) => Ok(Command::Notify(notify(r)?)),
        Some(Token::ServiceChange) => Ok(Command::ServiceChange(service_change(r)?)),
        _ => Err(wrong(at, Expected::Command)),
    }
}

/// `EQUAL termIDList`
pub(super) fn terminations<'a>(r: &mut Reader<'a>) -> Read<'a, Vec<TerminationId<'a>>> {
    r.equal()?;
    termination_id::read_list(r)
}

/// `ammRequest` behind its keyword; its braces may be empty.
fn amm_request<'a>(r: &mut Reader<'a>) -> Read<'a, AmmRequest<'a>> {
    Ok(AmmRequest {
        terminations: terminations(r)?,
        descriptors: r.list_if_any("ammRequest", amm::read)?,
    })
}

/// `subtractRequest` behind its keyword.
fn subtract<'a>(r: &mut Reader<'a>) -> Read<'a, SubtractRequest<'a>> {
    Ok(SubtractRequest {
        terminations: terminations(r)?,
        audit: audit_in_braces(r)?,
    })
}

/// `auditRequest` behind its keyword. Without braces it asks for names alone.
fn audit_request<'a>(r: &mut Reader<'a>) -> Read<'a, AuditRequest<'a>> {
    let terminations = terminations(r)?;
    if !r.next_is(b'{') {
        r.takes(r.rest(), "auditRequest", "no Audit");
    }
    Ok(AuditRequest {
        terminations,
        audit: audit_in_braces(r)?.unwrap_or_default(),
    })
}

/// An Audit descriptor in braces, where there are braces with something in them.
fn audit_in_braces<'a>(r: &mut Reader<'a>) -> Read<'a, Option<AuditDescriptor<'a>>> {
    let mut audit = None;
    r.each_if_any("auditDescriptor", |r| {
        let at = r.rest();
        let found = match r.keyword("auditDescriptor")? {
            Some(Token::Audit) => audit::read(r),
            _ => fail(at, "auditDescriptor"),
        };
        let found = level(Level::Descriptor, found);
        fill(&mut audit, at, "auditDescriptor", found)
    })?;
    Ok(audit)
}

/// `notifyRequest` behind its keyword.
fn notify<'a>(r: &mut Reader<'a>) -> Read<'a, NotifyRequest<'a>> {
    let terminations = terminations(r)?;
    r.open()?;
    let at = r.rest();
    let observed_events = match r.keyword("observedEventsDescriptor")? {
        Some(Token::ObservedEvents) => observed_events::read(r),
        _ => fail(at, "observedEventsDescriptor"),
    };
    let observed_events = level(Level::Descriptor, observed_events)?;
    let error = if r.take_if(b',') {
        Some(error(r)?)
    } else {
        None
    };
    r.close()?;
    Ok(NotifyRequest {
        terminations,
        observed_events,
        error,
    })
}

/// `errorDescriptor`
pub(super) fn error<'a>(r: &mut Reader<'a>) -> Read<'a, ErrorDescriptor<'a>> {
    let at = r.rest();
    let found = match r.keyword("errorDescriptor")? {
        Some(Token::Error) => error_descriptor::read(r),
        _ => fail(at, "errorDescriptor"),
    };
    level(Level::Descriptor, found)
}

/// `serviceChangeRequest` behind its keyword.
fn service_change<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeRequest<'a>> {
    Ok(ServiceChangeRequest {
        terminations: terminations(r)?,
        services: Box::new(r.in_braces(services)?),
    })
}

/// `serviceChangeDescriptor`
fn services<'a>(r: &mut Reader<'a>) -> Read<'a, ServiceChangeDescriptor<'a>> {
    let at = r.rest();
    let found = match r.keyword("serviceChangeDescriptor")? {
        Some(Token::Services) => service_change::read(r),
        _ => fail(at, "serviceChangeDescriptor"),
    };
    level(Level::Descriptor, found)
}

/// A command with its marks.
pub(super) fn write(w: &mut Writer<'_, impl Form>, request: &CommandRequest<'_>) {
    if request.optional {
        w.text("O-");
    }
    if request.wildcard_return {
        w.text("W-");
    }
    match &request.command {
        Command::Add(add) => write_amm(w, Token::Add, add),
        Command::Move(move_) => write_amm(w, Token::Move, move_),
        Command::Modify(modify) => write_amm(w, Token::Modify, modify),
        Command::Subtract(subtract) => {
            write_head(w, Token::Subtract, &subtract.terminations);
            if let Some(audit) = &subtract.audit {
                w.block([audit], audit::write);
            }
        }
        Command::AuditValue(audit) => write_audit(w, Token::AuditValue, audit),
        Command::AuditCapability(audit) => write_audit(w, Token::AuditCapability, audit),
        Command::Notify(notify) => write_notify(w, notify),
        Command::ServiceChange(change) => {
            write_head(w, Token::ServiceChange, &change.terminations);
            w.block([&*change.services], service_change::write);
        }
    }
}

/// A command's keyword and its Terminations.
pub(super) fn write_head(w: &mut Writer<'_, impl Form>, token: Token, ids: &[TerminationId<'_>]) {
    w.key(token);
    termination_id::write_list(w, ids);
}

fn write_amm(w: &mut Writer<'_, impl Form>, token: Token, request: &AmmRequest<'_>) {
    write_head(w, token, &request.terminations);
    w.block_if_any(&request.descriptors, amm::write);
}

fn write_audit(w: &mut Writer<'_, impl Form>, token: Token, request: &AuditRequest<'_>) {
    write_head(w, token, &request.terminations);
    w.block([&request.audit], audit::write);
}

fn write_notify(w: &mut Writer<'_, impl Form>, notify: &NotifyRequest<'_>) {
    write_head(w, Token::Notify, &notify.terminations);
    w.open();
    w.item();
    observed_events::write(w, &notify.observed_events);
    if let Some(error) = &notify.error {
        w.item();
        error_descriptor::write(w, error);
    }
    w.close();
}
