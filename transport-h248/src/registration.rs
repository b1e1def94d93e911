//! How a request is known by which a gateway registers.

use codec_h248::{
    Command, CommandRequest, TerminationId, TransactionRequest, descriptor::ServiceChangeMethod,
};

/// Whether a request is what a gateway says where it begins to speak: nothing but ServiceChange of
/// ROOT, by a method that registers (H.248.1 7.2.8).
pub(crate) fn is_registration(request: &TransactionRequest<'_>) -> bool {
    let registers = |command: &CommandRequest<'_>| match &command.command {
        Command::ServiceChange(change) => {
            let by_method = match change.services.method {
                ServiceChangeMethod::Restart
                | ServiceChangeMethod::Disconnected
                | ServiceChangeMethod::Failover
                | ServiceChangeMethod::HandOff => true,
                ServiceChangeMethod::Forced
                | ServiceChangeMethod::Graceful
                | ServiceChangeMethod::Extension(_) => false,
            };
            by_method && change.terminations.iter().all(TerminationId::is_root)
        }
        Command::Add(_)
        | Command::Move(_)
        | Command::Modify(_)
        | Command::Subtract(_)
        | Command::AuditValue(_)
        | Command::AuditCapability(_)
        | Command::Notify(_) => false,
    };
    let mut actions = request.actions.iter();
    actions.all(|action| !action.commands.is_empty() && action.commands.iter().all(registers))
}
