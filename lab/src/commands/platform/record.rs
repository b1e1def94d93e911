//! What is to be recorded, at the command line.

use serde_json::Value;

/// What is to be recorded.
#[derive(Debug, clap::Args)]
pub(crate) struct Tape {
    /// The file's name, such as meeting.wav or meeting.opus
    name: String,
    /// It ends after so many milliseconds
    #[arg(long)]
    limit_ms: Option<u32>,
}

impl Tape {
    /// The members of the request's body.
    pub(super) fn members(self) -> [(&'static str, Option<Value>); 2] {
        [
            ("name", Some(self.name.into())),
            ("limitMs", self.limit_ms.map(Into::into)),
        ]
    }
}
