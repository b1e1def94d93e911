//! `h248 events`.

use std::time::Duration;

use lab::api::Place;
use serde_json::Value;

use super::{Platform, Trouble, words};
use crate::output::{is_read, lost, say};

/// The pause between two looks whether somebody reads.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What to do with events.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    platform: Platform,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Prints each event as it comes, until the platform or the reader ends, or Ctrl-C
    Tail {
        /// Only those about this Call
        #[arg(long)]
        call: Option<String>,
        /// Only those of these types, with commas between them
        #[arg(long = "type")]
        kind: Option<String>,
        /// From behind this event's id or number; 0 for all that are held
        #[arg(long)]
        from: Option<String>,
    },
}

/// Does it.
pub(crate) async fn run(arguments: Arguments) -> Result<Vec<String>, Trouble> {
    let Arguments { platform, verb } = arguments;
    let Verb::Tail { call, kind, from } = verb;
    let place = Place {
        path: vec!["events"],
        query: vec![
            ("call", call.as_deref()),
            ("type", kind.as_deref()),
            ("lastEventId", from.as_deref()),
        ],
    };
    let print = |event: &Value| {
        if platform.json {
            say!("{event}");
        } else {
            say!("{}", line(event));
        }
    };
    let api = platform.open()?;
    tokio::select! {
        ended = api.tail(&place, print) => ended?,
        () = nobody_reads() => {}
    }
    Ok(Vec::new())
}

/// Waits until nobody reads what is printed, or it cannot be written; both are seen without another event, too.
async fn nobody_reads() {
    while is_read() && lost().is_none() {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// When, what, and with whom; the file, where one was recorded, and why.
fn line(event: &Value) -> String {
    let told = [
        "time",
        "type",
        "event",
        "leg",
        "seg",
        "call",
        "operation",
        "gateway",
    ];
    let told = told.iter().map(|name| &event[name]);
    let told = told.filter(|value| !value.is_null()).map(words);
    let told = told.chain(recording(event)).chain(cause(event));
    told.collect::<Vec<_>>().join(" ")
}

fn recording(event: &Value) -> Option<String> {
    let recording = event["recording"].as_object()?;
    let [file, long] = ["file", "durationMs"].map(|name| recording.get(name).map(words));
    Some(format!("{} {} ms", file?, long?))
}

fn cause(event: &Value) -> Option<String> {
    let cause = event["cause"].as_object()?;
    let [code, text] = ["code", "text"].map(|name| cause.get(name).map(words));
    Some(format!("{}: {}", code?, text?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_recording_is_told_with_its_file_or_with_why_there_is_none() {
        let mut event = json!({
            "id": "evt_e_3", "time": "then", "type": "RecordingEnded", "call": "call_1",
            "seg": "seg_1", "leg": null, "operation": "op_1", "event": null,
            "recording": {"file": "meeting.opus", "durationMs": 1_500}, "cause": null,
        });
        assert_eq!(
            line(&event),
            "then RecordingEnded seg_1 call_1 op_1 meeting.opus 1500 ms"
        );
        event["recording"] = Value::Null;
        event["cause"] = json!({"code": "wait.timeout", "text": "it took too long"});
        assert_eq!(
            line(&event),
            "then RecordingEnded seg_1 call_1 op_1 wait.timeout: it took too long"
        );
    }
}
