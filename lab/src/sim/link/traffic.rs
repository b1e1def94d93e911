//! What the programs say to each other: real messages, each with the number of its transaction of
//! the run in the place of the Context, so that a mix-up is seen.

use codec_h248::{
    ActionReply, ActionRequest, CommandReply, ContextId, IntoBoundedStatic, Limits, List,
    MessageBody, Transaction, TransactionResult, list,
};

use crate::sim::Side;

/// Where the number goes.
const ANY: &str = "1";

/// Requests with their replies. The last has a session description each way, and is rare.
const PAIRS: [(&str, &str); 4] = [
    ("AuditValue=rtp/1{Audit{}}", "AuditValue=rtp/1"),
    (
        "Modify=rtp/1{Media{LocalControl{Mode=SendReceive}}}",
        "Modify=rtp/1",
    ),
    ("Subtract=rtp/1{Audit{}}", "Subtract=rtp/1"),
    (
        "Add=rtp/1{Media{Stream=1{LocalControl{Mode=SendReceive},Local{v=0\nc=IN IP4 192.0.2.1\n\
         m=audio 20000 RTP/AVP 0\n},Remote{v=0\nc=IN IP4 192.0.2.2\nm=audio 30000 RTP/AVP 0 8\n}}}}",
        "Add=rtp/1{Media{Stream=1{Local{v=0\nc=IN IP4 192.0.2.1\nm=audio 20000 RTP/AVP 0\n}}}}",
    ),
];
/// One of so many requests is the last.
const LARGE_EVERY: u32 = 8;

/// Everything that is said.
#[derive(Debug)]
pub(super) struct Traffic {
    pairs: Vec<(ActionRequest<'static>, ActionReply<'static>)>,
    registrations: [ActionRequest<'static>; 2],
    registered: ActionReply<'static>,
}

impl Traffic {
    pub(super) fn new() -> Self {
        let services = |method: &str, reason: &str| {
            let change =
                format!("ServiceChange=ROOT{{Services{{Method={method},Reason={reason}}}}}");
            request(&change, "-")
        };
        Self {
            pairs: PAIRS
                .map(|(asked, answered)| (request(asked, ANY), reply(answered, ANY)))
                .into(),
            registrations: [
                services("Restart", "\"901 Cold Boot\""),
                services("Handoff", "\"903 MGC Directed Change\""),
            ],
            registered: reply("ServiceChange=ROOT{Services{Version=3}}", "-"),
        }
    }

    fn pair(&self, number: u32) -> &(ActionRequest<'static>, ActionReply<'static>) {
        let large = self.pairs.len() - 1;
        if number.is_multiple_of(LARGE_EVERY) {
            &self.pairs[large]
        } else {
            &self.pairs[number as usize % large]
        }
    }

    /// What is asked in a transaction.
    pub(super) fn request(&self, number: u32) -> List<ActionRequest<'static>> {
        let mut action = self.pair(number).0.clone();
        action.context = ContextId::Id(number);
        list![action]
    }

    /// What is answered in it.
    pub(super) fn reply(&self, number: u32) -> TransactionResult<'static> {
        let mut action = self.pair(number).1.clone();
        action.context = ContextId::Id(number);
        TransactionResult::Actions(list![action])
    }

    /// What a side says first: the gateway registers, the controller tells it to.
    pub(super) fn registration(&self, side: Side) -> List<ActionRequest<'static>> {
        let [gateway, controller] = &self.registrations;
        let action = match side {
            Side::Gateway => gateway,
            Side::Controller => controller,
        };
        list![action.clone()]
    }

    /// What is answered to that.
    pub(super) fn registered(&self) -> TransactionResult<'static> {
        TransactionResult::Actions(list![self.registered.clone()])
    }

    /// What has come: a registration, a request of the run, or something that nobody asked.
    pub(super) fn read(&self, actions: &[ActionRequest<'_>]) -> Asked {
        let [action] = actions else {
            return Asked::Garbled;
        };
        let is = |said: &ActionRequest<'_>| said.commands == action.commands;
        match action.context {
            ContextId::Null if self.registrations.iter().any(is) => Asked::Registration,
            ContextId::Id(number) if is(&self.pair(number).0) => Asked::Number(number),
            ContextId::Null | ContextId::Id(_) | ContextId::Choose | ContextId::All => {
                Asked::Garbled
            }
        }
    }

    /// How a transaction was answered.
    pub(super) fn read_reply(&self, number: u32, result: &TransactionResult<'_>) -> Answered {
        let TransactionResult::Actions(actions) = result else {
            return Answered::Refused;
        };
        let commands: &List<CommandReply<'_>> = &self.pair(number).1.commands;
        match &actions[..] {
            [action] if action.context == ContextId::Id(number) && action.commands == *commands => {
                Answered::Rightly
            }
            _ => Answered::Wrongly,
        }
    }
}

/// What a request is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Asked {
    Registration,
    Number(u32),
    Garbled,
}

/// What a reply is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Answered {
    /// What the other program has answered.
    Rightly,
    /// An error of the link itself.
    Refused,
    /// Something else.
    Wrongly,
}

fn request(command: &str, context: &str) -> ActionRequest<'static> {
    let said = transaction(&format!("Transaction=1{{Context={context}{{{command}}}}}"));
    match said {
        Transaction::Request(mut request) => request.actions.pop(),
        Transaction::Reply(_)
        | Transaction::Pending(_)
        | Transaction::ResponseAck(_)
        | Transaction::SegmentReply(_) => None,
    }
    .expect("a request has an action")
}

fn reply(command: &str, context: &str) -> ActionReply<'static> {
    let said = transaction(&format!("Reply=1{{Context={context}{{{command}}}}}"));
    match said {
        Transaction::Reply(reply) => match reply.result {
            TransactionResult::Actions(mut actions) => actions.pop(),
            TransactionResult::Error(_) => None,
        },
        Transaction::Request(_)
        | Transaction::Pending(_)
        | Transaction::ResponseAck(_)
        | Transaction::SegmentReply(_) => None,
    }
    .expect("a reply has an action")
}

fn transaction(text: &str) -> Transaction<'static> {
    let text = format!("MEGACO/1 here {text}");
    let message = codec_h248::decode(text.as_bytes(), &Limits::default());
    let body = message.expect("what is said here can be read").body;
    match body {
        MessageBody::Transactions(mut transactions) => transactions.pop(),
        MessageBody::Error(_) => None,
    }
    .expect("a message has a transaction")
    .into_static()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_known_again_by_its_number() {
        let traffic = Traffic::new();
        for number in 1..=2 * LARGE_EVERY {
            assert_eq!(
                traffic.read(&traffic.request(number)),
                Asked::Number(number)
            );
            let answer = |to| traffic.read_reply(number, &traffic.reply(to));
            assert_eq!(answer(number), Answered::Rightly);
            assert_eq!(answer(number + 1), Answered::Wrongly);
        }
    }

    #[test]
    fn a_request_with_the_commands_of_another_is_garbled() {
        let traffic = Traffic::new();
        let mut request = traffic.request(LARGE_EVERY);
        request[0].context = ContextId::Id(LARGE_EVERY + 1);
        assert_eq!(traffic.read(&request), Asked::Garbled);
        for side in [Side::Gateway, Side::Controller] {
            assert_eq!(
                traffic.read(&traffic.registration(side)),
                Asked::Registration
            );
        }
    }
}
