//! Commands (H.248.1 Annex B.2 `commandRequest`).

use super::{
    amm, audit,
    error::{Read, fail, level, wrong},
    error_descriptor,
    form::Form,
    lex::safe_run,
    observed_events,
    reader::{Reader, add, fill},
    service_change, termination_id,
    token::Token,
    write::Writer,
};
use crate::{
    AmmRequest, AuditRequest, Command, CommandRequest, Expected, Level, List, NotifyRequest,
    ServiceChangeRequest, SubtractRequest, TerminationId,
    descriptor::{AuditDescriptor, ErrorDescriptor, ServiceChangeDescriptor},
};

/// A command, whose word stands at `at` and is this keyword, or is none for its marks.
pub(super) fn read<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    list: &mut List<CommandRequest<'a>>,
) -> Read<'a, ()> {
    level(Level::Command, request(r, at, token, list))
}

fn request<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    list: &mut List<CommandRequest<'a>>,
) -> Read<'a, ()> {
    if token.is_some() {
        return command(r, at, token, list);
    }
    let (optional, rest) = without_mark(&at[..safe_run(at)], b'O');
    let (wildcard_return, name) = without_mark(rest, b'W');
    command(r, at, Token::read(name), list)?;
    if let Some(request) = list.last_mut() {
        request.optional = optional;
        request.wildcard_return = wildcard_return;
    }
    Ok(())
}

/// Takes a mark such as `O-` off a word.
fn without_mark(word: &[u8], mark: u8) -> (bool, &[u8]) {
    match word {
        [first, b'-', rest @ ..] if first.eq_ignore_ascii_case(&mark) => (true, rest),
        _ => (false, word),
    }
}

/// The command of this keyword, which stands at `at`.
fn command<'a>(
    r: &mut Reader<'a>,
    at: &'a [u8],
    token: Option<Token>,
    list: &mut List<CommandRequest<'a>>,
) -> Read<'a, ()> {
    match token {
        Some(Token::Add) => amm_request(r, list, || Command::Add(no_amm())),
        Some(Token::Move) => amm_request(r, list, || Command::Move(no_amm())),
        Some(Token::Modify) => amm_request(r, list, || Command::Modify(no_amm())),
        Some(Token::Subtract) => subtract(r, list),
        Some(Token::AuditValue) => audit_request(r, list, || Command::AuditValue(no_audit())),
        Some(Token::AuditCapability) => {
            audit_request(r, list, || Command::AuditCapability(no_audit()))
        }
        Some(Token::Notify) => notify(r, list),
        Some(Token::ServiceChange) => service_change(r, list),
        _ => Err(wrong(at, Expected::Command)),
    }
}

/// What is not read yet of Add, Move or Modify.
#[inline(always)]
fn no_amm<'a>() -> AmmRequest<'a> {
    AmmRequest {
        terminations: List::new(),
        descriptors: List::new(),
    }
}

/// `EQUAL termIDList`
pub(super) fn terminations<'a>(r: &mut Reader<'a>) -> Read<'a, List<TerminationId<'a>>> {
    let mut list = List::new();
    terminations_into(r, &mut list)?;
    Ok(list)
}

/// `EQUAL termIDList`, into an empty list.
pub(super) fn terminations_into<'a>(
    r: &mut Reader<'a>,
    list: &mut List<TerminationId<'a>>,
) -> Read<'a, ()> {
    r.equal()?;
    termination_id::read_list(r, list)
}

/// `ammRequest` behind its keyword; its braces may be empty.
#[inline(always)]
fn amm_request<'a>(
    r: &mut Reader<'a>,
    list: &mut List<CommandRequest<'a>>,
    blank: impl FnOnce() -> Command<'a>,
) -> Read<'a, ()> {
    let request = add(list, || CommandRequest::from(blank()));
    if let Command::Add(amm) | Command::Move(amm) | Command::Modify(amm) = &mut request.command {
        return amm_parts(r, amm);
    }
    Ok(())
}

fn amm_parts<'a>(r: &mut Reader<'a>, request: &mut AmmRequest<'a>) -> Read<'a, ()> {
    terminations_into(r, &mut request.terminations)?;
    r.each_if_any("ammRequest", |r| amm::read(r, &mut request.descriptors))
}

/// `subtractRequest` behind its keyword.
fn subtract<'a>(r: &mut Reader<'a>, list: &mut List<CommandRequest<'a>>) -> Read<'a, ()> {
    let blank = SubtractRequest {
        terminations: List::new(),
        audit: None,
    };
    let request = add(list, || CommandRequest::from(Command::Subtract(blank)));
    if let Command::Subtract(subtract) = &mut request.command {
        terminations_into(r, &mut subtract.terminations)?;
        subtract.audit = audit_in_braces(r)?;
    }
    Ok(())
}

/// What is not read yet of AuditValue or AuditCapability.
#[inline(always)]
fn no_audit<'a>() -> AuditRequest<'a> {
    AuditRequest {
        terminations: List::new(),
        audit: AuditDescriptor { items: Vec::new() },
    }
}

/// `auditRequest` behind its keyword. Without braces it asks for names alone.
#[inline(always)]
fn audit_request<'a>(
    r: &mut Reader<'a>,
    list: &mut List<CommandRequest<'a>>,
    blank: impl FnOnce() -> Command<'a>,
) -> Read<'a, ()> {
    let request = add(list, || CommandRequest::from(blank()));
    if let Command::AuditValue(audit) | Command::AuditCapability(audit) = &mut request.command {
        return audit_parts(r, audit);
    }
    Ok(())
}

fn audit_parts<'a>(r: &mut Reader<'a>, request: &mut AuditRequest<'a>) -> Read<'a, ()> {
    terminations_into(r, &mut request.terminations)?;
    if !r.next_is(b'{') {
        r.takes(r.rest(), "auditRequest", "no Audit");
    }
    request.audit = audit_in_braces(r)?.unwrap_or_default();
    Ok(())
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
fn notify<'a>(r: &mut Reader<'a>, list: &mut List<CommandRequest<'a>>) -> Read<'a, ()> {
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
    let request = || NotifyRequest {
        terminations,
        observed_events,
        error,
    };
    add(list, || CommandRequest::from(Command::Notify(request())));
    Ok(())
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
fn service_change<'a>(r: &mut Reader<'a>, list: &mut List<CommandRequest<'a>>) -> Read<'a, ()> {
    let request = ServiceChangeRequest {
        terminations: terminations(r)?,
        services: Box::new(r.in_braces(services)?),
    };
    add(list, || {
        CommandRequest::from(Command::ServiceChange(request))
    });
    Ok(())
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
