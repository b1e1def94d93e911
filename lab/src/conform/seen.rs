//! What an implementation has shown in a campaign, which its PICS may contradict.

use std::collections::{BTreeMap, BTreeSet};

use codec_h248::{
    ActionReply, ActionRequest, AuditReply, Command, CommandReply, CommandRequest, ContextProperty,
    Message, MessageBody, ServiceChangeResult, Transaction, TransactionId, TransactionReply,
    TransactionRequest, TransactionResult,
    descriptor::{AmmDescriptor, AuditReturn, ServiceChangeMethod},
};

use super::{
    decoded::Decoder,
    outcome::{Exchanged, Outcome},
    purpose::Role,
};

/// Requests of one test that may still be answered.
const OPEN_MAX: usize = 1_024;

/// What was seen, each with the first test that saw it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Items of the PICS whose feature was shown.
    pub(super) items: BTreeMap<&'static str, String>,
    /// Packages that audits have named.
    pub(super) packages: BTreeSet<String>,
}

impl Seen {
    /// Looks through all messages of a campaign.
    pub(super) fn of(role: Role, outcomes: &[Outcome]) -> Self {
        let decoder = Decoder::default();
        let mut seen = Self::default();
        for outcome in outcomes {
            let mut test = Test {
                role,
                id: &outcome.purpose.id,
                open: BTreeMap::new(),
                seen: &mut seen,
            };
            for exchanged in &outcome.messages {
                if let Ok(message) = decoder.message(&exchanged.octets) {
                    test.message(exchanged, &message);
                }
            }
        }
        seen
    }
}

/// One test as it goes by.
struct Test<'a> {
    role: Role,
    id: &'a str,
    /// What the tool has asked for.
    open: BTreeMap<TransactionId, Vec<&'static str>>,
    seen: &'a mut Seen,
}

impl Test<'_> {
    fn note(&mut self, items: impl IntoIterator<Item = &'static str>) {
        for item in items {
            // What only a controller asks for says nothing of the gateway that answers.
            if self.role == Role::Mg && ["PIC_AUDIT", "PIC_AUDITCAP"].contains(&item) {
                continue;
            }
            let id = || self.id.to_owned();
            self.seen.items.entry(item).or_insert_with(id);
        }
    }

    fn message(&mut self, exchanged: &Exchanged, message: &Message<'_>) {
        let MessageBody::Transactions(transactions) = &message.body else {
            return;
        };
        for transaction in transactions {
            match (exchanged.sent, transaction) {
                (true, Transaction::Request(request)) if self.open.len() < OPEN_MAX => {
                    self.open.insert(request.id, asked(request));
                }
                (false, Transaction::Request(request)) if self.role == Role::Mgc => {
                    self.note(asked(request));
                }
                (false, Transaction::Reply(reply)) => self.reply(reply),
                (false, Transaction::Pending(_)) => self.note(["PIC_PEND"]),
                (true | false, _) => {}
            }
        }
    }

    fn reply(&mut self, reply: &TransactionReply<'_>) {
        if reply.segment.is_some() {
            self.note(["PIC_SEG"]);
        }
        let TransactionResult::Actions(actions) = &reply.result else {
            return;
        };
        self.packages(actions);
        if !actions.iter().any(failed) {
            let asked = self.open.remove(&reply.id).unwrap_or_default();
            self.note(asked);
        }
    }

    fn packages(&mut self, actions: &[ActionReply<'_>]) {
        for command in actions.iter().flat_map(|action| &action.commands) {
            for descriptor in returned(command) {
                if let AuditReturn::Packages(packages) = descriptor {
                    let names = packages.packages.iter();
                    let names = names.map(|package| package.name.to_string().to_lowercase());
                    self.seen.packages.extend(names);
                }
            }
        }
    }
}

/// The items whose features a request uses.
fn asked(request: &TransactionRequest<'_>) -> Vec<&'static str> {
    let mut items = Vec::new();
    for action in &request.actions {
        items.extend(action.properties.iter().filter_map(property));
        items.extend(action.commands.iter().flat_map(command));
        items.extend(wildcards(action));
    }
    items
}

fn property(property: &ContextProperty<'_>) -> Option<&'static str> {
    match property {
        ContextProperty::Topology(_) => Some("PIC_TOPO"),
        ContextProperty::Priority(_) => Some("PIC_PRIO"),
        ContextProperty::Emergency(_) => Some("PIC_EMERG"),
        ContextProperty::Ieps(_) => Some("PIC_IEPS"),
        ContextProperty::ContextList(_) => Some("PIC_CTXSEL"),
        ContextProperty::Properties(_) => None,
    }
}

fn wildcards(action: &ActionRequest<'_>) -> Option<&'static str> {
    let mut commands = action.commands.iter();
    commands
        .any(|command| command.wildcard_return)
        .then_some("PIC_WRESP")
}

fn command(request: &CommandRequest<'_>) -> Vec<&'static str> {
    match &request.command {
        Command::Move(_) => vec!["PIC_MOVE"],
        Command::Add(request) | Command::Modify(request) => {
            request.descriptors.iter().filter_map(descriptor).collect()
        }
        Command::AuditValue(_) => vec!["PIC_AUDIT"],
        Command::AuditCapability(_) => vec!["PIC_AUDITCAP"],
        Command::ServiceChange(change) => match change.services.method {
            ServiceChangeMethod::HandOff => vec!["PIC_HANDOFF"],
            ServiceChangeMethod::Restart
            | ServiceChangeMethod::Disconnected
            | ServiceChangeMethod::Failover
            | ServiceChangeMethod::Forced
            | ServiceChangeMethod::Graceful
            | ServiceChangeMethod::Extension(_) => Vec::new(),
        },
        Command::Subtract(_) | Command::Notify(_) => Vec::new(),
    }
}

fn descriptor(descriptor: &AmmDescriptor<'_>) -> Option<&'static str> {
    match descriptor {
        AmmDescriptor::Mux(_) => Some("PIC_MUX"),
        AmmDescriptor::EventBuffer(_) => Some("PIC_EVBUF"),
        AmmDescriptor::DigitMap(_) => Some("PIC_DM"),
        AmmDescriptor::Statistics(_) => Some("PIC_STATSEL"),
        AmmDescriptor::Media(_)
        | AmmDescriptor::Modem(_)
        | AmmDescriptor::Events(_)
        | AmmDescriptor::Signals(_)
        | AmmDescriptor::Audit(_) => None,
    }
}

fn returned<'a>(reply: &'a CommandReply<'a>) -> &'a [AuditReturn<'a>] {
    match reply {
        CommandReply::Add(reply)
        | CommandReply::Move(reply)
        | CommandReply::Modify(reply)
        | CommandReply::Subtract(reply)
        | CommandReply::AuditValue(AuditReply::Termination(reply))
        | CommandReply::AuditCapability(AuditReply::Termination(reply)) => &reply.descriptors,
        CommandReply::AuditValue(AuditReply::Context(_) | AuditReply::ContextError(_))
        | CommandReply::AuditCapability(AuditReply::Context(_) | AuditReply::ContextError(_))
        | CommandReply::Notify(_)
        | CommandReply::ServiceChange(_) => &[],
    }
}

fn failed(action: &ActionReply<'_>) -> bool {
    action.error.is_some() || action.commands.iter().any(refused)
}

fn refused(reply: &CommandReply<'_>) -> bool {
    let is_error = |descriptor: &AuditReturn<'_>| matches!(descriptor, AuditReturn::Error(_));
    match reply {
        CommandReply::AuditValue(AuditReply::ContextError(_))
        | CommandReply::AuditCapability(AuditReply::ContextError(_)) => true,
        CommandReply::Notify(reply) => reply.error.is_some(),
        CommandReply::ServiceChange(reply) => {
            matches!(reply.result, ServiceChangeResult::Error(_))
        }
        CommandReply::Add(_)
        | CommandReply::Move(_)
        | CommandReply::Modify(_)
        | CommandReply::Subtract(_)
        | CommandReply::AuditValue(_)
        | CommandReply::AuditCapability(_) => returned(reply).iter().any(is_error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{
        outcome::tests::{exchanged, outcome},
        verdict::{Status, Verdict},
    };

    fn seen(role: Role, messages: &[(bool, &str)]) -> Seen {
        let mut one = outcome("TP_MG_AD_BV_01", Status::Judged(Verdict::Pass));
        let messages = messages.iter();
        one.messages = messages
            .map(|(sent, body)| exchanged(*sent, &format!("MEGACO/3 [127.0.0.1]:2944 {body}")))
            .collect();
        Seen::of(role, &[one])
    }

    #[test]
    fn what_was_asked_for_and_not_refused_is_seen() {
        let asked = "Transaction=7{Context=2{Topology{a,b,Isolate},Move=a}}";
        let taken = seen(
            Role::Mg,
            &[(true, asked), (false, "Reply=7{Context=2{Move=a}}")],
        );
        assert!(taken.items.contains_key("PIC_MOVE") && taken.items.contains_key("PIC_TOPO"));
        for refusal in [
            "Reply=7{Context=2{Move=a{Error=443{}}}}",
            "Reply=7{Context=2{Error=444{}}}",
            "Reply=7{Error=501{}}",
            "Reply=8{Context=2{Move=a}}",
        ] {
            let refused = seen(Role::Mg, &[(true, asked), (false, refusal)]);
            assert!(refused.items.is_empty(), "{refusal}: {:?}", refused.items);
        }
    }

    #[test]
    fn what_a_controller_asks_for_it_has() {
        let audit = (
            false,
            "Transaction=7{Context=-{AuditValue=ROOT{Audit{Packages}}}}",
        );
        assert!(seen(Role::Mgc, &[audit]).items.contains_key("PIC_AUDIT"));
        let answer = (false, "Reply=7{Context=-{AuditValue=ROOT}}");
        assert!(seen(Role::Mg, &[(true, audit.1), answer]).items.is_empty());
    }

    #[test]
    fn packages_that_an_audit_names_are_seen() {
        let reply = "Reply=7{Context=-{AuditValue=ROOT{Packages{g-2,RTP-1}}}}";
        let seen = seen(Role::Mg, &[(false, reply)]);
        let packages: Vec<&str> = seen.packages.iter().map(String::as_str).collect();
        assert_eq!(packages, ["g", "rtp"]);
    }
}
