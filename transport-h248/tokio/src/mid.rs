//! An MId as the command line and the API name it.

use std::str::FromStr;

use codec_h248::{IntoBoundedStatic as _, MId, peek};
use serde::Deserialize;

/// A name as H.248 text writes it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub struct Mid(pub MId<'static>);

/// A name that is none.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("expected [IP]:PORT, <DOMAIN>:PORT or a device name")]
pub struct MidError;

impl FromStr for Mid {
    type Err = MidError;

    fn from_str(name: &str) -> Result<Self, MidError> {
        // The codec knows names where they stand in a message.
        let header = format!("MEGACO/1 {name} ");
        let mid = peek(header.as_bytes()).mid.ok_or(MidError)?;
        let mid = mid.into_static();
        if mid.to_string() == name {
            Ok(Self(mid))
        } else {
            Err(MidError)
        }
    }
}

impl TryFrom<String> for Mid {
    type Error = MidError;

    fn try_from(name: String) -> Result<Self, MidError> {
        name.parse()
    }
}
