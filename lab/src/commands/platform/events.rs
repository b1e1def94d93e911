//! `h248 events`.

use lab::api::Place;
use serde_json::Value;

use super::{Platform, Trouble, words};
use crate::output::say;

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
    /// Prints each event as it comes, until the platform ends or Ctrl-C
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
    platform.open()?.tail(&place, print).await?;
    Ok(Vec::new())
}

/// When, what, and with whom.
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
    let cause = &event["cause"]["text"];
    let told = told.chain([cause]).filter(|value| !value.is_null());
    told.map(words).collect::<Vec<_>>().join(" ")
}
