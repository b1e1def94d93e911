//! The words of a Seg's rules and of a Leg's role.

use mgc_core::northbound;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What it takes for a Seg to stand.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "camelCase")]
pub(crate) enum Confirm {
    /// That the controller has reserved it: its Context is made by the first Leg that enters, and
    /// dies with the last.
    #[default]
    Reserved,
    /// That the media server has made its Context, which a Termination of nobody keeps open while
    /// it is empty.
    MediaServer,
}

impl TryFrom<String> for Confirm {
    type Error = &'static str;

    /// Takes the plain text only; serde alone would also take `{"reserved": null}`.
    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_str() {
            "reserved" => Ok(Self::Reserved),
            "mediaServer" => Ok(Self::MediaServer),
            _ => Err("expected `reserved` or `mediaServer`"),
        }
    }
}

impl From<Confirm> for northbound::Confirm {
    fn from(confirm: Confirm) -> Self {
        match confirm {
            Confirm::Reserved => Self::Reserved,
            Confirm::MediaServer => Self::MediaServer,
        }
    }
}

impl From<northbound::Confirm> for Confirm {
    fn from(confirm: northbound::Confirm) -> Self {
        match confirm {
            northbound::Confirm::Reserved => Self::Reserved,
            northbound::Confirm::MediaServer => Self::MediaServer,
        }
    }
}

/// What a Leg is in its Call.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(try_from = "String", rename_all = "camelCase")]
pub(crate) enum Role {
    /// One that hears its Seg and is heard there.
    #[default]
    Member,
    /// One that hears its Seg and is not heard, wherever it is moved. Only callers of scope
    /// `supervise` add one, and the Seg is told of as supervised.
    Supervisor,
}

impl TryFrom<String> for Role {
    type Error = &'static str;

    /// Takes the plain text only; serde alone would also take `{"member": null}`.
    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_str() {
            "member" => Ok(Self::Member),
            "supervisor" => Ok(Self::Supervisor),
            _ => Err("expected `member` or `supervisor`"),
        }
    }
}

impl From<Role> for northbound::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Member,
            Role::Supervisor => Self::Supervisor,
        }
    }
}

impl From<northbound::Role> for Role {
    fn from(role: northbound::Role) -> Self {
        match role {
            northbound::Role::Member => Self::Member,
            northbound::Role::Supervisor => Self::Supervisor,
        }
    }
}
