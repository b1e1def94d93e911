//! The ServiceChange descriptor, `Services` in text (H.248.1 7.1.13, 7.2.8).

use std::borrow::Cow;

use bounded_static::ToStatic;

use super::{AuditItem, NonStandardData};
use crate::{MId, Name, ParmValue, TimeStamp, Value, unordered::same_entries};

/// What changes, as a request says it.
#[derive(Clone, Debug, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceChangeDescriptor<'a> {
    /// The kind of change.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeMethod"))]
    pub method: ServiceChangeMethod<'a>,
    /// A code of H.248.8 with text, such as `901 Cold Boot`.
    #[cfg_attr(feature = "serde", serde(rename = "serviceChangeReason"))]
    pub reason: Value<'a>,
    /// Seconds until it holds.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "serviceChangeDelay", skip_serializing_if = "Option::is_none")
    )]
    pub delay_s: Option<u32>,
    /// Where requests are to go.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeAddress",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub address: Option<ServiceChangeAddress<'a>>,
    /// The profile spoken.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeProfile",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub profile: Option<ServiceChangeProfile<'a>>,
    /// The highest version spoken.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeVersion",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub version: Option<u8>,
    /// The controller to try.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "serviceChangeMgcId", skip_serializing_if = "Option::is_none")
    )]
    pub mgc_id: Option<MId<'a>>,
    /// When it was sent.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub time_stamp: Option<TimeStamp>,
    /// `ServiceChangeInc`: more will follow (version 3).
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeIncompleteFlag",
            default,
            skip_serializing_if = "std::ops::Not::not"
        )
    )]
    pub incomplete: bool,
    /// Which items the change is about (version 2).
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeInfo",
            default,
            skip_serializing_if = "Vec::is_empty"
        )
    )]
    pub info: Vec<AuditItem<'a>>,
    /// `X-…` and `X+…` parameters.
    #[cfg_attr(
        feature = "serde",
        serde(
            default,
            skip_serializing_if = "Vec::is_empty",
            with = "crate::json::extensions"
        )
    )]
    #[cfg_attr(feature = "schema", schemars(!default, with = "Option<Vec<crate::json::Extension>>"))]
    pub extensions: Vec<(Cow<'a, str>, ParmValue<'a>)>,
    /// What only binary can say.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "nonStandardData", skip_serializing_if = "Option::is_none")
    )]
    pub non_standard: Option<Box<NonStandardData<'a>>>,
}

impl PartialEq for ServiceChangeDescriptor<'_> {
    /// The order of `info` says nothing.
    fn eq(&self, other: &Self) -> bool {
        self.method == other.method
            && self.reason == other.reason
            && self.delay_s == other.delay_s
            && self.address == other.address
            && self.profile == other.profile
            && self.version == other.version
            && self.mgc_id == other.mgc_id
            && self.time_stamp == other.time_stamp
            && self.incomplete == other.incomplete
            && same_entries(&self.info, &other.info)
            && self.extensions == other.extensions
            && self.non_standard == other.non_standard
    }
}

impl Eq for ServiceChangeDescriptor<'_> {}

impl<'a> ServiceChangeDescriptor<'a> {
    /// A change with method and reason alone.
    pub fn new(method: ServiceChangeMethod<'a>, reason: Value<'a>) -> Self {
        Self {
            method,
            reason,
            delay_s: None,
            address: None,
            profile: None,
            version: None,
            mgc_id: None,
            time_stamp: None,
            incomplete: false,
            info: Vec::new(),
            extensions: Vec::new(),
            non_standard: None,
        }
    }

    /// The code that the reason begins with, where it has one (H.248.8).
    pub fn reason_code(&self) -> Option<u16> {
        let digits = self
            .reason
            .text
            .split(|c: char| !c.is_ascii_digit())
            .next()?;
        digits.parse().ok()
    }
}

/// The kind of a change.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "camelCase", bound(deserialize = "'de: 'a"))
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ServiceChangeMethod<'a> {
    /// Another entity takes over.
    Failover,
    /// Taken out of service at once.
    Forced,
    /// Taken out of service after a delay.
    Graceful,
    /// Put into service.
    Restart,
    /// Contact was lost and is restored.
    Disconnected,
    /// Another controller takes over.
    HandOff,
    /// `X-…` or `X+…`.
    #[cfg_attr(feature = "serde", serde(borrow))]
    Extension(Cow<'a, str>),
}

/// Where requests are to go: a port of the sender's address, or a whole address.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
pub enum ServiceChangeAddress<'a> {
    /// A port alone.
    Port(u16),
    /// An address.
    MId(MId<'a>),
}

/// A profile in a version: `name/version`.
#[derive(Clone, Debug, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceChangeProfile<'a> {
    /// Its name.
    #[cfg_attr(feature = "serde", serde(rename = "profileName"))]
    pub name: Name<'a>,
    /// Its version.
    pub version: u8,
}

/// What a reply says.
#[derive(Clone, Debug, Default, Eq, PartialEq, ToStatic)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(
        deny_unknown_fields,
        rename_all = "camelCase",
        bound(deserialize = "'de: 'a")
    )
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceChangeReplyDescriptor<'a> {
    /// Where requests are to go.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeAddress",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub address: Option<ServiceChangeAddress<'a>>,
    /// The controller to try.
    #[cfg_attr(
        feature = "serde",
        serde(rename = "serviceChangeMgcId", skip_serializing_if = "Option::is_none")
    )]
    pub mgc_id: Option<MId<'a>>,
    /// The profile to use.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeProfile",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub profile: Option<ServiceChangeProfile<'a>>,
    /// The version to use.
    #[cfg_attr(
        feature = "serde",
        serde(
            rename = "serviceChangeVersion",
            skip_serializing_if = "Option::is_none"
        )
    )]
    pub version: Option<u8>,
    /// When it was sent.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub time_stamp: Option<TimeStamp>,
}
