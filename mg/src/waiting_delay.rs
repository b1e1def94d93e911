//! How long a gateway may wait before its first registration.

use std::{str::FromStr, time::Duration};

use serde::Deserialize;

/// The maximum waiting delay (H.248.1 9.2).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Spelled")]
pub(crate) struct WaitingDelay(pub(crate) Duration);

impl WaitingDelay {
    /// As for a gateway with a trunk of 24 lines.
    pub(crate) const MEDIA_SERVER: Self = Self(Duration::from_millis(2_500));
}

/// A delay that is none.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("expected seconds up to 86400, residential, t1, t3 or media-server")]
pub(crate) struct WaitingDelayError;

impl FromStr for WaitingDelay {
    type Err = WaitingDelayError;

    fn from_str(text: &str) -> Result<Self, WaitingDelayError> {
        match text {
            "residential" => Ok(Self(Duration::from_secs(600))),
            "t1" => Ok(Self(Duration::from_millis(2_500))),
            "t3" => Ok(Self(Duration::from_millis(60))),
            "media-server" => Ok(Self::MEDIA_SERVER),
            seconds => {
                let seconds = seconds.parse::<f64>().ok();
                let seconds = seconds.filter(|seconds| (0.0..=86_400.0).contains(seconds));
                let delay = seconds.map(Duration::from_secs_f64);
                delay.map(Self).ok_or(WaitingDelayError)
            }
        }
    }
}

/// As a file spells it: a number, or a text as on the command line.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Spelled {
    Whole(u32),
    Seconds(f64),
    Text(String),
}

impl TryFrom<Spelled> for WaitingDelay {
    type Error = WaitingDelayError;

    fn try_from(spelled: Spelled) -> Result<Self, WaitingDelayError> {
        match spelled {
            Spelled::Whole(seconds) => seconds.to_string().parse(),
            Spelled::Seconds(seconds) => seconds.to_string().parse(),
            Spelled::Text(text) => text.parse(),
        }
    }
}
