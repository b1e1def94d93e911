//! Actions (H.248.1 Annex A.2 `ActionRequest`, `ActionReply`).

use super::{
    ber::{BerError, BerReader, BerWriter, Tag, leaf, level, of_context},
    command, command_reply, context_attribute, error_descriptor,
};
use crate::{ActionReply, ActionRequest, ContextId, Level, List, list::Entries};

const NULL: u32 = 0;
const CHOOSE: u32 = 0xffff_fffe;
const ALL: u32 = 0xffff_ffff;

/// `ContextID`
pub(super) fn context_id(r: &mut BerReader<'_>) -> Result<ContextId, BerError> {
    leaf::unsigned(r).map(context_of)
}

fn context_of(number: u32) -> ContextId {
    match number {
        NULL => ContextId::Null,
        CHOOSE => ContextId::Choose,
        ALL => ContextId::All,
        id => ContextId::Id(id),
    }
}

/// `ContextID`
pub(super) fn write_context_id(w: &mut BerWriter<'_>, tag: impl Into<Tag>, context: ContextId) {
    let number = match context {
        ContextId::Null => NULL,
        ContextId::Choose => CHOOSE,
        ContextId::All => ALL,
        ContextId::Id(id) => id,
    };
    w.unsigned(tag, number);
}

/// `ActionRequest` to the list.
pub(super) fn read_request<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<ActionRequest<'a>>,
) -> Result<(), BerError> {
    level(Level::Action, request(r, list))
}

fn request<'a>(r: &mut BerReader<'a>, list: &mut List<ActionRequest<'a>>) -> Result<(), BerError> {
    let context = r.unsigned(0, "contextId").map(context_of)?;
    of_context(context, request_body(r, context, list))
}

fn request_body<'a>(
    r: &mut BerReader<'a>,
    context: ContextId,
    list: &mut List<ActionRequest<'a>>,
) -> Result<(), BerError> {
    let action = list.add(|| ActionRequest::new(context, List::new()));
    r.optional(1, "contextRequest", |r| {
        context_attribute::read(r, &mut action.properties)
    })?;
    action.audit = r.optional(2, "contextAttrAuditReq", context_attribute::read_audit)?;
    r.mandatory(3, "commandRequests", |r| {
        r.fill_sequences("CommandRequest", &mut action.commands, command::read)
    })
}

/// `ActionReply` to the list.
pub(super) fn read_reply<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<ActionReply<'a>>,
) -> Result<(), BerError> {
    level(Level::Action, reply(r, list))
}

fn reply<'a>(r: &mut BerReader<'a>, list: &mut List<ActionReply<'a>>) -> Result<(), BerError> {
    let context = r.unsigned(0, "contextId").map(context_of)?;
    let action = list.add(|| ActionReply {
        context,
        properties: List::new(),
        commands: List::new(),
        error: None,
    });
    action.error = r.optional(1, "errorDescriptor", error_descriptor::read)?;
    r.optional(2, "contextReply", |r| {
        context_attribute::read(r, &mut action.properties)
    })?;
    r.mandatory(3, "commandReply", |r| {
        r.fill(&mut action.commands, command_reply::read)
    })
}

/// `ActionRequest`
pub(super) fn write_request(w: &mut BerWriter<'_>, action: &ActionRequest<'_>) {
    w.constructed(3, "commandRequests", |w| {
        w.each_sequence(&action.commands, command::write);
    });
    if let Some(audit) = &action.audit {
        w.constructed(2, "contextAttrAuditReq", |w| {
            context_attribute::write_audit(w, audit);
        });
    }
    if !action.properties.is_empty() {
        w.constructed(1, "contextRequest", |w| {
            context_attribute::write(w, &action.properties);
        });
    }
    write_context_id(w, 0, action.context);
}

/// `ActionReply`
pub(super) fn write_reply(w: &mut BerWriter<'_>, action: &ActionReply<'_>) {
    write_reply_with(w, action, |_| ());
}

/// `ActionReply`, with the commands' replies that `write_further` writes behind its own.
pub(super) fn write_reply_with(
    w: &mut BerWriter<'_>,
    action: &ActionReply<'_>,
    write_further: impl FnOnce(&mut BerWriter<'_>),
) {
    w.constructed(3, "commandReply", |w| {
        write_further(w);
        w.each(&action.commands, command_reply::write);
    });
    if !action.properties.is_empty() {
        w.constructed(2, "contextReply", |w| {
            context_attribute::write(w, &action.properties);
        });
    }
    if let Some(error) = &action.error {
        w.constructed(1, "errorDescriptor", |w| error_descriptor::write(w, error));
    }
    write_context_id(w, 0, action.context);
}
