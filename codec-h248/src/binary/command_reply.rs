//! Replies to commands (H.248.1 Annex A.2 `CommandReply`).

use super::{
    Unsayable, audit_return,
    ber::{BerError, BerReader, BerWriter, level},
    command::{terminations, write_terminations},
    error_descriptor, service_change, termination_id,
};
use crate::{
    AmmsReply, AuditReply, CommandReply, Expected, Level, List, NotifyReply, ServiceChangeReply,
    ServiceChangeResult,
    descriptor::{ErrorDescriptor, ServiceChangeReplyDescriptor},
    list::Entries,
};

/// `CommandReply`, a whole element to the list.
pub(super) fn read<'a>(
    r: &mut BerReader<'a>,
    list: &mut List<CommandReply<'a>>,
) -> Result<(), BerError> {
    level(Level::Command, reply(r, list))
}

fn reply<'a>(r: &mut BerReader<'a>, list: &mut List<CommandReply<'a>>) -> Result<(), BerError> {
    let reply = match r.alternative() {
        Some(tag @ 0..=3) => return amms(r, tag, list),
        Some(4) => CommandReply::AuditCapability(r.mandatory(4, "auditCapReply", audit)?),
        Some(5) => CommandReply::AuditValue(r.mandatory(5, "auditValueReply", audit)?),
        Some(6) => CommandReply::Notify(r.mandatory(6, "notifyReply", notify)?),
        Some(7) => {
            CommandReply::ServiceChange(r.mandatory(7, "serviceChangeReply", service_change)?)
        }
        Some(_) | None => return Err(r.wrong(Expected::Rule("CommandReply"))),
    };
    list.push(reply);
    Ok(())
}

/// `AmmsReply`, the component of that tag.
fn amms<'a>(
    r: &mut BerReader<'a>,
    tag: u8,
    list: &mut List<CommandReply<'a>>,
) -> Result<(), BerError> {
    let name = match tag {
        0 => "addReply",
        1 => "moveReply",
        2 => "modReply",
        _ => "subtractReply",
    };
    let nothing = || {
        let nothing = AmmsReply {
            terminations: List::new(),
            descriptors: List::new(),
        };
        match tag {
            0 => CommandReply::Add(nothing),
            1 => CommandReply::Move(nothing),
            2 => CommandReply::Modify(nothing),
            _ => CommandReply::Subtract(nothing),
        }
    };
    let place = list.add(nothing);
    r.mandatory(tag, name, |r| {
        if let CommandReply::Add(reply)
        | CommandReply::Move(reply)
        | CommandReply::Modify(reply)
        | CommandReply::Subtract(reply) = place
        {
            terminations(r, &mut reply.terminations)?;
            r.optional(1, "terminationAudit", |r| {
                audit_return::read_list(r, &mut reply.descriptors)
            })?;
        }
        r.extensions(1)
    })
}

/// `AuditReply`
fn audit<'a>(r: &mut BerReader<'a>) -> Result<AuditReply<'a>, BerError> {
    match r.alternative() {
        Some(0) => {
            let mut ids = List::new();
            r.mandatory(0, "contextAuditResult", |r| {
                termination_id::read_list(r, &mut ids)
            })?;
            Ok(AuditReply::Context(ids))
        }
        Some(1) => r.mandatory(1, "error", error).map(AuditReply::ContextError),
        Some(2) => r
            .mandatory(2, "auditResult", audit_result)
            .map(AuditReply::Termination),
        Some(3) => r
            .mandatory(3, "auditResultTermList", list_audit_result)
            .map(AuditReply::Termination),
        Some(_) | None => Err(r.wrong(Expected::Rule("AuditReply"))),
    }
}

fn error<'a>(r: &mut BerReader<'a>) -> Result<ErrorDescriptor<'a>, BerError> {
    level(Level::Descriptor, error_descriptor::read(r))
}

/// `AuditResult`
fn audit_result<'a>(r: &mut BerReader<'a>) -> Result<AmmsReply<'a>, BerError> {
    let mut reply = AmmsReply {
        terminations: List::new(),
        descriptors: List::new(),
    };
    r.mandatory(0, "terminationID", |r| {
        termination_id::read_into(r, &mut reply.terminations)
    })?;
    r.mandatory(1, "terminationAuditResult", |r| {
        audit_return::read_list(r, &mut reply.descriptors)
    })?;
    Ok(reply)
}

/// `TermListAuditResult`
fn list_audit_result<'a>(r: &mut BerReader<'a>) -> Result<AmmsReply<'a>, BerError> {
    let mut reply = AmmsReply {
        terminations: List::new(),
        descriptors: List::new(),
    };
    r.mandatory(0, "terminationIDList", |r| {
        termination_id::read_list(r, &mut reply.terminations)
    })?;
    r.mandatory(1, "terminationAuditResult", |r| {
        audit_return::read_list(r, &mut reply.descriptors)
    })?;
    r.extensions(1)?;
    Ok(reply)
}

/// `NotifyReply`
fn notify<'a>(r: &mut BerReader<'a>) -> Result<NotifyReply<'a>, BerError> {
    let mut list = List::new();
    terminations(r, &mut list)?;
    let error = r.optional(1, "errorDescriptor", error)?;
    r.extensions(1)?;
    Ok(NotifyReply {
        terminations: list,
        error,
    })
}

/// `ServiceChangeReply`
fn service_change<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeReply<'a>, BerError> {
    let mut list = List::new();
    terminations(r, &mut list)?;
    let result = level(
        Level::Descriptor,
        r.mandatory(1, "serviceChangeResult", service_change_result),
    )?;
    r.extensions(1)?;
    Ok(ServiceChangeReply {
        terminations: list,
        result,
    })
}

/// `ServiceChangeResult`
fn service_change_result<'a>(r: &mut BerReader<'a>) -> Result<ServiceChangeResult<'a>, BerError> {
    match r.alternative() {
        Some(0) => r
            .mandatory(0, "errorDescriptor", error_descriptor::read)
            .map(ServiceChangeResult::Error),
        Some(1) => r
            .mandatory(1, "serviceChangeResParms", service_change::read_reply)
            .map(accepted),
        Some(_) | None => Err(r.wrong(Expected::Rule("ServiceChangeResult"))),
    }
}

/// Parameters that say nothing are no parameters.
fn accepted(services: ServiceChangeReplyDescriptor<'_>) -> ServiceChangeResult<'_> {
    if services == ServiceChangeReplyDescriptor::default() {
        ServiceChangeResult::Accepted
    } else {
        ServiceChangeResult::Services(services)
    }
}

/// `CommandReply`, a whole element.
pub(super) fn write(w: &mut BerWriter<'_>, reply: &CommandReply<'_>) {
    match reply {
        CommandReply::Add(reply) => w.constructed(0, "addReply", |w| write_amms(w, reply)),
        CommandReply::Move(reply) => w.constructed(1, "moveReply", |w| write_amms(w, reply)),
        CommandReply::Modify(reply) => w.constructed(2, "modReply", |w| write_amms(w, reply)),
        CommandReply::Subtract(reply) => {
            w.constructed(3, "subtractReply", |w| write_amms(w, reply));
        }
        CommandReply::AuditCapability(reply) => {
            w.constructed(4, "auditCapReply", |w| write_audit(w, reply));
        }
        CommandReply::AuditValue(reply) => {
            w.constructed(5, "auditValueReply", |w| write_audit(w, reply));
        }
        CommandReply::Notify(reply) => {
            w.constructed(6, "notifyReply", |w| write_notify(w, reply));
        }
        CommandReply::ServiceChange(reply) => {
            w.constructed(7, "serviceChangeReply", |w| write_service_change(w, reply));
        }
    }
}

fn write_amms(w: &mut BerWriter<'_>, reply: &AmmsReply<'_>) {
    w.extensions();
    if !reply.descriptors.is_empty() {
        w.constructed(1, "terminationAudit", |w| {
            audit_return::write_list(w, &reply.descriptors);
        });
    }
    write_terminations(w, &reply.terminations);
}

fn write_audit(w: &mut BerWriter<'_>, reply: &AuditReply<'_>) {
    match reply {
        AuditReply::Context(ids) => w.constructed(0, "contextAuditResult", |w| {
            termination_id::write_list(w, ids);
        }),
        AuditReply::ContextError(error) => {
            w.constructed(1, "error", |w| error_descriptor::write(w, error));
        }
        AuditReply::Termination(reply) => write_audit_result(w, reply),
    }
}

/// `auditResult`, or `auditResultTermList` for several Terminations.
fn write_audit_result(w: &mut BerWriter<'_>, reply: &AmmsReply<'_>) {
    let result = |w: &mut BerWriter<'_>| {
        w.constructed(1, "terminationAuditResult", |w| {
            audit_return::write_list(w, &reply.descriptors);
        });
    };
    match &*reply.terminations {
        [] => w.fail(Unsayable::Missing("terminationID")),
        [id] => w.constructed(2, "auditResult", |w| {
            result(w);
            w.constructed(0, "terminationID", |w| termination_id::write(w, id));
        }),
        ids => {
            w.since(3, "auditResultTermList");
            w.constructed(3, "auditResultTermList", |w| {
                w.extensions();
                result(w);
                w.constructed(0, "terminationIDList", |w| {
                    termination_id::write_list(w, ids);
                });
            });
        }
    }
}

fn write_notify(w: &mut BerWriter<'_>, reply: &NotifyReply<'_>) {
    w.extensions();
    if let Some(error) = &reply.error {
        w.constructed(1, "errorDescriptor", |w| error_descriptor::write(w, error));
    }
    write_terminations(w, &reply.terminations);
}

fn write_service_change(w: &mut BerWriter<'_>, reply: &ServiceChangeReply<'_>) {
    w.extensions();
    w.constructed(1, "serviceChangeResult", |w| match &reply.result {
        ServiceChangeResult::Error(error) => {
            w.constructed(0, "errorDescriptor", |w| error_descriptor::write(w, error));
        }
        ServiceChangeResult::Services(services) => {
            w.constructed(1, "serviceChangeResParms", |w| {
                service_change::write_reply(w, services);
            });
        }
        ServiceChangeResult::Accepted => w.constructed(1, "serviceChangeResParms", |w| {
            service_change::write_reply(w, &ServiceChangeReplyDescriptor::default());
        }),
    });
    write_terminations(w, &reply.terminations);
}
