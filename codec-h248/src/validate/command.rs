//! Commands and their replies.

use super::{Check, Walk};
use crate::{
    AmmRequest, AmmsReply, AuditReply, AuditRequest, Command, CommandReply, CommandRequest,
    NotifyReply, NotifyRequest, ServiceChangeReply, ServiceChangeRequest, ServiceChangeResult,
    SubtractRequest, descriptor::AuditReturn, text::is_context,
};

/// The name of every list of Terminations of a command.
const TERMINATIONS: &str = "terminationIdList";

impl Check for CommandRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.member("command", &self.command);
    }
}

impl Check for Command<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Add(add) => walk.member("addReq", add),
            Self::Move(move_) => walk.member("moveReq", move_),
            Self::Modify(modify) => walk.member("modReq", modify),
            Self::Subtract(subtract) => walk.member("subtractReq", subtract),
            Self::AuditValue(audit) => walk.member("auditValueRequest", audit),
            Self::AuditCapability(audit) => walk.member("auditCapRequest", audit),
            Self::Notify(notify) => walk.member("notifyReq", notify),
            Self::ServiceChange(change) => walk.member("serviceChangeReq", change),
        }
    }
}

impl Check for AmmRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("descriptors", &self.descriptors);
    }
}

impl Check for SubtractRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("auditDescriptor", &self.audit);
    }
}

impl Check for AuditRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("auditDescriptor", &self.audit);
    }
}

impl Check for NotifyRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("observedEventsDescriptor", &self.observed_events);
        walk.member("errorDescriptor", &self.error);
    }
}

impl Check for ServiceChangeRequest<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("serviceChangeParms", &self.services);
    }
}

impl Check for CommandReply<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Add(add) => walk.member("addReply", add),
            Self::Move(move_) => walk.member("moveReply", move_),
            Self::Modify(modify) => walk.member("modReply", modify),
            Self::Subtract(subtract) => walk.member("subtractReply", subtract),
            Self::AuditValue(audit) => walk.member("auditValueReply", audit),
            Self::AuditCapability(audit) => walk.member("auditCapReply", audit),
            Self::Notify(notify) => walk.member("notifyReply", notify),
            Self::ServiceChange(change) => walk.member("serviceChangeReply", change),
        }
    }
}

impl Check for AmmsReply<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("terminationAudit", &self.descriptors);
    }
}

impl Check for AuditReply<'_> {
    fn check(&self, walk: &mut Walk) {
        match self {
            Self::Context(terminations) => walk.filled("contextAuditResult", terminations),
            Self::ContextError(error) => walk.member("error", error),
            Self::Termination(result) => walk.at("auditResult", |walk| {
                walk.wants(
                    !is_context_audit(result),
                    "a reply that is no contextTerminationAudit",
                );
                result.check(walk);
            }),
        }
    }
}

/// Whether text would say something else of a Context: of a Termination that is called as that
/// keyword, descriptors that are words alone are the names of Terminations, and an error alone is
/// that of the audit.
pub(crate) fn is_context_audit(reply: &AmmsReply<'_>) -> bool {
    let [only] = reply.terminations.as_slice() else {
        return false;
    };
    let is_condensed = match reply.descriptors.as_slice() {
        [] => false,
        [AuditReturn::Error(_)] => true,
        descriptors => descriptors.iter().all(is_word),
    };
    is_condensed && is_context(only.as_str())
}

/// Whether the descriptor is its keyword alone.
fn is_word(descriptor: &AuditReturn<'_>) -> bool {
    match descriptor {
        AuditReturn::Events(events) => events.events.is_empty(),
        AuditReturn::Signals(signals) => signals.parms.is_empty(),
        AuditReturn::EventBuffer(buffer) => buffer.events.is_empty(),
        AuditReturn::Statistics(statistics) => statistics.statistics.is_empty(),
        AuditReturn::Packages(packages) => packages.packages.is_empty(),
        AuditReturn::Empty(_) => true,
        AuditReturn::Media(_)
        | AuditReturn::Modem(_)
        | AuditReturn::Mux(_)
        | AuditReturn::DigitMap(_)
        | AuditReturn::ObservedEvents(_)
        | AuditReturn::Error(_) => false,
    }
}

impl Check for NotifyReply<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.member("errorDescriptor", &self.error);
    }
}

impl Check for ServiceChangeReply<'_> {
    fn check(&self, walk: &mut Walk) {
        walk.filled(TERMINATIONS, &self.terminations);
        walk.at("serviceChangeResult", |walk| match &self.result {
            ServiceChangeResult::Accepted => {}
            ServiceChangeResult::Services(services) => {
                walk.member("serviceChangeResParms", services);
            }
            ServiceChangeResult::Error(error) => walk.member("errorDescriptor", error),
        });
    }
}
