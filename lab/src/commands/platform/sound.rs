//! What is to be played, at the command line.

use clap::ArgGroup;
use serde_json::Value;

use super::body;

/// What is to be played.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("sound").args(["announcement", "tone"]).required(true)))]
pub(crate) struct Sound {
    /// An announcement: its name, or its number at the gateway
    #[arg(long)]
    announcement: Option<String>,
    /// How often the announcement is played
    #[arg(long)]
    cycles: Option<u16>,
    /// A tone as package/signal, such as cg/dt
    #[arg(long)]
    tone: Option<String>,
    /// It ends after so many milliseconds at the latest
    #[arg(long)]
    duration_ms: Option<u32>,
}

impl Sound {
    /// The body of the request.
    pub(super) fn body(self) -> Option<Value> {
        let announcement = self.announcement.map(|text| match text.parse::<u32>() {
            Ok(number) => number.into(),
            Err(_) => text.into(),
        });
        body([
            ("announcement", announcement),
            ("cycles", self.cycles.map(Into::into)),
            ("tone", self.tone.map(Into::into)),
            ("durationMs", self.duration_ms.map(Into::into)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        sound: Sound,
    }

    #[test]
    fn who_says_nothing_to_play_is_told_of_both_and_none_says_both() {
        let told = Line::try_parse_from(["play"]).unwrap_err().to_string();
        assert!(told.contains("--announcement <"), "{told}");
        assert!(told.contains("--tone <"), "{told}");
        let both = ["play", "--announcement", "welcome", "--tone", "cg/dt"];
        assert!(Line::try_parse_from(both).is_err());
        assert!(Line::try_parse_from(&both[..3]).is_ok());
    }

    #[test]
    fn an_announcement_is_a_number_where_it_is_one_and_else_a_name() {
        for (text, expected) in [("21", json!(21)), ("welcome", json!("welcome"))] {
            let sound = Sound {
                announcement: Some(text.to_owned()),
                cycles: Some(2),
                tone: None,
                duration_ms: None,
            };
            let expected = json!({"announcement": expected, "cycles": 2});
            assert_eq!(sound.body(), Some(expected));
        }
    }
}
