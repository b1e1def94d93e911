//! The ladder of one test, with its steps between the messages.

use maud::{Markup, PreEscaped};

use crate::{
    conform::{
        outcome::{Exchanged, Outcome},
        purpose::Role,
        verdict::Verdict,
    },
    ladder::{Drawing, Seen, Side, Tone},
};

/// The messages and steps of a test as a ladder.
pub(super) fn ladder(role: Role, outcome: &Outcome) -> Markup {
    let mut drawing = Drawing::new(&outcome.purpose.id);
    introduce(&mut drawing, role, &outcome.messages);
    let steps = outcome.steps.iter().filter(|step| step.is_told());
    let mut steps = steps.peekable();
    for (at, message) in outcome.messages.iter().enumerate() {
        while let Some(step) = steps.next_if(|step| step.messages <= at) {
            drawing.note(step.at, &step.shown(), Tone::Plain);
        }
        drawing.message(seen(message));
    }
    for step in steps {
        drawing.note(step.at, &step.shown(), Tone::Plain);
    }
    drawing.end();
    if let Some(verdict) = outcome.verdict() {
        let tone = match verdict {
            Verdict::Pass => Tone::Good,
            Verdict::None | Verdict::Inconc | Verdict::Fail | Verdict::Error => Tone::Bad,
        };
        let text = format!("{verdict}  {}", outcome.reason);
        drawing.note(outcome.began + outcome.took, text.trim_end(), tone);
    }
    PreEscaped(drawing.html())
}

/// Says who is who; what else takes part tells by what it says.
fn introduce(drawing: &mut Drawing, role: Role, messages: &[Exchanged]) {
    let (ours, theirs) = match role {
        Role::Mg => (Side::Controller, Side::Gateway),
        Role::Mgc => (Side::Gateway, Side::Controller),
    };
    if let Some(first) = messages.first() {
        drawing.peer(first.local, ours, "tool");
        drawing.peer(first.peer.socket, theirs, "IUT");
    }
}

fn seen(message: &Exchanged) -> Seen<'_> {
    let (local, peer) = (message.local, message.peer.socket);
    let (from, to) = match message.sent {
        true => (local, peer),
        false => (peer, local),
    };
    Seen::new(message.at, from, to, &message.octets)
}
