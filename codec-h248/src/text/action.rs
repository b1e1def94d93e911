//! Actions (H.248.1 Annex B.2 `actionRequest`, `actionReply`).

use super::{
    command, command_reply, context_attribute,
    error::{Parsed, fail, level, of_context},
    error_descriptor,
    lex::{equal, glued_uint32, is_safe, lwsp},
    reading::{Reading, fill, keyword, push},
    token::Token,
    write::Writer,
};
use crate::{ActionReply, ActionRequest, ContextId, Level};

/// `ContextID`; the number 0 is the null Context too, and the two highest stand for nothing.
pub(super) fn context_id<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextId> {
    let sign = match i.first() {
        Some(b'-') => Some(ContextId::Null),
        Some(b'$') => Some(ContextId::Choose),
        Some(b'*') => Some(ContextId::All),
        Some(_) | None => None,
    };
    let (rest, context) = match sign {
        Some(context) => (&i[1..], context),
        None => match glued_uint32(i, "ContextID")? {
            (rest, 0) => {
                reading.takes(i, "ContextID", "0 for the null Context, which is -");
                (rest, ContextId::Null)
            }
            (_, 0xffff_fffe..) => return fail(i, "ContextID"),
            (rest, id) => (rest, ContextId::Id(id)),
        },
    };
    if rest.first().is_some_and(|&octet| is_safe(octet)) {
        return fail(i, "ContextID");
    }
    Ok((lwsp(rest), context))
}

/// `CtxToken EQUAL ContextID`
fn head<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ContextId> {
    let (after, token) = keyword(i, "CtxToken")?;
    if token != Some(Token::Context) {
        return fail(i, "CtxToken");
    }
    let (i, ()) = equal(after)?;
    context_id(i, reading)
}

/// `actionRequest`
pub(super) fn read_request<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
) -> Parsed<'a, ActionRequest<'a>> {
    level(Level::Action, request(i, reading))
}

fn request<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ActionRequest<'a>> {
    let (i, context) = head(i, reading)?;
    of_context(context, request_body(i, reading, context))
}

fn request_body<'a>(
    i: &'a [u8],
    reading: &Reading<'a>,
    context: ContextId,
) -> Parsed<'a, ActionRequest<'a>> {
    let mut action = ActionRequest::new(context, Vec::new());
    let (rest, ()) = reading.each(i, |i| {
        let (after, token) = keyword(i, "actionRequest")?;
        if let Some(property) = context_attribute::read(token, after, reading) {
            if action.audit.is_some() || !action.commands.is_empty() {
                reading.takes(i, "contextRequest", "a property behind audit or commands");
            }
            return push(&mut action.properties, property);
        }
        match token {
            Some(Token::ContextAudit) => {
                if !action.commands.is_empty() {
                    reading.takes(i, "contextRequest", "an audit behind commands");
                }
                let audit = context_attribute::read_audit(after, reading);
                fill(&mut action.audit, i, "contextAudit", audit)
            }
            _ => push(&mut action.commands, command::read(i, reading)),
        }
    })?;
    Ok((rest, action))
}

/// `actionReply`
pub(super) fn read_reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ActionReply<'a>> {
    level(Level::Action, reply(i, reading))
}

fn reply<'a>(i: &'a [u8], reading: &Reading<'a>) -> Parsed<'a, ActionReply<'a>> {
    let (i, context) = head(i, reading)?;
    let mut action = ActionReply {
        context,
        properties: Vec::new(),
        commands: Vec::new(),
        error: None,
    };
    let (rest, ()) = reading.each_if_any(i, "actionReply", |i| {
        let (after, token) = keyword(i, "actionReply")?;
        if action.error.is_some() {
            reading.takes(i, "actionReply", "something behind the error");
        }
        if let Some(property) = context_attribute::read(token, after, reading) {
            if !action.commands.is_empty() {
                reading.takes(i, "commandReply", "a property behind replies");
            }
            return push(&mut action.properties, property);
        }
        match token {
            Some(Token::Error) => {
                let error = error_descriptor::read(after, reading);
                fill(&mut action.error, i, "errorDescriptor", error)
            }
            _ => push(&mut action.commands, command_reply::read(i, reading)),
        }
    })?;
    Ok((rest, action))
}

/// `actionRequest`
pub(super) fn write_request(w: &mut Writer<'_>, action: &ActionRequest<'_>) {
    w.pair(Token::Context, action.context);
    w.open();
    for property in &action.properties {
        w.item();
        context_attribute::write(w, property);
    }
    if let Some(audit) = &action.audit {
        w.item();
        context_attribute::write_audit(w, audit);
    }
    for command in &action.commands {
        w.item();
        command::write(w, command);
    }
    w.close();
}

/// `actionReply`
pub(super) fn write_reply(w: &mut Writer<'_>, action: &ActionReply<'_>) {
    w.pair(Token::Context, action.context);
    w.open_if_any();
    for property in &action.properties {
        w.item();
        context_attribute::write(w, property);
    }
    for command in &action.commands {
        w.item();
        command_reply::write(w, command);
    }
    if let Some(error) = &action.error {
        w.item();
        error_descriptor::write(w, error);
    }
    w.close_if_any();
}
