//! Actions (H.248.1 Annex B.2 `actionRequest`, `actionReply`).

use super::{
    command, command_reply, context_attribute,
    error::{Read, fail, level, of_context},
    error_descriptor,
    form::Form,
    lex::{glued_uint32, is_safe, lwsp},
    reader::{Reader, add, fill, push},
    token::Token,
    write::Writer,
};
use crate::{ActionReply, ActionRequest, ContextId, Level, List};

/// `ContextID`
#[inline]
pub(super) fn context_id<'a>(r: &mut Reader<'a>) -> Read<'a, ContextId> {
    let at = r.rest();
    let (context, rest) = match at {
        [b'-', rest @ ..] => (ContextId::Null, rest),
        [b'$', rest @ ..] => (ContextId::Choose, rest),
        [b'*', rest @ ..] => (ContextId::All, rest),
        [ones @ b'1'..=b'9', rest @ ..] => (ContextId::Id(u32::from(ones & 15)), rest),
        _ => return numbered_context(r),
    };
    if rest.first().is_some_and(|&octet| is_safe(octet)) {
        return numbered_context(r);
    }
    r.go_to(lwsp(rest));
    Ok(context)
}

/// `ContextID` as a number; 0 is the null Context too, and the two highest stand for nothing.
#[inline(never)]
fn numbered_context<'a>(r: &mut Reader<'a>) -> Read<'a, ContextId> {
    let at = r.rest();
    let number = r.take(|i| glued_uint32(i, "ContextID"))?;
    if number >= 0xffff_fffe || r.rest().first().is_some_and(|&octet| is_safe(octet)) {
        return fail(at, "ContextID");
    }
    r.go_to(lwsp(r.rest()));
    if number == 0 {
        r.takes(at, "ContextID", "0 for the null Context, which is -");
        return Ok(ContextId::Null);
    }
    Ok(ContextId::Id(number))
}

/// `CtxToken EQUAL ContextID`
#[inline(always)]
fn head<'a>(r: &mut Reader<'a>) -> Read<'a, ContextId> {
    let at = r.rest();
    if !r.take_letter_equal(b'C') {
        if r.keyword("CtxToken")? != Some(Token::Context) {
            return fail(at, "CtxToken");
        }
        r.equal()?;
    }
    context_id(r)
}

/// `actionRequest`
pub(super) fn read_request<'a>(
    r: &mut Reader<'a>,
    list: &mut List<ActionRequest<'a>>,
) -> Read<'a, ()> {
    level(Level::Action, request(r, list))
}

fn request<'a>(r: &mut Reader<'a>, list: &mut List<ActionRequest<'a>>) -> Read<'a, ()> {
    let context = head(r)?;
    let action = add(list, || ActionRequest::new(context, List::new()));
    let body = r.each(|r| request_item(r, action));
    of_context(context, body)
}

/// One item of `actionRequest`.
fn request_item<'a>(r: &mut Reader<'a>, action: &mut ActionRequest<'a>) -> Read<'a, ()> {
    let at = r.rest();
    let token = r.keyword("actionRequest")?;
    if let Some(property) = context_attribute::read(token, r) {
        if action.audit.is_some() || !action.commands.is_empty() {
            r.takes(at, "contextRequest", "a property behind audit or commands");
        }
        return push(&mut action.properties, property);
    }
    if token == Some(Token::ContextAudit) {
        if !action.commands.is_empty() {
            r.takes(at, "contextRequest", "an audit behind commands");
        }
        let audit = context_attribute::read_audit(r);
        return fill(&mut action.audit, at, "contextAudit", audit);
    }
    command::read(r, at, token, &mut action.commands)
}

/// `actionReply`
pub(super) fn read_reply<'a>(r: &mut Reader<'a>, list: &mut List<ActionReply<'a>>) -> Read<'a, ()> {
    level(Level::Action, reply(r, list))
}

fn reply<'a>(r: &mut Reader<'a>, list: &mut List<ActionReply<'a>>) -> Read<'a, ()> {
    let context = head(r)?;
    let action = add(list, || ActionReply {
        context,
        properties: List::new(),
        commands: List::new(),
        error: None,
    });
    r.each_if_any("actionReply", |r| reply_item(r, action))
}

/// One item of `actionReply`.
fn reply_item<'a>(r: &mut Reader<'a>, action: &mut ActionReply<'a>) -> Read<'a, ()> {
    let at = r.rest();
    let token = r.keyword("actionReply")?;
    if action.error.is_some() {
        r.takes(at, "actionReply", "something behind the error");
    }
    if let Some(property) = context_attribute::read(token, r) {
        if !action.commands.is_empty() {
            r.takes(at, "commandReply", "a property behind replies");
        }
        return push(&mut action.properties, property);
    }
    if token == Some(Token::Error) {
        let error = error_descriptor::read(r);
        return fill(&mut action.error, at, "errorDescriptor", error);
    }
    command_reply::read(r, at, token, &mut action.commands)
}

/// `actionRequest`
pub(super) fn write_request(w: &mut Writer<'_, impl Form>, action: &ActionRequest<'_>) {
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
pub(super) fn write_reply(w: &mut Writer<'_, impl Form>, action: &ActionReply<'_>) {
    write_reply_with(w, action, []);
}

/// `actionReply`, with replies to further commands that are written already.
pub(super) fn write_reply_with<'r>(
    w: &mut Writer<'_, impl Form>,
    action: &ActionReply<'_>,
    commands: impl IntoIterator<Item = &'r [u8]>,
) {
    w.pair(Token::Context, action.context);
    w.open();
    for property in &action.properties {
        w.item();
        context_attribute::write(w, property);
    }
    for command in &action.commands {
        w.item();
        command_reply::write(w, command);
    }
    for command in commands {
        w.item();
        w.octets(command);
    }
    if let Some(error) = &action.error {
        w.item();
        error_descriptor::write(w, error);
    }
    w.close_if_any();
}
