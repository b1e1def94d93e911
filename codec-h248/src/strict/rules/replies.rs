//! Values as a gateway tells them (H.248.1 7.1.1, 7.1.8).

use super::{Concern, table::*};
use crate::{
    ContextId, ParmValue, PropertyParm, TerminationId, Value,
    descriptor::{ObservedEvent, SessionDescription},
    strict::walk::{CommandKind, Walk},
};

pub(super) struct Replies;

impl Concern for Replies {
    fn properties(&self, walk: &mut Walk<'_>, properties: &[PropertyParm<'_>]) {
        for property in properties {
            told(walk, &property.value);
        }
    }

    fn observed_event(&self, walk: &mut Walk<'_>, event: &ObservedEvent<'_>) {
        for parameter in &event.parameters {
            told(walk, &parameter.value);
        }
    }

    fn session_description(&self, walk: &mut Walk<'_>, description: &SessionDescription<'_>) {
        let tells = walk.in_reply() && !walk.in_capabilities();
        if tells && description.lines().any(chooses) {
            walk.departs(&CHOOSE_DESCRIPTION_IN_REPLY, "CHOOSE in a description");
        }
    }
}

/// Whether what is here is as it is: not what may be, nor what several things are together.
fn tells_one(walk: &Walk<'_>) -> bool {
    (walk.in_reply() || walk.in_command(CommandKind::Notify))
        && !walk.in_capabilities()
        && !walk.terminations().iter().any(TerminationId::has_all)
        && walk.context() != Some(ContextId::All)
}

fn told(walk: &mut Walk<'_>, value: &ParmValue<'_>) {
    if !tells_one(walk) {
        return;
    }
    let one = match value {
        ParmValue::Equal(one) => {
            if one.is_choose() {
                walk.departs(&CHOOSE_VALUE_IN_REPLY, "CHOOSE as a value");
            }
            true
        }
        ParmValue::AllOf(all) => {
            if all.iter().any(Value::is_choose) {
                walk.departs(&CHOOSE_VALUE_IN_REPLY, "CHOOSE as a value");
            }
            true
        }
        ParmValue::OneOf(values) => values.len() < 2,
        ParmValue::NotEqual(_)
        | ParmValue::Greater(_)
        | ParmValue::Less(_)
        | ParmValue::Range(..) => false,
    };
    if !one {
        walk.departs(&SEVERAL_IN_REPLY, "several values, or a range or relation");
    }
}

/// Whether a line of a description has CHOOSE for one of its values. In lines that are free text,
/// `$` is text.
fn chooses(line: &[u8]) -> bool {
    let [b'b' | b'c' | b'm' | b'o' | b't', b'=', values @ ..] = line else {
        return false;
    };
    let mut values = values.split(|&octet| octet == b' ');
    values.any(|value| value == b"$")
}
