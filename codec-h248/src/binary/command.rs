//! Commands (H.248.1 Annex A.2 `CommandRequest`).

use super::{
    Unsayable, amm, audit,
    ber::{BerError, BerReader, BerWriter, leaf, level},
    error_descriptor, observed_events, service_change, termination_id,
};
use crate::{
    AmmRequest, AuditRequest, Command, CommandRequest, Expected, Level, List, NotifyRequest,
    ServiceChangeRequest, SubtractRequest, TerminationId, list::Entries,
};

/// `CommandRequest` to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<CommandRequest<'a>>,
) -> Result<(), BerError> {
    level(Level::Command, request(r, list))
}

fn request<'a>(r: &mut BerReader<'a>, list: &mut List<CommandRequest<'a>>) -> Result<(), BerError> {
    r.mandatory(0, "command", |r| command(r, list))?;
    let optional = r.optional_value(1, "optional", leaf::null)?.is_some();
    let wildcard_return = r.optional_value(2, "wildcardReturn", leaf::null)?.is_some();
    if (optional || wildcard_return)
        && let Some(request) = list.last_mut()
    {
        request.optional = optional;
        request.wildcard_return = wildcard_return;
    }
    r.extensions(2)
}

/// `Command` to the list without marks.
fn command<'a>(r: &mut BerReader<'a>, list: &mut List<CommandRequest<'a>>) -> Result<(), BerError> {
    let command = match r.alternative() {
        Some(tag @ 0..=2) => return amm(r, tag, list),
        Some(3) => return r.mandatory(3, "subtractReq", |r| subtract(r, list)),
        Some(4) => Command::AuditCapability(r.mandatory(4, "auditCapRequest", audit_request)?),
        Some(5) => Command::AuditValue(r.mandatory(5, "auditValueRequest", audit_request)?),
        Some(6) => Command::Notify(r.mandatory(6, "notifyReq", notify)?),
        Some(7) => Command::ServiceChange(r.mandatory(7, "serviceChangeReq", service_change)?),
        Some(_) | None => return Err(r.wrong(Expected::Command)),
    };
    list.push(CommandRequest::from(command));
    Ok(())
}

/// The first component of nearly all commands and replies.
pub(super) fn terminations<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<TerminationId<'a>>,
) -> Result<(), BerError> {
    r.mandatory(0, "terminationID", |r| termination_id::read_list(r, list))
}

/// `AmmRequest`, the component of that tag.
fn amm<'a>(
    r: &mut BerReader<'a>,
    tag: u8,
    list: &mut List<CommandRequest<'a>>,
) -> Result<(), BerError> {
    let name = match tag {
        0 => "addReq",
        1 => "moveReq",
        _ => "modReq",
    };
    let nothing = || {
        let nothing = AmmRequest {
            terminations: List::new(),
            descriptors: List::new(),
        };
        CommandRequest::from(match tag {
            0 => Command::Add(nothing),
            1 => Command::Move(nothing),
            _ => Command::Modify(nothing),
        })
    };
    let command = &mut list.add(nothing).command;
    r.mandatory(tag, name, |r| {
        if let Command::Add(request) | Command::Move(request) | Command::Modify(request) = command {
            terminations(r, &mut request.terminations)?;
            r.mandatory(1, "descriptors", |r| {
                r.fill(&mut request.descriptors, amm::read)
            })?;
        }
        r.extensions(1)
    })
}

/// `SubtractRequest`
fn subtract<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<CommandRequest<'a>>,
) -> Result<(), BerError> {
    let nothing = || {
        CommandRequest::from(Command::Subtract(SubtractRequest {
            terminations: List::new(),
            audit: None,
        }))
    };
    if let Command::Subtract(request) = &mut list.add(nothing).command {
        terminations(r, &mut request.terminations)?;
        request.audit = level(
            Level::Descriptor,
            r.optional(1, "auditDescriptor", audit::read),
        )?;
    }
    r.extensions(1)
}

/// `AuditRequest`; a public dissector gives the list the tag 3.
fn audit_request<'a>(r: &mut BerReader<'a>) -> Result<AuditRequest<'a>, BerError> {
    let mut terminations = List::new();
    r.mandatory(0, "terminationID", |r| {
        termination_id::read_into(r, &mut terminations)
    })?;
    let audit = level(
        Level::Descriptor,
        r.mandatory(1, "auditDescriptor", audit::read),
    )?;
    let mut list = |r: &mut BerReader<'a>| termination_id::read_list(r, &mut terminations);
    if r.optional(2, "terminationIDList", &mut list)?.is_none() {
        r.optional(3, "terminationIDList", &mut list)?;
    }
    r.extensions(3)?;
    Ok(AuditRequest {
        terminations,
        audit,
    })
}

/// `NotifyRequest`
fn notify<'a>(r: &mut BerReader<'a>) -> Result<NotifyRequest<'a>, BerError> {
    let mut list = List::new();
    terminations(r, &mut list)?;
    let observed_events = level(
        Level::Descriptor,
        r.mandatory(1, "observedEventsDescriptor", observed_events::read),
    )?;
    let error = level(
        Level::Descriptor,
        r.optional(2, "errorDescriptor", error_descriptor::read),
    )?;
    r.extensions(2)?;
    Ok(NotifyRequest {
        terminations: list,
        observed_events,
        error,
    })
}

/// `ServiceChangeRequest`
fn service_change<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeRequest<'a>, BerError> {
    let mut list = List::new();
    terminations(r, &mut list)?;
    let services = level(
        Level::Descriptor,
        r.mandatory(1, "serviceChangeParms", service_change::read),
    )?;
    r.extensions(1)?;
    Ok(ServiceChangeRequest {
        terminations: list,
        services: Box::new(services),
    })
}

/// `CommandRequest`
pub(super) fn write(w: &mut BerWriter<'_>, request: &CommandRequest<'_>) {
    w.extensions();
    w.null_if(2, request.wildcard_return);
    w.null_if(1, request.optional);
    w.constructed(0, "command", |w| write_command(w, &request.command));
}

/// `Command`
fn write_command(w: &mut BerWriter<'_>, command: &Command<'_>) {
    match command {
        Command::Add(add) => w.constructed(0, "addReq", |w| write_amm(w, add)),
        Command::Move(move_) => w.constructed(1, "moveReq", |w| write_amm(w, move_)),
        Command::Modify(modify) => w.constructed(2, "modReq", |w| write_amm(w, modify)),
        Command::Subtract(subtract) => {
            w.constructed(3, "subtractReq", |w| write_subtract(w, subtract));
        }
        Command::AuditCapability(audit) => {
            w.constructed(4, "auditCapRequest", |w| write_audit(w, audit));
        }
        Command::AuditValue(audit) => {
            w.constructed(5, "auditValueRequest", |w| write_audit(w, audit));
        }
        Command::Notify(notify) => w.constructed(6, "notifyReq", |w| write_notify(w, notify)),
        Command::ServiceChange(change) => w.constructed(7, "serviceChangeReq", |w| {
            w.extensions();
            w.constructed(1, "serviceChangeParms", |w| {
                service_change::write(w, &change.services);
            });
            write_terminations(w, &change.terminations);
        }),
    }
}

/// The first component of nearly all commands and replies.
pub(super) fn write_terminations(w: &mut BerWriter<'_>, ids: &[TerminationId<'_>]) {
    if ids.len() != 1 {
        check_several(w, ids);
    }
    w.constructed(0, "terminationID", |w| termination_id::write_list(w, ids));
}

/// More than one Termination, or none.
#[cold]
fn check_several(w: &mut BerWriter<'_>, ids: &[TerminationId<'_>]) {
    if ids.is_empty() {
        w.fail(Unsayable::Missing("terminationID"));
    }
    w.since(3, "a list of Terminations");
}

fn write_amm(w: &mut BerWriter<'_>, request: &AmmRequest<'_>) {
    w.extensions();
    w.constructed(1, "descriptors", |w| {
        w.each(&request.descriptors, amm::write)
    });
    write_terminations(w, &request.terminations);
}

fn write_subtract(w: &mut BerWriter<'_>, request: &SubtractRequest<'_>) {
    w.extensions();
    if let Some(audit) = &request.audit {
        w.constructed(1, "auditDescriptor", |w| audit::write(w, audit));
    }
    write_terminations(w, &request.terminations);
}

fn write_audit(w: &mut BerWriter<'_>, request: &AuditRequest<'_>) {
    w.extensions();
    if request.terminations.len() > 1 {
        w.since(3, "terminationIDList");
        w.constructed(2, "terminationIDList", |w| {
            termination_id::write_list(w, &request.terminations);
        });
    }
    w.constructed(1, "auditDescriptor", |w| audit::write(w, &request.audit));
    match request.terminations.first() {
        Some(first) => w.constructed(0, "terminationID", |w| termination_id::write(w, first)),
        None => w.fail(Unsayable::Missing("terminationID")),
    }
}

fn write_notify(w: &mut BerWriter<'_>, notify: &NotifyRequest<'_>) {
    w.extensions();
    if let Some(error) = &notify.error {
        w.constructed(2, "errorDescriptor", |w| error_descriptor::write(w, error));
    }
    w.constructed(1, "observedEventsDescriptor", |w| {
        observed_events::write(w, &notify.observed_events);
    });
    write_terminations(w, &notify.terminations);
}
