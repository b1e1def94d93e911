//! Commands (H.248.1 Annex B.2 `commandRequest`).

use super::{
    amm, audit,
    error::{Parsed, fail, level, wrap, wrong},
    error_descriptor,
    lex::{equal, next_is, sign, word},
    observed_events,
    reading::{Reading, fill, in_braces, keyword},
    service_change, termination_id,
    token::Token,
    write::Writer,
};
use crate::{
    AmmRequest, AuditRequest, Command, CommandRequest, Expected, Level, NotifyRequest,
    ServiceChangeRequest, SubtractRequest, TerminationId,
    descriptor::{AuditDescriptor, ErrorDescriptor, ObservedEventsDescriptor},
};

/// A command with its marks.
pub(super) fn read<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, CommandRequest<'a>> {
    level(Level::Command, request(i, reading))
}

fn request<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, CommandRequest<'a>> {
    let (after, found) = word(i, "commandRequest")?;
    let (optional, rest) = without_mark(found, b'O');
    let (wildcard_return, name) = without_mark(rest, b'W');
    let (rest, command) = command(i, Token::read(name), after, reading)?;
    let request = CommandRequest {
        optional,
        wildcard_return,
        command,
    };
    Ok((rest, request))
}

/// Takes a mark such as `O-` off a word.
fn without_mark(word: &[u8], mark: u8) -> (bool, &[u8]) {
    match word {
        [first, b'-', rest @ ..] if first.eq_ignore_ascii_case(&mark) => (true, rest),
        _ => (false, word),
    }
}

/// The command of this keyword, which stands at `i` and before `after`.
fn command<'a>(
    i: &'a [u8],
    token: Option<Token>,
    after: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Command<'a>> {
    match token {
        Some(Token::Add) => wrap(amm_request(after, reading), Command::Add),
        Some(Token::Move) => wrap(amm_request(after, reading), Command::Move),
        Some(Token::Modify) => wrap(amm_request(after, reading), Command::Modify),
        Some(Token::Subtract) => wrap(subtract(after, reading), Command::Subtract),
        Some(Token::AuditValue) => wrap(audit_request(after, reading), Command::AuditValue),
        Some(Token::AuditCapability) => {
            wrap(audit_request(after, reading), Command::AuditCapability)
        }
        Some(Token::Notify) => wrap(notify(after, reading), Command::Notify),
        Some(Token::ServiceChange) => wrap(service_change(after, reading), Command::ServiceChange),
        _ => Err(wrong(i, Expected::Command)),
    }
}

/// `EQUAL termIDList`
pub(super) fn terminations<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Vec<TerminationId<'a>>> {
    let (i, ()) = equal(i)?;
    termination_id::read_list(i, reading)
}

/// `ammRequest` behind its keyword; its braces may be empty.
fn amm_request<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AmmRequest<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, descriptors) = reading.list_if_any(i, "ammRequest", |i| amm::read(i, reading))?;
    let request = AmmRequest {
        terminations,
        descriptors,
    };
    Ok((rest, request))
}

/// `subtractRequest` behind its keyword.
fn subtract<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, SubtractRequest<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, audit) = audit_in_braces(i, reading)?;
    let request = SubtractRequest {
        terminations,
        audit,
    };
    Ok((rest, request))
}

/// `auditRequest` behind its keyword. Without braces it asks for names alone.
fn audit_request<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, AuditRequest<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, audit) = audit_in_braces(i, reading)?;
    if !next_is(i, b'{') {
        reading.takes(i, "auditRequest", "no Audit");
    }
    let request = AuditRequest {
        terminations,
        audit: audit.unwrap_or_default(),
    };
    Ok((rest, request))
}

/// An Audit descriptor in braces, where there are braces with something in them.
fn audit_in_braces<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, Option<AuditDescriptor<'a>>> {
    let mut audit = None;
    let (rest, ()) = reading.each_if_any(i, "auditDescriptor", |i| {
        let (after, token) = keyword(i, "auditDescriptor")?;
        let found = match token {
            Some(Token::Audit) => audit::read(after, reading),
            _ => fail(i, "auditDescriptor"),
        };
        fill(
            &mut audit,
            i,
            "auditDescriptor",
            level(Level::Descriptor, found),
        )
    })?;
    Ok((rest, audit))
}

/// `notifyRequest` behind its keyword.
fn notify<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, NotifyRequest<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, (observed_events, error)) = in_braces(i, |i| observed(i, reading))?;
    let request = NotifyRequest {
        terminations,
        observed_events,
        error,
    };
    Ok((rest, request))
}

/// What stands in the braces of Notify.
type Observed<'a> = (ObservedEventsDescriptor<'a>, Option<ErrorDescriptor<'a>>);

fn observed<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, Observed<'a>> {
    let (after, token) = keyword(i, "observedEventsDescriptor")?;
    let found = match token {
        Some(Token::ObservedEvents) => observed_events::read(after, reading),
        _ => fail(i, "observedEventsDescriptor"),
    };
    let (rest, observed) = level(Level::Descriptor, found)?;
    if !next_is(rest, b',') {
        return Ok((rest, (observed, None)));
    }
    let (i, ()) = sign(rest, b',', "COMMA")?;
    let (after, token) = keyword(i, "errorDescriptor")?;
    let found = match token {
        Some(Token::Error) => error_descriptor::read(after, reading),
        _ => fail(i, "errorDescriptor"),
    };
    let (rest, error) = level(Level::Descriptor, found)?;
    Ok((rest, (observed, Some(error))))
}

/// `serviceChangeRequest` behind its keyword.
fn service_change<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ServiceChangeRequest<'a>> {
    let (i, terminations) = terminations(i, reading)?;
    let (rest, services) = in_braces(i, |i| {
        let (after, token) = keyword(i, "serviceChangeDescriptor")?;
        let found = match token {
            Some(Token::Services) => service_change::read(after, reading),
            _ => fail(i, "serviceChangeDescriptor"),
        };
        level(Level::Descriptor, found)
    })?;
    let request = ServiceChangeRequest {
        terminations,
        services: Box::new(services),
    };
    Ok((rest, request))
}

/// A command with its marks.
pub(super) fn write(w: &mut Writer<'_>, request: &CommandRequest<'_>) {
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
pub(super) fn write_head(w: &mut Writer<'_>, token: Token, ids: &[TerminationId<'_>]) {
    w.key(token);
    termination_id::write_list(w, ids);
}

fn write_amm(w: &mut Writer<'_>, token: Token, request: &AmmRequest<'_>) {
    write_head(w, token, &request.terminations);
    w.block_if_any(&request.descriptors, amm::write);
}

fn write_audit(w: &mut Writer<'_>, token: Token, request: &AuditRequest<'_>) {
    write_head(w, token, &request.terminations);
    w.block([&request.audit], audit::write);
}

fn write_notify(w: &mut Writer<'_>, notify: &NotifyRequest<'_>) {
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
