//! Replies in segments, put together (H.248.1 8.2.3 and D.1.3).

use std::collections::BTreeMap;

use serde_json::Value;

use super::exchange::Side;

/// Replies whose segments are not all there yet; more are given up.
const OPEN_MAX: usize = 1_024;

#[derive(Debug, Default)]
pub(super) struct Segments {
    open: BTreeMap<(Side, u64), Parts>,
}

#[derive(Debug, Default)]
struct Parts {
    parts: BTreeMap<u64, Value>,
    last: Option<u64>,
}

impl Segments {
    /// Takes a transaction: what is no segment comes back at once, the reply with its last segment, and what
    /// says that a segment came is between the two ends and not part of what they say.
    pub(super) fn push(&mut self, by: Side, mut one: Value) -> Option<Value> {
        if one.get("segmentReply").is_some() {
            return None;
        }
        let reply = one
            .get_mut("transactionReply")
            .and_then(Value::as_object_mut);
        let Some(segment) = reply.and_then(|reply| reply.remove("segment")) else {
            return Some(one);
        };
        let id = one["transactionReply"]["transactionId"].as_u64()?;
        let number = segment["segmentNumber"].as_u64()?;
        if self.open.len() >= OPEN_MAX {
            self.open.clear();
        }
        let parts = self.open.entry((by, id)).or_default();
        if segment["segmentationComplete"] == Value::Bool(true) {
            parts.last = Some(number);
        }
        parts.parts.insert(number, one);
        if parts.last != Some(parts.parts.len() as u64) {
            return None;
        }
        let parts = self.open.remove(&(by, id))?;
        parts.parts.into_values().reduce(join)
    }
}

/// Two segments as one reply; an action that was cut goes on in the second.
fn join(mut one: Value, mut other: Value) -> Value {
    let Some(mut more) = actions(&mut other).map(std::mem::take) else {
        return one;
    };
    let Some(actions) = actions(&mut one) else {
        return one;
    };
    let same = match (actions.last(), more.first()) {
        (Some(last), Some(first)) => last["contextId"] == first["contextId"],
        (None | Some(_), _) => false,
    };
    if same
        && let Some(last) = actions
            .last_mut()
            .and_then(|last| last["commandReply"].as_array_mut())
    {
        let first = more.remove(0);
        last.extend(
            first["commandReply"]
                .as_array()
                .into_iter()
                .flatten()
                .cloned(),
        );
    }
    actions.append(&mut more);
    one
}

fn actions(one: &mut Value) -> Option<&mut Vec<Value>> {
    one.get_mut("transactionReply")?
        .get_mut("transactionResult")?
        .get_mut("actionReplies")?
        .as_array_mut()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn part(number: u64, last: bool, names: &[&str]) -> Value {
        let commands: Vec<Value> = names.iter().map(|name| json!({"x": name})).collect();
        json!({"transactionReply": {
            "transactionId": 7,
            "segment": {"segmentNumber": number, "segmentationComplete": last},
            "transactionResult": {"actionReplies": [{"contextId": "-", "commandReply": commands}]},
        }})
    }

    #[test]
    fn segments_in_any_order_are_one_reply_in_order() {
        let mut segments = Segments::default();
        assert_eq!(segments.push(Side::Mg, part(2, true, &["b"])), None);
        let whole = segments.push(Side::Mg, part(1, false, &["a"])).unwrap();
        let result = &whole["transactionReply"]["transactionResult"]["actionReplies"];
        let expected = json!([{"contextId": "-", "commandReply": [{"x": "a"}, {"x": "b"}]}]);
        assert_eq!(*result, expected);
        assert_eq!(whole["transactionReply"].get("segment"), None);
    }
}
