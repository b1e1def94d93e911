//! The postamble (catalogue, section 2 rule 10): brings a gateway back that nothing starts anew before the next purpose.

use std::collections::BTreeSet;

use codec_h248::{
    ActionReply, CommandReply, ContextId, Message, MessageBody, Transaction, TransactionResult,
};

use super::decoded::Decoder;
use crate::scenario::{self, Exchanged, Outcome, Script, ScriptError, Verdict};

/// The state that its steps are told under.
pub const STATE: &str = "postamble";
/// How S1 is reached where a gateway is still registered: nothing makes it register once more.
pub const STILL: &str = "title: registered before, no Context\ngiven: S0\n\
     send: Context=- {AuditValue=ROOT {Audit {}}}\nreply with: Context=- {AuditValue=ROOT}\n";
/// Contexts that are taken away one by one; what is above is left, and told.
const CONTEXTS_MAX: usize = 1_000;
/// ROOT reports nothing any more.
const ROOT: &str = "send: Context=- {Modify=ROOT {Events}}\nreply: Context=- {Modify=ROOT}\n";
/// Provisioned Terminations are in service, and have nothing armed and no signal.
const PHYSICAL: &str = "send: Context=- {ServiceChange=@PX_PHYS_GROUP {Services \
     {Method=Restart, Reason=\"900 Service Restored\"}}}\nanswered\nlacks: ER=\n\
     send: Context=- {Modify=@PX_PHYS_GROUP {Events, Signals}}\nanswered\nlacks: ER=\n";
/// No Context is there, whoever has made it.
const CHECK: &str = "send: Context=* {AuditValue=ROOT {Audit {}}}\ncontext-list after\n";

/// What is to be done behind a purpose.
#[derive(Debug)]
pub struct Postamble {
    /// The steps.
    pub script: Script,
    /// The first line of the check.
    check: usize,
}

impl Postamble {
    /// Takes away these Contexts, or all of them where the PIXIT allows to touch all.
    ///
    /// # Errors
    ///
    /// Never, as the steps are.
    pub fn new(made: &BTreeSet<u32>, all: bool, physical: bool) -> Result<Self, ScriptError> {
        let subtract = |context: &str| {
            format!("send: Context={context} {{Subtract=* {{Audit {{}}}}}}\nanswered\n")
        };
        let mut text = "given: none\n".to_owned();
        if all {
            text.push_str(&subtract("*"));
        } else {
            let made = made.iter().take(CONTEXTS_MAX);
            text.extend(made.map(|context| subtract(&context.to_string())));
        }
        text.push_str(ROOT);
        if physical {
            text.push_str(PHYSICAL);
        }
        let check = text.lines().count() + 1;
        text.push_str(CHECK);
        let script = scenario::parse(&text, 1)?;
        Ok(Self { script, check })
    }

    /// Whether the gateway is as the next purpose wants it; otherwise a sentence for each thing that is not.
    pub fn judge(&self, outcome: &Outcome) -> (bool, Vec<String>) {
        let differences = outcome.differences.iter();
        let mut told: Vec<String> = differences
            .clone()
            .map(|one| format!("postamble: {}", one.told))
            .collect();
        let checked = differences.clone().all(|one| one.line < self.check);
        let ended = matches!(outcome.verdict, Verdict::Inconc | Verdict::Error);
        if ended {
            told.push(format!("postamble: {}", outcome.reason));
        }
        (checked && !ended, told)
    }
}

/// The Contexts in which the gateway has carried out an Add or a Move.
pub fn made(messages: &[Exchanged]) -> BTreeSet<u32> {
    let decoder = Decoder::default();
    let mut made = BTreeSet::new();
    for one in messages.iter().filter(|one| !one.sent) {
        if let Ok(message) = decoder.message(&one.octets) {
            made.extend(actions(&message).filter_map(filled));
        }
    }
    made
}

/// The Context of an action that has put a Termination there.
fn filled(action: &ActionReply<'_>) -> Option<u32> {
    let ContextId::Id(number) = action.context else {
        return None;
    };
    let puts = |command: &CommandReply<'_>| {
        matches!(command, CommandReply::Add(_) | CommandReply::Move(_))
    };
    action.commands.iter().any(puts).then_some(number)
}

fn actions<'m>(message: &'m Message<'_>) -> impl Iterator<Item = &'m ActionReply<'m>> {
    let transactions = match &message.body {
        MessageBody::Transactions(transactions) => transactions.as_slice(),
        MessageBody::Error(_) => &[],
    };
    let replies = transactions.iter().filter_map(|one| match one {
        Transaction::Reply(reply) => Some(&reply.result),
        Transaction::Request(_)
        | Transaction::Pending(_)
        | Transaction::ResponseAck(_)
        | Transaction::SegmentReply(_) => None,
    });
    replies.flat_map(|result| match result {
        TransactionResult::Actions(actions) => actions.as_slice(),
        TransactionResult::Error(_) => &[],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Difference;

    fn received(text: &str) -> Exchanged {
        #[expect(clippy::disallowed_methods, reason = "any time will do")]
        let at = std::time::Instant::now();
        Exchanged {
            at,
            place: "mgc1".into(),
            sent: false,
            octets: text.as_bytes().to_vec(),
            line: 1,
        }
    }

    #[test]
    fn what_add_and_move_have_filled_is_found_and_nothing_else() {
        let messages = [
            "MEGACO/3 [127.0.0.1] Reply=1{Context=5{Add=rtp/1}}",
            "MEGACO/3 [127.0.0.1] Reply=2{Context=6{AuditValue=rtp/2},Context=7{Move=rtp/1}}",
            "MEGACO/3 [127.0.0.1] Reply=3{Context=-{AuditValue=ROOT}}",
            "what is no message",
        ];
        let messages = messages.map(received);
        assert_eq!(made(&messages), [5, 7].into());
        let sent = messages.map(|one| Exchanged { sent: true, ..one });
        assert_eq!(made(&sent), BTreeSet::new());
    }

    #[test]
    fn contexts_go_one_by_one_unless_all_may_be_touched() {
        let said = |all, physical| {
            let postamble = Postamble::new(&[5, 7].into(), all, physical).unwrap();
            let steps = postamble.script.steps.iter();
            let bodies: Vec<_> = steps.map(|step| step.body.clone()).collect();
            bodies.join("|")
        };
        let one = said(false, false);
        assert!(one.contains("Context=5 {Subtract=* {Audit {}}}|") && one.contains("Context=7 {S"));
        assert!(!one.contains("Context=* {Subtract") && !one.contains("PX_PHYS_GROUP"));
        let all = said(true, true);
        assert!(all.contains("Context=* {Subtract=* {Audit {}}}") && !all.contains("Context=5"));
        assert!(all.contains("Method=Restart") && all.contains("{Events, Signals}"));
    }

    #[test]
    fn what_is_left_is_told_and_a_context_that_is_there_means_a_new_registration() {
        let postamble = Postamble::new(&[5].into(), false, false).unwrap();
        let difference = |line, told: &str| Outcome {
            differences: vec![Difference {
                line,
                told: told.to_owned(),
            }],
            verdict: Verdict::Fail,
            ..Outcome::default()
        };
        assert_eq!(postamble.judge(&Outcome::default()), (true, Vec::new()));
        let root = postamble.judge(&difference(4, "501"));
        assert_eq!(root, (true, vec!["postamble: 501".to_owned()]));
        let left = postamble.judge(&difference(postamble.check + 1, "Contexts have come to be"));
        assert!(!left.0, "{left:?}");
        let silent = Outcome {
            verdict: Verdict::Inconc,
            reason: "mgc1 cannot send".to_owned(),
            ..Outcome::default()
        };
        let told = vec!["postamble: mgc1 cannot send".to_owned()];
        assert_eq!(postamble.judge(&silent), (false, told));
    }
}
